"""Quiz → nbgrader source notebook: `quizzes/<slug>/<slug>.ipynb`, derived from `quizzes/<slug>.yaml`.

    title · formulir · (Soal NN · jawaban_NN · tes NN) × N · (case · its answer · its rubric) × M · bank

A written case is in no form: every learner finds all of them behind the slots. Each criterion of its
rubric is a manually graded task of nbgrader's, so Formgrader asks for points and a comment for each; the
model answer is the first one's mark scheme, which nbgrader takes out of what it releases.

Pure but for `write`. Each learner's form puts other items into the slots, so a slot says only
«Soal NN» and the bank, for markers, prints every item without key and feedback. The key stands in
no cell, hidden tests included: they call `grader.slots`, which reads it where the kernel runs.
Cell ids and grade ids are derived, so the same quiz gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from netralitas.i18n import _
from netralitas.quizzes import Question, Quiz, Written

from .files import write_text

FORM_CELL = "formulir"
"""Id of the cell that holds seed and number of the attempt."""

COMMAND = "netralitas grade build"
"""What derives the notebooks anew."""


def answer_name(slot: int) -> str:
    """Return the variable of a slot: `jawaban_01`."""
    return f"jawaban_{slot:02d}"


SCHEME = ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===")
"""Between these nbgrader takes out what a released notebook must not tell."""


def answer_cell(slot: int) -> str:
    """Return the id of the cell a slot's answer stands in: `jawaban-01`."""
    return f"jawaban-{slot:02d}"


def test_cell(slot: int) -> str:
    """Return the grade id of the cell that scores a slot: `tes-01`."""
    return f"tes-{slot:02d}"


def case_cell(case: str) -> str:
    """Return the id of the cell a written case's answer stands in: `kasus-k11`."""
    return f"kasus-{case}"


def criterion_cell(case: str, number: int) -> str:
    """Return the grade id of a criterion of a written case, 1 the first: `rubrik-k11-1`."""
    return f"rubrik-{case}-{number}"


def cases(quiz: Quiz) -> list[Written]:
    """Return the written cases of a quiz in their order."""
    return [question for question in quiz.questions if isinstance(question, Written)]


