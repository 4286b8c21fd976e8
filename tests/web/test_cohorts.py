"""Cohorts on the site: each trainer within their units, what is said arrives, what is done has a name."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.site import Client, Site, learner_of
from tests.web.test_frame import plain

pytestmark = pytest.mark.slow
MINE, FAR = "Dinas Contoh Pendidikan", "Dinas Contoh Kesehatan"
LATER = (datetime.now(UTC) + timedelta(days=30)).date()


@pytest.fixture(scope="module")
def trainer(site: Site) -> Client:
    """A trainer of one agency, beside the demo's own."""
    (nip,) = site.people(1, unit=MINE)
    with site.store() as store:
        store.grant(learner_of(store, nip), "trainer", MINE, by="uji")
    return Client(site, nip)


def ids(site: Site, *nips: str) -> list[str]:
    with site.store() as store:
        return [learner_of(store, nip) for nip in nips]


def made(trainer: Client, name: str) -> str:
    """Make a cohort; return its address."""
    answer = trainer.post("/pelatih/angkatan", nama=name)
    assert answer.url.endswith("/tambah"), answer.text
    return answer.url.removeprefix(trainer.site.url).removesuffix("/tambah")


def test_a_cohort_is_filled_in_three_ways_with_the_trainer_s_own_people(site: Site, trainer: Client) -> None:
    near, second = site.people(2, unit=MINE)
    (far,) = site.people(1, unit=FAR)
    at = made(trainer, "Angkatan daftar")
    spaced = f"{near[:8]} {near[8:14]} {near[14]} {near[15:]}"
    told = plain(trainer.post(f"{at}/tambah", nip=f"1. Budi {spaced}\n{far};x\n123").text)
    assert "1 orang ditambahkan" in told
    assert f"1 NIP tidak ada di unit Anda: {far}" in told
    one, two, other = ids(site, near, second, far)
    assert "1 orang ditambahkan" in plain(trainer.post(f"{at}/tambah", orang=two).text)
    assert "Tidak ada yang ditambahkan" in plain(trainer.post(f"{at}/tambah", orang=other).text)
    with site.store() as store:
        all_mine = {person.learner for person in store.people_under([MINE])}
        found = next(c for c in store.cohorts() if c.name == "Angkatan daftar")
        assert found.members == {one, two}
    trainer.post(f"{at}/tambah", unit=MINE)
    trainer.post(f"{at}/tambah", unit=FAR)
    with site.store() as store:
        assert store.cohort(found.id).members == all_mine  # type: ignore[union-attr]


def test_what_is_said_to_a_cohort_arrives_inert_and_is_counted(site: Site, trainer: Client) -> None:
    nip = site.people(1, unit=MINE)[0]
    (learner,) = ids(site, nip)
    at = made(trainer, "Angkatan pesan")
    trainer.post(f"{at}/tambah", orang=learner)
    trainer.post(at, langkah="tenggat", hari=LATER.isoformat())
    hostile = 'Rapat <b>besok</b>"><script>alert(1)</script> {{ 7*7 }}'
    page = trainer.post(at, langkah="pesan", isi=hostile).text
    assert "dibaca 0 dari 1 orang" in plain(page)
    assert "<script>alert" not in page
    mine = Client(site, nip)
    home = mine.get("/").text
    assert "Rapat &lt;b&gt;besok&lt;/b&gt;" in home
    assert "<script>alert" not in home
    assert "{{ 7*7 }}" in home
    assert "30 hari lagi" in plain(home) or "29 hari lagi" in plain(home)
    number = re.search(r'name="dibaca" value="(\d+)"', home)
    assert number
    assert "Rapat" not in mine.post("/", dibaca=number[1]).text
    assert "dibaca 1 dari 1 orang" in plain(trainer.get(at).text)
    trainer.post(at, langkah="pesan", isi="Batal.")
    assert "Batal." in mine.get("/").text
    newest = re.search(r'name="nomor" value="(\d+)"', trainer.get(at).text)
    assert newest
    trainer.post(at, langkah="tarik", nomor=newest[1])
    assert "Batal." not in mine.get("/").text
    # Extended for one.
    trainer.post(at, langkah="perpanjang", orang=learner, hari=(LATER + timedelta(days=9)).isoformat())
    assert "Diperpanjang untuk Anda" in mine.get("/").text
    history = plain(trainer.get(at).text)
    for words in ("membuat angkatan ini", "menetapkan tenggat", "mengirim pesan", "menarik pesan",
                  "memperpanjang tenggat"):  # fmt: skip
        assert words in history


