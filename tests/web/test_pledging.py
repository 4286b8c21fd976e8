"""The pledge by a plain form: the same events as by the widget, and a renewal asks for all of it again."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from netralitas import content
from tests.parts import EXAM, MODULE, PLEDGE, laid, renew
from tests.site import Client, Site, learner_of

pytestmark = pytest.mark.slow
ROOT = f"pledge/{PLEDGE}"
ADDRESS = f"/modul/{PLEDGE}/ikrar"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid(tmp_path_factory.mktemp("formulir") / "isi")


@pytest.fixture(scope="module")
def site(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("situs"), content=place).start()
    yield running
    running.stop()


def form(client: Client) -> dict[str, str]:
    """The fields of the one form that stands in the widget's place; none once all is said."""
    told = re.findall(r'name="(ikrar|butir|peristiwa)" value="([^"]*)"', client.get(f"/modul/{PLEDGE}").text)
    return {name: unescape(value) for name, value in told}


def pledged(site: Site, nip: str) -> list[tuple[str, str, int]]:
    with site.store() as store:
        events = store.events_of(learner_of(store, nip), [ROOT])
        return [(one.verb, one.object.rsplit("/", 1)[-1], one.attempt) for one in events]


def test_a_pledge_is_said_by_forms_alone_and_stands_as_the_widget_s(site: Site, place: Path) -> None:
    nip = site.people(1)[0]
    client, pledge = Client(site, nip), content.load(place).pledges[PLEDGE]
    names = [point.id for point in pledge.points]
    for number, name in enumerate(names, 1):
        fields = form(client)
        assert fields["butir"] == name
        answer = client.post(ADDRESS, **fields)
        assert answer.url.partition("#")[0].endswith(f"/modul/{PLEDGE}")
        assert f"{number} dari {len(names)} butir diikrarkan" in answer.text
        # Pressed twice it is recorded once.
        assert client.post(ADDRESS, **fields).status_code == 200
    assert form(client) == {}
    assert pledged(site, nip) == [("pledged", name, 1) for name in names]
    with site.store() as store:
        learner = learner_of(store, nip)
        events = store.events_of(learner, [ROOT])
        assert [one.revision for one in events] == [point.fingerprint for point in pledge.points]
        assert events[0].session != ""
        assert store.progress_of(learner)[PLEDGE].status == "completed"
        assert store.verify_chains() == []


def test_what_does_not_fit_is_told_calmly_and_records_nothing(site: Site) -> None:
    nip = site.people(1)[0]
    client = Client(site, nip)
    fields = form(client)
    for wrong in (
        {"butir": "kedua"},
        {"butir": "tidak-ada"},
        {"butir": "<script>"},
        {"peristiwa": "bukan-uuid"},
        {"peristiwa": ""},
    ):
        answer = client.post(ADDRESS, **(fields | wrong))
        assert (answer.status_code, "Butir ini belum tercatat" in answer.text) == (409, True), wrong
    for module, pledge in ((PLEDGE, "lain"), (MODULE, PLEDGE), (EXAM, PLEDGE), ("tidak-ada", PLEDGE)):
        assert client.post(f"/modul/{module}/ikrar", **(fields | {"ikrar": pledge})).status_code == 404
    nobody = client.http.__class__().post(site.url + ADDRESS, data=fields, allow_redirects=False, timeout=20)
    assert (nobody.status_code, "/masuk" in nobody.headers["Location"]) == (303, True)
    without = client.http.post(site.url + ADDRESS, data=fields, timeout=20)
    assert without.status_code == 403
    assert pledged(site, nip) == []


def test_a_form_and_a_line_go_on_from_one_another(site: Site) -> None:
    nip = site.people(1)[0]
    client = Client(site, nip)
    line = client.channel(PLEDGE)
    assert line.do(ROOT, {"kind": "pledge", "point": "pertama"})["kind"] == "receipt"
    client.post(ADDRESS, **form(client))
    # The kernel, which has heard nothing of it, finds what stands.
    assert line.do(ROOT, {"kind": "pledge", "point": "kedua"})["moved"]
    assert line.view(ROOT)["status"] == "finished"
    assert pledged(site, nip) == [("pledged", "pertama", 1), ("pledged", "kedua", 1)]
    answer = client.post(ADDRESS, ikrar=PLEDGE, butir="kedua", peristiwa=str(uuid.uuid4()))
    assert answer.status_code == 200
    assert len(pledged(site, nip)) == 2


def words(client: Client, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def test_a_renewal_asks_for_the_pledge_again_on_every_page_until_it_is_said(
    place: Path, tmp_path: Path
) -> None:
    renewing = shutil.copytree(place, tmp_path / "isi")
    site = Site(tmp_path / "situs", content=renewing).start()
    try:
        nip = site.people(1)[0]
        client = Client(site, nip)
        for _point in range(2):
            client.post(ADDRESS, **form(client))
        assert "diperbarui" not in words(client, "/") + words(client, "/hasil")
    finally:
        site.stop()
    renew(renewing)
    site = Site(tmp_path / "situs", content=renewing).start()
    try:
        client = Client(site, nip)
        assert "Perlu diperbarui, terakhir selesai" in words(client, "/")
        assert "perlu diperbarui Diikrarkan pada" in words(client, "/hasil")
        assert "perlu diperbarui" in words(client, "/saya")
        page = words(client, f"/modul/{PLEDGE}")
        assert "Ikrar ini diminta lagi Pilkada berikutnya dimulai." in page
        # Read again, it is what was said.
        assert "Ikrar ini diminta lagi" not in client.get(f"/modul/{PLEDGE}/baca").text
        # One point by the form, one by the line: both know of the round.
        client.post(ADDRESS, **form(client))
        line = client.channel(PLEDGE)
        assert [bool(one["at"]) for one in line.view(ROOT)["points"]] == [True, False]
        assert line.do(ROOT, {"kind": "pledge", "point": "kedua"})["kind"] == "receipt"
        assert line.view(ROOT)["status"] == "finished"
        assert [attempt for _verb, _point, attempt in pledged(site, nip)] == [1, 1, 2, 2]
        assert "perlu diperbarui" not in words(client, "/hasil")
        with site.store() as store:
            found = store.progress_of(learner_of(store, nip))[PLEDGE]
            assert [one.rule for one in found.reached] == ["1", "2"]
            assert store.verify_chains() == []
            assert store.rebuild(content.load(renewing).course).rows_changed == 0
    finally:
        site.stop()
