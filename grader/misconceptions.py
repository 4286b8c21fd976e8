"""Which wrong options people choose, those they are sure of first, with the act each item is about.

    first finished attempt of everybody ─► wrong options of today's items ─► how many chose, how many sure

Pure. Nobody is named; where it is shared, numbers are rounded each for itself, fewer than five are not told,
and the people who answered an item come in by fives and more (`masking.entered`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from netralitas.flow import share_of
from netralitas.law import Act
from netralitas.masking import entered, rounded
from netralitas.model import revision
from netralitas.quizzes import Question, Quiz
from netralitas.record import Event
from netralitas.reports import require_shape, signed
from netralitas.tally import day_of, end_of_month

from .item_kinds import options, picked
from .sittings import chosen, finished

SURE = "yakin"


@dataclass
class _Answers:
    """What was answered to one item, by the end of the month it was handed in."""

    people: Counter[date] = field(default_factory=Counter)
    chose: Counter[tuple[date, str]] = field(default_factory=Counter)
    sure: Counter[tuple[date, str]] = field(default_factory=Counter)


def document(
    quizzes: Iterable[tuple[Quiz, Iterable[Sequence[Event]]]],
    acts: Mapping[str, Act],
    *,
    as_of: date,
    shared: bool,
    content: str,
    command: str = "",
) -> dict[str, Any]:
    """Return the report on quizzes and the events of each learner on them as JSON-like data (see `reports`).

    Rows: `name` (quiz and item), `option` in its words, `rules` (id and title of each act), `people` who
    answered the item, who `chose` the option, their `share`, who were `sure`. Raises ReportError.
    """
    if shared:
        require_shape(as_of)
    rows = [row for quiz, records in quizzes for row in _rows(quiz, records, acts, as_of, shared=shared)]
    rows.sort(key=lambda row: (-(row["sure"] or 0), -row["chose"], row["name"], row["option"]))
    body = {
        "report": "misconceptions",
        "as_of": as_of.isoformat(),
        "content": content,
        "shared": shared,
        "rows": rows,
        "total": None,
    }
    return signed(body, command)


def _rows(
    quiz: Quiz, records: Iterable[Sequence[Event]], acts: Mapping[str, Act], as_of: date, *, shared: bool
) -> Iterable[dict[str, Any]]:
    told = rounded if shared else _exact
    for name, given in _collected(quiz, records, as_of).items():
        question = quiz.question(name)
        last = entered(given.people, as_of) if shared else date.max
        if last is None:
            continue
        people = told(_until(given.people.items(), last))
        for letter, text in _wrong(question).items():
            chose = told(_until(((day, n) for (day, one), n in given.chose.items() if one == letter), last))
            if people and chose:
                sure = _until(((day, n) for (day, one), n in given.sure.items() if one == letter), last)
                yield {
                    "name": f"{quiz.id}/{name}",
                    "option": text,
                    "rules": "; ".join(f"{act}: {acts[act].title}" for act in question.rules),
                    "people": people,
                    "chose": chose,
                    "share": share_of(chose, people),
                    "sure": told(sure),
                }


def _collected(quiz: Quiz, records: Iterable[Sequence[Event]], as_of: date) -> dict[str, _Answers]:
    """Return what was answered to the items as they are worded today."""
    today = {question.id: revision(question) for question in quiz.questions}
    kinds = {question.id: question.kind for question in quiz.questions}
    found = {name: _Answers() for name in today}
    for events in records:
        until = [one for one in events if day_of(one.received_at) <= as_of]
        for sitting in chosen(finished(until), "first"):
            month = end_of_month(day_of(sitting.ended))
            for one in sitting.answered:
                if today.get(one.item) != one.revision:
                    continue
                own = found[one.item]
                own.people[month] += 1
                letters = [(month, letter) for letter in picked(kinds[one.item], one.answer)]
                own.chose.update(letters)
                if one.certainty == SURE:
                    own.sure.update(letters)
    return found


def _wrong(question: Question) -> dict[str, str]:
    """Return the wrong options of an item in words, by their labels."""
    texts = {row.id: row.text for row in question.rows} | {one.id: one.text for one in question.columns}
    return {
        label: ": ".join(texts.get(part, part) for part in label.split(" → "))
        for label, right in options(question).items()
        if not right
    }


def _until(counts: Iterable[tuple[date, int]], last: date) -> int:
    return sum(number for day, number in counts if day <= last)


def _exact(count: int) -> int | None:
    return count
