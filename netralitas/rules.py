"""The law on a day: acts through time, composed with the regimes of that day.

How an answer comes about, top down:

1. An *act* (`data/rules/<act>.yaml`) has versions. The one whose days hold the date of the act is
   read; where there is none, the text was silent or has ended and the answer says so.
2. A version has *rulings*, one a track (kode_etik, disiplin, pidana, administratif). A ruling has
   *findings*: level and articles, each for a discipline code and for the actors it binds.
3. Which discipline code handles the act depends on three dates: of the act, of the examination and
   of the decision (PP 94/2021 Pasal 40). Where they are not known, the answer lists alternatives
   and names no single level.
4. Guide, oversight, kinds of sanction and the words of the transition come from `data/regimes.yaml`
   by date. An actor whom the codes of the PNS do not bind is never given a level of a PNS.

Pure: the date is an argument, and nothing is read from a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Self, TypeVar, get_args

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

T = TypeVar("T")

ACTORS: tuple[Actor, ...] = get_args(Actor)
_WEIGHT: tuple[Level | None, ...] = (
    None, "belum_terverifikasi", "moral_tertutup", "moral_terbuka", "ringan", "sedang", "berat", "ptdh",
)  # fmt: skip
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


class Basis(Value):
    """A citation in an answer."""

    source: str
    article: str


class Confidences(Value):
    """How sure each claim of a ruling is."""

    act: Confidence
    track: Confidence
    level: Confidence


class Ruling(Value):
    """One track's answer."""

    track: Track | None
    level: Level | None
    sanctions: tuple[str, ...]
    basis: tuple[Basis, ...]
    confidence: Confidences


class Alternative(Value):
    """A level that holds only under a condition the caller did not tell."""

    when: str
    level: Level | None
    basis: tuple[Basis, ...]
    sanctions: tuple[str, ...]


class Answer(Value):
    """What `rule` says; the field names are those of `netralitas rule --json`."""

    act: str
    on: date
    actor: Actor
    in_force: bool
    rulings: tuple[Ruling, ...] = ()
    track: tuple[Track, ...] = ()
    level: Level | None = None
    basis: tuple[Basis, ...] = ()
    confidence: Confidence | None = None
    guide: tuple[str, ...] = ()
    oversight: tuple[Body, ...] = ()
    caveats: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    continued_by: tuple[str, ...] = ()
    verdict: Verdict


class _Case(Value):
    """A discipline code that may handle the act, and when."""

    code: str | None
    when: str | None = None
    caveat: str | None = None


def rule(
    law: Law,
    act: str,
    *,
    actor: Actor = "pns",
    on: date,
    examined: date | None = None,
    decided: date | None = None,
) -> Answer:
    """Say what the law held of `act`, done by `actor` on the day `on`.

    `examined` and `decided` are the days of the disciplinary examination and decision; they matter
    only for acts before a change of the discipline code. Outside an act's days the answer has
    `in_force` False and names the acts that continue it; guide and oversight are filled all the same.
    Raises KeyError for an unknown act, ValueError for dates out of order.
    """
    _check_order(on, examined, decided)
    found = law.act(act)
    version = found.on(on)
    guides = [regime for regime in law.regimes.guides if regime.covers(on)]
    bodies = [entry for entry in law.regimes.oversight if entry.covers(on)]
    common = {
        "act": found.id,
        "on": on,
        "actor": actor,
        "guide": tuple(regime.source for regime in guides),
        "oversight": tuple(body for entry in bodies for body in entry.bodies),
    }
    dated = [text for text in (*(g.caveat for g in guides), *(b.caveat for b in bodies)) if text]
    if version is None or version.silent:
        reason = version.silent if version and version.silent else _out_of_days(found, on)
        return Answer(
            **common,
            in_force=False,
            caveats=_unique([reason, *dated]),
            continued_by=_continued_by(law, found),
            verdict="belum_pasti",
        )
    if actor not in version.actors:
        unbound = _unbound(law.regimes, actor)
        return Answer(
            **common,
            in_force=True,
            basis=_basis(law, unbound.basis if unbound else (), on),
            caveats=_unique(["Ketentuan ini tidak menyebut pelaku tersebut.",
                             *([unbound.caveat] if unbound else []), *dated]),
            verdict="belum_pasti" if version.verdict == "dilarang" else version.verdict,
        )  # fmt: skip
    return _speak(law, version, common, on=on, cases=_cases(law.regimes, on, examined, decided), dated=dated)


