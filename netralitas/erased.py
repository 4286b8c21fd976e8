"""Who was erased, beside the database: a copy that is put back must not bring anybody back.

    <home>/terhapus.txt     a learner id a line, nothing else

Written before anything is removed. Keep it apart from the copies of the database.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .course import Course
    from .store import Store

FILE = "terhapus.txt"


def note(home: Path, learner: str) -> None:
    """Add an id to the list, durably; one that stands there stands there once."""
    if learner in listed(home):
        return
    handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{learner}\n")
        file.flush()
        os.fsync(file.fileno())


def listed(home: Path) -> tuple[str, ...]:
    """Return the ids of the list in the order they were erased."""
    try:
        return tuple((home / FILE).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return ()


def again(home: Path, store: Store, course: Course, *, by: str) -> list[str]:
    """Erase everybody of the list who is there; return whom."""
    return [learner for learner in listed(home) if store.erase(learner, course, by=by)]
