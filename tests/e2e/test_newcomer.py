"""A newcomer with a code, and each officer, on a phone: every page there is, by visible names only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from netralitas import content
from netralitas.web.app import ROUTES
from tests.e2e.hands import SLOW, play
from tests.e2e.test_journey import log_in
from tests.site import DEMO, MODULE, Client, Site, finish

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
CHOSEN = "kata sandi pilihan sendiri"
NO_PAGES = {
    "saluran": "asked for by scripts",
    "sesi": "asked for by scripts",
    "healthz": "for machines",
    "aset": "style, scripts, pictures",
    "keluar": "only sent to",
    "menilai": "leads to the trainers' own server",
    "berkas": "takes a file, or gives one",
    "ikrar": "takes the plain form of a pledge: tests/e2e/test_pledging.py",
    "bulanan": "there only when a month has ended: tests/e2e/test_officer.py",
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str, heading: str) -> None:
    """Go where a link says, and find the page it promises."""
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=SLOW)


def download(page: Page, name: str) -> str:
    """Take a file; return its address."""
    with page.expect_download() as waited:
        page.get_by_role("link", name=name, exact=True).click()
    return waited.value.url


def leave(page: Page) -> None:
    press(page, "Keluar")
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()


def agency(page: Page, site: Site) -> tuple[str, str, list[str]]:
    """The officer looks at everything and makes a code; return whose, the code, and what was downloaded."""
    log_in(page, site.url, site.officer("agency"), DEMO)
    follow(page, "Petugas", "Penyelesaian di unit Anda")
    taken = [download(page, "Unduh sebagai CSV")]
    button = page.get_by_role("button", name="Buat kode untuk").first
    name = (button.text_content() or "").split("untuk ")[1]
    button.click()
    told = page.get_by_role("status").filter(has_text=f"Kode untuk {name}")
    code = re.search(r"[A-Z0-9]+(-[A-Z0-9]+)+", told.inner_text())
    assert code
    follow(page, "Daftar pegawai", "Daftar pegawai")
    follow(page, "Kode", "Kode aktivasi")
    follow(page, "Tenggat", "Tenggat")
    follow(page, "Pengingat", "Pengingat")
    follow(page, "Laporan", "Laporan")
    follow(page, "Laporan hasil belajar", "Hasil belajar")
    follow(page, "Data yang dipertanyakan", "Data yang dipertanyakan")
    follow(page, "Laporan soal", "Laporan soal")
    leave(page)
    return name, code[0], taken


def arrive(page: Page, nip: str, code: str) -> None:
    """From the door to Beranda, with what a newcomer may read before."""
    follow(page, "Cara memakai", "Cara memakai")
    follow(page, "Privasi", "Yang dicatat tentang Anda")
    follow(page, "Tampilan", "Tampilan")
    page.get_by_role("checkbox", name="Huruf besar").check()
    press(page, "Simpan")
    page.goto(page.url.split("/tampilan")[0] + "/masuk")
    follow(page, "Lupa kata sandi", "Lupa kata sandi")
    follow(page, "Saya sudah punya kode", "Buat kata sandi")
    page.get_by_label("NIP").fill(" ".join((nip[:8], nip[8:14], nip[14], nip[15:])))
    page.get_by_label("Kode aktivasi").fill(code.lower())
    page.get_by_label("Kata sandi baru").fill(CHOSEN)
    press(page, "Simpan dan masuk")
    expect(page.get_by_role("heading", level=1, name="Selamat datang")).to_be_visible()


def learn(page: Page, site: Site, nip: str) -> None:
    """Practice, the notice, a story; the module is then finished behind the scenes, and read again."""
    page.get_by_role("link", name="Belum pernah? Coba cara menjawab").click()
    for reply in ("Selasa", "Mangga", "Ragu"):
        page.get_by_label(reply, exact=True).check()
        press(page, "Kirim jawaban")
        onward = "Selesai, ke beranda" if reply == "Ragu" else "Langkah berikutnya"
        page.get_by_role("link", name=onward).click()
    page.get_by_role("link", name="Mulai", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Yang dicatat tentang Anda")).to_be_visible()
    press(page, "Saya sudah membacanya, lanjutkan")
    module = content.current().course.module(MODULE)
    play(page, module.scenarios[0])
    page.get_by_role("link", name="Laporkan cerita ini").click()
    page.get_by_label("Kalimatnya membingungkan").check()
    press(page, "Kirim laporan")
    expect(page.get_by_text("Laporan Anda diterima")).to_be_visible()
    follow(page, "Beranda", "Selamat datang")
    expect(page.get_by_role("link", name="Lanjutkan", exact=True)).to_be_visible()
    finish(Client(site, nip, CHOSEN), content.current())
    follow(page, "Hasil", "Hasil Anda")
    follow(page, "Baca lagi, nilai tidak berubah", module.title)
    follow(page, "Ringkasan untuk dicetak", module.title)


def ask(page: Page) -> list[str]:
    """What helps on the way: Cek, search, glossary, one's own record. Return what was downloaded."""
    follow(page, "Cek", "Cek Netralitas")
    page.get_by_label("Apa perbuatannya").select_option(index=3)
    press(page, "Cek")
    expect(page.get_by_text("Ini bahan belajar").first).to_be_visible()
    follow(page, "Cari", "Cari")
    page.get_by_role("searchbox", name="Kata yang dicari").fill("foto")
    page.get_by_role("main").get_by_role("button", name="Cari").click()
    expect(page.get_by_text("tempat ditemukan")).to_be_visible()
    follow(page, "Glosarium", "Glosarium")
    follow(page, "Catatan saya", "Catatan saya")
    taken = [download(page, "Unduh semuanya (JSON)")]
    page.get_by_label("Seharusnya bagaimana").fill("Jabatan saya sudah Ahli Muda.")
    press(page, "Kirim kepada petugas")
    expect(page.get_by_text("Petugas unit Anda akan membaca")).to_be_visible()
    return taken


