"""Cek Netralitas: an answer of `rules` as a person reads it: green, amber or red, and why.

    ask(law, told, today=…)        ──►  Asked: what stands in the form, what is wrong with it, the card
    card(law, act, actor=…, on=…)  ──►  Card: verdict, tracks, articles, who handles it, what changed last
    choices(law)                   ──►  the acts that can be asked about, by whom they are done towards

Pure, and nothing here knows more of the law than `rule` answers: page, widget and command say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationError

from .compare import body_words, changes, level_words, sentences, track_words
from .i18n import _, day
from .law import Act, Actor, Confidence, Law, Target, Verdict
from .model import Period, Slug, Value
from .rules import Answer, Basis, Ruling, rule

FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)
"""Days that can be asked about; outside them the data says nothing."""


def _day(told: Any) -> date:
    """Read a day as a form sends it and no other way: pydantic alone would take a number for one too."""
    if not isinstance(told, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", told, re.ASCII):
        raise ValueError("bukan YYYY-MM-DD")
    return date.fromisoformat(told)


def _known(when: date) -> date:
    if not FIRST <= when <= LAST:
        raise ValueError("di luar data")
    return when


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_known)]


class Question(Value):
    """What is asked, under the names of the form's fields; an empty act asks nothing yet."""

    perbuatan: Slug | Literal[""] = ""
    pelaku: Actor = "pns"
    tanggal: Day
    diperiksa: Day | None = None
    diputus: Day | None = None


class Line(Value):
    """One track of an answer in words; `unsure` says which claim is less than strong, empty where none is."""

    track: str
    level: str
    sanctions: tuple[str, ...]
    basis: tuple[str, ...]
    unsure: str


class Condition(Value):
    """What holds only under a condition."""

    when: str
    level: str
    sanctions: tuple[str, ...]
    basis: tuple[str, ...]


class Card(Value):
    """Everything a page shows of one answer, in words."""

    act: str
    title: str
    summary: str
    asked: str
    """Who and when, as it was asked."""
    verdict: Verdict
    in_force: bool
    lines: tuple[Line, ...]
    conditions: tuple[Condition, ...]
    dated: bool
    """The days of examination and decision decide which discipline code handles this act."""
    basis: tuple[str, ...]
    guide: tuple[str, ...]
    handled: tuple[str, ...]
    caveats: tuple[str, ...]
    continued: tuple[tuple[str, str], ...]
    """Acts (id, title) that continue this one where it has ended."""
    changed_on: str
    """The day of the last change up to the day asked about, empty where nothing ever changed."""
    changed: tuple[str, ...]
    reviewed: str


class Asked(Value):
    """A form as it was sent: what may stand in its fields, what is wrong with them, and the answer."""

    fields: Mapping[str, str]
    faults: Mapping[str, str]
    """A sentence for a field; under the empty name what concerns none of them."""
    card: Card | None = None


def ask(law: Law, told: Mapping[str, Any], *, today: date) -> Asked:
    """Answer a form. Total: whatever was sent, what cannot be answered says what to change.

    A field left empty is not asked; without a day it is `today`.
    """
    stated = {"tanggal": today.isoformat()} | {name: one for name, one in told.items() if one != ""}
    try:
        question = Question.model_validate(stated)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) if one["loc"] else "" for one in error.errors()}
        faults = {name: text for name, text in _unreadable().items() if name in wrong}
        whole = {} if faults else {"": _("Pertanyaannya tidak terbaca. Isi formulirnya sekali lagi.")}
        return Asked(fields=_kept(stated, faults), faults=faults | whole)
    act, faults = question.perbuatan, _misfits(law, question)
    if faults or not act:
        # Days out of order can be read: they stay, and are corrected where they stand.
        return Asked(fields=_kept(stated, {"perbuatan"} & faults.keys()), faults=faults)
    on, examined, decided = question.tanggal, question.diperiksa, question.diputus
    found = card(law, act, actor=question.pelaku, on=on, examined=examined, decided=decided)
    # An alias has chosen the act: the form shows the one it names.
    return Asked(fields=_kept(stated, ()) | {"perbuatan": found.act}, faults={}, card=found)


