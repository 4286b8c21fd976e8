"""The demo: the same invented people from the same seed, never beside real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from netralitas import demo, nip, reports, roster
from netralitas.course import Course
from netralitas.store import Store, StoreError, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def course() -> Course:
    fields = {"roles": (), "stages": (), "depths": (), "causes": (), "skills": ()}
    return Course.model_validate(
        {
            "format_version": 1,
            "version": "2026-01-01",
            "title": "Kursus mainan",
            "completion": {"version": "1", "start": "2026-01-01", "pass_mark": 70},
            "tags": fields,
            "posts": ({"id": "fungsional", "title": "F", "words": ("guru",)},),
            "modules": ({"slug": "a", "title": "A", "summary": "A", "minutes": 5},),
        }
    )


def test_the_roster_is_made_up_well_formed_and_the_same_for_a_seed() -> None:
    data = demo.roster_csv(seed=1, people=200)
    assert data == demo.roster_csv(seed=1, people=200)
    assert data != demo.roster_csv(seed=2, people=200)
    found = roster.parse(data, made_up_allowed=True)
    assert not found.faults
    assert len(found.rows) == 200
    people = [nip.parse(row.nip) for row in found.rows]
    assert all(one.made_up for one in people)
    assert {one.layout for one in people} == {"pns", "pppk"}
    assert {row.where.jenis for row in found.rows} == {"pns", "cpns", "pppk"}
    assert {row.where.instansi for row in found.rows} == {demo.EDUCATION, demo.HEALTH}


def test_a_large_demo_repeats_nobody() -> None:
    found = roster.parse(demo.roster_csv(people=3000), made_up_allowed=True)
    assert not found.faults
    assert len(found.rows) == 3000


def test_an_account_per_role_can_log_in(store: Store, course: Course) -> None:
    accounts = demo.make(store, course)
    assert [one.role for one in accounts] == ["Pelajar", "Pelatih", "Petugas instansi", "Operator"]
    assert accounts[0].name == "Sari Contoh"
    held = []
    for one in accounts:
        account = store.account_by_nip(one.nip)
        assert account
        assert account.password_hash
        assert account.name == one.name
        assert PasswordHasher().verify(account.password_hash, one.password)
        held.append([(role.role, role.unit) for role in store.roles_of(account.learner)])
    assert held == [[], [("trainer", demo.EDUCATION)], [("agency", demo.EDUCATION)], [("operator", None)]]
    assert store.meta("demo") == "1"
    assert len(store.people_under()) == 48
    active = [person.name for person in store.people_under() if person.active]
    assert sorted(active) == sorted(one.name for one in accounts)


def test_one_agency_is_in_wita(store: Store, course: Course) -> None:
    demo.make(store, course)
    zones = set()
    for person in store.people_under():
        account = store.account(person.learner)
        assert account
        zones.add((person.instansi, account.zone))
    assert zones == {(demo.EDUCATION, "WIB"), (demo.HEALTH, "WITA")}


def test_a_second_call_changes_nothing(store: Store, course: Course) -> None:
    first = demo.make(store, course, seed=5, people=20)
    people, notes = store.people_under(), store.audit_rows()
    assert demo.make(store, course, seed=6, people=30) == first
    assert store.people_under() == people
    assert store.audit_rows() == notes


def test_a_demo_cut_short_is_finished(store: Store, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(demo, "_open_doors", lambda *_words: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            demo.make(store, course)
    assert len(demo.make(store, course)) == 4
    assert len(store.people_under()) == 48
    assert len(store.roles()) == 3


def test_its_people_come_on_the_day_every_figure_counts_by(tmp_path: Path, course: Course) -> None:
    last_evening = datetime(2026, 11, 30, 18, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path}/a.db", clock=lambda: last_evening)) as store:
        store.migrate()
        demo.make(store, course)
        counted = [
            reports.completion(store, course, as_of=day, by="unit", shared=False)["total"]["people"]
            for day in (date(2026, 11, 30), date(2026, 12, 1))
        ]
    assert counted == [0, 48]


def test_a_store_of_real_people_is_left_alone(store: Store, course: Course) -> None:
    text = "nip,nama,instansi,unit,jabatan,jenis\n198501172015031002,Orang Uji,Dinas Uji,,Guru,pns\n"
    real = roster.parse(text.encode(), made_up_allowed=False)
    store.import_roster(real, course, today=store.clock().date(), by="test")
    with pytest.raises(StoreError, match="pegawai sungguhan"):
        demo.make(store, course)
    assert store.meta("demo") is None
    assert len(store.people_under()) == 1
