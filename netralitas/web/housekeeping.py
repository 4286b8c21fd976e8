"""What a server does once a day, the first time when it starts: remove what is past its term."""

from __future__ import annotations

import asyncio
import logging

from ..store import Store, Terms

_log = logging.getLogger(__name__)

DAY = 24 * 3600.0
"""Seconds between two rounds."""


class Housekeeping:
    """Does the round in a thread; a fault is logged, and the next round tries again."""

    def __init__(self, store: Store, terms: Terms) -> None:
        self._store, self._terms = store, terms
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; call inside the running loop."""
        self._task = asyncio.create_task(self._run(), name="housekeeping")

    def stop(self) -> None:
        """Make no further round."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._store.expire, self._terms)
            except Exception as error:  # noqa: BLE001  (the next round tries again)
                _log.error("%s while removing what is past its term", type(error).__name__)
            await asyncio.sleep(DAY)
