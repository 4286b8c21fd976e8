"""The channel: one websocket of a learner's page, between its tab and the learner's kernel.

Which kernel it is follows from the session and the module in the path; no kernel id exists for a
browser to guess. On opening, the tab is told where the learner stands now (from the store, no kernel
needed); a kernel is forked only when the learner does something. Up go custom comm messages to the
page's own widgets, at most 64 KB each and 20 a second; everything else is refused, and that is
recorded without its content.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any

import orjson
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..course import Module
from ..judge import refusal
from ..record import awaited
from ..store import Stamp
from ..widgets.learning import model_id
from .base import Page
from .desk import Owner
from .generations import Generation
from .identity import COOKIE
from .kernels import Kernel, KernelFailedError
from .ladder import Ladder
from .learner import states_of

_log = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024
PER_SECOND = 20
REFUSALS = 20
"""Refusals of one connection after which it is closed."""
RECORDED = 100
"""Refusals of one learner that are recorded while the server runs; the rest are only logged."""
ENDED = 4401
"""Close code that tells the page its session is over."""
RECHECK = 30.0
"""Seconds after which a session in use is looked at again."""


class Channel(WebSocketHandler, Page):
    """A tab's line to its kernel."""

    person = False
    generation: Generation
    module: Module
    kernel: Kernel | None = None

    async def prepare(self) -> None:
        """Let in a logged-in learner from our own page, for a module that exists."""
        await Page.prepare(self)
        self.generation = self.site.generations.of(self.get_query_argument("isi", ""))
        try:
            self.module = self.generation.content.course.module(self.path_args[0])
        except KeyError:
            raise HTTPError(404) from None
        if self.request.headers.get("Origin") is None:
            raise HTTPError(403)
        if self.module.part == "exam":
            known = await self.call(self.site.store.progress_of, self.learner)
            if awaited(self.generation.content.course, self.module, known):
                raise HTTPError(403)
        # Each message is packed for itself: a window kept for every line would cost more than the line.
        offer = self.request.headers.get("Sec-WebSocket-Extensions", "")
        if offer.startswith("permessage-deflate"):
            alone = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
            self.request.headers["Sec-WebSocket-Extensions"] = alone

    def get_compression_options(self) -> dict[str, Any]:
        """Pack messages: a view of ten questions is a fifth of its size on a slow line."""
        return {"compression_level": 5, "mem_level": 8}

    @property
    def ladder(self) -> Ladder:
        """What makes the kernels of this page's module."""
        return self.generation.ladders[self.module.slug]

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        """`prepare` has compared it with the host, which it has compared with the setting."""
        return True

    async def open(self, *_args: str, **_kwargs: str) -> None:
        """Show the tab where the learner stands, and join the kernel if there is one."""
        self.set_nodelay(True)
        self.names = {model_id(root): root for root in self.module.roots}
        self.refused, self.times = 0, [0.0] * PER_SECOND
        self.looked = time.monotonic()
        self.owner = Owner(learner=self.learner, session=self.visit.session.ref if self.visit else "")
        self.site.lines.setdefault(self.learner, set()).add(self)
        self.generation.lines += 1
        # Joined first, read afterwards: whatever is committed in between is heard.
        kernel = self.site.kernels.awake(self.ladder, self.learner)
        if kernel is not None:
            self.attach(kernel)
        # A page that was just made knows all of it; one that comes back may not.
        if self.get_query_argument("seq", "") != str(await self.call(self.site.store.last_seq, self.learner)):
            standing = await self.call(self.site.store.standing, self.learner, self.module.roots)
            for root, state in states_of(self.generation, self.module, standing).items():
                self._tell({"comm_id": model_id(root), "data": {"method": "update", "state": state}})
        if kernel is None and not self.ladder.lazy:
            await self._join()

    async def on_message(self, message: str | bytes) -> None:
        """Pass a learner's action on, or refuse."""
        if self.refused >= REFUSALS:
            return
        try:
            name, content = self._admit(message)
        except ValueError as reason:
            await self._refuse(str(reason))
            return
        if name is None:
            return
        if not await self._still(touch=True):
            self.close(ENDED)
            return
        kernel = self.kernel if self.kernel and self.kernel.alive else await self._join()
        if kernel is not None:
            kernel.desk.expect(str(content.get("event")), self.owner.session)
            await kernel.send(name, content)

    def on_close(self) -> None:
        """Leave the kernel; it stays for a while."""
        if hasattr(self, "owner"):
            self.generation.lines -= 1
            self.site.lines.get(self.owner.learner, set()).discard(self)
        if self.kernel is not None:
            self.kernel.leave(self._relayed)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ARG002
        """Log what kind of fault it was, without content."""
        if typ is not HTTPError:
            _log.error("channel: %s", typ.__name__)

    def on_pong(self, data: bytes) -> None:  # noqa: ARG002
        """Look from time to time whether the session still runs."""
        IOLoop.current().add_callback(self._look)

    async def _look(self) -> None:
        if not await self._still(touch=False):
            self.close(ENDED)

    def _admit(self, message: str | bytes) -> tuple[str | None, dict[str, Any]]:
        """Return the widget and the custom content of a frame. Raises ValueError with the reason."""
        now = time.monotonic()
        oldest = self.times.pop(0)
        self.times.append(now)
        if now - oldest < 1:
            raise ValueError("terlalu cepat")
        if len(message) > MAX_BYTES:
            raise ValueError("terlalu besar")
        try:
            frame = orjson.loads(message)
        except (ValueError, RecursionError):
            raise ValueError("bentuk tidak terbaca") from None
        try:
            kind, content = frame["header"]["msg_type"], frame["content"]
            name, data = content.get("comm_id"), content.get("data", {})
            method, sent = data.get("method"), data.get("content")
        except (AttributeError, KeyError, TypeError):
            raise ValueError("bentuk tidak terbaca") from None
        if kind == "comm_close":
            return None, {}
        if kind != "comm_msg":
            raise ValueError("jenis pesan tidak diterima")
        if not isinstance(name, str) or name not in self.names:
            raise ValueError("tujuan tidak dikenal")
        if method != "custom" or not isinstance(sent, dict):
            raise ValueError("metode tidak diterima")
        return name, sent

    async def _refuse(self, reason: str) -> None:
        self.refused += 1
        _log.warning("frame refused: %s", reason)
        recorded = self.site.refusals.get(self.owner.learner, 0)
        self.site.refusals[self.owner.learner] = recorded + 1
        if self.refused >= REFUSALS:
            self.close(1008)
        if recorded >= RECORDED:
            return
        item = self.generation.content.item(self.module.roots[0])
        given = refusal(item, reason)
        await self.site.writer.commit(Stamp(self.owner.learner, self.owner.session, given))

    async def _join(self) -> Kernel | None:
        try:
            kernel = await self.site.kernels.join(self.ladder, self.owner)
        except KernelFailedError:
            _log.exception("no kernel for %s", self.module.slug)
            self.close(1011)
            return None
        # Every tab of the learner on this module hears it, those that only read so far too.
        for line in tuple(self.site.lines.get(self.owner.learner, ())):
            if line.ladder is self.ladder:
                line.attach(kernel)
        return kernel if kernel.alive else None

    def attach(self, kernel: Kernel) -> None:
        """Hear a kernel from now on."""
        self.kernel = kernel
        kernel.join(self._relayed)

    async def _still(self, *, touch: bool) -> bool:
        """Say whether the session runs, looking now and then. An answer keeps it alive, an open tab not."""
        if time.monotonic() - self.looked <= RECHECK:
            return True
        self.looked = time.monotonic()
        session = self.site.store.session
        return await self.call(session, self.get_cookie(COOKIE) or "", touch=touch) is not None

    def _relayed(self, content: dict[str, Any] | None) -> None:
        if content is None:
            # The tab comes back by itself and finds the state in the store.
            self.close(1012)
        elif content.get("comm_id") in self.names:
            self._tell({"comm_id": content["comm_id"], "data": content["data"]})

    def _tell(self, content: dict[str, Any]) -> None:
        frame = {"header": {"msg_type": "comm_msg"}, "channel": "iopub", "content": content}
        with suppress(WebSocketClosedError):
            # A line that breaks while it is written to is no fault: the tab comes back and is told again.
            self.write_message(orjson.dumps(frame).decode()).add_done_callback(asyncio.Future.exception)
