"""What a learner does in a module, by roles and visible names: play a story, answer any kind of question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from netralitas import content
from netralitas.content import Content
from netralitas.pledges import Pledge
from netralitas.quizzes import Question, Quiz, key_reply, score
from netralitas.scenarios import RateScene, Scenario, advance, begin

STEPS = ("Sangat tidak tepat", "Kurang tepat", "Cukup tepat", "Sangat tepat")
SLOW = 30_000
BESIDE = 180_000
"""What the site has made in a process of its own, behind the learners, waits for a busy machine."""


def plain(text: str) -> str:
    """Return a text without the marks of emphasis, as it is shown."""
    return " ".join(text.replace("*", "").split())


def part(page: Page, title: str) -> Locator:
    """Return the activity of that title."""
    return page.get_by_role("region", name=plain(title), exact=True)


def play(page: Page, slug: str, known: Content | None = None) -> None:
    """Bring a story to its end along the recommended path."""
    story = (known or content.current()).scenarios[slug]
    box = part(page, story.title)
    box.get_by_role("button", name="Mulai cerita").click()
    here = begin(story)
    for number, letter in enumerate(story.recommended, start=1):
        expect(box.get_by_text(f"keputusan ke-{number}", exact=False)).to_be_visible(timeout=SLOW)
        decide(box, story, here.place, letter)
        here = advance(story, here, letter)
    ending = story.ending(here.place)
    assert ending is not None
    expect(box.get_by_text(plain(ending.title)).first).to_be_visible(timeout=SLOW)


def decide(box: Locator, story: Scenario, place: str, letter: str) -> None:
    """Take a decision, or rate as the experts do where actions are rated."""
    scene = story.scene(place)
    assert scene is not None
    if isinstance(scene, RateScene):
        for action in scene.actions:
            rows = box.get_by_role("radiogroup", name=plain(action.text), exact=True)
            rows.get_by_role("radio", name=STEPS[action.key - 1], exact=True).check()
    else:
        text = next(choice.text for choice in scene.choices if choice.id == letter)
        box.get_by_role("radio", name=plain(text), exact=True).check()
    if scene.certainty:
        box.get_by_role("radiogroup", name="Seberapa yakin Anda?").get_by_role("radio", name="Yakin").check()
    box.get_by_role("button", name="Putuskan").click()


def asked(box: Locator, quiz: Quiz) -> Any:
    """Return the question that is on the screen."""
    # Not its inner text: what is far from the screen is not drawn, and has none.
    legend = plain(box.locator("legend").first.text_content() or "")
    found = [question for question in quiz.questions if plain(question.prompt) == legend]
    assert found, legend
    return found[0]


def missed(question: Question) -> Any:
    """Return an answer worth nothing, of the shape a page sends."""
    right: Any = key_reply(question)
    if isinstance(right, str):
        wrong: Any = "7" if question.kind == "number" else "entah"
    elif isinstance(right, Mapping):
        columns = [column.id for column in question.columns] or ["1", "4"]
        others = {row: [one for one in columns if one != key] for row, key in right.items()}
        # In a rating the far end is the wrong one.
        far = (
            {row: "1" if int(key) > 2 else "4" for row, key in right.items()} if not question.columns else {}
        )
        wrong = far or {row: found[n % len(found)] for n, (row, found) in enumerate(others.items())}
    elif question.kind == "ordering":
        wrong = right[::-1]
    else:
        wrong = tuple(row.id for row in question.rows if row.id not in right)[:1]
    assert score(question, wrong) == 0
    return wrong


def fill(box: Locator, question: Question, reply: Any) -> None:
    """Fill in an answer, whatever the kind of question, as a hand with a pointer does."""
    texts = {row.id: plain(row.text) for row in question.rows}
    if isinstance(reply, str):
        box.get_by_label("Jawaban Anda").fill(reply)
    elif isinstance(reply, Mapping) and question.kind == "rating":
        for row, step in reply.items():
            rows = box.get_by_role("group", name=texts[row], exact=True)
            rows.get_by_role("radio", name=STEPS[int(step) - 1], exact=True).check()
    elif isinstance(reply, Mapping):
        heads = {column.id: column.text for column in question.columns}
        for row, column in reply.items():
            box.get_by_role("combobox", name=texts[row], exact=True).select_option(label=heads[column])
    elif question.kind == "ordering":
        arrange(box, [texts[letter] for letter in reply])
    else:
        for letter in reply:
            box.get_by_label(texts[letter], exact=True).check()
    if question.certainty:
        sure = box.get_by_role("group", name="Seberapa yakin Anda?")
        sure.get_by_role("radio", name="Yakin", exact=True).check()


def arrange(box: Locator, texts: list[str]) -> None:
    """Move entries up until they stand in this order."""
    rows = box.get_by_role("listitem")
    # What is shown first counts as no answer until something has moved.
    rows.first.get_by_role("button", name="Turun").click()
    for place, text in enumerate(texts):
        row = rows.filter(has=box.page.get_by_text(text, exact=True))
        while plain(rows.nth(place).locator("p").text_content() or "") != text:
            row.get_by_role("button", name="Naik").click()


def answer(page: Page, quiz: Quiz, *, right: bool = True) -> None:
    """Answer the question on the screen and send it."""
    box = part(page, quiz.title)
    question = asked(box, quiz)
    fill(box, question, key_reply(question) if right else missed(question))
    box.get_by_role("button", name="Kirim jawaban").click()


def judged(page: Page, quiz: Quiz, *, right: bool = True) -> None:
    """Answer the question on the screen and wait for its verdict."""
    answer(page, quiz, right=right)
    verdict = "Tepat" if right else "Belum tepat"
    expect(part(page, quiz.title).get_by_role("heading", name=verdict, exact=True)).to_be_visible(
        timeout=SLOW
    )


def sit(page: Page, quiz: Quiz, *, first: int = 1, last: int = 0) -> None:
    """Answer the items of a quiz from the first to the last of these by their keys, whatever its feedback."""
    box = part(page, quiz.title)
    if first == 1:
        box.get_by_role("button", name="Mulai kuis").click()
    for number in range(first, (last or quiz.size) + 1):
        told = f"Soal {number} dari {quiz.size}"
        expect(box.get_by_role("heading", name=told)).to_be_visible(timeout=SLOW)
        if quiz.feedback != "at_once":
            answer(page, quiz)
            continue
        judged(page, quiz)
        onward = "Lihat hasil" if number == quiz.size else "Soal berikutnya"
        box.get_by_role("button", name=onward).click()
    if (last or quiz.size) == quiz.size:
        expect(box.get_by_role("heading", name="Nilai Anda 100")).to_be_visible(timeout=SLOW)


def promise(page: Page, pledge: Pledge) -> None:
    """Pledge every point."""
    box = part(page, pledge.title)
    for number in range(1, len(pledge.points) + 1):
        box.get_by_role("button", name="Saya berikrar").click()
        told = f"{number} dari {len(pledge.points)} butir diikrarkan"
        expect(box.get_by_text(told, exact=True)).to_be_visible(timeout=SLOW)
    expect(box.get_by_role("heading", name="Ikrar Anda lengkap")).to_be_visible()
