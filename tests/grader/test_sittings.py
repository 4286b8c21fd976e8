"""Which attempts count, and what stands in the table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from grader.sittings import COLUMNS, WHICH, answers, chosen, finished, finished_by
from netralitas.quizzes import Quiz, attempts, score
from netralitas.tally import day_of

ME = f"{1:032x}"


def changed(event: Any, **result: Any) -> Any:
    return event.model_copy(update={"result": event.result | result})


def test_only_finished_attempts_are_sittings(record: Any, answered: Any) -> None:
    half = dict(list(answered("right").items())[:4])
    found = finished(record(ME, (1, answered("scant")), (2, half)))
    assert [one.number for one in found] == [1]
    assert finished([]) == []


def test_marks_and_scores_are_those_of_the_record(quiz: Quiz, record: Any, answered: Any) -> None:
    events = record(ME, (5, answered("greedy")))
    (found,) = finished(events)
    assert found.mark == attempts(quiz, events)[0].mark
    assert {one.item: one.score for one in found.answered} == {
        name: score(quiz.question(name), answer) for name, answer in answered("greedy").items()
    }


@pytest.mark.parametrize(
    ("which", "numbers"), [("first", [1]), ("best", [2]), ("last", [3]), ("all", [1, 2, 3])]
)
def test_one_attempt_of_a_learner_counts_or_all(record: Any, answered: Any, which: Any, numbers: Any) -> None:
    assert which in WHICH
    events = record(ME, (1, answered("scant")), (2, answered("right")), (3, answered("wrong")))
    assert [one.number for one in chosen(finished(events), which)] == numbers
    assert chosen([], which) == []


def test_of_equal_attempts_the_earliest_is_the_best(record: Any, answered: Any) -> None:
    events = record(ME, (1, answered("wrong")), (2, answered("right")), (3, answered("right")))
    assert [one.number for one in chosen(finished(events), "best")] == [2]


def test_the_table_knows_attempts_by_number_and_no_learner(record: Any, answered: Any) -> None:
    found = answers(
        [*finished(record(ME, (1, answered("right")))), *finished(record("f" * 32, (2, answered("wrong"))))]
    )
    assert tuple(found.columns) == COLUMNS
    assert sorted(found["attempt"].unique()) == [0, 1]
    assert len(found) == 20
    assert ME not in found.to_json()


def test_a_wrong_try_is_no_answer_and_certainty_is_kept(record: Any, answered: Any) -> None:
    events = record(ME, (1, answered("right")))
    again = changed(events[1], again=True, score=0.0)
    sure = changed(events[1], certainty="yakin", score=0.75)
    (found,) = finished([events[0], again, sure, *events[2:]])
    first = next(one for one in found.answered if one.item == events[1].object.rsplit("/", 1)[-1])
    assert (first.score, first.certainty) == (0.75, "yakin")
    assert len(found.answered) == 10


def test_a_day_has_what_was_over_by_then_with_the_marks_known_on_another(record: Any, answered: Any) -> None:
    events = record(ME, (1, answered("scant")))
    last, week = events[-1], timedelta(days=7)
    day, later = day_of(last.received_at), day_of(last.received_at + week)
    anew = last.model_copy(update={
        "id": "f" * 8 + last.id[8:], "verb": "regraded", "object": last.object.rsplit("/", 1)[0],
        "seq": last.seq + 1, "received_at": last.received_at + week, "result": {"mark": 99, "items": {}},
    })  # fmt: skip

    def marks(own: list[Any], *days: Any) -> list[int]:
        return [one.mark for one in finished_by(own, *days)]

    then = marks(events, day)
    assert then != [99]
    assert marks([*events, anew], day) == marks([*events, anew], day, day) == then
    assert marks([*events, anew], day, later) == marks([*events, anew], later) == [99]
    assert marks([*events, anew], later, day) == then
    assert marks(events, day - timedelta(days=1), later) == []
    # What got its first mark by a regrade, later, was not over on the day.
    assert marks([*events[:-1], anew], day, later) == []


def handed_in(events: list[Any], after: int) -> list[Any]:
    """The attempt's time was over after so many answers."""
    end = events[after].model_copy(
        update={"verb": "submitted", "object": events[0].object, "result": {"mark": 20}}
    )
    return [*events[:after], end]


def test_blanks_score_nothing_under_the_revision_others_answered(record: Any, answered: Any) -> None:
    full = record(ME, (1, answered("right")))
    (short,) = finished(handed_in(record("f" * 32, (1, answered("right"))), 4))
    assert (len(short.answered), len(short.blank)) == (3, 7)
    table = answers([*finished(full), short])
    blanks = table[table["attempt"].eq(1) & table["answer"].isna()]
    assert len(blanks) == 7
    assert blanks["score"].tolist() == [0.0] * 7
    # Nobody else: which revision they left blank is not known, so it is not said.
    assert len(answers([short])) == 3


def test_answers_of_two_revisions_are_never_mixed(record: Any, answered: Any) -> None:
    old = record(ME, (1, answered("right")))
    new = [
        event.model_copy(update={"revision": "1" * 16}) for event in record("f" * 32, (1, answered("right")))
    ]
    found = answers([*finished(old), *finished(new)])
    assert found.groupby(["item", "revision"]).size().tolist() == [1] * 20
