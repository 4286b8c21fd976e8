"""FIGURE=grade: the same submissions graded three ways, one after the other, in one run.

    stock    `nbgrader autograde`, as it is: one kernel a submission, one after another
    run      `netralitas grade run`: marks given at answer time, into an empty gradebook
    audit    `netralitas grade run --audit`: nbgrader's autograder again, in parallel

Measured: wall time of each command from its start to its end, start-up included; then whether all three gave
every slot of every submission the same score. Made-up learners answer the course's first quiz through the
engine, seed SEED. Not measured: release and collect, which all three need.

Bounded: SUBMISSIONS submissions (default 40); at most MINUTES minutes (default 45). Goals: FASTER_RUN and
FASTER_AUDIT times as fast as stock.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.measure import OURS, bounded, headline, table
from grader import gradebook, grading
from grader.gradebook import CourseDir
from grader.simulate import WHEN, simulate
from netralitas import content
from netralitas.quizzes import Quiz
from netralitas.store import open_store

SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "40"))
SEED = int(os.environ.get("SEED", "20241127"))
MINUTES = float(os.environ.get("MINUTES", "45"))
FASTER_RUN, FASTER_AUDIT = 10, 3
NETRALITAS = str(Path(sys.executable).parent / "netralitas")


def furnished(home: Path, quiz: Quiz) -> CourseDir:
    """Return a course directory with SUBMISSIONS collected submissions and nothing graded."""
    os.environ["NETRALITAS_HOME"] = str(home)
    course = gradebook.course_dir()
    with closing(open_store(f"sqlite:///{home / 'netralitas.db'}", clock=lambda: WHEN)) as store:
        store.migrate()
        simulate(store, quiz, content.current().course, size=SUBMISSIONS, seed=SEED)
        gradebook.generate(quiz.id, course)
        list(grading.collect(quiz, store.events_on(quiz.root), course))
    return course


def copied(home: Path, folder: Path) -> CourseDir:
    """Return the same course directory in another home."""
    shutil.copytree(home, folder)
    os.environ["NETRALITAS_HOME"] = str(folder)
    return gradebook.course_dir()


def timed(home: Path, *words: str) -> float:
    """Return the seconds of a command."""
    began = time.perf_counter()
    subprocess.run(
        [NETRALITAS, "grade", *words], env=os.environ | {"NETRALITAS_HOME": str(home)},
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return time.perf_counter() - began


def main() -> None:
    """Print the seconds of each way, how many times as fast as stock, and whether the marks agree."""
    known = content.current()
    quiz = known.quizzes[next(module.quiz for module in known.course.modules if module.quiz)]
    took: dict[str, float] = {}
    with bounded(60 * MINUTES), tempfile.TemporaryDirectory(prefix="netralitas-bench-") as place:
        home = Path(place) / "kami"
        home.mkdir()
        course = furnished(home, quiz)
        stock = copied(home, Path(place) / "stok")
        began = time.perf_counter()
        gradebook.autograde(quiz.id, stock)
        took["stock"] = time.perf_counter() - began
        took["run"] = timed(home, "run", quiz.id)
        # Ends with 1, and this with an error, where the audit finds a difference.
        took["audit"] = timed(home, "run", quiz.id, "--audit")
        same = gradebook.marks(quiz.id, stock) == gradebook.marks(quiz.id, course)
    headline("grade", f"{SUBMISSIONS} submissions of {quiz.id}, {quiz.size} slots each", SEED)
    table("wall time, s", {name: {OURS: seconds} for name, seconds in took.items()})
    for name, goal in (("run", FASTER_RUN), ("audit", FASTER_AUDIT)):
        print(f"{name}: {took['stock'] / took[name]:.1f} times as fast as stock; goal {goal}")
    print(f"marks of all three: {'the same' if same else 'NOT the same'}")
    if not same:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