def card(
    law: Law,
    act: str,
    *,
    actor: Actor,
    on: date,
    examined: date | None = None,
    decided: date | None = None,
) -> Card:
    """Return the card of an act on a day.

    `examined` and `decided` count as in `rule`. Raises KeyError for an unknown act, ValueError for dates
    out of order.
    """
    found = law.act(act)
    dated = bool(rule(law, act, actor=actor, on=on).alternatives)
    answer = rule(law, act, actor=actor, on=on, examined=examined, decided=decided)
    names = {source.id: source.name for source in law.sources.values()}
    # Where they decide nothing, they would only hide that the code changed.
    since, told = _last_change(law, found, answer, names, (examined, decided) if dated else (None, None))
    shown = {basis for ruling in answer.rulings for basis in ruling.basis}
    return Card(
        act=found.id,
        title=found.title,
        summary=found.summary,
        asked=_asked(answer, *((examined, decided) if dated else (None, None))),
        verdict=answer.verdict,
        in_force=answer.in_force,
        lines=tuple(_line(ruling, names, alone=not answer.alternatives) for ruling in answer.rulings),
        conditions=tuple(
            Condition(
                when=one.when,
                level=_begun(level_words(one.level)) if one.level else "",
                sanctions=one.sanctions,
                basis=_cited(one.basis, names),
            )
            for one in answer.alternatives
        ),
        dated=dated,
        basis=_cited((basis for basis in answer.basis if basis not in shown), names),
        guide=tuple(names[source] for source in answer.guide),
        handled=tuple(body_words(body) for body in answer.oversight),
        caveats=answer.caveats,
        continued=tuple((name, law.acts[name].title) for name in answer.continued_by),
        changed_on=day(since) if since else "",
        changed=told,
        reviewed=found.reviewed_by or "",
    )


def choices(law: Law) -> tuple[tuple[str, tuple[Act, ...]], ...]:
    """Return the acts in groups by towards whom, each with its heading; those towards nobody come last."""
    groups: dict[str, list[Act]] = {target_words(target): [] for target in _TARGETS}
    rest = _("Tidak tertuju pada siapa pun")
    for act in sorted(law.acts.values(), key=lambda act: act.title):
        for heading in [target_words(target) for target in act.target] or [rest]:
            groups.setdefault(heading, []).append(act)
    return tuple((heading, tuple(acts)) for heading, acts in groups.items() if acts)


def target_words(target: Target) -> str:
    """Return towards whom an act is done, as people say it."""
    return {
        "bakal_calon": _("Terhadap bakal calon"),
        "calon": _("Terhadap calon atau pasangan calon"),
        "parpol": _("Terhadap partai politik"),
        "diri_sendiri": _("Untuk diri sendiri"),
        "pasangan_suami_istri": _("Terhadap suami atau istri yang mencalonkan diri"),
        "asn_lain": _("Terhadap ASN lain"),
    }[target]


def actor_words(actor: Actor) -> str:
    """Return who did it, as people say it."""
    return {
        "pns": _("PNS"),
        "cpns": _("CPNS"),
        "pppk": _("PPPK"),
        "ppnpn": _("Pegawai non-ASN (PPNPN)"),
        "pejabat_asn": _("Pejabat ASN"),
        "petahana": _("Petahana (kepala daerah yang mencalonkan diri lagi)"),
    }[actor]


_TARGETS: tuple[Target, ...] = (
    "calon", "bakal_calon", "parpol", "pasangan_suami_istri", "asn_lain", "diri_sendiri",
)  # fmt: skip


def _unreadable() -> dict[str, str]:
    """Return what is said of a field that cannot be read."""
    days = _("Pilih satu hari antara {first} dan {last}.").format(first=day(FIRST), last=day(LAST))
    return {
        "pelaku": _("Pelakunya tidak ada di daftar. Pilih satu dari daftar."),
        "perbuatan": _("Perbuatan itu tidak ada di daftar. Pilih satu dari daftar."),
        "tanggal": _("Tanggal perbuatannya tidak terbaca. {days}").format(days=days),
        "diperiksa": _("Tanggal pemeriksaannya tidak terbaca. {days}").format(days=days),
        "diputus": _("Tanggal putusannya tidak terbaca. {days}").format(days=days),
    }


