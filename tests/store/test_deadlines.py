"""Deadlines: rows that stay, the newest known counts, each with who said it."""

from __future__ import annotations

from datetime import date

import pytest

from netralitas.course import Course
from netralitas.due import Deadlines, Due
from netralitas.store import Store, StoreError

from .conftest import TODAY, Clock, line, roster

MAY, JUNE, JULY = (date(2026, month, 10) for month in (5, 6, 7))
UNIT = "Dinas Contoh / SMPN Contoh 1"


def test_of_all_that_was_said_the_newest_holds(store: Store, people: list[str]) -> None:
    assert store.deadlines(MAY) == Deadlines(site=MAY)
    assert store.set_deadline("unit", UNIT, MAY, by="a")
    assert not store.set_deadline("unit", UNIT, MAY, by="a")
    assert store.set_deadline("unit", UNIT, JUNE, by="b")
    assert store.deadlines().units == {UNIT: JUNE}
    assert [(one.day, one.who) for one in store.deadlines_said("unit", UNIT)] == [(JUNE, "b"), (MAY, "a")]
    assert store.audit_rows(1)[0].detail == {"of": "unit", "day": "2026-06-10"}
    assert store.set_deadline("unit", UNIT, None, by="b")
    assert store.deadlines().units == {}
    assert not store.set_deadline("learner", people[0], None, by="b")


def test_a_cohort_s_day_is_its_members_while_they_are_in_it(
    store: Store, people: list[str], clock: Clock
) -> None:
    one, two, _three = people
    first = store.create_cohort("Satu", [one, two], by=one)
    second = store.create_cohort("Dua", [two], by=one)
    store.set_deadline("cohort", first, MAY, by=one)
    store.set_deadline("cohort", second, JUNE, by=one)
    store.set_deadline("learner", one, JULY, by=two)
    found = store.deadlines()
    assert found.cohorts == {one: MAY, two: JUNE}
    assert found.of(one, UNIT) == Due(JULY, "learner")
    assert store.deadlines(learners=[two]) == Deadlines(cohorts={two: JUNE})
    then = TODAY
    clock.turn(days=2)
    store.remove_members(second, [two], by=one)
    store.remove_cohort(first, by=one)
    assert store.deadlines().cohorts == {}
    assert store.deadlines(known_on=then).cohorts == {one: MAY, two: JUNE}


def test_a_day_ends_in_jakarta(store: Store, people: list[str], clock: Clock) -> None:
    """What is said at 00.30 of the third is not known on the second."""
    clock.turn(hours=16)
    assert clock().hour == 17
    store.set_deadline("learner", people[0], MAY, by="a")
    assert store.deadlines(known_on=TODAY).extensions == {}
    assert store.deadlines(known_on=date(2026, 3, 3)).extensions == {people[0]: MAY}


def test_nothing_is_said_of_what_there_is_not(store: Store, people: list[str]) -> None:
    with pytest.raises(StoreError, match="terdekat"):
        store.set_deadline("unit", UNIT + "1", MAY, by="a")
    with pytest.raises(StoreError, match="Angkatan"):
        store.set_deadline("cohort", 7, MAY, by="a")
    with pytest.raises(StoreError, match="Akun"):
        store.set_deadline("learner", "0" * 32, MAY, by="a")
    assert people


def test_what_single_people_add_to_the_counts_is_their_part_of_all(store: Store, course: Course) -> None:
    store.import_roster(roster(*map(line, range(4))), course, today=TODAY, by="test")
    every = [one.learner for one in store.people_under()]
    store.import_roster(roster(line(0, "SMPN Contoh 2")), course, today=date(2026, 3, 9), by="test")
    for day in (date(2026, 3, 1), TODAY, date(2026, 3, 9)):
        one_by_one: dict[object, int] = {}
        for kinds in store.kinds_of(every, course, day, date(2026, 3, 9)).values():
            for kind, number in kinds:
                one_by_one[kind] = one_by_one.get(kind, 0) + number
        by = ("unit", "post_class", "jenis")
        assert one_by_one == dict(store.counts_on(day, date(2026, 3, 9), by=by))
