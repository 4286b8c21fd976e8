"""Answers side by side: one act on two days, and every act on one day.

    changes(before, after)  ──►  Change …   ──sentences──►  lines for people
    listing(law, on=…)      ──►  Listing    ──line──►       one line an act

Pure: built on what `rule` answers, so nothing here knows more of the law than one answer does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from .i18n import _
from .law import Act, Actor, Law, Level, Regimes, Track, Verdict, Version
from .model import Value
from .rules import Answer, Basis, rule

Field = Literal[
    "force", "verdict", "track", "level", "code", "sanctions", "basis", "guide", "oversight", "caveats"
]
Entry = str | Basis

_FIELDS: tuple[Field, ...] = get_args(Field)
_ORDER: tuple[Verdict, ...] = ("dilarang", "belum_pasti", "boleh")


class Change(Value):
    """One field that differs: what it held before and what after, whole and in the answers' order.

    `force` holds `berlaku` or `tidak_berlaku`; `level` holds several where the answer lists alternatives;
    `code` is the discipline code of the day.
    """

    field: Field
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]

    @property
    def gone(self) -> tuple[Entry, ...]:
        """What only the earlier answer holds."""
        return tuple(entry for entry in self.before if entry not in self.after)

    @property
    def come(self) -> tuple[Entry, ...]:
        """What only the later answer holds."""
        return tuple(entry for entry in self.after if entry not in self.before)


class Listed(Value):
    """One act of a day. `reason` says why track or level is missing, empty where neither is."""

    act: str
    title: str
    verdict: Verdict
    track: tuple[Track, ...]
    level: tuple[Level, ...]
    reason: str


class Listing(Value):
    """Every act of a day: those in force in the order of their verdicts, the others as a number."""

    on: date
    actor: Actor
    acts: tuple[Listed, ...]
    not_in_force: int


def changes(before: Answer, after: Answer, *, regimes: Regimes | None = None) -> tuple[Change, ...]:
    """Return what differs between two answers, field by field; the order within a field never counts.

    An answer does not name the discipline code of its day: it is compared where `regimes` are given and
    one of the answers has the track.
    """
    found = [(field, read(before), read(after)) for field, read in _READ.items()]
    if regimes is not None and "disiplin" in (*before.track, *after.track):
        found.insert(0, ("code", _code(regimes, before.on), _code(regimes, after.on)))
    found.sort(key=lambda one: _FIELDS.index(one[0]))
    return tuple(
        Change(field=field, before=old, after=new)
        for field, old, new in found
        if Counter(old) != Counter(new)
    )


def sentences(change: Change, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a change as sentences for a trainer; `names` maps the id of a source to its name."""
    if change.field == "force":
        now = change.after == ("berlaku",)
        return (
            _("Ketentuannya dahulu tidak berlaku, kemudian berlaku.")
            if now
            else _("Ketentuannya dahulu berlaku, kemudian tidak berlaku."),
        )
    if change.field == "caveats":
        come, gone = _("Catatan baru: {text}"), _("Catatan yang tidak disebut lagi: {text}")
        return (
            *(come.format(text=one) for one in change.come),
            *(gone.format(text=one) for one in change.gone),
        )
    if change.field in _listed_words():
        come, gone = _listed_words()[change.field]
        told = ((come, change.come), (gone, change.gone))
        return tuple(text.format(names=_joined(entries, names)) for text, entries in told if entries)
    whole = _whole_words()[change.field]
    old, new = (_stated(change.field, entries, names) for entries in (change.before, change.after))
    return (whole.format(before=old, after=new),)


def listing(
    law: Law, *, on: date, actor: Actor = "pns", examined: date | None = None, decided: date | None = None
) -> Listing:
    """Return what the law says of every act on a day. Raises ValueError for dates out of order."""
    answers = [rule(law, act, on=on, actor=actor, examined=examined, decided=decided) for act in law.acts]
    rows = [_listed(law.acts[answer.act], answer) for answer in answers if answer.in_force]
    rows.sort(key=lambda row: (_ORDER.index(row.verdict), row.title, row.act))
    return Listing(on=on, actor=actor, acts=tuple(rows), not_in_force=len(answers) - len(rows))


def line(row: Listed) -> str:
    """Return an act of a listing as one line: verdict, track and level or why there is none, title, id."""
    said = [*(track_words(track) for track in row.track), _either(row.level), row.reason]
    return f"{verdict_words(row.verdict)} · {', '.join(filter(None, said))} · {row.title} ({row.act})"


def verdict_words(verdict: str) -> str:
    """Return a verdict as people say it."""
    return {"dilarang": _("tidak boleh"), "belum_pasti": _("belum pasti"), "boleh": _("boleh")}[verdict]


def track_words(track: str) -> str:
    """Return a track as people say it."""
    words = {"kode_etik": _("kode etik"), "disiplin": _("disiplin"), "pidana": _("pidana")}
    return words.get(track) or _("administratif")


def level_words(level: str) -> str:
    """Return a level as people say it."""
    return {
        "moral_tertutup": _("sanksi moral tertutup"),
        "moral_terbuka": _("sanksi moral, tertutup atau terbuka"),
        "ringan": _("tingkat ringan"),
        "sedang": _("tingkat sedang"),
        "berat": _("tingkat berat"),
        "ptdh": _("pemberhentian tidak dengan hormat"),
        "belum_terverifikasi": _("tingkat belum terverifikasi"),
    }[level]


