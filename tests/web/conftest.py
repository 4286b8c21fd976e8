"""One real server a worker; each test takes learners nobody else uses."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netralitas.store import open_store
from tests.site import Channel, Client, Site
from tests.web.own import NAUGHTY, Test, prepend, within

TOY = Path(__file__).parent.parent / "course"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("site")).start()
    running.free = running.people(120)  # type: ignore[attr-defined]
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    """Close every line a test opened."""
    yield
    while Channel.opened:
        Channel.opened.pop().close()


@pytest.fixture
def nip(site: Site) -> str:
    """A learner of this test alone."""
    return str(site.free.pop())  # type: ignore[attr-defined]


@pytest.fixture
def client(site: Site, nip: str) -> Client:
    return Client(site, nip)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The naughty course."""
    folder = tmp_path / "isi"
    shutil.copytree(TOY, folder)
    prepend(folder, NAUGHTY)
    return folder


@pytest.fixture
def room(place: Path, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Run a test inside a loop with a kernel room of its own on the naughty course."""
    store = open_store(f"sqlite:///{tmp_path / 'uji.db'}")
    store.migrate()

    def run(test: Test, *, rung: str = "snapshot", cap: int = 1000) -> None:
        asyncio.run(within(place, store, test, rung=rung, cap=cap))

    yield run
    store.close()
