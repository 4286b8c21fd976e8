"""Officers see their subtree and nothing beside it; the report counts everybody."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from netralitas.course import Course
from netralitas.store import Store, StoreError

from .conftest import TODAY, line, roster
from .test_progress import finish


@pytest.fixture
def tree(store: Store, course: Course) -> Store:
    lines = [
        line(0, unit=""),
        line(1, unit="Bidang A"),
        line(2, unit="Bidang A / Seksi B", jabatan="Sopir"),
        line(3, unit="bidang a / Seksi C"),
        line(4, unit="Bidang AB"),
        line(5, unit="Bidang A%", jenis="cpns"),
        line(6, instansi="Dinas Lain", unit="Bidang A"),
    ]
    store.import_roster(roster(*lines), course, today=TODAY, by="test")
    return store


def names(store: Store, *paths: str) -> list[str]:
    return sorted(person.name[-1] for person in store.people_under(paths))


def test_a_subtree_ends_at_its_edge(tree: Store) -> None:
    assert names(tree, "Dinas Contoh / Bidang A") == ["1", "2"]
    assert names(tree, "Dinas Contoh / Bidang A%") == ["5"]
    assert names(tree, "Dinas Contoh") == list("012345")
    assert names(tree, "Dinas Lain", "Dinas Contoh / Bidang AB") == ["4", "6"]
    assert names(tree) == []
    assert len(tree.people_under()) == 7
    assert names(tree, "Dinas") == []


def test_units_under_one(tree: Store) -> None:
    everything = tree.units_under()
    assert len(everything) == 9
    top = tree.unit("Dinas Contoh / Bidang A")
    assert [unit.name for unit in tree.units_under(top.id)] == ["Bidang A", "Seksi B"]
    assert tree.unit("Dinas Contoh").parent is None
    assert top.parent == tree.unit("Dinas Contoh").id
    with pytest.raises(StoreError):
        tree.units_under(10**6)


def test_people_come_with_their_progress_in_one_query(tree: Store, course: Course) -> None:
    for person in tree.people_under():
        if person.name != "Orang 2":
            finish(tree, person.learner, course)
    asked: list[str] = []
    event.listen(tree.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    found = {person.name: person for person in tree.people_under()}
    assert len([words for words in asked if words.startswith("SELECT")]) == 1
    assert found["Orang 2"].progress == ()
    assert found["Orang 2"].post_class == "lainnya"
    done = found["Orang 6"]
    assert done.progress == (tree.progress_of(done.learner)["a"],)
    assert (done.instansi, done.unit) == ("Dinas Lain", "Dinas Lain / Bidang A")
    assert done.nip not in repr(done)
    assert not done.active


def test_real_people_are_counted(tree: Store, course: Course) -> None:
    assert tree.real_people() == 0
    real = line(7).replace("190001", "198501")
    tree.import_roster(roster(real), course, today=TODAY, by="test")
    assert tree.real_people() == 1


def test_a_unit_without_a_zone_has_that_of_the_one_above(store: Store, course: Course) -> None:
    lines = [
        line(0, unit="", zona="WIT"),
        line(1, unit="Bidang A / Seksi B"),
        line(2, instansi="Badan Lain", unit="Bidang C"),
    ]
    store.import_roster(roster(*lines), course, today=TODAY, by="test")
    zones = store.zones()
    assert zones["Dinas Contoh / Bidang A / Seksi B"] == "WIT"
    assert zones["Badan Lain / Bidang C"] == "WIB"
