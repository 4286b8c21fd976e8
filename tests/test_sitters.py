"""Bots sit a quiz: the same marks on every machine, answers a page could send, the expert always right."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from netralitas import content
from netralitas.bots import BOTS, Bot
from netralitas.scoring import fault, score
from netralitas.sitters import figures, lines, reply, sat

QUIZ = content.load(Path(__file__).parent / "course").quizzes["contoh-jenis"]
SCORED = [question for question in QUIZ.questions if question.scored]


@pytest.mark.parametrize("bot", BOTS)
@pytest.mark.parametrize("question", SCORED, ids=lambda question: question.kind)
def test_a_bot_answers_as_a_page_would(bot: Bot, question: object) -> None:
    given = reply(bot, question, random.Random(1))  # type: ignore[arg-type]
    assert fault(question, given) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("question", SCORED, ids=lambda question: question.kind)
def test_the_expert_is_right_and_the_sure_and_wrong_is_not(question: object) -> None:
    dice = random.Random(1)
    assert score(question, reply("expert", question, dice)) == 1  # type: ignore[arg-type]
    assert score(question, reply("sure_wrong", question, dice)) < 0.5  # type: ignore[arg-type]


def test_marks_follow_from_the_seeds() -> None:
    marks = sat(QUIZ, range(30))
    assert marks == sat(QUIZ, range(30))
    assert set(marks["expert"]) == {100}
    assert len(set(marks["guesser"])) > 3
    told = figures(marks)
    assert told["sure_wrong"]["mean"] < told["guesser"]["mean"] < told["expert"]["mean"] == 100
    assert len(lines(QUIZ, marks)) == 2 + len(BOTS)
