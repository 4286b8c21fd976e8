"""What a phone has to carry: bytes and requests of a module page, and what the server pays for it."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable

import pytest

from tests.site import MODULE, Client, Site

pytestmark = pytest.mark.slow
COLD, REQUESTS, WARM = 60_000, 12, 15_000


def wire(answer: object) -> int:
    """Return the bytes of a body as they came over the line."""
    return int(answer.headers["Content-Length"])  # type: ignore[attr-defined]


def test_a_module_page_is_light(client: Client, record_property: Callable[[str, object], None]) -> None:
    page = client.get(f"/modul/{MODULE}")
    files = set(re.findall(r'(?:src|href)="(/aset/[^"]+)"', page.text))
    answers = [client.get(path, headers={"Accept-Encoding": "gzip"}) for path in sorted(files)]
    cold = wire(page) + sum(wire(answer) for answer in answers)
    record_property("cold_bytes", cold)
    record_property("warm_bytes", wire(page))
    record_property("requests", 2 + len(answers))
    assert cold <= COLD
    assert 2 + len(answers) <= REQUESTS
    assert wire(page) <= WARM
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)
    assert all(answer.headers.get("Content-Encoding") == "gzip" for answer in [page, *answers])
    smaller = [client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}) for path in sorted(files)]
    assert all(answer.headers.get("Content-Encoding") == "br" for answer in smaller)
    assert sum(map(wire, smaller)) < sum(map(wire, answers))


def test_reading_a_page_starts_no_process(site: Site, client: Client) -> None:
    client.channel()
    # The base, the module's forker and the kernels kept ready.
    deadline = time.monotonic() + 20
    while len(before := site.kernel_pids()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    client.channel()
    client.get("/hasil")
    assert site.kernel_pids() == before


def test_a_browser_without_gzip_gets_the_plain_bytes(client: Client) -> None:
    page = client.get(f"/modul/{MODULE}", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in page.headers
    assert len(gzip.compress(page.content)) < len(page.content)
