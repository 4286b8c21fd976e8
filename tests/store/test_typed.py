"""What people type stands beside the chain: its digest is in the event, its text can be emptied."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import insert, select, text, update

from netralitas.course import Course
from netralitas.record import LONGEST_TYPED, Event, link
from netralitas.store import Moved, Store, Unfit
from netralitas.store.tables import event, typed

from .conftest import at_once, given, stamp

WORDS = "Netralitas itu «kewajiban» \U0001f600"


def answered(store: Store, me: str, course: Course, words: str = WORDS) -> Event:
    batch = [stamp(me, given("opened")), stamp(me, given(after=1, result={"answer": words, "score": 0.5}))]
    last = store.append(batch, course)[-1]
    assert isinstance(last, Event)
    return last


def test_a_typed_answer_enters_the_chain_as_a_digest(store: Store, people: list[str], course: Course) -> None:
    last = answered(store, people[0], course)
    assert last.said == WORDS
    with store.reading() as connection:
        rows = [str(row) for row in connection.execute(select(event)).all()]
        kept = connection.execute(select(typed)).one()
    assert "Netralitas itu" not in "".join(rows)
    assert (kept.learner, kept.seq, kept.text) == (people[0], 2, WORDS)
    assert last.result["answer"] == {"typed": last.typed.digest if last.typed else ""}
    assert store.events_of(people[0])[-1] == last
    assert store.standing(people[0], ["quiz/a"]).events[-1] == last
    assert [own[-1] for own in store.events_on("quiz/a")] == [last]
    assert store.verify_chains() == []


def test_the_same_text_has_another_digest_each_time(store: Store, people: list[str], course: Course) -> None:
    one, two = (answered(store, me, course) for me in people[:2])
    assert one.said == two.said
    assert one.result["answer"] != two.result["answer"]


def test_what_was_ticked_or_placed_stays_in_the_event(
    store: Store, people: list[str], course: Course
) -> None:
    for me, answer in zip(people, (["a", "b"], {"a": "2"}, ["c"]), strict=True):
        batch = [
            stamp(me, given("opened")),
            stamp(me, given(after=1, result={"answer": answer, "score": 1.0})),
        ]
        last = store.append(batch, course)[-1]
        assert isinstance(last, Event)
        assert (last.said, last.typed, last.result["answer"]) == (answer, None, answer)


def test_sent_twice_it_is_the_same_and_its_text_is_there(
    store: Store, people: list[str], course: Course
) -> None:
    me = people[0]
    sent = stamp(me, given(after=1, result={"answer": WORDS, "score": 1.0}))
    store.append([stamp(me, given("opened")), sent], course)
    (again,) = store.append([sent], course)
    assert isinstance(again, Event)
    assert again == store.events_of(me)[-1]
    assert again.said == WORDS


def test_emptied_the_chain_holds_and_the_score_stands(
    store: Store, people: list[str], course: Course
) -> None:
    me, other, _third = people
    before = [answered(store, who, course) for who in (me, other)]
    assert store.empty_typed(me, by=other) == 1
    (last,) = store.events_of(me)[1:]
    assert (last.said, last.typed, last.result) == (None, None, before[0].result)
    assert store.events_of(other)[-1].said == WORDS
    assert store.verify_chains() == []
    assert store.rebuild(course).rows_changed == 0
    assert [(row.who, row.act, row.subject, row.detail) for row in store.audit_rows(1)] == [
        (other, "typed.emptied", me, {"answers": 1})
    ]
    assert store.empty_typed(by=other) == 1
    assert store.empty_typed(by=other) == 0
    with store.reading() as connection:
        assert connection.execute(select(typed)).all() == []


def test_why_a_mark_was_changed_is_no_answer_and_stays(
    store: Store, people: list[str], course: Course
) -> None:
    me = people[0]
    answered(store, me, course)
    result = {"by": people[1], "reason": "Kunci salah.", "items": {}, "was": 50, "mark": 60, "counted": 60}
    change = given("regraded", after=2, object="quiz/a", result=result)
    store.append([stamp(me, change)], course)
    assert store.empty_typed(by=people[1]) == 1
    (found,) = store.regrades_of(me)
    assert found.said == "Kunci salah."
    assert "Kunci" not in str(found.result)


def test_a_text_put_in_place_of_another_is_found(store: Store, people: list[str], course: Course) -> None:
    answered(store, people[0], course)
    with store.writing() as connection:
        connection.execute(update(typed).values(text="lain"))
    assert store.verify_chains() == [(people[0], 2)]


def test_an_event_that_holds_its_text_itself_keeps_loading(
    store: Store, people: list[str], course: Course
) -> None:
    """As they were written before there was a table for it."""
    me = people[0]
    last = answered(store, me, course)
    old = last.model_copy(update={"seq": 3, "typed": None, "id": str(uuid.uuid4())})
    old = old.model_copy(update={"result": {"answer": WORDS, "score": 0.5}, "attempt": 2})
    old = old.model_copy(update={"chain": link(last.chain, old.model_dump(mode="json"))})
    with store.writing() as connection:
        connection.execute(insert(event), [old.model_dump(exclude={"typed"}) | {"root": old.root}])
    assert store.events_of(me)[-1].said == WORDS
    assert store.verify_chains() == []
    assert store.empty_typed(me, by=me) == 1
    assert store.events_of(me)[-1].said == WORDS


@pytest.mark.parametrize("words", ["x" * (LONGEST_TYPED + 1), "\ud800"])
def test_a_text_that_cannot_be_kept_costs_the_others_nothing(
    store: Store, people: list[str], course: Course, words: str
) -> None:
    me, other, _third = people
    batch = [
        stamp(me, given("opened")),
        stamp(me, given(after=1, result={"answer": words, "score": 0.0})),
        stamp(other, given("opened")),
    ]
    first, bad, good = store.append(batch, course)
    assert isinstance(first, Event)
    assert isinstance(bad, Unfit)
    assert isinstance(good, Event)
    assert store.verify_chains() == []


def test_the_longest_text_fits(store: Store, people: list[str], course: Course) -> None:
    words = "\U0001f600" * LONGEST_TYPED
    assert answered(store, people[0], course, words).said == words
    assert store.events_of(people[0])[-1].said == words


def test_what_one_amends_is_decided_where_nobody_else_writes(
    store: Store, url: str, people: list[str], course: Course
) -> None:
    """Six at once, each adds one to what it sees: none sees the same."""
    me = people[0]
    store.append([stamp(me, given("opened"))], course)

    def add(mine: Store, _number: int) -> int:
        def decide(events: list[Event]) -> list[object]:
            last = events[-1]
            return [given("rated", after=last.seq, result={"n": len(events)})]

        (done,) = mine.amend(me, "quiz/a", decide, course, session="uji")  # type: ignore[arg-type]
        return int(done.result["n"])

    assert sorted(at_once(add, store, url, 6)) == [1, 2, 3, 4, 5, 6]
    assert store.verify_chains() == []


def test_what_does_not_fit_is_raised_and_nothing_is_stored(
    store: Store, people: list[str], course: Course
) -> None:
    me = people[0]
    store.append([stamp(me, given("opened"))], course)
    batch = [given("rated", after=1, result={}), given("rated", after=1, result={})]
    with pytest.raises(ValueError, match="Moved"):
        store.amend(me, "quiz/a", lambda _events: batch, course, session="uji")
    assert len(store.events_of(me)) == 1
    assert store.amend(me, "quiz/a", lambda _events: [], course, session="uji") == []
    assert store.append([stamp(me, given(after=9))], course) == [Moved(1)]


def test_attempts_without_a_mark_are_found_by_when_they_were_opened(
    store: Store, people: list[str], course: Course
) -> None:
    me, done, late = people
    marked = given(after=1, result={"answer": ["a"], "score": 1.0, "mark": 50})
    store.append([stamp(me, given("opened")), stamp(done, given("opened")), stamp(done, marked)], course)
    start = store.events_of(me)[0].received_at
    store.append([stamp(me, given(after=1)), stamp(late, given("opened"))], course)
    middle = store.events_of(late)[0].received_at
    end = store.clock()
    assert sorted(store.unmarked("quiz/a", after=start, until=end)) == sorted([me, late])
    assert store.unmarked("quiz/a", after=start, until=middle) == [me]
    assert store.unmarked("quiz/a", after=middle, until=end) == [late]
    assert store.unmarked("quiz/b", after=start, until=end) == []


def test_opened_attempts_are_found_by_an_index(store: Store, dialect: str) -> None:
    query = (
        "SELECT learner FROM event WHERE verb = 'opened' AND root = 'quiz/a' "
        "AND received_at >= '2026-01-01' AND received_at < '2027-01-01'"
    )
    with store.reading() as connection:
        if dialect == "postgresql":
            # It reads small tables whole, unless it is asked not to.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "EXPLAIN " if dialect == "postgresql" else "EXPLAIN QUERY PLAN "
        assert "ix_event_opened" in str(connection.execute(text(plan + query)).all())
