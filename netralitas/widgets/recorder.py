"""Recorders: how a widget learns where the learner stands and has an event committed.

A recorder has two calls and a third that nothing waits for:

- `state()`   events and drafts of this module, oldest event first;
- `commit()`  blocks until the event stands in the store, then returns it as stamped;
- `draft()`   keeps what is ticked and not sent.

`SiteRecorder` speaks frames over the one socket the site handed to this process (its number is
an argument of the launcher); who the learner is, only the site knows. `MemoryRecorder`
serves where there is no site (JupyterLab): nothing is kept, and the page says so.
"""

from __future__ import annotations

import json
import secrets
import socket
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from ..judge import Item, opening
from ..record import GENESIS, Event, Given, RefusedError, link

FRAME = struct.Struct("!I")
MAX_FRAME = 16 * 1024 * 1024


class MovedError(Exception):
    """Raised when the attempt has moved on since the event was judged (another tab answered)."""


@dataclass(frozen=True)
class State:
    """Where the learner stands: events of this module, oldest first, and drafts by root object."""

    events: list[Event]
    drafts: dict[str, dict[str, Any]]


class Recorder(Protocol):
    """What a widget is handed."""

    preview: bool

    def state(self) -> State:
        """Return the learner's events and drafts in this module."""

    def commit(self, given: Given, item: Item) -> Event:
        """Return the event once it is durable. Raises MovedError, RefusedError."""

    def draft(self, root: str, value: dict[str, Any]) -> None:
        """Keep what is ticked and not sent."""


class MemoryRecorder:
    """Keeps events in this process only: a preview for authors."""

    preview = True

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._drafts: dict[str, dict[str, Any]] = {}

    def state(self) -> State:
        """Return what was done in this process."""
        return State(list(self._events), dict(self._drafts))

    def commit(self, given: Given, item: Item) -> Event:
        """Return the event, numbered and chained as the store would."""
        known = next((event for event in self._events if event.id == given.id), None)
        if known is not None:
            return known
        drawn = {"result": opening(item, secrets.randbits(32))} if given.verb == "opened" else {}
        body = (
            given.model_dump(mode="json")
            | drawn
            | {
                "learner": "0" * 32,
                "site": "pratinjau",
                "seq": len(self._events) + 1,
                "received_at": datetime.now(UTC).isoformat(),
                "session": "pratinjau",
            }
        )
        previous = self._events[-1].chain if self._events else GENESIS
        event = Event.model_validate(body | {"chain": link(previous, body)})
        self._events.append(event)
        self._drafts.pop(event.root, None)
        return event

    def draft(self, root: str, value: dict[str, Any]) -> None:
        """Keep the ticks while this process lives."""
        self._drafts[root] = value


class SiteRecorder:
    """Asks the site over the socket inherited at start; one request at a time."""

    preview = False

    def __init__(self, desk: socket.socket) -> None:
        self._desk = desk

    def state(self) -> State:
        """Ask the site for the events and drafts of the learner it gave this kernel to."""
        answer = self._ask({"ask": "state"})
        return State([Event.model_validate(row) for row in answer["events"]], answer["drafts"])

    def commit(self, given: Given, item: Item) -> Event:  # noqa: ARG002  (the site knows the item)
        """Block until the site has committed the event."""
        answer = self._ask({"ask": "commit", "given": given.model_dump(mode="json")})
        if "event" in answer:
            return Event.model_validate(answer["event"])
        if answer.get("moved"):
            raise MovedError
        raise RefusedError(str(answer.get("refused", "ditolak")))

    def draft(self, root: str, value: dict[str, Any]) -> None:
        """Hand the ticks to the site."""
        self._ask({"ask": "draft", "root": root, "value": value})

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps(body).encode()
        self._desk.sendall(FRAME.pack(len(data)) + data)
        (length,) = FRAME.unpack(self._read(FRAME.size))
        answer: dict[str, Any] = json.loads(self._read(min(length, MAX_FRAME)))
        return answer

    def _read(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            part = self._desk.recv(length - len(data))
            if not part:
                raise ConnectionError("situs tidak menjawab")
            data += part
        return bytes(data)
