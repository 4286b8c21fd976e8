"""The promises of netralitas/overriding.py: another mark, named and reasoned, and the computed one again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from netralitas.attempts import attempts
from netralitas.overriding import OverrideError, overriding, undoing
from netralitas.record import Event, Given, sealed
from netralitas.regrade import review
from tests.test_attempts import DAY, PLAIN, RIGHT, Sitting, set_up
from tests.test_regrade import changed, progress

BY = "b" * 32


def stored(one: Sitting, given: list[Given]) -> None:
    """Add events as the store would write them."""
    for found in given:
        result, typed = sealed(found.verb, found.result, "0" * 32)
        stamp = {"learner": "0" * 32, "site": "tes", "session": "situs", "chain": "0" * 64, "typed": typed}
        body = found.model_dump() | stamp | {"result": result, "seq": len(one.events) + 1}
        one.events.append(Event.model_validate(body | {"received_at": DAY + timedelta(days=30)}))


def override(one: Sitting, mark: int, number: int = 1, reason: str = "Listrik padam.") -> list[Given]:
    given = overriding(one.quiz, one.events, number=number, mark=mark, by=BY, reason=reason)
    stored(one, given)
    return given


def undo(one: Sitting) -> list[Given]:
    given = undoing(one.quiz, one.events, number=1, by=BY, reason="Salah orang.")
    stored(one, given)
    return given


def test_a_trainer_s_mark_stands_with_who_and_why_and_can_be_taken_back() -> None:
    one = Sitting(PLAIN)
    one.sit(RIGHT | {"k01": ["a"]})
    (event,) = override(one, 90)
    told = {"kind": "override", "by": BY, "reason": "Listrik padam.", "items": {}}
    assert event.result == told | {"was": 67, "mark": 90, "counted": 90}
    assert override(one, 80)
    (attempt,) = attempts(PLAIN, one.events)
    assert (attempt.mark, attempt.computed, progress(one.events).mark) == (80, 67, 80)
    view: Any = one.view()["regraded"][0]
    assert (view["kind"], view["was"], view["mark"], view["reason"]) == ("override", 90, 80, "Listrik padam.")
    # The scores stay, so the items say what they said.
    assert [row["score"] for row in one.view()["questions"] if row["id"] == "k01"] == [0.0]
    assert undo(one)
    (attempt,) = attempts(PLAIN, one.events)
    assert (attempt.mark, attempt.computed, progress(one.events).mark) == (67, None, 67)
    assert one.view()["regraded"][0]["kind"] == "undo"
    assert undo(one) == []


def test_the_same_mark_again_changes_nothing() -> None:
    one = Sitting(PLAIN)
    one.sit(RIGHT)
    assert override(one, 100) == []
    override(one, 40)
    assert override(one, 40) == []


def test_completion_is_brought_and_never_taken_away() -> None:
    one = Sitting(PLAIN)
    one.sit(RIGHT)
    before = progress(one.events)
    override(one, 10)
    after = progress(one.events)
    assert (after.mark, after.status, after.completed_at) == (10, before.status, before.completed_at)


def test_which_mark_counts_is_found_among_all_attempts() -> None:
    for counts, counted in (("best", 90), ("last", 90), ("first", 67)):
        one = Sitting(set_up(counts=counts))
        one.sit(RIGHT | {"k01": ["a"]})
        one.sit(RIGHT)
        override(one, 90, number=2)
        assert progress(one.events).mark == counted
        override(one, 20, number=2)
        assert progress(one.events).mark == {"best": 67, "last": 20, "first": 67}[counts]


def test_a_regrade_leaves_a_trainer_s_mark() -> None:
    one = Sitting(PLAIN)
    one.sit(RIGHT | {"k01": ["a"]})
    override(one, 90)
    found = review(changed(PLAIN, "k01", key=["a"]), one.events)
    assert (found.changes, [row.why for row in found.left]) == ((), ["nilainya diubah pelatih"])


@pytest.mark.parametrize(
    ("mark", "reason", "number"),
    [(101, "x", 1), (-1, "x", 1), (50, " \n", 1), (50, "x" * 501, 1), (50, "x", 2)],
)
def test_nonsense_is_refused_in_a_sentence(mark: int, reason: str, number: int) -> None:
    one = Sitting(PLAIN)
    one.sit(RIGHT)
    with pytest.raises(OverrideError, match=r"\.$"):
        override(one, mark, number, reason)


def test_an_attempt_that_runs_has_no_mark_to_change() -> None:
    one = Sitting(PLAIN)
    one.do(kind="open")
    with pytest.raises(OverrideError, match="belum punya nilai"):
        override(one, 50)
