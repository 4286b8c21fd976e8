"""A story with memory in Chromium, by keyboard alone: state, certainty, a rating, a reload in the middle."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from netralitas import content
from netralitas.scenarios import RateScene
from tests.e2e.test_journey import log_in
from tests.site import Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOY = Path(__file__).parent.parent / "course"
STORY = "contoh-tekanan"
SLOW = 30_000


def with_story(folder: Path) -> Path:
    """The toy course, its module telling the story with memory."""
    place = Path(shutil.copytree(TOY, folder))
    for path in (place / "data" / "course.yaml", place / "modules" / "contoh-kuis.ipynb"):
        path.write_text(path.read_text(encoding="utf-8").replace("contoh-cerita", STORY), encoding="utf-8")
    return place


def focused(page: Page) -> str:
    """What has the focus, as a person reads it; of a radio what is asked, too."""
    told: str = page.evaluate(
        """() => {
            const at = document.activeElement;
            if (at === document.body) return "";
            const group = at.closest("fieldset");
            const words = (node) => (node ? node.textContent.trim() : "");
            const asked = words(group && group.querySelector("legend"));
            return `${asked}|${words(at.closest("label") || at)}`;
        }"""
    )
    return told


def tab_to(page: Page, words: str) -> None:
    """Go on by Tab until the focus is where `words` stand."""
    for _step in range(80):
        if words in focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to «{words}»")


def pick(page: Page, group: str, number: int) -> None:
    """Choose the radio of that number, from 1, in the group whose question is `group`."""
    tab_to(page, group)
    page.keyboard.press("Space")
    for _step in range(number - 1):
        page.keyboard.press("ArrowDown")


def decide(page: Page, box: Locator, then: str) -> None:
    tab_to(page, "Putuskan")
    page.keyboard.press("Enter")
    expect(box.get_by_text(then).first).to_be_visible(timeout=SLOW)


def to_the_rating(page: Page, box: Locator) -> None:
    """Play the first two scenes; what is not earned is not there."""
    expect(box.get_by_role("button", name="Mulai cerita")).to_be_visible(timeout=SLOW)
    tab_to(page, "Mulai cerita")
    page.keyboard.press("Enter")
    expect(box.get_by_role("img", name="Layar ponsel dengan empat pesan")).to_be_visible(timeout=SLOW)
    expect(box.get_by_text("0 dari 3")).to_be_visible()
    assert "Jejak di akun tim" not in box.inner_text()
    pick(page, "malam ini?", 4)
    decide(page, box, "keputusan ke-2")
    expect(box.get_by_text("1 dari 3")).to_be_visible()
    expect(box.get_by_text("Ia berterima kasih")).to_have_count(0)
    pick(page, "Apa jawaban Anda?", 4)
    tab_to(page, "Putuskan")
    page.keyboard.press("Enter")
    expect(box.get_by_text("Isi juga seberapa yakin Anda.")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    decide(page, box, "keputusan ke-3")


def kept(site: Site, nip: str, ratings: dict[str, int]) -> None:
    """Wait until the store holds these ratings as the draft of the story."""
    root = f"scenario/{STORY}"
    found: dict[str, int] = {}
    deadline = time.monotonic() + 20
    with site.store() as store:
        learner = learner_of(store, nip)
        while found != ratings:
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
            found = store.standing(learner, (root,)).drafts.get(root, {}).get("ratings", {})


def rate_with_a_reload(
    page: Page, box: Locator, asked: RateScene, kept: Callable[[dict[str, int]], None]
) -> None:
    """Rate half, reload, find it again, rate the rest."""
    actions = [action.text for action in asked.actions]
    pick(page, actions[0], 4)
    pick(page, actions[1], 1)
    kept({asked.actions[0].id: 4, asked.actions[1].id: 1})
    page.reload()
    expect(box.get_by_text("keputusan ke-3")).to_be_visible(timeout=SLOW)
    first, second = (box.get_by_role("radiogroup", name=text) for text in actions[:2])
    expect(first.get_by_label("Sangat tepat")).to_be_checked()
    expect(second.get_by_label("Sangat tidak tepat")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = box.locator(".steps label").evaluate_all(
        "labels => labels.map((one) => one.getBoundingClientRect()).map((one) => [one.width, one.height])"
    )
    assert min(min(size) for size in sizes) >= 44
    pick(page, actions[2], 3)
    pick(page, actions[3], 3)
    tab_to(page, "Putuskan")
    page.keyboard.press("Enter")
    expect(box.get_by_text("Isi juga seberapa yakin Anda.")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    decide(page, box, "Nilai penilaian 80 dari 100")


def test_a_story_with_memory_is_played_by_keyboard_and_a_reload_loses_nothing(
    start: Callable[..., Site], tmp_path: Path, phone: Page
) -> None:
    place = with_story(tmp_path / "isi")
    story = content.load(place).scenarios[STORY]
    asked = story.scene("s3")
    assert isinstance(asked, RateScene)
    site = start(content=place)
    nip = site.people(1)[0]
    log_in(phone, site.url, nip)
    phone.goto(f"{site.url}/modul/contoh-kuis")
    box = phone.locator("section.widget").filter(has_text=story.title)
    to_the_rating(phone, box)
    rate_with_a_reload(phone, box, asked, partial(kept, site, nip))
    expect(box.get_by_text("keputusan ke-4")).to_be_visible()
    pick(phone, "Apa langkah Anda?", 1)
    decide(phone, box, "Menolak dan tercatat")
    site.restart()
    phone.reload()
    expect(box.get_by_text("Menolak dan tercatat")).to_be_visible(timeout=SLOW)
    expect(box.get_by_role("heading", name="Jejak yang disarankan")).to_be_visible()
    said = [text for text in phone.said if "WebSocket" not in text and "ERR_CONNECTION_REFUSED" not in text]  # type: ignore[attr-defined]
    assert said == []
    with site.store() as store:
        events = store.events_of(learner_of(store, nip), [story.root])
        assert [event.verb for event in events] == ["opened", "chose", "chose", "rated", "chose"]
        assert events[3].result["score"] == 0.8
        assert store.verify_chains() == []
