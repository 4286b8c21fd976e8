"""The desk: the site's end of a kernel's one socket.

A kernel asks for the learner's `state`, has events `commit`ted and `draft`s kept. Who the learner is
the desk knows from the kernel's owner; a kernel is never asked. What a kernel may commit is checked
against the content: its own module's objects, today's revision, verbs a learner can cause; seed and
form of an `opened` event are drawn here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from ..content import Content
from ..course import Module
from ..judge import DRAFT_BYTES, Item, opening
from ..model import Value, revision
from ..quizzes import Quiz
from ..record import Given
from ..store import Moved, Stamp, Store, Unfit
from ..widgets.recorder import FRAME, MAX_FRAME
from .writer import Writer

_log = logging.getLogger(__name__)


class Owner(Value):
    """Whose kernel it is: the learner and the session that asked for it."""

    learner: str
    session: str


def roots(module: Module) -> tuple[str, ...]:
    """Return the root objects of a module: its scenarios and its quiz."""
    quiz = (f"quiz/{module.quiz}",) if module.quiz else ()
    return (*(f"scenario/{slug}" for slug in module.scenarios), *quiz)


class Desk:
    """Serves one kernel until its socket closes."""

    def __init__(self, content: Content, module: Module, store: Store, writer: Writer) -> None:
        self._content, self._module, self._store, self._writer = content, module, store, writer
        self.owner: Owner | None = None

    async def serve(self, ours: socket.socket) -> None:
        """Answer frames until the kernel is gone."""
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            while True:
                (length,) = FRAME.unpack(await reader.readexactly(FRAME.size))
                if length > MAX_FRAME:
                    return
                body = json.dumps(await self._answer(json.loads(await reader.readexactly(length))))
                writer.write(FRAME.pack(len(data := body.encode())) + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        handlers: dict[str, Callable[[dict[str, Any], Owner], Awaitable[dict[str, Any]]]] = {
            "state": self._state,
            "commit": self._commit,
            "draft": self._draft,
        }
        handler = handlers.get(str(asked.get("ask")))
        if handler is None or self.owner is None:
            return {"refused": "kernel ini tidak punya pembelajar"}
        try:
            return await handler(asked, self.owner)
        except ValueError as error:
            _log.warning("desk refused: %s", type(error).__name__)
            return {"refused": "tidak sah"}

    async def _state(self, _asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        events = await asyncio.to_thread(self._store.events_of, owner.learner, roots(self._module))
        drafts = await asyncio.to_thread(self._store.drafts_of, owner.learner)
        return {"events": [event.model_dump(mode="json") for event in events], "drafts": drafts}

    async def _commit(self, asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        given = Given.model_validate(asked.get("given"))
        item = self._own(given.object)
        if given.verb not in {"opened", "answered", "chose", "refused"}:
            return {"refused": "kata kerja ini bukan milik pembelajar"}
        if given.revision not in _revisions(item, given.object):
            return {"refused": "soal sudah berubah"}
        if given.verb == "opened":
            given = given.model_copy(update={"result": opening(item, secrets.randbits(32))})
        result = await self._writer.commit(Stamp(owner.learner, owner.session, given))
        if isinstance(result, Moved):
            return {"moved": True}
        if isinstance(result, Unfit):
            _log.error("event not stored: %s", result.reason)
            return {"refused": "tidak dapat disimpan"}
        return {"event": result.model_dump(mode="json")}

    async def _draft(self, asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        root, value = str(asked.get("root")), asked.get("value")
        self._own(root)
        if not isinstance(value, dict) or len(json.dumps(value)) > DRAFT_BYTES:
            return {"refused": "draf tidak sah"}
        await asyncio.to_thread(self._store.put_draft, owner.learner, root, value)
        return {}

    def _own(self, name: str) -> Item:
        root = "/".join(name.split("/")[:2])
        if root not in roots(self._module):
            raise ValueError(name)
        return self._content.item(root)


def _revisions(item: Item, name: str) -> set[str]:
    """Return the revisions an event on `name` may carry."""
    whole = {revision(item)}
    if isinstance(item, Quiz) and name.count("/") > 1:
        return {revision(item.question(name.rsplit("/", 1)[-1]))}
    return whole
