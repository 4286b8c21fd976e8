"""`make shots`: every page and state as pictures in shots/, light and dark, 360 × 740 and 1280 × 800.

PART=parts,dashboards takes those parts of `states.PARTS` alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.states import PARTS
from tests.site import Site

OUT = Path(__file__).parents[2] / "shots"
SIZES = {"360": (360, 740), "1280": (1280, 800)}
WHOLE = ".netralitas main * { content-visibility: visible !important; }"
"""A picture of a whole page has no part that is off the screen."""


def main() -> None:
    """Write them all anew."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    started: list[Site] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:

        def start(**options: Any) -> Site:
            started.append(Site(Path(folder) / f"situs{len(started)}", **options))
            return started[-1].start()

        # Past the page's policy, for WHOLE alone.
        page = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)).new_page(bypass_csp=True)
        page.set_viewport_size({"width": 360, "height": 740})
        number = 0

        def look(name: str) -> None:
            nonlocal number
            number += 1
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                    place = OUT / f"{number:02}-{name}-{size}-{scheme}.png"
                    page.screenshot(path=place, full_page=True, style=WHOLE)
            page.set_viewport_size({"width": 360, "height": 740})
            sys.stdout.write(f"{number:02} {name}\n")
            sys.stdout.flush()

        try:
            for name in os.environ.get("PART", ",".join(PARTS)).split(","):
                PARTS[name](page, look, start, Path(folder) / name)
        finally:
            for site in started:
                site.kill()
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} gambar di {OUT}\n")


if __name__ == "__main__":
    main()
