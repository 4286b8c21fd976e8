"""Judgement: what a browser may say, what comes of it, and that a draft or a lie comes to nothing."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from netralitas import content
from netralitas.judge import Answer, Choose, Item, Open, Rate, judge, opening, parse, refusal, shown
from netralitas.model import revision
from netralitas.record import Event, Given, RefusedError

KNOWN = content.load(Path(__file__).parent / "course")
QUIZ, STORY = KNOWN.quizzes["contoh-kuis"], KNOWN.scenarios["contoh-cerita"]
TENSE = KNOWN.scenarios["contoh-tekanan"]
ID = "00000000-0000-4000-8000-000000000001"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def name(number: int) -> str:
    return str(uuid.UUID(int=number, version=4))


def committed(item: Item, events: list[Event], message: dict[str, Any]) -> list[Event]:
    """Judge a message and stamp it as the site would."""
    parsed = parse({"event": name(len(events) + 1), **message})
    assert isinstance(parsed, Open | Answer | Choose | Rate)
    judged = judge(item, events, parsed)
    body = judged.model_dump()
    if judged.verb == "opened":
        body["result"] = opening(item, seed=7)
    stamped = Event(
        **body,
        learner="0" * 32,
        site="tes",
        seq=len(events) + 1,
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        session="sesi",
        chain="0" * 64,
    )
    return [*events, stamped]


def view(item: Item, events: list[Event], draft: dict[str, Any] | None = None) -> dict[str, Any]:
    return shown(
        item,
        events,
        citations=KNOWN.citations(item.root),
        pass_mark=70,
        drafts={item.root: draft} if draft else {},
    )


class TestParse:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            ({"kind": "open", "event": ID}, "open"),
            ({"kind": "answer", "event": ID, "item": "k01", "answer": ["a"]}, "answer"),
            ({"kind": "choose", "event": ID, "scene": "s1", "choice": "a"}, "choose"),
            ({"kind": "choose", "event": ID, "scene": "s1", "choice": "a", "certainty": "ragu"}, "choose"),
            ({"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": 1, "b": 4}}, "rate"),
            ({"kind": "draft", "value": {"scene": "s3", "ratings": {"a": 1}, "certainty": "yakin"}}, "draft"),
            ({"kind": "answer", "event": ID, "item": "k01", "answer": {"a": "2", "b": "boleh"}}, "answer"),
            ({"kind": "answer", "event": ID, "item": "k01", "answer": "1.588"}, "answer"),
            ({"kind": "answer", "event": ID, "item": "k01", "answer": ["a"], "certainty": "ragu"}, "answer"),
            ({"kind": "submit", "event": ID}, "submit"),
            ({"kind": "draft", "value": {"item": "k01", "answer": ["a"]}}, "draft"),
            ({"kind": "draft", "value": {"item": "k01", "answer": {"a": "2"}}}, "draft"),
            (
                {
                    "kind": "draft",
                    "value": {"item": "k01", "answer": "sedang\tmenulis", "certainty": "yakin"},
                },
                "draft",
            ),
            ({"kind": "draft", "value": {"item": "k01", "answer": ""}}, "draft"),
        ],
    )
    def test_each_kind_of_message_is_understood(self, content: dict[str, Any], kind: str) -> None:
        assert parse(content).kind == kind

    @pytest.mark.parametrize(
        "content",
        [
            None,
            "open",
            [],
            {},
            {"kind": "open"},
            {"kind": "regraded", "event": ID},
            {"kind": "open", "event": "1"},
            {"kind": "open", "event": ID, "seed": 7},
            {"kind": "open", "event": "00000000-0000-1000-8000-000000000001"},
            {"kind": "answer", "event": ID, "item": "k01", "answer": []},
            {"kind": "answer", "event": ID, "item": "k01", "answer": ["ab"]},
            {"kind": "answer", "event": ID, "item": "k01", "answer": list("abcdefghi")},
            {"kind": "answer", "event": ID, "item": "../k01", "answer": ["a"]},
            {"kind": "answer", "event": ID, "item": "k01", "answer": ["a"], "score": 1.0},
            {"kind": "choose", "event": ID, "scene": "s1", "choice": 1},
            {"kind": "choose", "event": ID, "scene": "s1", "choice": "a", "certainty": "pasti"},
            {"kind": "choose", "event": ID, "scene": "s1", "choice": "a", "effects": {"tekanan": -3}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": 5}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": 0}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": "1"}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": True}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": 1.0}},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": [1, 2, 3]},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": dict.fromkeys("abcdef", 1)},
            {"kind": "rate", "event": ID, "scene": "s3", "ratings": {"a": 1}, "score": 1.0},
            {"kind": "draft", "value": {"scene": "s3", "ratings": {"a": 9}}},
            {"kind": "draft", "value": "a"},
            {"kind": "draft", "value": {"item": "k01", "answer": 7}},
            {"kind": "draft", "value": {"item": "k01", "answer": "a\x00b"}},
            {"kind": "draft", "value": {"item": "k01", "answer": "a" * 2001}},
            {"kind": "draft", "value": {"item": "k01", "answer": dict.fromkeys("abcdefghijklm", "1")}},
            {"kind": "draft", "value": {"item": "k01", "answer": ["a"], "certainty": "pasti"}},
            {"kind": "answer", "event": ID, "item": "k01", "answer": ""},
            {"kind": "answer", "event": ID, "item": "k01", "answer": {}},
            {"kind": "answer", "event": ID, "item": "k01", "answer": {"a": 2}},
            {"kind": "answer", "event": ID, "item": "k01", "answer": {"ab": "2"}},
            {"kind": "answer", "event": ID, "item": "k01", "answer": {"a": ["2"]}},
            {"kind": "answer", "event": ID, "item": "k01", "answer": 0.5},
            {"kind": "answer", "event": ID, "item": "k01", "answer": None},
            {"kind": "answer", "event": ID, "item": "k01", "answer": "\ud800"},
            {"kind": "answer", "event": ID, "item": "k01", "answer": ["a"], "certainty": 1},
            {"kind": "submit", "event": ID, "mark": 100},
            {"kind": "draft", "value": {"item": "k01", "answer": [float("nan")]}},
            {"kind": "draft", "value": {"item": "k01", "answer": list("abcdefghi")}},
            {"kind": "draft", "value": {"scene": "s1", "choice": "a", "x": {}}},
        ],
    )
    def test_what_is_none_of_ours_is_refused(self, content: Any) -> None:
        with pytest.raises(RefusedError, match="pesan tidak sesuai bentuk"):
            parse(content)

    @drawn(JSON)
    def test_nothing_a_browser_sends_raises_anything_else(self, content: Any) -> None:
        with pytest.raises(RefusedError):
            parse(content)

    def test_the_refusal_repeats_nothing_of_the_message(self) -> None:
        with pytest.raises(RefusedError) as caught:
            parse({"kind": "open", "event": "rahasia"})
        assert "rahasia" not in str(caught.value)


class TestJudge:
    def test_an_opened_event_carries_no_seed_of_the_kernel(self) -> None:
        judged = judge(QUIZ, [], Open(kind="open", event=ID))
        assert (judged.verb, judged.object, judged.attempt, judged.after) == ("opened", QUIZ.root, 1, 0)
        assert judged.result == {}

    def test_an_answer_is_scored_and_names_where_its_attempt_stood(self) -> None:
        events = committed(QUIZ, [], {"kind": "open"})
        events = committed(QUIZ, events, {"kind": "answer", "item": "k01", "answer": ["b"]})
        judged = judge(QUIZ, events, Answer(kind="answer", event=ID, item="k02", answer=("d", "a")))
        assert (judged.object, judged.attempt, judged.after) == (f"{QUIZ.root}/k02", 1, 2)
        assert judged.result == {"answer": ["a", "d"], "score": 1.0}
        assert judged.revision == revision(QUIZ.question("k02"))

    def test_the_last_answer_brings_the_mark(self) -> None:
        events = committed(QUIZ, [], {"kind": "open"})
        for item, answer in (("k01", "b"), ("k02", "a"), ("k03", "b")):
            events = committed(QUIZ, events, {"kind": "answer", "item": item, "answer": [answer]})
        assert "mark" not in events[-2].result
        assert events[-1].result == {"answer": ["b"], "score": 0.0, "mark": 50}

    def test_a_choice_names_the_place_it_leads_to(self) -> None:
        events = committed(STORY, [], {"kind": "open"})
        events = committed(STORY, events, {"kind": "choose", "scene": "s1", "choice": "b"})
        assert events[-1].result == {"choice": "b", "place": "s3"}
        events = committed(STORY, events, {"kind": "choose", "scene": "s3", "choice": "a"})
        assert events[-1].result == {"choice": "a", "place": "baik", "ending": "baik"}

    def test_a_second_attempt_gets_the_next_number(self) -> None:
        events = committed(STORY, [], {"kind": "open"})
        for scene, choice in (("s1", "b"), ("s3", "a")):
            events = committed(STORY, events, {"kind": "choose", "scene": scene, "choice": choice})
        assert judge(STORY, events, Open(kind="open", event=ID)).attempt == 2

    @pytest.mark.parametrize("item", [QUIZ, STORY], ids=["quiz", "story"])
    def test_what_runs_is_not_opened_again(self, item: Item) -> None:
        events = committed(item, [], {"kind": "open"})
        with pytest.raises(RefusedError, match="belum selesai"):
            judge(item, events, Open(kind="open", event=ID))

    @pytest.mark.parametrize(
        ("message", "told"),
        [
            ({"kind": "answer", "item": "k09", "answer": ["a"]}, "soal tidak ada"),
            ({"kind": "answer", "item": "k01", "answer": ["e"]}, "pilihan tidak dikenal"),
            ({"kind": "answer", "item": "k02", "answer": ["a", "a"]}, "pilihan tidak dikenal"),
            ({"kind": "answer", "item": "k01", "answer": ["a", "b"]}, "hanya satu pilihan"),
            ({"kind": "choose", "scene": "s1", "choice": "a"}, "tidak cocok"),
        ],
    )
    def test_an_answer_that_does_not_fit_is_refused(self, message: dict[str, Any], told: str) -> None:
        events = committed(QUIZ, [], {"kind": "open"})
        with pytest.raises(RefusedError, match=told):
            committed(QUIZ, events, message)

    def test_an_answer_before_the_opening_is_refused(self) -> None:
        with pytest.raises(RefusedError, match="tidak ada percobaan"):
            committed(QUIZ, [], {"kind": "answer", "item": "k01", "answer": ["a"]})

    def test_an_item_is_answered_once(self) -> None:
        events = committed(QUIZ, [], {"kind": "open"})
        events = committed(QUIZ, events, {"kind": "answer", "item": "k01", "answer": ["a"]})
        with pytest.raises(RefusedError, match="sudah dijawab"):
            committed(QUIZ, events, {"kind": "answer", "item": "k01", "answer": ["b"]})

    def test_a_quiz_message_does_not_move_a_story(self) -> None:
        events = committed(STORY, [], {"kind": "open"})
        with pytest.raises(RefusedError, match="tidak cocok"):
            committed(STORY, events, {"kind": "answer", "item": "s1", "answer": ["a"]})


SURE = {"certainty": "yakin"}
RATED = {"kind": "rate", "scene": "s3", "ratings": {"a": 4, "b": 1, "c": 2, "d": 3}, **SURE}


def told(*letters: str) -> list[Event]:
    """Play the story with memory as far as these letters go."""
    events = committed(TENSE, [], {"kind": "open"})
    for scene, letter in zip(("s1", "s2", "s3"), letters, strict=False):
        sure = SURE if scene == "s2" else {}
        events = committed(TENSE, events, {"kind": "choose", "scene": scene, "choice": letter, **sure})
    return events


class TestMemory:
    def test_a_rating_is_an_event_of_its_own_with_its_order(self) -> None:
        events = committed(TENSE, told("d", "d"), RATED)
        assert [(event.verb, event.after) for event in events] == [
            ("opened", 0), ("chose", 1), ("chose", 2), ("rated", 3),
        ]  # fmt: skip
        assert (events[-1].object, events[-1].revision) == (f"{TENSE.root}/s3", revision(TENSE))
        assert (events[-1].result["score"], events[-1].result["place"]) == (1.0, "s4")

    @pytest.mark.parametrize(
        ("played", "message"),
        [
            (("d",), {"kind": "choose", "scene": "s2", "choice": "z", **SURE}),
            (("d",), {"kind": "choose", "scene": "s4", "choice": "a"}),
            (("d",), {"kind": "choose", "scene": "s9", "choice": "a"}),
            (("d",), {"kind": "choose", "scene": "s1", "choice": "a"}),
            (("d",), {"kind": "choose", "scene": "tuntas", "choice": "a"}),
            (("c",), {"kind": "choose", "scene": "s2", "choice": "d", **SURE}),
            (("d",), {"kind": "choose", "scene": "s2", "choice": "a"}),
            (("d",), RATED),
            (("d", "d"), {"kind": "choose", "scene": "s3", "choice": "a", **SURE}),
            (("d", "d"), RATED | {"ratings": {"a": 4}}),
            (("d", "d"), RATED | {"ratings": {"a": 4, "b": 1, "c": 2, "e": 3}}),
            (("d", "d"), RATED | {"certainty": None}),
            (("d", "d"), {"kind": "answer", "item": "s3", "answer": ["a"]}),
            (("d", "d"), {"kind": "open"}),
        ],
    )
    def test_a_forged_message_is_refused_and_nothing_changes(
        self, played: tuple[str, ...], message: dict[str, Any]
    ) -> None:
        events = told(*played)
        before = shown(TENSE, events, citations={}, pass_mark=70)
        with pytest.raises(RefusedError):
            committed(TENSE, events, message)
        assert shown(TENSE, events, citations={}, pass_mark=70) == before

    def test_a_quiz_takes_no_rating(self) -> None:
        with pytest.raises(RefusedError, match="tidak cocok"):
            committed(QUIZ, committed(QUIZ, [], {"kind": "open"}), RATED)


class TestShown:
    @pytest.mark.parametrize("item", [QUIZ, STORY], ids=["quiz", "story"])
    def test_an_item_is_shown_by_its_own_view(self, item: Item) -> None:
        assert view(item, [])["title"] == item.title
        assert view(item, committed(item, [], {"kind": "open"}))["status"] == "running"

    def test_a_draft_is_shown_while_the_item_runs(self) -> None:
        events = committed(STORY, [], {"kind": "open"})
        assert view(STORY, events, {"scene": "s1", "choice": "a"})["draft"] == {"scene": "s1", "choice": "a"}
        assert view(STORY, [], {"scene": "s1", "choice": "a"})["draft"] is None


def test_a_refusal_records_the_reason_alone() -> None:
    event = refusal(QUIZ, "pesan tidak sesuai bentuk")
    assert isinstance(event, Given)
    assert (event.verb, event.object, event.result) == (
        "refused",
        QUIZ.root,
        {"reason": "pesan tidak sesuai bentuk"},
    )


def test_an_opening_draws_the_form_of_a_quiz_and_none_of_a_story() -> None:
    assert opening(STORY, 7) == {"seed": 7}
    drawn_form = opening(QUIZ, 7)
    assert sorted(drawn_form["form"]) == ["k01", "k02", "k03"]
    assert drawn_form == opening(QUIZ, 7)
