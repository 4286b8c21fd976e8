"""The line in front of a full server: who waits for a place, in order of coming.

A server is full when as many learners as it may have kernels have used theirs a moment ago; reading costs
nothing and is not counted. Who is at work is never asked to wait. The waiting page asks again by itself; who
stops asking gives the place up.
"""

from __future__ import annotations

import time

from .kernels import KernelRoom

BUSY = 30.0
"""Seconds after its last message for which a kernel counts as in use."""

PATIENCE = 20.0
"""Seconds without asking after which a place in line is given up."""

LET_IN = 60.0
"""Seconds a place is kept for somebody who was let in and has not answered yet."""

AGAIN = 5
"""Seconds until the waiting page asks again."""


class Queue:
    """Places in line, by learner."""

    def __init__(self, kernels: KernelRoom) -> None:
        self._kernels = kernels
        self._waiting: dict[str, float] = {}
        self._let_in: dict[str, float] = {}

    def ask(self, learner: str) -> int:
        """Return 0 when a learner may go in, else the place in line, 1 for the next."""
        own = self._kernels.used()
        if len(own) < self._kernels.cap and not self._waiting:
            return 0
        now = time.monotonic()
        self._waiting = {who: at for who, at in self._waiting.items() if now - at < PATIENCE}
        self._let_in = {who: at for who, at in self._let_in.items() if now - at < LET_IN}
        if learner in own or learner in self._let_in:
            return 0
        busy = {who for who, used in own.items() if now - used < BUSY} | set(self._let_in)
        self._waiting[learner] = now
        place = list(self._waiting).index(learner) + 1
        if place > self._kernels.cap - len(busy):
            return place
        del self._waiting[learner]
        self._let_in[learner] = now
        return 0
