"""The pledge: points one after the other, each recorded once, the last one completes it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netralitas import content
from netralitas.course import Renewal
from netralitas.judge import judge, parse, shown
from netralitas.model import revision
from netralitas.pledges import ENDING, Pledge, Point, said, view
from netralitas.record import AnsweredError, Event, Given, RefusedError

KNOWN = content.load(Path(__file__).parent / "course")
PLEDGE = KNOWN.pledges["contoh-ikrar"]
FIRST, SECOND = (point.id for point in PLEDGE.points)
DAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


AGAIN = Renewal(version="2", because="Undang-undangnya berganti.")


def event(given: Given, seq: int) -> Event:
    stamp = {"learner": "0" * 32, "site": "uji", "seq": seq, "session": "uji", "chain": ""}
    at = DAY + timedelta(minutes=seq - 1)
    return Event.model_validate(given.model_dump() | stamp | {"received_at": at})


def pledged(
    *points: str, pledge: Pledge = PLEDGE, before: Sequence[Event] = (), renewal: Renewal | None = None
) -> list[Event]:
    events = [*before]
    for point in points:
        message = parse({"kind": "pledge", "event": str(uuid.uuid4()), "point": point})
        given = judge(pledge, events, message, renewal=renewal)  # type: ignore[arg-type]
        events.append(event(given, len(events) + 1))
    return events


def test_points_are_pledged_in_their_order_and_the_last_completes() -> None:
    events = pledged(FIRST, SECOND)
    assert [(one.verb, one.object, one.after) for one in events] == [
        ("pledged", f"pledge/contoh-ikrar/{FIRST}", 0),
        ("pledged", f"pledge/contoh-ikrar/{SECOND}", 1),
    ]
    assert [one.result for one in events] == [{}, {"ending": ENDING}]
    assert [one.revision for one in events] == [revision(point) for point in PLEDGE.points]


def test_none_is_pledged_out_of_turn_twice_or_unless_it_is_there() -> None:
    for point in (SECOND, "ketiga"):
        with pytest.raises(RefusedError, match="belum gilirannya"):
            pledged(point)
    with pytest.raises(AnsweredError):
        pledged(FIRST, FIRST)
    with pytest.raises(AnsweredError):
        pledged(FIRST, SECOND, SECOND)


@pytest.mark.parametrize("kind", ["open", "answer", "choose", "submit"])
def test_no_other_message_fits_a_pledge(kind: str) -> None:
    rest = {"answer": {"item": FIRST, "answer": ["a"]}, "choose": {"scene": FIRST, "choice": "a"}}
    message = parse({"kind": kind, "event": str(uuid.uuid4()), **rest.get(kind, {})})
    with pytest.raises(RefusedError):
        judge(PLEDGE, [], message)  # type: ignore[arg-type]


def test_a_page_shows_every_point_what_it_rests_on_and_when_it_was_pledged() -> None:
    cited = KNOWN.citations(PLEDGE.root)
    fresh = shown(PLEDGE, [], citations=cited, pass_mark=70)
    assert (fresh["status"], fresh["position"], fresh["closing"]) == ("new", 0, None)
    assert [point["at"] for point in fresh["points"]] == [None, None]
    assert fresh["points"][0]["basis"] == ["PP Contoh: Pasal 1"]
    half = view(PLEDGE, pledged(FIRST), citations=cited)
    assert (half["status"], half["points"][0]["at"]) == ("running", DAY.isoformat())
    whole = view(PLEDGE, pledged(FIRST, SECOND), citations=cited)
    assert (whole["status"], whole["closing"]) == ("finished", PLEDGE.closing)


def test_words_that_changed_afterwards_are_told_and_what_was_pledged_stands() -> None:
    events = pledged(FIRST)
    told = PLEDGE.points[0].model_dump() | {"text": "Saya menepati bunyi yang baru."}
    first = Point.model_validate(told)
    changed = PLEDGE.model_copy(update={"points": (first, *PLEDGE.points[1:])})
    points = view(changed, events, citations={})["points"]
    assert (points[0]["at"], points[0]["changed"]) == (DAY.isoformat(), True)
    assert [one.point for one in said(changed, events)] == [FIRST]


def test_a_point_taken_out_afterwards_lets_the_rest_be_pledged() -> None:
    events = pledged(FIRST)
    shorter = PLEDGE.model_copy(update={"points": PLEDGE.points[1:]})
    message = parse({"kind": "pledge", "event": str(uuid.uuid4()), "point": SECOND})
    given = judge(shorter, events, message)  # type: ignore[arg-type]
    assert (given.after, given.result) == (1, {"ending": ENDING})


def test_a_renewal_asks_for_every_point_once_more_and_what_was_said_stands() -> None:
    events = pledged(FIRST, SECOND)
    asked = view(PLEDGE, events, citations={}, renewal=AGAIN)
    assert (asked["status"], [point["at"] for point in asked["points"]]) == ("new", [None, None])
    told = {"before": events[1].received_at.isoformat(), "because": AGAIN.because}
    assert asked["renewed"] == told
    half = pledged(FIRST, before=events, renewal=AGAIN)
    assert (half[2].attempt, half[2].after, half[2].result) == (2, 0, {})
    assert view(PLEDGE, half, citations={}, renewal=AGAIN)["renewed"] == told
    with pytest.raises(AnsweredError):
        pledged(FIRST, before=half, renewal=AGAIN)
    whole = pledged(SECOND, before=half, renewal=AGAIN)
    assert (whole[3].attempt, whole[3].after) == (2, 3)
    assert whole[3].result == {"ending": ENDING, "rule": "2"}
    shown_now = view(PLEDGE, whole, citations={}, renewal=AGAIN)
    assert shown_now["status"] == "finished"
    assert [point["at"] for point in shown_now["points"]] == [
        one.received_at.isoformat() for one in whole[2:]
    ]


def test_a_renewal_is_asked_for_once_and_only_of_who_had_finished() -> None:
    started = pledged(FIRST)
    first_time = pledged(SECOND, before=started, renewal=AGAIN)
    assert {one.attempt for one in first_time} == {1}
    assert view(PLEDGE, first_time, citations={}, renewal=AGAIN)["status"] == "finished"
    later = Renewal(version="3")
    assert view(PLEDGE, first_time, citations={}, renewal=later)["status"] == "new"
    # Said under this version before a pledge noted it, the completion it led to tells.
    old = pledged(FIRST, SECOND)
    led = old[1].model_copy(update={"result": {"ending": ENDING, "completed": {"rule": "3", "course": True}}})
    assert view(PLEDGE, [old[0], led], citations={}, renewal=later)["status"] == "finished"
