"""What the store does for itself while people work or sleep, so that nobody waits for it.

    every second:       the log of SQLite ─► into its file, beside whoever writes
    every ten minutes:  is a day over that gets a checkpoint of figures? ─► make it, at night
    every day:          remove what is past its term, and uploads nobody came back for

Without it SQLite would empty its log in the midst of some answer's commit, and the first report after a
month's end would sum up the month.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

from ..store import Store, Terms

_log = logging.getLogger(__name__)

EASE, LOOK, DAY = 1.0, 600.0, 24 * 3600.0


class Chore(NamedTuple):
    """Something done again and again, so many seconds after its end."""

    seconds: float
    work: Callable[[], object]


def chores(store: Store, terms: Terms) -> tuple[Chore, ...]:
    """Return what a site does for its store."""
    return (
        Chore(EASE, store.ease), Chore(LOOK, store.checkpoint), Chore(DAY, lambda: store.expire(terms))
    )  # fmt: skip


class Housekeeping:
    """Does chores in threads, at once and then again; a fault is logged, and the next round tries again."""

    def __init__(self, *chores: Chore) -> None:
        self._chores = chores
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin; call inside the running loop."""
        self._tasks = [asyncio.create_task(_again(chore), name="housekeeping") for chore in self._chores]

    def stop(self) -> None:
        """Begin nothing more; what is under way is finished."""
        for task in self._tasks:
            task.cancel()


async def _again(chore: Chore) -> None:
    while True:
        try:
            await asyncio.to_thread(chore.work)
        except Exception as error:  # noqa: BLE001  (the next round tries again)
            _log.error("%s while keeping house", type(error).__name__)
        await asyncio.sleep(chore.seconds)
