"""A cohort on a phone: made, dated, spoken to; a learner gets time and another try, and sees it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from netralitas import content
from netralitas.i18n import day
from netralitas.quizzes import Quiz
from netralitas.reading import read_yaml
from netralitas.store import Account
from tests.e2e.hands import SLOW, missed, part
from tests.e2e.test_journey import log_in
from tests.parts import EXAM, MODULE, laid
from tests.site import DEMO, Client, Site, finish, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
QUIZ = "contoh-jenis"
TODAY = datetime.now(UTC).date()
LAST, MORE = TODAY + timedelta(days=20), TODAY + timedelta(days=40)


def sat_once(folder: Path) -> Path:
    """The toy course with an exam that is sat once."""
    place = laid(folder)
    path = place / "quizzes" / f"{QUIZ}.yaml"
    path.write_text(
        yaml.safe_dump(read_yaml(path, place) | {"attempts": 1}, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )
    return place


def miss(client: Client, quiz: Quiz) -> None:
    """Sit the exam and miss everything."""
    line = client.channel(EXAM)
    line.do(quiz.root, {"kind": "open"})
    for item in line.view(quiz.root)["questions"]:
        question = quiz.question(item["id"])
        sure = {"certainty": "yakin"} if question.certainty else {}
        said = {"kind": "answer", "item": question.id, "answer": missed(question), **sure}
        assert line.do(quiz.root, said)["kind"] == "receipt"
    line.close()


def submit(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def lead(page: Page, site: Site, learner: Account) -> None:
    """The trainer makes a cohort of one, gives it a day and says something."""
    log_in(page, site.url, site.officer("trainer"), DEMO)
    page.get_by_role("link", name="Pelatih", exact=True).click()
    page.get_by_role("link", name="Angkatan", exact=True).click()
    page.get_by_label("Nama angkatan").fill("Angkatan Melati")
    submit(page, "Buat, lalu pilih orangnya")
    page.get_by_label("Nama, unit, atau jabatan").fill(learner.name)
    page.get_by_role("main").get_by_role("button", name="Cari", exact=True).click()
    page.locator(f"input[value='{learner.learner}']").check()
    submit(page, "Tambahkan yang dicentang")
    expect(page.get_by_text("1 orang ditambahkan")).to_be_visible()
    page.get_by_role("link", name="Selesai, lihat angkatannya").click()
    page.get_by_label("Hari terakhir").fill(LAST.isoformat())
    submit(page, "Simpan tenggat")
    expect(page.get_by_text(f"paling lambat {day(LAST)}")).to_be_visible()
    page.get_by_label("Isi pesan").fill("Ujian ulang besok pukul 9.\nBawa <b>kartu</b>.")
    submit(page, "Tampilkan di Beranda mereka")
    expect(page.get_by_text("dibaca 0 dari 1 orang")).to_be_visible()


def help_one(page: Page, learner: Account) -> None:
    """More time, and another attempt."""
    page.get_by_role("link", name=learner.name, exact=True).click()
    page.get_by_label("Perpanjang sampai").fill(MORE.isoformat())
    submit(page, "Perpanjang")
    expect(page.get_by_text(f"{day(MORE)} (diperpanjang)")).to_be_visible()
    page.get_by_label("Alasan, dibaca orangnya").fill("Listrik padam.")
    submit(page, "Buka satu percobaan lagi")
    expect(page.get_by_text("Sesudahnya dibuka lagi oleh")).to_be_visible()
    expect(page.get_by_role("button", name="Buka satu percobaan lagi")).to_have_count(0)


def test_a_trainer_leads_a_cohort_and_a_learner_sees_it(
    start: Callable[..., Site], phone: Page, browser: Browser, tmp_path: Path
) -> None:
    place = sat_once(tmp_path / "isi-uji")
    known = content.load(place)
    site = start(content=place)
    nip = site.people(1, unit="Dinas Contoh Pendidikan")[0]
    with site.store() as store:
        learner = store.account(learner_of(store, nip))
    assert learner is not None
    client = Client(site, nip)
    finish(client, known, MODULE)
    exam = known.quizzes[QUIZ]
    miss(client, exam)

    lead(phone, site, learner)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    mine = context.new_page()
    log_in(mine, site.url, nip)
    expect(mine.get_by_text(f"Tenggat: {day(LAST)}")).to_be_visible()
    expect(mine.get_by_text("Bawa <b>kartu</b>.")).to_be_visible()
    mine.goto(f"{site.url}/modul/{EXAM}")
    box = part(mine, exam.title)
    expect(box.get_by_role("heading", name="Nilai Anda 0")).to_be_visible(timeout=SLOW)
    expect(box.get_by_role("button", name="Coba lagi")).to_have_count(0)

    help_one(phone, learner)
    # Without a reload: the line comes back by itself and is told.
    expect(box.get_by_text("Alasannya: Listrik padam.")).to_be_visible(timeout=SLOW)
    box.get_by_role("button", name="Coba lagi").click()
    expect(box.get_by_role("heading", name=f"Soal 1 dari {exam.size}")).to_be_visible(timeout=SLOW)
    mine.goto(site.url)
    expect(mine.get_by_text(f"Tenggat: {day(MORE)}")).to_be_visible()
    expect(mine.get_by_text("Diperpanjang untuk Anda.")).to_be_visible()
    submit(mine, "Sudah saya baca")
    expect(mine.get_by_text("Bawa <b>kartu</b>.")).to_have_count(0)
    context.close()
    phone.get_by_role("link", name="Angkatan Melati", exact=True).click()
    expect(phone.get_by_text("dibaca 1 dari 1 orang")).to_be_visible()
    phone.get_by_text("Siapa berbuat apa").click()
    expect(phone.get_by_text(f"membuka lagi «{exam.title}» untuk {learner.name}")).to_be_visible()
    assert phone.said == []  # type: ignore[attr-defined]
