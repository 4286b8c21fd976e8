"""What is past its term goes, nothing else does, and the audit log says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from netralitas.course import Course
from netralitas.store import Store, Terms, utc_now
from netralitas.store.tables import audit

from .conftest import Clock, Dump
from .test_persons import fill

TERMS = Terms(texts=730, sessions=30, audit=1825)
GONE = ("typed", "draft", "message", "message_read", "session", "activation_code")
OPEN = ("item_report", "correction")


def test_each_kind_goes_when_its_term_is_over_and_not_before(
    store: Store, course: Course, people: list[str], clock: Clock, dump: Callable[[], Dump]
) -> None:
    fill(store, course, people[0])
    before = dump()
    clock.turn(days=29)
    assert store.expire(TERMS) == {"texts": 0, "sessions": 0, "audit": 0}
    assert dump() == before
    # A session lasts seven days, a code fourteen.
    clock.turn(days=16)
    assert store.expire(TERMS) == {"texts": 0, "sessions": 2, "audit": 0}
    clock.turn(days=700)
    found = store.expire(TERMS)
    assert found["texts"] == 5
    after = dump()
    assert not any(after[name] for name in GONE)
    assert {name: after[name] for name in (*OPEN, "event", "progress", "placement", "role")} == {
        name: before[name] for name in (*OPEN, "event", "progress", "placement", "role")
    }
    assert "Bagus" not in str(after["published"])
    assert store.published_of(people[0])["quiz/a"].mark == 80
    assert store.verify_chains() == []
    assert store.expire(TERMS) == {"texts": 0, "sessions": 0, "audit": 0}
    assert [row.act for row in store.audit_rows(2)] == ["expired", "expired"]


def test_the_audit_log_loses_only_what_is_past_its_term(store: Store, clock: Clock) -> None:
    clock.now = utc_now() - timedelta(days=2000)
    count = select(func.count()).select_from(audit)
    store.note("test", "lama", "semua", {})
    old = store.ask(count)[0][0]
    clock.turn(days=1826)
    store.note("test", "baru", "semua", {})
    assert store.expire(TERMS)["audit"] == old
    assert {row.act for row in store.audit_rows(9)} == {"baru", "expired"}


def test_nobody_removes_what_is_younger_than_a_year(store: Store, clock: Clock) -> None:
    clock.now = utc_now() - timedelta(days=364)
    store.note("test", "muda", "semua", {})
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as connection:
        connection.execute(delete(audit))
    assert [row.act for row in store.audit_rows(9)] == ["muda"]
