"""Events go in once, in order, chained; what cannot go in costs nobody else anything."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st
from sqlalchemy.event import listen

from netralitas.course import Course
from netralitas.record import GENESIS, Event, Given, broken_links
from netralitas.store import Moved, Outcome, Store, Unfit

from .conftest import Clock, at_once, given, stamp


def events(outcomes: Sequence[Outcome]) -> list[Event]:
    found = [one for one in outcomes if isinstance(one, Event)]
    assert len(found) == len(outcomes), outcomes
    return found


def test_an_event_is_stamped_numbered_and_chained(
    store: Store, people: list[str], course: Course, clock: Clock
) -> None:
    opened = events(store.append([stamp(people[0], given("opened"))], course))[0]
    answered = events(store.append([stamp(people[0], given(after=opened.seq))], course))[0]
    assert (opened.seq, answered.seq) == (1, 2)
    assert opened.learner == people[0]
    assert opened.site == store.meta("site")
    assert opened.received_at.tzinfo is UTC
    assert opened.received_at <= clock.now
    assert broken_links([opened, answered]) == []
    assert opened.chain != GENESIS


def test_the_chain_recomputes_from_what_is_stored(store: Store, people: list[str], course: Course) -> None:
    result = {
        "float": 0.1 + 0.2,
        "one": 1.0,
        "big": 12345678901234567,
        "é": "\u0000 «ya» \U0001f600",
        "t": ("x",),
        "n": None,
    }
    wita = datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=8)))
    first = given("opened", given_at=wita, result=result)
    given_back = events(store.append([stamp(people[0], first)], course))
    given_back += events(store.append([stamp(people[0], given(after=1, given_at=None))], course))
    read = store.events_of(people[0])
    assert read == given_back
    assert broken_links(read) == []
    assert read[0].given_at == wita
    assert store.verify_chains() == []


def test_a_browsers_impossible_time_does_not_lose_the_answer(
    store: Store, people: list[str], course: Course
) -> None:
    far = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))
    naive = datetime(2026, 3, 2, 8)  # noqa: DTZ001
    batch = [stamp(people[n], given("opened", given_at=at)) for n, at in enumerate((far, naive))]
    one, two = events(store.append(batch, course))
    assert one.given_at is None
    assert two.given_at == naive.replace(tzinfo=UTC)
    assert store.verify_chains() == []


def test_sent_twice_it_counts_once(store: Store, people: list[str], course: Course) -> None:
    opening = given("opened")
    answer = given(after=1)
    first = events(store.append([stamp(people[0], opening), stamp(people[0], answer)], course))
    again = events(store.append([stamp(people[0], answer), stamp(people[0], answer)], course))
    assert again == [first[1], first[1]]
    assert len(store.events_of(people[0])) == 2
    assert store.progress_of(people[0])["a"].answered == 1


def test_twice_in_one_batch_counts_once(store: Store, people: list[str], course: Course) -> None:
    opening = stamp(people[0], given("opened"))
    one, two = events(store.append([opening, opening], course))
    assert one == two
    assert len(store.events_of(people[0])) == 1


def test_what_stands_is_read_of_every_learner_and_module(
    store: Store, people: list[str], course: Course
) -> None:
    """One batch with an event sent before, new ones in two modules, and another learner's."""
    me, other, _nobody = people
    first = [
        stamp(me, given("opened")),
        stamp(me, given(after=1)),
        stamp(me, given("opened", object="quiz/b")),
        stamp(me, given(after=3, object="quiz/b/k1")),
        stamp(other, given("opened")),
    ]
    stored = events(store.append(first, course))
    batch = [
        first[1],
        first[3],
        stamp(me, given(after=2)),
        stamp(me, given(after=4, object="quiz/b/k2")),
        stamp(other, given(after=1)),
    ]
    assert [one.seq for one in events(store.append(batch, course))] == [2, 4, 5, 6, 2]
    assert store.append(batch[:2], course) == [stored[1], stored[3]]
    counted = {module: found.answered for module, found in store.progress_of(me).items()}
    assert counted == {"a": 2, "b": 2}
    assert store.progress_of(other)["a"].answered == 1
    assert store.verify_chains() == []
    assert store.rebuild(course).rows_changed == 0


