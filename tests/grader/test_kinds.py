"""Two paths, one mark, for every kind of question: the widget's judgement and stock nbgrader's."""

from __future__ import annotations

import ast
import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grader import assignment, gradebook
from grader.slots import slot_points, slot_value
from grader.submission import counting, sheet, submitted_notebook
from netralitas import content
from netralitas.forms import Quiz, form
from netralitas.judge import Answer, Open, judge, opening
from netralitas.quizzes import key_reply, mark, score
from netralitas.record import Event
from tests.kinds import ANYTHING, questions, replies

REPOSITORY = Path(__file__).resolve().parents[2]
TOY = REPOSITORY / "tests" / "course"
SLUG = "contoh-jenis"
PARTIAL: dict[str, Any] = {
    "j01": ("a",), "j02": ("a",), "j03": ("a",), "j04": {"a": "3", "b": "2", "c": "4"},
    "j05": ("c", "b", "d", "a"), "j06": {"a": "tidak", "b": "boleh", "c": "tidak", "d": "tidak"},
    "j07": "1.601", "j08": "Tenang!", "j09": {"a": "1", "b": "3", "c": "2"},
}  # fmt: skip
WRONG: dict[str, Any] = {
    "j01": ("c",), "j02": ("c",), "j03": ("b",), "j04": {"a": "4", "b": "4", "c": "4"},
    "j05": ("a", "d", "c", "b"), "j06": {"a": "boleh", "b": "tidak", "c": "tidak", "d": "boleh"},
    "j07": "-1", "j08": "kampanye", "j09": {"a": "4", "b": "1", "c": "4"},
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A content with the quiz of all kinds, three tries an item."""
    root = Path(shutil.copytree(TOY, tmp_path / "isi"))
    path = root / "quizzes" / f"{SLUG}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(raw | {"feedback": "tries", "tries": 3}), encoding="utf-8")
    monkeypatch.setenv("NETRALITAS_CONTENT", str(root))
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPOSITORY), *([found] if found else [])]))
    content.current.cache_clear()
    yield root
    content.current.cache_clear()


def sat(quiz: Quiz, seed: int, *rounds: dict[str, Any]) -> list[Event]:
    """A learner's events: each item is answered from the rounds in turn, until it is right or they end."""
    events: list[Event] = []

    def do(message: Any) -> dict[str, Any]:
        told = judge(quiz, events, message)
        body = told.model_dump() | ({"result": opening(quiz, seed)} if told.verb == "opened" else {})
        stamp = {"learner": "0" * 32, "site": "uji", "session": "uji", "chain": ""}
        when = datetime(2026, 11, 2, tzinfo=UTC)
        events.append(Event.model_validate(body | stamp | {"seq": len(events) + 1, "received_at": when}))
        return dict(events[-1].result)

    def name() -> str:
        return str(uuid.UUID(int=len(events) + 1, version=4))

    do(Open(kind="open", event=name()))
    for item in form(quiz, seed):
        sure: Any = "yakin" if quiz.question(item).certainty else None
        for answers in rounds:
            answer = answers[item]
            if not do(Answer(kind="answer", event=name(), item=item, answer=answer, certainty=sure)).get(
                "again"
            ):
                break
    return events


@pytest.mark.slow
def test_stock_nbgrader_finds_the_marks_of_the_widget_for_every_kind(place: Path) -> None:
    quiz = content.load(place).quizzes[SLUG]
    right = {question.id: key_reply(question) for question in quiz.questions if question.scored}
    course = gradebook.course_dir()
    assignment.write(content.load(place).quizzes.values(), [place], course.kept, check=False)
    released_path = gradebook.generate(SLUG, course)
    text = released_path.read_text(encoding="utf-8")
    for secret in ("slot_score", "masa tenang", "Bukti lebih dulu", "Bu Ratna menulis kronologi", "1588"):
        assert secret not in text
    released = nbformat.reads(text, as_version=4)
    sittings = [(right,), (PARTIAL, PARTIAL, PARTIAL), (WRONG, WRONG, WRONG), (WRONG, PARTIAL, right)]
    expected: dict[str, tuple[float, int]] = {}
    for number, rounds in enumerate(sittings, start=1):
        learner = f"{number:032x}"
        events = sat(quiz, number, *rounds)
        found = counting(quiz, events)
        assert found is not None
        text = assignment.canonical(submitted_notebook(released, sheet(quiz, events, found)))
        gradebook.submit(SLUG, learner, text, found.ended_at, course)
        told = [row.result for row in events if row.verb == "answered"]
        points = sum(row["score"] for row in told if not row.get("again"))
        expected[learner] = (points, found.mark)

    gradebook.autograde(SLUG, course)

    graded = gradebook.marks(SLUG, course)
    for learner, (points, widget) in expected.items():
        scores = [graded[learner][f"tes-{slot:02d}"] or 0.0 for slot in range(1, 10)]
        assert sum(scores) == pytest.approx(points, abs=1e-9)
        assert mark(scores, 9) == widget
    assert [round(points, 4) for points, _ in expected.values()] == EXPECTED


def test_answers_stand_as_plain_literals_of_each_shape(place: Path) -> None:
    quiz = content.load(place).quizzes[SLUG]
    events = sat(quiz, 5, WRONG, PARTIAL, PARTIAL)
    found = counting(quiz, events)
    assert found is not None
    notebook = submitted_notebook(assignment.source_notebook(quiz), sheet(quiz, events, found))
    told = [cell.source for cell in notebook.cells if cell.id.startswith("jawaban-")]
    values = {value[0]: value for value in (ast.literal_eval(one.split(" = ", 1)[1]) for one in told)}
    assert values["j03"] == ("j03", "a", 1)
    assert values["j02"] == ("j02", ("a",), 2)
    assert values["j04"] == ("j04", {"a": "3", "b": "2", "c": "4"}, 2)
    assert values["j05"] == ("j05", ("c", "b", "d", "a"), 2)
    assert values["j07"] == ("j07", "1.601", 2)


def test_the_bank_prints_every_kind_without_the_key(place: Path) -> None:
    quiz = content.load(place).quizzes[SLUG]
    text = assignment.canonical(assignment.source_notebook(quiz))
    for question in quiz.questions:
        assert text.count(f"### {question.id} ") == 1
        assert question.explanation not in text
        for row in (*question.rows, *question.columns):
            assert row.text in text
            assert getattr(row, "feedback", "\0") not in text


def test_a_written_case_is_an_answer_cell_and_a_task_for_each_criterion(place: Path) -> None:
    quiz = content.load(place).quizzes[SLUG]
    cells = {cell.id: cell for cell in assignment.source_notebook(quiz).cells}
    assert cells["kasus-j10"].source == assignment.unanswered()
    assert "nbgrader" not in cells["kasus-j10"].metadata
    tasks = [cells[f"rubrik-j10-{number}"] for number in (1, 2, 3)]
    assert [cell.metadata.nbgrader.points for cell in tasks] == [2, 2, 1]
    assert all(cell.metadata.nbgrader.task and cell.metadata.nbgrader.locked for cell in tasks)
    model = quiz.question("j10").model_answer
    assert [model in cell.source for cell in tasks] == [True, False, False]
    assert "- **1 poin**: Menulis akan melapor, tetapi belum menyebut ke mana." in tasks[1].source
    assert tasks[0].source.index("BEGIN MARK SCHEME") < tasks[0].source.index(model)


@given(questions(), st.data())
def test_a_slot_scores_as_the_widget_does(question: Any, data: st.DataObject) -> None:
    quiz = Quiz(format_version=1, id="acak", title="Acak", questions=(question,))
    answer = data.draw(replies(question))
    assert slot_points(quiz, {"seed": 1}, 1, slot_value(question, answer)) == score(question, answer)


@given(questions(), ANYTHING, st.integers(-1, 4) | st.just(value=True) | st.none())
def test_nonsense_in_a_slot_never_raises_and_tries_count_only_where_there_are_some(
    question: Any, answer: Any, tries: Any
) -> None:
    quiz = Quiz(format_version=1, id="acak", title="Acak", questions=(question,))
    assert 0 <= slot_points(quiz, {"seed": 1}, 1, (question.id, answer)) <= 1
    key = slot_value(question, key_reply(question))[1]
    assert slot_points(quiz, {"seed": 1}, 1, (question.id, key, 1)) == 0
    several = quiz.model_copy(update={"feedback": "tries"})
    points = slot_points(several, {"seed": 1}, 1, (question.id, key, tries))
    assert points == ({0: 1.0, 1: 0.75, 2: 0.5}.get(tries, 0.0) if type(tries) is int else 0.0)


EXPECTED = [9, 2.0, 0, 4.75]
