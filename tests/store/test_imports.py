"""A roster comes in whole or not at all, twice changes nothing, the past stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from netralitas.course import Course
from netralitas.roster import Fault, Roster
from netralitas.store import ImportReport, Store, StoreError
from netralitas.store.tables import placement

from .conftest import TODAY, Dump, at_once, line, roster

TOMORROW = date(2026, 3, 3)
NOTHING = ImportReport(added=0, changed=0, moved=0, unchanged=0, ended=0, unmapped=())


def counted(**numbers: int) -> ImportReport:
    return dataclasses.replace(NOTHING, **numbers)  # type: ignore[arg-type]


def bring(
    store: Store, course: Course, *lines: str, today: date = TODAY, complete: int | None = None
) -> ImportReport:
    return store.import_roster(roster(*lines), course, today=today, by="test", complete=complete)


def placements(store: Store) -> list[tuple[object, ...]]:
    table = placement
    query = select(table.c.jabatan, table.c.jenis, table.c.start, table.c.end).order_by(table.c.id)
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_first_import_adds_everybody(store: Store, course: Course) -> None:
    report = bring(
        store,
        course,
        line(0),
        line(1, jabatan="Sopir"),
        line(2, jabatan="Pawang Hujan"),
        line(3, jabatan="Sopir"),
    )
    assert report == dataclasses.replace(counted(added=4), unmapped=("Pawang Hujan", "Sopir"))
    assert len(store.people_under()) == 4
    (note,) = store.audit_rows()
    assert (note.who, note.act, note.detail["added"]) == ("test", "roster.imported", 4)


def test_the_same_file_twice_changes_nothing(store: Store, course: Course, dump: Callable[[], Dump]) -> None:
    lines = [line(0, zona="WIT", kode_unit="U1"), line(1, unit="A / B"), line(2, unit="")]
    bring(store, course, *lines)
    before = dump()
    assert bring(store, course, *lines, today=TOMORROW) == counted(unchanged=3)
    assert bring(store, course, *lines[::-1], today=TOMORROW, complete=0) == counted(unchanged=3)
    assert dump() == before


def test_a_changed_unit_is_a_move_from_today_on(store: Store, course: Course) -> None:
    bring(store, course, line(0), line(1))
    learner = store.people_under()[0].learner
    assert bring(store, course, line(0, unit="SMPN Contoh 2"), today=TOMORROW) == counted(moved=1)
    assert placements(store) == [
        ("Guru", "pns", TODAY, TOMORROW),
        ("Guru", "pns", TODAY, None),
        ("Guru", "pns", TOMORROW, None),
    ]
    account = store.account(learner)
    assert account
    assert account.unit == "Dinas Contoh / SMPN Contoh 2"


def test_a_move_corrected_the_same_day_leaves_no_empty_placement(store: Store, course: Course) -> None:
    bring(store, course, line(0))
    assert bring(store, course, line(0, unit="SMPN Contoh 2")) == counted(moved=1)
    assert placements(store) == [("Guru", "pns", TODAY, None)]


def test_another_name_jabatan_or_jenis_is_a_change(store: Store, course: Course) -> None:
    bring(store, course, line(0), line(1), line(2, jenis="cpns"))
    report = bring(
        store, course, line(0, nama="Orang Baru"), line(1, jabatan="Guru Ahli"), line(2), today=TOMORROW
    )
    assert report == counted(changed=3)
    assert store.people_under()[0].name == "Orang 1"
    assert [row for row in placements(store) if row[3] is None] == [
        ("Guru", "pns", TODAY, None),
        ("Guru Ahli", "pns", TOMORROW, None),
        ("Guru", "pns", TOMORROW, None),
    ]


def test_a_new_map_of_jabatan_corrects_the_class_in_place(store: Store, course: Course) -> None:
    bring(store, course, line(0, jabatan="Sopir"))
    posts = ({"id": "pelaksana", "title": "P", "words": ("sopir",)},)
    wider = Course.model_validate(course.model_dump() | {"posts": posts})
    assert bring(store, wider, line(0, jabatan="Sopir"), today=TOMORROW) == counted(changed=1)
    assert placements(store) == [("Sopir", "pns", TODAY, None)]
    assert store.people_under()[0].post_class == "pelaksana"


def test_absent_people_stay_unless_the_number_is_confirmed(
    store: Store, course: Course, dump: Callable[[], Dump]
) -> None:
    bring(store, course, line(0), line(1), line(2), line(3, instansi="Dinas Lain"))
    assert bring(store, course, line(0), today=TOMORROW) == counted(unchanged=1)
    assert store.absent(roster(line(0))) == 2
    before = dump()
    for wrong in (0, 1, 3):
        with pytest.raises(StoreError, match="2 orang"):
            bring(store, course, line(0), line(9), today=TOMORROW, complete=wrong)
    assert dump() == before
    assert bring(store, course, line(0), today=TOMORROW, complete=2) == counted(unchanged=1, ended=2)
    # Another instansi is not in the file, so the file says nothing of it.
    assert [person.name for person in store.people_under()] == ["Orang 0", "Orang 3"]
    assert len(list(store.completion_rows())) == 2


def test_who_left_keeps_the_account_and_may_come_back(store: Store, course: Course) -> None:
    bring(store, course, line(0), line(1))
    gone = next(person.learner for person in store.people_under() if person.name == "Orang 1")
    bring(store, course, line(0), today=TOMORROW, complete=1)
    account = store.account(gone)
    assert account
    assert (account.unit, account.instansi, account.jabatan, account.zone) == (None, None, None, "WIB")
    assert bring(store, course, line(1), today=TOMORROW) == counted(added=1)
    back = store.account(gone)
    assert back
    assert back.unit == "Dinas Contoh / SMPN Contoh 1"


def test_zone_and_code_of_a_unit_follow_the_file_and_silence_keeps_them(store: Store, course: Course) -> None:
    bring(store, course, line(0, unit="A / B", zona="WIT", kode_unit="U1"))
    bring(store, course, line(0, unit="A / B"))
    unit = store.unit("Dinas Contoh / A / B")
    assert (unit.zone, unit.code) == ("WIT", "U1")
    bring(store, course, line(0, unit="A / B", zona="WIB", kode_unit="U2"))
    unit = store.unit("Dinas Contoh / A / B")
    assert (unit.zone, unit.code) == ("WIB", "U2")
    assert store.unit("Dinas Contoh / A").zone is None


def test_a_roster_with_faults_is_not_imported(store: Store, course: Course, dump: Callable[[], Dump]) -> None:
    before = dump()
    with pytest.raises(StoreError, match="kesalahan"):
        store.import_roster(Roster(faults=(Fault(line=2, text="x"),)), course, today=TODAY, by="test")
    assert dump() == before


def test_the_same_file_from_two_hands_at_once_adds_each_once(store: Store, url: str, course: Course) -> None:
    lines = [line(number) for number in range(20)]
    reports = at_once(lambda mine, _number: bring(mine, course, *lines), store, url, 2)
    assert sorted(report.added for report in reports) == [0, 20]
    assert len(store.people_under()) == 20
