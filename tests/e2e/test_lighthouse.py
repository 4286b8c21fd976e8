"""Lighthouse gives every kind of page 100 for accessibility and best practices; on loopback HTTP is safe."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.site import DEMO, MODULE, ROOT, Client, Site, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]
LIGHTHOUSE = ROOT / "node_modules" / ".bin" / "lighthouse"
ASKED = ("accessibility", "best-practices")
OPTIONS = (
    f"--only-categories={','.join(ASKED)}", "--output=json", "--quiet", "--no-enable-error-reporting",
    "--throttling-method=provided", "--disable-full-page-screenshot",
)  # fmt: skip
PAGES = {
    "/masuk": "",
    "/": "learner",
    f"/modul/{MODULE}": "learner",
    "/glosarium": "learner",
    "/cek?perbuatan=unggah-foto-calon&tanggal=2024-10-12": "learner",
    "/hasil": "learner",
    "/petugas": "agency",
}
SEEN = PAGES if os.environ.get("NETRALITAS_FULL") == "1" else list(PAGES)[:3]
"""Each takes ten seconds or more."""


@pytest.fixture
def port() -> Iterator[int]:
    """A Chromium that listens to Lighthouse, with the flags of all tests."""
    port = free_port()
    with sync_playwright() as driver:
        driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, f"--remote-debugging-port={port}"])
        yield port


def cookies(client: Client) -> str:
    return "; ".join(f"{one.name}={one.value}" for one in client.http.cookies)


def test_every_kind_of_page_has_the_full_score(start: Callable[..., Site], port: int, tmp_path: Path) -> None:
    assert LIGHTHOUSE.exists(), "npm ci: make tools"
    site = start()
    held = {
        "learner": cookies(Client(site, site.people(1)[0])),
        "agency": cookies(Client(site, site.officer("agency"), DEMO)),
    }
    headers = tmp_path / "kepala.json"
    less: dict[str, Any] = {}
    for path in SEEN:
        headers.write_text(json.dumps({"Cookie": held.get(PAGES[path], "")}), encoding="utf-8")
        done = subprocess.run(
            [LIGHTHOUSE, site.url + path, f"--port={port}", f"--extra-headers={headers}", *OPTIONS],
            capture_output=True, text=True, check=True, timeout=180,
        )  # fmt: skip
        told = json.loads(done.stdout)
        assert told["finalDisplayedUrl"] == site.url + path
        scores = {name: told["categories"][name]["score"] for name in ASKED}
        print(path, scores)  # noqa: T201
        if set(scores.values()) != {1}:
            wrong = [one["title"] for one in told["audits"].values() if one["score"] not in {None, 1}]
            less[path] = scores | {"wrong": wrong}
    assert less == {}
