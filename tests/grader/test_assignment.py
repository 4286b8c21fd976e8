from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from typer.testing import CliRunner

from grader import assignment, gradebook
from grader.cli import grade
from grader.slots import slot_points, slot_score, slot_value
from netralitas import content
from netralitas.quizzes import Quiz, form, score

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
SEED = 4
FORM = {"seed": SEED, "attempt": 1}


class Odd(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = str.__hash__


def test_one_slot_and_one_point_per_item(quiz: Quiz) -> None:
    notebook = assignment.source_notebook(quiz)
    graded = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.points for cell in graded] == [1] * len(quiz.questions)
    assert [cell.metadata.nbgrader.grade_id for cell in graded][:2] == ["tes-01", "tes-02"]
    assert 'slot_score("contoh-nilai", formulir, 1, jawaban_01)' in graded[0].source


def test_same_quiz_same_bytes(quiz: Quiz) -> None:
    first, second = (assignment.canonical(assignment.source_notebook(quiz)) for _ in range(2))
    assert first == second
    assert first.endswith("}\n")
    nbformat.validate(nbformat.reads(first, as_version=nbformat.NO_CONVERT))


def test_bank_prints_every_item_for_markers(quiz: Quiz) -> None:
    text = assignment.canonical(assignment.source_notebook(quiz))
    for question in quiz.questions:
        assert question.prompt in text
        assert text.count(f"### {question.id} ") == 1


def test_no_cell_tells_key_feedback_or_explanation(quiz: Quiz) -> None:
    """Two quizzes that differ in nothing but these give the same bytes, hidden tests included."""
    changed = quiz.model_dump(mode="json")
    for item in changed["questions"]:
        item["explanation"] = "lain"
        item["key"] = [choice["id"] for choice in item["choices"] if choice["id"] not in item["key"]][:1]
        for choice in item["choices"]:
            choice["feedback"] = "lain"
    other = Quiz.model_validate(changed)
    text = assignment.canonical(assignment.source_notebook(quiz))
    assert text == assignment.canonical(assignment.source_notebook(other))
    assert "umpan-" not in text
    assert "penjelasan-" not in text


def test_outside_the_hidden_region_nothing_scores(quiz: Quiz) -> None:
    for cell in assignment.source_notebook(quiz).cells:
        assert "slot_score" not in HIDDEN.sub("", cell.source)


def test_slot_scores_as_the_widget_does(quiz: Quiz) -> None:
    for slot, name in enumerate(form(quiz, SEED), 1):
        question = quiz.question(name)
        letters = tuple(choice.id for choice in question.choices)
        answers = [(letter,) for letter in letters]
        if question.kind == "multiple_choice":
            answers += [letters, question.key, letters[:2]]
        for answer in answers:
            value = slot_value(question, answer)
            assert slot_points(quiz, FORM, slot, value) == score(question, answer)


def test_slot_refuses_an_item_of_another_slot(quiz: Quiz) -> None:
    drawn = form(quiz, SEED)
    value = slot_value(quiz.question(drawn[0]), quiz.question(drawn[0]).key)
    points = [slot_points(quiz, FORM, slot, value) for slot in range(-1, len(drawn) + 2)]
    assert points == [0, 0, 1, *[0] * len(drawn)]


@pytest.mark.parametrize("shape", range(18))
def test_nonsense_in_a_slot_is_worth_nothing_and_never_raises(quiz: Quiz, shape: int) -> None:
    for slot, name in enumerate(form(quiz, SEED), 1):
        question = quiz.question(name)
        key: Any = slot_value(question, question.key)[1]
        unknown: Any = ("z",) if question.kind == "multiple_choice" else "z"
        other: Any = question.key[0] if question.kind == "multiple_choice" else question.key
        values: list[Any] = [
            None, (), name, 1.0, float("nan"), True, [name, key], {name: key}, (name,), (name, key, key),
            (name, unknown), (name, other), (name, (*question.key, question.key[0])), (name, None),
            (Odd(name), key), (name, [Odd(letter) for letter in question.key]),
            (None, key), (name, ({},)),
        ]  # fmt: skip
        assert slot_points(quiz, FORM, slot, values[shape]) == 0


@pytest.mark.parametrize(
    "formulir",
    [None, 4, [], {}, {"seed": None}, {"seed": "4"}, {"seed": 4.0}, {"seed": True}, {"seed": -1},
     {"seed": 10**5000}, [("seed", 4)]],
)  # fmt: skip
def test_nonsense_in_the_form_is_worth_nothing_and_never_raises(quiz: Quiz, formulir: Any) -> None:
    for slot, name in enumerate(form(quiz, SEED), 1):
        question = quiz.question(name)
        assert slot_points(quiz, formulir, slot, slot_value(question, question.key)) == 0


def test_slot_score_reads_the_content_of_the_process(place: Path, quiz: Quiz) -> None:
    question = quiz.question(form(quiz, SEED)[0])
    assert slot_score(quiz.id, FORM, 1, slot_value(question, question.key)) == 1


