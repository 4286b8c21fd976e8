"""A tab's websocket, whatever stands behind it: who may open it, what is let in, what goes out.

Up come custom comm messages to the page's own widgets, at most 64 KB each and 20 a second; everything else is
refused. `channel` puts a kernel behind it, `preview` nothing but memory.
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
from ..widgets.learning import model_id
from .base import Page
from .generations import Generation
from .identity import COOKIE

_log = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024
PER_SECOND = 20
ENDED = 4401
"""Close code that tells the page its session is over."""
AGAIN = 1012
"""Close code after which the page comes back by itself and is told what stands."""
RECHECK = 30.0
"""Seconds after which a session in use is looked at again."""


class Tab(WebSocketHandler, Page):
    """A line of a page to its module, or to what else `enter` finds."""

    generation: Generation
    module: Module
    roots: tuple[str, ...]
    """The page's own widgets."""

    async def prepare(self) -> None:
        """Let in who is logged in from our own page, for a module that exists and is open to them."""
        await Page.prepare(self)
        self.generation = self.site.generations.of(self.get_query_argument("isi", ""))
        await self.enter()
        if self.request.headers.get("Origin") is None or await self.shut():
            raise HTTPError(403)
        # Each message is packed for itself: a window kept for every line would cost more than the line.
        offer = self.request.headers.get("Sec-WebSocket-Extensions", "")
        if offer.startswith("permessage-deflate"):
            alone = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
            self.request.headers["Sec-WebSocket-Extensions"] = alone

    async def enter(self) -> None:
        """Find what the line is for. Raises HTTPError 404 where there is none."""
        try:
            self.module = self.generation.content.course.module(self.path_args[0])
        except KeyError:
            raise HTTPError(404) from None
        self.roots = self.module.roots

    async def shut(self) -> bool:
        """Say whether the module is shut to this person; asked before the line opens."""
        raise NotImplementedError

    def get_compression_options(self) -> dict[str, Any]:
        """Pack messages: a view of ten questions is a fifth of its size on a slow line."""
        return {"compression_level": 5, "mem_level": 8}

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002
        """`prepare` has compared it with the host, which it has compared with the setting."""
        return True

    def begin(self) -> None:
        """Count the line; first thing when it opens."""
        self.set_nodelay(True)
        self.names = {model_id(root): root for root in self.roots}
        self.times = [0.0] * PER_SECOND
        self.looked = time.monotonic()
        self.generation.lines += 1

    def on_close(self) -> None:
        """Count the line no more."""
        if hasattr(self, "names"):
            self.generation.lines -= 1

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ARG002
        """Log what kind of fault it was, without content."""
        if typ is not HTTPError:
            _log.error("line: %s", typ.__name__)

    def on_pong(self, data: bytes) -> None:  # noqa: ARG002
        """Look from time to time whether the session still runs."""
        IOLoop.current().add_callback(self._look)

    async def _look(self) -> None:
        if not await self.still(touch=False):
            self.close(ENDED)

    async def still(self, *, touch: bool) -> bool:
        """Say whether the session runs, looking now and then. An answer keeps it alive, an open tab not."""
        if time.monotonic() - self.looked <= RECHECK:
            return True
        self.looked = time.monotonic()
        session = self.site.store.session
        return await self.call(session, self.get_cookie(COOKIE) or "", touch=touch) is not None

    def admit(self, message: str | bytes) -> tuple[str | None, dict[str, Any]]:
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

    def tell(self, content: dict[str, Any]) -> None:
        """Send a frame; a line that breaks while it is written to comes back and is told again."""
        frame = {"header": {"msg_type": "comm_msg"}, "channel": "iopub", "content": content}
        with suppress(WebSocketClosedError):
            self.write_message(orjson.dumps(frame).decode()).add_done_callback(asyncio.Future.exception)
