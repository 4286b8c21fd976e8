"""The law as values: acts through time, sources, and the regimes of a day. What they say together: `rules`.

Pure. An act file holds what is particular to one act; what depends on the date alone stands in the regimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, StringConstraints, field_validator, model_validator

from .model import Period, Slug, Text, Value, first_day, last_day

Confidence = Literal["strong", "derived", "page", "memory"]
Actor = Literal["pns", "cpns", "pppk", "ppnpn", "pejabat_asn", "petahana"]
Target = Literal["bakal_calon", "calon", "parpol", "diri_sendiri", "pasangan_suami_istri", "asn_lain"]
Stage = Literal[
    "pra_tahapan", "pendaftaran", "pra_penetapan", "pasca_penetapan", "kampanye", "masa_tenang",
    "pemungutan", "pasca_pemungutan", "penetapan_terpilih", "semua",
]  # fmt: skip
Channel = Literal[
    "medsos", "tatap_muka", "alat_peraga", "jabatan", "fasilitas_negara", "dokumen", "keanggotaan"
]
Track = Literal["kode_etik", "disiplin", "pidana", "administratif"]
Level = Literal["moral_tertutup", "moral_terbuka", "ringan", "sedang", "berat", "ptdh", "belum_terverifikasi"]
Verdict = Literal["dilarang", "belum_pasti", "boleh"]
Body = Literal["kasn", "bkn", "kemenpanrb", "bawaslu"]
Poll = Literal["pilkada", "pemilu"]
Reference = Annotated[str, StringConstraints(pattern=r"^S\d+[a-z]?$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Unit = Literal[
    "orang", "kasus", "laporan", "temuan", "temuan_dan_laporan", "rekomendasi", "berkas", "persen", "indeks",
    "daerah",
]  # fmt: skip
Funnel = Literal[
    "diduga", "dilaporkan", "diteruskan", "dihentikan", "terbukti", "tidak_terbukti", "tidak_lengkap",
    "direkomendasikan", "dijatuhi_sanksi", "belum_ditindaklanjuti", "dalam_proses", "diblokir", "dibuka",
    "survei", "rawan",
]  # fmt: skip
"""Where on the way from report to sanction a number stands; numbers of two places are never one."""

ACTORS: tuple[Actor, ...] = get_args(Actor)
_PNS_BY_CODE: tuple[Actor, ...] = ("pns", "cpns", "pejabat_asn")


class Citation(Value):
    """An article of a source; `confidence` is that of the claim «this article is its basis»."""

    source: Slug
    article: Text
    confidence: Confidence = "strong"


class Source(Value):
    """A legal instrument or a page of figures (`data/sources.yaml`), with the days it was in force.

    `start` is None where the sheet has no date: such a source is cited but never decides a day.
    """

    id: Slug
    title: Text
    short: Text | None = None
    subject: Text
    kind: Literal["instrumen", "statistik"] = "instrumen"
    start: str | None
    end: str | Literal["open"] = "open"
    status: Text
    confidence: Confidence
    references: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name a citation uses: «PP 94/2021»."""
        return self.short or self.title

    def in_force(self, day: date) -> bool:
        """Say whether the source was certainly in force on `day`."""
        if self.start is None:
            return True
        last = None if self.end == "open" else first_day(self.end)
        return last_day(self.start) <= day and (last is None or day <= last)


class Finding(Value):
    """What one track says: the level and its articles.

    `code` limits it to cases handled under that discipline code, `actors` to those persons. A level
    of None means that the law names none, `belum_terverifikasi` that nobody has verified one.
    """

    level: Level | None
    confidence: Confidence
    basis: tuple[Citation, ...] = Field(min_length=1)
    code: Slug | None = None
    actors: tuple[Actor, ...] = _PNS_BY_CODE
    sanctions: tuple[Text, ...] = ()
    caveats: tuple[Text, ...] = ()


class ActRuling(Value):
    """One track of a version. `track` is None where no source tells the track."""

    track: Track | None
    confidence: Confidence
    findings: tuple[Finding, ...] = Field(min_length=1)


class Version(Period):
    """The act during a stretch of days: who is addressed and what follows, or why it is silent."""

    silent: Text | None = None
    actors: tuple[Actor, ...] = ()
    confidence: Confidence = "strong"
    verdict: Verdict = "dilarang"
    basis: tuple[Citation, ...] = ()
    rulings: tuple[ActRuling, ...] = ()
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _silent_or_speaking(self) -> Self:
        if self.silent and (self.rulings or self.actors):
            raise ValueError("versi yang diam (silent) tidak boleh memuat actors atau rulings")
        if not self.silent and not self.actors:
            raise ValueError("versi harus memuat actors, atau silent dengan alasannya")
        if not self.silent and self.verdict == "dilarang" and not self.rulings:
            raise ValueError("versi dengan verdict dilarang harus memuat rulings")
        return self


