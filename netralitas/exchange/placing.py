"""Each row has its column: matching, classification, and a rating, whose columns are its four steps. Pure.

For Moodle all three are matching; a column no row has stands there without a left side. Which of our kinds
it is follows from our note, else from the right sides: the four steps are a rating, a side that comes twice
makes a classification.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from netralitas.i18n import _
from netralitas.quizzes import Choice, Classification, Column, Matching, Rating

from .bank import Foreign, Pair
from .common import Taken, letters, noted, out, unspelled

STEPS = ("Sangat tidak tepat", "Kurang tepat", "Cukup tepat", "Sangat tepat")
"""The steps of a rating from 1 to 4, in the words the page shows."""

_FIELDS = {"matching": ("left", "right"), "classification": ("entries", "categories")}
_MOST_ROWS = {"matching": 8, "classification": 12, "rating": 8}
_MOST_COLUMNS = {"matching": 10, "classification": 6, "rating": len(STEPS)}


class _Columns(NamedTuple):
    """The column of each pair, the texts of all in the order they are shown in, and what was lost."""

    names: list[str]
    texts: dict[str, str]
    lost: tuple[str, ...] = ()


def matching_out(question: Matching) -> Foreign:
    """Pairs in the order of the left side."""
    return _out(question, question.left, question.right, question.key)


def classification_out(question: Classification) -> Foreign:
    """Pairs, of which several may have the same right side."""
    return _out(question, question.entries, question.categories, question.key)


def rating_out(question: Rating) -> Foreign:
    """Each option with the experts' step; being near counts only here."""
    steps = [Column(id=str(step), text=text) for step, text in enumerate(STEPS, start=1)]
    return _out(question, question.options, steps, {row: str(step) for row, step in question.key.items()})


def _out(
    question: Matching | Classification | Rating,
    rows: Sequence[Choice],
    columns: Iterable[Column],
    key: Mapping[str, str],
) -> Foreign:
    texts = {column.id: column.text for column in columns}
    used = [key[row.id] for row in rows]
    spare = [name for name in texts if name not in used]
    left = [*(row.text for row in rows), *("" for _one in spare)]
    pairs = tuple(
        Pair(left=text, right=texts[name]) for text, name in zip(left, [*used, *spare], strict=True)
    )
    own: dict[str, Any] = {
        "letters": [row.id for row in rows],
        "feedback": {row.id: row.feedback for row in rows},
    }
    if question.kind != "rating":  # whose columns are always the same
        own |= {"columns": [*used, *spare], "order": list(texts)}
    return out(question, own, qtype="match", pairs=pairs)


def match_in(foreign: Foreign) -> Taken:
    """Take pairs as the kind they are; the replies to each row are ours alone."""
    rows = [pair for pair in foreign.pairs if pair.left]
    pairs = [*rows, *(pair for pair in foreign.pairs if pair.right and not pair.left)]
    columns = _columns(foreign, [pair.right for pair in pairs], len(rows))
    kind, lost = _kind(foreign, pairs, columns.names[: len(rows)])
    most, many = _MOST_ROWS[kind], _MOST_COLUMNS[kind]
    if not (2 <= len(rows) <= most and 2 <= len(columns.texts) <= many):  # noqa: PLR2004  (nothing to place)
        told = _("ada {n} isi kiri dan {m} isi kanan, yang dapat dibawa 2–{most} dan 2–{many}; soal dilewati")
        return Taken(None, (told.format(n=len(rows), m=len(columns.texts), most=most, many=many),))
    names, renamed = letters(foreign, len(rows))
    replies = _replies(foreign) if "letters" in foreign.own and not renamed else {}
    listed = [
        {"id": name, "text": row.left, "feedback": replies.get(name, "")}
        for name, row in zip(names, rows, strict=True)
    ]
    if kind == "rating":
        key = {name: STEPS.index(row.right) + 1 for name, row in zip(names, rows, strict=True)}
        return Taken({"kind": kind, "options": listed, "key": key}, (*lost, *renamed))
    left, right = _FIELDS[kind]
    heads = [{"id": name, "text": text} for name, text in columns.texts.items()]
    raw = {"kind": kind, left: listed, right: heads, "key": dict(zip(names, columns.names, strict=False))}
    return Taken(raw, (*lost, *renamed, *columns.lost))


def _replies(foreign: Foreign) -> dict[str, str]:
    told = foreign.own.get("feedback")
    return {name: str(text) for name, text in told.items()} if isinstance(told, dict) else {}


def _kind(foreign: Foreign, pairs: Sequence[Pair], used: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return our kind of some pairs, and the loss where they no longer are what they were."""
    told = str(foreign.own.get("kind"))
    shared = len(set(used)) < len(used)
    if told == "classification" or (told == "matching" and not shared):
        return told, ()
    if told != "matching" and {pair.right for pair in pairs} == set(STEPS):
        return "rating", ()
    kind = "classification" if shared else "matching"
    changed = _("isi kanan berubah: jenis {old} menjadi {new}")
    return kind, (changed.format(old=told, new=kind),) if told in _MOST_ROWS else ()


def _columns(foreign: Foreign, rights: Sequence[str], rows: int) -> _Columns:
    """Return the columns of pairs: as we noted them where that still fits, else one for each text."""
    names, order = noted(foreign, "columns", len(rights)), foreign.own.get("order")
    if names is not None and isinstance(order, list) and sorted(set(names)) == sorted(map(str, order)):
        texts = dict(zip(names, rights, strict=True))
        if all(texts[name] == right for name, right in zip(names, rights, strict=True)):
            return _Columns(names, {name: texts[name] for name in map(str, order)})
    heads = list(dict.fromkeys(rights))
    width = len(str(len(heads)))
    # Where a column is shared, the order of names tells nothing.
    ordered = rows if len(set(rights[:rows])) == rows else 0
    given = unspelled(heads, [f"{n:0{width}}" for n in range(1, len(heads) + 1)], ordered)
    by_text = dict(zip(heads, given, strict=True))
    texts = {name: text for text, name in sorted(by_text.items(), key=lambda one: one[1])}
    lost = (_("isi kanan berubah: id-nya diberikan ulang"),) if "columns" in foreign.own else ()
    return _Columns([by_text[right] for right in rights], texts, lost)