def written(place: Path, kept: Path, *, check: bool) -> list[Path]:
    return assignment.write(content.load(place).quizzes.values(), [place], kept, check)


def test_check_names_what_build_would_change(place: Path, quiz: Quiz, tmp_path: Path) -> None:
    path, kept = place / "quizzes" / quiz.id / f"{quiz.id}.ipynb", tmp_path / "source"
    assert written(place, kept, check=True) == [path]
    assert not path.exists()
    assert written(place, kept, check=False) == [path]
    assert written(place, kept, check=True) == []
    path.write_text("{}", encoding="utf-8")
    assert written(place, kept, check=True) == [path]


def test_notebook_of_a_quiz_that_is_gone_is_drift(place: Path, quiz: Quiz, tmp_path: Path) -> None:
    path, kept = place / "quizzes" / quiz.id / f"{quiz.id}.ipynb", tmp_path / "source"
    written(place, kept, check=False)
    (place / "quizzes" / f"{quiz.id}.yaml").unlink()
    assert written(place, kept, check=True) == [path]
    written(place, kept, check=False)
    assert not path.exists()


@pytest.fixture
def agency(place: Path, quiz: Quiz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an agency's own folder with a quiz of its own, behind the toy content."""
    folder = tmp_path / "instansi"
    (folder / "quizzes").mkdir(parents=True)
    own = yaml.safe_dump(quiz.model_dump(mode="json") | {"id": "bank-instansi"})
    (folder / "quizzes" / "bank-instansi.yaml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("NETRALITAS_CONTENT", os.pathsep.join(map(str, (place, folder))))
    return folder


def test_of_several_folders_each_notebook_stands_beside_its_quiz(
    place: Path, quiz: Quiz, agency: Path
) -> None:
    ours, own = (
        folder / "quizzes" / slug / f"{slug}.ipynb"
        for folder, slug in ((place, quiz.id), (agency, "bank-instansi"))
    )
    run = CliRunner().invoke
    assert run(grade, ["build"]).exit_code == 0
    assert [path.is_file() for path in (ours, own)] == [True, True]
    assert run(grade, ["build", "--check"]).exit_code == 0
    assert len([*agency.glob("quizzes/*/*.ipynb")]) == 1
    own.write_text("{}", encoding="utf-8")
    told = run(grade, ["build", "--check"])
    assert (told.exit_code, str(own) in told.output, str(ours) in told.output) == (1, True, False)


def test_where_a_folder_is_shut_nbgrader_reads_all_notebooks_from_the_work_folder(
    place: Path, quiz: Quiz, agency: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever runs the tests as root may write everywhere, whatever the mode of a folder.
    monkeypatch.setattr(assignment, "_writable", lambda folder: folder != place)
    run = CliRunner().invoke
    assert run(grade, ["build"]).exit_code == 0
    assert not (place / "quizzes" / quiz.id).exists()
    course = gradebook.course_dir()
    names = sorted(path.name for path in course.source.glob("*/*.ipynb"))
    assert (course.source, names) == (course.kept, ["bank-instansi.ipynb", f"{quiz.id}.ipynb"])
    assert run(grade, ["build", "--check"]).exit_code == 0
    # Open again, nothing is left there that could grow old.
    monkeypatch.setattr(assignment, "_writable", lambda _folder: True)
    assert run(grade, ["build"]).exit_code == 0
    assert gradebook.course_dir().source != course.kept
    assert (place / "quizzes" / quiz.id / f"{quiz.id}.ipynb").is_file()


def test_command_names_file_and_remedy_and_exits_1_on_drift(place: Path, quiz: Quiz) -> None:
    run = CliRunner().invoke
    told = run(grade, ["build", "--check"])
    assert told.exit_code == 1
    assert f"quizzes/{quiz.id}/{quiz.id}.ipynb" in told.output
    assert "netralitas grade build" in told.output
    assert run(grade, ["build"]).exit_code == 0
    assert run(grade, ["build", "--check"]).exit_code == 0


def test_command_tells_broken_content(place: Path, quiz: Quiz) -> None:
    (place / "quizzes" / f"{quiz.id}.yaml").write_text("id: [", encoding="utf-8")
    told = CliRunner().invoke(grade, ["build", "--check"])
    assert told.exit_code == 1
    assert f"quizzes/{quiz.id}.yaml" in told.output
    assert "Traceback" not in told.output


@pytest.mark.parametrize("step", ["release", "collect", "run", "publish"])
def test_an_unknown_quiz_is_told_with_those_like_it(place: Path, quiz: Quiz, step: str) -> None:
    told = CliRunner().invoke(grade, [step, "contoh-nilia"])
    assert told.exit_code == 2
    assert f"Kuis 'contoh-nilia' tidak dikenal. Yang mirip: {quiz.id}." in told.output
