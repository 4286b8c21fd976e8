"""The whole course by the keyboard alone, from the login to the mark; the focus is never lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from netralitas import content
from netralitas.scenarios import RateScene, advance, begin
from tests.e2e.hands import SLOW, STEPS, asked, part, plain
from tests.e2e.test_kinds import fill, reach, tick
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
    box = part(page, told.title)
    press(page, box.get_by_role("button", name="Mulai cerita"))
    at = begin(told)
    for number, letter in enumerate(told.recommended, start=1):
        scene = told.scene(at.place)
        assert scene is not None
        expect(box.get_by_text(f"keputusan ke-{number}")).to_be_visible(timeout=SLOW)
        here(page)
        if isinstance(scene, RateScene):
            for action in scene.actions:
                rows = box.get_by_role("radiogroup", name=plain(action.text), exact=True)
                tick(page, rows, STEPS[action.key - 1])
        else:
            text = next(choice.text for choice in scene.choices if choice.id == letter)
            tick(page, box.get_by_role("group").filter(has_text=plain(text)).last, plain(text))
        if scene.certainty:
            tick(page, box.get_by_role("radiogroup", name="Seberapa yakin Anda?"), "Yakin")
        press(page, box.get_by_role("button", name="Putuskan"))
        at = advance(told, at, letter)
        expect(box.get_by_text(f"keputusan ke-{number}")).to_have_count(0, timeout=SLOW)
        here(page)


def quiz(page: Page) -> None:
    all_of = content.current().quizzes[MODULE]
    box = part(page, all_of.title)
    press(page, box.get_by_role("button", name="Mulai kuis"))
    for number in range(1, all_of.size + 1):
        expect(box.get_by_text(f"Soal {number} dari {all_of.size}")).to_be_visible(timeout=SLOW)
        here(page)
        fill(page, box, asked(box, all_of))
        press(page, box.get_by_role("button", name="Kirim jawaban"))
        last = number == all_of.size
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
