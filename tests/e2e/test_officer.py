"""Must show 5: an officer's month in Chromium, and every figure of it read back and found in the store."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from netralitas import content, reports, roster
from netralitas.completion import MEASURES
from netralitas.demo import EDUCATION
from netralitas.i18n import day, month
from netralitas.roster import REQUIRED
from netralitas.tally import day_of, last_month_end
from tests.e2e.hands import BESIDE
from tests.e2e.states import bring
from tests.e2e.test_journey import log_in
from tests.e2e.test_newcomer import follow, press
from tests.site import DEMO, Client, Site, finish

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
UNIT = f"{EDUCATION} / Bidang Contoh Bulan"
CHOSEN = "kata sandi pilihan sendiri"
HEAD = ",".join((*REQUIRED, "sejak"))


def line(number: int, since: str = "") -> str:
    nip = f"19000401200{number % 10}121{number + 1:03}"
    return f"{nip},Warga Contoh {number},{EDUCATION},Bidang Contoh Bulan,Staf,pns,{since}"


def file(page: Page, press_: Callable[[], None]) -> bytes:
    """Take what a press downloads."""
    with page.expect_download() as waited:
        press_()
    return Path(waited.value.path()).read_bytes()


def of_store(site: Site, **asked: Any) -> dict[str, Any]:
    """The report as the store itself gives it."""
    with site.store() as store:
        today = day_of(store.clock())
        told = {"as_of": today, "by": "unit", "shared": False, "under": UNIT} | asked
        return reports.completion(
            store, content.load(Path(site.environment["NETRALITAS_CONTENT"])).course, **told
        )


def sheet(body: bytes) -> dict[str, list[Any]]:
    """The rows of a workbook's first sheet by their names."""
    rows = load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): list(row[1:]) for row in rows}


def came_last_month(site: Site) -> None:
    """Eight people who were known last month already."""
    people = "\n".join((HEAD, *(line(20 + n) for n in range(8)))).encode()
    with site.store() as store:
        past = last_month_end(day_of(store.clock())) - timedelta(days=3)
        found = roster.parse(people, made_up_allowed=True)
        store.import_roster(found, content.current().course, today=past, by="uji")


def codes_of(body: bytes) -> dict[str, str]:
    """Name → code, as the sheet to print has them."""
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(body)).pages)
    found = re.findall(r"(Warga Contoh \d+)\n.*?\n([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})", text)
    return dict(found)


