"""Scoring: what an answer is worth, by one pure function for all kinds; and what is right in it, in counts.

    (item, answer)  ──score──►  0 … 1

The widget, the site and the hidden nbgrader test call the same `score`. It is total: whatever an answer
holds, it scores and never raises; `fault` says what of it a learner could not have given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

from . import ratings
from .items import (
    STEPS,
    Classification,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    Question,
    Rating,
    Reply,
    ShortText,
    SingleChoice,
    TrueFalse,
    folded,
)

LONGEST_TEXT = 120
"""Letters of a short answer."""
_LONGEST_NUMBER = 30

_THOUSANDS = re.compile(r"[+-]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")


def score(question: Question, answer: Reply | Collection[str]) -> float:
    """Return the score of an answer between 0 and 1, to four decimals.

    A blank scores 0, the key 1; unknown letters, rows and columns count as wrong; the order in which rows
    were filled in never matters. Partial credit by kind:

    - one choice, true/false: 1 for the key, else 0;
    - several choices: right ticks less wrong ticks, over the number of keys, never below 0;
    - matching, classification: the share of rows that have their own column;
    - ordering: the share of pairs that stand in the right order; the reverse of the key scores 0;
    - rating: how much nearer the key than blind guessing, as in a story (`ratings.score`): guessing earns ¼
      at most in expectation, and a rating that is not whole nothing;
    - number: 1 within the tolerance, else 0;
    - short text: 1 for an accepted text, ½ for a half accepted one, both as `folded`;
    - written: 0, because people mark it.
    """
    if isinstance(question, SingleChoice | TrueFalse | MultipleChoice):
        points = _ticked(question, answer)
    elif isinstance(question, Matching | Classification):
        points = _placed(question.key, answer)
    elif isinstance(question, Ordering):
        points = _ordered(question.key, answer)
    elif isinstance(question, Rating):
        points = _rated(question.key, answer)
    elif isinstance(question, Number):
        points = _near(question, answer)
    elif isinstance(question, ShortText):
        points = _said(question, answer)
    else:
        points = 0.0
    return round(points, 4)


def _ticked(question: SingleChoice | TrueFalse | MultipleChoice, answer: object) -> float:
    if isinstance(answer, str | Mapping) or not isinstance(answer, Collection):
        return 0.0
    ticked, key = set(answer), set(question.key)
    if not isinstance(question, MultipleChoice):
        return 1.0 if ticked == key else 0.0
    return max(0, len(ticked & key) - len(ticked - key)) / len(key)


def _placed(key: Mapping[str, str], answer: object) -> float:
    if not isinstance(answer, Mapping):
        return 0.0
    right = sum(1 for row, column in key.items() if answer.get(row) == column)
    return right / len(key)


def _ordered(key: tuple[str, ...], answer: object) -> float:
    if isinstance(answer, str | Mapping | set | frozenset) or not isinstance(answer, Collection):
        return 0.0
    place: dict[str, int] = {}
    for at, name in enumerate(answer):
        place.setdefault(name, at)
    pairs = list(combinations(key, 2))
    right = sum(a in place and b in place and place[a] < place[b] for a, b in pairs)
    return right / len(pairs)


def _rated(key: Mapping[str, int], answer: object) -> float:
    if not isinstance(answer, Mapping):
        return 0.0
    return ratings.score(key, {row: int(step) for row in key if (step := answer.get(row)) in STEPS})


def _near(question: Number, answer: object) -> float:
    given = number(answer, question.unit) if isinstance(answer, str) else None
    if given is None:
        return 0.0
    far = abs(given - Decimal(str(question.key)))
    return 1.0 if far <= Decimal(str(question.tolerance)) else 0.0


def _said(question: ShortText, answer: object) -> float:
    if not isinstance(answer, str) or len(answer) > LONGEST_TEXT:
        return 0.0
    said = folded(answer)
    if said in {folded(text) for text in question.key}:
        return 1.0
    return 0.5 if said in {folded(text) for text in question.half} else 0.0


def number(text: str, unit: str = "") -> Decimal | None:
    """Return the number of a typed text, None where it is none.

    As Indonesians write: the comma begins the decimals («0,5»), dots part thousands («1.588» is 1588). A
    single dot that cannot part thousands begins decimals («0.5», «12.75»). Spaces do not count; the item's
    unit may stand behind the number.
    """
    if len(text) > _LONGEST_NUMBER + len(unit):
        return None
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("\u2212", "-")
    tail = "".join(unicodedata.normalize("NFKC", unit).casefold().split())
    plain = plain.removesuffix(tail) if tail else plain
    if _THOUSANDS.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", "."))
    return Decimal(plain) if _POINT.fullmatch(plain) else None


def written_number(value: float) -> str:
    """Return a number as Indonesians write it: `1588.5` → `1.588,5`."""
    whole, _dot, rest = f"{Decimal(str(value)):,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


def fault(question: Question, answer: Reply) -> str:
    """Return why a learner cannot have given an answer by the page, empty where they can.

    The text is for the record and holds nothing of the answer.
    """
    rows = {row.id for row in question.rows}
    told = "soal ini dinilai orang"
    if isinstance(question, SingleChoice | TrueFalse | MultipleChoice):
        told = _letters_fault(question, answer, rows)
    elif isinstance(question, Ordering):
        sound = isinstance(answer, tuple) and _once(answer, rows) and len(answer) == len(rows)
        told = "" if sound else "urutan tidak lengkap"
    elif isinstance(question, Matching | Classification | Rating):
        columns = STEPS if isinstance(question, Rating) else tuple(one.id for one in question.columns)
        told = "isian tidak lengkap"
        if isinstance(answer, Mapping) and set(answer) == rows:
            told = "" if set(answer.values()) <= set(columns) else "pilihan tidak dikenal"
    elif isinstance(question, Number):
        sound = isinstance(answer, str) and number(answer, question.unit) is not None
        told = "" if sound else "bukan bilangan"
    elif isinstance(question, ShortText):
        sound = isinstance(answer, str) and len(answer) <= LONGEST_TEXT and bool(folded(answer))
        told = "" if sound else "bukan jawaban singkat"
    return told


def _letters_fault(question: Question, answer: Reply, known: set[str]) -> str:
    if not isinstance(answer, tuple) or not answer or not _once(answer, known):
        return "pilihan tidak dikenal"
    several = isinstance(question, MultipleChoice)
    return "" if several or len(answer) == 1 else "hanya satu pilihan yang diminta"


def _once(answer: tuple[str, ...], known: set[str]) -> bool:
    return len(set(answer)) == len(answer) and set(answer) <= known


def key_reply(question: Any) -> Reply:
    """Return the answer that scores 1, as a page would send it. Of items that are scored only."""
    if isinstance(question, Number):
        return written_number(question.key)
    if isinstance(question, ShortText):
        return str(question.key[0])
    if isinstance(question.key, Mapping):
        return {row: str(column) for row, column in question.key.items()}
    return settled(question, tuple(question.key))


def settled(question: Question, answer: Reply) -> Reply:
    """Return an answer in its one form: ticks sorted, rows in the item's order, text without outer spaces."""
    if isinstance(answer, str):
        return answer.strip()
    if isinstance(answer, Mapping):
        return {row.id: answer[row.id] for row in question.rows if row.id in answer}
    return tuple(answer) if isinstance(question, Ordering) else tuple(sorted(answer))


def tally(question: Question, answer: Reply) -> tuple[int, int] | None:
    """Return how many of how many parts are right, None where an item has no parts.

    Parts are the keys of several choices, the rows of a matching, classification or rating, and the places
    of an ordering.
    """
    if isinstance(question, MultipleChoice):
        return (len(set(answer) & set(question.key)), len(question.key))
    if isinstance(question, Ordering):
        right = sum(a == b for a, b in zip(answer, question.key, strict=False))
        return (right, len(question.key))
    if isinstance(question, Matching | Classification | Rating) and isinstance(answer, Mapping):
        right = sum(answer.get(row) == str(column) for row, column in question.key.items())
        return (right, len(question.key))
    return None