def _speak(
    law: Law, version: Version, common: dict[str, object], *, on: date, cases: list[_Case], dated: list[str]
) -> Answer:
    actor: Actor = common["actor"]  # type: ignore[assignment]
    rulings: list[Ruling] = []
    alternatives: list[Alternative] = []
    caveats = list(version.caveats)
    for entry in version.rulings:
        if not _addresses(entry, actor, law.regimes):
            continue
        answers = [
            (case, *_ruling(law, version, entry, actor=actor, on=on, code=case.code)) for case in cases
        ]
        caveats += [text for _, _, texts in answers for text in texts]
        if not any(finding.code for finding in entry.findings):
            answers = answers[:1]
        elif len({ruling.model_dump_json() for _, ruling, _ in answers}) > 1:
            alternatives += [
                Alternative(when=case.when or "", level=r.level, basis=r.basis, sanctions=r.sanctions)
                for case, r, _ in answers
            ]
            first = answers[0][1]
            rulings.append(first.model_copy(update={"level": None, "sanctions": (), "basis": ()}))
            caveats += [case.caveat for case, _, _ in answers if case.caveat]
            continue
        else:
            caveats += [case.caveat for case, _, _ in answers if case.caveat]
        rulings.append(answers[0][1])
    heaviest = max(rulings, key=lambda ruling: _WEIGHT.index(ruling.level), default=None)
    level = None if alternatives else (heaviest.level if heaviest else None)
    return Answer(
        **common,
        in_force=True,
        rulings=tuple(rulings),
        track=tuple(dict.fromkeys(ruling.track for ruling in rulings if ruling.track)),
        level=level,
        basis=_unique([*(b for r in rulings for b in r.basis), *_basis(law, version.basis, on)]),
        confidence=heaviest.confidence.level if heaviest and not alternatives else version.confidence,
        caveats=_unique([*caveats, *dated]),
        alternatives=tuple(alternatives),
        verdict=version.verdict,
    )


def _ruling(
    law: Law, version: Version, entry: ActRuling, *, actor: Actor, on: date, code: str | None
) -> tuple[Ruling, list[str]]:
    """Return the ruling of one track for one actor under one code, with its caveats."""
    fitting = [f for f in entry.findings if actor in f.actors and f.code in (None, code)]
    if fitting:
        finding = max(fitting, key=lambda f: _WEIGHT.index(f.level))
        kinds, caveats = _sanctions(law.regimes, entry.track, finding, code)
        ruling = Ruling(
            track=entry.track,
            level=finding.level,
            sanctions=kinds,
            basis=_basis(law, finding.basis, on, keep=code),
            confidence=Confidences(act=version.confidence, track=entry.confidence, level=finding.confidence),
        )
        return ruling, [*finding.caveats, *caveats]
    unbound = _unbound(law.regimes, actor)
    ruling = Ruling(
        track=entry.track,
        level="belum_terverifikasi",
        sanctions=(),
        basis=_basis(law, unbound.basis if unbound else (), on),
        confidence=Confidences(act=version.confidence, track=entry.confidence, level="memory"),
    )
    return ruling, [unbound.caveat] if unbound else []


def _cases(regimes: Regimes, on: date, examined: date | None, decided: date | None) -> list[_Case]:
    """Return the discipline codes that may handle an act of the day `on` (one, unless undated)."""
    current = next((regime for regime in regimes.discipline if regime.covers(on)), None)
    if current is None:
        return [_Case(code=None)]
    step = next((t for t in regimes.transitions if t.before == current.source), None)
    if step is None:
        return [_Case(code=current.source)]
    change = next(regime for regime in regimes.discipline if regime.source == step.after).first
    if decided is not None and decided < change:
        return [_Case(code=step.before, caveat=step.decided_before)]
    if examined is not None and examined >= change:
        return [_Case(code=step.after, caveat=step.not_examined)]
    if decided is not None:
        return [_Case(code=step.after, caveat=step.examined_before)]
    return [
        _Case(code=step.before, when=step.alternative_before, caveat=step.undated),
        _Case(code=step.after, when=step.alternative_after),
    ]


def _sanctions(
    regimes: Regimes, track: Track | None, finding: Finding, code: str | None
) -> tuple[tuple[str, ...], list[str]]:
    if finding.sanctions:
        return finding.sanctions, []
    for entry in regimes.sanctions:
        if entry.level == finding.level and entry.code in (None, code) and entry.track in (None, track):
            return entry.kinds, [entry.caveat] if entry.caveat else []
    return (), []


def _basis(law: Law, citations: Iterable[Citation], on: date, keep: str | None = None) -> tuple[Basis, ...]:
    """Return the citations whose source was in force; the handling code is kept for older acts too."""
    return _unique(
        Basis(source=c.source, article=c.article)
        for c in citations
        if c.source == keep or law.sources[c.source].in_force(on)
    )


def _addresses(entry: ActRuling, actor: Actor, regimes: Regimes) -> bool:
    """Say whether a track speaks to the actor: a finding names them, or no PNS code binds them.

    A crime speaks only to whom it names.
    """
    named = any(actor in finding.actors for finding in entry.findings)
    return named or (entry.track != "pidana" and _unbound(regimes, actor) is not None)


def _unbound(regimes: Regimes, actor: Actor) -> Unbound | None:
    return next((entry for entry in regimes.unbound if actor in entry.actors), None)


def _continued_by(law: Law, act: Act) -> tuple[str, ...]:
    return tuple(sorted(other.id for other in law.acts.values() if act.id in other.continues))


def _out_of_days(act: Act, on: date) -> str:
    first, last = act.versions[0], act.versions[-1]
    if on < first.first:
        return f"Naskah yang memuat perbuatan ini baru berlaku sejak {first.start}."
    return f"Naskah yang memuat perbuatan ini berlaku sampai {last.end}."


def _check_order(on: date, examined: date | None, decided: date | None) -> None:
    if examined is not None and examined < on:
        raise ValueError("tanggal pemeriksaan mendahului tanggal perbuatan")
    if decided is not None and decided < (examined or on):
        raise ValueError("tanggal putusan mendahului tanggal pemeriksaan atau perbuatan")


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
