"""The channel: one websocket of a page, between its tab and the person's kernel.

    Line       joins the kernel, relays what it says     any page with a kernel
    Channel    a learner's module                        a dashboard's stands in boards.py

Which kernel it is follows from the session and the module in the path; no kernel id exists for a
browser to guess. On opening, the tab is told where the learner stands now (from the store, no kernel
needed); a kernel is forked only when the learner does something. What is not let in (`tab`) is recorded
without its content.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from ..judge import refusal
from ..record import awaited
from ..store import Stamp
from ..widgets.learning import model_id
from .desk import Owner
from .kernels import Kernel, KernelFailedError
from .ladder import Ladder
from .learner import states_of
from .tab import AGAIN, ENDED, Tab

_log = logging.getLogger(__name__)
REFUSALS = 20
"""Refusals of one connection after which it is closed."""
RECORDED = 100
"""Refusals of one learner that are recorded while the server runs; the rest are only logged."""


class Line(Tab, ABC):
    """A tab's line to its kernel; what differs from page to page stands in its abstract parts."""

    kernel: Kernel | None = None

    @property
    @abstractmethod
    def ladder(self) -> Ladder:
        """What makes the kernels of this page's notebook."""

    @abstractmethod
    async def greet(self) -> None:
        """Show a tab that has just opened what it does not know yet."""

    @abstractmethod
    async def record(self, reason: str) -> None:
        """Note that a frame was refused."""

    async def open(self, *_args: str, **_kwargs: str) -> None:
        """Show the tab where it stands, and join the kernel if there is one."""
        self.begin()
        self.refused = 0
        self.owner = Owner(learner=self.learner, session=self.visit.session.ref if self.visit else "")
        self.site.lines.setdefault(self.learner, set()).add(self)
        # Joined first, read afterwards: whatever is committed in between is heard.
        kernel = self.site.kernels.awake(self.ladder, self.learner)
        if kernel is not None:
            self.attach(kernel)
        await self.greet()
        if kernel is None and not self.ladder.lazy:
            await self._join()

    async def on_message(self, message: str | bytes) -> None:
        """Pass an action on, or refuse."""
        if self.refused >= REFUSALS:
            return
        try:
            name, content = self.admit(message)
        except ValueError as reason:
            await self._refuse(str(reason))
            return
        if name is None:
            return
        if not await self.still(touch=True):
            self.close(ENDED)
            return
        kernel = self.kernel if self.kernel and self.kernel.alive else await self._join()
        if kernel is not None:
            kernel.desk.expect(str(content.get("event")), self.owner.session)
            await kernel.send(name, content)

    def on_close(self) -> None:
        """Leave the kernel; it stays for a while."""
        super().on_close()
        if hasattr(self, "owner"):
            self.site.lines.get(self.owner.learner, set()).discard(self)
        if self.kernel is not None:
            self.kernel.leave(self._relayed)

    async def _refuse(self, reason: str) -> None:
        self.refused += 1
        _log.warning("frame refused: %s", reason)
        recorded = self.site.refusals.get(self.owner.learner, 0)
        self.site.refusals[self.owner.learner] = recorded + 1
        if self.refused >= REFUSALS:
            self.close(1008)
        if recorded < RECORDED:
            await self.record(reason)

    async def _join(self) -> Kernel | None:
        try:
            kernel = await self.site.kernels.join(self.ladder, self.owner)
        except KernelFailedError:
            _log.exception("no kernel for %s", self.ladder.notebook)
            self.close(1011)
            return None
        # Every tab of the person on this page hears it, those that only read so far too.
        for line in tuple(self.site.lines.get(self.owner.learner, ())):
            if line.ladder is self.ladder:
                line.attach(kernel)
        return kernel if kernel.alive else None

    def attach(self, kernel: Kernel) -> None:
        """Hear a kernel from now on."""
        self.kernel = kernel
        kernel.join(self._relayed)

    def _relayed(self, content: dict[str, Any] | None) -> None:
        if content is None:
            # The tab comes back by itself and finds the state in the store.
            self.close(AGAIN)
        elif content.get("comm_id") in self.names:
            self.tell({"comm_id": content["comm_id"], "data": content["data"]})


class Channel(Line):
    """A learner's line to the kernel of a module."""

    person = False

    async def shut(self) -> bool:
        """Say whether the part waits for others."""
        if self.module.part != "exam":
            return False
        known = await self.call(self.site.store.progress_of, self.learner)
        return bool(awaited(self.generation.content.course, self.module, known))

    @property
    def ladder(self) -> Ladder:
        """What makes the kernels of this page's module."""
        return self.generation.ladders[self.module.slug]

    async def greet(self) -> None:
        """Show the tab where the learner stands."""
        # A page that was just made knows all of it; one that comes back may not.
        if self.get_query_argument("seq", "") == str(await self.call(self.site.store.last_seq, self.learner)):
            return
        standing = await self.call(self.site.store.standing, self.learner, self.roots)
        for root, state in states_of(self.generation, self.module, standing).items():
            self.tell({"comm_id": model_id(root), "data": {"method": "update", "state": state}})

    async def record(self, reason: str) -> None:
        """Put the refusal into the learner's record, without content."""
        given = refusal(self.generation.content.item(self.roots[0]), reason)
        await self.site.writer.commit(Stamp(self.owner.learner, self.owner.session, given))
