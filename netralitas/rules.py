"""The law on a day: acts through time, composed with the regimes of that day.

How an answer comes about, top down:

1. An *act* (`data/rules/<act>.yaml`) has versions. The one whose days hold the date of the act is
   read; where there is none, the text was silent or has ended and the answer says so.
2. A version has *rulings*, one a track (kode_etik, disiplin, pidana, administratif). A ruling has
   *findings*: level and articles, each for a discipline code and for the actors it binds.
3. Which discipline code handles the act depends on three dates: of the act, of the examination and
   of the decision (PP 94/2021 Pasal 40). Where they are not known, the answer lists alternatives
   and names no single level. A level that only the change of codes brings is marked `transitional`:
   whether the older, milder one must be used the text does not answer, so nobody is graded on it.
4. Guide, oversight, kinds of sanction and the words of the transition come from `data/regimes.yaml`
   by date. An actor whom the codes of the PNS do not bind is never given a level of a PNS.

Pure: the date is an argument, and nothing is read from a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import not_
from typing import TypeVar

from pydantic import Field

from .i18n import _, day, month
from .law import (
    Act,
    Actor,
    ActRuling,
    Body,
    Citation,
    Confidence,
    Finding,
    Law,
    Level,
    Regimes,
    Track,
    Unbound,
    Verdict,
    Version,
)
from .model import Value

T = TypeVar("T")

_WEIGHT: tuple[Level | None, ...] = (
    None, "belum_terverifikasi", "moral_tertutup", "moral_terbuka", "ringan", "sedang", "berat", "ptdh",
)  # fmt: skip


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
    """One track's answer.

    `transitional`: the level is that of a newer code and the act's own code had another, so it is reached
    only through the transition (PP 94/2021 Pasal 40 ayat (3) or (4)). In JSON it stands only where it is so.
    """

    track: Track | None
    level: Level | None
    sanctions: tuple[str, ...]
    basis: tuple[Basis, ...]
    confidence: Confidences
    transitional: bool = Field(default=False, exclude_if=not_)


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

    @property
    def transitional(self) -> bool:
        """Say whether the level of a ruling is reached only through a change of codes."""
        return any(ruling.transitional for ruling in self.rulings)


class _Case(Value):
    """A discipline code that may handle the act, and when; `own` is the act's own, if it is another."""

    code: str | None
    own: str | None = None
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
    silences = [entry for entry in law.regimes.silences if entry.covers(on)]
    told = (*(g.caveat for g in guides), *(s.caveat for s in silences), *(b.caveat for b in bodies))
    dated = [text for text in told if text]
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
            verdict="belum_pasti",
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
        answers = [(case, *_handled(law, version, entry, actor=actor, on=on, case=case)) for case in cases]
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
    if any(ruling.track == "pidana" for ruling in rulings):
        caveats += [entry.caveat for entry in law.regimes.criminal if entry.caveat and entry.covers(on)]
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


def _handled(
    law: Law, version: Version, entry: ActRuling, *, actor: Actor, on: date, case: _Case
) -> tuple[Ruling, list[str]]:
    """Return the ruling of one track in one case, marked where only the change of codes brings its level."""
    ruling, caveats = _ruling(law, version, entry, actor=actor, on=on, code=case.code)
    if case.own is None:
        return ruling, caveats
    before, _caveats = _ruling(law, version, entry, actor=actor, on=on, code=case.own)
    return ruling.model_copy(update={"transitional": ruling.level != before.level}), caveats


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
        return [_Case(code=step.after, own=step.before, caveat=step.not_examined)]
    if decided is not None:
        told = step.examined_before if examined else step.decided_after or step.examined_before
        return [_Case(code=step.after, own=step.before, caveat=told)]
    return [
        _Case(code=step.before, when=step.alternative_before, caveat=step.undated),
        _Case(code=step.after, own=step.before, when=step.alternative_after),
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
        told = _("Naskah yang memuat perbuatan ini baru berlaku sejak {day}.")
        return told.format(day=_spoken(first.start, first.first))
    told = _("Naskah yang memuat perbuatan ini berlaku sampai {day}.")
    return told.format(day=_spoken(last.end, last.last or last.first))


def _spoken(written: str, counted: date) -> str:
    """Return a day as people say it; of a date written in part, also the day it counts from or up to."""
    if written == counted.isoformat():
        return day(counted)
    part = month(counted) if "-" in written else written
    return _("{part} (harinya tidak diketahui; yang dihitung {day})").format(part=part, day=day(counted))


def _check_order(on: date, examined: date | None, decided: date | None) -> None:
    if examined is not None and examined < on:
        raise ValueError("tanggal pemeriksaan mendahului tanggal perbuatan")
    if decided is not None and decided < (examined or on):
        raise ValueError("tanggal putusan mendahului tanggal pemeriksaan atau perbuatan")


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
