"""Cohorts: named once, changed by name, taken away and brought back, never forgotten."""

from __future__ import annotations

import pytest

from netralitas.store import Store, StoreError


def test_a_cohort_is_made_changed_taken_away_and_brought_back(store: Store, people: list[str]) -> None:
    one, two, three = people
    number = store.create_cohort("  Angkatan\n I ", [one, two], by=three)
    made = store.cohort(number)
    assert made is not None
    assert (made.name, made.members, made.created_by) == ("Angkatan I", {one, two}, three)
    assert store.add_members(number, [two, three], by=one) == 1
    assert store.remove_members(number, [one, one], by=one) == 1
    store.rename_cohort(number, "Angkatan II", by=two)
    assert [(found.name, found.members) for found in store.cohorts()] == [("Angkatan II", {two, three})]
    store.remove_cohort(number, by=one)
    assert (store.cohorts(), store.cohort(number)) == ((), None)
    store.restore_cohort(number, by=one)
    assert [found.id for found in store.cohorts()] == [number]
    # Who left may come again.
    assert store.add_members(number, [one], by=one) == 1
    acts = [(row.act, row.who) for row in reversed(store.audit_rows()) if row.subject == f"cohort/{number}"]
    assert acts == [
        ("cohort.created", three),
        ("cohort.members_added", three),
        ("cohort.members_added", one),
        ("cohort.member_removed", one),
        ("cohort.renamed", two),
        ("cohort.removed", one),
        ("cohort.restored", one),
        ("cohort.members_added", one),
    ]


def test_names_are_had_once_and_nothing_is_done_to_what_is_gone(store: Store, people: list[str]) -> None:
    number = store.create_cohort("A", [], by=people[0])
    for bad, said in ((" \n", "kosong"), ("A", "sudah ada")):
        with pytest.raises(StoreError, match=said):
            store.create_cohort(bad, [], by=people[0])
    with pytest.raises(StoreError, match="Akun"):
        store.create_cohort("B", [people[0], "0" * 32], by=people[0])
    assert [found.name for found in store.cohorts()] == ["A"]
    # Another trainer's may be called alike.
    store.create_cohort("A", [], by=people[1])
    store.remove_cohort(number, by=people[0])
    store.create_cohort("A", [], by=people[0])
    for act in (
        lambda: store.rename_cohort(number, "C", by="x"),
        lambda: store.add_members(number, people, by="x"),
        lambda: store.remove_members(number, people, by="x"),
        lambda: store.remove_cohort(number, by="x"),
        lambda: store.restore_cohort(number, by="x"),
        lambda: store.restore_cohort(99, by="x"),
    ):
        with pytest.raises(StoreError, match=r"tidak ada|sudah ada"):
            act()
