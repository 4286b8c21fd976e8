from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.assignment import source_notebook
from grader.slots import slot_points
from grader.submission import UnfitFormError, counting, entry, fenced, sheet, submitted_notebook
from netralitas.quizzes import Quiz, attempts, mark


def _values(notebook: Any) -> dict[str, Any]:
    told = [cell.source for cell in notebook.cells if cell.id == "formulir" or cell.id.startswith("jawaban-")]
    pairs = [source.split(" = ", 1) for source in told]
    return {name: ast.literal_eval(value) for name, value in pairs}


def _points(quiz: Quiz, values: dict[str, Any]) -> list[float]:
    slots = range(1, len(quiz.questions) + 1)
    return [slot_points(quiz, values["formulir"], slot, values[f"jawaban_{slot:02d}"]) for slot in slots]


def test_best_finished_attempt_counts(quiz: Quiz, learners: Any) -> None:
    found = counting(quiz, learners[f"{5:032x}"])
    assert found is not None
    assert (found.number, found.seed) == (2, 6)


def test_of_equals_the_earliest_counts(quiz: Quiz, record: Any, answered: Any) -> None:
    events = record("a" * 32, (1, answered("scant")), (2, answered("right")), (3, answered("right")))
    found = counting(quiz, events)
    assert found is not None
    assert (found.number, found.seed) == (2, 2)


def test_without_a_finished_attempt_nothing_counts(quiz: Quiz, record: Any, answered: Any) -> None:
    some = {"k01": ("a",)}
    assert counting(quiz, []) is None
    assert counting(quiz, record("a" * 32, (1, some))) is None
    found = counting(quiz, record("a" * 32, (1, answered("wrong")), (2, some)))
    assert found is not None
    assert found.number == 1


def test_submission_holds_form_and_answers_as_plain_literals(quiz: Quiz, learners: Any) -> None:
    released = source_notebook(quiz)
    for events in learners.values():
        found = counting(quiz, events)
        assert found is not None
        values = _values(submitted_notebook(released, sheet(quiz, events, found)))
        assert values["formulir"] == {"seed": found.seed, "attempt": found.number}
        assert mark(_points(quiz, values), len(quiz.questions)) == found.mark


def test_released_notebook_is_left_as_it_was(quiz: Quiz, learners: Any) -> None:
    released = source_notebook(quiz)
    events = learners[f"{1:032x}"]
    found = counting(quiz, events)
    assert found is not None
    submitted_notebook(released, sheet(quiz, events, found))
    assert released == source_notebook(quiz)


def test_slot_without_answer_stays_none(quiz: Quiz, record: Any) -> None:
    events = record("a" * 32, (3, {"k01": ("a",), "k06": ("a", "c")}))
    (attempt,) = attempts(quiz, events)
    values = _values(submitted_notebook(source_notebook(quiz), sheet(quiz, events, attempt)))
    assert sorted(_points(quiz, values)) == [*[0] * 8, 0.6667, 1]
    assert list(values.values()).count(None) == 8
    assert ("k06", ("a", "c")) in values.values()


def test_form_that_the_seed_no_longer_draws_is_refused(quiz: Quiz, record: Any, answered: Any) -> None:
    events = record("a" * 32, (3, answered("right")))
    found = counting(quiz, events)
    assert found is not None
    shorter = quiz.model_copy(update={"questions": quiz.questions[1:]})
    with pytest.raises(UnfitFormError, match="percobaan 1"):
        sheet(shorter, events, found)


def test_the_register_keeps_the_scores_given_at_answer_time(quiz: Quiz, learners: Any) -> None:
    for events in learners.values():
        found = counting(quiz, events)
        assert found is not None
        kept = entry(quiz, events, found)
        told = {
            event.object.rsplit("/", 1)[-1]: event.result["score"]
            for event in events
            if event.verb == "answered" and event.attempt == found.number
        }
        assert kept.scores == tuple(told[name] for name in found.form)
        assert mark(kept.scores, quiz.size) == found.mark
        assert (kept.seed, kept.attempt, kept.at) == (found.seed, found.number, found.ended_at)


@pytest.mark.parametrize("text", ["```\n<b>", "~~~", "`" * 9, "a" * 300, "\n\n```text"])
def test_no_text_leaves_its_fence(text: str) -> None:
    first, *body, last = fenced(text).split("\n")
    assert first == f"{last}text"
    assert not any(line.strip().startswith(last) for line in body)
    assert all(len(line) <= 96 for line in body)
