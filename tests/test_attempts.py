"""The promises of netralitas/attempts.py: tries, limits, pauses, time, what counts, and how sure one was."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas import content
from netralitas.attempts import answer_event, attempts, counting
from netralitas.course import Course
from netralitas.forms import Quiz, form
from netralitas.judge import judge, opening, overdue, parse, shown
from netralitas.limits import may_open
from netralitas.quizzes import words
from netralitas.record import AnsweredError, Event, Progress, RefusedError, apply, sealed
from netralitas.scoring import key_reply
from tests.kinds import questions, replies

KNOWN = content.load(Path(__file__).parent / "course")
PLAIN, KINDS = KNOWN.quizzes["contoh-kuis"], KNOWN.quizzes["contoh-jenis"]
DAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RIGHT = {"k01": ["b"], "k02": ["a", "d"], "k03": ["a"]}
WRONG = {"k01": ["a"], "k02": ["b"], "k03": ["b"]}


def set_up(**fields: Any) -> Quiz:
    """The toy quiz, sat in another way."""
    return Quiz.model_validate(PLAIN.model_dump(mode="json") | fields)


class Sitting:
    """A learner at a quiz; `at` is the server's clock in minutes after the start."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz, self.events = quiz, list[Event]()

    def do(self, at: float = 0, **message: Any) -> dict[str, Any]:
        number = len(self.events) + 1
        now = DAY + timedelta(minutes=at)
        parsed: Any = parse({"event": str(uuid.UUID(int=number, version=4)), **message})
        given_ = judge(self.quiz, self.events, parsed, now=now)
        body = given_.model_dump() | (
            {"result": opening(self.quiz, seed=number)} if given_.verb == "opened" else {}
        )
        stamp = {"learner": "0" * 32, "site": "tes", "session": "sesi", "chain": "0" * 64}
        self.events.append(Event.model_validate(body | stamp | {"seq": number, "received_at": now}))
        return self.events[-1].result

    def answer(self, item: str, answer: Any, at: float = 0, **more: Any) -> dict[str, Any]:
        return self.do(at, kind="answer", item=item, answer=answer, **more)

    def sit(self, answers: dict[str, Any], at: float = 0) -> dict[str, Any]:
        """Begin and answer everything."""
        self.do(at, kind="open")
        return [self.answer(item, answer, at) for item, answer in answers.items()][-1]

    def view(self, draft: dict[str, Any] | None = None) -> dict[str, Any]:
        return shown(
            self.quiz,
            self.events,
            citations={},
            pass_mark=70,
            drafts={self.quiz.root: draft} if draft else {},
        )

    def asked(self, item: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.view()["questions"] if one["id"] == item)
        return found


SECRET = {"key", "feedback", "explanation", "citations", "verdict", "score", "right"}


