"""A store of made-up people who sat a quiz months ago."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from grader import simulate
from netralitas import content
from netralitas.store import open_store
from tests.site import MODULE


def simulated(file: Path, size: int = 120) -> str:
    """Fill a new store; return its address, for `NETRALITAS_STORE`."""
    known, address = content.current(), f"sqlite:///{file}"
    with closing(open_store(address, clock=lambda: simulate.WHEN)) as store:
        store.migrate()
        simulate.simulate(store, known.quizzes[MODULE], known.course, size=size, seed=7)
    return address
