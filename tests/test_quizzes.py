"""The promises of netralitas/quiz.py: score, form, attempts, and a view that keeps the key at home."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import content, items
from netralitas.items import Criterion, Level
from netralitas.quizzes import (
    Question,
    Quiz,
    Reply,
    answer_event,
    attempts,
    form,
    key_reply,
    mark,
    score,
    view,
)
from netralitas.record import Event, RefusedError, Verb
from tests import kinds

TOY = Path(__file__).parent / "course"
QUIZ = content.load(TOY).quizzes["contoh-kuis"]
LETTERS = "abcdefgh"
WORDS = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=3, max_size=12).filter(str.strip)


def happened(
    seq: int, verb: Verb, obj: str, result: dict[str, Any], *, attempt: int = 1, after: int = 0
) -> Event:
    return Event(
        id=str(uuid.UUID(int=seq, version=4)),
        verb=verb,
        object=obj,
        attempt=attempt,
        after=after,
        revision="0" * 16,
        result=result,
        learner="0" * 32,
        site="tes",
        seq=seq,
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        session="sesi",
        chain="0" * 64,
    )


def opened(quiz: Quiz, *, seed: int = 1, attempt: int = 1, seq: int = 1) -> Event:
    drawn = form(quiz, seed)
    return happened(seq, "opened", quiz.root, {"seed": seed, "form": list(drawn)}, attempt=attempt)


def answered(quiz: Quiz, events: list[Event], item: str, answer: Reply, **more: Any) -> list[Event]:
    result, attempt = answer_event(quiz, events, item=item, answer=answer, **more)
    event = happened(
        events[-1].seq + 1,
        "answered",
        f"{quiz.root}/{item}",
        result,
        attempt=attempt.number,
        after=attempt.last_seq,
    )
    return [*events, event.model_copy(update={"revision": quiz.question(item).fingerprint})]


@st.composite
def questions(draw: st.DrawFn, name: str = "k01") -> Question:
    kind = draw(st.sampled_from(["single_choice", "multiple_choice", "true_false"]))
    size = 2 if kind == "true_false" else draw(st.integers(2, 8))
    letters = list(LETTERS[:size])
    most = size if kind == "multiple_choice" else 1
    key = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True))
    return items.item(
        {
            "id": name,
            "kind": kind,
            "prompt": "Soal?",
            "choices": [{"id": x, "text": f"Pilihan {x}", "feedback": f"Umpan {x}"} for x in letters],
            "key": key,
            "explanation": "Penjelasan.",
            "sources": ["uu-contoh"],
            "depth": "terapkan",
        }
    )


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    size = draw(st.integers(1, 8))
    items = tuple(draw(questions(f"k{n:02d}")) for n in range(1, size + 1))
    return Quiz(format_version=1, id="acak", title="Acak", questions=items)


@st.composite
def ticks(draw: st.DrawFn, question: Question) -> tuple[str, ...]:
    letters = [choice.id for choice in question.choices]
    most = len(letters) if question.kind == "multiple_choice" else 1
    return tuple(draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True)))


class TestScore:
    @given(questions(), st.lists(st.sampled_from(LETTERS), max_size=8))
    def test_score_lies_between_0_and_1(self, question: Question, answer: list[str]) -> None:
        assert 0.0 <= score(question, answer) <= 1.0

    @given(questions())
    def test_blank_scores_0_and_the_key_1(self, question: Question) -> None:
        assert score(question, ()) == 0.0
        assert score(question, question.key) == 1.0

    @given(questions(), st.data())
    def test_order_of_ticks_never_matters(self, question: Question, data: st.DataObject) -> None:
        answer = data.draw(ticks(question))
        assert score(question, data.draw(st.permutations(answer))) == score(question, answer)

    @given(questions(), st.data())
    def test_one_more_right_tick_never_scores_less(self, question: Question, data: st.DataObject) -> None:
        if question.kind != "multiple_choice":
            return
        answer = data.draw(ticks(question))
        for letter in question.key:
            assert score(question, {*answer, letter}) >= score(question, answer)  # type: ignore[arg-type]

    @given(questions(), st.data())
    def test_one_more_wrong_tick_never_scores_more(self, question: Question, data: st.DataObject) -> None:
        answer = data.draw(ticks(question))
        for choice in question.choices:
            if choice.id not in question.key:
                assert score(question, [*answer, choice.id]) <= score(question, answer)

    @given(questions())
    def test_ticking_everything_is_never_worth_more_than_the_key(self, question: Question) -> None:
        everything = [choice.id for choice in question.choices]
        if set(everything) != set(question.key):
            assert score(question, everything) < 1.0

    @pytest.mark.parametrize(
        ("answer", "points"),
        [(("a", "d"), 1.0), (("a",), 0.5), (("a", "b"), 0.0), (("a", "b", "d"), 0.5), (("b", "c"), 0.0)],
    )
    def test_several_choices_pay_right_ticks_less_wrong_ones(
        self, answer: tuple[str, ...], points: float
    ) -> None:
        assert score(QUIZ.question("k02"), answer) == points

    def test_an_unknown_letter_counts_as_wrong(self) -> None:
        assert score(QUIZ.question("k02"), ("a", "d", "z")) == 0.5
        assert score(QUIZ.question("k01"), ("b", "z")) == 0.0

    @pytest.mark.parametrize(
        ("scores", "items", "expected"),
        [([1, 1, 1], 3, 100), ([], 10, 0), ([1], 8, 13), ([0.5], 4, 13), ([1, 1], 3, 67), ([0.5, 1], 2, 75)],
    )
    def test_mark_rounds_half_up_and_counts_missing_items_as_0(
        self, scores: list[float], items: int, expected: int
    ) -> None:
        assert mark(scores, items) == expected


class TestForm:
    @given(quizzes(), st.integers(0, 2**63))
    def test_form_is_a_permutation_and_the_same_for_the_same_seed(self, quiz: Quiz, seed: int) -> None:
        drawn = form(quiz, seed)
        assert sorted(drawn) == sorted(question.id for question in quiz.questions)
        assert drawn == form(quiz, seed)

    def test_form_of_a_seed_is_pinned_so_that_a_replay_elsewhere_agrees(self) -> None:
        assert form(QUIZ, 7) == PINNED_7
        assert form(QUIZ, 11) == PINNED_11

    def test_seeds_give_different_forms(self) -> None:
        assert len({form(QUIZ, seed) for seed in range(40)}) == 6


class TestAttempts:
    def test_no_attempt_without_an_opening(self) -> None:
        assert attempts(QUIZ, []) == ()

    @given(quizzes(), st.integers(0, 999), st.data())
    def test_attempt_is_rebuilt_from_its_events(self, quiz: Quiz, seed: int, data: st.DataObject) -> None:
        events = [opened(quiz, seed=seed)]
        given_: dict[str, tuple[str, ...]] = {}
        for item in data.draw(st.permutations(form(quiz, seed))):
            answer = data.draw(ticks(quiz.question(item)))
            events = answered(quiz, events, item, answer)
            given_[item] = tuple(sorted(answer))
        (attempt,) = attempts(quiz, events)
        assert {item: one.answer for item, one in attempt.given.items()} == given_
        assert attempt.finished
        assert attempt.form == form(quiz, seed)
        assert attempt.last_seq == events[-1].seq
        scores = [score(quiz.question(item), answer) for item, answer in given_.items()]
        assert events[-1].result["mark"] == attempt.mark == mark(scores, len(scores))
        assert all("mark" not in event.result for event in events[:-1])

    def test_events_of_another_quiz_change_nothing(self) -> None:
        other = QUIZ.model_copy(update={"id": "lain"})
        assert attempts(QUIZ, [opened(other)]) == ()

    def test_an_answer_to_an_attempt_never_opened_is_left_out(self) -> None:
        stray = happened(2, "answered", f"{QUIZ.root}/k01", {"answer": ["a"], "score": 0.0}, attempt=9)
        assert [a.number for a in attempts(QUIZ, [opened(QUIZ), stray])] == [1]

    def test_a_new_attempt_starts_blank_and_the_old_one_stays(self) -> None:
        events = answered(QUIZ, [opened(QUIZ)], "k01", ("b",))
        events.append(opened(QUIZ, seed=2, attempt=2, seq=3))
        first, second = attempts(QUIZ, events)
        assert first.given["k01"].answer == ("b",)
        assert second.given == {}


class TestAnswerEvent:
    def test_result_holds_the_sorted_answer_and_its_score(self) -> None:
        result, attempt = answer_event(QUIZ, [opened(QUIZ)], item="k02", answer=("d", "a"))
        assert result == {"answer": ["a", "d"], "score": 1.0}
        assert attempt.last_seq == 1

    @pytest.mark.parametrize(
        ("item", "answer"),
        [
            ("k99", ("a",)),
            ("k01", ()),
            ("k01", ("z",)),
            ("k01", ("a", "b")),
            ("k03", ("a", "b")),
            ("k02", ("a", "a")),
            ("k02", ("a", "z")),
        ],
    )
    def test_answers_that_do_not_fit_are_refused(self, item: str, answer: tuple[str, ...]) -> None:
        with pytest.raises(RefusedError):
            answer_event(QUIZ, [opened(QUIZ)], item=item, answer=answer)

    def test_an_answer_before_the_opening_is_refused(self) -> None:
        with pytest.raises(RefusedError):
            answer_event(QUIZ, [], item="k01", answer=("a",))

    def test_an_item_is_answered_once(self) -> None:
        events = answered(QUIZ, [opened(QUIZ)], "k01", ("a",))
        with pytest.raises(RefusedError):
            answer_event(QUIZ, events, item="k01", answer=("b",))

    def test_a_finished_attempt_takes_no_answer(self) -> None:
        events = _finished()
        with pytest.raises(RefusedError):
            answer_event(QUIZ, events, item="k01", answer=("a",))


class TestView:
    def test_new_learner_sees_no_item(self) -> None:
        shown = _view(QUIZ, [])
        assert shown["status"] == "new"
        assert shown["questions"] == []
        assert shown["items"] == 3

    def test_before_an_answer_there_is_neither_key_nor_feedback_nor_explanation(self) -> None:
        shown = _view(QUIZ, [opened(QUIZ)])
        assert all(
            set(q) == {"id", "kind", "prompt", "choices", "answer"} and q["answer"] is None
            for q in shown["questions"]
        )
        assert not any(word in json.dumps(shown) for word in ("Umpan balik", "Penjelasan", "kutipan"))

    @given(quizzes(), st.integers(0, 99), st.data())
    def test_quizzes_that_differ_only_in_secrets_look_the_same(
        self, quiz: Quiz, seed: int, data: st.DataObject
    ) -> None:
        other = Quiz(
            format_version=1,
            id=quiz.id,
            title=quiz.title,
            questions=tuple(_with_other_secrets(question, data) for question in quiz.questions),
        )
        told = {question.id: [{"text": data.draw(WORDS)}] for question in quiz.questions}
        ours, theirs = _view(quiz, [opened(quiz, seed=seed)]), _view(other, [opened(other, seed=seed)], told)
        assert json.dumps(ours) == json.dumps(theirs)

    @given(quizzes(), st.data())
    def test_only_the_answered_items_tell(self, quiz: Quiz, data: st.DataObject) -> None:
        events = [opened(quiz)]
        done = data.draw(st.sets(st.sampled_from(form(quiz, 1)), max_size=len(quiz.questions)))
        for item in sorted(done):
            events = answered(quiz, events, item, data.draw(ticks(quiz.question(item))))
        for asked in _view(quiz, events)["questions"]:
            assert ("key" in asked) == ("explanation" in asked) == ("feedback" in asked)
            assert ("key" in asked) == (asked["id"] in done)

    def test_after_an_answer_it_tells_verdict_feedback_and_citation(self) -> None:
        events = answered(QUIZ, [opened(QUIZ)], "k02", ("a", "b", "d"))
        (asked,) = [q for q in _view(QUIZ, events)["questions"] if q["id"] == "k02"]
        assert asked["verdict"] == "sebagian"
        assert asked["answer"] == ["a", "b", "d"]
        assert [(row["id"], row["right"]) for row in asked["feedback"]] == [
            ("a", True),
            ("b", False),
            ("d", True),
        ]
        assert asked["explanation"] == "Penjelasan k02."
        assert asked["citations"] == [{"text": "kutipan k02"}]

    @pytest.mark.parametrize(("answer", "verdict"), [("b", "benar"), ("a", "belum")])
    def test_verdict_of_one_choice(self, answer: str, verdict: str) -> None:
        events = answered(QUIZ, [opened(QUIZ)], "k01", (answer,))
        (asked,) = [q for q in _view(QUIZ, events)["questions"] if q["id"] == "k01"]
        assert asked["verdict"] == verdict

    def test_items_stand_in_the_order_of_the_form(self) -> None:
        assert tuple(q["id"] for q in _view(QUIZ, [opened(QUIZ, seed=7)])["questions"]) == form(QUIZ, 7)

    def test_the_best_finished_mark_counts(self) -> None:
        events = [*_finished(), opened(QUIZ, seed=2, attempt=2, seq=9)]
        shown = _view(QUIZ, events)
        assert (shown["status"], shown["best"], shown["attempt"], shown["attempts"]) == ("running", 100, 2, 1)
        assert _view(QUIZ, _finished())["mark"] == 100

    def test_a_draft_shows_only_while_the_attempt_runs(self) -> None:
        draft = {"item": "k01", "answer": ["a"]}
        assert _view(QUIZ, [opened(QUIZ)], draft=draft)["draft"] == draft
        assert _view(QUIZ, _finished(), draft=draft)["draft"] is None

    def test_an_item_withdrawn_since_then_is_left_out(self) -> None:
        shorter = QUIZ.model_copy(update={"questions": QUIZ.questions[:2]})
        assert {q["id"] for q in _view(shorter, [opened(QUIZ)])["questions"]} == {"k01", "k02"}


class TestViewOfEveryKind:
    KINDS = content.load(TOY).quizzes["contoh-jenis"]

    def test_before_an_answer_each_kind_shows_what_it_is_filled_in_with_and_nothing_else(self) -> None:
        common = {"id", "kind", "prompt", "answer"}
        filled = {
            "single_choice": {"choices", "ask_certainty"},
            "multiple_choice": {"choices"},
            "true_false": {"choices"},
            "matching": {"rows", "columns"},
            "classification": {"rows", "columns"},
            "ordering": {"rows"},
            "rating": {"rows"},
            "number": {"unit"},
            "short_text": set(),
        }
        for asked in _view(self.KINDS, [opened(self.KINDS)])["questions"]:
            assert set(asked) == common | filled[asked["kind"]]
            for row in (*asked.get("rows", ()), *asked.get("columns", ()), *asked.get("choices", ())):
                assert set(row) == {"id", "text"}

    @given(kinds.questions(), st.integers(0, 99), st.data())
    def test_items_that_differ_only_in_secrets_look_the_same(
        self, question: Question, seed: int, data: st.DataObject
    ) -> None:
        """But for the order of what is put in order: that is never the key's."""

        def seen(item: Question) -> str:
            quiz = Quiz(format_version=1, id="acak", title="Acak", questions=(item,))
            shown = _view(quiz, [opened(quiz, seed=seed)], {item.id: [{"text": data.draw(WORDS)}]})
            for asked in shown["questions"]:
                if asked["kind"] in {"ordering", "matching"}:
                    for name in ("rows", "columns"):
                        asked[name] = sorted(asked.get(name, []), key=str)
            return json.dumps(shown)

        assert seen(question) == seen(data.draw(kinds.other_secrets(question)))

    @given(kinds.questions(), st.data())
    def test_after_the_answer_the_key_is_told_in_the_shape_of_the_answer(
        self, question: Question, data: st.DataObject
    ) -> None:
        quiz = Quiz(format_version=1, id="acak", title="Acak", questions=(question,))
        answer = data.draw(kinds.replies(question))
        events = answered(quiz, [opened(quiz)], question.id, answer)
        (asked,) = _view(quiz, events)["questions"]
        assert asked["score"] == score(question, answer)
        assert asked["verdict"] == {1.0: "benar", 0.0: "belum"}.get(asked["score"], "sebagian")
        assert json.loads(json.dumps(asked)) == asked
        if question.rows:
            assert isinstance(asked["key"], type(asked["answer"]))

    def test_a_written_case_shows_when_all_else_is_answered(self) -> None:
        events = [opened(self.KINDS)]
        for question in self.KINDS.questions[:-1]:
            assert _view(self.KINDS, events)["cases"] == []
            sure: Any = {"certainty": "ragu"} if question.certainty else {}
            events = answered(self.KINDS, events, question.id, key_reply(question), **sure)
        (case,) = _view(self.KINDS, events)["cases"]
        assert case["criteria"][0] == {"text": "Menyebut bukti yang disimpan", "points": 2}
        assert (case["text"], case["draft"]) == (None, "")
        assert "model_answer" not in case


