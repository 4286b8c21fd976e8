"""The law as values: acts through time, sources, and the regimes of a day. What they say together: `rules`.

Pure. An act file holds what is particular to one act; what depends on the date alone stands in the regimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

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


class Law(Value):
    """The whole of `data/`'s law, as `content` loads it."""

    acts: Mapping[str, Act]
    sources: Mapping[str, Source]
    regimes: Regimes

    def act(self, name: str) -> Act:
        """Return the act of that id or alias. Raises KeyError."""
        if name in self.acts:
            return self.acts[name]
        for act in self.acts.values():
            if name in act.aliases:
                return act
        raise KeyError(name)
