"""`kill -9` of kernel and server right after a confirmed answer: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from sqlalchemy import text

from tests.site import MODULE, Channel, Client, Site, learner_of, reply

pytestmark = pytest.mark.slow
QUIZ = f"quiz/{MODULE}"
STORY = "scenario/foto-di-hajatan"
ROUNDS = 50 if os.environ.get("NETRALITAS_FULL") else 10


def next_message(tab: Channel, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Return something a learner could do now in the quiz or the story."""
    root = chance.choice([QUIZ, STORY])
    view = tab.view(root)
    if view["status"] != "running":
        return root, {"kind": "open"}
    if root == QUIZ:
        item = next(q for q in view["questions"] if q["answer"] is None)
        return root, {"kind": "answer", "item": item["id"], "answer": reply(item, chance.randrange(4))}
    scene = view["scene"]
    return root, {"kind": "choose", "scene": scene["id"], "choice": chance.choice(scene["choices"])["id"]}


def surely(client: Client, tab: Channel, root: str, message: dict[str, Any]) -> Channel:
    """Send until there is a receipt, over a new line when the old one drops, as the page does."""
    for _try in range(5):
        try:
            assert tab.do(root, message)["kind"] == "receipt"
        except (OSError, websocket.WebSocketException):
            tab = back(client)
        else:
            return tab
    raise AssertionError("no receipt")


def back(client: Client) -> Channel:
    """Open the page again as a browser does after a dropped line."""
    for _try in range(100):
        try:
            return client.channel()
        except (OSError, websocket.WebSocketException, requests.RequestException):
            time.sleep(0.1)
    raise AssertionError("the site did not come back")


def test_no_confirmed_answer_is_lost_or_doubled(
    start: Callable[..., Site], record_property: Callable[[str, object], None]
) -> None:
    seed = random.randrange(10**6)
    record_property("seed", seed)
    record_property("rounds", ROUNDS)
    chance = random.Random(seed)
    site = start()
    nip = site.people()[0]
    client = Client(site, nip)
    confirmed: list[str] = []
    tab = back(client)
    for turn in range(ROUNDS):
        for _step in range(chance.randint(1, 3)):
            root, message = next_message(tab, chance)
            message["event"] = str(uuid.uuid4())
            tab = surely(client, tab, root, message)
            confirmed.append(message["event"])
        expected = {name: tab.view(name) for name in (QUIZ, STORY)}
        # One more is on its way when the blow falls: it may count or not, but never twice.
        root, message = next_message(tab, chance)
        message["event"] = str(uuid.uuid4())
        tab.send(root, message)
        time.sleep(chance.random() * 0.02)
        for pid in site.kernel_pids():
            os.kill(pid, signal.SIGKILL)
        if turn % 2 == 0:
            site.kill()
            site.start()
        tab.close()
        tab = back(client)
        with site.store() as store:
            events = store.events_of(learner_of(store, nip))
            ids = [event.id for event in events if event.verb != "refused"]
            assert len(ids) == len(set(ids))
            assert set(confirmed) <= set(ids)
            assert set(ids) - set(confirmed) <= {message["event"]}
            assert store.verify_chains() == []
        if message["event"] not in ids:
            assert {name: tab.view(name) for name in (QUIZ, STORY)} == expected
        # The browser sends what it has no receipt for again.
        tab = surely(client, tab, root, message)
        confirmed.append(message["event"])


def test_the_store_is_durable_by_its_pragmas(site: Site) -> None:
    with site.store() as store, store.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_kernels_end_when_their_server_is_killed(start: Callable[..., Site]) -> None:
    site = start()
    client = Client(site, site.people()[0])
    client.channel().do(QUIZ, {"kind": "open"})
    pids = site.kernel_pids()
    assert pids
    site.kill()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and any(map(alive, pids)):
        time.sleep(0.1)
    left = {pid: Path(f"/proc/{pid}/cmdline").read_bytes()[-120:] for pid in pids if alive(pid)}
    assert left == {}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
