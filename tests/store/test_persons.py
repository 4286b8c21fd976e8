"""One person: what is kept of them is found, erasing leaves every figure, two accounts become one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from netralitas.course import Course
from netralitas.published import CaseMark, CriterionMark, Published
from netralitas.store import Store, StoreError
from netralitas.store.persons import own_tables
from netralitas.store.tables import account, metadata
from netralitas.tally import day_of

from .conftest import TODAY, Clock, Dump, given, line, roster, stamp
from .test_figures import course_counts, every, finish, live


def nip_of(number: int) -> str:
    return line(number).split(",")[0]


def fill(store: Store, course: Course, learner: str) -> None:
    """Leave something of a person in every table that can hold it."""
    finish(store, course, learner, "a")
    wrote = given(
        "wrote",
        store.events_of(learner, ["quiz/a"])[-1].seq,
        object="quiz/a/k9",
        result={"text": "Saya melapor ke atasan Bapak Contoh."},
    )
    store.append([stamp(learner, wrote)], course)
    cohort = store.create_cohort("Angkatan 1", [learner], by=learner)
    store.mark_read(learner, store.send_message(cohort, "Besok pukul 9.", by=learner))
    store.set_deadline("learner", learner, TODAY + timedelta(days=90), by="test")
    store.put_draft(learner, "quiz/b", {"k1": ["a"]})
    store.issue_code(learner, "test")
    store.open_session(learner)
    store.grant(learner, "trainer", None, by="test")
    store.put_display(learner, "en")
    store.ask_correction(learner, "nama", "Nama saya salah eja.")
    store.report_item(learner, "quiz/a/k1", "keliru", "Kuncinya aneh.")
    mark = CriterionMark(text="Jelas", points=1, most=2, comment="Bagus, Contoh.")
    given_back = Published(attempt=1, mark=80, cases=(CaseMark(case="k9", criteria=(mark,)),))
    store.publish("quiz/a", {learner: given_back}, by="test")


def test_every_column_that_names_an_account_is_called_learner() -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column is account.c.learner for key in column.foreign_keys)
    }
    assert {name for name in naming if not name.endswith(".learner")} == set()
    assert {table.name for table in own_tables()} >= {name.split(".")[0] for name in naming}


def test_a_dossier_holds_every_table_and_no_secret(store: Store, course: Course, people: list[str]) -> None:
    fill(store, course, people[0])
    told = store.dossier(people[0])
    assert set(told) == {table.name for table in own_tables()}
    text = json.dumps(told)
    assert nip_of(0) in text
    assert "atasan Bapak Contoh" in text
    assert told["placement"][0]["unit"] == "Dinas Contoh / SMPN Contoh 1"
    assert not any("hash" in name or name == "salt" for rows in told.values() for row in rows for name in row)
    assert store.dossier(people[1]).keys() == {"account", "placement"}
    assert store.dossier("nobody") == {}


def test_who_is_erased_leaves_no_trace_but_figures_and_a_record_of_nobody(
    store: Store, course: Course, people: list[str], clock: Clock, dump: Callable[[], Dump]
) -> None:
    fill(store, course, people[0])
    clock.turn(days=3)
    assert store.erase(people[0], course, by="test")
    assert not store.erase(people[0], course, by="test")
    assert not store.erase("nobody", course, by="test")
    text = str(dump())
    for trace in (nip_of(0), "Orang 0", "atasan Bapak", "salah eja", "aneh", "Bagus"):
        assert trace not in text, trace
    assert store.account_by_nip(nip_of(0)) is None
    assert set(store.dossier(people[0])) == {"account", "event", "progress"}
    assert store.verify_chains() == []
    assert store.erased() == {people[0]}
    assert [person.learner for person in store.people_under()] == people[1:]
    # The past stays, and they are no longer there from today on.
    assert course_counts(store, TODAY) == {"people": 3, "started": 1}
    assert course_counts(store, day_of(clock.now)) == {"people": 2}


def test_erasing_changes_no_sum_of_any_day_before_and_rebuilding_gives_the_same(
    store: Store, course: Course, clock: Clock
) -> None:
    live(store, course, clock, 12, seed=3)
    store.checkpoint()
    last = day_of(clock.now)
    before = every(store, last)
    for person in store.people_under()[:5]:
        store.erase(person.learner, course, by="test")
    today = {key for key in before if last in key}
    after = every(store, last)
    assert {key: after[key] for key in before if key not in today} == {
        key: before[key] for key in before if key not in today
    }
    assert store.rebuild(course).figures_changed == 0
    assert every(store, last) == after


def test_a_person_with_two_accounts_becomes_one_under_the_new_nip(
    store: Store, course: Course, people: list[str], clock: Clock
) -> None:
    finish(store, course, people[0], "a")
    store.grant(people[0], "agency", None, by="test")
    clock.turn(days=30)
    later = TODAY + timedelta(days=30)
    store.import_roster(roster(line(7, "SMPN Contoh 2")), course, today=later, by="test")
    new = store.account_by_nip(nip_of(7))
    assert new is not None
    clock.turn(days=1)
    assert store.merge(people[0], new.learner, course, by="test") == people[0]
    one = store.account_by_nip(nip_of(7))
    assert one is not None
    assert (one.learner, one.name, one.unit) == (people[0], "Orang 7", "Dinas Contoh / SMPN Contoh 2")
    assert store.account_by_nip(nip_of(0)) is None
    assert store.progress_of(people[0])["a"].status == "completed"
    assert {held.role for held in store.roles() if held.learner == people[0]} == {"agency"}
    assert course_counts(store, later + timedelta(days=1)) == {"people": 3, "started": 1}
    # What was known yesterday is told as it was known: two accounts.
    assert course_counts(store, later, known=later) == {"people": 4, "started": 1}
    assert store.rebuild(course).figures_changed == 0
    # The next roster knows the person by the new NIP alone.
    report = store.import_roster(
        roster(line(7, "SMPN Contoh 2")), course, today=later + timedelta(days=2), by="test"
    )
    assert report.unchanged == 1


def test_where_the_new_account_has_the_record_it_stays(
    store: Store, course: Course, people: list[str]
) -> None:
    finish(store, course, people[1], "b")
    assert store.merge(people[0], people[1], course, by="test") == people[1]
    assert store.erased() == {people[0]}
    assert store.rebuild(course).figures_changed == 0


def test_two_records_are_never_mixed(
    store: Store, course: Course, people: list[str], dump: Callable[[], Dump]
) -> None:
    finish(store, course, people[0], "b")
    finish(store, course, people[1], "b")
    before = dump()
    for old, new in ((people[0], people[1]), (people[0], people[0]), (people[0], "nobody")):
        with pytest.raises(StoreError):
            store.merge(old, new, course, by="test")
    assert dump() == before