class Act(Value):
    """What is particular to one act, through time (`data/rules/<id>.yaml`)."""

    id: Slug
    title: Text
    summary: Text
    target: tuple[Target, ...]
    stage: tuple[Stage, ...]
    channel: tuple[Channel, ...]
    aliases: tuple[Slug, ...] = ()
    continues: tuple[Slug, ...] = ()
    references: tuple[str, ...] = ()
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_touch(self) -> Self:
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            if before.last is None or (after.first - before.last).days != 1:
                raise ValueError(
                    f"versi mulai {after.start} harus tepat sehari sesudah versi sebelumnya berakhir "
                    f"({before.end}); isi jeda dengan versi silent"
                )
        return self

    def on(self, day: date) -> Version | None:
        """Return the version that holds `day`, or None before the first and after the last."""
        return next((version for version in self.versions if version.covers(day)), None)


class Regime(Period):
    """A source that rules during a period: a guide, a discipline code, the ASN law."""

    source: Slug
    caveat: Text | None = None


class Oversight(Period):
    """The bodies that handle a report during a period."""

    bodies: tuple[Body, ...]
    caveat: Text | None = None


class Transition(Value):
    """How cases pass from an older discipline code to a newer one (PP 94/2021 Pasal 40)."""

    before: Slug
    after: Slug
    decided_before: Text
    not_examined: Text
    examined_before: Text
    undated: Text
    alternative_before: Text
    alternative_after: Text
    decided_after: Text | None = None


class Sanctions(Value):
    """The kinds of sanction behind a level under a code or a track."""

    level: Level
    kinds: tuple[Text, ...] = Field(min_length=1)
    code: Slug | None = None
    track: Track | None = None
    caveat: Text | None = None


class Unbound(Value):
    """Actors whom the PNS codes do not bind, and what stands in their place."""

    actors: tuple[Actor, ...]
    basis: tuple[Citation, ...]
    caveat: Text


class Silence(Period):
    """Days without a joint guide, and why."""

    caveat: Text


class Criminal(Period):
    """The statutes that hold the penalties for acts of these days."""

    sources: tuple[Slug, ...] = Field(min_length=1)
    caveat: Text | None = None


class Regimes(Value):
    """Everything that depends on the date alone (`data/regimes.yaml`)."""

    format_version: Literal[1]
    guides: tuple[Regime, ...]
    asn_law: tuple[Regime, ...]
    discipline: tuple[Regime, ...]
    transitions: tuple[Transition, ...]
    oversight: tuple[Oversight, ...]
    sanctions: tuple[Sanctions, ...]
    unbound: tuple[Unbound, ...]
    silences: tuple[Silence, ...] = ()
    criminal: tuple[Criminal, ...] = ()


class Prohibition(Value):
    """A prohibition of a discipline code and the level its own articles attach; None: they name none."""

    id: Slug
    code: Slug
    article: Text
    text: Text
    level: Level | None
    sanction: Text | None
    confidence: Confidence = "strong"
    acts: tuple[Slug, ...] = ()
    caveats: tuple[Text, ...] = ()


class Change(Value):
    """What a newer code changed, in words to teach from."""

    id: Slug
    text: Text
    before: Text
    after: Text
    confidence: Confidence = "derived"
    caveats: tuple[Text, ...] = ()


class Comparison(Value):
    """One topic, for a PNS and for a PPPK."""

    id: Slug
    topic: Text
    pns: Text
    pppk: Text
    confidence: Confidence
    basis: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()


