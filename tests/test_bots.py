"""Bots: what can be expected is computed, not drawn, and who knows nothing must not come near who knows."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from netralitas import bots, content
from netralitas.bots import BOTS, near, play
from netralitas.explore import explore
from netralitas.scenarios import Scenario, begin, offered
from tests.test_explore import story

TOY = content.load(Path(__file__).parent / "course").scenarios
REAL = content.load(Path(__file__).parents[1]).scenarios
ALL = [*TOY.values(), *REAL.values()]
by_story = pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.id)


@by_story
def test_every_bot_comes_to_an_ending_and_the_expert_to_the_best(scenario: Scenario) -> None:
    played = play(scenario)
    assert tuple(one.bot for one in played) == BOTS
    for one in played:
        assert sum(one.endings.values()) == pytest.approx(1)
        assert 0 <= one.score <= played[-1].score == 1
    assert played[-1].sure_wrong == 0


@by_story
def test_no_bot_that_knows_nothing_comes_near_the_expert(scenario: Scenario) -> None:
    assert near(play(scenario)) == ()


def test_the_guesser_of_the_toy_story_is_counted_by_hand() -> None:
    guesser = play(TOY["contoh-cerita"])[0]
    # s1 a → s2, of which half goes on to s3; s1 b → s3; half of s3 ends well.
    assert guesser.endings == {"baik": 0.375, "kurang": 0.625}


def test_the_expectation_is_what_many_games_come_to() -> None:
    scenario, space = TOY["contoh-cerita"], explore(TOY["contoh-cerita"])
    drawn = random.Random(1)
    ended = 0
    for _game in range(4000):
        here = begin(scenario)
        while space.moves[here]:
            here = space.moves[here][drawn.choice([move.id for move in offered(scenario, here)])]
        ended += here.place == "baik"
    assert ended / 4000 == pytest.approx(play(scenario)[0].score, abs=0.04)


def test_items_are_scored_for_every_bot() -> None:
    found = {one.bot: one for one in play(TOY["contoh-tekanan"])}
    assert found["expert"].items == {"s2": 1.0, "s3": 1.0}
    assert found["sure_wrong"].items == {"s2": 0.0, "s3": 0.0}
    assert found["guesser"].items["s3"] <= 0.25
    assert found["sure_wrong"].sure_wrong == 1.0


def test_a_story_in_a_circle_is_still_computed() -> None:
    circling = story([{"id": "s1", "choices": [{"id": "a", "next": "s1"}, {"id": "b", "next": "akhir"}]}])
    guesser, wrong, longest, expert = play(circling)
    assert guesser.score == pytest.approx(1)
    assert longest.score == pytest.approx(1)
    # Who always takes the worst never ends.
    assert (wrong.score, expert.score) == (0, 1)


def test_a_story_that_asks_for_nothing_is_warned_of() -> None:
    both = story([{"id": "s1", "choices": [{"id": "a", "next": "akhir"}, {"id": "b", "next": "akhir"}]}])
    assert {(one.bot, one.place) for one in near(play(both))} == {
        ("guesser", ""), ("sure_wrong", ""), ("longest", ""),
    }  # fmt: skip


def test_a_scene_whose_longest_choice_is_the_best_is_warned_of() -> None:
    choices = [
        {"id": "a", "text": "Pendek", "tone": "belum", "next": "akhir"},
        {"id": "b", "text": "Jauh lebih panjang daripada yang lain", "tone": "tepat", "next": "akhir"},
    ]
    given_away = story([{"id": "s1", "choices": choices}])
    assert ("longest", "s1") in {(one.bot, one.place) for one in near(play(given_away))}


def test_an_unsound_story_is_not_played() -> None:
    unsound = story([{"id": "s1", "choices": [{"id": "a", "next": "s1"}, {"id": "b", "next": "s1"}]}])
    assert play(unsound) == ()
    assert near(()) == ()
    assert "netralitas check" in bots.lines(unsound, ())[1]


def test_lines_name_every_bot_and_item() -> None:
    told = bots.lines(TOY["contoh-tekanan"], play(TOY["contoh-tekanan"]))
    assert len(told) == 2 + len(BOTS)
    assert "s3" in told[1]
    assert told[-1].split() == ["ahli", "1.0000", "1.0000", "1.0000", "0.0000"]
