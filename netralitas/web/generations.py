"""Generations: each version of the content a server shows, side by side.

    Copy (`copies.py`) ──► Generation: content, pages, ladders of its own

The folder is looked at every few seconds. When it has changed and has been still for one look, a new
generation is made beside the old one; pages opened from then on are of the new one, and who is on an older
page finishes on it. An old generation ends when its last line has closed. Content with faults is refused,
told in the log and to the operator, and what is shown stays.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import shutil
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from .. import folders
from ..content import Content
from ..course import Module
from ..i18n import LANGUAGE
from ..reading import ContentError, Fault
from ..search import Entry, entries
from ..store import Store
from ..widgets.learning import model_id
from .board_desk import BOARDS, OFFICE, Board, BoardDesk
from .board_tables import View
from .copies import Copies, Copy
from .desk import Desk
from .kernels import KernelFailedError, KernelRoom
from .ladder import Ladder, Paths
from .pages import Rendered, headings, render
from .writer import Writer

_log = logging.getLogger(__name__)
LOOK = 2.0
"""Seconds between two looks at the content folder."""

GRACE = 10.0
"""Seconds an older generation stays without lines: a page of it may still be on its way."""


class Generation:
    """One version of the content: nothing of it changes while it lives."""

    def __init__(
        self, place: Path, content: Content, ladders: dict[str, Ladder], boards: dict[str, Ladder]
    ) -> None:
        # A name a browser may see: drawn, because a digest of the content would be one of its keys too.
        self.id = secrets.token_hex(8)
        self.place, self.content, self.ladders, self.boards = place, content, ladders, boards
        self.digest = _digest(place)
        self.made = datetime.now(UTC)
        self.lines = 0
        """Open lines of its pages."""
        self.followed = float("inf")
        """When a newer one took its place, in seconds of the monotonic clock."""
        self._citations: dict[str, dict[str, list[dict[str, str]]]] = {}
        self._pages: dict[tuple[Path, str], asyncio.Task[Rendered]] = {}
        self._places: tuple[Entry, ...] = ()

    @property
    def every(self) -> tuple[Ladder, ...]:
        """The ladders of its modules and dashboards."""
        return (*self.ladders.values(), *self.boards.values())

    def citations(self, root: str) -> dict[str, list[dict[str, str]]]:
        """Return what an object cites; resolved once."""
        if root not in self._citations:
            self._citations[root] = self.content.citations(root)
        return self._citations[root]

    async def page(self, module: Module) -> Rendered:
        """Return the page of a module in the language of this context, rendering it the first time.

        Raises KernelFailedError when its cells do not run on any rung.
        """
        notebook = self.place / "modules" / f"{module.slug}.ipynb"
        return await self._page(notebook, module.roots, self.ladders[module.slug])

    async def board(self, board: Board) -> Rendered:
        """Return the page of a dashboard, as `page`; its processes begin when the first is asked for."""
        return await self._page(board.notebook, board.roots, self.boards[board.slug])

    async def _page(self, notebook: Path, roots: tuple[str, ...], ladder: Ladder) -> Rendered:
        key = (notebook, LANGUAGE.get())
        task = self._pages.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._pages[key] = asyncio.create_task(render(notebook, roots, ladder))
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
        await asyncio.gather(*(ladder.end() for ladder in self.every))
        await asyncio.to_thread(shutil.rmtree, self.place, ignore_errors=True)


class Generations:
    """The generations of this server, newest last."""

    def __init__(
        self,
        copies: Copies,
        store: Store,
        kernels: KernelRoom,
        first_rung: str,
        deadline: date | None = None,
    ) -> None:
        self.refused: tuple[Fault, ...] = ()
        """Faults of the content that stands in the folder now and is not shown."""
        self.writer = Writer(store, lambda: self.current.content.course)
        self._copies, self._store, self._kernels = copies, store, kernels
        self._first_rung, self._deadline = first_rung, deadline
        self._seen = copies.seen
        self._living = [self._generation(copies.first)]
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

    async def _look(self) -> None:
        await self.current.warm()
        pending = None
        while True:
            await asyncio.sleep(LOOK)
            await self._retire()
            now = await asyncio.to_thread(self._copies.listing)
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
            made = self._generation(await asyncio.to_thread(self._copies.make))
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
            await self._kernels.end(set(old.every))
            await old.end()

    def _generation(self, copy: Copy) -> Generation:
        place, content = copy
        ladders = {
            module.slug: Ladder(
                Paths(place, place / "modules" / f"{module.slug}.ipynb", self._copies.folder),
                partial(Desk, content, module, self._store, self.writer),
                self._first_rung,
            )
            for module in content.course.modules
        }
        boards = {
            board.slug: Ladder(
                Paths(place, board.notebook, self._copies.folder, OFFICE),
                partial(BoardDesk, board, View(self._store, content, self._deadline)),
                self._first_rung,
            )
            for board in BOARDS.values()
        }
        return Generation(place, content, ladders, boards)


def _digest(place: Path) -> str:
    """Return 16 hex digits of everything a generation is made of."""
    digest = hashlib.sha256()
    for _folder, path in folders.files([place]):
        digest.update(path.relative_to(place).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
