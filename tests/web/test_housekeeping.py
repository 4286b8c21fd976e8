"""Housekeeping: checkpoints are made and the log is emptied without anybody asking."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netralitas import content, demo
from netralitas.store import Store, Terms, open_store
from netralitas.web.housekeeping import Chore, Housekeeping, chores


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/a.db")) as opened:
        opened.clock = lambda: datetime(2026, 1, 5, tzinfo=UTC)
        opened.migrate()
        demo.make(opened, content.current().course)
        opened.clock = lambda: datetime(2026, 3, 9, tzinfo=UTC)
        yield opened


def kept(*some: Chore, rounds: int = 1) -> None:
    """Keep house until each chore has been begun so many times, and is done."""
    left = [threading.Semaphore(0) for _chore in some]

    def told(chore: Chore, done: threading.Semaphore) -> Chore:
        def work() -> None:
            try:
                chore.work()
            finally:
                done.release()

        return chore._replace(work=work)

    async def run() -> None:
        keeping = Housekeeping(*map(told, some, left))
        keeping.start()
        for one in left:
            for _round in range(rounds):
                assert await asyncio.to_thread(one.acquire, timeout=60)
        keeping.stop()

    asyncio.run(run())


def test_a_running_site_makes_checkpoints_and_empties_the_log(store: Store, tmp_path: Path) -> None:
    kept(*chores(store, Terms(730, 30, 1825)))
    assert store.checkpoint() == 0
    store.ease()
    # All of the log stands in the file: a copy of the file alone is the whole store.
    copy = tmp_path / "copy.db"
    copy.write_bytes((tmp_path / "a.db").read_bytes())
    with closing(open_store(f"sqlite:///{copy}")) as alone:
        assert len(alone.people_under()) == len(store.people_under()) > 0


def test_a_chore_that_fails_is_tried_again() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise OSError

    kept(Chore(0.0, fail), rounds=3)
    assert len(tries) >= 3
