"""Uploads as the site keeps them: a folder each, a process while there is something to do, two at a time."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ... import uploads
from ...course import Course
from ...uploads import Upload
from ..steps import started

_log = logging.getLogger(__name__)
_KEPT = timedelta(days=2)
"""How long a file waits for its officer."""


class Uploads:
    """The uploads of one server; of each officer the last one counts."""

    def __init__(self, home: Path) -> None:
        self.place = home / "unggahan"
        self.place.mkdir(mode=0o700, exist_ok=True)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(2)

    def of(self, learner: str) -> Upload | None:
        """Return an officer's upload, None where there is none."""
        own = [one for one in self._all() if one.by == learner]
        return max(own, key=lambda one: one.asked, default=None)

    def folder(self, number: str) -> Path:
        """Return the folder of an upload; it need not be there."""
        return self.place / number

    def fresh(self) -> str:
        """Make the folder of a new upload and return its id."""
        number = secrets.token_hex(16)
        self.folder(number).mkdir(mode=0o700)
        return number

    def sweep(self) -> None:
        """Forget what nobody came back for."""
        for one in self._all():
            if datetime.now(UTC) - one.asked > _KEPT:
                self.discard(one)

    def busy(self, upload: Upload) -> bool:
        """Say whether a process works on it now; one that only has to end is no longer in the way."""
        task = self._tasks.get(upload.id)
        return upload.stage == "working" and task is not None and not task.done()

    def begin(self, upload: Upload, course: Course) -> None:
        """Let a process do what the upload asks for; call inside the running loop."""
        folder = self.folder(upload.id)
        (folder / uploads.COURSE).write_text(course.model_dump_json(), encoding="utf-8")
        uploads.save(folder, upload)
        before = self._tasks.get(upload.id)
        self._tasks[upload.id] = asyncio.create_task(self._go(folder, before), name="unggahan")

    def replace(self, upload: Upload) -> None:
        """Forget what the officer had before this upload, unless somebody still works on it."""
        for one in self._all():
            if one.by == upload.by and one.id != upload.id:
                self.discard(one)

    def discard(self, upload: Upload) -> None:
        """Forget an upload and its file, unless a process works on it."""
        if not self.busy(upload):
            self._tasks.pop(upload.id, None)
            shutil.rmtree(self.folder(upload.id), ignore_errors=True)

    def _all(self) -> list[Upload]:
        found = (uploads.load(folder) for folder in self.place.iterdir())
        return [one for one in found if one is not None]

    async def _go(self, folder: Path, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            # Its end of the pipe closes with this server: then it ends, too.
            process = await started(
                *("-m", "netralitas.uploads", str(folder)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
            )
            code = await process.wait()
        if code:
            _log.error("an upload ended with %s", code)
        ended = uploads.load(folder)
        if ended is not None and ended.stage in {"done", "undone", "same"}:
            (folder / uploads.FILE).unlink(missing_ok=True)
