"""One real server a worker; each test takes learners nobody else uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site import Channel, Client, Site


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
