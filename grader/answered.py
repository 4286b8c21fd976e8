"""What was answered to the items of a quiz as they are worded today, by the month it was handed in.

    first finished attempt of everybody ─► Answers of each item in each group ─► counts up to a month

Pure. Nobody is in it: people are counted, by the end of the month their attempt ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import fsum

from netralitas.model import revision
from netralitas.quizzes import Question, Quiz
from netralitas.record import Event
from netralitas.tally import day_of, end_of_month

from .grouping import EVERYBODY, Groups
from .item_kinds import options, picked
from .sittings import chosen, finished_by

SURE = "yakin"


@dataclass
class Answers:
    """The answers to one item: how many people, their scores, the options they chose, and how surely."""

    people: Counter[date] = field(default_factory=Counter)
    scores: Counter[tuple[date, float]] = field(default_factory=Counter)
    chose: Counter[tuple[date, str]] = field(default_factory=Counter)
    sure: Counter[tuple[date, str]] = field(default_factory=Counter)
    sure_wrong: Counter[date] = field(default_factory=Counter)

    def mean(self, last: date) -> float:
        """Return the mean score of those who answered up to a day; there have to be some."""
        told = [(score, number) for (day, score), number in sorted(self.scores.items()) if day <= last]
        return fsum(score * number for score, number in told) / sum(number for _score, number in told)


def collected(
    quiz: Quiz,
    records: Iterable[Sequence[Event]],
    as_of: date,
    known_on: date | None = None,
    groups: Groups = EVERYBODY,
) -> dict[str, dict[str, Answers]]:
    """Return what each group had answered to each item by the end of a day, as known on another.

    `records` are each learner's events, `known_on` as in `finished_by`. Groups come in order.
    """
    today = {question.id: revision(question) for question in quiz.questions}
    kinds = {question.id: question.kind for question in quiz.questions}
    parts: dict[str, dict[str, Answers]] = {}
    for events in records:
        group = groups.name(events[0].learner)
        if group is None:
            continue
        found = parts.setdefault(group, {name: Answers() for name in today})
        for sitting in chosen(finished_by(events, as_of, known_on), "first"):
            month = end_of_month(day_of(sitting.ended))
            for one in sitting.answered:
                if today.get(one.item) != one.revision:
                    continue
                own = found[one.item]
                own.people[month] += 1
                own.scores[month, one.score] += 1
                letters = [(month, letter) for letter in picked(kinds[one.item], one.answer)]
                own.chose.update(letters)
                if one.certainty == SURE:
                    own.sure.update(letters)
                    own.sure_wrong[month] += one.score < 1
    return dict(sorted(parts.items()))


def option_words(question: Question) -> dict[str, str]:
    """Return the options of an item in words, by their labels."""
    texts = {row.id: row.text for row in question.rows} | {one.id: one.text for one in question.columns}
    return {
        label: ": ".join(texts.get(part, part) for part in label.split(" → ")) for label in options(question)
    }


def until(counts: Iterable[tuple[date, int]], last: date) -> int:
    """Return how many there are up to a day."""
    return sum(number for day, number in counts if day <= last)


def until_of(counts: Counter[tuple[date, str]], label: str, last: date) -> int:
    """Return how many of one label there are up to a day."""
    return until(((day, number) for (day, one), number in counts.items() if one == label), last)
