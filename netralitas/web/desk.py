"""The desk: what the site answers a kernel.

A kernel asks for the learner's `state`, has events `commit`ted and `draft`s kept. Who the learner is
the desk knows from the kernel's owner; a kernel is never asked. What a kernel may commit is checked
against the content: its own module's objects, today's revision, verbs a learner can cause; seed and
form of an `opened` event are drawn here. How many attempts, when the next and how long is asked of the record
and the server's clock, whatever the kernel has judged.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from ..cases import write_event
from ..content import Content
from ..course import Module
from ..judge import CaseText, Draft, Item, opening, overdue
from ..model import Value, revision
from ..pledges import Pledge
from ..quizzes import Quiz, Written, attempts, may_open
from ..record import AnsweredError, Event, Given, RefusedError, awaited
from ..store import Moved, Stamp, Store, Unfit
from .deadlines import SITE
from .writer import Writer

_log = logging.getLogger(__name__)
ON_THEIR_WAY = 64
"""Events of one kernel whose session is remembered until they are committed."""
_LEARNERS = frozenset(("opened", "answered", "chose", "rated", "pledged", "refused", "submitted", "wrote"))
"""Verbs a learner can cause."""
REFUSALS = 100
"""Refusals of one kernel that are recorded; a flood must not fill the store."""


class Owner(Value):
    """Whose kernel it is: the learner and the session that asked for it."""

    learner: str
    session: str


class Answers(Protocol):
    """What answers a kernel: a desk for a learner's, another for a dashboard's (`boards.py`)."""

    owner: Owner | None

    def expect(self, event: str, session: str) -> None:
        """Remember which session sent an event that is on its way."""

    async def state(self, owner: Owner) -> dict[str, Any]:
        """Return what a kernel is told when it is given to its owner."""

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what a kernel asked for. Raises what the store raises: then the kernel must end."""


class Desk:
    """Answers one kernel. `sessions` tells which tab's session sent an event that is on its way."""

    def __init__(self, content: Content, module: Module, store: Store, writer: Writer) -> None:
        self._content, self._module, self._store, self._writer = content, module, store, writer
        self.owner: Owner | None = None
        self.sessions: dict[str, str] = {}
        self._refused = 0

    def expect(self, event: str, session: str) -> None:
        """Remember which session sent an event that is on its way; the newest few are enough."""
        self.sessions[event] = session
        if len(self.sessions) > ON_THEIR_WAY:
            del self.sessions[next(iter(self.sessions))]

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what a kernel asked for. Raises what the store raises: then the kernel must end."""
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
        except (KeyError, ValueError) as error:
            _log.warning("desk refused: %s", type(error).__name__)
            return {"refused": "tidak sah"}

    async def state(self, owner: Owner) -> dict[str, Any]:
        """Return where a learner stands in this module, as a kernel is told."""
        found = await asyncio.to_thread(self._store.standing, owner.learner, self._module.roots)
        return {"events": [event.model_dump(mode="json") for event in found.events], "drafts": found.drafts}

    async def _state(self, _asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        return await self.state(owner)

    async def _commit(self, asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        given = Given.model_validate(asked.get("given"))
        item = self._own(given.object)
        if reason := self._unfit(item, given):
            return {"refused": reason}
        if given.verb == "opened" and await self._awaited(owner):
            return {"refused": "bagian ini belum terbuka"}
        if isinstance(item, Quiz) and (told := await self._limits(item, given, owner)):
            return told
        if given.verb == "opened":
            given = given.model_copy(update={"result": opening(item, secrets.randbits(32))})
        session = self.sessions.pop(given.id, owner.session)
        result = await self._writer.commit(Stamp(owner.learner, session, given))
        if isinstance(result, Moved):
            return {"moved": True}
        if isinstance(result, Unfit):
            _log.error("event not stored: %s", result.reason)
            return {"refused": "tidak dapat disimpan"}
        return {"event": result.model_dump(mode="json")}

    def _unfit(self, item: Item, given: Given) -> str:
        """Return why a kernel may not commit such an event, empty where it may."""
        if given.verb not in _LEARNERS:
            return "kata kerja ini bukan milik pembelajar"
        if given.verb == "refused":
            self._refused += 1
            return "sudah cukup yang dicatat" if self._refused > REFUSALS else ""
        if given.revision != _revision(item, given.object):
            return "soal sudah berubah"
        timed = isinstance(item, Quiz) and item.forced
        return "" if given.verb != "submitted" or timed else "kuis ini tidak dibatasi waktu"

    async def _awaited(self, owner: Owner) -> tuple[Module, ...]:
        """Return what the learner has to complete before this part opens; only an exam waits for anything."""
        if self._module.part != "exam":
            return ()
        known = await asyncio.to_thread(self._store.progress_of, owner.learner)
        return awaited(self._content.course, self._module, known)

    async def _limits(self, quiz: Quiz, given: Given, owner: Owner) -> dict[str, Any]:
        """Return why an event is past a limit of its quiz, nothing where it is not."""
        if given.verb not in {"opened", "wrote"} and not (quiz.forced and given.verb == "answered"):
            return {}
        events = await asyncio.to_thread(self._store.events_of, owner.learner, [quiz.root])
        if any(event.id == given.id for event in events):
            return {}  # sent again: the store gives what stands
        now = self._store.clock()
        if late := overdue(quiz, events, now):
            await self._writer.commit(Stamp(owner.learner, SITE, late))
            return {"moved": True}
        try:
            _allow(quiz, events, given, now)
        except AnsweredError:
            return {"moved": True}
        except RefusedError as reason:
            return {"refused": str(reason)}
        return {}

    async def _draft(self, asked: dict[str, Any], owner: Owner) -> dict[str, Any]:
        draft = Draft.model_validate({"kind": "draft", "value": asked.get("value")})
        root = str(asked.get("root"))
        item = self._own(root)
        if root != draft.place(item.root) or (isinstance(draft.value, CaseText) and not _is_case(item, root)):
            raise ValueError(root)
        value = draft.value.model_dump(mode="json")
        await asyncio.to_thread(self._store.put_draft, owner.learner, root, value)
        return {}

    def _own(self, name: str) -> Item:
        root = "/".join(name.split("/")[:2])
        if root not in self._module.roots:
            raise ValueError(name)
        return self._content.item(root)


def _allow(quiz: Quiz, events: Sequence[Event], given: Given, now: datetime) -> None:
    """Raise RefusedError for an event past a limit of its quiz, AnsweredError where another tab was first."""
    if given.verb == "wrote":
        name, text = given.object.rsplit("/", 1)[-1], str(given.result.get("text", ""))
        write_event(quiz, events, item=name, text=text)
    elif given.verb == "answered":
        done = attempts(quiz, events)
        if not done or done[-1].finished:
            raise AnsweredError("percobaan sudah selesai")
    # An attempt of another number is another tab's, or nobody's: the store says that it has moved on.
    elif given.attempt == max((one.attempt for one in events if one.verb == "opened"), default=0) + 1:
        may_open(quiz, events, now)


def _is_case(item: Item, name: str) -> bool:
    return isinstance(item, Quiz) and isinstance(item.question(name.rsplit("/", 1)[-1]), Written)


def _revision(item: Item, name: str) -> str:
    """Return the revision an event on `name` carries: its question's or point's, where it names one.

    Raises KeyError for one there is not.
    """
    part = name.rsplit("/", 1)[-1] if name.count("/") > 1 else ""
    if isinstance(item, Quiz) and part:
        return revision(item.question(part))
    if isinstance(item, Pledge) and part:
        return revision(item.point(part))
    return revision(item)
