"""Daftar pegawai on the page: looked at, agreed to, taken back; nobody's but the officer's own units."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import psutil
import pytest

from netralitas import uploads
from netralitas.demo import EDUCATION, HEALTH
from netralitas.web.agency.receiving import LARGEST
from tests.site import PASSWORD, Client, Site
from tests.web.agency.conftest import UNIT, Officer, csv_of, line

MANY = 8000
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def names(site: Site, unit: str = UNIT) -> set[str]:
    with site.store() as store:
        return {person.name for person in store.people_under([f"{EDUCATION} / {unit}"])}


def test_a_file_is_shown_agreed_to_and_taken_back(own: Site, officer: Officer) -> None:
    page = officer.send(csv_of(line(0), line(1))).text
    assert "Sedang memeriksa berkas" in page or "Inilah yang akan berubah" in page
    page = officer.settled()
    assert names(own) == set()
    for text in ("Inilah yang akan berubah", "Warga Contoh 0", EDUCATION, "Belum ada yang diubah"):
        assert text in page
    officer.step("setuju")
    page = officer.settled()
    assert "Daftar pegawai sudah diperbarui" in page
    assert names(own) == {"Warga Contoh 0", "Warga Contoh 1"}
    assert "Tidak ada yang berubah" in (officer.send(csv_of(line(0), line(1))), officer.settled())[1]
    number = re.findall(r'name="nomor" value="(\d+)"', page)[0]
    officer.step("batalkan", nomor=number)
    assert "Unggahan dibatalkan" in officer.settled()
    assert names(own) == set()
    assert f"Pembatalan nomor {number}" in officer.get("/petugas/daftar").text
    with own.store() as store:
        assert {"roster.imported", "roster.undone"} <= {row.act for row in store.audit_rows(50)}


def test_faults_are_shown_by_line_and_nothing_comes_in(own: Site, officer: Officer) -> None:
    officer.send(csv_of(line(10), line(11, instansi=HEALTH, unit="Puskesmas Contoh Timur"), "x,y,z"))
    page = officer.settled()
    assert "2 kesalahan" not in page or "Baris 3" in page
    assert "Baris 4" in page
    officer.send(csv_of(line(10), line(11, instansi=HEALTH, unit="Puskesmas Contoh Timur")))
    page = officer.settled()
    assert "Baris 3" in page
    assert "di luar unit Anda" in page
    assert names(own) == set()


def test_many_who_leave_take_a_second_yes(
    own: Site, officer: Officer, another: Callable[[str], Officer]
) -> None:
    unit = f"{EDUCATION} / Bidang Contoh Lengkap"
    mine = another(EDUCATION)
    mine.bring(*(line(20 + n, unit="Bidang Contoh Lengkap") for n in range(5)))
    leader = another(unit)
    leader.send(csv_of(*(line(20 + n, unit="Bidang Contoh Lengkap") for n in range(3))), lengkap="1")
    page = leader.settled()
    assert "Ya, 2 orang itu memang sudah keluar." in page
    assert "Centang dahulu" in leader.step("setuju").text
    assert len(names(own, "Bidang Contoh Lengkap")) == 5
    leader.step("setuju", yakin="1")
    assert "sudah diperbarui" in leader.settled()
    # Of the instansi the file names, only the officer's own unit has lost anybody.
    assert len(names(own, "Bidang Contoh Lengkap")) == 3
    with own.store() as store:
        assert len(store.people_under([EDUCATION])) > 10


def test_columns_of_others_are_matched_on_the_page(own: Site, officer: Officer) -> None:
    nip, name, instansi, unit, jabatan, _jenis = line(40).split(",")
    heads = ("No", "NIP Baru", "Nama Lengkap", "OPD", "Unor", "Posisi", "Status")
    officer.send(
        csv_of(f"1,{nip},{name},{instansi},{unit},{jabatan},P3K", header=",".join(heads))
    )  # fmt: skip
    page = officer.settled()
    assert "Cocokkan kolomnya" in page
    assert re.search(r'id="kolom-nip".*?<option selected>NIP Baru', page, re.DOTALL)
    assert "Pilih kolom untuk: nip, nama" in officer.step("kolom").text
    fields = {
        "nip": "NIP Baru",
        "nama": "Nama Lengkap",
        "instansi": "OPD",
        "jabatan": "Posisi",
        "jenis": "Status",
    }
    officer.step("kolom", **{f"kolom-{k}": v for k, v in fields.items()}, **{"kolom-unit-1": "Unor"})
    officer.settled()
    officer.step("setuju")
    officer.settled()
    assert names(own) == {"Warga Contoh 40"}


def test_an_upload_belongs_to_its_officer(
    own: Site, officer: Officer, another: Callable[[str], Officer]
) -> None:
    officer.send(csv_of(line(50)))
    page = officer.settled()
    number = page.split('name="unggahan" value="')[1].split('"')[0]
    other = another(f"{EDUCATION} / SMPN Contoh 1")
    for step in ("setuju", "buang", "ulang"):
        other.post("/petugas/daftar", langkah=step, unggahan=number)
    assert "Inilah yang akan berubah" in officer.get("/petugas/daftar").text
    assert "Warga Contoh 50" not in other.get("/petugas/daftar").text
    # What the operator or a wider office has brought is not theirs to see or to take back.
    assert "pegawai.csv" not in other.get("/petugas/daftar").text
    assert other.post("/petugas/daftar", langkah="batalkan", nomor="1").status_code == 404


def test_two_officers_at_once_both_come_in(
    own: Site, officer: Officer, another: Callable[[str], Officer]
) -> None:
    others = [another(EDUCATION), another(EDUCATION)]
    for number, one in enumerate(others):
        one.send(csv_of(*(line(100 + 50 * number + n, unit="Bidang Contoh Ramai") for n in range(50))))
    for one in others:
        assert "Inilah" in one.settled()
    for one in others:
        one.step("setuju")
    for one in others:
        assert "sudah diperbarui" in one.settled()
    assert len(names(own, "Bidang Contoh Ramai")) == 100


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [
        ("pegawai.xls", b"x", "CSV atau XLSX"),
        ("pegawai.csv", b"", "Pilih berkas"),
        ("pegawai.xlsx", b"PK\x03\x04bukan", "XLSX yang utuh"),
        ("../../../etc/pegawai.csv", b"\0\0\0", "Kolom"),
    ],
)
def test_what_is_no_roster_gets_a_sentence(officer: Officer, name: str, file: bytes, says: str) -> None:
    page = officer.send(file, name).text
    assert says in page + officer.settled()
    assert "Traceback" not in page


def test_a_large_file_goes_to_the_disk_and_a_larger_one_nowhere(own: Site, officer: Officer) -> None:
    assert own.process is not None
    server = psutil.Process(own.process.pid)
    before = server.memory_info().rss
    answer = officer.send(b"a" * (LARGEST + 1), "besar.csv")
    assert (answer.status_code, "pecah menjadi beberapa berkas" in answer.text) == (413, True)
    kept = [path.stat().st_size for path in (own.home / "unggahan").rglob("*")]
    assert max(kept, default=0) < 1 << 20
    assert server.memory_info().rss - before < 64 << 20


def test_nobody_sends_without_the_token_or_the_role(own: Site, officer: Officer) -> None:
    learner = Client(own, own.people(1)[0], PASSWORD)
    for client, code in ((learner, 403), (officer, 403)):
        token = {"_xsrf": client.token("/")} if client is learner else {}
        answer = client.http.post(
            f"{own.url}/petugas/daftar/berkas", params=token, files={"berkas": ("a.csv", b"x")}, timeout=60
        )
        assert answer.status_code == code
        # The line is cut behind an answer that did not wait for the file: the browser is told.
        assert answer.headers["Connection"] == "close"
    assert (
        Client(own).http.get(f"{own.url}/petugas/daftar", allow_redirects=False, timeout=60).status_code
        == 303
    )


def test_a_server_that_ends_in_the_middle_has_changed_nothing(own: Site, officer: Officer) -> None:
    officer.send(csv_of(*(line(2000 + n, unit="Bidang Contoh Putus") for n in range(MANY))))
    assert "Inilah" in officer.settled()
    officer.step("setuju")
    end = time.monotonic() + 60
    while not any(one.task == "bring" and one.counts["added"] == MANY and one.read for one in waiting(own)):
        assert time.monotonic() < end
    own.kill()
    own.start()
    page = officer.get("/petugas/daftar").text
    assert "Berhenti sebelum selesai" in page
    assert names(own, "Bidang Contoh Putus") == set()
    officer.step("ulang")
    assert "Inilah" in officer.settled()
    officer.step("setuju")
    assert "sudah diperbarui" in officer.settled()
    assert len(names(own, "Bidang Contoh Putus")) == MANY


def waiting(own: Site) -> list[uploads.Upload]:
    """Every upload as its folder says."""
    found = (uploads.load(folder) for folder in (own.home / "unggahan").iterdir())
    return [one for one in found if one is not None]
