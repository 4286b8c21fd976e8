"""The way of marks: from the record to submissions, into the gradebook, and back to the learner.

    store ──collect──► submitted notebooks + signed register ──run──► gradebook ──publish──► store
                                                    └──audit──► differences

Each step writes only what differs and may be killed anywhere: done again, it ends in the same state. It
knows learners by their ids alone.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode

from netralitas.i18n import _
from netralitas.keys import made_once
from netralitas.published import CaseMark, CriterionMark, Published
from netralitas.quizzes import Quiz, mark
from netralitas.record import Event

from . import double, gradebook
from .assignment import canonical, cases, criterion_cell, test_cell
from .double import Hands
from .gradebook import CourseDir, Found, GradingError, Wanted
from .register import Entries, Entry, Register, checked
from .sheet import LARGEST, SetAsideError, Sheet, read
from .submission import UnfitFormError, counting, entry, graded_notebook, sheet, submitted_notebook

_FEW = 60
"""Submissions one process prepares faster than several begin."""


class Step(NamedTuple):
    """What became of one learner: whether anything changed, and why they were left out, or ''."""

    learner: str
    changed: bool
    reason: str = ""


class Difference(NamedTuple):
    """A slot whose score in the gradebook is not the audit's; None: there is none."""

    learner: str
    cell: str
    book: float | None
    audit: float | None


class _Prepared(NamedTuple):
    """A submission read, or why it was set aside."""

    learner: str
    wanted: Wanted | None
    changed: bool = False
    reason: str = ""


def register(course: CourseDir) -> Register:
    """Return the registers of a course; the key stands beside its folder, out of the trainers' reach."""
    return Register(course.forms, made_once(course.work.parent / "formulir.key"))


def collect(quiz: Quiz, records: Iterable[Sequence[Event]], course: CourseDir) -> Iterator[Step]:
    """Write the submission of every learner with a counting attempt; yield what became of each.

    The register is written at the end: until then `run` sets aside what is new. Learners whose attempt
    no longer fits the quiz keep the submission they have. Raises GradingError without a release.
    """
    released = _released(quiz, course)
    entries: dict[str, Entry] = {}
    book = register(course)
    before = book.entries(quiz.id)
    for events in records:
        learner = events[0].learner
        try:
            found = counting(quiz, events)
            if found is None:
                continue
            given = sheet(quiz, events, found)
        except UnfitFormError as error:
            if learner in before:
                entries[learner] = before[learner]
            yield Step(learner, changed=False, reason=str(error))
            continue
        entries[learner] = entry(quiz, events, found)
        text = canonical(submitted_notebook(released, given))
        changed = gradebook.submit(quiz.id, learner, text, found.ended_at, course)
        yield Step(learner, changed)
    if entries != before:
        book.write(quiz.id, entries)


def run(quiz: Quiz, course: CourseDir) -> Iterator[Step]:
    """Put the marks given at answer time into the gradebook; yield what became of each submission.

    No kernel: each submission is parsed, compared with the register, and laid out for Formgrader in parallel.
    Raises GradingError, RegisterError.
    """
    entries = register(course).entries(quiz.id)
    aside: list[Step] = []
    files: dict[str, bool] = {}

    def rows() -> Iterator[Wanted]:
        for one in _prepared(quiz, course, entries):
            files[one.learner] = one.changed
            if one.wanted is None:
                aside.append(Step(one.learner, changed=False, reason=one.reason))
            else:
                yield one.wanted

    for learner, changed in gradebook.enter(quiz.id, course, rows()):
        yield Step(learner, changed or files[learner])
    yield from aside


def audit(quiz: Quiz, course: CourseDir, *, workers: int = 0) -> Iterator[tuple[Step, Sequence[Difference]]]:
    """Autograde every sound submission anew; yield each learner and where the gradebook says otherwise.

    Raises GradingError, RegisterError.
    """
    released = _released(quiz, course)
    entries = register(course).entries(quiz.id)
    book = gradebook.marks(quiz.id, course)
    notebooks: dict[str, str] = {}
    for learner in sorted(course.submitters(quiz.id) | set(entries)):
        try:
            given, _entered = _sheet(quiz, course, learner, entries.get(learner))
            notebooks[learner] = canonical(submitted_notebook(released, given))
        except SetAsideError as error:
            yield Step(learner, changed=False, reason=str(error)), ()
    for learner, scores in gradebook.audited(quiz.id, course, notebooks, workers=workers):
        if isinstance(scores, str):
            yield Step(learner, changed=False, reason=scores), ()
            continue
        stands = book.get(learner, {})
        yield (
            Step(learner, changed=False),
            [
                Difference(learner, name, stands.get(name), score)
                for name, score in sorted(scores.items())
                if stands.get(name) != score
            ],
        )


