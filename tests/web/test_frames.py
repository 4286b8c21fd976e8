"""Frames no page of ours sends: refused, recorded, and nothing changes."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
import websocket

from tests.site import MODULE, Channel, Client, Site, frame, learner_of, reply

pytestmark = pytest.mark.slow
QUIZ = f"quiz/{MODULE}"
STORY = "scenario/like-unggahan"
TRAITS = [
    "object",
    "view",
    "preview",
    "_esm",
    "_css",
    "_anywidget_id",
    "_model_name",
    "_view_module",
    "layout",
]


def running(client: Client) -> Channel:
    tab = client.channel()
    tab.do(QUIZ, {"kind": "open"})
    tab.do(STORY, {"kind": "open"})
    return tab


def refusals(site: Site, nip: str, number: int = 1) -> list[str]:
    """Return the reasons recorded, once there are `number` of them."""
    deadline = time.monotonic() + 10
    while True:
        with site.store() as store:
            found = store.events_of(learner_of(store, nip))
        reasons = [str(event.result["reason"]) for event in found if event.verb == "refused"]
        if len(reasons) >= number or time.monotonic() > deadline:
            return reasons
        time.sleep(0.05)


def test_update_frames_for_every_trait_change_nothing(site: Site, client: Client, nip: str) -> None:
    tab = running(client)
    before = {root: tab.view(root) for root in tab.ids}
    sent = 0
    for root in (QUIZ, STORY):
        tab = client.channel()
        for trait in TRAITS:
            state = {trait: {"status": "finished", "mark": 100} if trait == "view" else "alert(1)"}
            tab.raw(frame(tab.ids[root], {"method": "update", "state": state, "buffer_paths": []}))
            sent += 1
    tab.raw(frame(tab.ids[QUIZ], {"method": "request_state"}))
    again = Client(site, nip).channel()
    assert {root: again.view(root) for root in again.ids} == before
    assert refusals(site, nip, sent + 1) == ["metode tidak diterima"] * (sent + 1)
    item = again.view(QUIZ)["questions"][0]
    assert again.do(QUIZ, {"kind": "answer", "item": item["id"], "answer": reply(item)})["kind"] == "receipt"


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "answer", "item": "k99", "answer": ["a"]},
        {"kind": "answer", "item": "k01", "answer": ["z"]},
        {"kind": "answer", "item": "k01", "answer": []},
        {"kind": "answer", "item": "k01", "answer": "a"},
        {"kind": "answer", "item": "k01", "answer": ["a", "a"]},
        {"kind": "answer", "item": "k01", "answer": ["a"], "score": 1},
        {"kind": "answer", "item": "../../data", "answer": ["a"]},
        {"kind": "choose", "scene": "s1", "choice": "a"},
        {"kind": "open"},
        {"kind": "completed", "mark": 100},
        {"kind": None},
        {},
    ],
    ids=lambda content: json.dumps(content)[:40],
)
def test_forged_messages_leave_the_score_alone(
    site: Site, client: Client, nip: str, content: dict[str, Any]
) -> None:
    tab = running(client)
    before = tab.view(QUIZ)
    told = tab.do(QUIZ, {"event": str(uuid.uuid4()), **content})
    assert told["kind"] == "refused"
    assert tab.view(QUIZ) == before
    assert len(refusals(site, nip)) == 1
    with site.store() as store:
        assert store.progress_of(learner_of(store, nip))[MODULE].status == "not_started"


def test_a_replayed_answer_does_not_count_again(site: Site, client: Client, nip: str) -> None:
    tab = running(client)
    item = tab.view(QUIZ)["questions"][0]
    message = {"kind": "answer", "item": item["id"], "answer": reply(item)}
    event = str(uuid.uuid4())
    tab.do(QUIZ, {**message, "event": event})
    shown = tab.view(QUIZ)
    assert tab.do(QUIZ, {**message, "event": event, "answer": reply(item, 1)})["kind"] == "receipt"
    assert tab.do(QUIZ, {**message, "event": str(uuid.uuid4())})["moved"]
    assert tab.view(QUIZ) == shown


@pytest.mark.parametrize(
    "data",
    [
        "bukan json",
        "[1, 2, 3]",
        "null",
        '"teks"',
        "[" * 30_000,
        b"\x00\x01\x02",
        json.dumps({"header": {"msg_type": "execute_request"}, "content": {"code": "1"}}),
        json.dumps({"header": {"msg_type": "shutdown_request"}, "content": {"restart": False}}),
        json.dumps({"header": {"msg_type": "kernel_info_request"}, "content": {}}),
        json.dumps({"header": {"msg_type": "comm_open"}, "content": {"target_name": "netralitas.begin"}}),
        json.dumps(frame("0" * 32, {"method": "custom", "content": {"kind": "open"}})),
        json.dumps(frame("netralitas.begin", {"method": "custom", "content": {}})),
        json.dumps({"x": "y" * 70_000}),
        json.dumps({"x": "y" * 5_000_000}),
        '{"header": ' + "9" * 5000 + "}",
    ],
    ids=range(15),
)
def test_what_is_no_message_of_ours_is_refused_and_the_line_stays(
    site: Site, client: Client, nip: str, data: str | bytes
) -> None:
    tab = client.channel()
    tab.raw(data)
    assert tab.do(QUIZ, {"kind": "open"})["kind"] == "receipt"
    assert len(refusals(site, nip)) == 1


def flood(tab: Channel) -> None:
    for _turn in range(500):
        tab.raw("{}")
    while True:
        tab.read()


def test_a_flood_ends_the_line_and_is_recorded_within_bounds(site: Site, client: Client, nip: str) -> None:
    tab = client.channel()
    with pytest.raises((websocket.WebSocketException, OSError)):
        flood(tab)
    assert 1 <= len(refusals(site, nip)) <= 20
    assert Client(site, nip).channel().do(QUIZ, {"kind": "open"})["kind"] == "receipt"


def test_a_page_of_another_origin_gets_no_line(site: Site, client: Client) -> None:
    cookies = "; ".join(f"{c.name}={c.value}" for c in client.http.cookies)
    address = site.url.replace("http", "ws") + f"/modul/{MODULE}/saluran"
    for origin in ("http://evil.example", "null", None):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(
                address, cookie=cookies, origin=origin, suppress_origin=origin is None
            )
        assert refused.value.status_code == 403
