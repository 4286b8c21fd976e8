"""Cek Netralitas in the site: the same answer as the command, and calm words for what cannot be answered."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path

import nbformat
import pytest

from tests.site import MODULE, NETRALITAS, Client, Site, learner_of

pytestmark = pytest.mark.slow
WORDS = {"dilarang": "Tidak boleh", "belum_pasti": "Belum pasti", "boleh": "Boleh"}


@pytest.mark.parametrize(
    ("act", "on", "actor"),
    [
        ("sosialisasi-medsos-calon", "2024-10-10", "pns"),
        ("sosialisasi-medsos-calon", "2024-10-10", "pppk"),
        ("memilih", "2024-11-27", "pns"),
        ("foto-simbol-2020", "2024-10-10", "pns"),
        ("surat-dukungan-ktp", "2020-07-01", "pns"),
    ],
)
def test_the_page_answers_as_the_command_does(
    site: Site, client: Client, act: str, on: str, actor: str
) -> None:
    told = subprocess.run(
        [NETRALITAS, "rule", act, "--on", on, "--actor", actor, "--json"],
        env=site.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(told.stdout)
    page = unescape(client.get(f"/cek?perbuatan={act}&pelaku={actor}&tanggal={on}").text)
    assert f"</span> {WORDS[answer['verdict']]}</h2>" in page
    for caveat in answer["caveats"]:
        assert caveat in page
    for basis in answer["basis"]:
        assert basis["article"] in page
    for ruling in answer["rulings"]:
        assert all(kind in page for kind in ruling["sanctions"])
    assert "Belum ditinjau ahli hukum" in page


@pytest.mark.parametrize(
    "query",
    ["perbuatan=tidak-ada", "perbuatan=memilih&tanggal=kemarin", "perbuatan=memilih&tanggal=0001-01-01",
     "perbuatan=%3Cscript%3E&tanggal=9999-12-31", "tanggal=2024-02-30"],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_calmly(client: Client, query: str) -> None:
    answer = client.get(f"/cek?{query}")
    assert answer.status_code == 400
    assert "Belum dapat dijawab" in answer.text
    assert "<script>" not in answer.text


def test_an_empty_form_asks_for_an_act(client: Client) -> None:
    page = client.get("/cek").text
    assert "Pilih perbuatan" in page
    assert 'id="jawaban"' not in page


@pytest.mark.parametrize(
    ("examined", "decided", "level"),
    [("2020-08-01", "2020-09-01", "sedang"), ("2021-09-15", "2021-10-15", "berat")],
)
def test_with_both_days_the_page_names_one_level_as_the_command_does(
    site: Site, client: Client, examined: str, decided: str, level: str
) -> None:
    told = subprocess.run(
        [NETRALITAS, "rule", "surat-dukungan-ktp", "--on", "2020-07-01", "--examined", examined,
         "--decided", decided, "--json"],
        env=site.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(told.stdout)
    assert (answer["level"], answer["alternatives"]) == (level, [])
    query = f"perbuatan=surat-dukungan-ktp&tanggal=2020-07-01&diperiksa={examined}&diputus={decided}"
    page = unescape(client.get(f"/cek?{query}").text)
    assert f"<b>Tingkat {level}</b>" in page
    assert "Menurut tanggal pemeriksaan" not in page
    for text in [*answer["caveats"], *(basis["article"] for basis in answer["basis"])]:
        assert text in page
    assert f'name="diperiksa" type="date" value="{examined}"' in page


def test_without_the_days_the_page_asks_for_them_and_names_no_single_level(client: Client) -> None:
    page = client.get("/cek?perbuatan=surat-dukungan-ktp&tanggal=2020-07-01").text
    assert 'name="diperiksa"' in page
    assert "Tingkatnya bergantung pada tanggal" in page
    assert "<b>Tingkat sedang</b>" in page
    assert "<b>Tingkat berat</b>" in page
    later = client.get("/cek?perbuatan=surat-dukungan-ktp&tanggal=2024-10-10").text
    assert 'name="diperiksa"' not in later


OLD = "perbuatan=surat-dukungan-ktp&tanggal=2020-07-01"
HOSTILE = [
    (f"{OLD}&diperiksa=2020-06-01", "Pemeriksaan tidak dapat mendahului"),
    (f"{OLD}&diputus=2020-06-01", "Putusan tidak dapat mendahului"),
    ("perbuatan=memilih&tanggal=2024-11-27&diputus=besok", "Tanggal putusannya tidak terbaca"),
    ("perbuatan=memilih&perbuatan=memilih", "Perbuatan itu tidak ada di daftar"),
    ("perbuatan=memilih&pelaku=pns&pelaku=pppk", "Pelakunya tidak ada di daftar"),
    ("perbuatan=memilih&pelaku=raja", "Pelakunya tidak ada di daftar"),
    ("perbuatan=memilih&tanggal=20241127", "Tanggal perbuatannya tidak terbaca"),
    ("perbuatan=memilih&tanggal=1732665600", "Tanggal perbuatannya tidak terbaca"),
    ("perbuatan=memilih&tanggal=2024-11-27&tanggal=2024-11-28", "Tanggal perbuatannya tidak terbaca"),
    ("perbuatan=" + "a" * 30_000, "Perbuatan itu tidak ada di daftar"),
    ("perbuatan=%ff%fe%00", "Perbuatan itu tidak ada di daftar"),
    ("perbuatan=memilih&diperiksa=%22%3E%3Cscript%3E", "Tanggal pemeriksaannya tidak terbaca"),
]


@pytest.mark.parametrize(("query", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_question_gets_a_calm_page_and_as_a_part_a_calm_answer(
    client: Client, query: str, said: str
) -> None:
    answer = client.get(f"/cek?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert "Traceback" not in answer.text
    assert "<script>" not in answer.text
    assert len(answer.text) < 20_000
    part = client.get(f"/cek?{query}&bagian=1")
    assert part.status_code == 200
    assert said in part.text
    assert "<html" not in part.text


def test_the_title_says_the_verdict(client: Client) -> None:
    assert "<title>Boleh · Cek Netralitas" in client.get("/cek?perbuatan=memilih&tanggal=2024-11-27").text
    assert "<title>Belum dapat dijawab · Cek" in client.get("/cek?perbuatan=memilih&tanggal=x").text
    assert "<title>Cek Netralitas" in client.get("/cek").text


def test_a_module_brings_a_link_and_asking_writes_nothing_and_starts_no_kernel(
    site: Site, client: Client, nip: str
) -> None:
    page = client.get(f"/modul/{MODULE}").text
    assert page.count('<section class="cek">') == 1
    assert '<a class="btn quiet" href="/cek">Buka Cek Netralitas</a>' in page
    assert client.get("/cek?bagian=1").text.startswith("<form")
    assert "cek" not in json.dumps([widget["widget"] for widget in client.page()["widgets"]])
    with site.store() as store:
        before = store.last_seq(learner_of(store, nip))
    for _turn in range(3):
        part = client.get("/cek?perbuatan=memilih&pelaku=pns&tanggal=2024-11-27&bagian=1")
        assert part.text.count("data-lead") == 1
    with site.store() as store:
        assert store.last_seq(learner_of(store, nip)) == before == 0
        assert store.standing(learner_of(store, nip), (f"quiz/{MODULE}",)).events == []


def test_who_is_not_logged_in_is_sent_to_do_so(site: Site) -> None:
    answer = Client(site).get("/cek?perbuatan=memilih&bagian=1", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/masuk?lanjut=/cek%3Fperbuatan%3Dmemilih%26bagian%3D1",
    )


def test_a_widget_the_site_does_not_know_is_said_calmly_and_the_rest_works(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    place = tmp_path / "isi"
    shutil.copytree(Path(__file__).parent.parent / "course", place)
    path = place / "modules" / "contoh-kuis.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = "import ipywidgets\nipywidgets.IntSlider()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(cell, id="asing"))
    nbformat.write(notebook, path)
    site = start(content=place)
    client = Client(site, site.people()[0])
    answer = client.get("/modul/contoh-kuis")
    assert answer.status_code == 200
    assert "Bagian ini belum dapat ditampilkan di situs." in answer.text
    assert "modules/contoh-kuis.ipynb, sel asing" in (site.home / "serve.log").read_text()
    assert client.channel("contoh-kuis").do("quiz/contoh-kuis", {"kind": "open"})["kind"] == "receipt"
