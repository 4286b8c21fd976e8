"""Reports that take long, each made by the office's command in a process of its own, two at a time.

    ordered ─► waiting for one of two places ─► running ─► a file (code 0), or a sentence that says why not

Of each officer the last one counts. What is made is nobody's record: a server that ends forgets it, and it is
ordered again.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..steps import run

_KEPT = timedelta(days=1)
"""How long a file waits for its officer."""


@dataclass(slots=True)
class Order:
    """A report an officer asked for: `words` of its command, its file, and how it ended (None: not yet).

    `kind`, `unit`, `month` and `form` are what was chosen, to be shown; `lines` the last it said.
    """

    kind: str
    unit: str
    month: str
    form: str
    words: tuple[str, ...]
    file: Path
    began: datetime
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=1))
    code: int | None = None


class Orders:
    """The orders of one server."""

    def __init__(self, home: Path) -> None:
        self.place = home / "laporan-sementara"
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(mode=0o700, exist_ok=True)
        self._orders: dict[str, Order] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(2)

    def of(self, learner: str) -> Order | None:
        """Return an officer's order, None where there is none."""
        return self._orders.get(learner)

    def begin(
        self, learner: str, *, kind: str, unit: str, month: str, form: str, words: Sequence[str]
    ) -> bool:
        """Take an order, False while the officer's last one is under way; call inside the running loop."""
        before = self._orders.get(learner)
        if before is not None and before.code is None:
            return False
        self._forget(learner)
        file = self.place / f"{secrets.token_hex(16)}.{form}"
        made = (*words, "--format", form, "--out", str(file))
        order = Order(kind, unit, month, form, made, file, datetime.now(UTC))
        self._orders[learner] = order
        task = asyncio.create_task(self._go(order), name="laporan")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def sweep(self) -> None:
        """Forget what nobody came back for."""
        for learner, order in [*self._orders.items()]:
            if order.code is not None and datetime.now(UTC) - order.began > _KEPT:
                self._forget(learner)

    def _forget(self, learner: str) -> None:
        order = self._orders.pop(learner, None)
        if order is not None:
            order.file.unlink(missing_ok=True)

    async def _go(self, order: Order) -> None:
        code = 1
        try:
            async with self._room:
                code = await run(order.words, order.lines)
        finally:
            order.code = code
