from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import assignment, gradebook
from grader.submission import counting, sheet, submitted_notebook
from netralitas.quizzes import Quiz, mark, score
from netralitas.reading import ContentError
from tests.grader.conftest import START

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(place: Path, quiz: Quiz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> gradebook.CourseDir:
    """Return a course directory of its own; nbgrader's processes find both packages and no user's files."""
    path = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPOSITORY), *([path] if path else [])]))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = gradebook.course_dir()
    assignment.write([quiz], [place], found.kept, check=False)
    return found


@pytest.mark.slow
def test_stock_nbgrader_finds_the_marks_of_the_widget(
    course: gradebook.CourseDir, quiz: Quiz, learners: Any
) -> None:
    released_path = gradebook.generate(quiz.id, course)
    text = released_path.read_text(encoding="utf-8")
    for secret in ("umpan-", "penjelasan-", "slot_score", "HIDDEN"):
        assert secret not in text
    released = nbformat.reads(text, as_version=4)
    expected: dict[str, tuple[float, int]] = {}
    for learner, events in learners.items():
        found = counting(quiz, events)
        assert found is not None
        text = assignment.canonical(submitted_notebook(released, sheet(quiz, events, found)))
        gradebook.submit(quiz.id, learner, text, found.ended_at, course)
        points = sum(score(quiz.question(one.item), one.answer) for one in found.answers)
        expected[learner] = (points, found.mark)

    gradebook.autograde(quiz.id, course)

    graded = gradebook.marks(quiz.id, course)
    assert set(graded) == set(learners)
    for learner, (points, widget) in expected.items():
        scores = [score or 0.0 for score in graded[learner].values()]
        assert len(scores) == 10
        assert sum(scores) == pytest.approx(points, abs=1e-9)
        assert mark(scores, 10) == widget
    # The five differ, or equal marks would prove little.
    assert [round(points, 4) for points, _ in expected.values()] == [10, 1.1762, 8.8238, 0, 8.1429]


@pytest.mark.slow
def test_failure_of_nbgrader_is_told_with_the_end_of_its_output(course: gradebook.CourseDir) -> None:
    with pytest.raises(gradebook.GradingError, match=r"(?s)generate_assignment.*tidak-ada"):
        gradebook.generate("tidak-ada", course)


def test_broken_content_stops_grading_before_it_scores_everybody_nothing(
    course: gradebook.CourseDir, place: Path, quiz: Quiz
) -> None:
    (place / "quizzes" / f"{quiz.id}.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(ContentError):
        gradebook.autograde(quiz.id, course)


def test_without_a_gradebook_there_are_no_marks(course: gradebook.CourseDir, quiz: Quiz) -> None:
    assert gradebook.marks(quiz.id, course) == {}


@pytest.mark.parametrize("student", ["190001012020011001", "../" + "a" * 32, "A" * 32, ""])
def test_student_is_a_learner_id_never_a_nip(course: gradebook.CourseDir, quiz: Quiz, student: str) -> None:
    with pytest.raises(ValueError, match="learner id"):
        gradebook.submit(quiz.id, student, "{}", START, course)


def test_folder_that_nbgrader_reads_as_a_pattern_is_refused(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path / "a[1]"))
    with pytest.raises(gradebook.GradingError, match="tanda pola"):
        gradebook.course_dir()


def test_processes_of_nbgrader_get_no_setting_but_the_places(course: gradebook.CourseDir) -> None:
    given = {"PATH": "/bin", "NETRALITAS_STORE": "postgresql+psycopg://x:rahasia@y/z", "LANG": "C.UTF-8"}
    env = gradebook.environment(course, given)
    assert [name for name in env if name.startswith("NETRALITAS_")] == [
        "NETRALITAS_CONTENT",
        "NETRALITAS_HOME",
        "NETRALITAS_GRADEBOOK",
    ]
    assert "rahasia" not in "".join(env.values())


def test_a_release_is_outdated_where_it_is_missing_or_its_source_is_newer(tmp_path: Path) -> None:
    course = gradebook.CourseDir(content=tmp_path / "isi", work=tmp_path / "kerja", db_url="sqlite://")
    source = course.content / "quizzes" / "kuis" / "kuis.ipynb"
    made = course.released("kuis")
    for path in (source, made):
        path.parent.mkdir(parents=True)
    source.touch()
    assert course.outdated("kuis")
    made.touch()
    os.utime(made, (2000, 2000))
    os.utime(source, (1000, 1000))
    assert not course.outdated("kuis")
    os.utime(source, (3000, 3000))
    assert course.outdated("kuis")
