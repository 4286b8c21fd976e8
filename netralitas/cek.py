"""Cek Netralitas: an answer of `rules` as a person reads it: green, amber or red, and why.

    cek(law, act, actor=…, on=…)  ──►  Card: verdict, tracks, articles, who handles it, what changed last
    choices(law)                  ──►  the acts that can be asked about, by whom they are done towards

Pure, and nothing here knows more of the law than `rule` answers: page and command say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from .compare import body_words, changes, level_words, sentences, track_words
from .i18n import _, day
from .law import Act, Actor, Confidence, Law, Target, Verdict
from .model import Period, Value
from .rules import Answer, Basis, Ruling, rule


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


class Card(Value):
    """Everything a page shows of one answer, in words."""

    act: str
    title: str
    summary: str
    verdict: Verdict
    in_force: bool
    lines: tuple[Line, ...]
    conditions: tuple[Condition, ...]
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


def cek(law: Law, act: str, *, actor: Actor, on: date) -> Card:
    """Return the card of an act on a day. Raises KeyError for an unknown act."""
    found = law.act(act)
    answer = rule(law, act, actor=actor, on=on)
    names = {source.id: source.name for source in law.sources.values()}
    since, told = _last_change(law, found, actor, on, names)
    shown = {basis for ruling in answer.rulings for basis in ruling.basis}
    return Card(
        act=found.id,
        title=found.title,
        summary=found.summary,
        verdict=answer.verdict,
        in_force=answer.in_force,
        lines=tuple(_line(ruling, names, alone=not answer.alternatives) for ruling in answer.rulings),
        conditions=tuple(
            Condition(
                when=one.when, level=level_words(one.level) if one.level else "", sanctions=one.sanctions
            )
            for one in answer.alternatives
        ),
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
    law: Law, act: Act, actor: Actor, on: date, names: dict[str, str]
) -> tuple[date | None, tuple[str, ...]]:
    """Return the last day up to `on` on which the answer became another, and what became another."""

    def answer(when: date) -> Answer:
        return rule(law, act.id, actor=actor, on=when)

    for when in sorted({one for one in _days(law, act) if one <= on}, reverse=True):
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
