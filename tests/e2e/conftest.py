"""A real Chromium, driven by roles and visible names only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.hands import SLOW

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP netralitas.contoh 127.0.0.1",
)  # fmt: skip

# A busy machine is no fault: what does come, comes within this time.
expect.set_options(timeout=SLOW)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: its driver keeps an event loop running, which others must not meet."""
    assert Path(CHROMIUM).exists(), "Pasang paket Debian chromium: make tools"
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone's page; whatever its console says is a fault."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.said = said  # type: ignore[attr-defined]
    yield page
    context.close()
