"""The response model: the same seed the same people, and answers as the story tells."""

from __future__ import annotations

import statistics

from grader.cohort import Traits, ability, answering, knowing, traits
from netralitas.quizzes import Quiz, score

PEOPLE = range(2000)


def test_a_seed_is_a_world_and_another_seed_another(quiz: Quiz) -> None:
    question = quiz.questions[0]

    def world(seed: int) -> list[object]:
        return [traits(seed, "k01"), *(answering(question, seed=seed, person=one) for one in range(50))]

    assert world(7) == world(7)
    assert world(7) != world(8)


def test_nobody_changes_because_of_a_second_item_or_try(quiz: Quiz) -> None:
    alone = [answering(quiz.questions[3], seed=7, person=one) for one in range(50)]
    for question in quiz.questions:
        answering(question, seed=7, person=3)
    assert [answering(quiz.questions[3], seed=7, person=one) for one in range(50)] == alone
    assert any(answering(quiz.questions[3], seed=7, person=one, tried=1) != alone[one] for one in range(50))


def test_ability_is_standard_normal() -> None:
    found = [ability(7, one) for one in PEOPLE]
    assert abs(statistics.mean(found)) < 0.08
    assert abs(statistics.stdev(found) - 1) < 0.06


def test_knowing_rises_with_ability_and_is_half_at_the_difficulty() -> None:
    item = Traits(difficulty=-0.5, discrimination=1.2, lure=0.1)
    assert knowing(-0.5, item) == 0.5
    assert knowing(-2, item) < knowing(0, item) < knowing(2, item)


def test_the_able_score_higher_on_every_item(quiz: Quiz) -> None:
    able = sorted(PEOPLE, key=lambda one: ability(7, one))
    for question in quiz.questions:
        low, high = (
            statistics.mean(score(question, answering(question, seed=7, person=one).answer) for one in group)
            for group in (able[:500], able[-500:])
        )
        assert low < high


def test_a_lure_is_one_wrong_answer_that_many_share_and_are_sure_of(quiz: Quiz) -> None:
    question = quiz.questions[0]
    wrong = [
        made for made in (answering(question, seed=7, person=one) for one in PEOPLE)
        if score(question, made.answer) < 1
    ]  # fmt: skip
    given = [tuple(made.answer) for made in wrong]
    lure = statistics.mode(given)
    assert given.count(lure) > len(given) / 3
    sure = [made for made in wrong if made.certainty == "yakin"]
    assert 0 < len(sure) < len(wrong)
    assert statistics.mode(tuple(made.answer) for made in sure) == lure
