"""Whether a page holds all it shows: on the narrowest screens, and with text at twice its size."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

LOST = Path(__file__).with_name("fit.js").read_text(encoding="utf-8")
SIZES = {"320 px": (320, 100), "200 % on a phone": (360, 200), "200 % on a desk": (1280, 200)}
"""A screen's width in pixels, and the size of its text in per cent (WCAG 2.2, 1.4.4 and 1.4.10)."""


def lost(page: Page) -> list[str]:
    """Return what the page loses at one of SIZES."""
    before = page.viewport_size
    found: list[str] = []
    for name, (width, percent) in SIZES.items():
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{name}: {told}" for told in page.evaluate(LOST, percent)]
    if before:
        page.set_viewport_size(before)
    return found
