"""An author's way: the module in a real JupyterLab, in Chromium. Nothing is recorded there, and the page says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.site import MODULE, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TOKEN = "token-uji"
PREVIEW = "Pratinjau, tidak dicatat."
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """`jupyter lab` on a copy of the modules; nothing of this machine's own Jupyter reaches it."""
    books = tmp_path / "modules"
    shutil.copytree(ROOT / "modules", books)
    homes = {
        name: str(tmp_path / name.lower())
        for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
                     "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    }  # fmt: skip
    for folder in homes.values():
        Path(folder).mkdir()
    # What a proxy or another Jupyter on this machine put there is no business of the test.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NETRALITAS_", "JUPYTER", "IPYTHON"))}
    environment = kept | homes | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "NETRALITAS_CONTENT": str(ROOT),
        "JUPYTER_PLATFORM_DIRS": "0",
    }  # fmt: skip
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [str(BIN / "jupyter"), "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", f"--ServerApp.root_dir={books}",
             f"--IdentityProvider.token={TOKEN}"],
            env=environment, cwd=books, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _until_it_answers(url, server, tmp_path / "lab.log")
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        yield page
        browser.close()


def test_the_module_works_for_an_author_and_says_it_is_a_preview(lab: str, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{lab}/lab/tree/{MODULE}.ipynb?token={TOKEN}")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()

    expect(page.locator("figure.chart svg")).to_be_visible()
    story = activity(page, "Satu jempol saja")
    story.get_by_role("button", name="Mulai cerita").click()
