"""A key is corrected while the site runs: a named person has the mark computed anew, and the page says so."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from netralitas import demo
from tests.e2e.test_journey import log_in
from tests.site import DEMO, NETRALITAS, Client, Site, learner_of
from tests.web.test_kinds import QUIZ, ROOT, SLUG, toy

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOW = 30_000


def command(site: Site, *words: str) -> str:
    """Run a command on the site's store and content, beside the running site."""
    done = subprocess.run(
        [NETRALITAS, *words], env=site.environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_mark_computed_anew_and_an_emptied_answer_are_told_calmly(
    start: Callable[..., Site], phone: Page, tmp_path: Path
) -> None:
    two = [QUIZ.question(item).model_dump(mode="json") for item in ("j03", "j08")]
    place = toy(tmp_path, questions=two)
    site = start(content=place)
    (nip,) = site.people(1, unit=demo.EDUCATION)
    client = Client(site, nip)
    tab = client.channel(SLUG)
    tab.do(ROOT, {"kind": "open"})
    for item, answer in (("j03", ["b"]), ("j08", "minggu tenang")):
        assert tab.do(ROOT, {"kind": "answer", "item": item, "answer": answer})["kind"] == "receipt"
    assert tab.view(ROOT)["mark"] == 50
    tab.close()
    # What was typed is there again for a page that is opened anew, and not in the chain.
    again = {row["id"]: row for row in client.channel(SLUG).view(ROOT)["questions"]}
    assert again["j08"]["answer"] == "minggu tenang"
    with site.store() as store:
        learner = learner_of(store, nip)
        assert "minggu" not in str([event.result for event in store.events_of(learner)])

    path = place / "quizzes" / f"{SLUG}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    raw["questions"][0]["key"] = ["b"]
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    why = "Kunci soal ini keliru sejak awal."
    assert f"{learner} · percobaan 1 · nilai 50 → 100" in command(site, "regrade", SLUG)
    told = command(site, "regrade", SLUG, "--yes", "--by", learner, "--reason", why)
    assert told.endswith("1 percobaan dinilai ulang.\n")
    assert command(site, "empty-typed", nip, "--by", learner, "--yes") == "1 jawaban yang diketik dihapus.\n"

    log_in(phone, site.url, nip)
    phone.goto(f"{site.url}/modul/{SLUG}")
    box = phone.locator("section.activity")
    expect(box.get_by_role("heading", name="Nilai Anda 100")).to_be_visible(timeout=SLOW)
    expect(box.get_by_role("heading", name="Nilai dihitung ulang")).to_be_visible()
    expect(box.get_by_text("dari 50 menjadi 100")).to_be_visible()
    expect(box.get_by_text(why)).to_be_visible()
    for summary in box.locator("ol.lines summary").all():
        summary.click()
    expect(box.get_by_text("jawaban sudah dihapus")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.goto(f"{site.url}/hasil")
    expect(phone.get_by_text(f"Alasannya: {why}")).to_be_visible()
    assert phone.said == []  # type: ignore[attr-defined]

    seen = Client(site, site.officer("trainer"), DEMO).get(f"/pelatih?orang={learner}").text
    assert "jawaban sudah dihapus" in seen
    assert "minggu tenang" not in seen
    with site.store() as store:
        assert store.verify_chains() == []
