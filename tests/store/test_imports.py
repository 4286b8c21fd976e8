"""A roster comes in whole or not at all, twice changes nothing, the past stays."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from netralitas.course import Course
from netralitas.roster import Fault, Roster
from netralitas.store import ImportReport, Store, StoreError
from netralitas.store.tables import account, placement

from .conftest import HEADER, TODAY, Clock, Dump, at_once, line, roster

TOMORROW = date(2026, 3, 3)
NOTHING = ImportReport(added=0, changed=0, moved=0, unchanged=0, ended=0, unmapped=())


def counted(**numbers: int) -> ImportReport:
    return dataclasses.replace(NOTHING, **numbers)  # type: ignore[arg-type]


def bring(
    store: Store, course: Course, *lines: str, today: date = TODAY, complete: int | None = None
) -> ImportReport:
    return store.import_roster(roster(*lines), course, today=today, by="test", complete=complete, sure=True)


def placements(store: Store) -> list[tuple[object, ...]]:
    table = placement
    query = (
        select(table.c.jabatan, table.c.jenis, table.c.start, table.c.end)
        .join(account)
        .where(table.c.retracted.is_(None))
        .order_by(account.c.name, table.c.start)
    )
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
        ("Guru", "pns", TOMORROW, None),
        ("Guru", "pns", TODAY, None),
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
        ("Guru Ahli", "pns", TOMORROW, None),
        ("Guru", "pns", TOMORROW, None),
        ("Guru", "pns", TODAY, None),
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
    assert store.preview_roster(roster(line(0)), course, today=TOMORROW, full=True).ended == 2
    before = dump()
    for wrong in (0, 1, 3):
        with pytest.raises(StoreError, match="2 orang"):
            bring(store, course, line(0), line(9), today=TOMORROW, complete=wrong)
    assert dump() == before
    assert bring(store, course, line(0), today=TOMORROW, complete=2) == counted(unchanged=1, ended=2)
    # Another instansi is not in the file, so the file says nothing of it.
    assert [person.name for person in store.people_under()] == ["Orang 0", "Orang 3"]


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


def test_more_than_a_tenth_leaves_only_after_a_second_yes(
    store: Store, course: Course, dump: Callable[[], Dump]
) -> None:
    lines = [line(number) for number in range(20)]
    bring(store, course, *lines)
    before = dump()
    with pytest.raises(StoreError, match="10 %"):
        store.import_roster(roster(*lines[:17]), course, today=TOMORROW, by="test", complete=3)
    assert dump() == before
    report = store.import_roster(roster(*lines[:18]), course, today=TOMORROW, by="test", complete=2)
    assert report.ended == 2


def test_a_preview_says_what_would_change_and_changes_nothing(
    store: Store, course: Course, dump: Callable[[], Dump]
) -> None:
    bring(store, course, line(0), line(1))
    before = dump()
    file = roster(line(0, unit="Bidang A"), line(5))
    look = store.preview_roster(file, course, today=TOMORROW, full=True)
    assert look == counted(added=1, moved=1, ended=1)
    assert [(one.kind, one.before, one.after) for one in look.changes] == [
        ("moved", "Dinas Contoh / SMPN Contoh 1", "Dinas Contoh / Bidang A"),
        ("added", "", "Dinas Contoh / SMPN Contoh 1"),
        ("ended", "Dinas Contoh / SMPN Contoh 1", ""),
    ]
    assert dump() == before
    with pytest.raises(StoreError, match="tinjau lagi"):
        store.import_roster(file, course, today=TOMORROW, by="test", expect=counted(added=2).counts)
    assert dump() == before
    done = store.import_roster(
        file, course, today=TOMORROW, by="test", complete=1, sure=True, expect=look.counts
    )
    assert done == look


def test_a_unit_with_a_code_keeps_its_people_and_children_when_its_name_changes(
    store: Store, course: Course
) -> None:
    bring(store, course, line(0, unit="Bidang A", kode_unit="U1"), line(1, unit="Bidang A / Seksi B"))
    number = store.unit("Dinas Contoh / Bidang A").id
    report = bring(
        store,
        course,
        line(1, unit="Bagian / Bidang Baru / Seksi B"),
        line(0, unit="Bagian / Bidang Baru", kode_unit="U1"),
        today=TOMORROW,
    )
    assert report == counted(unchanged=2)
    unit = store.unit("Dinas Contoh / Bagian / Bidang Baru")
    assert (unit.id, unit.name, unit.parent) == (
        number,
        "Bidang Baru",
        store.unit("Dinas Contoh / Bagian").id,
    )
    assert [one.unit for one in store.people_under(["Dinas Contoh / Bagian"])] == [
        "Dinas Contoh / Bagian / Bidang Baru",
        "Dinas Contoh / Bagian / Bidang Baru / Seksi B",
    ]


@pytest.mark.parametrize(
    ("unit", "says"), [("Bidang A / Bidang A", "di bawah dirinya sendiri"), ("Bidang C", "sudah ada")]
)
def test_a_unit_that_cannot_be_renamed_is_told_with_its_line(
    store: Store, course: Course, dump: Callable[[], Dump], unit: str, says: str
) -> None:
    bring(store, course, line(0, unit="Bidang A", kode_unit="U1"), line(1, unit="Bidang C"))
    before = dump()
    with pytest.raises(StoreError, match=rf"Baris 3: .*{says}"):
        bring(store, course, line(2, unit="Bidang D"), line(0, unit=unit, kode_unit="U1"), today=TOMORROW)
    assert dump() == before


def test_an_officer_touches_nobody_outside_of_the_own_units(
    store: Store, course: Course, dump: Callable[[], Dump]
) -> None:
    bring(store, course, line(0, unit="Bidang A"), line(1, unit="Bidang C"), line(2, instansi="Dinas Lain"))
    before = dump()
    mine = ["Dinas Contoh / Bidang A"]
    for lines, says in (
        ([line(5, unit="Bidang C")], "Baris 2: unit ini di luar"),
        ([line(1, unit="Bidang A")], "Baris 2: orang ini tercatat di luar"),
    ):
        with pytest.raises(StoreError, match=says):
            store.import_roster(roster(*lines), course, today=TOMORROW, by="test", within=mine)
    assert dump() == before
    file = roster(line(5, unit="Bidang A"))
    report = store.import_roster(file, course, today=TOMORROW, by="test", within=mine, complete=1, sure=True)
    # Who stands outside of the officer's units does not leave, whatever the file leaves out.
    assert report == counted(added=1, ended=1)
    assert [person.name for person in store.people_under()] == ["Orang 5", "Orang 1", "Orang 2"]


def test_an_import_is_taken_back_and_what_was_known_before_stays(store: Store, course: Course) -> None:
    bring(store, course, line(0), line(1))
    then = placements(store)
    done = bring(store, course, line(0, unit="Bidang A"), line(5), today=TOMORROW, complete=1)
    undone = store.undo_import(done.number, course, today=TOMORROW, by="test")
    assert undone.changed == 3
    assert placements(store) == then
    later = date(2026, 3, 9)
    assert sum(number for _kind, number in store.counts_on(later, later)) == 2
    assert store.recount(course) == 0
    with pytest.raises(StoreError, match="sudah dibatalkan"):
        store.undo_import(done.number, course, today=TOMORROW, by="test")


def test_an_import_is_taken_back_within_seven_days_whoever_asks(
    store: Store, course: Course, clock: Clock
) -> None:
    first, second = (bring(store, course, line(number)).number for number in range(2))
    clock.turn(days=7, seconds=-1)
    store.undo_import(second, course, today=TOMORROW, by="test")
    clock.turn(seconds=2)
    with pytest.raises(StoreError, match="terlalu lama"):
        store.undo_import(first, course, today=TOMORROW, by="test")


def test_an_import_somebody_built_on_cannot_be_taken_back(store: Store, course: Course) -> None:
    first = bring(store, course, line(0), line(1))
    second = bring(store, course, line(0, unit="Bidang A"), today=TOMORROW)
    with pytest.raises(StoreError, match="1 orang"):
        store.undo_import(first.number, course, today=TOMORROW, by="test")
    store.undo_import(second.number, course, today=TOMORROW, by="test")


def test_two_officers_at_once_come_one_after_the_other(store: Store, url: str, course: Course) -> None:
    bring(store, course, *(line(number) for number in range(20)))
    units = ("Bidang A", "Bidang B")

    def move(mine: Store, number: int) -> ImportReport:
        return bring(mine, course, *(line(n, unit=units[number % 2]) for n in range(20)), today=TOMORROW)

    reports = at_once(move, store, url, 4)
    assert all(report.moved + report.unchanged == 20 for report in reports)
    assert len({person.unit for person in store.people_under()}) == 1
    assert store.recount(course) == 0


KILLED = """
import sys
from datetime import date
from netralitas import roster
from netralitas.course import Course
from netralitas.store import open_store

def wait(_count):
    print("half", flush=True)
    sys.stdin.read()

store = open_store(sys.argv[1])
found = roster.parse(sys.argv[2].encode(), made_up_allowed=True)
course = Course.model_validate_json(sys.argv[3])
store.import_roster(found, course, today=date(2026, 3, 3), by="test", on_rows=wait)
"""


def test_an_import_killed_in_the_middle_leaves_nothing(
    store: Store, url: str, course: Course, dump: Callable[[], Dump]
) -> None:
    bring(store, course, line(0), line(1))
    before = dump()
    text = HEADER + line(0, unit="Bidang A") + "".join(line(number) for number in range(2, 50))
    words = [sys.executable, "-c", KILLED, url, text, course.model_dump_json()]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()
    assert dump() == before
    assert bring(store, course, line(0, unit="Bidang A"), today=TOMORROW) == counted(moved=1)
