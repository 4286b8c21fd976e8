"""Every kind of item has its row in the office's table."""

from __future__ import annotations

import random
from typing import Any, get_args

import pytest

from grader.item_kinds import KINDS, guess_score, make_up, options, picked
from netralitas.quizzes import Kind, Quiz, score


def test_every_kind_that_is_scored_has_its_functions() -> None:
    assert set(get_args(Kind)) - {"written"} == set(KINDS)


@pytest.mark.parametrize("seed", range(5))
def test_made_up_answers_are_right_or_wrong_as_asked(quiz: Quiz, seed: int) -> None:
    dice = random.Random(seed)
    for question in quiz.questions:
        right, wrong = make_up(question, "right", dice), make_up(question, "wrong", dice)
        assert score(question, right) == 1
        assert score(question, wrong) < 1
        assert set(picked(question.kind, wrong)) <= set(options(question))


def test_guessing_earns_one_in_so_many_and_nothing_known_where_several_are_asked(quiz: Quiz) -> None:
    found = {question.kind: guess_score(question) for question in quiz.questions}
    assert found == {"single_choice": 0.25, "multiple_choice": None, "true_false": 0.5}


def test_blind_guessing_earns_what_is_said(quiz: Quiz) -> None:
    dice = random.Random(7)
    for question in quiz.questions:
        told = guess_score(question)
        if told is not None:
            earned = [score(question, make_up(question, "blind", dice)) for _guess in range(2000)]
            assert sum(earned) / 2000 == pytest.approx(told, abs=0.04)


def test_an_unknown_kind_has_no_options_and_no_made_up_answers(quiz: Quiz) -> None:
    strange: Any = quiz.questions[0].model_copy(update={"kind": "gambar"})
    assert (guess_score(strange), options(strange), picked("gambar", ["a"])) == (None, {}, ())
    with pytest.raises(KeyError, match="gambar"):
        make_up(strange, "right", random.Random(1))


def test_a_blank_picks_nothing() -> None:
    assert picked("single_choice", None) == ()
