"""Officers see their subtree and nothing beside it; the report counts everybody."""

from __future__ import annotations

from typing import Any

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


def test_where_everybody_stands_and_what_they_are_is_told_of_a_subtree_or_of_all(tree: Store) -> None:
    def told(what: Any, *paths: str) -> dict[str, str]:
        names = {person.learner: person.name[-1] for person in tree.people_under()}
        return {names[who]: text for who, text in tree.places(what, paths or None).items()}

    assert told("unit", "Dinas Contoh / Bidang A") == {
        "1": "Dinas Contoh / Bidang A", "2": "Dinas Contoh / Bidang A / Seksi B"
    }  # fmt: skip
    assert (len(told("unit")), told("jenis")["5"]) == (7, "cpns")
    assert told("post_class") == {person.name[-1]: person.post_class for person in tree.people_under()}


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


def test_a_page_holds_some_of_those_who_fit_and_counts_them_all(tree: Store, course: Course) -> None:
    assert finish(tree, tree.people_under(["Dinas Contoh"])[0].learner, course)

    def found(**asked: object) -> tuple[list[str], int]:
        people, total = tree.people_page(course, ["Dinas Contoh"], **asked)  # type: ignore[arg-type]
        return [person.name[-1] for person in people], total

    everybody, total = found()
    assert (sorted(everybody), total) == (list("012345"), 6)
    assert found(limit=2, offset=4) == (everybody[4:], 6)
    assert found(search="ORANG 4") == (["4"], 1)
    assert found(search="seksi")[1] == 2
    # What LIKE would take for anything is a sign like others.
    assert found(search="%") == (["5"], 1)
    begun, others = found(status=("in_progress",)), found(status=("not_started", "completed"))
    assert (begun[1], others[1]) == (1, 5)
    assert sorted(begun[0] + others[0]) == sorted(everybody)
    short = course.model_copy(update={"modules": course.modules[:1]})
    assert tree.people_page(short, None, status=("completed",))[1] == 1


def test_newcomers_are_those_without_a_password_or_a_role(tree: Store, course: Course) -> None:
    one, two, three, *_rest = tree.people_under(["Dinas Contoh"])
    tree.set_password(one.learner, "x")
    tree.grant(two.learner, "agency", None, "uji")
    tree.issue_codes([three.learner], "uji")
    found, total = tree.newcomers(["Dinas Contoh"])
    assert (len(found), total) == (4, 4)
    assert {person.learner for person in found}.isdisjoint({one.learner, two.learner})
    coded, _total = tree.newcomers(["Dinas Contoh"], coded=True)
    assert [person.learner for person in coded] == [three.learner]
    assert coded[0].until is not None
    without, total = tree.newcomers(["Dinas Contoh"], coded=False, limit=2)
    assert (len(without), total) == (2, 3)
