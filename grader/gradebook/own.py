"""Gradebooks of single markers, for what two mark blind; and what they agreed on into the main one.

    lend     sheets into a marker's own gradebook, which is made where it is missing
    settle   points that count into the main gradebook, as a person's

On SQLite each is a file in the hidden folder of the course, on PostgreSQL a schema beside the main one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import nbgrader.api
from nbgrader.api import Gradebook, MissingEntry

from .course import CourseDir, schema_of
from .scores import Wanted, enter, found

Points = Mapping[str, tuple[float, str]]
"""Points and comment by grade id."""


def lend(slug: str, course: CourseDir, marker: str, rows: Iterable[Wanted]) -> None:
    """Put sheets into a marker's own gradebook. Raises GradingError where the quiz was never released."""
    own = course.own(marker)
    with Gradebook(course.db_url) as main:
        _make(main, course, marker)
        with Gradebook(own.db_url, "netralitas") as book:
            _copy(slug, main, book)
    for _done in enter(slug, own, rows):
        pass


def settle(slug: str, course: CourseDir, rows: Mapping[str, Points]) -> int:
    """Enter what was agreed on, by learner; return how many sheets differed. Unknown ones are passed over."""
    stands = {one.learner: one.cells for one in found(slug, course)} if rows else {}
    differing = {
        learner: points
        for learner, points in rows.items()
        if learner in stands
        and any(
            not (cell := stands[learner].get(name))
            or (cell.score, cell.comment, cell.by_person) != (*told, True)
            for name, told in points.items()
        )
    }
    if differing:
        with Gradebook(course.db_url) as book:
            for learner, points in differing.items():
                _settle(book, slug, learner, points)
    return len(differing)


def _settle(book: Gradebook, slug: str, learner: str, points: Points) -> None:
    notebook = book.find_submission(slug, learner).notebooks[0]
    for grade in notebook.grades:
        if grade.name in points:
            grade.manual_score, grade.needs_manual_grade = points[grade.name][0], False
    for comment in notebook.comments:
        if comment.name in points:
            comment.manual_comment = points[comment.name][1] or None
    book.db.commit()


def _make(main: Gradebook, course: CourseDir, marker: str) -> None:
    """Make the place of a marker's gradebook; nbgrader makes the tables."""
    with main.engine.begin() as connection:
        if course.on_server and not course.has_own(marker):
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema_of(marker)}")
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    # nbgrader would ask a command that takes seconds and may not stand on the path.
    nbgrader.api.get_alembic_version = lambda: str(version)
    (course.hidden / marker).mkdir(parents=True, exist_ok=True)


def _copy(slug: str, main: Gradebook, book: Gradebook) -> None:
    """Make the quiz known in a marker's gradebook: its tasks alone, because the rest is scored already."""
    try:
        tasks: list[Any] = main.find_notebook(slug, slug).task_cells
    except MissingEntry:
        return  # `enter` says what to do
    book.update_or_create_assignment(slug)
    book.update_or_create_notebook(slug, slug)
    for cell in tasks:
        book.update_or_create_task_cell(
            cell.name, slug, slug, max_score=cell.max_score, cell_type=cell.cell_type
        )
