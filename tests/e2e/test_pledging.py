"""The pledge in a browser that runs no script: said point by point, by roles and visible names alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_journey import log_in
from tests.parts import PLEDGE, laid
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_pledge_is_said_without_a_script(
    browser: Browser, start: Callable[..., Site], tmp_path: Path
) -> None:
    site = start(content=laid(tmp_path / "isi"))
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", java_script_enabled=False
    )
    page = context.new_page()
    log_in(page, site.url, site.people(1)[0])
    page.goto(f"{site.url}/modul/{PLEDGE}")
    expect(page.get_by_text("0 dari 2 butir diikrarkan")).to_be_visible()
    expect(page.get_by_text("Menyiapkan kegiatan")).to_be_hidden()
    for number in (1, 2):
        page.get_by_role("button", name="Saya berikrar").click()
        expect(page.get_by_text(f"{number} dari 2 butir diikrarkan")).to_be_visible()
    expect(page.get_by_role("heading", name="Ikrar Anda lengkap")).to_be_visible()
    expect(page.get_by_role("button", name="Saya berikrar")).to_have_count(0)
    page.goto(f"{site.url}/hasil")
    expect(page.get_by_text("Diikrarkan pada")).to_be_visible()
    context.close()
