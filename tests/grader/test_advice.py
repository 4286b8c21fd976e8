"""A bad item is told by itself, in one sentence, and a good one is left alone."""

from __future__ import annotations

import math
from typing import Any

import pytest

from grader.advice import MINIMUM, warnings

GOOD: dict[str, Any] = {
    "answers": 100, "facility": 0.7, "sd": 0.4, "discrimination": 0.4, "efficiency": 0.5,
    "point_biserial": 0.5, "guess": 0.25,
}  # fmt: skip


def option(name: str, right: bool, *, count: int = 20, upper: float | None = 0.1) -> dict[str, Any]:
    return {"option": name, "right": right, "count": count, "lower": 0.3, "upper": upper}


OPTIONS = [option("a", True, upper=0.9), option("b", False), option("c", False)]


def test_a_good_item_is_left_alone() -> None:
    assert warnings(GOOD, OPTIONS) == []


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"facility": 0.95}, "too_easy", "Terlalu mudah: rata-rata 95 %"),
        ({"facility": 0.2, "guess": None}, "too_hard", "Terlalu sulit: rata-rata 20 %"),
        ({"facility": 0.48, "guess": 0.5}, "no_better_than_guessing", "daripada menebak (50 %)"),
        ({"discrimination": -0.12, "efficiency": -0.2}, "backwards", "terbalik (-0,12)"),
        ({"efficiency": 0.14}, "weak", "efisiensi 14 %"),
    ],
)
def test_figures_out_of_bounds_are_told(change: dict[str, Any], code: str, sentence: str) -> None:
    ((found, text),) = warnings(GOOD | change, OPTIONS)
    assert found == code
    assert sentence in text


def test_a_distractor_nobody_takes_is_named() -> None:
    ((code, text),) = warnings(GOOD, [*OPTIONS, option("d", False, count=0, upper=0.0)])
    assert code == "unused"
    assert "tidak dipilih siapa pun: d." in text


def test_a_key_the_strong_avoid_is_named() -> None:
    found = warnings(GOOD, [option("a", True, upper=0.3), option("b", False, upper=0.6), option("c", False)])
    assert [code for code, _text in found] == ["key_avoided"]
    assert "memilih b (60 %) daripada kunci a (30 %)" in found[0][1]


def test_below_the_minimum_nothing_is_said() -> None:
    bad = GOOD | {"facility": 0.0, "discrimination": -1.0, "answers": MINIMUM - 1}
    assert warnings(bad, OPTIONS) == []
    assert warnings(bad | {"answers": MINIMUM}, OPTIONS) != []


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_a_figure_that_does_not_exist_warns_of_nothing(nothing: float | None) -> None:
    missing = {"discrimination": nothing, "efficiency": nothing}
    assert warnings(GOOD | missing, [option("a", True, upper=None), option("b", False, upper=None)]) == []
