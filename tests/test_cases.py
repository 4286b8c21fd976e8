"""Written cases: when one may be sent, what stands, what its page shows."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from netralitas import content, judge
from netralitas.cases import written
from netralitas.quizzes import attempts, key_reply
from netralitas.record import LONGEST_TYPED, AnsweredError, Event, RefusedError, sealed

QUIZ = content.load(Path(__file__).parent / "course").quizzes["contoh-jenis"]
NOW = datetime(2026, 11, 2, tzinfo=UTC)


class Learner:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def send(self, **message: Any) -> Event:
        parsed: Any = judge.parse({"event": str(uuid.UUID(int=len(self.events) + 1, version=4)), **message})
        given = judge.judge(QUIZ, self.events, parsed, now=NOW)
        body = given.model_dump() | ({"result": judge.opening(QUIZ, 3)} if given.verb == "opened" else {})
        stamp = {"learner": "0" * 32, "site": "uji", "session": "uji", "chain": "", "received_at": NOW}
        self.events.append(Event.model_validate(body | stamp | {"seq": len(self.events) + 1}))
        return self.events[-1]

    def finish(self) -> Learner:
        self.send(kind="open")
        for name in self.events[-1].result["form"]:
            question = QUIZ.question(name)
            answer = key_reply(question)
            sent: dict[str, Any] = {"answer": [*answer] if isinstance(answer, tuple) else answer}
            self.send(
                kind="answer", item=name, **sent, **({"certainty": "ragu"} if question.certainty else {})
            )
        return self

    def view(self, **drafts: str) -> dict[str, Any]:
        kept = {f"{QUIZ.root}/{name}": {"item": name, "text": text} for name, text in drafts.items()}
        return judge.shown(QUIZ, self.events, citations={}, pass_mark=70, drafts=kept)


def test_a_case_is_sent_once_and_stands() -> None:
    learner = Learner().finish()
    event = learner.send(kind="write", item="j10", text="  Saya melapor.\nLalu menunggu. ")
    assert (event.verb, event.object, event.attempt) == ("wrote", f"{QUIZ.root}/j10", 1)
    assert written(QUIZ, learner.events) == {"j10": "Saya melapor.\nLalu menunggu."}
    with pytest.raises(AnsweredError):
        learner.send(kind="write", item="j10", text="Lain.")
    learner.finish()
    assert written(QUIZ, learner.events) == {"j10": "Saya melapor.\nLalu menunggu."}


def test_a_text_that_has_been_emptied_stays_sent() -> None:
    learner = Learner().finish()
    learner.send(kind="write", item="j10", text="Saya melapor.")
    sent = learner.events[-1]
    result, _typed = sealed("wrote", sent.result, "0" * 32)
    learner.events[-1] = sent.model_copy(update={"result": result})
    assert written(QUIZ, learner.events) == {"j10": None}
    (case,) = learner.view()["cases"]
    assert (case["text"], "draft" in case) == ("", False)


def test_the_model_answer_shows_once_the_case_is_sent() -> None:
    learner = Learner()
    assert learner.view().get("cases", []) == []
    learner.finish()
    (case,) = learner.view(j10="Saya mela")["cases"]
    assert (case["text"], case["draft"]) == (None, "Saya mela")
    assert "model_answer" not in case
    learner.send(kind="write", item="j10", text="Saya melapor.")
    (case,) = learner.view()["cases"]
    assert (case["text"], case["model_answer"]) == ("Saya melapor.", QUIZ.question("j10").model_answer)
    assert "draft" not in case


def test_attempts_and_marks_are_as_they_were() -> None:
    learner = Learner().finish()
    before = attempts(QUIZ, learner.events)
    event = learner.send(kind="write", item="j10", text="Saya melapor.")
    (after,) = attempts(QUIZ, learner.events)
    assert after == before[0].model_copy(update={"last_seq": event.seq})


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"item": "j01", "text": "Isi."}, "tidak ada"),
        ({"item": "j99", "text": "Isi."}, "tidak ada"),
        ({"item": "j10", "text": " \n "}, "kosong"),
    ],
)
def test_what_is_no_case_is_refused(message: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        Learner().finish().send(kind="write", **message)


@pytest.mark.parametrize("text", ["a" * (LONGEST_TYPED + 1), "a\x00b", 7, None])
def test_what_the_page_cannot_send_is_refused(text: Any) -> None:
    with pytest.raises(RefusedError, match="bentuk"):
        Learner().finish().send(kind="write", item="j10", text=text)


def test_before_and_during_an_attempt_no_case_is_taken() -> None:
    learner = Learner()
    with pytest.raises(RefusedError, match="sesudah kuisnya"):
        learner.send(kind="write", item="j10", text="Isi.")
    learner.send(kind="open")
    with pytest.raises(RefusedError, match="sesudah kuisnya"):
        learner.send(kind="write", item="j10", text="Isi.")


def test_a_case_has_a_draft_of_its_own() -> None:
    draft: Any = judge.parse({"kind": "draft", "value": {"item": "j10", "text": "Saya mela"}})
    tick: Any = judge.parse({"kind": "draft", "value": {"item": "j01", "answer": ["a"]}})
    assert draft.place(QUIZ.root) == f"{QUIZ.root}/j10"
    assert tick.place(QUIZ.root) == QUIZ.root
