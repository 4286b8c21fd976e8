"""An author's way: the module in a real JupyterLab, in Chromium.

Nothing is recorded there, and the page says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from netralitas import content
from tests.e2e.hands import asked, fill, missed
from tests.site import MODULE, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TOKEN = "token-uji"
PREVIEW = "Pratinjau, tidak dicatat."
SLOW = 30_000
QUIZ = content.current().quizzes[MODULE]


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
    # JupyterLab would ask the network for its news.
    quiet = Path(homes["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab/apputils-extension")
    for folder in [*map(Path, homes.values()), quiet]:
        folder.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True})
    )
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
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(SLOW)
    yield page
    page.close()


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def activity(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def test_the_module_works_for_an_author_and_says_it_is_a_preview(lab: str, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{lab}/lab/tree/{MODULE}.ipynb?token={TOKEN}")
    # Cells run before their kernel stands would bring JupyterLab's question which kernel to take.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    run_all(page)

    expect(page.locator("figure.chart svg").first).to_be_visible()
    story = activity(page, "Satu jempol saja")
    expect(story.get_by_text(PREVIEW)).to_be_visible()
    story.get_by_role("button", name="Mulai cerita").click()
    first = story.get_by_role("group")
    chosen = first.get_by_role("radio").nth(2)
    words = chosen.locator("xpath=..").inner_text()
    chosen.check()
    story.get_by_role("button", name="Putuskan").click()
    expect(story.get_by_text("keputusan ke-2")).to_be_visible()
    expect(story.locator(".mine").get_by_text(words)).to_be_visible()
    expect(story.get_by_role("button", name="Putuskan")).to_be_enabled()

    quiz = activity(page, "Media sosial dan foto")
    quiz.get_by_role("button", name="Mulai kuis").click()
    expect(quiz.get_by_role("heading", name=f"Soal 1 dari {QUIZ.size}")).to_be_visible()
    fill(quiz, item := asked(quiz, QUIZ), missed(item))
    quiz.get_by_role("button", name="Kirim jawaban").click()
    expect(quiz.get_by_role("heading", name=re.compile("epat$"))).to_be_visible()
    expect(quiz.get_by_text(PREVIEW)).to_be_visible()
    expect(quiz.get_by_role("button", name="Soal berikutnya")).to_be_visible()

    # Cek Netralitas asks the notebook's own kernel.
    check = page.locator(".jp-OutputArea .cek")
    check.get_by_role("link", name="Buka Cek Netralitas").click()
    check.get_by_label("Apa perbuatannya").select_option("surat-dukungan-ktp")
    check.get_by_label("Kapan", exact=True).fill("2020-07-01")
    check.get_by_role("button", name="Cek", exact=True).click()
    expect(check.get_by_role("heading", name="Tidak boleh")).to_be_focused()
    check.get_by_label("Tanggal hukuman").fill("2020-09-01")
    check.get_by_role("button", name="Cek", exact=True).click()
    expect(check.get_by_text("Tingkat sedang")).to_be_visible()
    expect(check.get_by_text("Belum ditinjau ahli hukum.")).to_be_visible()

    # An author changes a cell and runs again: the story begins anew, without a second one beside it.
    run_all(page)
    expect(story.get_by_role("button", name="Mulai cerita")).to_be_visible()
    expect(story).to_have_count(1)
    assert faults == []


def _until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            requests.get(f"{url}/api", timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"JupyterLab did not start: {log.read_text()}")