def test_many_first_answers_cost_the_statements_of_one_and_read_no_table_whole(
    store: Store, people: list[str], course: Course, dialect: str
) -> None:
    store.append([stamp(people[0], given())], course)
    heard: list[tuple[str, Any]] = []
    listen(store.engine, "before_cursor_execute", lambda *words: heard.append(words[2:4]))
    assert len(events(store.append([stamp(one, given()) for one in people[1:]], course))) == 2
    assert len(heard) == {"sqlite": 5, "postgresql": 6}[dialect]
    explain, whole = {
        "sqlite": ("EXPLAIN QUERY PLAN", r"SCAN (event|progress|draft)\b"),
        "postgresql": ("EXPLAIN", r"Seq Scan on (event|progress)\b"),
    }[dialect]
    asked = [one for one in heard if one[0].startswith("SELECT")]
    with store.reading() as connection:
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"{explain} {statement}", values).all()
            assert not re.search(whole, str(plan)), plan


def test_two_learners_may_send_the_same_id(store: Store, people: list[str], course: Course) -> None:
    opening = given("opened")
    one, two = events(store.append([stamp(people[0], opening), stamp(people[1], opening)], course))
    assert (one.learner, two.learner) == (people[0], people[1])


def test_an_attempt_that_has_moved_on_refuses(store: Store, people: list[str], course: Course) -> None:
    me = people[0]
    events(store.append([stamp(me, given("opened")), stamp(me, given(after=1))], course))
    late = stamp(me, given(after=1))
    assert store.append([late], course) == [Moved(2)]
    assert store.append([stamp(me, given(after=3))], course) == [Moved(2)]
    assert len(store.events_of(me)) == 2
    # The others of its batch commit.
    moved, other, mine = store.append(
        [late, stamp(people[1], given("opened")), stamp(me, given(after=2))], course
    )
    assert moved == Moved(2)
    assert isinstance(other, Event)
    assert isinstance(mine, Event)


def test_attempts_open_one_after_the_other(store: Store, people: list[str], course: Course) -> None:
    me = people[0]
    assert store.append([stamp(me, given("opened", attempt=2))], course) == [Moved(0)]
    events(store.append([stamp(me, given("opened"))], course))
    assert store.append([stamp(me, given("opened"))], course) == [Moved(1)]
    assert store.append([stamp(me, given("opened", attempt=3))], course) == [Moved(1)]
    events(store.append([stamp(me, given(after=1))], course))
    assert store.append([stamp(me, given("opened"))], course) == [Moved(2)]
    assert events(store.append([stamp(me, given("opened", attempt=2))], course))[0].seq == 3
    other = given("opened", object="scenario/s")
    assert events(store.append([stamp(me, other)], course))[0].seq == 4


def test_a_refusal_is_recorded_anywhere_and_moves_nothing(
    store: Store, people: list[str], course: Course
) -> None:
    me = people[0]
    events(
        store.append([stamp(me, given("opened")), stamp(me, given("refused", after=9, result={}))], course)
    )
    assert events(store.append([stamp(me, given(after=1))], course))[0].seq == 3
    assert store.verify_chains() == []


@pytest.mark.parametrize(
    "result",
    [
        {"x": float("nan")},
        {"x": "\ud800"},
        {"score": 1.0, "mark": "tujuh"},
        {"score": 1.0, "mark": 10**30},
    ],
)
def test_what_cannot_be_stored_costs_the_others_nothing(
    store: Store, people: list[str], course: Course, result: dict[str, object]
) -> None:
    one, two, _three = people
    events(store.append([stamp(one, given("opened")), stamp(two, given("opened"))], course))
    nobody = "f" * 32
    batch = [
        stamp(one, given(after=1, result=result)),
        stamp(two, given(after=1)),
        stamp(nobody, given("opened")),
    ]
    bad, good, unknown = store.append(batch, course)
    assert isinstance(bad, Unfit)
    assert isinstance(good, Event)
    assert isinstance(unknown, Unfit)
    assert len(store.events_of(one)) == 1
    assert events(store.append([stamp(one, given(after=1))], course))[0].seq == 2
    assert store.verify_chains() == []


