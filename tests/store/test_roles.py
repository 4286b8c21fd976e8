"""Roles are given and taken back with a trace; the audit is read in pages."""

from __future__ import annotations

import pytest

from netralitas.store import Store, StoreError

UNIT = "Dinas Contoh / SMPN Contoh 1"


def test_roles_add_up(store: Store, people: list[str]) -> None:
    me, other, _nobody = people
    assert store.grant(me, "agency", UNIT, "cli")
    assert store.grant(me, "agency", None, "cli")
    assert store.grant(me, "trainer", "Dinas Contoh", "cli")
    assert store.grant(other, "operator", None, "cli")
    held = [(role.role, role.unit) for role in store.roles_of(me)]
    assert held == [("agency", UNIT), ("agency", None), ("trainer", "Dinas Contoh")]
    assert [role.learner for role in store.roles()] == [me, me, me, other]
    assert store.roles()[3].name == "Orang 1"


def test_a_role_is_held_once_and_taken_back_once(store: Store, people: list[str]) -> None:
    me = people[0]
    for unit in (UNIT, None):
        assert store.grant(me, "agency", unit, "cli")
        assert not store.grant(me, "agency", unit, "cli")
    assert store.revoke(me, "agency", None, "cli")
    assert not store.revoke(me, "agency", None, "cli")
    assert [role.unit for role in store.roles_of(me)] == [UNIT]


def test_each_change_stands_in_the_audit(store: Store, people: list[str]) -> None:
    me = people[0]
    store.grant(me, "agency", UNIT, "cli")
    store.grant(me, "agency", UNIT, "cli")
    store.revoke(me, "agency", UNIT, "petugas")
    revoked, granted = store.audit_rows(2)
    assert (granted.who, granted.act, granted.subject) == ("cli", "role.granted", me)
    assert granted.detail == {"role": "agency", "unit": UNIT}
    assert (revoked.who, revoked.act) == ("petugas", "role.revoked")


def test_an_unknown_unit_names_the_nearest(store: Store, people: list[str]) -> None:
    with pytest.raises(
        StoreError, match=f"«Dinas Contoh / SMPN Contoh 2» tidak ada; yang terdekat: «{UNIT}»"
    ):
        store.grant(people[0], "agency", "Dinas Contoh / SMPN Contoh 2", "cli")
    with pytest.raises(StoreError, match=f"terdekat: .*«{UNIT}»"):
        store.grant(people[0], "agency", "smpn contoh 1", "cli")
    with pytest.raises(StoreError, match="tidak ada; impor"):
        store.grant(people[0], "agency", "qqqqqq", "cli")


def test_an_unknown_role_or_learner_is_refused(store: Store, people: list[str]) -> None:
    with pytest.raises(StoreError, match="trainer, agency, operator"):
        store.grant(people[0], "admin", None, "cli")
    with pytest.raises(StoreError, match="Akun tidak ada"):
        store.grant("f" * 32, "agency", None, "cli")
    assert store.roles() == ()


def test_the_audit_is_read_in_pages(store: Store) -> None:
    for number in range(5):
        store.note("cli", "look", f"subject {number}\0", {"n": number})
    newest = store.audit_rows(2)
    assert [row.detail["n"] for row in newest] == [4, 3]
    assert newest[0].subject == "subject 4"
    older = store.audit_rows(10, before_id=newest[-1].id)
    assert [row.detail["n"] for row in older] == [2, 1, 0]
