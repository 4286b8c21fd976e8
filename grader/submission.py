"""Released notebook + recorded answers → the notebook nbgrader grades, and the one a marker reads.

Pure. A submission holds the *counting attempt*: the best finished one, of equals the earliest, unless
the quiz counts the first or the last; the others stay in the store. Answers are plain text, because
nbgrader runs a fresh kernel in which a saved widget choice is nothing. What a learner typed stands between
fences: as code it is inert wherever a notebook is shown (no markup, no script, no LaTeX).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode, v4

from netralitas import quizzes
from netralitas.cases import written
from netralitas.i18n import _
from netralitas.quizzes import Answered, Attempt, Quiz, attempts, form, worth
from netralitas.record import Event

from .assignment import (
    FORM_CELL,
    SCHEME,
    answer_cell,
    answer_name,
    case_cell,
    cases,
    criterion_cell,
    source_notebook,
    test_cell,
    unanswered,
)
from .register import Entry
from .sheet import Sheet
from .slots import slot_value

_WIDTH = 96
"""Columns a marker sees without scrolling sideways."""


class UnfitFormError(ValueError):
    """Raised when today's quiz gives an attempt another form or other scores than the record.

    Its items changed after the attempt, or what was typed has been emptied: nbgrader would give another mark.
    """


def counting(quiz: Quiz, events: Sequence[Event]) -> Attempt | None:
    """Return the counting attempt of a learner's events, None while none is finished."""
    return quizzes.counting(quiz, attempts(quiz, events))


def entry(quiz: Quiz, events: Sequence[Event], attempt: Attempt) -> Entry:
    """Return what the register keeps of a learner's counting attempt, scores as the record has them."""
    return Entry(
        seed=attempt.seed,
        attempt=attempt.number,
        scores=tuple(attempt.given[name].score if name in attempt.given else 0.0 for name in attempt.form),
        digest=sheet(quiz, events, attempt).digest,
        written=tuple(sorted(written(quiz, events))),
        at=attempt.ended_at,
    )


def sheet(quiz: Quiz, events: Sequence[Event], attempt: Attempt) -> Sheet:
    """Return the answers of an attempt, and the learner's written cases, as a submission holds them.

    Raises UnfitFormError when form or scores are not today's.
    """
    if form(quiz, attempt.seed) != attempt.drawn or any(
        _today(quiz, attempt, one) != one.score for one in attempt.record
    ):
        told = _("{quiz}, percobaan {number}: soal berubah sesudah dijawab. Nilai tercatat tetap berlaku.")
        raise UnfitFormError(told.format(quiz=quiz.root, number=attempt.number))
    values = []
    for name in attempt.form:
        given = attempt.given.get(name)
        tries = len(attempt.tries(name))
        values.append(
            slot_value(quiz.question(name), given.answer, tries) if given and given.answer else None
        )
    sent = written(quiz, events)
    return Sheet(
        form={"seed": attempt.seed, "attempt": attempt.number},
        values=tuple(values),
        texts={case.id: _case(sent, case.id) for case in cases(quiz)},
    )


def submitted_notebook(released: NotebookNode, given: Sheet) -> NotebookNode:
    """Return a copy of `released` with the answers of a sheet; a slot without one stays None.

    Raises KeyError when the notebook lacks a cell.
    """
    notebook = deepcopy(released)
    cells = {cell.id: cell for cell in notebook.cells}
    cells[FORM_CELL].source = f"formulir = {_plain(given.form)}"
    for slot, value in enumerate(given.values, 1):
        cells[answer_cell(slot)].source = f"{answer_name(slot)} = {value!r}"
    for name, text in given.texts.items():
        cells[case_cell(name)].source = text
    return notebook


def graded_notebook(quiz: Quiz, given: Sheet, scores: Sequence[float]) -> NotebookNode:
    """Return what a marker reads in Formgrader: quiz, answers, and each test's points as its output.

    It is what nbgrader's autograder would have written, without a kernel.
    """
    notebook = submitted_notebook(source_notebook(quiz), given)
    cells = {cell.id: cell for cell in notebook.cells}
    for slot, score in enumerate(scores, 1):
        shown: Any = v4.new_output("execute_result", {"text/plain": repr(score)}, execution_count=slot)
        cells[test_cell(slot)].outputs = [shown]
    for case in cases(quiz):
        told = cells[criterion_cell(case.id, 1)]
        told.source = told.source.replace(f"{SCHEME[0]}\n", "").replace(f"\n{SCHEME[1]}", "")
    return notebook


def fenced(text: str) -> str:
    """Return a typed text as a code block of Markdown: long lines wrapped, nothing in it markup."""
    lines = [line for told in text.splitlines() for line in textwrap.wrap(told, _WIDTH) or [""]]
    body = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}"


def _case(sent: Mapping[str, str | None], name: str) -> str:
    """Return what stands in the cell of a written case."""
    if name not in sent:
        return unanswered()
    text = sent[name]
    return fenced(text) if text else f"*{_('Teks jawaban ini sudah dihapus.')}*"


def _today(quiz: Quiz, attempt: Attempt, given: Answered) -> float:
    """Return what an answer would be worth today; what has been emptied is worth nothing."""
    return worth(quiz, given.item, given.answer, len(attempt.tries(given.item))) if given.answer else 0.0


def _plain(form: object) -> str:
    """Return the form as JSON would have it: `{"seed": 4, "attempt": 1}`."""
    rows: Mapping[str, int] = form if isinstance(form, Mapping) else {}
    return "{" + ", ".join(f'"{name}": {number}' for name, number in rows.items()) + "}"