def test_an_answer_ends_the_draft_of_its_quiz_alone(store: Store, people: list[str], course: Course) -> None:
    me = people[0]
    store.put_draft(me, "quiz/a", {"k1": ["a"]})
    store.put_draft(me, "quiz/a", {"k1": ["b"]})
    store.put_draft(me, "quiz/b", {"k1": ["c"]})
    store.put_draft(people[1], "quiz/a", {"k1": ["d"]})
    assert store.drafts_of(me) == {"quiz/a": {"k1": ["b"]}, "quiz/b": {"k1": ["c"]}}
    events(store.append([stamp(me, given("opened"))], course))
    assert store.drafts_of(me) == {"quiz/b": {"k1": ["c"]}}
    assert store.drafts_of(people[1]) == {"quiz/a": {"k1": ["d"]}}
    with pytest.raises(ValueError, match="surrogates"):
        store.put_draft(me, "quiz/a", {"k1": "\ud800"})


def test_many_writers_of_one_learner_make_one_chain(
    store: Store, url: str, people: list[str], course: Course
) -> None:
    me = people[0]

    def write(mine: Store, number: int) -> None:
        after, done = 0, 0
        while done < 5:
            one = given("rated", after=after, object=f"quiz/a/k{number}", result={})
            (outcome,) = mine.append([stamp(me, one)], course)
            if isinstance(outcome, Moved):
                after = outcome.current_seq
            else:
                after, done = events([outcome])[0].seq, done + 1

    at_once(write, store, url, 4)
    assert [one.seq for one in store.events_of(me)] == list(range(1, 21))
    assert store.verify_chains() == []
    assert store.rebuild(course).rows_changed == 0


def test_batches_of_many_learners_do_not_block_each_other_for_ever(
    store: Store, url: str, people: list[str], course: Course
) -> None:
    def write(mine: Store, number: int) -> None:
        order = people if number % 2 else people[::-1]
        for _round in range(5):
            batch = [stamp(one, given("refused", result={"n": number})) for one in order]
            events(mine.append(batch, course))

    at_once(write, store, url, 4)
    assert [len(store.events_of(one)) for one in people] == [20, 20, 20]
    assert store.verify_chains() == []


def test_the_same_event_from_two_servers_at_once_counts_once(
    store: Store, url: str, people: list[str], course: Course
) -> None:
    opening = stamp(people[0], given("opened"))
    answers = events(at_once(lambda mine, _number: mine.append([opening], course)[0], store, url, 6))
    assert len(answers) == 6
    assert all(one == answers[0] for one in answers)
    assert len(store.events_of(people[0])) == 1


STEP = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["opened", "answered", "marked", "chose", "ended", "refused", "again"]),
    st.sampled_from(["a", "b"]),
    st.integers(0, 6),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given_any(steps=st.lists(STEP, max_size=20), size=st.integers(1, 5))
def test_whatever_comes_the_record_holds(
    store: Store, people: list[str], course: Course, steps: list[tuple[int, str, str, int]], size: int
) -> None:
    """Idempotent, chained, counted as a replay would count it."""
    batch = [stamp(people[who], _any(kind, module, number)) for who, kind, module, number in steps]
    for at in range(0, len(batch), size):
        store.append(batch[at : at + size], course)
    before = [store.events_of(who) for who in people]
    projected = [store.progress_of(who) for who in people]
    ids = {(one.learner, one.id) for own in before for one in own}
    kept = [one for one in batch if (one.learner, one.given.id) in ids]
    events(store.append(kept, course))
    assert [store.events_of(who) for who in people] == before
    assert store.verify_chains() == []
    assert store.rebuild(course).rows_changed == 0
    assert [store.progress_of(who) for who in people] == projected


def _any(kind: str, module: str, number: int) -> Given:
    known = str(uuid.UUID(int=number + 1, version=4)) if kind == "again" else str(uuid.uuid4())
    extra: dict[str, dict[str, object]] = {
        "opened": {"verb": "opened", "attempt": number + 1, "object": f"quiz/{module}"},
        "answered": {"after": number},
        "marked": {"after": number, "result": {"score": 1.0, "mark": number * 15}},
        "chose": {"verb": "chose", "object": "scenario/s/s1", "after": number, "result": {"to": "s2"}},
        "ended": {"verb": "chose", "object": "scenario/s/s2", "after": number, "result": {"ending": "e1"}},
        "refused": {"verb": "refused", "result": {}},
        "again": {"verb": "rated", "object": f"quiz/{module}", "result": {}},
    }
    fields = {"id": known, "object": f"quiz/{module}/k1"} | extra[kind]
    return given(**fields)  # type: ignore[arg-type]
