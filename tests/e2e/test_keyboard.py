"""The whole course by the keyboard alone, from the login to the mark; the focus is never lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from netralitas import content
from tests.e2e.test_journey import SLOW, plain
from tests.e2e.test_kinds import reach, tick
from tests.site import MODULE, PASSWORD, Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")


def here(page: Page) -> None:
    """Somewhere on the screen has the focus: a person who cannot see it is not back at the top."""
    assert page.evaluate("document.activeElement !== document.body")


def story(page: Page, slug: str) -> None:
    told = content.current().scenarios[slug]
    box = page.locator("section.widget").filter(has_text=told.title)
    press(page, box.get_by_role("button", name="Mulai cerita"))
    place = told.start
    for letter in told.recommended:
        scene = told.scene(place)
        assert scene is not None
        choice = next(one for one in scene.choices if one.id == letter)  # type: ignore[union-attr]
        expect(box.get_by_label(plain(choice.text), exact=True)).to_be_visible(timeout=SLOW)
        here(page)
        tick(page, box.get_by_role("group"), plain(choice.text))
        press(page, box.get_by_role("button", name="Putuskan"))
        place = str(choice.next)
        expect(box.get_by_label(plain(choice.text), exact=True)).to_have_count(0, timeout=SLOW)
        here(page)


def quiz(page: Page) -> None:
    asked = content.current().quizzes[MODULE]
    press(page, page.get_by_role("button", name="Mulai kuis"))
    box = page.locator("section.widget").last
    for number in range(1, asked.size + 1):
        expect(box.get_by_text(f"Soal {number} dari {asked.size}")).to_be_visible(timeout=SLOW)
        here(page)
        legend = " ".join(box.locator("legend").inner_text().split())
        item = next(one for one in asked.questions if " ".join(plain(one.prompt).split()) == legend)
        texts = {one.id: plain(one.text) for one in item.choices}
        if item.kind == "multiple_choice":
            for letter in item.key:
                reach(page, box.get_by_label(texts[letter], exact=True))
                page.keyboard.press("Space")
        else:
            tick(page, box.get_by_role("group"), texts[item.key[0]])
        press(page, box.get_by_role("button", name="Kirim jawaban"))
        last = number == asked.size
        onward = box.get_by_role("button", name="Lihat hasil" if last else "Soal berikutnya")
        expect(onward).to_be_visible(timeout=SLOW)
        here(page)
        press(page, onward)


def test_the_whole_course_by_keyboard(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    nip = site.people(1)[0]
    phone.goto(site.url)
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    reach(phone, phone.get_by_label("NIP"))
    phone.keyboard.type(f"{nip[:8]} {nip[8:14]} {nip[14:15]} {nip[15:]}")
    reach(phone, phone.get_by_label("Kata sandi", exact=True))
    phone.keyboard.type(PASSWORD)
    phone.keyboard.press("Enter")
    press(phone, phone.get_by_role("link", name="Mulai", exact=True))
    expect(phone.get_by_role("button", name="Mulai kuis")).to_be_visible(timeout=SLOW)
    for slug in content.current().course.module(MODULE).scenarios:
        story(phone, slug)
    quiz(phone)
    expect(phone.get_by_role("heading", name="Nilai Anda 100")).to_be_visible(timeout=SLOW)
    here(phone)
    assert phone.said == []  # type: ignore[attr-defined]
    with site.store() as store:
        assert store.progress_of(learner_of(store, nip))[MODULE].status == "completed"