class TestModel:
    @pytest.mark.parametrize(
        ("points", "text"), [(3, "semua"), (2.5, "sebagian"), (1, "sebagian"), (0.5, "belum")]
    )
    def test_points_reach_the_best_level_they_suffice_for(self, points: float, text: str) -> None:
        levels = (
            Level(points=3, text="semua"),
            Level(points=1, text="sebagian"),
            Level(points=0, text="belum"),
        )
        assert Criterion(text="Menyebut bukti", points=3, levels=levels).reached(points) == text
        assert Criterion(text="Menyebut bukti", points=3).reached(points) == ""

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"key": ["z"]}, "kunci 'z' tidak ada di pilihan a, b, c"),
            ({"key": ["a", "b"]}, "tepat satu kunci"),
            ({"kind": "true_false"}, "tepat dua pilihan"),
            ({"on": None}, "memerlukan tanggal 'on'"),
            ({"rules": [], "sources": []}, "tidak menyebut 'rules' atau 'sources'"),
        ],
    )
    def test_an_unsound_item_is_refused_with_its_remedy(self, change: dict[str, Any], fault: str) -> None:
        raw = QUIZ.question("k01").model_dump(mode="json") | change
        with pytest.raises(ValueError, match=fault):
            items.item(raw)

    def test_an_id_or_a_letter_used_twice_is_refused(self) -> None:
        item = QUIZ.questions[0]
        with pytest.raises(ValueError, match="id dipakai dua kali"):
            Quiz(format_version=1, id="dua", title="Dua", questions=(item, item))
        raw = item.model_dump(mode="json")
        raw["choices"][1]["id"] = "a"
        with pytest.raises(ValueError, match="huruf pilihan dipakai dua kali"):
            items.item(raw)


PINNED_7 = ("k03", "k01", "k02")
PINNED_11 = ("k02", "k03", "k01")


def _view(
    quiz: Quiz,
    events: list[Event],
    citations: dict[str, list[dict[str, str]]] | None = None,
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    cited = citations or {q.id: [{"text": f"kutipan {q.id}"}] for q in quiz.questions}
    return view(quiz, events, pass_mark=70, citations=cited, draft=draft)


def _finished() -> list[Event]:
    events = [opened(QUIZ)]
    for question in QUIZ.questions:
        events = answered(QUIZ, events, question.id, question.key)
    return events


def _with_other_secrets(question: Question, data: st.DataObject) -> Question:
    raw = question.model_dump(mode="json")
    letters = [choice["id"] for choice in raw["choices"]]
    most = len(letters) if question.kind == "multiple_choice" else 1
    raw["key"] = data.draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True))
    raw["explanation"] = data.draw(WORDS)
    for choice in raw["choices"]:
        choice["feedback"] = data.draw(WORDS)
    return items.item(raw)
