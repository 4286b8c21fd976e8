"""A dashboard in Chromium: walking down, going back, a file read again, paper, and no word outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from netralitas import content, reports
from netralitas.demo import EDUCATION
from netralitas.record import course_status
from netralitas.tally import day_of
from tests.e2e.hands import SLOW
from tests.e2e.states import counted
from tests.e2e.test_journey import log_in
from tests.made_up import simulated
from tests.site import DEMO, MODULE, Client, Site, finish

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIELD = "Bidang Contoh Pendidikan Dasar"


@pytest.fixture
def site(start: Callable[..., Site]) -> Site:
    """A site where one of the schools has completed the course."""
    running = start(NETRALITAS_DEADLINE="2020-12-10")
    nip = running.people(1, unit=EDUCATION)[0]
    finish(Client(running, nip), content.current())
    return running


def opened(page: Page, site: Site) -> None:
    log_in(page, site.url, site.officer("agency"), DEMO)
    page.get_by_role("link", name="Petugas").click()
    page.get_by_role("link", name="Dasbor penyelesaian").click()
    counted(page)


def test_an_officer_walks_down_downloads_and_finds_the_store_s_figures(
    site: Site, phone: Page, tmp_path: Path
) -> None:
    opened(phone, site)
    unit = phone.locator("section.widget").first
    expect(unit.get_by_role("heading", name=EDUCATION)).to_be_visible()
    above = unit.locator(".board").inner_text()
    unit.get_by_role("link", name=FIELD).click()
    lead = unit.get_by_role("heading", name=FIELD)
    expect(lead).to_be_focused(timeout=SLOW)
    assert "unit=" in phone.url
    with phone.expect_download() as told:
        unit.get_by_role("button", name="Unduh XLSX").click()
    path = tmp_path / told.value.suggested_filename
    told.value.save_as(path)
    with site.store() as store:
        today = day_of(datetime.now(UTC))
        report = reports.completion(
            store, content.current().course, as_of=today, by="3", shared=False,
            under=f"{EDUCATION} / {FIELD}", deadline=datetime(2020, 12, 10, tzinfo=UTC).date(),
        )  # fmt: skip
        noted = [row.detail for row in store.audit_rows(100) if row.act == "melihat_dasbor_penyelesaian"]
    assert {"completion", "trend", "places"} <= {one["table"] for one in noted}
    book = load_workbook(path)
    *rows, total = [[*row] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        (one["name"], one["people"], one["completed"]) for one in report["rows"]
    ]
    assert total[1:3] == [report["total"]["people"], report["total"]["not_started"]]
    shown = re.search(r"(\d+) dari (\d+) orang selesai", " ".join(unit.inner_text().split()))
    assert shown
    assert [*map(int, shown.groups())] == [report["total"]["completed"], report["total"]["people"]]
    phone.go_back()
    expect(unit.get_by_role("heading", name=EDUCATION)).to_be_visible(timeout=SLOW)
    expect(unit.locator(".board")).not_to_have_attribute("aria-busy", "true")
    assert unit.locator(".board").inner_text() == above
    assert phone.said == []  # type: ignore[attr-defined]


def test_the_question_can_be_changed_by_keyboard_and_kept_as_an_address(site: Site, phone: Page) -> None:
    opened(phone, site)
    phone.get_by_label("Bentuk").select_option(label="Untuk dibagikan")
    phone.get_by_role("button", name="Tampilkan").press("Enter")
    expect(phone.get_by_text("Kelompok di bawah 5 orang disembunyikan.")).to_be_visible(timeout=SLOW)
    kept = phone.url
    phone.goto(site.url)
    phone.goto(kept)
    expect(phone.get_by_text("Kelompok di bawah 5 orang disembunyikan.")).to_be_visible(timeout=SLOW)


def test_each_figure_leads_to_what_it_means(site: Site, phone: Page) -> None:
    opened(phone, site)
    anchors = [one.get_attribute("href") for one in phone.locator(".board a[href^='#']").all()]
    assert len(anchors) >= 5
    for anchor in anchors:
        expect(phone.locator(str(anchor))).to_have_count(1)


def test_a_kernel_that_died_is_another_for_the_next_look(site: Site, phone: Page) -> None:
    opened(phone, site)
    site.restart()
    phone.get_by_role("link", name=FIELD).click()
    expect(phone.get_by_role("heading", name=FIELD)).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_printed_with_its_figures_and_without_controls(site: Site, phone: Page, scheme: str) -> None:
    opened(phone, site)
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    pages = PdfReader(BytesIO(phone.pdf(format="A4"))).pages
    told = " ".join(" ".join(page.extract_text() for page in pages).split())
    for needed in (EDUCATION, FIELD, "orang selesai", "Perbandingan", "Arti angka"):
        assert needed in told
    for control in ("Unduh", "Tampilkan", "Keluar", "Per tanggal"):
        assert control not in told


def test_a_trainer_reads_the_class_and_takes_a_table_home(
    start: Callable[..., Site], phone: Page, tmp_path: Path
) -> None:
    site = start(NETRALITAS_STORE=simulated(tmp_path / "a.db"), NETRALITAS_DEADLINE="2026-02-10")
    log_in(phone, site.url, site.officer("trainer"), DEMO)
    phone.get_by_role("link", name="Pelatih").click()
    phone.get_by_role("link", name="Dasbor kelas").click()
    counted(phone)
    with phone.expect_download() as told:
        phone.get_by_role("button", name="Unduh XLSX peserta-terlambat").click()
    path = tmp_path / "terlambat.xlsx"
    told.value.save_as(path)
    with site.store() as store:
        mine = store.people_under([EDUCATION])
        late = {
            one.name for one in mine if course_status(content.current().course, one.progress) != "completed"
        }
    names = [row[0] for row in load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert set(names) == late
    phone.get_by_role("combobox", name="Kuis").select_option(label=content.current().quizzes[MODULE].title)
    phone.locator("section.widget").nth(3).get_by_role("button", name="Tampilkan").press("Enter")
    expect(phone.get_by_role("img", name=re.compile("^Kuis «"))).to_be_visible(timeout=SLOW)
    phone.locator("section.widget").nth(1).get_by_role("link").first.click()
    expect(phone.get_by_role("link", name="Semua peserta")).to_be_visible()
    assert phone.said == []  # type: ignore[attr-defined]