class SanctionTable(Value):
    """Which prohibition bears which level, and for whom (`data/sanctions.yaml`)."""

    format_version: Literal[1] = 1
    prohibitions: tuple[Prohibition, ...] = ()
    changes: tuple[Change, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


class Penalty(Period):
    """What a crime of these days is threatened with; what no source told is None and said in `caveats`.

    `joined` tells how deprivation and fine go together; amounts are rupiah.
    """

    deprivation: Literal["penjara", "kurungan"] | None
    shortest: Text | None = None
    longest: Text | None = None
    joined: Literal["dan", "dan/atau"] | None = None
    fine_least: int | None = None
    fine_most: int | None = None
    category: Literal["II", "III"] | None = None
    basis: tuple[Citation, ...] = ()
    confidence: Confidence
    fine_confidence: Confidence | None = None
    caveats: tuple[Text, ...] = ()


class Crime(Value):
    """A crime of the election laws, its doer and its penalties through time."""

    id: Slug
    poll: Poll
    source: Slug
    article: Text
    doer: Text
    asn: bool
    text: Text
    confidence: Confidence
    acts: tuple[Slug, ...] = ()
    references: tuple[Reference, ...] = ()
    penalties: tuple[Penalty, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _penalties_in_order(self) -> Self:
        for before, after in zip(self.penalties, self.penalties[1:], strict=False):
            if before.last is None or after.first <= before.last:
                raise ValueError(
                    f"ancaman mulai {after.start} menimpa ancaman sebelumnya ({before.end}). "
                    "Akhiri yang lama sehari sebelumnya."
                )
        return self

    def on(self, day: date) -> Penalty | None:
        """Return the penalty for an act of `day`, None where none is known."""
        return next((penalty for penalty in self.penalties if penalty.covers(day)), None)


class CrimeTable(Value):
    """The crimes that touch neutrality (`data/crimes.yaml`)."""

    format_version: Literal[1]
    crimes: tuple[Crime, ...]


class Point(Value):
    """One rule, step or remark with what it rests on; `limit` is its time limit as written."""

    id: Slug
    text: Text
    who: Text | None = None
    limit: Text | None = None
    poll: Poll | None = None
    confidence: Confidence
    basis: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()
    caveats: tuple[Text, ...] = ()


class Flow(Period):
    """The way of a report during a period."""

    id: Slug
    title: Text
    steps: tuple[Point, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()


class Handling(Value):
    """How reports are handled: ways, time limits, procedure, roles and protection (`data/handling.yaml`)."""

    format_version: Literal[1] = 1
    flows: tuple[Flow, ...] = ()
    limits: tuple[Point, ...] = ()
    procedure: tuple[Point, ...] = ()
    transition: tuple[Point, ...] = ()
    roles: tuple[Point, ...] = ()
    protection: tuple[Point, ...] = ()
    ruling: tuple[Point, ...] = ()

    def points(self) -> tuple[Point, ...]:
        """Return every rule, step and remark of the file."""
        steps = tuple(step for flow in self.flows for step in flow.steps)
        return (*steps, *self.limits, *self.procedure, *self.transition, *self.roles, *self.protection,
                *self.ruling)  # fmt: skip

    def on(self, day: date) -> Flow | None:
        """Return the way a report takes on `day`, None where none is known."""
        return next((flow for flow in self.flows if flow.covers(day)), None)


class CalendarStage(Period):
    """One stretch of a poll's calendar."""

    stage: Stage
    title: Text
    confidence: Confidence
    references: tuple[Reference, ...] = ()


class Calendar(Value):
    """The stages of a poll (`data/calendars/<id>.yaml`)."""

    format_version: Literal[1]
    id: Slug
    title: Text
    poll: Poll
    stages: tuple[CalendarStage, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _stages_in_order(self) -> Self:
        for before, after in zip(self.stages, self.stages[1:], strict=False):
            if before.last is None or after.first <= before.last:
                raise ValueError(
                    f"tahapan mulai {after.start} menimpa tahapan sebelumnya ({before.end}). "
                    "Betulkan tanggalnya."
                )
        return self

    def on(self, day: date) -> CalendarStage | None:
        """Return the stage that holds `day`, None outside the calendar."""
        return next((stage for stage in self.stages if stage.covers(day)), None)


class Statistic(Value):
    """One number as somebody told it, a line of `data/statistics/<name>.csv`; never added up across units.

    `as_of` may be a year or a month where the day is not known.
    """

    id: Slug
    figure: Text
    value: float
    unit: Unit
    stage: Funnel
    poll: Slug
    as_of: str
    speaker: Text
    source: Slug
    confidence: Confidence
    note: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _number(cls, written: Any) -> float:
        try:
            return float(written)
        except (TypeError, ValueError):
            raise ValueError(f"value '{written}' bukan bilangan. Tulis angka dengan titik desimal.") from None

    @field_validator("as_of")
    @classmethod
    def _day(cls, written: str) -> str:
        try:
            last_day(written)
        except ValueError:
            raise ValueError(f"as_of '{written}' bukan YYYY, YYYY-MM, atau YYYY-MM-DD.") from None
        return written


class CoverageRow(Value):
    """A row of the law that was gone through: in which files it stands, or why in none."""

    id: Slug
    files: tuple[Text, ...] = ()
    left_out: Text | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.files) == bool(self.left_out):
            raise ValueError(f"baris {self.id}: isi 'files' atau 'left_out', tepat salah satu.")
        return self


class CoverageGroup(Value):
    """Rows of one origin."""

    title: Text
    rows: tuple[CoverageRow, ...] = Field(min_length=1)


class Coverage(Value):
    """What was gone through (`data/coverage.yaml`)."""

    format_version: Literal[1]
    groups: tuple[CoverageGroup, ...]

    def rows(self) -> tuple[CoverageRow, ...]:
        """Return every row."""
        return tuple(row for group in self.groups for row in group.rows)


class Law(Value):
    """The whole of `data/`'s law, as `content` loads it; what stands beside acts and regimes may be empty."""

    acts: Mapping[str, Act]
    sources: Mapping[str, Source]
    regimes: Regimes
    sanctions: SanctionTable = SanctionTable()
    crimes: tuple[Crime, ...] = ()
    handling: Handling = Handling()
    calendars: Mapping[str, Calendar] = {}
    statistics: tuple[Statistic, ...] = ()
    references: Mapping[str, tuple[str, ...]] = {}

    def act(self, name: str) -> Act:
        """Return the act of that id or alias. Raises KeyError."""
        if name in self.acts:
            return self.acts[name]
        for act in self.acts.values():
            if name in act.aliases:
                return act
        raise KeyError(name)
