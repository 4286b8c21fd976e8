"""Released notebook + recorded answers → the notebook nbgrader grades.

Pure. A submission holds the *counting attempt*: the best finished one, of equals the earliest, unless
the quiz counts the first or the last; the others stay in the store. Answers are plain text, because
nbgrader runs a fresh kernel in which a saved widget choice is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

from nbformat import NotebookNode

from netralitas import quizzes
from netralitas.i18n import _
from netralitas.quizzes import Answered, Attempt, Quiz, attempts, form, worth
from netralitas.record import Event

from .assignment import FORM_CELL, answer_cell, answer_name
from .slots import slot_value


class Counting(NamedTuple):
    """The attempt whose mark counts and the seed its form was drawn from."""

    attempt: Attempt
    seed: int


class UnfitFormError(ValueError):
    """Raised when today's quiz gives an attempt another form or other scores than the record.

    Its items changed after the attempt, or what was typed has been emptied: nbgrader would give another mark.
    """


def counting(quiz: Quiz, events: Sequence[Event]) -> Counting | None:
    """Return the counting attempt of a learner's events and its seed, None while none is finished."""
    found = quizzes.counting(quiz, attempts(quiz, events))
    return Counting(found, found.seed) if found else None


def submitted_notebook(quiz: Quiz, released: NotebookNode, attempt: Attempt, seed: int) -> NotebookNode:
    """Return a copy of `released` with form and answers of an attempt; a slot without answer stays None.

    Raises UnfitFormError when form or scores are not today's, KeyError when the notebook lacks a cell.
    """
    if form(quiz, seed) != attempt.drawn or any(
        _today(quiz, attempt, one) != one.score for one in attempt.record
    ):
        told = _("{quiz}, percobaan {number}: soal berubah sesudah dijawab. Nilai tercatat tetap berlaku.")
        raise UnfitFormError(told.format(quiz=quiz.root, number=attempt.number))
    notebook = deepcopy(released)
    cells = {cell.id: cell for cell in notebook.cells}
    cells[FORM_CELL].source = f'formulir = {{"seed": {seed}, "attempt": {attempt.number}}}'
    for slot, name in enumerate(attempt.form, 1):
        entry = attempt.given.get(name)
        tries = len(attempt.tries(name))
        value = slot_value(quiz.question(name), entry.answer, tries) if entry and entry.answer else None
        cells[answer_cell(slot)].source = f"{answer_name(slot)} = {value!r}"
    return notebook


def _today(quiz: Quiz, attempt: Attempt, given: Answered) -> float:
    """Return what an answer would be worth today; what has been emptied is worth nothing."""
    return worth(quiz, given.item, given.answer, len(attempt.tries(given.item))) if given.answer else 0.0
