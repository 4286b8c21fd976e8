"""The report rests on the right answers, says what it rests on, and holds nothing of a person."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from grader.advice import MINIMUM
from grader.item_report import FIGURES, document
from netralitas.model import revision
from netralitas.quizzes import Quiz


@pytest.fixture(scope="module")
def crowd(quiz: Quiz, record: Any, answered: Any) -> list[list[Any]]:
    """Forty learners, each answering some items right; nobody ever takes d of k01."""
    today = {question.id: revision(question) for question in quiz.questions}
    found = []
    for number in range(40):
        dice = random.Random(number)
        able = 0.3 + 0.6 * number / 39
        answers = {name: answered("right" if dice.random() < able else "wrong")[name] for name in today}
        events = record(f"{number:032x}", (number, answers))
        found.append([
            event.model_copy(update={"revision": today[event.object.rsplit("/", 1)[-1]]})
            if event.verb == "answered" else event
            for event in events
        ])  # fmt: skip
    return found


def item(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in report["items"] if row["item"] == name and row["current"])


def test_the_document_is_plain_json_and_names_no_learner(quiz: Quiz, crowd: Any) -> None:
    found = document(quiz, crowd, which="first")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [row["item"] for row in found["items"]] == [question.id for question in quiz.questions]
    text = json.dumps(found)
    for events in crowd:
        assert events[0].learner not in text


def test_it_says_what_it_rests_on(quiz: Quiz, crowd: Any) -> None:
    found = document(quiz, crowd, which="first")
    assert (found["attempts"], found["minimum"], found["meaningful"]) == (40, MINIMUM, True)
    assert found["as_of"] == max(event.received_at for events in crowd for event in events).isoformat()
    few = document(quiz, crowd[:5], which="first")
    assert (few["attempts"], few["meaningful"]) == (5, False)
    assert [row["warnings"] for row in few["items"]] == [[]] * 10


def test_the_order_of_learners_changes_no_bit(quiz: Quiz, crowd: Any) -> None:
    assert json.dumps(document(quiz, crowd[::-1], which="first")) == json.dumps(
        document(quiz, crowd, which="first")
    )


def test_options_are_counted_by_thirds(quiz: Quiz, crowd: Any) -> None:
    row = item(document(quiz, crowd, which="first"), "k02")
    options = {one["option"]: one for one in row["options"]}
    assert list(options) == ["a", "b", "c", "d"]
    assert sum(one["count"] for one in row["options"]) == row["answers"] == 40
    assert options["b"]["right"] is True
    assert options["b"]["upper"] > options["b"]["lower"]
    assert (options["d"]["count"], options["d"]["share"]) == (0, 0)
    assert "unused" in [one["code"] for one in row["warnings"]]


def test_nobody_leaves_every_figure_empty(quiz: Quiz) -> None:
    found = document(quiz, [], which="all")
    assert (found["attempts"], found["as_of"], found["meaningful"]) == (0, None, False)
    for row in found["items"]:
        assert [row[name] for name in FIGURES if name not in {"answers", "guess"}] == [None] * 6
    assert found["reliability"]["alpha"] is None


def test_a_changed_item_stands_beside_its_older_self(quiz: Quiz, crowd: Any) -> None:
    old = [
        [
            event.model_copy(update={"revision": "0" * 16}) if event.object.endswith("/k03") else event
            for event in events
        ]
        for events in crowd[:8]
    ]
    found = document(quiz, [*old, *crowd[8:]], which="first")
    rows = [row for row in found["items"] if row["item"] == "k03"]
    assert [(row["current"], row["answers"], row["kind"]) for row in rows] == [
        (True, 32, "single_choice"),
        (False, 8, None),
    ]
    assert (rows[1]["options"], rows[1]["warnings"]) == ([], [])
    assert (found["reliability"]["sheets"], found["reliability"]["attempts"]) == (2, 32)


def test_an_item_the_quiz_lost_comes_last(quiz: Quiz, crowd: Any) -> None:
    shorter = quiz.model_copy(update={"questions": quiz.questions[1:]})
    rows = document(shorter, crowd, which="first")["items"]
    assert [row["item"] for row in rows if row["current"]] == [q.id for q in shorter.questions]
    assert (rows[-1]["item"], rows[-1]["current"], rows[-1]["answers"]) == ("k01", False, 40)


def test_sure_and_wrong_is_a_share_of_who_was_asked(quiz: Quiz, crowd: Any) -> None:
    def asked(event: Any, certainty: str) -> Any:
        if not event.object.endswith("/k01"):
            return event
        return event.model_copy(update={"result": event.result | {"certainty": certainty}})

    sure = [[asked(event, "yakin") for event in events] for events in crowd[:20]]
    unsure = [[asked(event, "menebak") for event in events] for events in crowd[20:30]]
    row = item(document(quiz, [*sure, *unsure, *crowd[30:]], which="first"), "k01")
    wrong = [
        event for events in crowd[:20] for event in events
        if event.object.endswith("/k01") and event.result["score"] < 1
    ]  # fmt: skip
    assert row["sure_wrong"] == round(len(wrong) / 30, 4)
    assert item(document(quiz, crowd, which="first"), "k01")["sure_wrong"] is None


def test_an_item_few_people_sat_is_hidden_however_often_they_did(quiz: Quiz, crowd: Any) -> None:
    assert item(document(quiz, crowd[:5], which="first"), "k01")["facility"] is not None
    few = document(quiz, crowd[:4], which="first")
    for row in few["items"]:
        assert [row[name] for name in FIGURES if name != "guess"] == [None] * 7
        assert {one[name] for one in row["options"] for name in ("count", "share", "lower", "upper")} == {
            None
        }
    assert (few["reliability"]["mean"], few["reliability"]["attempts"]) == (None, 0)
    again = [
        [*events, *(event.model_copy(update={"attempt": 2, "seq": event.seq + 20}) for event in events)]
        for events in crowd[:4]
    ]
    assert document(quiz, again, which="all")["attempts"] == 8
    assert document(quiz, again, which="all")["items"] == few["items"]


def test_drawn_forms_refuse_reliability_and_keep_discrimination(quiz: Quiz, crowd: Any) -> None:
    def drawn(number: int, events: list[Any]) -> list[Any]:
        keep = set(random.Random(number).sample([q.id for q in quiz.questions], 5))
        rest = [event for event in events[1:] if event.object.rsplit("/", 1)[-1] in keep]
        end = rest[-1].model_copy(update={"result": rest[-1].result | {"mark": 50}})
        return [events[0], *rest[:-1], end]

    found = document(quiz, [drawn(at, events) for at, events in enumerate(crowd)], which="first")
    assert found["reliability"]["refused"] == "sheets"
    assert found["reliability"]["alpha"] is None
    assert all(row["discrimination"] is not None for row in found["items"])