def test_every_page_there_is_can_be_reached_from_the_door(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    seen: list[str] = []
    phone.on("framenavigated", lambda frame: seen.append(frame.url))
    name, code, taken = agency(phone, site)
    with site.store() as store:
        nip = next(one.nip for one in store.people_under(None) if one.name == name)
    arrive(phone, nip, code)
    learn(phone, site, nip)
    taken += ask(phone)
    leave(phone)
    log_in(phone, site.url, site.officer("trainer"), DEMO)
    follow(phone, "Pelatih", "Peserta Anda")
    follow(phone, "Nilai studi kasus", "Penilaian studi kasus")
    follow(phone, "Peserta Anda", "Peserta Anda")
    follow(phone, "Pratinjau sebagai pelajar", "Pratinjau sebagai pelajar")
    module = content.current().course.module(MODULE)
    follow(phone, module.title, module.title)
    expect(phone.get_by_role("note").filter(has_text="Pratinjau, tidak dicatat")).to_be_visible()
    follow(phone, "Semua bagian", "Pratinjau sebagai pelajar")
    follow(phone, "Peserta Anda", "Peserta Anda")
    follow(phone, "Angkatan", "Angkatan")
    phone.get_by_label("Nama angkatan").fill("Angkatan I")
    press(phone, "Buat, lalu pilih orangnya")
    follow(phone, "Angkatan I", "Angkatan I")
    follow(phone, "Semua angkatan", "Angkatan")
    follow(phone, "Peserta Anda", "Peserta Anda")
    follow(phone, "Dasbor kelas", "Kelas Anda")
    follow(phone, "Pelatih", "Peserta Anda")
    follow(phone, name, name)
    follow(phone, "Ubah nilai", "Ubah nilai")
    follow(phone, "Kembali ke jawaban", name)
    leave(phone)
    log_in(phone, site.url, site.officer("operator"), DEMO)
    follow(phone, "Operator", "Keadaan situs")
    paths = {url.removeprefix(site.url).split("?")[0].split("#")[0] for url in (*seen, *taken)}
    missed = {
        route
        for route, _handler in ROUTES
        if not NO_PAGES.keys() & set(route.split("/"))
        and not any(re.fullmatch(route, path) for path in paths)
    }
    assert missed == set()
    assert phone.said == []  # type: ignore[attr-defined]
