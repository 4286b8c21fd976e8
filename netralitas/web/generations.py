"""Generations: each version of the content a server shows, side by side.

    content folder ─ copied, checked, loaded ─► Generation: content, pages, ladders of its own

The folder is looked at every few seconds. When it has changed and has been still for one look, a new
generation is made beside the old one; pages opened from then on are of the new one, and who is on an older
page finishes on it. An old generation ends when its last line has closed. Content with faults is refused,
told in the log and to the operator, and what is shown stays.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from .. import folders
from ..check import faults
from ..content import Content, load
from ..course import Module
from ..i18n import LANGUAGE
from ..reading import ContentError, Fault
from ..search import Entry, entries
from ..store import Store
from ..widgets.learning import model_id
from .desk import Desk
from .kernels import KernelFailedError, KernelRoom
from .ladder import Ladder, Paths
from .pages import Rendered, headings, render
from .writer import Writer

_log = logging.getLogger(__name__)
_PREFIX = "netralitas-isi-"

YOUNG = 60.0
"""Seconds a folder is left alone, whoever it belongs to: its server may be about to lock it."""

LOOK = 2.0
"""Seconds between two looks at the content folder."""

GRACE = 10.0
"""Seconds an older generation stays without lines: a page of it may still be on its way."""


class Generation:
    """One version of the content: nothing of it changes while it lives."""

    def __init__(self, place: Path, content: Content, ladders: dict[str, Ladder]) -> None:
        # A name a browser may see: drawn, because a digest of the content would be one of its keys too.
        self.id = secrets.token_hex(8)
        self.place, self.content, self.ladders = place, content, ladders
        self.digest = _digest(place)
        self.made = datetime.now(UTC)
        self.lines = 0
        """Open lines of its pages."""
        self.followed = float("inf")
        """When a newer one took its place, in seconds of the monotonic clock."""
        self._citations: dict[str, dict[str, list[dict[str, str]]]] = {}
        self._pages: dict[tuple[str, str], asyncio.Task[Rendered]] = {}
        self._places: tuple[Entry, ...] = ()

    def citations(self, root: str) -> dict[str, list[dict[str, str]]]:
        """Return what an object cites; resolved once."""
        if root not in self._citations:
            self._citations[root] = self.content.citations(root)
        return self._citations[root]

    async def page(self, module: Module) -> Rendered:
        """Return the page of a module in the language of this context, rendering it the first time.

        Raises KernelFailedError when its cells do not run on any rung.
        """
        key = (module.slug, LANGUAGE.get())
        task = self._pages.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            notebook = self.place / "modules" / f"{module.slug}.ipynb"
            task = asyncio.create_task(render(notebook, module.roots, self.ladders[module.slug]))
            self._pages[key] = task
        return await asyncio.shield(task)

    def places(self) -> tuple[Entry, ...]:
        """Return every place of the course that can be searched for; gathered once."""
        if not self._places:
            course = self.content.course
            addresses = {
                root: f"/modul/{module.slug}#w-{model_id(root)}"
                for module in course.modules
                for root in module.roots
            }
            parts = {
                module.slug: headings(self.place / "modules" / f"{module.slug}.ipynb")
                for module in course.modules
            }
            self._places = entries(
                course,
                law=self.content.law,
                scenarios=self.content.scenarios,
                pledges=self.content.pledges,
                glossary=self.content.glossary,
                parts=parts,
                addresses=addresses,
            )
        return self._places

    async def warm(self) -> None:
        """Make every page, so that nobody waits for the first."""
        made = await asyncio.gather(
            *(self.page(module) for module in self.content.course.modules), return_exceptions=True
        )
        for fault in made:
            if isinstance(fault, KernelFailedError):
                _log.error("%s", fault)
            elif isinstance(fault, BaseException):
                raise fault

    async def end(self) -> None:
        """End its processes and take its copy away."""
        for task in self._pages.values():
            task.cancel()
        await asyncio.gather(*(ladder.end() for ladder in self.ladders.values()))
        await asyncio.to_thread(shutil.rmtree, self.place, ignore_errors=True)


class Generations:
    """The generations of this server, newest last."""

    def __init__(self, sources: Sequence[Path], store: Store, kernels: KernelRoom, first_rung: str) -> None:
        self.refused: tuple[Fault, ...] = ()
        """Faults of the content that stands in the folder now and is not shown."""
        self.writer = Writer(store, lambda: self.current.content.course)
        self._sources, self._store, self._kernels, self._first_rung = (
            tuple(sources),
            store,
            kernels,
            first_rung,
        )
        _sweep()
        self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Held as long as this process lives, however it ends.
        self._lock = _locked(self._folder)
        self._seen = _listing(sources)
        self._living = [self._make()]
        self._watch: asyncio.Task[None] | None = None

    @property
    def current(self) -> Generation:
        """The generation pages are opened of."""
        return self._living[-1]

    def of(self, identifier: str) -> Generation:
        """Return the living generation of that id, the current one when it is gone."""
        return next((one for one in self._living if one.id == identifier), self.current)

    def start(self) -> None:
        """Begin to write events, warm the pages and look at the folder; call inside the running loop."""
        self.writer.start()
        self._watch = asyncio.create_task(self._look(), name="generations")

    async def stop(self) -> None:
        """End every generation, after the kernels."""
        if self._watch is not None:
            self._watch.cancel()
        await asyncio.gather(*(one.end() for one in self._living))
        await self.writer.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    async def _look(self) -> None:
        await self.current.warm()
        pending = None
        while True:
            await asyncio.sleep(LOOK)
            await self._retire()
            now = await asyncio.to_thread(_listing, self._sources)
            if now == self._seen:
                pending = None
            elif now != pending:
                # Still being written, perhaps: look again.
                pending = now
            else:
                self._seen, pending = now, None
                await self._renew()

    async def _renew(self) -> None:
        try:
            made = await asyncio.to_thread(self._make)
        except ContentError as error:
            self.refused = error.faults
            for fault in error.faults:
                _log.error("%s", fault)
            _log.error("%d faults: the content shown stays as it was", len(error.faults))
            return
        self.refused = ()
        if made.digest == self.current.digest:
            await made.end()
            return
        await made.warm()
        self.current.followed = time.monotonic()
        self._living.append(made)
        _log.warning("generation %s of the content is shown from now on", made.digest)

    async def _retire(self) -> None:
        """End the older generations nobody has a line to."""
        late = time.monotonic() - GRACE
        for old in [one for one in self._living[:-1] if one.lines == 0 and one.followed < late]:
            self._living.remove(old)
            await self._kernels.end(set(old.ladders.values()))
            await old.end()

    def _make(self) -> Generation:
        """Copy the folder and read the copy. Raises ContentError, and then nothing is left."""
        place = Path(tempfile.mkdtemp(prefix="isi", dir=self._folder))
        try:
            content = _copied(self._sources, place)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        ladders = {
            module.slug: Ladder(
                Paths(place, module.slug, self._folder),
                partial(Desk, content, module, self._store, self.writer),
                self._first_rung,
            )
            for module in content.course.modules
        }
        return Generation(place, content, ladders)


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


def _copied(sources: Sequence[Path], place: Path) -> Content:
    """Copy the content and return what of the copy is for learners. Raises ContentError."""
    folders.lay(sources, place)
    if found := faults(place):
        raise ContentError(found)
    return load(place).published()


def _listing(sources: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every file: cheap, and different when anything is."""
    found = []
    for _folder, path in folders.files(sources):
        try:
            told = path.stat()
        except FileNotFoundError:
            continue
        found.append((str(path), told.st_mtime_ns, told.st_size))
    return tuple(found)


def _digest(place: Path) -> str:
    """Return 16 hex digits of everything a generation is made of."""
    digest = hashlib.sha256()
    for _folder, path in folders.files([place]):
        digest.update(path.relative_to(place).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