class TestTries:
    QUIZ = set_up(
        feedback="tries",
        tries=3,
        penalty=0.25,
        questions=[
            PLAIN.questions[0].model_dump(mode="json") | {"hints": ["Petunjuk satu.", "Petunjuk dua."]},
            *(one.model_dump(mode="json") for one in PLAIN.questions[1:]),
        ],
    )

    def test_a_wrong_answer_leaves_further_tries_and_tells_a_hint_and_no_key(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        assert "tries" not in one.asked("k01")
        assert one.answer("k01", ["a"]) == {"answer": ["a"], "score": 0.0, "again": True}
        asked = one.asked("k01")
        assert asked["tries"] == {
            "used": 1, "left": 2, "verdict": "belum", "answer": ["a"], "hint": "Petunjuk satu.",
        }  # fmt: skip
        assert not SECRET & set(asked)
        one.answer("k01", ["c"])
        assert one.asked("k01")["tries"]["hint"] == "Petunjuk dua."

    def test_each_wrong_try_costs_the_penalty(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.answer("k01", ["a"])
        assert one.answer("k01", ["b"]) == {"answer": ["b"], "score": 0.75}
        assert one.answer("k02", ["a"])["again"]
        assert one.answer("k02", ["a", "b", "d"])["again"]
        assert one.answer("k02", ["a"]) == {"answer": ["a"], "score": 0.0}
        assert one.answer("k03", ["a"]) == {"answer": ["a"], "score": 1.0, "mark": 58}
        assert one.asked("k01")["score"] == 0.75
        assert one.asked("k01")["verdict"] == "benar"

    def test_the_last_try_stands_and_then_it_is_answered(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        for letter in "acc":
            one.answer("k01", [letter])
        assert "again" not in one.events[-1].result
        assert one.asked("k01")["key"] == ["b"]
        with pytest.raises(RefusedError, match="sudah dijawab"):
            one.answer("k01", ["b"])

    def test_a_try_is_no_answer_in_the_learners_progress(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        for letter in "ab":
            one.answer("k01", [letter])
        progress: Progress | None = None
        for event in one.events:
            progress = apply(progress, event, KNOWN.course) or progress
        assert progress is not None
        assert (progress.answered, progress.status) == (1, "in_progress")


class TestAfterSubmit:
    def test_nothing_is_told_before_the_last_answer_and_everything_then(self) -> None:
        one = Sitting(set_up(feedback="after_submit"))
        one.do(kind="open")
        one.answer("k01", ["b"])
        one.answer("k02", ["a"])
        for item in RIGHT:
            assert not SECRET & set(one.asked(item))
        assert one.asked("k01")["answer"] == ["b"]
        one.answer("k03", ["a"])
        assert [one.asked(item)["verdict"] for item in RIGHT] == ["benar", "sebagian", "benar"]


class TestLimits:
    def test_no_attempt_begins_past_the_limit(self) -> None:
        one = Sitting(set_up(attempts=2))
        assert one.view()["left"] == 2
        one.sit(WRONG)
        assert one.view()["left"] == 1
        one.sit(WRONG)
        assert one.view()["left"] == 0
        with pytest.raises(RefusedError, match="percobaan sudah habis"):
            one.do(kind="open")

    def test_no_attempt_begins_before_the_pause_is_over(self) -> None:
        one = Sitting(set_up(cool_down=60))
        one.sit(WRONG, at=5)
        assert one.view()["next_at"] == (DAY + timedelta(minutes=65)).isoformat()
        with pytest.raises(RefusedError, match="belum waktunya"):
            one.do(64.9, kind="open")
        one.do(65, kind="open")
        assert one.view()["next_at"] is None

    def test_without_limits_there_is_neither_count_nor_time(self) -> None:
        one = Sitting(PLAIN)
        one.sit(WRONG)
        assert (one.view()["left"], one.view()["next_at"], one.view()["ends_at"]) == (None, None, None)
        may_open(PLAIN, one.events, DAY)


class TestTime:
    QUIZ = set_up(minutes=10, forced=True)

    def test_an_answer_after_a_forced_time_ends_the_attempt_and_is_not_counted(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.answer("k01", ["b"], at=10)
        assert one.view()["ends_at"] == (DAY + timedelta(minutes=10)).isoformat()
        assert one.answer("k02", ["a", "d"], at=10.01) == {"mark": 33}
        assert one.events[-1].verb == "submitted"
        assert one.view()["status"] == "finished"
        assert one.view()["mark"] == 33
        assert not SECRET & set(one.asked("k02"))
        with pytest.raises(RefusedError, match="tidak ada percobaan"):
            one.answer("k03", ["a"], at=11)
        one.do(12, kind="open")

    def test_the_browsers_time_decides_nothing(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        early = (DAY + timedelta(minutes=1)).isoformat()
        assert one.answer("k01", ["b"], at=11, given_at=early) == {"mark": 0}

    def test_a_learner_may_hand_in_a_timed_quiz(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.answer("k01", ["b"], at=1)
        assert one.do(2, kind="submit") == {"mark": 33}
        with pytest.raises(RefusedError, match="tidak ada percobaan"):
            one.do(3, kind="submit")

    def test_who_comes_after_the_site_has_handed_it_in_is_shown_what_stands(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.do(5, kind="submit")
        for message in ({"kind": "submit"}, {"kind": "answer", "item": "k01", "answer": ["b"]}):
            with pytest.raises(AnsweredError, match="tidak ada percobaan"):
                one.do(20, **message)

    def test_overdue_is_what_nobody_handed_in_and_only_that(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.answer("k01", ["b"], at=1)
        assert overdue(self.QUIZ, one.events, DAY + timedelta(minutes=10)) is None
        late = overdue(self.QUIZ, one.events, DAY + timedelta(minutes=10, seconds=1))
        assert late is not None
        assert (late.verb, late.attempt, late.after, late.result) == ("submitted", 1, 2, {"mark": 33})
        one.do(11, kind="submit")
        assert overdue(self.QUIZ, one.events, DAY + timedelta(days=9)) is None

    def test_the_pause_begins_when_the_time_was_over_however_late_that_is_written(self) -> None:
        one = Sitting(set_up(minutes=10, forced=True, cool_down=60))
        one.do(kind="open")
        one.do(5000, kind="submit")
        assert one.view()["next_at"] == (DAY + timedelta(minutes=70)).isoformat()

    def test_a_time_that_is_only_shown_forces_nothing(self) -> None:
        one = Sitting(set_up(minutes=10))
        one.do(kind="open")
        assert one.answer("k01", ["b"], at=600)["score"] == 1.0
        with pytest.raises(RefusedError, match="tidak dibatasi"):
            one.do(601, kind="submit")

    def test_a_mark_by_the_clock_counts_in_the_progress(self) -> None:
        one = Sitting(self.QUIZ)
        one.do(kind="open")
        one.answer("k01", ["b"])
        one.answer("k02", ["a"], at=20)
        assert _progress(one.events, KNOWN.course).mark == 33


class TestCounts:
    @pytest.mark.parametrize(
        ("counts", "mark", "number"), [("best", 100, 2), ("last", 33, 3), ("first", 67, 1)]
    )
    def test_the_attempt_that_counts(self, counts: str, mark: int, number: int) -> None:
        one = Sitting(set_up(counts=counts))
        one.sit(RIGHT | {"k01": ["a"]})
        one.sit(RIGHT)
        one.sit(WRONG | {"k01": ["b"]})
        one.do(kind="open")
        found = counting(one.quiz, attempts(one.quiz, one.events))
        assert found is not None
        assert (found.number, found.mark) == (number, mark)
        assert (one.view()["counted"], one.view()["best"]) == (mark, 100)
        assert _progress(one.events, KNOWN.course).mark == mark

    @given(st.lists(st.sampled_from([RIGHT, WRONG, RIGHT | {"k02": ["a"]}]), min_size=1, max_size=4))
    def test_the_record_and_the_quiz_agree_on_the_mark(self, sat: list[dict[str, Any]]) -> None:
        for counts in ("best", "last", "first"):
            one = Sitting(set_up(counts=counts))
            for answers in sat:
                one.sit(answers)
            assert _progress(one.events, KNOWN.course).mark == one.view()["counted"]


class TestCertainty:
    def test_it_is_asked_recorded_and_told_and_no_part_of_the_score(self) -> None:
        one = Sitting(KINDS)
        one.do(kind="open")
        assert one.asked("j01")["ask_certainty"] is True
        assert one.answer("j01", ["a"], certainty="yakin") == {
            "answer": ["a"], "score": 0.0, "certainty": "yakin",
        }  # fmt: skip
        assert one.asked("j01")["certainty"] == "yakin"
        assert "ask_certainty" not in one.asked("j03")

    @pytest.mark.parametrize(("item", "more"), [("j01", {}), ("j03", {"certainty": "ragu"})])
    def test_it_is_refused_where_it_is_not_asked_and_needed_where_it_is(
        self, item: str, more: dict[str, str]
    ) -> None:
        one = Sitting(KINDS)
        one.do(kind="open")
        with pytest.raises(RefusedError, match="keyakinan"):
            one.answer(item, ["a"], **more)

    @pytest.mark.parametrize(
        ("letter", "certainty", "wrong"), [("a", "yakin", 1), ("b", "yakin", 0), ("a", "ragu", 0)]
    )
    def test_sure_and_wrong_is_counted_in_the_result(self, letter: str, certainty: str, wrong: int) -> None:
        one = Sitting(KINDS)
        one.do(kind="open")
        for question in KINDS.questions[1:-1]:
            one.answer(question.id, key_reply(question))
        assert one.view()["sure_wrong"] is None
        one.answer("j01", [letter], certainty=certainty)
        assert one.view()["sure_wrong"] == wrong


@settings(deadline=None)
@given(st.data())
def test_any_attempt_is_rebuilt_from_its_events_and_its_mark_is_that_of_its_scores(
    data: st.DataObject,
) -> None:
    size = data.draw(st.integers(1, 4))
    items = tuple(data.draw(questions(f"k{n:02d}")) for n in range(1, size + 1))
    tries = data.draw(st.booleans())
    quiz = Quiz(
        format_version=1, id="acak", title="Acak", questions=items, feedback="tries" if tries else "at_once"
    )
    one = Sitting(quiz)
    one.do(kind="open")
    told: dict[str, float] = {}
    while not (attempt := attempts(quiz, one.events)[-1]).finished:
        item = data.draw(st.sampled_from([name for name in form(quiz, 1) if name not in attempt.given]))
        result = one.answer(item, data.draw(replies(quiz.question(item))))
        if not result.get("again"):
            told[item] = result["score"]
    assert [dict(one.view())["mark"]] == [one.events[-1].result["mark"]] == [attempt.mark]
    assert {one["id"]: one["score"] for one in one.view()["questions"]} == told
    assert all(len(attempt.tries(name)) <= 2 for name in attempt.form)


class TestChangedItems:
    """Content changes under an attempt: scores and marks are the recorded ones, and the page opens."""

    @pytest.mark.parametrize("key", ["a", "b", "c"])
    def test_what_is_recorded_is_shown_whatever_the_key_says_now(self, key: str) -> None:
        one = Sitting(PLAIN)
        one.sit(RIGHT | {"k01": ["a"]})
        before = one.view()
        raw = PLAIN.model_dump(mode="json")
        raw["questions"][0]["key"] = [key]
        one.quiz = Quiz.model_validate(raw)
        after = one.view()
        assert (after["mark"], after["best"], after["counted"]) == (before["mark"],) * 3 == (67,) * 3
        shown = one.asked("k01")
        assert (shown["verdict"], shown["score"], shown.get("changed")) == ("belum", 0.0, key != "b" or None)
        assert not any(one.asked(item).get("changed") for item in ("k02", "k03"))

    def test_an_answer_given_before_the_change_keeps_its_score_in_the_mark_to_come(self) -> None:
        one = Sitting(PLAIN)
        one.do(kind="open")
        one.answer("k01", ["b"])
        raw = PLAIN.model_dump(mode="json")
        raw["questions"][0]["key"] = ["a"]
        one.quiz = Quiz.model_validate(raw)
        one.answer("k02", ["a", "d"])
        assert one.answer("k03", ["a"])["mark"] == 100

    @pytest.mark.parametrize(("item", "blank"), [("j05", []), ("j04", {}), ("j08", {"gone": "changed"})])
    def test_an_answer_of_another_kind_than_the_item_now_has_is_blank_and_keeps_its_score(
        self, item: str, blank: object
    ) -> None:
        one = Sitting(PLAIN)
        one.do(kind="open")
        one.answer("k01", ["b"])
        raw = PLAIN.model_dump(mode="json")
        raw["questions"][0] = KINDS.question(item).model_dump(mode="json") | {"id": "k01"}
        one.quiz = Quiz.model_validate(raw)
        shown = one.asked("k01")
        expected = ["b"] if item == "j05" else blank
        assert (shown["verdict"], shown["answer"], shown["changed"]) == ("benar", expected, True)

    def test_an_attempt_whose_items_are_all_gone_keeps_its_mark_and_its_place(self) -> None:
        one = Sitting(set_up(attempts=2))
        one.sit(RIGHT)
        others = [item.model_dump(mode="json") | {"id": f"n{at}"} for at, item in enumerate(PLAIN.questions)]
        one.quiz = set_up(attempts=2, questions=others)
        view = one.view()
        assert (view["status"], view["mark"], view["counted"], view["left"]) == ("finished", 100, 100, 1)
        one.do(kind="open")
        assert one.view()["position"] == 0

    def test_wrong_tries_cost_what_they_cost_and_hide_no_verdict(self) -> None:
        quiz = TestTries.QUIZ
        one = Sitting(quiz)
        one.do(kind="open")
        for letter in "acb":
            one.answer("k01", [letter])
        raw = quiz.model_dump(mode="json")
        raw["questions"][0]["key"] = ["c"]
        one.quiz = Quiz.model_validate(raw)
        assert (one.asked("k01")["verdict"], one.asked("k01")["score"]) == ("benar", 0.5)


class TestEmptied:
    """What was typed stands beside the record; when it is emptied the recorded score stands."""

    def empty(self, one: Sitting) -> None:
        one.events = [event if "score" not in event.result else _emptied(event) for event in one.events]

    def test_the_page_says_so_and_the_score_stands(self) -> None:
        one = Sitting(KINDS)
        one.do(kind="open")
        for question in KINDS.questions[:-1]:
            more = {"certainty": "yakin"} if question.certainty else {}
            key = key_reply(question)
            one.answer(question.id, [*key] if isinstance(key, tuple) else key, **more)
        before = one.view()
        self.empty(one)
        after = one.view()
        assert (after["mark"], after["status"], after["position"]) == (
            100,
            "finished",
            len(KINDS.questions) - 1,
        )
        was, now = one.asked("j08"), next(row for row in before["questions"] if row["id"] == "j08")
        assert was | {"answer": now["answer"]} == now
        assert was["answer"] == {"gone": "deleted"}
        assert words(KINDS.question("j08"), None) == ["jawaban sudah dihapus"]

    def test_an_attempt_that_runs_goes_on(self) -> None:
        one = Sitting(KINDS)
        one.do(kind="open")
        one.answer("j08", key_reply(KINDS.question("j08")))
        self.empty(one)
        assert one.asked("j08")["verdict"] == "benar"
        with pytest.raises(RefusedError, match="sudah dijawab"):
            one.answer("j08", "lain")
        assert one.answer("j07", key_reply(KINDS.question("j07")))["score"] == 1.0

    def test_a_wrong_try_that_was_emptied_still_counts_as_one(self) -> None:
        quiz = Quiz.model_validate(
            KINDS.model_dump(mode="json") | {"feedback": "tries", "tries": 2, "penalty": 0.25}
        )
        one = Sitting(quiz)
        one.do(kind="open")
        assert one.answer("j08", "salah sekali")["again"]
        self.empty(one)
        assert one.asked("j08")["tries"] | {"hint": None} == {
            "used": 1, "left": 1, "verdict": "belum", "answer": "", "hint": None,
        }  # fmt: skip
        assert one.answer("j08", key_reply(quiz.question("j08")))["score"] == 0.75


def _emptied(event: Event) -> Event:
    result, _typed = sealed(event.verb, event.result, "0" * 32)
    return event.model_copy(update={"result": result, "typed": None})


def test_a_result_names_what_counts_only_where_it_is_not_the_best() -> None:
    assert "counts" not in Sitting(PLAIN).sit(RIGHT)
    assert Sitting(set_up(counts="first")).sit(RIGHT)["counts"] == "first"


def test_an_answer_nobody_can_give_by_the_page_is_refused() -> None:
    events = Sitting(KINDS)
    events.do(kind="open")
    for item, answer in (
        ("j04", {"a": "3"}),
        ("j04", {"a": "3", "b": "2", "c": "9"}),
        ("j04", ("a", "b")),
        ("j05", ("a", "b", "c")),
        ("j05", ("a", "a", "b", "c")),
        ("j07", "banyak"),
        ("j08", "..."),
        ("j08", "a" * 121),
        ("j09", {"a": "1", "b": "5", "c": "1"}),
        ("j09", {"a": "1", "b": "2", "c": "1", "d": "1"}),
        ("j10", "Tulisan."),
        ("j03", "a"),
    ):
        with pytest.raises(RefusedError):
            answer_event(KINDS, events.events, item=item, answer=answer)


def _progress(events: list[Event], course: Course) -> Progress:
    progress: Progress | None = None
    for event in events:
        progress = apply(progress, event, course) or progress
    assert progress is not None
    return progress