def source_notebook(quiz: Quiz) -> NotebookNode:
    """Return the nbgrader source of a quiz: one slot an item of a form, one point a slot."""
    cells = [_title(quiz), _code(FORM_CELL, 'formulir = {"seed": 0, "attempt": 0}')]
    for slot in range(1, quiz.size + 1):
        cells += _slot(quiz.id, slot)
    for case in cases(quiz):
        cells += _case(case)
    cells.append(_prose("bank", f"## {_('Daftar soal')}"))
    scored = (question for question in quiz.questions if question.scored)
    cells += [_item(number, question) for number, question in enumerate(scored, 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    nbformat.validate(notebook)
    return notebook


def canonical(notebook: NotebookNode) -> str:
    """Return the one text form of a notebook: keys sorted, one space of indent, a newline at the end."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def write(quizzes: Iterable[Quiz], folders: Sequence[Path], kept: Path, check: bool) -> list[Path]:
    """Derive the notebook of each quiz beside its YAML, or only compare when `check`.

    `folders` are those content comes from. Where one of them cannot be written and has not what it should,
    all notebooks stand in `kept` as well, for nbgrader reads one folder. Returns the paths that differed:
    missing, stale, or left behind by a quiz that is gone (those are removed). Raises OSError.
    """
    texts = {quiz.id: canonical(source_notebook(quiz)) for quiz in quizzes}
    wanted, shut = {}, False
    for folder in folders:
        for slug in sorted(texts.keys() & {path.stem for path in (folder / "quizzes").glob("*.yaml")}):
            path = folder / _path(slug)
            if _writable(folder):
                wanted[path] = texts[slug]
            elif not _holds(path, texts[slug]):
                shut = True
    if shut:
        wanted |= {kept / _path(slug).relative_to("quizzes"): text for slug, text in texts.items()}
    differing = [path for path, text in wanted.items() if not _holds(path, text)]
    stand = [path for folder in folders if _writable(folder) for path in folder.glob("quizzes/*/*.ipynb")]
    left = sorted(
        {path for path in (*stand, *kept.glob("*/*.ipynb")) if path.stem == path.parent.name} - set(wanted)
    )
    if not check:
        for path in differing:
            write_text(path, wanted[path])
        for path in left:
            path.unlink()
    return [*differing, *left]


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _writable(folder: Path) -> bool:
    return os.access(folder / "quizzes", os.W_OK)


def _path(slug: str) -> Path:
    return Path("quizzes") / slug / f"{slug}.ipynb"


def _title(quiz: Quiz) -> NotebookNode:
    told = _(
        "Lembar ini memuat jawaban satu percobaan. Urutan soal tiap peserta berbeda: tiap jawaban menyebut "
        "soalnya, dan semua soal tercetak di bagian akhir. Berkas ini diturunkan dari `{source}` dengan "
        "`{command}`; jangan disunting."
    ).format(source=f"quizzes/{quiz.id}.yaml", command=COMMAND)
    return _prose("judul", f"# {quiz.title}\n\n{told}")


def _slot(slug: str, slot: int) -> list[NotebookNode]:
    test = "\n".join(
        [
            f"# {_('Dinilai otomatis.')}",
            "### BEGIN HIDDEN TESTS",
            "from grader.slots import slot_score",
            f'slot_score("{slug}", formulir, {slot}, {answer_name(slot)})',
            "### END HIDDEN TESTS",
        ]
    )
    # Answer cells carry no nbgrader metadata: of a solution cell nbgrader would release its stub,
    # which raises, in place of `None`.
    return [
        _prose(f"soal-{slot:02d}", f"## {_('Soal {number}').format(number=slot)}"),
        _code(answer_cell(slot), f"{answer_name(slot)} = None"),
        _code(test_cell(slot), test, nbgrader=graded(test_cell(slot))),
    ]


def graded(name: str, points: int = 1, *, by_people: bool = False) -> dict[str, Any]:
    """Return nbgrader's mark of a cell that earns points: a test, or a task people mark."""
    return {
        "schema_version": 3,
        "grade_id": name,
        "grade": not by_people,
        "solution": False,
        "locked": True,
        "task": by_people,
        "points": points,
    }


def _case(question: Written) -> list[NotebookNode]:
    heading = f"### {question.id} · {_('kasus tertulis')}"
    cells = [
        _prose(f"tugas-{question.id}", f"{heading}\n\n{question.prompt}"),
        _prose(case_cell(question.id), unanswered()),
    ]
    for number, criterion in enumerate(question.criteria, 1):
        told = _("**Kriteria {number} ({points} poin).** {text}").format(
            number=number, points=criterion.points, text=criterion.text
        )
        rows = [_("- **{points} poin**: {text}").format(**level.model_dump()) for level in criterion.levels]
        if rows:
            told = "\n".join([told, "", *rows])
        name = criterion_cell(question.id, number)
        if number == 1:
            model = f"**{_('Contoh jawaban')}.** {question.model_answer}"
            told = f"{told}\n\n{SCHEME[0]}\n{model}\n{SCHEME[1]}"
        cells.append(_prose(name, told, nbgrader=graded(name, criterion.points, by_people=True)))
    return cells


def unanswered() -> str:
    """Return what stands in the cell of a written case nobody answered."""
    return f"*{_('Belum ada jawaban.')}*"


def _item(number: int, question: Question) -> NotebookNode:
    kinds = {
        "single_choice": _("satu pilihan"),
        "multiple_choice": _("beberapa pilihan"),
        "true_false": _("benar atau salah"),
        "matching": _("menjodohkan"),
        "ordering": _("mengurutkan"),
        "classification": _("mengelompokkan"),
        "number": _("bilangan"),
        "short_text": _("jawaban singkat"),
        "rating": _("menilai tiap pilihan"),
    }
    # By id: in the file the entries of an ordering may stand as the key has them.
    rows = [f"- **{row.id}.** {row.text}" for row in sorted(question.rows, key=lambda row: row.id)]
    columns = [f"- {one.id}: {one.text}" for one in sorted(question.columns, key=lambda one: one.id)]
    heading = f"### {question.id} · {kinds[question.kind]}"
    parts = [heading, question.prompt, "\n".join(rows), "\n".join(columns)]
    return _prose(f"bank-{number:02d}", "\n\n".join(part for part in parts if part))


def _prose(name: str, source: str, **metadata: Any) -> NotebookNode:
    return v4.new_markdown_cell(source, id=name, metadata=metadata)


def _code(name: str, source: str, **metadata: Any) -> NotebookNode:
    return v4.new_code_cell(source, id=name, metadata=metadata)
