"""Deadlines: an attempt whose forced time is over is handed in by the site, even if nobody comes back.

    every few seconds:  quizzes with a forced time ─► who has an attempt without a mark ─► `submitted`

Nothing but the record says what is overdue, so a site that starts again finds what it missed, and two sites
on one store write it once: the event names where the attempt stood.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from ..judge import overdue
from ..quizzes import Quiz
from ..store import Moved, Outcome, Stamp, Store
from .writer import Writer

_log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks."""

SITE = "situs"
"""What stands for the session in an event nobody's browser caused."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Deadlines:
    """Looks for overdue attempts at the quizzes shown now; `quizzes` gives them."""

    def __init__(self, store: Store, writer: Writer, quizzes: Callable[[], Iterable[Quiz]]) -> None:
        self._store, self._writer, self._quizzes = store, writer, quizzes
        # Opened until then, all is handed in; by quiz and minutes, since other minutes are another deadline.
        self._settled: dict[tuple[str, int], datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look; call inside the running loop, after the writer has begun."""
        self._task = asyncio.create_task(self._run(), name="deadlines")

    def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()

    async def look(self) -> None:
        """Hand in every attempt that is overdue now. Raises what the store raises."""
        now = self._store.clock()
        for quiz in self._quizzes():
            if quiz.forced and quiz.minutes:
                await self._settle(quiz, quiz.minutes, now)

    async def _settle(self, quiz: Quiz, minutes: int, now: datetime) -> None:
        until, place = now - timedelta(minutes=minutes), (quiz.root, minutes)
        late = await asyncio.to_thread(
            self._store.unmarked, quiz.root, after=self._settled.get(place, _EVER), until=until
        )
        done = [await self._hand_in(quiz, learner, now) for learner in late]
        # An answer that was on its way came first: the next look ends that attempt.
        if not any(isinstance(outcome, Moved) for outcome in done):
            self._settled[place] = until

    async def _hand_in(self, quiz: Quiz, learner: str, now: datetime) -> Outcome | None:
        """End a learner's attempt if its time is over; return what became of it."""
        events = await asyncio.to_thread(self._store.events_of, learner, [quiz.root])
        given = overdue(quiz, events, now)
        return await self._writer.commit(Stamp(learner, SITE, given)) if given else None

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  (the next look tries again)
                _log.error("%s while looking for overdue attempts", type(error).__name__)
            await asyncio.sleep(LOOK)
