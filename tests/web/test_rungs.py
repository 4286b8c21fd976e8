"""A module's whole way on each rung of the ladder: nothing a learner sees depends on how kernels are made."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netralitas.web.ladder import RUNGS
from tests.site import Client, Site, learner_of
from tests.web.own import SLUG

pytestmark = pytest.mark.slow
TOY = Path(__file__).parent.parent / "course"
QUIZ, STORY = f"quiz/{SLUG}", "scenario/contoh-cerita"


@pytest.fixture(scope="module", params=RUNGS)
def rung(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose kernels are made one way."""
    site = Site(tmp_path_factory.mktemp("anak"), content=TOY, NETRALITAS_RUNG=request.param).start()
    site.free = site.people(8)  # type: ignore[attr-defined]
    yield site
    site.kill()


def answer(tab: Any) -> None:
    """Answer the open question of the running quiz by its first choice."""
    item = next(one for one in tab.view(QUIZ)["questions"] if not one["answer"])
    told = tab.do(QUIZ, {"kind": "answer", "item": item["id"], "answer": [item["choices"][0]["id"]]})
    assert told["kind"] == "receipt"


def kernels(site: Site) -> list[int]:
    """Return the processes of learners, and the spare ones: all but the base and the module's forker."""
    rung = site.environment["NETRALITAS_RUNG"]
    return site.kernel_pids()[{"snapshot": 2, "websocket": 2, "stock": 0}.get(rung, 1) :]


def test_a_quiz_and_a_story_are_brought_to_their_end(rung: Site) -> None:
    nip = rung.free.pop()  # type: ignore[attr-defined]
    tab = Client(rung, nip).channel(SLUG)
    tab.do(QUIZ, {"kind": "open"})
    while tab.view(QUIZ)["status"] == "running":
        answer(tab)
    tab.do(STORY, {"kind": "open"})
    while scene := tab.view(STORY)["scene"]:
        tab.do(STORY, {"kind": "choose", "scene": scene["id"], "choice": scene["choices"][0]["id"]})
    with rung.store() as store:
        progress = store.progress_of(learner_of(store, nip))[SLUG]
        assert progress.mark == tab.view(QUIZ)["mark"]
        assert store.verify_chains() == []


def test_a_killed_kernel_is_made_again_and_nothing_is_lost(rung: Site) -> None:
    nip = rung.free.pop()  # type: ignore[attr-defined]
    client = Client(rung, nip)
    tab = client.channel(SLUG)
    tab.do(QUIZ, {"kind": "open"})
    answer(tab)
    for pid in kernels(rung):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ConnectionError):
        tab.until(lambda _content: False)
    again = client.channel(SLUG, "")
    assert again.view(QUIZ)["position"] == 1
    answer(again)
    assert again.view(QUIZ)["position"] == 2


def test_a_page_loaded_again_and_a_second_tab_show_where_the_learner_stands(rung: Site) -> None:
    nip = rung.free.pop()  # type: ignore[attr-defined]
    client = Client(rung, nip)
    first, second = client.channel(SLUG), client.channel(SLUG)
    first.do(QUIZ, {"kind": "open"})
    answer(first)
    second.until(lambda content: content["data"].get("state", {}).get("view", {}).get("position") == 1)
    assert client.channel(SLUG).view(QUIZ)["position"] == 1


def test_one_learner_has_one_kernel_however_many_tabs_and_tries(rung: Site) -> None:
    client = Client(rung, rung.free.pop())  # type: ignore[attr-defined]
    before = client.get("/healthz").json()["kernels"]
    tabs = [client.channel(SLUG) for _number in range(7)]
    events = [tab.send(QUIZ, {"kind": "open"}) for tab in tabs]
    told = [tab.settled(event) for tab, event in zip(tabs, events, strict=True)]
    # One opens the quiz; for the others it is open already.
    assert sorted(one["kind"] for one in told) == ["receipt", *["refused"] * 6]
    assert client.get("/healthz").json()["kernels"] - before == 1


def test_a_message_that_means_nothing_is_refused(rung: Site) -> None:
    client = Client(rung, rung.free.pop())  # type: ignore[attr-defined]
    tab = client.channel(SLUG)
    tab.do(QUIZ, {"kind": "open"})
    for message in ({"kind": "answer", "item": "k01"}, {"kind": "rahasia"}, {"kind": "open", "score": 1}):
        assert tab.do(QUIZ, message)["kind"] == "refused"
    assert tab.view(QUIZ)["position"] == 0
