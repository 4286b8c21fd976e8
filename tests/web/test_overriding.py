"""A trainer puts another mark in the place of the computed one, says why, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netralitas import demo
from tests.site import DEMO, Client, Site, learner_of
from tests.web.test_cases import MODULE, QUIZ, finish

pytestmark = pytest.mark.slow
TOY = Path(__file__).parents[1] / "course"
WHY = "Listrik padam <b>saat</b> soal terakhir."


def test_a_mark_is_changed_with_a_reason_the_learner_reads_and_taken_back(start: Callable[..., Site]) -> None:
    site = start(content=TOY)
    (nip,) = site.people(1, unit=demo.EDUCATION)
    client = Client(site, nip)
    finish(client.channel(MODULE))
    trainer = Client(site, site.officer("trainer"), DEMO)
    with site.store() as store:
        learner, me = learner_of(store, nip), learner_of(store, site.officer("trainer"))
        before = store.progress_of(learner)[MODULE]
    asked = {"orang": learner, "kuis": MODULE, "percobaan": "1"}
    page = f"/pelatih/nilai?orang={learner}&kuis={MODULE}&percobaan=1"
    assert page.replace("&", "&amp;") in trainer.get(f"/pelatih?orang={learner}").text
    assert "Nilai sekarang" in trainer.get(page).text

    sent = {"langkah": "ubah", "nilai": "40", "alasan": WHY}
    # Nonsense, somebody nobody knows, an attempt there is not, and a learner at the trainers' page.
    for fields in ({"nilai": "101"}, {"nilai": "tujuh"}, {"nilai": ""}, {"alasan": "  "}):
        told = trainer.post("/pelatih/nilai", **asked | sent | fields)
        assert (told.status_code, 'role="alert"' in told.text) == (400, True)
    for fields in ({"orang": "f" * 32}, {"percobaan": "2"}, {"kuis": "tidak-ada"}):
        told = trainer.post("/pelatih/nilai", **asked | sent | fields)
        assert told.status_code == 404
    assert client.get(page).status_code == 403

    assert trainer.post("/pelatih/nilai", **asked, **sent).status_code == 200
    told = client.get("/hasil").text
    assert "Nilai kuis ini diubah pelatih pada" in told
    assert "Listrik padam &lt;b&gt;saat&lt;/b&gt;" in told
    states = {row["state"]["object"]: row["state"] for row in client.page(MODULE)["widgets"]}
    view = states[QUIZ.root]["view"]
    assert [(one["kind"], one["was"], one["mark"], one["reason"]) for one in view["regraded"]] == [
        ("override", 100, 40, WHY)
    ]
    with site.store() as store:
        after = store.progress_of(learner)[MODULE]
        assert (after.mark, after.status, after.completed_at) == (40, before.status, before.completed_at)
        noted = next(row for row in store.audit_rows() if row.act == "mengubah_nilai")
        assert (noted.who, noted.subject, noted.detail["was"], noted.detail["mark"]) == (me, learner, 100, 40)
        assert store.regrades_of(learner)[-1].result["by"] == me
        assert store.verify_chains() == []

    trainer.post("/pelatih/nilai", **asked, langkah="batal", alasan="Salah orang.")
    assert "Perubahan nilai oleh pelatih dibatalkan pada" in client.get("/hasil").text
    with site.store() as store:
        assert store.progress_of(learner)[MODULE].mark == 100


def test_nobody_changes_their_own_mark(start: Callable[..., Site]) -> None:
    site = start(content=TOY)
    (nip,) = site.people(1)
    with site.store() as store:
        me = learner_of(store, nip)
        store.grant(me, "trainer", None, by="uji")
    client = Client(site, nip)
    finish(client.channel(MODULE))
    asked = {"orang": me, "kuis": MODULE, "percobaan": "1"}
    assert (
        client.post("/pelatih/nilai", **asked, langkah="ubah", nilai="100", alasan="Ya.").status_code == 403
    )