def test_a_month_of_an_officer(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    came_last_month(site)
    log_in(phone, site.url, site.officer("agency"), DEMO)
    follow(phone, "Petugas", "Penyelesaian di unit Anda")
    uploaded(phone, site)
    used_code(phone, site)
    reminded(phone, site)
    downloaded(phone, site)
    monthly(phone, site)
    # And back: nobody of the file is there any more.
    follow(phone, "Daftar pegawai", "Daftar pegawai")
    phone.locator("summary").filter(has_text="Batalkan nomor").first.click()
    phone.get_by_role("button", name="Ya, batalkan nomor").first.click()
    expect(phone.get_by_text("Unggahan dibatalkan")).to_be_visible(timeout=BESIDE)
    assert of_store(site)["total"]["people"] == 8
    assert phone.said == []  # type: ignore[attr-defined]


def uploaded(phone: Page, site: Site) -> None:
    """A roster: looked at, then agreed to."""
    follow(phone, "Daftar pegawai", "Daftar pegawai")
    bring(phone, HEAD, *(line(n) for n in range(6)))
    expect(phone.get_by_role("heading", name="Inilah yang akan berubah")).to_be_visible(timeout=BESIDE)
    assert of_store(site)["total"]["people"] == 8
    press(phone, "Ya, perbarui daftar pegawai")
    expect(phone.get_by_text("Daftar pegawai sudah diperbarui")).to_be_visible(timeout=BESIDE)
    assert of_store(site)["total"]["people"] == 14


def used_code(phone: Page, site: Site) -> None:
    """Codes, as a sheet; somebody comes in with one and completes the course."""
    follow(phone, "Kode", "Kode aktivasi")
    phone.get_by_label("Unit", exact=True).select_option(UNIT)
    press(phone, "Tampilkan")
    press(phone, "Buat lembar kode")
    codes = codes_of(file(phone, phone.get_by_role("link", name="Unduh sebagai PDF").click))
    assert len(codes) == 14
    nip = line(3).split(",")[0]
    answer = Client(site).post("/aktivasi", nip=nip, kode=codes["Warga Contoh 3"], sandi=CHOSEN)
    assert answer.url == site.url + "/"
    with site.store() as store:
        account = store.account_by_nip(nip)
        assert account is not None
        store.put_notice(account.learner)
    finish(Client(site, nip, CHOSEN), content.current())


def reminded(phone: Page, site: Site) -> None:
    """A deadline, and the reminder that names it and who has not completed."""
    with site.store() as store:
        last = day_of(store.clock()) + timedelta(days=9)
    follow(phone, "Tenggat", "Tenggat")
    phone.get_by_label("Unit", exact=True).select_option(UNIT)
    phone.get_by_label("Hari terakhir").fill(last.isoformat())
    press(phone, "Simpan tenggat")
    expect(phone.get_by_role("row").filter(has_text=UNIT)).to_contain_text(day(last))
    follow(phone, "Pengingat", "Pengingat")
    phone.get_by_label("Unit", exact=True).select_option(UNIT)
    press(phone, "Tampilkan teks")
    expect(phone.get_by_label("Untuk grup")).to_have_value(re.compile(re.escape(f"Tenggatnya {day(last)}.")))
    told = phone.get_by_label("Untuk pimpinan unit").input_value()
    assert "Warga Contoh 4" in told
    assert "Warga Contoh 3\n" not in told
    phone.get_by_role("button", name="Salin teks ini").first.click()
    expect(phone.get_by_text("Sudah disalin")).to_be_visible()


def downloaded(phone: Page, site: Site) -> None:
    """Reports as XLSX and PDF, opened again: each figure is the store's."""
    follow(phone, "Laporan", "Laporan")
    phone.locator("#dalam-unit").select_option(UNIT)
    button = phone.get_by_role("button", name="Unduh untuk pemakaian dalam")
    total = of_store(site)["total"]
    assert (total["people"], total["completed"]) == (14, 1)
    figures = [total[name] for name in MEASURES]
    assert sheet(file(phone, button.click))["Jumlah"][: len(figures)] == figures
    phone.locator("#dalam-bentuk").select_option("pdf")
    text = PdfReader(io.BytesIO(file(phone, button.click))).pages[0].extract_text()
    assert re.search(r"Jumlah\s+" + r"\s+".join(map(str, figures)), text)


def monthly(phone: Page, site: Site) -> None:
    """Last month's report was issued at the first look, stays as it was, says when the data differ."""
    with site.store() as store:
        past = last_month_end(day_of(store.clock()))
        issued = [one for one in store.issued() if one.month == past]
    assert len(issued) == 1
    assert issued[0].total["people"] == 8
    link = phone.get_by_role("link", name=month(past))
    link.click()
    expect(phone.get_by_text("masih sama seperti saat terbit")).to_be_visible()
    excel = phone.get_by_role("link", name="Excel (XLSX)")
    before = file(phone, excel.click)
    assert hashlib.sha256(before).hexdigest() == issued[0].files["xlsx"]
    assert hashlib.sha256(before).hexdigest() in phone.get_by_role("main").inner_text()
    # Somebody turns out to have been there all the time.
    late = roster.parse("\n".join((HEAD, line(40, str(past)))).encode(), made_up_allowed=True)
    with site.store() as store:
        store.import_roster(late, content.current().course, today=day_of(store.clock()), by="uji")
    phone.reload()
    expect(phone.get_by_text("Angkanya sekarang berbeda")).to_be_visible()
    assert file(phone, excel.click) == before
    with site.store() as store:
        number = store.imports(1)[0]["id"]
        store.undo_import(number, content.current().course, today=day_of(store.clock()), by="uji")
    phone.get_by_role("link", name="Semua laporan").click()
