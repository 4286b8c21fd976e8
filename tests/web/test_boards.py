"""Dashboards on a real server: for their role alone, in a kernel of their own that nobody else begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websocket import WebSocketBadStatusException, create_connection

from netralitas.demo import EDUCATION, HEALTH, PASSWORD
from netralitas.web.board_desk import BOARDS
from tests.made_up import simulated
from tests.site import MODULE, Client, Site, frame

pytestmark = pytest.mark.slow
UNIT = "dasbor/penyelesaian/unit"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("dasbor")).start()
    yield running
    running.kill()


@pytest.fixture
def officer(site: Site) -> Client:
    return Client(site, site.officer("agency"), PASSWORD)


def status_of_line(client: Client, slug: str) -> int:
    """Knock at a dashboard's line without its page; return the answer's status."""
    cookies = "; ".join(f"{one.name}={one.value}" for one in client.http.cookies)
    address = f"{client.site.url.replace('http', 'ws')}/dasbor/{slug}/saluran"
    with pytest.raises(WebSocketBadStatusException) as refused:
        create_connection(address, cookie=cookies, origin=client.site.url, timeout=30)
    return int(refused.value.status_code)


MODULE_S = 3
"""Processes of the site's one module: base, forker, spare kernel."""


def test_who_has_not_the_role_gets_neither_page_nor_line_nor_kernel(site: Site, officer: Client) -> None:
    for nip, password in ((site.people(1)[0], None), (site.officer("trainer"), PASSWORD)):
        client = Client(site, nip, *(filter(None, [password])))
        assert client.get("/dasbor/penyelesaian").status_code == 403
        assert status_of_line(client, "penyelesaian") == 403
        assert client.get("/dasbor/tidak-ada").status_code == 404
        assert status_of_line(client, "tidak-ada") == 404
    assert len(site.kernel_pids()) <= MODULE_S
    officer.channel("penyelesaian", at="/dasbor").ask(UNIT)
    assert len(site.kernel_pids()) > MODULE_S


def test_nobody_is_led_to_the_login(site: Site) -> None:
    answer = Client(site).get("/dasbor/penyelesaian", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/masuk?lanjut=/dasbor/penyelesaian")


def test_an_officer_walks_down_their_own_tree(officer: Client) -> None:
    line = officer.channel("penyelesaian", at="/dasbor")
    top = line.ask(UNIT)
    assert f">{EDUCATION}<" in top
    assert "Bidang Contoh Pendidikan Dasar</a>" in top
    below = line.ask(UNIT, unit=f"{EDUCATION} / Bidang Contoh Pendidikan Dasar")
    assert "Seksi Contoh" in below
    refused = line.ask(UNIT, unit=HEALTH)
    assert "tidak ada di unit Anda" in refused
    assert "orang selesai" not in refused


def test_each_part_answers(officer: Client) -> None:
    line = officer.channel("penyelesaian", at="/dasbor")
    assert "<svg" in line.ask("dasbor/penyelesaian/tren")
    assert "<svg" in line.ask("dasbor/penyelesaian/banding", menurut="jenis")
    assert "disembunyikan" in line.ask(UNIT, bentuk="bagi")


@pytest.mark.parametrize("rung", ["late", "ipykernel", "stock"])
def test_it_works_on_the_lower_rungs(start: Callable[..., Site], rung: str) -> None:
    site = start(NETRALITAS_RUNG=rung)
    line = Client(site, site.officer("agency"), PASSWORD).channel("penyelesaian", at="/dasbor")
    assert "orang selesai" in line.ask(UNIT)


def test_what_is_no_question_is_refused_and_noted(site: Site, officer: Client) -> None:
    line = officer.channel("penyelesaian", at="/dasbor")
    line.raw(frame(line.ids[UNIT], {"method": "update", "state": {"object": "x"}}))
    line.raw("{}")
    assert "orang selesai" in line.ask(UNIT)
    with site.store() as store:
        assert [row.act for row in store.audit_rows(50)].count("dasbor_ditolak") == 2


def test_each_part_of_a_class_answers_within_what_a_kernel_may_take(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    """Hundreds of people, thousands of events: pandas inside the boundary."""
    site = start(NETRALITAS_STORE=simulated(tmp_path / "a.db", 1200), NETRALITAS_DEADLINE="2026-02-10")
    line = Client(site, site.officer("trainer"), PASSWORD).channel("kelas", at="/dasbor")
    found = {part: line.ask(f"dasbor/kelas/{part}", kuis=MODULE) for part in BOARDS["kelas"].parts}
    assert "peserta selesai" in found["kemajuan"]
    assert "peserta diam" in found["macet"]
    assert "peserta belum selesai" in found["terlambat"]
    assert "<svg" in found["soal"]
    assert "Sepertiga terkuat" in found["soal"]
    assert "Belum ada peserta yang menjalani" in found["alur"]


def test_a_trainer_gets_no_agency_s_dashboard_nor_an_officer_a_class(site: Site, officer: Client) -> None:
    assert officer.get("/dasbor/kelas").status_code == 403
    assert status_of_line(officer, "kelas") == 403
