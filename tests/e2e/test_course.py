"""A newcomer's way at 360 × 740: from the login through every part to the results, resumed twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netralitas import content
from netralitas.content import Content
from netralitas.course import Module
from tests import parts
from tests.e2e.hands import SLOW, play, promise, sit
from tests.e2e.test_journey import log_in
from tests.site import Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(3600)]
ROOT = Path(__file__).parents[2]
CALM = ("WebSocket", "ERR_CONNECTION_REFUSED", "Failed to load resource")
"""What a browser itself says of a server that was started anew."""


def onward(page: Page, module: Module) -> None:
    """Go on from the beranda to the part it names next."""
    expect(page.get_by_role("heading", name=module.title).first).to_be_visible()
    page.get_by_role("link", name="Mulai", exact=True).or_(
        page.get_by_role("link", name="Lanjutkan", exact=True)
    ).click()
    expect(page.get_by_role("heading", name=module.title, level=1)).to_be_visible(timeout=SLOW)


def come_back(page: Page, url: str, nip: str) -> None:
    """Leave, and log in again."""
    page.get_by_role("button", name="Keluar").press("Enter")
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible(timeout=SLOW)
    log_in(page, url, nip)


def through(page: Page, known: Content, module: Module) -> None:
    """Do all a part asks for, and go back to the beranda."""
    for slug in module.scenarios:
        play(page, slug, known)
    if module.quiz:
        sit(page, known.quizzes[module.quiz])
    if module.pledge:
        promise(page, known.pledges[module.pledge])
    page.get_by_role("link", name="Kembali ke beranda").click()
    expect(page.get_by_role("heading", name="Perjalanan Anda")).to_be_visible(timeout=SLOW)


def the_whole_way(site: Site, page: Page, known: Content) -> None:
    nip = site.people(1)[0]
    log_in(page, site.url, nip)
    exam = next(one for one in known.course.modules if one.part == "exam")
    page.get_by_role("link", name=exam.title).click()
    expect(page.get_by_role("heading", name="Belum terbuka")).to_be_visible()
    page.get_by_role("link", name="Kembali ke beranda").click()
    quizzed = [one for one in known.course.modules if one.quiz][:2]
    for module in known.course.modules:
        onward(page, module)
        if module in quizzed:
            quiz = known.quizzes[str(module.quiz)]
            sit(page, quiz, last=2)
            # Resumed: first after a logout, then after the server was started anew.
            if module is quizzed[0]:
                come_back(page, site.url, nip)
            else:
                page.get_by_role("link", name="Kembali ke beranda").click()
                site.restart()
                page.goto(site.url)
            onward(page, module)
            sit(page, quiz, first=3)
            module = module.model_copy(update={"quiz": None})  # noqa: PLW2901  (the rest of it)
        through(page, known, module)
    expect(page.get_by_role("heading", name="Pelatihan selesai")).to_be_visible()
    page.get_by_role("link", name="Lihat hasil Anda").click()
    expect(page.get_by_text("Diikrarkan pada")).to_be_visible()
    if any(one.part == "pretest" for one in known.course.modules):
        expect(page.get_by_text("Tes awal 100, ujian akhir 100")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [text for text in page.said if not any(calm in text for calm in CALM)] == []  # type: ignore[attr-defined]
    with site.store() as store:
        progress = store.progress_of(learner_of(store, nip))
        assert {slug: one.status for slug, one in progress.items()} == {
            module.slug: "completed" for module in known.course.modules
        }
        assert store.verify_chains() == []
        assert store.rebuild(known.course).rows_changed == 0


def test_a_course_with_every_part(start: Callable[..., Site], tmp_path: Path, phone: Page) -> None:
    place = parts.laid(tmp_path / "isi")
    the_whole_way(start(content=place), phone, content.load(place))


@pytest.mark.skipif(os.environ.get("NETRALITAS_FULL") != "1", reason="forty stories: make full")
def test_the_real_course(start: Callable[..., Site], phone: Page) -> None:
    the_whole_way(start(content=ROOT), phone, content.load(ROOT))
