"""The course directory: nbgrader's folders mapped onto ours, and its commands.

    quizzes/<slug>/            source, in the content root
    <home>/grader/source       all of them, where a folder of content cannot be written
    <home>/grader/release      made by `generate`
    <home>/grader/submitted    made by `submit`
    <home>/grader/autograded   made by `autograde`
    <home>/grader/gradebook.db or NETRALITAS_GRADEBOOK

nbgrader runs as it is, in processes of its own, under `nbgrader_config.py` beside this file.
Students of the gradebook are learner ids; a NIP is refused.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from netralitas import content
from netralitas.i18n import _
from netralitas.model import Value
from netralitas.settings import settings

from ..files import write_text

_LEARNER = re.compile(r"[0-9a-f]{32}")
_PATTERN = re.compile(r"[][*?+(){}^$|\\]")
_KEPT_TAIL = 12


class GradingError(Exception):
    """Raised when nbgrader did not finish; the text says which command and how its output ended."""


class CourseDir(Value):
    """Where nbgrader finds its steps: quizzes in the content root, all else in the work folder."""

    content: Path
    work: Path
    db_url: str
    """The gradebook, as nbgrader names it."""

    @property
    def has_gradebook(self) -> bool:
        """Say whether there is a gradebook; one on a server always counts as there."""
        return self.on_server or Path(self.db_url.partition(":///")[2]).is_file()

    @property
    def on_server(self) -> bool:
        """Say whether the gradebook is a server's."""
        return not self.db_url.startswith("sqlite:")

    @property
    def kept(self) -> Path:
        """Where notebooks are kept that cannot stand beside their quizzes."""
        return self.work / "source"

    @property
    def source(self) -> Path:
        """The one folder nbgrader reads its sources from."""
        return self.kept if any(self.kept.glob("*/*.ipynb")) else self.content / "quizzes"

    @property
    def forms(self) -> Path:
        """Where the signed registers of forms stand."""
        return self.work / "formulir"

    @property
    def hidden(self) -> Path:
        """Where what no marker may see of another stands."""
        return hidden(self.work)

    def own(self, marker: str) -> CourseDir:
        """Return the same course with the gradebook of one marker."""
        told = f"sqlite:///{self.hidden / marker / 'gradebook.db'}"
        if self.on_server:
            address, _sep, query = self.db_url.partition("?")
            asked = dict(parse_qsl(query))
            asked["options"] = f"{asked.get('options', '')} -csearch_path={schema_of(marker)}".strip()
            told = f"{address}?{urlencode(asked)}"
        return self.model_copy(update={"db_url": told})

    def owns(self) -> list[CourseDir]:
        """Return the course with the gradebook of each marker who has one."""
        return [self.own(place.name) for place in sorted(self.hidden.glob("*")) if place.is_dir()]

    def has_own(self, marker: str) -> bool:
        """Say whether a marker has a gradebook of their own."""
        return (self.hidden / marker).is_dir()

    def released(self, slug: str) -> Path:
        """Return where the release of a quiz stands."""
        return self.work / "release" / slug / f"{slug}.ipynb"

    def outdated(self, slug: str) -> bool:
        """Say whether the release of a quiz is missing, or older than its source."""
        try:
            made = self.released(slug).stat().st_mtime
        except FileNotFoundError:
            return True
        return made < (self.source / slug / f"{slug}.ipynb").stat().st_mtime

    def submitted(self, slug: str, learner: str) -> Path:
        """Return where a learner's submission to a quiz stands."""
        return self.work / "submitted" / learner / slug / f"{slug}.ipynb"

    def submitters(self, slug: str) -> set[str]:
        """Return whose submissions to a quiz there are: names of folders, whatever they hold."""
        return {path.parent.name for path in (self.work / "submitted").glob(f"*/{slug}") if path.is_dir()}

    def autograded(self, slug: str, learner: str) -> Path:
        """Return where the graded notebook of a learner stands, the one Formgrader shows."""
        return self.work / "autograded" / learner / slug / f"{slug}.ipynb"


def schema_of(marker: str) -> str:
    """Return what the gradebook of one marker is called on a server."""
    return f"penilai_{marker}"


