"""What stands in a submitted notebook: the literals of its answer cells, or why it is set aside.

    bytes ──read──► Sheet(form, values, texts) ──digest──► compared with the signed register

Pure. A submission is foreign: nothing of it is ever executed, imported or rendered. Each code cell without
a test must be one assignment of a literal to the name expected there; whatever else stands in the
notebook (outputs, prose, kernel, changed tests) is not taken over, because what is graded and shown is made
anew from the quiz and these literals. nbgrader itself would execute every cell.
"""

from __future__ import annotations

import ast
import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from netralitas.i18n import _
from netralitas.quizzes import Quiz

from .assignment import FORM_CELL, answer_name, case_cell, cases, graded, test_cell

LARGEST = 4 * 1024 * 1024
"""Bytes of a submission; ours have tens of kilobytes."""
_LONGEST_CELL = 20_000


class SetAsideError(ValueError):
    """Raised for a submission that is not graded; the text is the reason, for the marker."""


class Sheet(NamedTuple):
    """What a submission answers: the literal of `formulir`, one of each slot, each case's cell by case id."""

    form: object
    values: tuple[object, ...]
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over all of it: two sheets that differ in anything differ here."""
        return hashlib.sha256(repr((self.form, self.values, sorted(self.texts.items()))).encode()).hexdigest()


def read(raw: bytes, quiz: Quiz) -> Sheet:
    """Return the answers of a submission to `quiz`. Raises SetAsideError."""
    cells = list(_cells(raw))
    found = [_told(number, cell) for number, cell in cells if cell["cell_type"] == "code"]
    slots = range(1, quiz.size + 1)
    wanted = [FORM_CELL, *(name for slot in slots for name in (answer_name(slot), test_cell(slot)))]
    _same(wanted, [name for name, _value in found])
    values = dict(found)
    texts = {case.id: _text(cells, case_cell(case.id)) for case in cases(quiz)}
    return Sheet(values[FORM_CELL], tuple(values[answer_name(slot)] for slot in slots), texts)


def literal(source: str) -> tuple[str, object]:
    """Return name and value of a cell that is one assignment of a literal; it is parsed, never executed.

    Raises ValueError for anything else.
    """
    if len(source) > _LONGEST_CELL:
        raise ValueError("too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        match tree.body:
            case [ast.Assign(targets=[ast.Name(id=name)], value=value)]:
                return name, ast.literal_eval(value)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(type(error).__name__) from error
    raise ValueError("not one assignment")


def _cells(raw: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and cell of each cell, with its source as one text."""
    if len(raw) > LARGEST:
        raise SetAsideError(_("berkasnya lebih dari {n} MB").format(n=LARGEST // 1024 // 1024))
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError):
        raise SetAsideError(_("isinya bukan JSON yang sah")) from None
    listed = notebook.get("cells") if isinstance(notebook, dict) and notebook.get("nbformat") == 4 else None  # noqa: PLR2004
    if not isinstance(listed, list):
        raise SetAsideError(_("berkasnya bukan buku catatan"))
    for number, cell in enumerate(listed, 1):
        source = cell.get("source") if isinstance(cell, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str) or cell.get("cell_type") not in {"code", "markdown", "raw"}:
            raise SetAsideError(_("sel ke-{n} bukan sel buku catatan").format(n=number))
        yield number, cell | {"source": source}


def _told(number: int, cell: Mapping[str, Any]) -> tuple[str, object]:
    """Return the name of a code cell and its literal: of a test its grade id and None."""
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if mark is not None:
        name = mark.get("grade_id") if isinstance(mark, dict) else None
        known = ("grade", "solution", "task", "locked", "points")
        ours = graded(name) if isinstance(name, str) else {}
        if not ours or any(mark.get(key) != ours[key] for key in known):
            raise SetAsideError(_("sel ke-{n}: tanda nilainya diubah").format(n=number))
        return str(name), None
    try:
        return literal(cell["source"])
    except ValueError:
        raise SetAsideError(
            _("sel ke-{n}: isinya bukan satu penetapan nilai; tidak dijalankan").format(n=number)
        ) from None


def _same(wanted: Sequence[str], found: Sequence[str]) -> None:
    """Refuse code cells that are not the ones expected, each once, in their order."""
    times = Counter(found)
    twice = next((name for name in found if times[name] > 1), None)
    if twice is not None:
        raise SetAsideError(_("sel {name} ada lebih dari satu").format(name=_short(twice)))
    if missing := [name for name in wanted if name not in times]:
        raise SetAsideError(_("sel {name} tidak ada").format(name=missing[0]))
    if foreign := [name for name in found if name not in wanted]:
        raise SetAsideError(_("sel {name} tidak dikenal").format(name=_short(foreign[0])))
    if list(found) != list(wanted):
        raise SetAsideError(_("urutan selnya diubah"))


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"  # noqa: PLR2004  (what fits a line)


def _text(cells: Sequence[tuple[int, Mapping[str, Any]]], name: str) -> str:
    found = [
        cell["source"]
        for _number, cell in cells
        if cell.get("id") == name and cell["cell_type"] == "markdown"
    ]
    if len(found) != 1:
        told = _("sel {name} tidak ada") if not found else _("sel {name} ada lebih dari satu")
        raise SetAsideError(told.format(name=name))
    return str(found[0])