def _listed(act: Act, answer: Answer) -> Listed:
    levels = _levels(answer)
    return Listed(
        act=act.id,
        title=act.title,
        verdict=answer.verdict,
        track=answer.track,
        level=levels,
        reason=_reason(act.on(answer.on), answer, levels),
    )


def _reason(version: Version | None, answer: Answer, levels: tuple[Level, ...]) -> str:
    """Say why an act in force has no track or no level."""
    if not answer.rulings:
        if answer.verdict == "boleh":
            return _("tanpa jalur karena boleh")
        # The first caveat is the act's own, unless it has none: then it is of the day and no reason.
        own = version is not None and (version.caveats or answer.actor not in version.actors)
        return answer.caveats[0].rstrip(".") if own and answer.caveats else _("jalur tidak disebut")
    if not answer.track:
        return _("jalur tidak disebut")
    if len(levels) > 1:
        return _("bergantung pada tanggal pemeriksaan dan putusan")
    return "" if levels else _("tingkat tidak disebut")


def _levels(answer: Answer) -> tuple[Level, ...]:
    """Return the level, or those of the alternatives."""
    found = [one.level for one in answer.alternatives] if answer.alternatives else [answer.level]
    return tuple(dict.fromkeys(level for level in found if level))


def _code(regimes: Regimes, day: date) -> tuple[str, ...]:
    return tuple(regime.source for regime in regimes.discipline if regime.covers(day))


def _sanctions(answer: Answer) -> tuple[str, ...]:
    stated = [kind for ruling in answer.rulings for kind in ruling.sanctions]
    stated += [kind for one in answer.alternatives for kind in one.sanctions]
    return tuple(dict.fromkeys(stated))


def _basis(answer: Answer) -> tuple[Basis, ...]:
    stated = (*answer.basis, *(basis for one in answer.alternatives for basis in one.basis))
    return tuple(dict.fromkeys(stated))


_READ: Mapping[Field, Callable[[Answer], tuple[Entry, ...]]] = {
    "force": lambda answer: ("berlaku" if answer.in_force else "tidak_berlaku",),
    "verdict": lambda answer: (answer.verdict,),
    "track": lambda answer: answer.track,
    "level": _levels,
    "sanctions": _sanctions,
    "basis": _basis,
    "guide": lambda answer: answer.guide,
    "oversight": lambda answer: answer.oversight,
    "caveats": lambda answer: answer.caveats,
}


def _listed_words() -> dict[str, tuple[str, str]]:
    """Return the sentences of fields told entry by entry: what came, what is gone."""
    return {
        "track": (_("Jalur baru: {names}."), _("Jalur yang tidak disebut lagi: {names}.")),
        "sanctions": (
            _("Jenis hukuman baru: {names}."),
            _("Jenis hukuman yang tidak disebut lagi: {names}."),
        ),
        "basis": (_("Dasar baru: {names}."), _("Dasar yang tidak disebut lagi: {names}.")),
    }


def _whole_words() -> dict[str, str]:
    """Return the sentences of fields told as a whole."""
    return {
        "verdict": _("Jawabannya dahulu {before}, kemudian {after}."),
        "level": _("Hukumannya dahulu {before}; kemudian {after}."),
        "code": _("Peraturan disiplin dahulu {before}, kemudian {after}."),
        "guide": _("Pedomannya dahulu {before}, kemudian {after}."),
        "oversight": _("Yang menangani dahulu {before}, kemudian {after}."),
    }


def _stated(field: Field, entries: tuple[Entry, ...], names: Mapping[str, str]) -> str:
    """Return one side of a field told as a whole."""
    if field != "level":
        return _all([_said(entry, names) for entry in entries]) or _("tidak ada")
    if len(entries) > 1:
        either = _either(str(entry) for entry in entries)
        return _("{levels} (bergantung pada tanggal pemeriksaan dan putusan)").format(levels=either)
    return _either(str(entry) for entry in entries) or _("tidak disebut")


def _either(levels: Iterable[str]) -> str:
    return _(" atau ").join(level_words(level) for level in levels)


def _all(words: Sequence[str]) -> str:
    """Return «a», «a dan b», «a, b, dan c»."""
    if len(words) > 2:  # noqa: PLR2004  (two need no comma)
        return _("{first}, dan {last}").format(first=", ".join(words[:-1]), last=words[-1])
    return _(" dan ").join(words)


def _joined(entries: Iterable[Entry], names: Mapping[str, str]) -> str:
    return "; ".join(_said(entry, names) for entry in entries)


def _said(entry: Entry, names: Mapping[str, str]) -> str:
    """Return one entry as people say it: an article with its source, the name of a source, a word of ours."""
    if isinstance(entry, Basis):
        return f"{names.get(entry.source, entry.source)}, {entry.article}"
    words = {
        "dilarang": verdict_words,
        "belum_pasti": verdict_words,
        "boleh": verdict_words,
        "kode_etik": track_words,
        "disiplin": track_words,
        "pidana": track_words,
        "administratif": track_words,
        "kasn": body_words,
        "bkn": body_words,
        "kemenpanrb": body_words,
        "bawaslu": body_words,
    }
    return words[entry](entry) if entry in words else names.get(entry, entry)


def body_words(body: str) -> str:
    """Return who handles a case, as people say it."""
    words = {
        "kasn": _("KASN"),
        "bkn": _("BKN"),
        "kemenpanrb": _("Kementerian PANRB"),
        "bawaslu": _("Bawaslu"),
    }
    return words[body]
