"""Saving in Formgrader: who is later is told, and many may save at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry

from grader import assignment, gradebook
from grader.assignment import criterion_cell
from grader.gradebook import CourseDir, Wanted
from grader.gradebook.saving import Journal, TakenError, save, seen
from tests.grader.office import CASE, SLUG, Office
from tests.store.conftest import Cluster

pytestmark = pytest.mark.slow
WHEN = datetime(2026, 11, 2, tzinfo=UTC)
WRITERS = 20


def wanted(number: int) -> Wanted:
    """What a learner earned: everything in the slots, the case still to be marked."""
    slots = {assignment.test_cell(slot): 1.0 for slot in range(1, 7)}
    return Wanted(f"{number:032x}", WHEN, slots | {criterion_cell(CASE, n): None for n in (1, 2, 3)})


def points(value: float) -> Any:
    def take(row: Any) -> None:
        row.manual_score, row.needs_manual_grade = value, False

    return take


@pytest.fixture
def course(furnished: Office, tmp_path: Path, cluster: Cluster) -> CourseDir:
    """A released quiz in a gradebook on PostgreSQL."""
    office = Office(tmp_path / "rumah", furnished.place, NETRALITAS_GRADEBOOK=cluster.url("buku_nilai"))
    office.home.mkdir()
    cluster.run("CREATE DATABASE buku_nilai")
    office.do("release", SLUG)
    return CourseDir(content=office.place, work=office.home / "grader", db_url=cluster.url("buku_nilai"))


def test_twenty_writers_at_once_and_no_error(course: CourseDir) -> None:
    def write(number: int) -> list[str]:
        mine = [wanted(1000 * number + one) for one in range(5)]
        entered = [learner for learner, _changed in gradebook.enter(SLUG, course, mine)]
        for row in mine:
            with closing(Gradebook(course.db_url)) as book:
                grade = book.find_grade(criterion_cell(CASE, 1), SLUG, SLUG, row.learner)
                save(book, Grade, grade.id, seen(grade), points(2.0))
                comment = book.find_comment(criterion_cell(CASE, 1), SLUG, SLUG, row.learner)
                save(
                    book,
                    Comment,
                    comment.id,
                    "",
                    lambda told: setattr(told, "manual_comment", f"oleh {number}"),
                )
        return entered

    with ThreadPoolExecutor(WRITERS) as pool:
        done = [learner for entered in pool.map(write, range(WRITERS)) for learner in entered]
    found = gradebook.found(SLUG, course)
    assert sorted(done) == [one.learner for one in found]
    assert len(found) == 5 * WRITERS
    for one in found:
        cell = one.cells[criterion_cell(CASE, 1)]
        assert (cell.score, cell.comment) == (2.0, f"oleh {int(one.learner, 16) // 1000}")
        assert [one.cells[assignment.test_cell(slot)].score for slot in range(1, 7)] == [1.0] * 6

    def race(number: int) -> bool:
        with closing(Gradebook(course.db_url)) as book:
            grade = book.find_grade(criterion_cell(CASE, 2), SLUG, SLUG, found[0].learner)
            try:
                save(book, Grade, grade.id, "None/None", points(number / WRITERS))
            except TakenError:
                return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        won = [number for number, first in enumerate(pool.map(race, range(WRITERS))) if first]
    (again,) = [one for one in gradebook.found(SLUG, course) if one.learner == found[0].learner]
    assert [again.cells[criterion_cell(CASE, 2)].score] == [number / WRITERS for number in won]
    with closing(Gradebook(course.db_url)) as book, pytest.raises(MissingEntry):
        save(book, Grade, "tidak-ada", "", points(1.0))


def test_the_journal_tells_who_was_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "penilai.jsonl")
    assert journal.last("a") == ""
    for name, row in (("Bu Satu", "a"), ("Pak Dua", "b"), ("Bu Tiga", "a")):
        journal.note(who="0" * 32, name=name, row=row, seen="1/None")
    assert (journal.last("a"), journal.last("b"), journal.last("c")) == ("Bu Tiga", "Pak Dua", "")


def test_who_is_erased_marked_without_a_name(tmp_path: Path) -> None:
    file = tmp_path / "penilai.jsonl"
    journal = Journal(file)
    for who, name, row in ((1, "Bu Satú", "a"), (2, "Pak Dua", "b"), (1, "Bu Satú", "c")):
        journal.note(who=f"{who:032x}", name=name, row=row, seen="1/None")
    size = file.stat().st_size
    assert journal.forget(f"{1:032x}")
    assert not journal.forget(f"{1:032x}")
    assert (journal.last("a"), journal.last("b"), journal.last("c")) == ("", "Pak Dua", "")
    # What another process adds meanwhile goes where it would have gone.
    assert ("Sat" in file.read_text(encoding="utf-8"), file.stat().st_size) == (False, size)
    journal.note(who=f"{3:032x}", name="Bu Tiga", row="a", seen="1/None")
    assert journal.last("a") == "Bu Tiga"
    assert not Journal(tmp_path / "tidak-ada.jsonl").forget(f"{1:032x}")
