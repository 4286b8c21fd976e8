"""The audit: submissions once more through nbgrader's own autograder, apart from the gradebook of record.

    audited ─► worker, worker, …   each: a course directory and a gradebook of its own, thrown away
                  └─ worker.py

What a worker is handed is made anew from the quiz and parsed literals (`submission.py`), so nothing foreign
is executed; the limits of `worker.py` hold all the same. A worker that is silent for too long is killed, its
submission is told, and the next goes to a new one.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from netralitas.i18n import _

from .course import CourseDir

CELL_SECONDS = 60
"""Longest a cell may run."""
SILENT_SECONDS = 600
"""Longest a worker may take for one submission."""
_KEPT = ("PATH", "LANG", "TZ", "PYTHONPATH")

Scores = Mapping[str, float | None]


def audited(
    slug: str,
    course: CourseDir,
    notebooks: Mapping[str, str],
    *,
    workers: int = 0,
    cell_seconds: int = CELL_SECONDS,
) -> Iterator[tuple[str, Scores | str]]:
    """Autograde notebooks by learner in parallel; yield each learner with the scores by cell, or a fault.

    Nothing is written to the gradebook of `course`. Learners come in the order they are done.
    """
    jobs: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[str, Scores | str] | None] = queue.SimpleQueue()
    for job in sorted(notebooks.items()):
        jobs.put(job)
    command = [sys.executable, "-m", "grader.gradebook.worker", slug, str(course.content), str(cell_seconds)]
    number = min(workers or os.cpu_count() or 1, len(notebooks))
    for at in range(number):
        threading.Thread(target=_serve, args=(command, jobs, done), name=f"audit-{at}", daemon=True).start()
    for _at in range(number):
        while (told := done.get()) is not None:
            yield told


def _serve(command: Sequence[str], jobs: Any, done: Any) -> None:
    """Hand jobs to one worker after another until there are none; end with None."""
    try:
        while True:
            with tempfile.TemporaryDirectory(prefix="netralitas-audit-", dir=_quick_place()) as folder:
                if _one_worker(command, Path(folder), jobs, done):
                    return
    finally:
        done.put(None)


def _one_worker(command: Sequence[str], folder: Path, jobs: Any, done: Any) -> bool:
    """Let one worker work; return True when no job is left, False when it ended before."""
    worker = subprocess.Popen(  # noqa: S603  (no shell)
        [*command, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=bare(os.environ, folder), cwd=folder, start_new_session=True,
    )  # fmt: skip
    with worker:
        try:
            while True:
                try:
                    learner, notebook = jobs.get_nowait()
                except queue.Empty:
                    return True
                told = _asked(worker, {"learner": learner, "notebook": notebook})
                done.put((learner, _("mesin pemeriksa berhenti atau terlalu lama") if told is None else told))
                if told is None:
                    return False
        finally:
            with suppress(OSError):
                worker.stdin.close()  # type: ignore[union-attr]
            with suppress(subprocess.TimeoutExpired):
                worker.wait(10)
            worker.kill()


def _asked(worker: subprocess.Popen[str], job: Mapping[str, str]) -> Scores | str | None:
    """Return what a worker says of a job, None where it says nothing in time."""
    timer = threading.Timer(SILENT_SECONDS, worker.kill)
    timer.start()
    try:
        worker.stdin.write(json.dumps(job) + "\n")  # type: ignore[union-attr]
        worker.stdin.flush()  # type: ignore[union-attr]
        told = json.loads(worker.stdout.readline() or "null")  # type: ignore[union-attr]
    except (OSError, ValueError):
        return None
    finally:
        timer.cancel()
    return told if told is None or isinstance(told, str) else dict(told)


def bare(given: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return the environment of a worker: where programs are, and a folder of its own as home."""
    kept = {name: given[name] for name in _KEPT if name in given}
    path = os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", os.defpath)])
    return kept | {"PATH": path, "HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1", "IPYTHONDIR": str(home)}


def _quick_place() -> str | None:
    """Return a folder in memory where the machine has one: what is thrown away needs no disk."""
    shared = Path("/dev/shm")  # noqa: S108  (a folder of random name is made in it, mode 0700)
    return str(shared) if os.access(shared, os.W_OK) else None
