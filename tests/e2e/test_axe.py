"""In no state of any page axe-core finds anything, light or dark, and nothing is lost on small screens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.fit import lost
from tests.e2e.states import PARTS
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LEAST = {"course": 88, "modules": 12, "waiting": 1, "kinds": 22, "parts": 8, "dashboards": 5}
"""States there are; a walk that skipped some would find nothing there either."""

TOO_SMALL = """() => [...document.querySelectorAll(
    'a, button, select, textarea, input:not([type=hidden]), summary')]
  .filter((one) => one.getClientRects().length && getComputedStyle(one).visibility !== 'hidden')
  .map((one) => (['radio', 'checkbox'].includes(one.type) ? one.closest('label') : one))
  // A link inside a sentence is as tall as its line (WCAG 2.5.8, exception «inline»).
  .filter((one) => !(one.tagName === 'A' && getComputedStyle(one).display === 'inline'))
  .filter((one) => !one.closest('.skip'))
  .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => height < 43.9 || width < 24)
  .map(([words, { width, height }]) => `${words.slice(0, 40)}: ${Math.round(width)} × ${Math.round(height)}`)
"""


def findings(page: Page) -> list[str]:
    """What axe finds now, of any impact."""
    told: dict[str, Any] = page.evaluate(
        "async () => await axe.run(document, { resultTypes: ['violations'] })"
    )
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} | {node['failureSummary'][:300]}"
        for one in told["violations"]
        for node in one["nodes"]
    ]


def loaded(page: Page) -> None:
    """Have axe on the page; it is asked for by the tests alone, past the page's policy."""
    assert AXE.is_file(), "npm ci: make tools"
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))


def test_the_checker_finds_what_is_wrong(phone: Page) -> None:
    phone.set_content("<html lang=id><title>x</title><main><h1>x</h1><img src='data:,'><input></main></html>")
    loaded(phone)
    assert {one.split(" ")[0] for one in findings(phone)} == {"image-alt", "label"}
    assert phone.evaluate(TOO_SMALL)


def test_what_a_narrow_screen_loses_is_found(phone: Page) -> None:
    phone.set_content(
        "<style>div { width: 6em; height: 1.2em; overflow: hidden }</style>"
        "<p style='width: 30rem'>so wide that it ends beyond the edge of the screen</p>"
        "<div>higher than it is allowed to be</div>"
        "<button>a</button><button style='margin-left: -1em'>b</button>"
    )
    assert {one.split(": ")[1] for one in lost(phone)} == {"page", "off the screen", "clipped", "overlap"}


@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_anywhere(
    start: Callable[..., Site],
    phone: Page,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    part: str,
) -> None:
    faults: dict[str, list[str]] = {}
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(name)
        found: list[str] = []
        loaded(phone)
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found += [f"{scheme}: {text}" for text in findings(phone)]
        found += [f"small: {text}" for text in phone.evaluate(TOO_SMALL)]
        found += lost(phone)
        language = phone.evaluate("document.documentElement.lang")
        if language != ("en" if name.startswith("english") else "id"):
            found.append(f"lang={language}")
        if found:
            faults[name] = found
            print(name, found, flush=True)  # noqa: T201

    PARTS[part](phone, look, start, tmp_path / "isi")
    record_property("states", len(seen))
    print(len(seen), "states")  # noqa: T201
    assert json.dumps(faults, indent=1, ensure_ascii=False) == "{}"
    assert len(set(seen)) == len(seen) >= LEAST[part]
