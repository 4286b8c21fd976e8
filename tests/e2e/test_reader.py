"""What a screen reader says, in order: the accessibility tree of a story and a quiz, kept as expected texts.

`transcripts/*.txt` are written by hand's consent: run with NETRALITAS_WRITE=1, read what changed, commit it.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from netralitas import content
from netralitas.judge import Open, judge, opening
from netralitas.store import Stamp
from tests.e2e.test_journey import SLOW, log_in
from tests.site import Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = Path(__file__).parent / "transcripts"
TOY = Path(__file__).parents[1] / "course"
SILENT = {
    "generic",
    "none",
    "InlineTextBox",
    "LineBreak",
    "paragraph",
    "LabelText",
    "Legend",
    "emphasis",
    "strong",
}
STATES = ("checked", "disabled", "expanded", "required", "invalid", "level", "focused")


def spoken(page: Page, selector: str) -> str:
    """The tree under an element, a line for each thing that is said."""
    client = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in client.send("Accessibility.getFullAXTree")["nodes"]}
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    wanted = client.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    backend = client.send("DOM.describeNode", {"nodeId": wanted})["node"]["backendNodeId"]
    top = next(node for node in nodes.values() if node.get("backendDOMNodeId") == backend)

    def read(node: dict[str, Any], depth: int, above: str) -> Iterator[str]:
        role = str(node.get("role", {}).get("value", ""))
        name = " ".join(str(node.get("name", {}).get("value", "")).split())
        own = not node.get("ignored") and role not in SILENT and not (role == "StaticText" and name in above)
        if own:
            told = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
            states = [f"{key}={told[key]}" for key in STATES if told.get(key) not in {None, "false", False}]
            label = {"StaticText": ""}.get(role, role)
            yield "  " * depth + " ".join(filter(None, [label, f"«{name}»" if name else "", *states]))
        for child in node.get("childIds", []):
            if child in nodes:
                said = f"{above} {name}" if own and role != "group" else above
                yield from read(nodes[child], depth + own, said)

    return "\n".join(read(top, 0, "")) + "\n"


def compare(name: str, parts: dict[str, str]) -> None:
    """Compare a transcript with what is kept."""
    told = "".join(f"== {title}\n{text}\n" for title, text in parts.items())
    # Names of groups and ids are drawn anew on every page.
    told = re.sub(r"\bn[0-9a-f]{8}\b", "n", told)
    path = HERE / f"{name}.txt"
    if os.environ.get("NETRALITAS_WRITE") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


@pytest.fixture
def drawn(start: Callable[..., Site], phone: Page) -> Page:
    """A learner of the toy course whose story and quiz were begun with a known seed."""
    site = start(content=TOY)
    nip = site.people(1)[0]
    known = content.load(TOY)
    with site.store() as store:
        learner = learner_of(store, nip)
        for item in (known.scenarios["contoh-cerita"], known.quizzes["contoh-kuis"]):
            given = judge(item, [], Open(kind="open", event=str(uuid.uuid4())))
            given = given.model_copy(update={"result": opening(item, 7)})
            store.append([Stamp(learner, "0" * 16, given)], known.course)
    log_in(phone, site.url, nip)
    phone.goto(f"{site.url}/modul/contoh-kuis")
    expect(phone.get_by_role("button", name="Putuskan")).to_be_visible(timeout=SLOW)
    return phone


def test_a_story_is_read_in_order(drawn: Page) -> None:
    box = "section.widget:has(.chat)"
    story = drawn.locator("section.widget").first
    parts = {"adegan": spoken(drawn, box)}
    story.get_by_role("button", name="Putuskan").click()
    expect(story.get_by_text("Pilih satu langkah dulu.")).to_be_visible()
    parts["belum dipilih"] = spoken(drawn, "section.widget")
    story.get_by_label("Pilihan s1 b").check()
    story.get_by_role("button", name="Putuskan").click()
    expect(story.get_by_text("Akibat s1 b")).to_be_visible(timeout=SLOW)
    parts["akibat"] = spoken(drawn, "section.widget")
    story.get_by_role("radio").first.check()
    story.get_by_role("button", name="Putuskan").click()
    expect(story.get_by_role("button", name="Ulangi cerita")).to_be_visible(timeout=SLOW)
    parts["penutup"] = spoken(drawn, "section.widget")
    compare("cerita", parts)


def test_a_quiz_is_read_in_order(drawn: Page) -> None:
    quiz = drawn.locator("section.widget").last
    inside = "section.widget:has([role=progressbar])"
    parts = {"soal": spoken(drawn, inside)}
    quiz.get_by_role("button", name="Kirim jawaban").click()
    expect(quiz.get_by_role("alert")).not_to_be_empty()
    parts["belum dijawab"] = spoken(drawn, inside)
    wrong = content.load(TOY).quizzes["contoh-kuis"]
    while quiz.get_by_role("button", name="Kirim jawaban").count():
        asked = " ".join(quiz.locator("legend").inner_text().split())
        item = next(one for one in wrong.questions if one.prompt in asked)
        first = next(one for one in item.choices if one.id not in item.key)
        quiz.get_by_label(first.text, exact=True).check()
        quiz.get_by_role("button", name="Kirim jawaban").click()
        onward = quiz.get_by_role("button", name=re.compile("Soal berikutnya|Lihat hasil"))
        expect(onward).to_be_visible(timeout=SLOW)
        parts.setdefault("belum tepat", spoken(drawn, inside))
        onward.click()
    expect(quiz.get_by_role("heading", name="Nilai Anda")).to_be_visible()
    parts["hasil"] = spoken(drawn, inside)
    compare("kuis", parts)
