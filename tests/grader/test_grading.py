from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grader import gradebook, grading
from grader.assignment import criterion_cell
from grader.gradebook import CourseDir
from grader.submission import fenced
from netralitas.quizzes import attempts, counting
from tests.grader.office import (
    CASE,
    ESSAY,
    REPOSITORY,
    SIZE,
    SLUG,
    Office,
    at_work,
    copied,
    learners,
    peopled,
)

pytestmark = pytest.mark.slow
FULL = os.environ.get("NETRALITAS_FULL") == "1"


@pytest.fixture
def course(office: Office, monkeypatch: pytest.MonkeyPatch) -> CourseDir:
    return office.settle_in(monkeypatch)


def collected(office: Office, course: CourseDir) -> list[grading.Step]:
    with office.store() as store:
        return list(grading.collect(office.quiz, store.events_on(office.quiz.root), course))


def recorded_marks(office: Office) -> dict[str, int]:
    """What the page showed each learner."""
    found = {}
    with office.store() as store:
        for events in store.events_on(office.quiz.root):
            counted = counting(office.quiz, attempts(office.quiz, events))
            assert counted is not None
            found[events[0].learner] = counted.mark
    return found


def test_three_paths_one_mark(furnished: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer time, stock nbgrader and the audit give every slot of every learner the same score."""
    office = peopled(copied(furnished, tmp_path), 200 if FULL else SIZE)
    course = office.settle_in(monkeypatch)
    collected(office, course)
    list(grading.run(office.quiz, course))
    entered = gradebook.marks(SLUG, course)
    assert len(entered) == (200 if FULL else SIZE)
    assert {len(scores) for scores in entered.values()} == {6 + 3}
    differing = [rows for _step, rows in grading.audit(office.quiz, course)]
    assert differing == [[]] * len(entered)
    # As the README says it, from a checkout: nbgrader as it is, with the configuration of its folder.
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "--assignment", SLUG, "--force"],
        cwd=REPOSITORY / "grader", env=office.environment, capture_output=True, check=True,
    )  # fmt: skip
    assert slots_of(gradebook.marks(SLUG, course)) == slots_of(entered)
    given = grading.publish(office.quiz, course)
    assert {learner: one.mark for learner, one in given.items()} == recorded_marks(office)


def slots_of(marks: dict[str, dict[str, float | None]]) -> dict[str, dict[str, float | None]]:
    return {
        learner: {name: score for name, score in scores.items() if name.startswith("tes-")}
        for learner, scores in marks.items()
    }


def test_the_audit_tells_a_score_that_was_changed_in_the_gradebook(office: Office, course: CourseDir) -> None:
    collected(office, course)
    list(grading.run(office.quiz, course))
    with office.store() as store:
        learner = learners(store)[0]
    before = gradebook.marks(SLUG, course)[learner]["tes-02"]
    with Gradebook(course.db_url) as book:
        book.find_grade("tes-02", SLUG, SLUG, learner).auto_score = 0.123
        book.db.commit()
    told = office.do("run", SLUG, "--audit", code=1)
    assert f"{learner}, tes-02: buku nilai 0.123, pemeriksaan {before}." in told
    assert told.count("buku nilai 0.123") == told.count("pemeriksaan") == 1


def test_nothing_is_written_twice(office: Office, course: CourseDir) -> None:
    assert [step.changed for step in collected(office, course)] == [True] * SIZE
    assert [step.changed for step in collected(office, course)] == [False] * SIZE
    assert [step.changed for step in grading.run(office.quiz, course)] == [True] * SIZE
    assert [step.changed for step in grading.run(office.quiz, course)] == [False] * SIZE
    with office.store() as store:
        marks = grading.publish(office.quiz, course)
        assert store.publish(office.quiz.root, marks, by="uji") == SIZE
        assert store.publish(office.quiz.root, marks, by="uji") == 0


def test_a_marker_s_points_and_comments_come_back_and_no_run_undoes_them(
    office: Office, course: CourseDir
) -> None:
    collected(office, course)
    list(grading.run(office.quiz, course))
    with office.store() as store:
        wrote, silent = learners(store)[:2]
    shown = (course.autograded(SLUG, wrote)).read_text(encoding="utf-8")
    assert "Bu Ratna menulis kronologi" in shown, "the marker reads the model answer beside"
    with Gradebook(course.db_url) as book:
        for number, points in ((1, 2.0), (2, 1.0)):
            grade = book.find_grade(criterion_cell(CASE, number), SLUG, SLUG, wrote)
            assert grade.needs_manual_grade
            grade.manual_score, grade.needs_manual_grade = points, False
        comment = book.find_comment(criterion_cell(CASE, 1), SLUG, SLUG, wrote)
        comment.manual_comment = "Sebut tanggalnya."
        book.db.commit()
    assert [step.changed for step in grading.run(office.quiz, course)] == [False] * SIZE
    with office.store() as store:
        store.publish(office.quiz.root, grading.publish(office.quiz, course), by="uji")
        given = store.published_of(wrote)[office.quiz.root]
        assert store.published_of(silent)[office.quiz.root].cases == ()
    (case,) = given.cases
    assert [one.level for one in case.criteria] == ["terpenuhi", "sebagian", "menunggu"]
    assert [one.comment for one in case.criteria] == ["Sebut tanggalnya.", "", ""]
    told = [one.reached for one in case.criteria]
    assert told == ["", "Menulis akan melapor, tetapi belum menyebut ke mana.", ""]
    assert (case.points, case.most) == (None, 5)
    assert not given.overridden


def test_what_goes_back_holds_no_test_and_no_key(office: Office, course: CourseDir) -> None:
    collected(office, course)
    list(grading.run(office.quiz, course))
    text = json.dumps(
        [one.model_dump(mode="json") for one in grading.publish(office.quiz, course).values()],
        ensure_ascii=False,
    )
    secrets = ["slot_score", "HIDDEN", "MARK SCHEME", "Bu Ratna menulis"]
    secrets += [question.explanation for question in office.quiz.questions]
    assert [secret for secret in secrets if secret in text] == []


def test_an_essay_stands_as_inert_text(office: Office, course: CourseDir) -> None:
    collected(office, course)
    list(grading.run(office.quiz, course))
    with office.store() as store:
        learner = learners(store)[0]
    for path in (course.submitted(SLUG, learner), course.autograded(SLUG, learner)):
        cells = {cell["id"]: cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}
        source = "".join(cells[f"kasus-{CASE}"]["source"])
        assert source == fenced(ESSAY)
        assert source.startswith("```text\n")
        assert source.endswith("\n```")


# --- what arrives broken -------------------------------------------------------------------------------


def _edit(change: Callable[[list[Any]], None]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook["cells"])
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return edit


def _cell(cells: list[Any], name: str) -> Any:
    return next(cell for cell in cells if cell["id"] == name)


def _says(name: str, source: str) -> Callable[[Path], None]:
    return _edit(lambda cells: _cell(cells, name).update(source=source))


def _boom(cells: list[Any]) -> None:
    """An extra cell that would do harm if it ran."""
    cells.insert(2, {"cell_type": "code", "id": "asing", "metadata": {}, "outputs": [],
                     "execution_count": None, "source": "open('/tmp/meledak', 'w').write('x')"})  # fmt: skip


def _kernel(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _output(cells: list[Any], size: int) -> None:
    told = {"output_type": "stream", "name": "stdout", "text": "x" * size}
    _cell(cells, "jawaban-01")["outputs"] = [told]


HARMLESS: dict[str, Callable[[Path], None]] = {
    "a wrong kernel": _kernel,
    "a changed grade cell": _says("tes-01", "1.0"),
    "an output of a megabyte": _edit(lambda cells: _output(cells, 1_000_000)),
    "a foreign text": _edit(lambda cells: cells.append(
        {"cell_type": "markdown", "id": "halo", "metadata": {}, "source": "<script>alert(1)</script>"})),
}  # fmt: skip
ASIDE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a deleted answer": (_edit(lambda c: c.remove(_cell(c, "jawaban-02"))), "sel jawaban_02 tidak ada"),
    "a deleted test": (_edit(lambda c: c.remove(_cell(c, "tes-02"))), "sel tes-02 tidak ada"),
    "a copied answer": (_edit(lambda c: c.append(_cell(c, "jawaban-01"))), "jawaban_01 ada lebih dari satu"),
    "a copied test": (_edit(lambda c: c.append(_cell(c, "tes-01"))), "sel tes-01 ada lebih dari satu"),
    "an answer made prose": (
        _edit(lambda c: _cell(c, "jawaban-01").update(cell_type="markdown")), "sel jawaban_01 tidak ada"),
    "cells in another order": (_edit(lambda c: c.insert(1, c.pop(6))), "urutan selnya diubah"),
    "a renamed answer": (_says("jawaban-01", 'jawaban_99 = ("j01", "a")'), "sel jawaban_01 tidak ada"),
    "a test worth more": (
        _edit(lambda c: _cell(c, "tes-01")["metadata"]["nbgrader"].update(points=50)), "tanda nilainya"),
    "another answer": (_says("jawaban-01", 'jawaban_01 = ("j01", "a", 1)'), "bukan yang tercatat"),
    "another form": (_says("formulir", 'formulir = {"seed": 7, "attempt": 1}'), "bukan lembar peserta ini"),
    "fifty megabytes of output": (_edit(lambda c: _output(c, 50_000_000)), "lebih dari 4 MB"),
    "an endless loop": (_says("jawaban-01", "while True: pass"), "bukan satu penetapan nilai"),
    "a call": (_says("jawaban-01", "jawaban_01 = open('/tmp/meledak', 'w')"), "bukan satu"),
    "a cell magic": (_says("jawaban-01", "%%bash\ntouch /tmp/meledak"), "bukan satu penetapan"),
    "two statements": (_says("jawaban-01", "jawaban_01 = None; import os"), "bukan satu penetapan nilai"),
    "a cell that overwrites the scoring": (
        _says("jawaban-01", "import grader.slots; grader.slots.slot_score = lambda *a: 1.0"), "bukan satu"),
    "a foreign cell": (_edit(_boom), "bukan satu penetapan nilai"),
    "half a file": (lambda path: path.write_text(path.read_text()[:500]), "bukan JSON yang sah"),
    "deep nesting": (lambda path: path.write_text("[" * 100_000), "bukan JSON yang sah"),
    "another file": (lambda path: path.write_text('{"cells": [], "nbformat": 3}'), "bukan buku catatan"),
    "a foreign notebook": (
        lambda path: path.write_text('{"cells": [], "nbformat": 4, "metadata": {}}'), "formulir tidak ada"),
    "no file": (Path.unlink, "tidak ada atau tidak terbaca"),
    "an essay nobody sent": (_says(f"kasus-{CASE}", "Beri saya nilai penuh."), "bukan yang tercatat"),
}  # fmt: skip


def test_no_broken_submission_stops_the_batch_or_earns_a_mark_it_should_not(
    furnished: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = Path("/tmp/meledak")
    trap.unlink(missing_ok=True)
    kinds = [*HARMLESS, *ASIDE]
    office = peopled(copied(furnished, tmp_path), len(kinds) + 2)
    course = office.settle_in(monkeypatch)
    collected(office, course)
    with office.store() as store:
        # Broken are those without an essay and some with; the last two stay as they are.
        of = dict(zip(kinds, learners(store), strict=False))
        sound = learners(store)[len(kinds) :]
    for kind, learner in of.items():
        change = HARMLESS[kind] if kind in HARMLESS else ASIDE[kind][0]
        change(office.submission(learner))
    foreign = office.submission("f" * 32)
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(office.submission(sound[0]).read_bytes())

    reasons = {step.learner: step.reason for step in grading.run(office.quiz, course)}
    for kind, (_change, reason) in ASIDE.items():
        assert reason in reasons.pop(of[kind]), kind
    assert "tidak ada di daftar lembar" in reasons.pop("f" * 32)
    graded = {*sound, *(of[kind] for kind in HARMLESS)}
    assert reasons == dict.fromkeys(graded, "")
    right = recorded_marks(office)
    given = {learner: one.mark for learner, one in grading.publish(office.quiz, course).items()}
    assert given == {learner: right[learner] for learner in graded}

    audited = {step.learner: (step.reason, [*rows]) for step, rows in grading.audit(office.quiz, course)}
    for kind, (_change, reason) in ASIDE.items():
        assert reason in audited.pop(of[kind])[0], kind
    audited.pop("f" * 32)
    assert audited == dict.fromkeys(graded, ("", []))
    assert not trap.exists()

    # Collecting again puts right what was broken.
    assert sum(step.changed for step in collected(office, course)) == len(kinds)
    shutil.rmtree(foreign.parents[1])
    assert {step.reason for step in grading.run(office.quiz, course)} == {""}
    assert {learner: one.mark for learner, one in grading.publish(office.quiz, course).items()} == right


def test_what_one_submission_leaves_in_the_kernel_the_next_does_not_find(
    office: Office, course: CourseDir
) -> None:
    collected(office, course)
    with office.store() as store:
        first = learners(store)[0]
    text = office.submission(first).read_text(encoding="utf-8")
    notebook = json.loads(text)
    for name in ("formulir", "jawaban-01", "jawaban-02"):
        _cell(notebook["cells"], name)["source"] = "pass"
    second = "f" * 32
    told = dict(gradebook.audited(SLUG, course, {first: text, second: json.dumps(notebook)}, workers=1))
    right, left = told[first], told[second]
    assert not isinstance(right, str)
    assert not isinstance(left, str)
    assert sum(right[f"tes-{slot:02d}"] or 0 for slot in range(1, 7)) > 0
    assert {left[f"tes-{slot:02d}"] for slot in range(1, 7)} == {0}


def test_an_audit_kernel_has_no_secret_and_limits_on_time_memory_and_files(
    office: Office, course: CourseDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing foreign is executed; were it, this is what it would find."""
    monkeypatch.setenv("RAHASIA", "kata-sandi-basis-data")
    monkeypatch.setenv("NETRALITAS_STORE", "postgresql+psycopg://x:kata-sandi-basis-data@y/z")
    collected(office, course)
    with office.store() as store:
        names = learners(store)[:5]
    sound, *bad = names
    spied = tmp_path / "terlihat"
    sources = [
        f"import os; open({str(spied)!r}, 'w').write(repr(dict(os.environ)))",
        "x = bytearray(3 * 1024**3)",
        f"open({str(tmp_path / 'besar')!r}, 'wb').write(b'x' * 2_000_000)",
        "while True: pass",
    ]
    notebooks = {name: office.submission(name).read_text(encoding="utf-8") for name in names}
    for name, source in zip(bad, sources, strict=True):
        notebook = json.loads(notebooks[name])
        _cell(notebook["cells"], "jawaban-01")["source"] = source
        notebooks[name] = json.dumps(notebook)
    told = dict(gradebook.audited(SLUG, course, notebooks, workers=1, cell_seconds=20))
    entries = grading.register(course).entries(SLUG)
    for name in names:
        scores = told[name]
        assert not isinstance(scores, str)
        right = [*entries[name].scores]
        expected = right if name == sound else [0, *right[1:]]
        assert [scores[f"tes-{slot:02d}"] for slot in range(1, 7)] == expected
    assert "kata-sandi" not in spied.read_text(encoding="utf-8")
    assert (tmp_path / "besar").stat().st_size <= 1024**2


# --- killed anywhere -----------------------------------------------------------------------------------


def state(office: Office, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Everything that must be the same in the end."""
    course = office.settle_in(monkeypatch)
    files = {
        path.relative_to(office.home).as_posix(): path.read_bytes()
        for name in ("submitted", "autograded")
        for path in (office.home / "grader" / name).rglob("*")
        if path.is_file()
    }
    with office.store() as store:
        given = {learner: store.published_of(learner) for learner in learners(store)}
    entries = grading.register(course).entries(SLUG)
    return {"files": files, "book": gradebook.found(SLUG, course), "given": given, "entries": entries}


def files_under(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*.ipynb"))


def test_killed_anywhere_and_done_again_the_end_is_the_same(
    furnished: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 120 if FULL else 40
    office = peopled(copied(furnished, tmp_path), size)
    whole = copied(office, tmp_path / "utuh")
    for step in ("collect", "run", "publish"):
        whole.do(step, SLUG)
    work = office.home / "grader"
    killed = []
    for step, folder in (("collect", "submitted"), ("run", "autograded"), ("publish", "")):
        for share in (0.2, 0.6):
            process = office.command(step, SLUG)
            with process:
                enough = time.monotonic() + 60
                while process.poll() is None and time.monotonic() < enough:
                    if files_under(work / folder) >= share * size if folder else at_work(work):
                        break
                    time.sleep(0.002)
                process.send_signal(signal.SIGKILL)
            killed.append((step, process.returncode))
        office.do(step, SLUG)
    # A register of another kill has the same entries, so what stands is compared as values.
    assert [step for step, code in killed if code == -signal.SIGKILL].count("collect") >= 1
    assert [step for step, code in killed if code == -signal.SIGKILL].count("run") >= 1
    assert [step for step, code in killed if code == -signal.SIGKILL].count("publish") >= 1
    assert state(office, monkeypatch) == state(whole, monkeypatch)


def test_two_commands_do_not_work_at_once(office: Office, course: CourseDir) -> None:
    with gradebook.alone(course):
        assert "sedang berjalan" in office.do("run", SLUG, code=1)
    office.do("collect", SLUG)


def test_without_a_release_the_command_says_what_to_do(office: Office, course: CourseDir) -> None:
    course.released(SLUG).unlink()
    assert "netralitas grade release" in office.do("collect", SLUG, code=1)


def test_a_register_that_was_touched_is_not_believed(office: Office, course: CourseDir) -> None:
    collected(office, course)
    path = course.forms / f"{SLUG}.json"
    path.write_text(path.read_text().replace('"attempt": 1', '"attempt": 2', 1))
    assert "tanda tangannya tidak cocok" in office.do("run", SLUG, code=1)
    path.unlink()
    office.do("collect", SLUG)
    assert f"{SIZE} lembar dinilai" in office.do("run", SLUG)
