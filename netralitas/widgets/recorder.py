"""Recorders: how a widget learns where the learner stands and has an event committed.

A recorder has two calls and a third that nothing waits for:

- `state()`   events and drafts of this module, oldest event first;
- `commit()`  blocks until the event stands in the store, then returns it as stamped;
- `draft()`   keeps what is ticked and not sent.

`SiteRecorder` asks the site over the kernel's one socket; who the learner is, only the site knows.
`MemoryRecorder` serves where there is no site (JupyterLab): nothing is kept, and the page says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from ..judge import Item, opening
from ..record import GENESIS, Event, Given, RefusedError, link


class MovedError(Exception):
    """Raised when the attempt has moved on since the event was judged (another tab answered)."""


@dataclass(frozen=True)
class State:
    """Where the learner stands: events of this module, oldest first, and drafts by root object."""

    events: list[Event]
    drafts: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, told: dict[str, Any]) -> State:
        """Return the state the site tells, asked or not."""
        return cls([Event.model_validate(row) for row in told["events"]], told["drafts"])


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
        self._drafts.pop(event.object if event.verb == "wrote" else event.root, None)
        return event

    def draft(self, root: str, value: dict[str, Any]) -> None:
        """Keep the ticks while this process lives."""
        self._drafts[root] = value


class SiteRecorder:
    """Asks the site, one question at a time; `ask` sends a question and blocks until the answer."""

    preview = False

    def __init__(self, ask: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._ask = ask

    def state(self) -> State:
        """Ask for the events and drafts of the learner the site gave this kernel to."""
        return State.of(self._ask({"ask": "state"}))

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
