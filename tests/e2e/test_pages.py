"""Every page of the site in a real browser: an empty console, nothing from elsewhere, nothing that failed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Response, expect

from netralitas import content
from tests.e2e.hands import answer, part
from tests.e2e.test_journey import log_in
from tests.site import DEMO, MODULE, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUIZ = content.current().quizzes[MODULE]
PAGES = {
    "": ["/masuk", "/aktivasi"],
    "learner": [
        "/",
        f"/modul/{MODULE}",
        "/hasil",
        "/cek",
        "/cek?perbuatan=surat-dukungan-ktp&tanggal=2020-07-01",
    ],
    "agency": [
        "/petugas",
        "/petugas/daftar",
        "/petugas/kode",
        "/petugas/pengingat",
        "/petugas/tenggat",
        "/petugas/laporan",
        "/petugas/laporan/hasil",
    ],
    "trainer": ["/pelatih"],
    "operator": ["/operator"],
}


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_says_anything_to_the_console_or_asks_another_host(
    start: Callable[..., Site], phone: Page, role: str, scheme: str
) -> None:
    site = start()
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[Request] = []
    answers: list[Response] = []
    # Playwright marks the handler it is given, which a builtin method does not let it.
    phone.on("request", lambda one: asked.append(one))  # noqa: PLW0108
    phone.on("response", lambda one: answers.append(one))  # noqa: PLW0108
    if role == "learner":
        log_in(phone, site.url, site.people(1)[0])
    elif role:
        log_in(phone, site.url, site.officer(role), DEMO)
    for path in PAGES[role]:
        phone.goto(site.url + path)
        expect(phone.get_by_role("main")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Long enough for the browser to complain of a preload nobody used.
    phone.wait_for_timeout(3500)
    assert phone.said == []  # type: ignore[attr-defined]
    assert {urlsplit(one.url).netloc for one in asked} == {f"127.0.0.1:{site.port}"}
    assert [one.url for one in answers if one.status >= 400] == []
    policies = [
        one.header_value("content-security-policy") or "" for one in answers if one.url.startswith("http")
    ]
    assert all("default-src 'none'" in policy and "unsafe" not in policy for policy in policies)


@pytest.mark.parametrize("rung", ["late", "stock"])
def test_a_learner_answers_in_the_browser_on_the_lower_rungs(
    start: Callable[..., Site], phone: Page, rung: str
) -> None:
    site = start(NETRALITAS_RUNG=rung)
    log_in(phone, site.url, site.people(1)[0])
    phone.goto(f"{site.url}/modul/{MODULE}")
    phone.get_by_role("button", name="Mulai kuis").click()
    expect(phone.get_by_text(f"Soal 1 dari {QUIZ.size}")).to_be_visible(timeout=30_000)
    box = part(phone, QUIZ.title)
    answer(phone, QUIZ)
    expect(box.get_by_role("button", name="Soal berikutnya")).to_be_visible(timeout=30_000)
    assert phone.said == []  # type: ignore[attr-defined]
