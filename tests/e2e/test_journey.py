"""The whole way: log in, the stories, the quiz, a reload and a restart in the middle, and the report."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from netralitas import content
from netralitas.quizzes import mark
from tests.e2e.hands import SLOW, judged, play
from tests.site import DEMO, MODULE, NETRALITAS, PASSWORD, Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
QUIZ = content.current().quizzes[MODULE]
MISSED = mark([1.0] * (QUIZ.size - 1), QUIZ.size)
"""What is left with one item missed."""


def log_in(page: Page, address: str, nip: str, password: str = PASSWORD) -> None:
    page.goto(address)
    page.get_by_label("NIP").fill(nip)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()


def onward(page: Page) -> None:
    page.get_by_role("button", name="Soal berikutnya").click()


def report(site: Site) -> dict[str, object]:
    done = subprocess.run(
        [NETRALITAS, "report", "completion", "--by", "unit", "--internal", "--format", "json"],
        env=site.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("host", ["127.0.0.1", "netralitas.contoh"])
def test_a_learner_finishes_the_module_and_the_report_says_so(
    start: Callable[..., Site], phone: Page, host: str
) -> None:
    site = start(NETRALITAS_HOSTS="127.0.0.1,netralitas.contoh")
    nip = site.people(1)[0]
    before = report(site)
    log_in(phone, f"http://{host}:{site.port}/", nip)
    phone.get_by_role("link", name="Mulai", exact=True).click()
    first, *others = content.current().course.module(MODULE).scenarios
    play(phone, first)
    # The rule an ending quotes says that nobody has reviewed it.
    expect(phone.locator(".rule").get_by_text("belum ditinjau ahli hukum").first).to_be_visible()
    # Reload in the middle: the same ending stands there.
    phone.reload()
    for slug in others:
        play(phone, slug)
    phone.get_by_role("button", name="Mulai kuis").click()
    expect(phone.get_by_text(f"Soal 1 dari {QUIZ.size}")).to_be_visible(timeout=SLOW)
    for number in range(1, QUIZ.size + 1):
        judged(phone, QUIZ, right=number != 2)
        if number == 4:
            phone.reload()
            expect(phone.get_by_text(f"Soal 5 dari {QUIZ.size}")).to_be_visible(timeout=SLOW)
        elif number == 7:
            site.restart()
            onward(phone)
            expect(phone.get_by_text(f"Soal 8 dari {QUIZ.size}")).to_be_visible(timeout=SLOW)
        elif number < QUIZ.size:
            onward(phone)
    phone.get_by_role("button", name="Lihat hasil").click()
    expect(phone.get_by_role("heading", name=f"Nilai Anda {MISSED}")).to_be_visible(timeout=SLOW)
    phone.get_by_role("link", name="Kembali ke beranda").click()
    expect(phone.get_by_role("heading", name="Pelatihan selesai")).to_be_visible()
    said = [text for text in phone.said if "WebSocket" not in text and "ERR_CONNECTION_REFUSED" not in text]  # type: ignore[attr-defined]
    assert said == []
    after = report(site)
    assert after["total"]["people"] == before["total"]["people"]  # type: ignore[index]
    assert after["total"]["completed"] == before["total"]["completed"] + 1 == 1  # type: ignore[index]
    assert after["total"]["in_progress"] == 0  # type: ignore[index]
    with site.store() as store:
        learner = learner_of(store, nip)
        progress = store.progress_of(learner)[MODULE]
        account = store.account(learner)
        assert account is not None
        assert (progress.status, progress.mark) == ("completed", MISSED)
        assert store.verify_chains() == []
        rows = {row["name"]: row["completed"] for row in after["rows"]}  # type: ignore[attr-defined]
        assert rows[account.unit] == 1
        assert store.rebuild(content.current().course).rows_changed == 0


def test_an_officer_sees_the_completion_and_makes_a_code(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    log_in(phone, site.url, site.officer("agency"), DEMO)
    phone.get_by_role("link", name="Petugas").click()
    expect(phone.get_by_role("heading", name="Penyelesaian di unit Anda")).to_be_visible()
    phone.get_by_role("button", name="Buat kode untuk").first.click()
    expect(phone.get_by_text("kode hanya ditampilkan sekali")).to_be_visible()
    assert phone.said == []  # type: ignore[attr-defined]