def hidden(work: Path) -> Path:
    """Return where in a work folder stands what no marker may see of another: Jupyter shows it to nobody."""
    return work / ".penilai"


def course_dir() -> CourseDir:
    """Return the course directory of this process's settings.

    Raises GradingError for a folder whose name nbgrader would read as a pattern, ContentError where
    there is no content.
    """
    given = settings()
    work = given.home / "grader"
    url = given.gradebook or f"sqlite:///{work / 'gradebook.db'}"
    found = CourseDir(content=content.root(), work=work, db_url=url)
    for place in (found.content, found.work):
        if _PATTERN.search(str(place)):
            told = _("{folder}: nama folder memuat tanda pola seperti [ atau +. Pindahkan ke tempat lain.")
            raise GradingError(told.format(folder=place))
    found.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def configure(config: Any, course: CourseDir) -> None:
    """Set nbgrader's configuration object to the course directory."""
    # Formgrader and JupyterLab see the work folder; of the content nbgrader reads the source alone.
    config.CourseDirectory.root = str(course.work)
    config.CourseDirectory.source_directory = str(course.source)
    for step in ("release", "submitted", "autograded", "feedback", "solution"):
        setattr(config.CourseDirectory, f"{step}_directory", str(course.work / step))
    config.CourseDirectory.db_url = course.db_url
    # Without a name nbgrader makes no row for the course, and PostgreSQL then refuses its assignments.
    config.CourseDirectory.course_id = "netralitas"
    # Nothing is exchanged this way, but Formgrader complains of a place that is not there.
    config.Exchange.root = str(course.work)


def generate(slug: str, course: CourseDir) -> Path:
    """Make the release of a quiz with `nbgrader generate_assignment`, anew if it exists; return its path.

    Raises GradingError.
    """
    _nbgrader(course, "generate_assignment", slug)
    return course.released(slug)


def submit(slug: str, learner: str, text: str, at: datetime, course: CourseDir) -> bool:
    """Write a learner's submission, in place of an earlier one; return whether anything changed.

    `text` is the notebook, `at` when its attempt ended: beside it stands nbgrader's timestamp, so that
    `nbgrader autograde` takes up what is newer than what it graded. Raises ValueError for a student who is
    not a learner id.
    """
    if _LEARNER.fullmatch(learner) is None:
        raise ValueError("a student of the gradebook is a learner id, never a NIP")
    path = course.submitted(slug, learner)
    stamp = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    written = [put(path, text), put(path.with_name("timestamp.txt"), stamp)]
    return any(written)


def put(path: Path, text: str) -> bool:
    """Write a text where it does not stand already; return whether it was written."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == text.encode():
            return False
    write_text(path, text)
    return True


def autograde(slug: str, course: CourseDir) -> None:
    """Grade every submission to a quiz with stock `nbgrader autograde`, also those graded before.

    Raises GradingError; ContentError first, because content that does not load would score everybody 0.
    """
    content.load(course.content)
    _nbgrader(course, "autograde", slug)


def _nbgrader(course: CourseDir, command: str, slug: str) -> None:
    course.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603  (no shell; the slug is a pydantic Slug or a folder's name)
        [sys.executable, "-m", "nbgrader", command, f"--assignment={slug}", "--force"],
        cwd=course.work,
        env=environment(course, os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-_KEPT_TAIL:])
        raise GradingError(
            _("nbgrader {command} gagal untuk {slug}. Akhir keluarannya:\n{tail}").format(
                command=command, slug=slug, tail=tail
            )
        )


def environment(course: CourseDir, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an nbgrader process: our places, no other setting of the site."""
    here = Path(__file__).resolve().parents[1]
    kept = {name: value for name, value in given.items() if not name.startswith("NETRALITAS_")}
    return kept | {
        "NETRALITAS_CONTENT": str(course.content),
        "NETRALITAS_HOME": str(course.work.parent),
        "NETRALITAS_GRADEBOOK": course.db_url,
        # nbgrader ignores --config; it finds its file through this path.
        "JUPYTER_CONFIG_PATH": str(here),
        "JUPYTER_CONFIG_DIR": str(course.work / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        # It calls `alembic`, which stands beside the interpreter.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", os.defpath)]),
    }
