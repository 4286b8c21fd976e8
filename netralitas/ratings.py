"""Graded judgement: how near a rating of actions comes to the experts' key.

Pure. Each action is rated on four steps, 1 (sangat tidak tepat) to 4 (sangat tepat). Being near counts,
guessing does not: the scale begins where blind guessing ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

STEPS = (1, 2, 3, 4)
"""From sangat tidak tepat to sangat tepat."""


def score(key: Mapping[str, int], given: Mapping[str, int]) -> float:
    """Return the score of a rating between 0 and 1, to four decimals.

    `1 − d / g`, never below 0: `d` is how many steps the ratings lie from the key in all, `g` how many blind
    guessing lies away on average (1.5 for a key of 1 or 4, 1 for a key of 2 or 3). So the key scores 1, a
    blank or a part of a rating 0, a nearer rating never less, and uniform guessing at most 0.25 in
    expectation. Whole steps are added, so the order of the actions never matters.
    """
    if not key or set(given) != set(key):
        return 0.0
    away = sum(abs(given[name] - step) for name, step in key.items())
    return _scored(key, away)


def guesses(key: Mapping[str, int]) -> dict[float, Fraction]:
    """Return the exact probability of each score for someone who rates every action blindly."""
    away: Counter[int] = Counter({0: 1})
    for step in key.values():
        onward: Counter[int] = Counter()
        for distance, ways in away.items():
            for given in STEPS:
                onward[distance + abs(given - step)] += ways
        away = onward
    found: dict[float, Fraction] = {}
    for distance, ways in sorted(away.items()):
        points = _scored(key, distance)
        found[points] = found.get(points, Fraction(0)) + Fraction(ways, len(STEPS) ** len(key))
    return found


def _scored(key: Mapping[str, int], away: int) -> float:
    blind = sum(Fraction(sum(abs(given - step) for given in STEPS), len(STEPS)) for step in key.values())
    return round(float(max(Fraction(0), 1 - away / Fraction(blind))), 4)
