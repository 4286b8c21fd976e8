"""A written case on the real site: kept while it is typed, sent once, given back by a trainer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netralitas import content
from netralitas.published import CaseMark, CriterionMark, Published
from netralitas.quizzes import key_reply
from tests.site import Channel, Client, Site, learner_of

pytestmark = pytest.mark.slow
TOY = Path(__file__).parents[1] / "course"
MODULE = "contoh-jenis"
QUIZ = content.load(TOY).quizzes[MODULE]
HOSTILE = "<script>alert(1)</script> & 'kutip'"


def finish(tab: Channel) -> None:
    tab.do(QUIZ.root, {"kind": "open"})
    for shown in tab.view(QUIZ.root)["questions"]:
        question = QUIZ.question(shown["id"])
        answer: Any = key_reply(question)
        sure = {"certainty": "ragu"} if question.certainty else {}
        given = [*answer] if isinstance(answer, tuple) else answer
        told = tab.do(QUIZ.root, {"kind": "answer", "item": question.id, "answer": given, **sure})
        assert told["kind"] == "receipt"


def case_of(client: Client) -> dict[str, Any]:
    """What a freshly loaded page shows of the case."""
    states = {row["state"]["object"]: row["state"] for row in client.page(MODULE)["widgets"]}
    (case,) = states[QUIZ.root]["view"]["cases"]
    return dict(case)


def test_a_case_is_kept_sent_and_given_back(start: Callable[..., Site]) -> None:
    site = start(content=TOY)
    nip = site.people(1)[0]
    client = Client(site, nip)
    tab = client.channel(MODULE)
    finish(tab)
    # A draft for what is no case is kept nowhere; the one for the case outlives a new attempt.
    tab.send(QUIZ.root, {"kind": "draft", "value": {"item": "j01", "text": "bukan kasus"}})
    tab.send(QUIZ.root, {"kind": "draft", "value": {"item": "j10", "text": HOSTILE}})
    # Another tab: one sends twenty messages a second at most.
    tab = client.channel(MODULE)
    finish(tab)
    assert (case_of(client)["text"], case_of(client)["draft"]) == (None, HOSTILE)
    assert tab.do(QUIZ.root, {"kind": "write", "item": "j10", "text": f"{HOSTILE}\n"})["kind"] == "receipt"
    assert tab.do(QUIZ.root, {"kind": "write", "item": "j10", "text": "lagi"}).get("moved")
    assert case_of(client)["text"] == HOSTILE
    with site.store() as store:
        learner = learner_of(store, nip)
        assert store.drafts_of(learner) == {}
        assert [event.verb for event in store.events_of(learner)].count("wrote") == 1
        assert store.verify_chains() == []
        (told,) = [event for event in store.events_of(learner) if event.verb == "wrote"]
        assert (told.said, HOSTILE in str(told.result)) == (HOSTILE, False)
        # Whoever publishes is another process; the page asks the store each time.
        assert "Studi kasus" not in client.get("/hasil").text
        row = CriterionMark(text="Menyebut bukti", points=1.5, most=2, comment=HOSTILE,
                            reached=f"Menyebut sebagian {HOSTILE}")  # fmt: skip
        given = Published(attempt=1, mark=88, overridden=True, cases=(CaseMark(case="j10", criteria=(row,)),))
        store.publish(QUIZ.root, {learner: given}, by="uji")
    page = client.get("/hasil").text
    for text in (
        "Studi kasus",
        "1,5 dari 2 poin",
        "sebagian terpenuhi",
        "Menyebut sebagian",
        "Nilai kuis menurut pelatih: 88",
    ):
        assert text in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    with site.store() as store:
        store.empty_typed(learner, by="uji")
        assert store.verify_chains() == []
    assert case_of(client)["text"] == ""
