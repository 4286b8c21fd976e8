"""A worker of the audit: nbgrader's own autograder, with one limited kernel that is kept.

A kernel gets no environment of ours, as much memory and time as below, and writes no large file. Between
submissions it is wiped, after any fault replaced. Starting and ending kernels is two thirds of stock
nbgrader's time.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbgrader.api
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import List
from traitlets.config import Config

from netralitas.i18n import _

from ..files import write_text
from .audit import bare
from .course import CourseDir, configure

MEMORY = 2 * 1024**3
"""Bytes of address space of a kernel."""
FILE = 1024**2
"""Bytes of a file a kernel may write: enough for what IPython lays down at its start."""
OUTPUT_LINES = 200
"""Lines of output kept of a cell."""


def limits() -> None:
    """Bind a kernel before it starts: memory, files written, no core."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def main(slug: str, root: str, seconds: str, folder: str) -> None:
    """Be a worker: a job a line on stdin, its scores or its fault a line on stdout."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what nbgrader and its kernels print is no answer
    logging.disable()
    course = CourseDir(
        content=Path(root), work=Path(folder), db_url=f"sqlite:///{Path(folder) / 'gradebook.db'}"
    )
    bench = _Bench(slug, course, int(seconds))
    for line in sys.stdin:
        job = json.loads(line)
        out.write(json.dumps(bench.grade(job["learner"], job["notebook"])) + "\n")
        out.flush()
    bench.close()


class _Bench:
    """nbgrader's autograder with one kernel that is kept."""

    def __init__(self, slug: str, course: CourseDir, seconds: int) -> None:

        self._slug, self._course = slug, course
        self.kernel: Any = None
        self.client: Any = None
        self.start()  # it boots while the assignment is made
        self._config = Config()
        configure(self._config, course)
        self._config.Execute.timeout = seconds
        self._config.LimitOutput.max_lines = OUTPUT_LINES
        self._directory = CourseDirectory(config=self._config)
        self._directory.assignment_id = slug
        # A gradebook that is thrown away needs no version; asking `alembic` for one takes seconds.
        nbgrader.api.get_alembic_version = str
        GenerateAssignment(coursedir=self._directory, config=self._config).start()
        self._autograde = _keeping(self)

    def grade(self, learner: str, notebook: str) -> dict[str, float | None] | str:
        """Return the scores by cell, or a fault in one sentence; a new kernel gets a second try."""
        write_text(self._course.submitted(self._slug, learner), notebook)
        self._directory.student_id = learner
        if not (self._graded() or self._graded()):
            return _("nbgrader tidak dapat menilainya")
        with Gradebook(self._course.db_url) as book:
            submission = book.find_submission_notebook(self._slug, self._slug, learner)
            return {
                grade.name: grade.auto_score for grade in submission.grades if grade.cell.type == "GradeCell"
            }

    def _graded(self) -> bool:
        try:
            self._autograde(coursedir=self._directory, config=self._config, force=True).start()
        except NbGraderException:
            self.close()
            return False
        return True

    def close(self) -> None:
        """End the kernel; the next submission gets another."""
        if self.client is not None:
            self.client.stop_channels()
        if self.kernel is not None:
            with suppress(RuntimeError):
                run_sync(self.kernel.shutdown_kernel)(now=True)
        self.kernel = self.client = None

    def start(self) -> Any:
        """Return the kernel, started in its limits where there is none; wiped where there is one."""
        if self.kernel is None:
            self.kernel = AsyncKernelManager(kernel_name="python3")
            environment = bare(os.environ, self._course.work) | {
                "NETRALITAS_CONTENT": str(self._course.content)
            }
            run_sync(self.kernel.start_kernel)(
                env=environment, cwd=str(self._course.work), preexec_fn=limits,
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )  # fmt: skip
        return self.kernel


def _keeping(bench: _Bench) -> Any:
    """Return nbgrader's Autograde, its Execute using the kernel of `bench`."""

    class KeptKernel(Execute):
        """Execute, without starting and ending a kernel: two thirds of its time."""

        def preprocess(self, nb: Any, resources: Any, km: Any = None) -> Any:
            """Execute a notebook in the kept kernel."""
            return super().preprocess(nb, resources, km=km or bench.start())

        def start_new_kernel_client(self, **given: Any) -> Any:
            """Take the client that is there; wipe what the submission before left, or refuse the kernel."""
            self.kc = bench.client or super().start_new_kernel_client(**given)
            bench.client = self.kc
            told = self.wait_for_reply(self.kc.execute("%reset -f", store_history=False))
            if told is None or told["content"]["status"] != "ok":
                raise RuntimeError("the kernel was not wiped")
            return self.kc

    class KeptAutograde(Autograde):
        """Autograde with that Execute."""

        autograde_preprocessors = List(
            [
                KeptKernel if one is Execute else one
                for one in Autograde.autograde_preprocessors.default_args[0]
            ]
        )

    return KeptAutograde


if __name__ == "__main__":
    main(*sys.argv[1:])
