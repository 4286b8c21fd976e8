"""Sessions: a random token, its hash in the store, two ends."""

from __future__ import annotations

from sqlalchemy import select

from netralitas.store import Store
from netralitas.store.tables import session

from .conftest import Clock


def test_a_session_says_whose_it_is(store: Store, people: list[str]) -> None:
    token = store.open_session(people[0])
    found = store.session(token)
    assert found
    assert found.learner == people[0]
    assert len(found.ref) == 16
    assert len(token) >= 43
    assert store.session(token + "x") is None
    assert store.open_session(people[0]) != token


def test_the_token_is_stored_nowhere(store: Store, people: list[str]) -> None:
    token = store.open_session(people[0])
    with store.reading() as connection:
        row = connection.execute(select(session)).one()
    assert token not in str(row)
    found = store.session(token)
    assert found
    assert row.token_hash.startswith(found.ref)


def test_an_idle_session_ends_after_12_hours(store: Store, people: list[str], clock: Clock) -> None:
    token = store.open_session(people[0])
    clock.turn(hours=11, minutes=59)
    assert store.session(token)
    clock.turn(hours=11, minutes=59)
    assert store.session(token)
    clock.turn(hours=12)
    assert store.session(token) is None


def test_a_busy_session_ends_after_7_days(store: Store, people: list[str], clock: Clock) -> None:
    token = store.open_session(people[0])
    for _visit in range(15):
        clock.turn(hours=11)
        assert store.session(token)
    clock.turn(hours=4)
    assert store.session(token) is None


def test_a_visit_is_written_at_most_once_a_minute(store: Store, people: list[str], clock: Clock) -> None:
    token = store.open_session(people[0])

    def seen() -> object:
        store.session(token)
        with store.reading() as connection:
            return connection.scalar(select(session.c.seen_at))

    first = seen()
    clock.turn(seconds=50)
    assert seen() == first
    clock.turn(seconds=20)
    assert seen() != first


def test_an_ended_session_is_over_and_others_go_on(store: Store, people: list[str]) -> None:
    one, two = store.open_session(people[0]), store.open_session(people[0])
    store.end_session(one)
    store.end_session("no such token")
    assert store.session(one) is None
    assert store.session(two)
