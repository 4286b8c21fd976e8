"""The item report as it may be shared: how many answered, how easy it was, what they chose.

    answered.collected ─► counts to a multiple of five, each for itself ─► one row an item

Pure. People come in by fives and more (`masking.entered`), fewer than five are not told, and a mean is as
coarse as a count. Of what `item_report` says, discrimination and reliability stay inside: they cannot be
rounded so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from netralitas.flow import percent, share_of
from netralitas.masking import coarse, entered, rounded
from netralitas.quizzes import Question, Quiz
from netralitas.record import Event
from netralitas.reports import require_shape, signed

from .answered import Answers, collected, option_words, until, until_of
from .grouping import EVERYBODY, Groups
from .item_kinds import options


def document(
    quizzes: Iterable[tuple[Quiz, Iterable[Sequence[Event]]]],
    *,
    as_of: date,
    content: str,
    known_on: date | None = None,
    under: str = "",
    groups: Groups = EVERYBODY,
    command: str = "",
) -> dict[str, Any]:
    """Return the report on quizzes and the events of each learner on them as JSON-like data (see `reports`).

    `under` is the unit they are of, empty for everybody; `known_on` is the day itself or None; each of
    `groups` has rows of its own, its name `group` in front. Rows: `name` (quiz and item), `prompt`, `options`
    (each in words, with ✓ where it is right, and its share), `people` who answered, `facility` (their mean
    score), who were `sure_wrong`. Items nobody may be told of are left out. Raises ReportError.
    """
    require_shape(as_of, known_on, by=groups.by, under=under)
    body = {
        "report": "items",
        "as_of": as_of.isoformat(),
        "known_on": (known_on or as_of).isoformat(),
        "by": groups.by or None,
        "content": content,
        "under": under or None,
        "shared": True,
        "rows": sorted(
            (
                groups.headed(group, row)
                for quiz, records in quizzes
                for group, answers in collected(quiz, records, as_of, known_on, groups).items()
                for row in _rows(quiz, answers, as_of)
            ),
            key=lambda row: str(row.get("group", "")),
        ),
        "total": None,
    }
    return signed(body, command)


def _rows(quiz: Quiz, answers: Mapping[str, Answers], as_of: date) -> Iterable[dict[str, Any]]:
    for name, given in answers.items():
        last = entered(given.people, as_of)
        people = rounded(until(given.people.items(), last)) if last else None
        if last and people:
            question = quiz.question(name)
            yield {
                "name": f"{quiz.id}/{name}",
                "prompt": question.prompt,
                "options": _options(question, given, last, people),
                "people": people,
                "facility": coarse(given.mean(last), people),
                "sure_wrong": rounded(until(given.sure_wrong.items(), last)),
            }


def _options(question: Question, given: Answers, last: date, people: int) -> str:
    words, right = option_words(question), options(question)
    shares = {one: share_of(rounded(until_of(given.chose, one, last)), people) for one in words}
    return "; ".join(f"{words[one]}{' ✓' if right[one] else ''} {percent(shares[one])}" for one in words)
