"""One answer's way: page, channel, kernel, store, and back."""

from __future__ import annotations

import uuid

import pytest

from tests.site import MODULE, Client, Site, learner_of, reply

pytestmark = pytest.mark.slow
QUIZ = f"quiz/{MODULE}"
STORY = "scenario/like-unggahan"


def test_an_answer_is_in_the_store_before_its_verdict_is_out(site: Site, client: Client, nip: str) -> None:
    tab = client.channel()
    tab.do(QUIZ, {"kind": "open"})
    item = tab.view(QUIZ)["questions"][0]
    event = tab.send(QUIZ, {"kind": "answer", "item": item["id"], "answer": reply(item)})
    told = tab.settled(event)
    assert told["kind"] == "receipt"
    with site.store() as store:
        stored = store.events_of(learner_of(store, nip))
        assert [one.verb for one in stored] == ["opened", "answered"]
        assert stored[-1].id == event
        assert store.verify_chains() == []
    assert tab.view(QUIZ)["questions"][0]["verdict"] in {"benar", "sebagian", "belum"}


def test_a_second_device_joins_and_sees_every_step(site: Site, client: Client, nip: str) -> None:
    first = client.channel()
    other = Client(site, nip).channel()
    first.do(STORY, {"kind": "open"})
    scene = first.view(STORY)["scene"]
    first.do(STORY, {"kind": "choose", "scene": scene["id"], "choice": scene["choices"][0]["id"]})
    other.until(lambda c: bool(c["data"].get("state", {}).get("view", {}).get("trail")))
    assert other.view(STORY) == first.view(STORY)
    fresh = Client(site, nip).page()
    shown = {w["state"]["object"]: w["state"]["view"] for w in fresh["widgets"]}
    assert shown[STORY] == first.view(STORY)


def test_two_tabs_answering_the_same_item_count_once(site: Site, client: Client, nip: str) -> None:
    first, second = client.channel(), client.channel()
    first.do(QUIZ, {"kind": "open"})
    second.until(lambda c: c["data"].get("state", {}).get("view", {}).get("status") == "running")
    item = first.view(QUIZ)["questions"][0]
    one = first.send(QUIZ, {"kind": "answer", "item": item["id"], "answer": reply(item, 0)})
    two = second.send(QUIZ, {"kind": "answer", "item": item["id"], "answer": reply(item, 1)})
    told = [first.settled(one), second.settled(two)]
    # Both tabs belong to one learner: the later answer is not counted, and its tab is shown what stands.
    assert [row["kind"] for row in told] == ["receipt", "receipt"]
    assert sorted(row.get("moved", False) for row in told) == [False, True]
    with site.store() as store:
        verbs = [event.verb for event in store.events_of(learner_of(store, nip))]
    assert verbs == ["opened", "answered"]


def test_the_same_message_twice_counts_once(site: Site, client: Client, nip: str) -> None:
    tab = client.channel()
    begin = {"kind": "open", "event": str(uuid.uuid4())}
    tab.do(QUIZ, begin)
    assert tab.do(QUIZ, begin)["kind"] == "receipt"
    with site.store() as store:
        assert len(store.events_of(learner_of(store, nip))) == 1


def test_ticks_that_were_not_sent_come_back(client: Client) -> None:
    tab = client.channel()
    tab.do(QUIZ, {"kind": "open"})
    item = tab.view(QUIZ)["questions"][0]
    draft = {"item": item["id"], "answer": reply(item, -1)}
    tab.send(QUIZ, {"kind": "draft", "value": draft})
    # The next message is handled after the draft; it tells us the draft has been taken.
    tab.do(STORY, {"kind": "open"})
    shown = {w["state"]["object"]: w["state"]["view"] for w in client.page()["widgets"]}
    assert shown[QUIZ]["draft"] == draft


@pytest.mark.parametrize("known", ["", "?seq=0", "?seq=abc"])
def test_a_line_that_comes_back_is_told_what_stands(client: Client, known: str) -> None:
    tab = client.channel()
    tab.do(QUIZ, {"kind": "open"})
    stale = client.channel(query=known)
    seen = {stale.read()["comm_id"] for _widget in stale.ids}
    assert seen == set(stale.ids.values())
    assert stale.view(QUIZ) == tab.view(QUIZ)