def held(learner: str, quizzes: Iterable[Quiz], course: CourseDir) -> dict[str, Any]:
    """Return what the gradebook holds of a learner: score and comment of each cell, by quiz."""
    return {
        f"{quiz.id}{whose}": {name: cell._asdict() for name, cell in one.cells.items()}
        for quiz in quizzes
        for whose, place in double.books(quiz.id, learner, course)
        for one in gradebook.found(quiz.id, place)
        if one.learner == learner
    }


def forget(learner: str, quizzes: Iterable[Quiz], course: CourseDir) -> bool:
    """Take a learner out of registers, gradebook and folders; return whether there was anything."""
    for quiz in quizzes:
        entries = register(course).entries(quiz.id)
        if entries.pop(learner, None) is not None:
            register(course).write(quiz.id, entries)
        double.forget(quiz.id, learner, course)
    return gradebook.forget(learner, course)


def publish(quiz: Quiz, course: CourseDir) -> dict[str, Published]:
    """Return what the gradebook has to give back of a quiz, by learner. Raises RegisterError."""
    entries = register(course).entries(quiz.id)
    agreed = double.hands(quiz.id, course) if quiz.double else None
    return {
        one.learner: _published(quiz, one, entries[one.learner], agreed)
        for one in gradebook.found(quiz.id, course)
        if one.learner in entries
    }


def _published(quiz: Quiz, found: Found, at: Entry, agreed: Mapping[str, Hands] | None) -> Published:
    """Return what one learner gets back; `agreed`: whose case two mark waits until they have agreed."""
    hands = agreed.get(found.learner) if agreed is not None else None
    slots = [found.cells[test_cell(slot)] for slot in range(1, quiz.size + 1)]
    written = []
    for case in cases(quiz):
        if case.id not in at.written:
            continue
        criteria = []
        for number, criterion in enumerate(case.criteria, 1):
            name = criterion_cell(case.id, number)
            cell = found.cells[name]
            if agreed is not None and not (hands and name in hands.settled):
                cell = cell._replace(score=None, comment="")
            reached = "" if cell.score is None else criterion.reached(cell.score)
            criteria.append(
                CriterionMark(
                    text=criterion.text,
                    points=cell.score,
                    most=cell.most,
                    comment=cell.comment,
                    reached=reached,
                )
            )
        markers = 1 if agreed is None else hands.number(case.id) if hands else case.markers
        written.append(CaseMark(case=case.id, criteria=tuple(criteria), markers=markers))
    return Published(
        attempt=at.attempt,
        mark=min(100, mark([slot.score or 0.0 for slot in slots], len(slots))),
        overridden=any(slot.by_person for slot in slots),
        cases=tuple(written),
    )


def _released(quiz: Quiz, course: CourseDir) -> NotebookNode:
    try:
        text = course.released(quiz.id).read_text(encoding="utf-8")
    except FileNotFoundError:
        told = _("{quiz}: lembar kosongnya belum ada. Jalankan {command} dahulu.")
        raise GradingError(told.format(quiz=quiz.id, command="netralitas grade release")) from None
    return nbformat.reads(text, as_version=4)


def _prepared(quiz: Quiz, course: CourseDir, entries: Entries) -> Iterator[_Prepared]:
    """Yield what became of everybody who is in the register or has a submission, in order."""
    one = partial(_prepare, quiz, course)
    names = sorted(course.submitters(quiz.id) | set(entries))
    jobs = [(learner, entries.get(learner)) for learner in names]
    if len(jobs) <= _FEW:
        yield from map(one, jobs)
        return
    # Processes of their own, begun afresh: this one may hold threads, which a fork would not copy.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("forkserver")) as pool:
        yield from pool.map(one, jobs, chunksize=20)


def _prepare(quiz: Quiz, course: CourseDir, job: tuple[str, Entry | None]) -> _Prepared:
    """Read a submission and lay it out for Formgrader; say what it is worth."""
    learner, at = job
    try:
        given, entered = _sheet(quiz, course, learner, at)
    except SetAsideError as error:
        return _Prepared(learner, None, reason=str(error))
    text = canonical(graded_notebook(quiz, given, entered.scores))
    changed = gradebook.put(course.autograded(quiz.id, learner), text)
    scores: dict[str, float | None] = {test_cell(slot): score for slot, score in enumerate(entered.scores, 1)}
    for case in cases(quiz):
        for number in range(1, len(case.criteria) + 1):
            scores[criterion_cell(case.id, number)] = None if case.id in entered.written else 0.0
    return _Prepared(learner, Wanted(learner, entered.at, scores), changed)


def _sheet(quiz: Quiz, course: CourseDir, learner: str, at: Entry | None) -> tuple[Sheet, Entry]:
    """Return a submission's answers and its entry. Raises SetAsideError: it is not what was collected."""
    given = read(_bytes(course.submitted(quiz.id, learner)), quiz)
    return given, checked(given, at)


def _bytes(path: Path) -> bytes:
    """Return a file's content, or what is enough to see that it is too long."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError:
        raise SetAsideError(_("berkasnya tidak ada atau tidak terbaca")) from None
