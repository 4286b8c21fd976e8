"""A summary on paper: two pages of words, nothing to press."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from netralitas import content
from tests.e2e.hands import plain
from tests.e2e.test_journey import log_in
from tests.site import MODULE, Client, Site, finish

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_summary_is_printed_without_what_belongs_to_the_screen(
    start: Callable[..., Site], phone: Page, scheme: str
) -> None:
    site = start()
    nip = site.people(1)[0]
    finish(Client(site, nip), content.current())
    log_in(phone, site.url, nip)
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    phone.goto(f"{site.url}/modul/{MODULE}/ringkasan")
    expect(phone.get_by_role("button", name="Simpan sebagai PDF atau cetak")).to_be_visible()
    printed = PdfReader(BytesIO(phone.pdf(format="A4", prefer_css_page_size=True)))
    pages = [words(page.extract_text()) for page in printed.pages]
    assert 2 <= len(pages) <= 3
    assert all(len(page) > 500 for page in pages), "no page is left nearly empty"
    module = content.current().course.module(MODULE)
    assert printed.metadata is not None
    assert printed.metadata.title == f"Ringkasan: {module.title} · Netralitas ASN"
    told = " ".join(pages)
    quiz = content.current().quizzes[MODULE]
    for needed in (module.title, "Nilai kuis terbaik 100", "Untuk besok", "belum ditinjau ahli hukum"):
        assert needed in told
    for question in quiz.questions:
        assert words(plain(question.explanation)) in told
    for control in ("Simpan sebagai PDF", "Beranda", "Keluar", "Cari", "Tampilan", "English"):
        assert control not in told
