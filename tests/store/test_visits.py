"""A visit says in one query who asks: the session, the person, their place and roles, their last event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from netralitas.course import Course
from netralitas.store import NOTICE, Store

from .conftest import TODAY, Clock, line, roster
from .test_progress import finish

UNIT = "Dinas Contoh / SMPN Contoh 1"
Asked = Callable[[], list[str]]


@pytest.fixture
def asked(store: Store) -> Asked:
    """The statements since the last look."""
    heard: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *words: heard.append(words[2]))

    def look() -> list[str]:
        found = heard.copy()
        heard.clear()
        return found

    return look


def test_a_tab_is_known_by_its_session_alone(store: Store, people: list[str], course: Course) -> None:
    me, other, _nobody = people
    token = store.open_session(me)
    finish(store, other, course)
    visit = store.visit(token, person=False)
    assert visit
    assert visit.session == store.session(token)
    assert (visit.session.learner, visit.account, visit.roles) == (me, None, ())
    assert store.last_seq(me) == 0
    finish(store, me, course)
    again = store.visit(token, person=False)
    assert again
    assert again == visit
    assert store.last_seq(me) == 4


def test_a_person_comes_with_account_and_roles(store: Store, people: list[str], course: Course) -> None:
    me, plain, _nobody = people
    for role, unit in (("trainer", None), ("agency", UNIT), ("agency", "Dinas Contoh")):
        assert store.grant(me, role, unit, "cli")
    finish(store, me, course)
    visit = store.visit(store.open_session(me))
    assert visit
    assert visit.account == store.account(me)
    assert visit.roles == store.roles_of(me)
    assert visit.notice is None
    store.put_notice(me)
    again = store.visit(store.open_session(me))
    assert again
    assert again.notice == NOTICE
    assert [(role.role, role.unit) for role in visit.roles] == [
        ("trainer", None),
        ("agency", UNIT),
        ("agency", "Dinas Contoh"),
    ]
    assert store.last_seq(me) == 4
    visit = store.visit(store.open_session(plain))
    assert visit
    assert (visit.account, visit.roles) == (store.account(plain), ())
    assert store.last_seq(plain) == 0


def test_who_left_the_roster_still_has_an_account(store: Store, people: list[str], course: Course) -> None:
    rest = roster(line(0), line(1))
    store.import_roster(rest, course, today=TODAY + timedelta(days=1), by="test", complete=1, sure=True)
    visit = store.visit(store.open_session(people[2]))
    assert visit
    assert visit.account
    assert (visit.account.unit, visit.account.instansi, visit.account.zone) == (None, None, "WIB")


@pytest.mark.parametrize("person", [True, False])
def test_a_visit_is_one_query_and_a_use_of_the_session(
    store: Store, people: list[str], clock: Clock, asked: Asked, person: bool
) -> None:
    token = store.open_session(people[0])
    assert store.visit(token + "x", person=person) is None
    asked()
    assert store.visit(token, person=person)
    assert len(asked()) == 1
    clock.turn(hours=11)
    assert store.visit(token, person=person)
    clock.turn(hours=11)
    assert store.visit(token, person=person)
    clock.turn(hours=12)
    assert store.visit(token, person=person) is None
