"""A trainer's preview judges as for a learner, and no table knows of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from websocket import WebSocketBadStatusException

from netralitas import content
from netralitas.store import Store
from netralitas.store.tables import metadata
from tests.parts import EXAM, laid
from tests.site import DEMO, MODULE, Channel, Client, Site, frame, reply

pytestmark = pytest.mark.slow
AT = "/pelatih/pratinjau"
STORY = "scenario/like-unggahan"
SEEN = {"session", "audit"}
"""Whose rows say that a page was asked for, not what was done there."""


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in metadata.sorted_tables
            if table.name not in SEEN
        }


def test_answers_are_judged_and_no_table_knows_of_them(site: Site) -> None:
    trainer = Client(site, site.officer("trainer"), DEMO)
    page = trainer.get(f"{AT}/{MODULE}").text
    assert "Pratinjau, tidak dicatat" in page
    with site.store() as store:
        before = rows(store)
    line = Channel(trainer, MODULE, None, at=AT)
    quiz = f"quiz/{MODULE}"
    assert line.do(quiz, {"kind": "open"})["kind"] == "receipt"
    item = line.view(quiz)["questions"][0]
    assert "key" not in item
    sure = {"certainty": "yakin"} if item.get("ask_certainty") else {}
    tick = {"item": item["id"], "answer": reply(item), **sure}
    line.send(quiz, {"kind": "draft", "value": tick})
    told = line.do(quiz, {"kind": "answer", **tick})
    assert told["kind"] == "receipt"
    shown = line.view(quiz)["questions"][0]
    assert {"verdict", "feedback", "explanation", "key"} <= shown.keys()
    assert line.do(quiz, {"kind": "answer", **tick})["kind"] == "receipt"
    assert line.do(quiz, {"kind": "answer", "item": "tidak-ada", "answer": ["a"]})["kind"] == "refused"
    line.do(STORY, {"kind": "open"})
    scene = line.view(STORY)["scene"]
    assert line.do(STORY, {"kind": "choose", "scene": scene["id"], "choice": "a"})["kind"] == "receipt"
    with site.store() as store:
        assert rows(store) == before
    # What was done ended with the line.
    assert Channel(trainer, MODULE, "", at=AT).read()["data"]["state"]["view"]["status"] == "new"


def test_a_frame_that_is_no_message_ends_the_line(site: Site) -> None:
    trainer = Client(site, site.officer("trainer"), DEMO)
    with site.store() as store:
        before = rows(store)
    for bad in ("[]", frame("x" * 32, {"method": "custom", "content": {}})):
        line = Channel(trainer, MODULE, None, at=AT)
        line.raw(bad)
        with pytest.raises(ConnectionError):
            line.read()
    with site.store() as store:
        assert rows(store) == before


def test_only_trainers_preview_and_the_exam_waits_until_they_have_passed_it(
    tmp_path: Path, client: Client, site: Site
) -> None:
    for path in (AT, f"{AT}/{MODULE}"):
        assert client.get(path).status_code == 403
    page = client.page()
    with pytest.raises(WebSocketBadStatusException, match="403"):
        Channel(client, MODULE, None, line=f"{AT}/{MODULE}/saluran")
    assert page
    course = laid(tmp_path / "isi")
    other = Site(tmp_path / "situs", content=course).start()
    try:
        trainer = Client(other, other.officer("trainer"), DEMO)
        assert "Terbuka setelah Anda sendiri menyelesaikannya" in trainer.get(AT).text
        assert trainer.get(f"{AT}/{EXAM}").status_code == 403
        other_part = next(one.slug for one in content.load(course).course.modules if one.part == "pledge")
        assert trainer.get(f"{AT}/{other_part}").status_code == 200
        with pytest.raises(WebSocketBadStatusException, match="403"):
            Channel(trainer, other_part, None, at=AT, line=f"{AT}/{EXAM}/saluran")
    finally:
        other.stop()
