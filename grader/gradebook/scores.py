"""Scores in and out of nbgrader's gradebook, through its API; no kernel, no notebook.

    Wanted, Wanted, …  ──enter──►  Grade rows, only where they differ     Found, Found, …  ◄──found──

What a person entered is never overwritten. A score that changes under a person's one asks for another
look, as nbgrader's own autograder does.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from netralitas.i18n import _

from .course import CourseDir, GradingError

_CHUNK = 20
"""Submissions to a transaction: short ones, so that a marker never waits long."""


class Wanted(NamedTuple):
    """What a submission earned by cell; None where people have to mark. `at` is when it was handed in."""

    learner: str
    at: datetime
    scores: Mapping[str, float | None]


class Cell(NamedTuple):
    """What stands for one cell: the score that counts (None: not marked yet), the most, a comment or ''."""

    score: float | None
    most: float
    comment: str
    by_person: bool


class Found(NamedTuple):
    """What the gradebook holds of a learner's submission, by cell."""

    learner: str
    cells: Mapping[str, Cell]


class _Standing(NamedTuple):
    auto: float | None
    manual: float | None
    needs: bool


@contextmanager
def alone(course: CourseDir) -> Iterator[None]:
    """Hold the course directory for one command; raise GradingError while another holds it.

    The lock ends with its process, however that ends.
    """
    with (course.work / ".kunci").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            told = _(
                "Perintah penilaian lain sedang berjalan di {folder}. Tunggu sampai selesai, lalu ulangi."
            )
            raise GradingError(told.format(folder=course.work)) from None
        yield


def enter(slug: str, course: CourseDir, rows: Iterable[Wanted]) -> Iterator[tuple[str, bool]]:
    """Put scores into the gradebook; yield each learner, and whether anything changed, once it is committed.

    Raises GradingError where the quiz was never released.
    """
    if not course.has_gradebook:
        raise _unreleased(slug)
    with Gradebook(course.db_url) as book:
        cells = _cells(book, slug)
        standing = _standing(book, slug)
        batch: list[tuple[str, bool]] = []
        for row in rows:
            batch.append((row.learner, _enter(book, slug, row, cells, standing.get(row.learner))))
            if len(batch) == _CHUNK:
                book.db.commit()
                yield from batch
                batch = []
        book.db.commit()
        yield from batch


def found(slug: str, course: CourseDir) -> list[Found]:
    """Return every submission of a quiz as the gradebook has it, by learner; empty before the first."""
    if not course.has_gradebook:
        return []
    with Gradebook(course.db_url) as book:
        try:
            most = {cell.name: float(cell.max_score) for cell in _cells(book, slug).values()}
        except GradingError:
            return []
        comments = _comments(book, slug)
        return [
            Found(learner, {
                name: Cell(
                    score=None if one.needs and one.manual is None and one.auto is None else _score(one),
                    most=most[name],
                    comment=comments.get((learner, name), ""),
                    by_person=one.manual is not None,
                )
                for name, one in sorted(rows.items())
            })
            for learner, rows in sorted(_standing(book, slug).items())
        ]  # fmt: skip


def marks(slug: str, course: CourseDir) -> dict[str, dict[str, float | None]]:
    """Return the scores the autograder, or we in its place, gave: by learner, by cell."""
    if not course.has_gradebook:
        return {}
    with Gradebook(course.db_url) as book:
        return {
            learner: {name: one.auto for name, one in sorted(rows.items())}
            for learner, rows in sorted(_standing(book, slug).items())
        }


def _score(one: _Standing) -> float | None:
    return one.auto if one.manual is None else one.manual


def _unreleased(slug: str) -> GradingError:
    told = _("{quiz}: belum ada di buku nilai. Jalankan {command} dahulu.")
    return GradingError(told.format(quiz=slug, command="netralitas grade release"))


def _cells(book: Gradebook, slug: str) -> dict[str, Any]:
    """Return the cells of a quiz that earn points, by name. Raises GradingError."""
    try:
        notebook = book.find_notebook(slug, slug)
    except MissingEntry:
        raise _unreleased(slug) from None
    return {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}


def _standing(book: Gradebook, slug: str) -> dict[str, dict[str, _Standing]]:
    """Return all grades of a quiz by learner and cell."""
    told: dict[str, dict[str, _Standing]] = {}
    for learner, name, auto, manual, needs in _rows(
        book, slug, Grade, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
    ):
        told.setdefault(learner, {})[name] = _Standing(auto, manual, bool(needs))
    return told


def _comments(book: Gradebook, slug: str) -> dict[tuple[str, str], str]:
    """Return what people wrote of a quiz, by learner and cell."""
    rows = _rows(book, slug, Comment, Comment.manual_comment)
    return {(learner, name): comment for learner, name, comment in rows if comment}


def _rows(book: Gradebook, slug: str, table: type[Grade | Comment], *columns: Any) -> Any:
    """Return learner, cell and columns of every row of `table` that belongs to a quiz, in one query."""
    return (
        book.db.query(SubmittedAssignment.student_id, BaseCell.name, *columns)
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(table, table.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .filter(Assignment.name == slug)
    )


def _enter(
    book: Gradebook,
    slug: str,
    row: Wanted,
    cells: Mapping[str, Any],
    standing: Mapping[str, _Standing] | None,
) -> bool:
    """Bring one submission's grades to what is wanted; return whether any differed."""
    targets = {name: _target(score, (standing or {}).get(name)) for name, score in row.scores.items()}
    if standing is not None and all(standing.get(name) == target for name, target in targets.items()):
        return False
    if standing is None:
        _create(book, slug, row, cells, targets)
        return True
    submission = book.find_submission(slug, row.learner)
    submission.timestamp = row.at.astimezone(UTC).replace(tzinfo=None)
    grades = {grade.name: grade for grade in submission.notebooks[0].grades}
    for name, target in targets.items():
        if name in grades:
            grades[name].auto_score, grades[name].needs_manual_grade = target.auto, target.needs
        else:
            _add(submission.notebooks[0], cells[name], target)
    return True


def _target(score: float | None, before: _Standing | None) -> _Standing:
    """Return what is to stand for a cell: the score, what a person entered, whether a person is to look."""
    manual = before.manual if before else None
    if score is None:
        return _Standing(None, manual, needs=manual is None)
    if manual is not None and before is not None:
        return _Standing(score, manual, needs=before.needs or before.auto != score)
    return _Standing(score, None, needs=False)


def _create(
    book: Gradebook,
    slug: str,
    row: Wanted,
    cells: Mapping[str, Any],
    targets: Mapping[str, _Standing],
) -> None:
    """Make a submission as `Gradebook.add_submission` does, with its scores, in the caller's transaction."""
    assignment = book.find_assignment(slug)
    if book.db.get(Student, row.learner) is None:
        book.db.add(Student(id=row.learner))
    submission = SubmittedAssignment(
        assignment_id=assignment.id,
        student_id=row.learner,
        timestamp=row.at.astimezone(UTC).replace(tzinfo=None),
    )
    notebook = SubmittedNotebook(notebook_id=assignment.notebooks[0].id, assignment=submission)
    for name, target in targets.items():
        _add(notebook, cells[name], target)
    book.db.add(submission)
    book.db.flush()


def _add(notebook: SubmittedNotebook, cell: Any, target: _Standing) -> None:
    """Add the grade of a cell to a submission, and a comment where people mark it."""
    made: dict[str, Any] = {"cell_id": cell.id, "notebook": notebook}
    Grade(**made, auto_score=target.auto, needs_manual_grade=target.needs)
    if cell.type == "TaskCell":
        Comment(**made)
