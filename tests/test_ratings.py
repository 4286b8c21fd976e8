"""Graded judgement: near counts, guessing does not."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas.ratings import STEPS, guesses, score

keys = st.integers(3, 5).flatmap(
    lambda n: st.fixed_dictionaries({name: st.sampled_from(STEPS) for name in "abcde"[:n]})
)


def given_for(key: dict[str, int], data: st.DataObject) -> dict[str, int]:
    return {name: data.draw(st.sampled_from(STEPS)) for name in key}


@settings(deadline=None)
@given(keys, st.data())
def test_a_score_lies_between_0_and_1_to_four_decimals(key: dict[str, int], data: st.DataObject) -> None:
    found = score(key, given_for(key, data))
    assert 0 <= found <= 1
    assert round(found, 4) == found


@settings(deadline=None)
@given(keys)
def test_the_key_scores_1_and_a_blank_0(key: dict[str, int]) -> None:
    assert score(key, key) == 1
    assert score(key, {}) == 0
    part = dict(list(key.items())[1:])
    assert score(key, part) == 0


@settings(deadline=None)
@given(keys, st.data())
def test_the_order_of_actions_never_matters(key: dict[str, int], data: st.DataObject) -> None:
    rated = given_for(key, data)
    turned = dict(data.draw(st.permutations(list(rated.items()))))
    assert score(dict(reversed(key.items())), turned) == score(key, rated)


@settings(deadline=None)
@given(keys, st.data())
def test_nearer_never_scores_less(key: dict[str, int], data: st.DataObject) -> None:
    rated = given_for(key, data)
    name = data.draw(st.sampled_from(sorted(key)))
    nearer = rated | {name: rated[name] + (key[name] > rated[name]) - (key[name] < rated[name])}
    assert score(key, nearer) >= score(key, rated)


@pytest.mark.parametrize("number", [3, 4, 5])
def test_uniform_guessing_earns_at_most_a_quarter_whatever_the_key(number: int) -> None:
    worst = Fraction(0)
    for steps in product(STEPS, repeat=number):
        chances = guesses(dict(zip("abcde", steps, strict=False)))
        assert sum(chances.values()) == 1
        worst = max(
            worst, sum((Fraction(points) * chance for points, chance in chances.items()), Fraction(0))
        )
    assert worst <= Fraction(1, 4)


def test_the_chances_are_those_of_every_single_rating() -> None:
    key = {"a": 4, "b": 2, "c": 1}
    counted: dict[float, int] = {}
    for steps in product(STEPS, repeat=3):
        points = score(key, dict(zip("abc", steps, strict=True)))
        counted[points] = counted.get(points, 0) + 1
    assert guesses(key) == {points: Fraction(ways, 64) for points, ways in counted.items()}
