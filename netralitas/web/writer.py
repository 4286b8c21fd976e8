"""The writer: events of many kernels, one transaction.

    commit(stamp) ─► queue ─► one thread: everything waiting, in one `store.append` ─► futures

While a transaction runs, the next events gather; so the cost of a durable write is shared without
making anybody wait for a timer. An event's future is done only after the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..course import Course
from ..store import Outcome, Stamp, Store

BATCH = 256
"""Most events in one transaction."""


class Writer:
    """Commits events in order of arrival; one transaction at a time.

    `course` gives the course whose completion rule counts now.
    """

    def __init__(self, store: Store, course: Callable[[], Course]) -> None:
        self._store, self._course = store, course
        self._queue: asyncio.Queue[tuple[Stamp, asyncio.Future[Outcome]]] = asyncio.Queue()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write; call inside the running loop."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def commit(self, stamp: Stamp) -> Outcome:
        """Return the stored event, or why it was not stored. Raises what the store raises."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        await self._queue.put((stamp, done))
        return await done

    async def stop(self) -> None:
        """Stop after the transaction that runs."""
        if self._task is not None:
            self._task.cancel()
        self._pool.shutdown(wait=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            stamps = [stamp for stamp, _ in batch]
            try:
                results = await loop.run_in_executor(self._pool, self._store.append, stamps, self._course())
            except Exception as error:  # noqa: BLE001  (each waiter gets it; the writer lives on)
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), result in zip(batch, results, strict=True):
                if not done.done():
                    done.set_result(result)