def test_nobody_sees_or_changes_what_is_outside_their_units(site: Site, trainer: Client) -> None:
    far = site.people(1, unit=FAR)[0]
    (other,) = ids(site, far)
    (of_all,) = site.people(1, unit=FAR)
    with site.store() as store:
        store.grant(learner_of(store, of_all), "trainer", None, by="uji")
    everywhere = Client(site, of_all)
    at = made(everywhere, "Angkatan jauh")
    everywhere.post(f"{at}/tambah", orang=other)
    for path in (
        at,
        f"{at}/tambah",
        f"{at}?orang={other}",
        "/pelatih/angkatan/999999",
        "/pelatih/angkatan/" + "9" * 40,
    ):
        assert trainer.get(path).status_code == 404, path
    assert "Angkatan jauh" not in trainer.get("/pelatih/angkatan").text
    # One of mine in it: I see them alone, and may do to them alone.
    near = site.people(1, unit=MINE)[0]
    (mine,) = ids(site, near)
    everywhere.post(f"{at}/tambah", orang=mine)
    page = trainer.get(at).text
    assert mine in page
    assert other not in page
    assert "1 orang di dalamnya dari unit lain" in plain(page)
    token = trainer.token("/")
    for fields in (
        {"langkah": "tenggat", "hari": LATER.isoformat()},
        {"langkah": "hapus"},
        {"langkah": "pesan", "isi": "x"},
        {"langkah": "nama", "nama": "x"},
        {"langkah": "perpanjang", "orang": other, "hari": LATER.isoformat()},
        {"langkah": "keluar", "orang": other},
    ):
        answer = trainer.http.post(site.url + at, data={"_xsrf": token, **fields}, timeout=20)
        assert answer.status_code == 404, fields
    assert trainer.post(at, langkah="entah").status_code == 400


@pytest.mark.parametrize("when", ["", "kemarin", "2020-01-01", "2030-02-31"])
def test_a_day_that_is_none_or_gone_is_told(trainer: Client, when: str) -> None:
    at = next(
        iter(re.findall(r'href="(/pelatih/angkatan/\d+)"', trainer.get("/pelatih/angkatan").text)), None
    )
    at = at or made(trainer, f"Angkatan {when}")
    assert "Belum disimpan" in trainer.post(at, langkah="tenggat", hari=when).text


def test_a_cohort_taken_away_says_nothing_and_comes_back(site: Site, trainer: Client) -> None:
    nip = site.people(1, unit=MINE)[0]
    (learner,) = ids(site, nip)
    at = made(trainer, "Angkatan sementara")
    assert "sudah ada" in trainer.post("/pelatih/angkatan", nama="Angkatan sementara").text
    trainer.post(f"{at}/tambah", orang=learner)
    trainer.post(at, langkah="tenggat", hari=LATER.isoformat())
    trainer.post(at, langkah="hapus")
    assert trainer.get(at).status_code == 404
    assert "Tanpa tenggat" in Client(site, nip).get("/").text
    trainer.post("/pelatih/angkatan", kembalikan=at.rsplit("/", 1)[1])
    assert "Tanpa tenggat" not in Client(site, nip).get("/").text
    trainer.post(at, langkah="nama", nama="Angkatan tetap")
    assert "Angkatan tetap" in trainer.get("/pelatih/angkatan").text
    trainer.post(at, langkah="keluar", orang=learner)
    assert "mengeluarkan" in trainer.get(at).text
