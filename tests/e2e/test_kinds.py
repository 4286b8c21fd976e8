"""Every kind of question by the keyboard alone, on a phone's page, with a reload before each answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from netralitas import content
from netralitas.quizzes import Question, key_reply
from tests.e2e.hands import STEPS, asked, plain
from tests.e2e.test_journey import log_in
from tests.site import Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOY = Path(__file__).parents[1] / "course"
MODULE = "contoh-jenis"
QUIZ = content.load(TOY).quizzes[MODULE]
SLOW = 30_000
TYPED = {"number": "1.590", "short_text": "  MASA   tenang."}
CASE = "j10"


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has focus."""
    target.wait_for()
    for _ in range(80):
        if target.evaluate("node => node.getRootNode().activeElement === node"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def tick(page: Page, group: Locator, name: str) -> None:
    """Choose a radio of a group: Tab leads into it, arrows move in it."""
    radios = group.get_by_role("radio")
    first = radios.nth(0)
    checked = group.locator("input:checked")
    reach(page, checked if checked.count() else first)
    page.keyboard.press("Space")
    for _ in range(radios.count()):
        if group.get_by_role("radio", name=name, exact=True).is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow reaches {name}")


def pick(page: Page, select: Locator, name: str) -> None:
    reach(page, select)
    for _ in range(12):
        if select.evaluate("node => node.selectedOptions[0].text") == name:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow reaches {name}")


def order(page: Page, box: Locator, texts: list[str]) -> None:
    """Move each entry up to its place."""
    for place, text in enumerate(texts):
        row = box.get_by_role("listitem").filter(has_text=text)
        while shown_order(box).index(text) > place:
            reach(page, row.get_by_role("button", name="Naik"))
            before = shown_order(box).index(text)
            page.keyboard.press("Enter")
            assert shown_order(box).index(text) == before - 1
            where = f"Urutan {before} dari {len(texts)}: {text}"
            expect(box.get_by_role("status").filter(has_text=where)).to_be_attached()


def shown_order(box: Locator) -> list[str]:
    return box.locator("li > p").all_inner_texts()


def fill(page: Page, box: Locator, question: Question, typed: str = "") -> None:
    """Give the right answer to a question, by keys only; `typed` is another way to write it."""
    texts: dict[str, str] = {row.id: plain(row.text) for row in question.rows}
    key: Any = getattr(question, "key", None)
    if question.kind in {"single_choice", "true_false"}:
        tick(page, box.get_by_role("group").first, texts[key[0]])
    elif question.kind == "multiple_choice":
        for letter in key:
            reach(page, box.get_by_label(texts[letter], exact=True))
            page.keyboard.press("Space")
    elif question.kind in {"matching", "classification"}:
        heads = {column.id: column.text for column in question.columns}
        for row, column in key.items():
            pick(page, box.get_by_label(texts[row], exact=True), heads[column])
    elif question.kind == "rating":
        for row, step in key.items():
            tick(page, box.get_by_role("group", name=texts[row], exact=True), STEPS[step - 1])
    elif question.kind == "ordering":
        order(page, box, [texts[letter] for letter in key])
    else:
        reach(page, box.get_by_label("Jawaban Anda"))
        page.keyboard.type(typed or str(key_reply(question)))
    if question.certainty:
        tick(page, box.get_by_role("group", name="Seberapa yakin Anda?"), "Yakin")


def filled(box: Locator) -> dict[str, object]:
    """Everything that is filled in on the screen."""
    return {
        "ticked": box.locator("input:checked").evaluate_all(
            "all => all.map(one => one.name.slice(9) + one.value)"
        ),
        "picked": box.locator("select").evaluate_all("all => all.map(one => one.value)"),
        "typed": [
            text.strip() for text in box.locator("input[type=text]").evaluate_all("a => a.map(o => o.value)")
        ],
        "order": shown_order(box) if box.get_by_role("button", name="Naik").count() else [],
    }


def kept(site: Site, nip: str, item: str, root: str = QUIZ.root) -> dict[str, Any]:
    """Wait until the store holds a draft that stays as it is, and return it."""
    with site.store() as store:
        learner = learner_of(store, nip)
        last: dict[str, Any] = {}
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = store.standing(learner, (QUIZ.root,)).drafts.get(root, {})
            if found.get("item") == item and found == last:
                return dict(found)
            last = dict(found)
            time.sleep(0.6)
    raise AssertionError(f"no draft of {item}")


def test_all_kinds_by_keyboard_with_a_reload_before_each_answer(
    start: Callable[..., Site], phone: Page
) -> None:
    site = start(content=TOY)
    nip = site.people(1)[0]
    log_in(phone, site.url, nip)
    phone.goto(f"{site.url}/modul/{MODULE}")
    box = phone.locator("section.activity")
    reach(phone, box.get_by_role("button", name="Mulai kuis"))
    phone.keyboard.press("Enter")
    seen = []
    for number in range(1, QUIZ.size + 1):
        expect(box.get_by_role("heading", name=f"Soal {number} dari 9")).to_be_visible(timeout=SLOW)
        question = asked(box, QUIZ)
        seen.append(question.kind)
        # Nothing goes up before it is whole; what is missing is said.
        reach(phone, box.get_by_role("button", name="Kirim jawaban"))
        phone.keyboard.press("Enter")
        expect(box.get_by_role("alert")).not_to_be_empty()
        phone.keyboard.press("Shift+Tab")
        phone.reload()
        expect(box.get_by_role("heading", name=f"Soal {number} dari 9")).to_be_visible(timeout=SLOW)
        fill(phone, box, question, TYPED.get(question.kind, ""))
        kept(site, nip, question.id)
        before = filled(box)
        phone.reload()
        expect(box.get_by_role("heading", name=f"Soal {number} dari 9")).to_be_visible(timeout=SLOW)
        assert filled(box) == before
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        reach(phone, box.get_by_role("button", name="Kirim jawaban"))
        phone.keyboard.press("Enter")
        expect(box.get_by_role("heading", name="Tepat", exact=True)).to_be_visible(timeout=SLOW)
        onward = "Lihat hasil" if number == QUIZ.size else "Soal berikutnya"
        reach(phone, box.get_by_role("button", name=onward))
        phone.keyboard.press("Enter")
    assert sorted(seen) == sorted(one.kind for one in QUIZ.questions if one.scored)
    expect(box.get_by_role("heading", name="Nilai Anda 100")).to_be_visible(timeout=SLOW)
    case = box.get_by_role("textbox", name="Jawaban Anda")
    reach(phone, case)
    phone.keyboard.type("Saya menyimpan undangannya.")
    kept(site, nip, CASE, f"{QUIZ.root}/{CASE}")
    phone.reload()
    expect(case).to_have_value("Saya menyimpan undangannya.", timeout=SLOW)
    reach(phone, box.get_by_role("button", name="Kirim jawaban kasus"))
    phone.keyboard.press("Enter")
    expect(box.get_by_text("Studi kasus, terkirim")).to_be_visible(timeout=SLOW)
    assert phone.said == []  # type: ignore[attr-defined]
    with site.store() as store:
        learner = learner_of(store, nip)
        told = [event.result for event in store.events_of(learner) if event.verb == "answered"]
        assert [row["score"] for row in told] == [1.0] * 9
        assert [row.get("certainty") for row in told].count("yakin") == 1
        assert store.progress_of(learner)[MODULE].mark == 100
