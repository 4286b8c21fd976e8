"""Copies of the content, each checked: what a server shows cannot change under it.

    content folders ─ laid together, read, checked ─► Copy: folder and content

They stand in one folder of the process, locked as long as it lives; a starting server takes away what
servers that were killed have left.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .. import folders
from ..check import faults
from ..content import Content, built, gather
from ..reading import ContentError

_PREFIX = "netralitas-isi-"

YOUNG = 60.0
"""Seconds a folder is left alone, whoever it belongs to: its server may be about to lock it."""


class Copy(NamedTuple):
    """A copy and what of it is for learners."""

    place: Path
    content: Content


class Copies:
    """The copies of one process; the first is made at once. Raises ContentError, and then nothing is left."""

    def __init__(self, sources: Sequence[Path]) -> None:
        _sweep()
        self.sources = tuple(sources)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Held as long as this process lives, however it ends.
        self._lock = _locked(self.folder)
        try:
            # Listed before it is copied: what changes meanwhile is seen at the next look.
            self.seen = self.listing()
            self.first = self.make()
        except BaseException:
            self.close()
            raise

    def make(self) -> Copy:
        """Copy the content as it is now. Raises ContentError, and then nothing of it is left."""
        place = Path(tempfile.mkdtemp(prefix="isi", dir=self.folder))
        try:
            return Copy(place, _copied(self.sources, place))
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise

    def listing(self) -> tuple[tuple[str, int, int], ...]:
        """Return name, time and size of every file of the sources: cheap, and different when anything is."""
        places = (source / part for source in self.sources for part in folders.PARTS)
        return tuple(sorted(stamp for place in places for stamp in _stamps(place)))

    def close(self) -> None:
        """Take all copies away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _stamps(place: Path) -> Iterator[tuple[str, int, int]]:
    """Yield name, time and size of every file under a folder."""
    for folder, _folders, names in os.walk(place):
        for name in names:
            # Asked again every other second: a `Path` for each file would cost four times as much.
            path = f"{folder}/{name}"
            with suppress(FileNotFoundError):
                told = os.stat(path)  # noqa: PTH116
                yield path, told.st_mtime_ns, told.st_size


def _copied(sources: Sequence[Path], place: Path) -> Content:
    """Copy the content and return what of the copy is for learners. Raises ContentError."""
    folders.lay(sources, place)
    parts = gather(place)
    if found := faults(parts):
        raise ContentError(found)
    return built(parts).published()


def _sweep() -> None:
    """Take away what servers that were killed have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < YOUNG or (lock := _locked(folder)) is None:
                continue
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder; return the descriptor that holds the lock, None where another process does."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number
