"""What tests with servers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.site import Site

# A busy machine is no fault: what takes how long is for `make bench`, never for a test.
settings.register_profile("tanpa-tenggat", deadline=None)
settings.load_profile("tanpa-tenggat")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Start servers of this test alone; whatever happens, they end with it."""
    started: list[Site] = []

    def begin(**options: Any) -> Site:
        site = Site(tmp_path / f"situs{len(started)}", **options)
        started.append(site)
        return site.start()

    yield begin
    for site in started:
        site.kill()
