"""Laporan on the page: files of any form with the store's figures, shared ones masked, months as issued."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
import requests

from netralitas import content, roster
from netralitas.demo import EDUCATION, HEALTH
from netralitas.roster import REQUIRED
from netralitas.tally import day_of, last_month_end
from netralitas.web.agency.reports import KINDS
from tests.site import PASSWORD, Site, learner_of
from tests.web.agency.conftest import Officer, line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
UNIT = f"{EDUCATION} / Bidang Contoh Lapor"


@pytest.fixture(scope="module", autouse=True)
def past(own: Site) -> None:
    """People of last month: eight in a unit, three right below it."""
    units = ["Bidang Contoh Lapor"] * 8 + ["Bidang Contoh Lapor / Seksi Kecil"] * 3
    rows = [line(700 + n, unit=unit) for n, unit in enumerate(units)]
    found = roster.parse("\n".join((",".join(REQUIRED), *rows)).encode(), made_up_allowed=True)
    with own.store() as store:
        day = last_month_end(day_of(store.clock())) - timedelta(days=3)
        store.import_roster(found, content.current().course, today=day, by="uji")


def ask(officer: Officer, **asked: str) -> tuple[int, bytes]:
    told = {
        "isi": "penyelesaian",
        "untuk": "dalam",
        "bentuk": "csv",
        "unit": UNIT,
        "menurut": "unit",
        **asked,
    }
    if told["untuk"] == "dalam":
        told.setdefault("tanggal", today(officer))
    answer = officer.get("/petugas/laporan/berkas", params=told)
    return answer.status_code, answer.content


def today(officer: Officer) -> str:
    with officer.site.store() as store:
        return day_of(store.clock()).isoformat()


@pytest.mark.parametrize("form", KINDS)
def test_every_form_is_a_file(officer: Officer, form: str) -> None:
    code, body = ask(officer, bentuk=form)
    assert (code, len(body) > 200) == (200, True)
    assert body.startswith({"xlsx": b"PK", "pdf": b"%PDF", "csv": b"name,", "html": b"<!doctype"}[form])


def test_internal_figures_are_whole_and_shared_ones_hide_the_small(own: Site, officer: Officer) -> None:
    assert f"{UNIT} / Seksi Kecil,3," in ask(officer)[1].decode()
    with own.store() as store:
        month = last_month_end(day_of(store.clock())).isoformat()
    shared = ask(officer, untuk="dibagikan", bulan=month, menurut="")[1].decode()
    assert f"{UNIT} / Seksi Kecil,," in shared


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"unit": HEALTH}, 404),
        ({"bentuk": "exe"}, 404),
        ({"tanggal": "2999-01-01"}, 400),
        ({"tanggal": "kemarin"}, 400),
        ({"isi": "terlambat"}, 400),
        ({"untuk": "dibagikan", "bulan": "2026-01-15"}, 400),
    ],
)
def test_what_cannot_be_made_is_told_in_a_sentence(
    officer: Officer, asked: dict[str, str], code: int
) -> None:
    answered, body = ask(officer, **asked)
    assert answered == code
    assert ("Laporan belum dibuat" in body.decode()) == (code == 400)


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        *((f"/petugas{one}", f"/petugas{one}") for one in ("", "/daftar", "/kode", "/tenggat", "/koreksi")),
        ("/petugas/laporan/hasil", "/petugas/laporan"),
        ("/petugas/laporan/berkas?isi=penyelesaian&bentuk=csv", "/petugas/laporan"),
    ],
)
def test_the_menu_marks_where_a_page_belongs(officer: Officer, path: str, entry: str) -> None:
    tabs = officer.get(path).text.split('class="tabs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)" aria-current="(\w+)"', tabs) == [
        (entry, "page" if path == entry else "true")
    ]


def test_what_is_refused_is_told_in_the_page_s_language_and_a_document_is_indonesian(
    officer: Officer,
) -> None:
    try:
        officer.post("/tampilan", semua="1", bahasa="en")
        code, page = ask(officer, untuk="dibagikan", bulan="2026-01-15")
        assert (code, "as of the end of a month" in page.decode()) == (400, True)
        assert "<th>Orang</th>" in re.sub(r"<th [^>]*>", "<th>", ask(officer, bentuk="html")[1].decode())
    finally:
        officer.post("/tampilan", semua="1", bahasa="id")


def test_a_month_is_issued_once_and_kept_byte_by_byte(own: Site, officer: Officer) -> None:
    officer.get("/petugas/laporan")
    page = officer.get("/petugas/laporan").text
    (number,) = re.findall(r"bulanan\?nomor=(\d+)", page)
    with own.store() as store:
        (one,) = store.issued([EDUCATION])
    assert one.total["people"] == 11
    assert set(one.files) == set(KINDS)
    for form, digest in one.files.items():
        body = officer.get("/petugas/laporan/bulanan", params={"nomor": number, "bentuk": form}).content
        assert hashlib.sha256(body).hexdigest() == digest
    assert "masih sama seperti saat terbit" in officer.get(f"/petugas/laporan/bulanan?nomor={number}").text
    assert officer.get("/petugas/laporan/bulanan?nomor=999").status_code == 404


def results(officer: Officer, **asked: str) -> requests.Response:
    told = {"isi": "soal", "bentuk": "csv", "unit": UNIT, "bulan": month(officer), **asked}
    return officer.post("/petugas/laporan/hasil", **told)


def month(officer: Officer) -> str:
    with officer.site.store() as store:
        return last_month_end(day_of(store.clock())).isoformat()


def test_what_people_learned_is_made_beside_the_site_and_is_its_officer_s(
    officer: Officer, another: Callable[[str], Officer]
) -> None:
    for wrong, code in ({"unit": HEALTH}, 404), ({"isi": "nilai"}, 400), ({"bulan": today(officer)}, 400):
        assert results(officer, **wrong).status_code == code
    for kind, head in {"soal": "name,prompt", "salah-paham": "name,option"}.items():
        assert results(officer, isi=kind).status_code == 200
        assert "Unduh laporan" in officer.settled(path="/petugas/laporan/hasil")
        assert officer.get("/petugas/laporan/hasil/berkas").text.startswith(head)
    # The course of the tests has no exam.
    results(officer, isi="kemajuan")
    assert "tidak memuat tes awal" in officer.settled(path="/petugas/laporan/hasil")
    assert officer.get("/petugas/laporan/hasil/berkas").status_code == 404
    assert another(HEALTH).get("/petugas/laporan/hasil/berkas").status_code == 404


def test_a_deadline_is_set_and_taken_away(own: Site, officer: Officer) -> None:
    assert officer.post("/petugas/tenggat", unit=UNIT, hari="2020-01-01").status_code == 400
    assert officer.post("/petugas/tenggat", unit=HEALTH, hari="2999-01-01").status_code == 404
    officer.post("/petugas/tenggat", unit=UNIT, hari="2999-01-01")
    with own.store() as store:
        due = store.deadlines().of_unit(f"{UNIT} / Seksi Kecil")
    assert due is not None
    assert due.source == "unit"
    officer.post("/petugas/tenggat", unit=UNIT, langkah="hapus")
    with own.store() as store:
        assert store.deadlines().of_unit(UNIT) is None


def test_officers_of_several_units_who_look_at_once_keep_one_report_of_each(own: Site) -> None:
    units, nips = [f"{UNIT} / Seksi Kecil", UNIT], own.people(2)
    with own.store() as store:
        for nip, unit in product(nips, units):
            store.grant(learner_of(store, nip), "agency", unit, "uji")
    officers = [Officer(own, nip, PASSWORD) for nip in nips]
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda n: officers[n % 2].get("/petugas/laporan"), range(4)))
    assert {page.status_code for page in pages} == {200}
    for one in officers:
        page = one.get("/petugas/laporan").text
        assert len(set(re.findall(r"bulanan\?nomor=(\d+)", page))) == 2
        assert "pilih salah satu unit" in one.get("/petugas/laporan/berkas", params=files(one)).text
    with own.store() as store:
        assert sorted(row.unit for row in store.issued(units)) == sorted(units)


def files(officer: Officer) -> dict[str, str]:
    return {"isi": "penyelesaian", "untuk": "dalam", "bentuk": "csv", "tanggal": today(officer)}
