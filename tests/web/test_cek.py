"""Cek Netralitas in the site: the same answer as the command, and calm words for what cannot be answered."""

from __future__ import annotations

import json
import subprocess
from html import unescape

import pytest

from tests.site import NETRALITAS, Client, Site

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
