"""Codes to hand out: who never came in, many codes at once, shown once, the old ones void; and reminders."""

from __future__ import annotations

import base64
import io
import re
from html import unescape

import pytest
from pypdf import PdfReader

from netralitas.demo import EDUCATION, HEALTH
from tests.site import DEMO, Client, Site, learner_of
from tests.web.agency.conftest import Officer, line

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
UNIT = f"{EDUCATION} / Bidang Contoh Kode"
CHOSEN = "enam burung di dahan"


@pytest.fixture(scope="module")
def newcomers(own: Site) -> list[str]:
    """Five who never came in, by the officer's own upload; return their NIPs."""
    Officer(own, own.first, DEMO).bring(  # type: ignore[attr-defined]
        *(line(300 + n, unit="Bidang Contoh Kode") for n in range(5))
    )
    with own.store() as store:
        return [person.nip for person in store.people_under([UNIT])]


def slips(page: str) -> dict[str, str]:
    """Name → code, as the sheet on the page has them."""
    found = re.findall(r'<li lang="id"><b>(.*?)</b>.*?class="code">(.*?)<', page, re.DOTALL)
    return {unescape(name): code for name, code in found}


def test_a_sheet_has_a_code_for_everybody_and_shows_it_once(
    own: Site, officer: Officer, newcomers: list[str]
) -> None:
    page = officer.get("/petugas/kode", params={"unit": UNIT}).text
    assert "5 orang belum pernah masuk" in page
    sheet = officer.post("/petugas/kode", unit=UNIT).text
    codes = slips(sheet)
    assert len(set(codes.values())) == len(codes) == 5
    pdf = PdfReader(io.BytesIO(base64.b64decode(sheet.split("base64,")[1].split('"')[0])))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    for name, code in codes.items():
        assert name in text
        assert code in text
    assert own.url in text
    again = officer.get("/petugas/kode", params={"unit": UNIT}).text
    assert not any(code in again for code in codes.values())
    assert "Semuanya sudah punya kode yang berlaku" in again
    # Nobody is left without a code, so a second press makes none.
    assert slips(officer.post("/petugas/kode", unit=UNIT).text) == {}
    anew = slips(officer.post("/petugas/kode", unit=UNIT, ulang="1").text)
    assert set(anew) == set(codes)
    with own.store() as store:
        account = store.account_by_nip(newcomers[0])
    assert account is not None
    fields = {"nip": newcomers[0], "sandi": CHOSEN}
    assert Client(own).post("/aktivasi", kode=codes[account.name], **fields).status_code == 401
    assert Client(own).post("/aktivasi", kode=anew[account.name], **fields).url.endswith("/")
    assert "4 orang belum pernah masuk" in officer.get("/petugas/kode", params={"unit": UNIT}).text


def test_where_units_are_many_part_of_a_name_is_asked_and_asked_back(
    officer: Officer, newcomers: list[str]
) -> None:
    assert f'<option value="{UNIT}"' in officer.get("/petugas/kode").text
    school = f"{EDUCATION} / Bidang Contoh Sekolah / SDN Contoh"
    officer.bring(*(line(400 + n, unit=f"Bidang Contoh Sekolah / SDN Contoh {n}") for n in range(40)))
    for path in "kode", "tenggat", "pengingat", "laporan", "laporan/hasil":
        page = officer.get(f"/petugas/{path}").text
        assert "Ketik sebagian namanya" in page
        assert f'<option value="{school} 7"' not in page
    # One that fits is taken where nothing changes by it; of several one is asked which, with all else kept.
    assert "1 orang belum pernah masuk" in officer.get("/petugas/kode", params={"unit": "sdn contoh 17"}).text
    several = officer.get("/petugas/pengingat", params={"unit": "sdn contoh 1", "untuk": "never"})
    assert several.text.count('<input type="radio" name="unit"') == 13
    assert 'name="untuk" value="never"' in several.text
    asked = officer.post("/petugas/tenggat", unit="sdn contoh 17", hari="2999-01-01").text
    assert "Unit mana?" in asked
    assert 'method="post"' in asked
    with officer.site.store() as store:
        assert f"{school} 17" not in store.deadlines().units
        units = [f"{school} 1", f"{school} 10"]
        assert store.unit_paths(units) == tuple(units)
        assert store.unit_paths(limit=1) < store.unit_paths()
    nothing = officer.get("/petugas/kode", params={"unit": "<b>rahasia"})
    assert (nothing.status_code, "<b>rahasia" in nothing.text) == (404, False)


def test_officers_and_other_units_get_no_codes_here(own: Site, officer: Officer) -> None:
    with own.store() as store:
        held = {role.name for role in store.roles()}
    codes = slips(officer.post("/petugas/kode", ulang="1").text)
    assert codes
    assert held.isdisjoint(codes)
    with own.store() as store:
        assert {person.name for person in store.people_under([HEALTH])}.isdisjoint(codes)
    assert officer.post("/petugas/kode", unit=HEALTH).status_code == 404
    assert officer.get("/petugas/pengingat", params={"unit": HEALTH}).status_code == 404


def test_reminders_name_people_only_for_who_leads(own: Site, officer: Officer, newcomers: list[str]) -> None:
    page = officer.get("/petugas/pengingat", params={"unit": UNIT, "untuk": "unfinished"}).text
    group, leader = (
        unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    )
    assert own.url in group
    assert "Warga Contoh" not in group
    assert leader.count("Warga Contoh") == len(newcomers)
    with own.store() as store:
        acts = {row.act for row in store.audit_rows(20)}
        assert learner_of(store, newcomers[0]) not in page
    assert "membuat_pengingat" in acts


def test_people_are_found_page_by_page(own: Site, officer: Officer) -> None:
    officer.bring(*(line(600 + n, unit="Bidang Contoh Banyak") for n in range(60)))
    first = officer.get("/petugas", params={"cari": "contoh banyak"}).text
    assert "60 orang" in first
    assert "Halaman 1 dari 2" in first
    second = officer.get("/petugas", params={"cari": "contoh banyak", "hal": "2"}).text
    names = [set(re.findall(r"Warga Contoh \d+", page)) for page in (first, second)]
    assert [len(found) for found in names] == [50, 10]
    assert names[0].isdisjoint(names[1])
    assert "Tidak ada yang cocok" in officer.get("/petugas", params={"cari": "zzz"}).text
    assert officer.get("/petugas", params={"hal": "99999999999"}).status_code == 200
