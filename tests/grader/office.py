"""A small office: a drawn quiz of every kind with a written case, made-up learners, a released assignment.

`furnish` makes it once; tests work in copies, because releasing takes nbgrader seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader import assignment, gradebook
from grader.simulate import WHEN, simulate
from netralitas import content, judge
from netralitas.forms import Quiz
from netralitas.store import Stamp, Store, open_store

REPOSITORY = Path(__file__).resolve().parents[2]
TOY = REPOSITORY / "tests" / "course"
SLUG = "contoh-jenis"
CASE = "j10"
SIZE = 8
ESSAY = "Saya simpan undangannya.\n\nLalu `melapor` <script>alert(1)</script> $\\frac{1}{0}$ ke inspektorat."
NETRALITAS = str(Path(sys.executable).parent / "netralitas")


class Office:
    """A home and a content, and commands that run in them."""

    def __init__(self, home: Path, place: Path, **environment: str) -> None:
        self.home, self.place, self._more = home, place, environment

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NETRALITAS_")}
        path = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
        return kept | {
            "NETRALITAS_HOME": str(self.home),
            "NETRALITAS_CONTENT": str(self.place),
            "HOME": str(self.home),
            "PYTHONPATH": path,
            **self._more,
        }

    def settle_in(self, patch: pytest.MonkeyPatch) -> gradebook.CourseDir:
        """Make this process work in this office."""
        for name, value in self.environment.items():
            patch.setenv(name, value)
        content.current.cache_clear()
        return gradebook.course_dir()

    @property
    def quiz(self) -> Quiz:
        return content.load(self.place).quizzes[SLUG]

    def store(self) -> closing[Store]:
        return closing(open_store(f"sqlite:///{self.home / 'netralitas.db'}", clock=lambda: WHEN))

    def command(self, *words: str) -> subprocess.Popen[str]:
        """Start `netralitas grade …` in a process of its own."""
        return subprocess.Popen(
            [NETRALITAS, "grade", *words],
            env=self.environment, cwd=self.home, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def do(self, *words: str, code: int = 0) -> str:
        """Run `netralitas grade …` to its end; return what it says."""
        with self.command(*words) as process:
            out, err = process.communicate(timeout=280)
        assert process.returncode == code, out + err
        return out + err

    def submission(self, learner: str) -> Path:
        return self.home / "grader" / "submitted" / learner / SLUG / f"{SLUG}.ipynb"


def furnish(folder: Path, **case: Any) -> Office:
    """Make an office with a released quiz and nobody in it; `case` goes into its written case."""
    place = Path(shutil.copytree(TOY, folder / "isi"))
    path = place / "quizzes" / f"{SLUG}.yaml"
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    next(one for one in raw["questions"] if one["id"] == CASE).update(case)
    path.write_text(yaml.safe_dump(raw | {"draw": [{"count": 6}], "feedback": "tries", "tries": 3}))
    assignment.write(content.load(place).quizzes.values(), [place], folder / "source", check=False)
    office = Office(folder / "rumah", place)
    office.home.mkdir()
    office.do("release", SLUG)
    return office


def at_work(work: Path) -> bool:
    """Say whether a command holds the course folder; asked of Linux, because trying would get in its way."""
    lock = (work / ".kunci").stat().st_ino
    return any(line.split()[5].endswith(f":{lock}") for line in Path("/proc/locks").read_text().splitlines())


def learners(store: Store) -> list[str]:
    """Return who has sat the quiz, in order."""
    return sorted(events[0].learner for events in store.events_on(f"quiz/{SLUG}"))


def write_case(store: Store, quiz: Quiz, course: Any, learner: str, text: str) -> None:
    """Send a written case as the page does."""
    message = {"kind": "write", "event": str(uuid.uuid4()), "item": CASE, "text": text}
    parsed: Any = judge.parse(message)
    given = judge.judge(quiz, store.events_of(learner, [quiz.root]), parsed)
    store.append([Stamp(learner, "uji", given)], course)


def copied(office: Office, folder: Path) -> Office:
    """Return the same office in a folder of its own."""
    shutil.copytree(office.home, folder / "rumah")
    return Office(folder / "rumah", office.place)


def peopled(office: Office, size: int, *, cases: bool = True) -> Office:
    """Let `size` made-up learners sit the quiz; every second one sends the written case, where asked."""
    with office.store() as store:
        store.migrate()
        course = content.load(office.place).course
        simulate(store, office.quiz, course, size=size, seed=5)
        for learner in learners(store)[::2] if cases else ():
            write_case(store, office.quiz, course, learner, ESSAY)
    return office
