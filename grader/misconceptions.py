"""Which wrong options people choose, those they are sure of first, with the act each item is about.

    first finished attempt of everybody ─► wrong options of today's items ─► how many chose, how many sure

Pure. Nobody is named; where it is shared, numbers are rounded each for itself, fewer than five are not told,
and the people who answered an item come in by fives and more (`masking.entered`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from netralitas.flow import share_of
from netralitas.law import Act
from netralitas.masking import entered, rounded
from netralitas.quizzes import Quiz
from netralitas.record import Event
from netralitas.reports import require_shape, signed

from .answered import Answers, collected, option_words, until, until_of
from .grouping import EVERYBODY, Groups
from .item_kinds import options


def document(
    quizzes: Iterable[tuple[Quiz, Iterable[Sequence[Event]]]],
    acts: Mapping[str, Act],
    *,
    as_of: date,
    shared: bool,
    content: str,
    known_on: date | None = None,
    under: str = "",
    groups: Groups = EVERYBODY,
    command: str = "",
) -> dict[str, Any]:
    """Return the report on quizzes and the events of each learner on them as JSON-like data (see `reports`).

    `under` is the unit they are of, empty for everybody; `known_on` as in `finished_by`; each of `groups` has
    rows of its own, its name `group` in front. Rows: `name` (quiz and item), `option` in its
    words, `rules` (id and title of each act), `people` who answered the item, who `chose` the option, their
    `share`, who were `sure`. Raises ReportError.
    """
    if shared:
        require_shape(as_of, known_on, by=groups.by, under=under)
    rows = [
        groups.headed(group, row)
        for quiz, records in quizzes
        for group, answers in collected(quiz, records, as_of, known_on, groups).items()
        for row in _rows(quiz, answers, acts, as_of, shared=shared)
    ]
    rows.sort(key=_most_sure)
    body = {
        "report": "misconceptions",
        "as_of": as_of.isoformat(),
        "known_on": (known_on or as_of).isoformat(),
        "by": groups.by or None,
        "content": content,
        "under": under or None,
        "shared": shared,
        "rows": rows,
        "total": None,
    }
    return signed(body, command)


def _most_sure(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row.get("group", ""), -(row["sure"] or 0), -row["chose"], row["name"], row["option"]


def _rows(
    quiz: Quiz, answers: Mapping[str, Answers], acts: Mapping[str, Act], as_of: date, *, shared: bool
) -> Iterable[dict[str, Any]]:
    told = rounded if shared else _exact
    for name, given in answers.items():
        question = quiz.question(name)
        last = entered(given.people, as_of) if shared else date.max
        if last is None:
            continue
        people, words = told(until(given.people.items(), last)), option_words(question)
        for letter in (one for one, right in options(question).items() if not right):
            chose = told(until_of(given.chose, letter, last))
            if people and chose:
                yield {
                    "name": f"{quiz.id}/{name}",
                    "option": words[letter],
                    "rules": "; ".join(f"{act}: {acts[act].title}" for act in question.rules),
                    "people": people,
                    "chose": chose,
                    "share": share_of(chose, people),
                    "sure": told(until_of(given.sure, letter, last)),
                }


def _exact(count: int) -> int | None:
    return count