def _misfits(law: Law, question: Question) -> dict[str, str]:
    """Return what is wrong between the fields of a question, or between it and the law."""
    found: dict[str, str] = {}
    if question.perbuatan:
        try:
            law.act(question.perbuatan)
        except KeyError:
            found["perbuatan"] = _unreadable()["perbuatan"]
    on, examined, decided = question.tanggal, question.diperiksa, question.diputus
    if examined and examined < on:
        told = _("Pemeriksaan tidak dapat mendahului perbuatannya ({day}). Betulkan salah satu tanggalnya.")
        found["diperiksa"] = told.format(day=day(on))
    if decided and decided < on:
        told = _("Putusan tidak dapat mendahului perbuatannya ({day}). Betulkan salah satu tanggalnya.")
        found["diputus"] = told.format(day=day(on))
    elif decided and examined and decided < examined:
        told = _("Putusan tidak dapat mendahului pemeriksaannya ({day}). Betulkan salah satu tanggalnya.")
        found["diputus"] = told.format(day=day(examined))
    return found


def _kept(stated: Mapping[str, Any], but: Iterable[str]) -> dict[str, str]:
    """Return what may stand in the form again: what could be read, never what was only sent."""
    return {
        name: stated[name]
        for name in Question.model_fields
        if name not in but and isinstance(stated.get(name), str)
    }


def _asked(answer: Answer, examined: date | None, decided: date | None) -> str:
    """Return who and when in one line."""
    told = [actor_words(answer.actor), day(answer.on)]
    if examined:
        told.append(_("diperiksa {day}").format(day=day(examined)))
    if decided:
        told.append(_("diputus {day}").format(day=day(decided)))
    return " · ".join(told)


def _line(ruling: Ruling, names: dict[str, str], *, alone: bool) -> Line:
    if ruling.level:
        level = level_words(ruling.level)
    else:
        level = _("tingkatnya tidak disebut") if alone else _("tingkatnya bergantung pada tanggal")
    return Line(
        track=track_words(ruling.track) if ruling.track else _("jalur tidak disebut"),
        level=_begun(level),
        sanctions=ruling.sanctions,
        basis=_cited(ruling.basis, names),
        unsure=_unsure(ruling),
    )


def _unsure(ruling: Ruling) -> str:
    """Name the claims nobody has verified strongly."""
    words: dict[Confidence, str] = {
        "derived": _("disimpulkan dari ketentuan lain"),
        "page": _("berdasar satu halaman saja"),
        "memory": _("belum ada halaman yang membuktikan"),
    }
    claims = {
        _("Larangannya"): ruling.confidence.act,
        _("Jalurnya"): ruling.confidence.track,
        **({_("Tingkatnya"): ruling.confidence.level} if ruling.level else {}),
    }
    return " ".join(f"{claim} {words[sure]}." for claim, sure in claims.items() if sure != "strong")


def _begun(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _cited(entries: Iterable[Basis], names: dict[str, str]) -> tuple[str, ...]:
    """Return articles gathered by their source."""
    found: dict[str, list[str]] = {}
    for one in entries:
        found.setdefault(names[one.source], []).append(one.article)
    return tuple(f"{name}: {'; '.join(articles)}" for name, articles in found.items())


def _last_change(
    law: Law, act: Act, asked: Answer, names: dict[str, str], dates: tuple[date | None, date | None]
) -> tuple[date | None, tuple[str, ...]]:
    """Return the last day up to the one asked on which the answer became another, and what became another."""
    examined, decided = dates

    def answer(when: date) -> Answer:
        return rule(law, act.id, actor=asked.actor, on=when, examined=examined, decided=decided)

    for when in sorted({one for one in _days(law, act) if one <= asked.on}, reverse=True):
        found = changes(answer(when - timedelta(days=1)), answer(when), regimes=law.regimes)
        if found:
            return when, tuple(text for change in found for text in sentences(change, names))
    return None, ()


def _days(law: Law, act: Act) -> Iterator[date]:
    """Yield every day on which an answer can begin to differ from the day before."""
    regimes = law.regimes
    periods: list[Period] = [*act.versions, *regimes.guides, *regimes.discipline, *regimes.oversight]
    for one in periods:
        yield one.first
        if one.last:
            yield one.last + timedelta(days=1)
