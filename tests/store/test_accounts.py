"""Accounts, passwords, and activation codes of one use."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from netralitas.course import Course
from netralitas.store import Store, StoreError
from netralitas.store.tables import activation_code

from .conftest import TODAY, Clock, Dump, at_once, line, roster

NIP = "190001012020011001"


@pytest.fixture
def me(people: list[str]) -> str:
    return people[0]


def test_an_account_is_found_by_nip_and_says_where_one_works(store: Store, me: str) -> None:
    found = store.account_by_nip(NIP)
    assert found is not None
    assert found == store.account(me) == store.account_by_nip(f" {NIP[:8]} {NIP[8:]} ")
    assert (found.name, found.nip, found.instansi, found.unit) == (
        "Orang 0",
        NIP,
        "Dinas Contoh",
        "Dinas Contoh / SMPN Contoh 1",
    )
    assert (found.jabatan, found.post_class, found.jenis, found.zone) == ("Guru", "fungsional", "pns", "WIB")
    assert found.password_hash is None
    assert re.fullmatch("[0-9a-f]{32}", found.learner)
    assert NIP not in repr(found)


@pytest.mark.parametrize("text", ["", "x", NIP[:-1], NIP + "0", "\0" * 18, "\ud800", "٣" * 18, "' OR 1=1"])
def test_any_text_may_be_asked_for(store: Store, people: list[str], text: str) -> None:
    assert store.account_by_nip(text) is None
    assert store.redeem_code(text, text, "hash") is None
    assert store.session(text) is None


def test_a_zone_is_inherited(store: Store, course: Course) -> None:
    lines = [
        line(0, unit="", zona="WIT"),
        line(1, unit="Bidang A"),
        line(2, unit="Bidang A / Seksi B", zona="WITA"),
        line(3, unit="Bidang A / Seksi B / Regu C"),
        line(4, unit="X", instansi="Dinas Lain"),
    ]
    store.import_roster(roster(*lines), course, today=TODAY, by="test")
    zones = {
        person.name: account.zone
        for person in store.people_under()
        if (account := store.account(person.learner))
    }
    assert [zones[f"Orang {number}"] for number in range(5)] == ["WIT", "WIT", "WITA", "WITA", "WIB"]


def test_a_new_password_ends_the_other_sessions(store: Store, me: str) -> None:
    here, there = store.open_session(me), store.open_session(me)
    store.set_password(me, "hash-1", keep=here)
    assert store.session(here)
    assert store.session(there) is None
    store.set_password(me, "hash-2")
    assert store.session(here) is None
    account = store.account(me)
    assert account
    assert account.password_hash == "hash-2"
    with pytest.raises(StoreError):
        store.set_password("f" * 32, "hash")


def test_a_code_is_80_bits_in_groups_and_stored_hashed(store: Store, me: str) -> None:
    code = store.issue_code(me, "cli")
    assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    with store.reading() as connection:
        row = connection.execute(select(activation_code)).one()
    assert code not in str(row)
    assert code.replace("-", "") not in str(row)


def test_a_code_works_once_for_its_owner(store: Store, people: list[str]) -> None:
    me = people[0]
    session = store.open_session(me)
    code = store.issue_code(me, "cli")
    other = store.account(people[1])
    assert other
    assert store.redeem_code(other.nip, code, "hash") is None
    assert store.redeem_code(NIP, "0000-0000-0000-0000", "hash") is None
    assert store.redeem_code(NIP, code, "hash") == me
    account = store.account(me)
    assert account
    assert account.password_hash == "hash"
    assert store.session(session) is None
    assert store.redeem_code(NIP, code, "lain") is None


def test_a_code_may_be_typed_carelessly(store: Store, me: str) -> None:
    code = store.issue_code(me, "cli")
    careless = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert store.redeem_code(NIP, careless, "hash") == me


def test_a_code_ends_after_14_days_and_when_a_new_one_is_made(store: Store, me: str, clock: Clock) -> None:
    first = store.issue_code(me, "cli")
    second = store.issue_code(me, "cli")
    assert store.redeem_code(NIP, first, "hash") is None
    clock.turn(days=13, hours=23)
    assert store.redeem_code(NIP, second, "hash") == me
    third = store.issue_code(me, "cli")
    clock.turn(days=14)
    assert store.redeem_code(NIP, third, "hash") is None


def test_codes_for_many_are_made_together_or_not_at_all(
    store: Store, people: list[str], dump: Callable[[], Dump]
) -> None:
    before = dump()
    with pytest.raises(StoreError):
        store.issue_codes([*people, "f" * 32], "cli")
    assert dump() == before
    codes = store.issue_codes(people, "cli")
    assert codes.keys() == set(people)
    assert len(set(codes.values())) == 3


def test_codes_and_passwords_stand_in_the_audit_without_nip_or_code(store: Store, me: str) -> None:
    code = store.issue_code(me, "cli")
    store.redeem_code(NIP, code, "hash")
    rows = store.audit_rows()
    assert [row.act for row in rows[:2]] == ["code.redeemed", "code.issued"]
    assert NIP not in str(rows)
    assert code not in str(rows)


def test_of_many_who_redeem_at_once_one_wins(store: Store, url: str, me: str) -> None:
    code = store.issue_code(me, "cli")
    tries = at_once(lambda mine, number: mine.redeem_code(NIP, code, f"hash-{number}"), store, url, 6)
    winners = [number for number, learner in enumerate(tries) if learner == me]
    assert len(winners) == 1
    account = store.account(me)
    assert account
    assert account.password_hash == f"hash-{winners[0]}"
