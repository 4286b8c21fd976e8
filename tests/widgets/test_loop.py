"""The kernel's loop: a rehearsal for nobody leaves nothing a learner could meet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from comm.base_comm import CommManager

from netralitas import content
from netralitas.judge import Open, judge
from netralitas.widgets import learning, loop
from netralitas.widgets.learning import model_id
from netralitas.widgets.recorder import MemoryRecorder

ROOT = "quiz/03-media-sosial"


class Site(loop._Stage):
    """The other end of the line: what it will say is given, what it heard is kept."""

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        super().__init__(frames)
        self.heard: list[dict[str, Any]] = []

    def sendall(self, data: bytes) -> None:
        self.heard.append(orjson.loads(data[loop.FRAME.size :]))


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[CommManager]:
    """A process as the forker has it: its own comms, the module's widgets made."""
    monkeypatch.setattr(loop.comm, "create_comm", loop.comm.create_comm)
    monkeypatch.setattr(loop.comm, "get_comm_manager", loop.comm.get_comm_manager)
    monkeypatch.setattr(learning, "_waiting", {})
    manager = loop._hooks()
    for slug in content.current().course.module("03-media-sosial").scenarios:
        learning.scenario(slug)
    learning.quiz("03-media-sosial")
    yield manager
    loop.LineComm.line = None
    for widget in learning._waiting.values():
        widget.close()


def served(manager: CommManager, frames: list[dict[str, Any]], turns: int) -> list[dict[str, Any]]:
    site = Site(frames)
    learner = loop.Served(manager, site)
    for _turn in range(turns):
        learner.turn()
    loop.LineComm.line = None
    return site.heard


def first_answer() -> list[dict[str, Any]]:
    item = content.current().item(ROOT)
    message = Open(kind="open", event=str(uuid.uuid4()))
    event = MemoryRecorder().commit(judge(item, [], message), item).model_dump(mode="json")
    sent = {"method": "custom", "content": message.model_dump(mode="json")}
    return [
        {"begin": {"events": [], "drafts": {}}},
        {"comm": {"comm_id": model_id(ROOT), "data": sent}},
        {"answer": {"event": event}},
    ]


def test_each_kind_of_widget_is_rehearsed_by_its_first_message(manager: CommManager) -> None:
    frames = learning.rehearsal()
    named = {frame["comm"]["comm_id"] for frame in frames if "comm" in frame}
    assert len(named) == 2
    heard = served(manager, frames, 3)
    receipts = [one["comm"]["data"] for one in heard if one.get("comm", {}).get("data", {}).get("content")]
    assert [receipt["content"]["kind"] for receipt in receipts] == ["receipt", "receipt"]


def test_a_rehearsal_leaves_nothing_a_learner_could_meet(manager: CommManager) -> None:
    script = first_answer()
    before = served(manager, script, 2)
    for _again in range(3):
        loop._rehearse(manager, learning.rehearsal())
        assert served(manager, script, 2) == before
    assert [frame for frame in before if "ask" in frame]
    assert [one for one in before if one.get("comm", {}).get("data", {}).get("method") == "update"]


def test_who_comes_back_is_shown_where_they_stand_after_a_rehearsal(manager: CommManager) -> None:
    opened = first_answer()[2]["answer"]["event"]
    loop._rehearse(manager, learning.rehearsal())
    again = {"kind": "open", "event": opened["id"]}
    heard = served(
        manager,
        [
            {"begin": {"events": [opened], "drafts": {}}},
            {"comm": {"comm_id": model_id(ROOT), "data": {"method": "custom", "content": again}}},
        ],
        2,
    )
    # Their own event, sent once more: nothing is asked of the site, and the receipt comes with their view.
    assert not [frame for frame in heard if "ask" in frame]
    (update,) = [one["comm"]["data"] for one in heard if one.get("comm", {}).get("data", {}).get("state")]
    assert update["state"]["view"]["status"] == "running"
    assert heard[-1]["comm"]["data"]["content"] == {"kind": "receipt", "event": opened["id"]}


def test_nobody_is_heard_by_no_tab(manager: CommManager) -> None:
    loop._rehearse(manager, learning.rehearsal())
    assert loop.LineComm.line is None
