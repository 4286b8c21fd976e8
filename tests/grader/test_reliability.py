"""Alpha both ways, its interval against tables and simulation, and when it is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from grader.items import statistics
from grader.reliability import alpha, f_quantile, feldt, reliability

from .test_items import tables


def test_alpha_by_hand() -> None:
    # Variances 1/4, 1/3, 1/3; sums 3 2 1 1 with variance 11/12: alpha = 3/2 · (1 − (11/12)/(11/12)) = 0.
    table = pd.DataFrame({"a": [1, 1, 0, 1], "b": [1, 1, 0, 0], "c": [1, 0, 1, 0]}, dtype=float)
    assert alpha(table) == pytest.approx(0)
    # Two equal items: variances v and v, sum 4v: alpha = 2 · (1 − 2/4) = 1.
    assert alpha(pd.DataFrame({"a": [1.0, 0, 1], "b": [1.0, 0, 1]})) == pytest.approx(1)


def test_a_published_example() -> None:
    """Ten students, ten items: K. L. Wuensch, «The Kuder-Richardson 20», East Carolina University.

    https://core.ecu.edu/wuenschk/StatHelp/KR20.txt prints the answers, each p and p·q, and the variance of
    the sums, 5.84 (divisor n); KR-20 is alpha for scores of 0 and 1.
    """
    rows = (
        "1111110110 1011011101 1111011001 0010001000 0000010010 "
        "1110111111 1101110111 1111111101 0101111101 1101101110"
    )
    table = pd.DataFrame([[float(one) for one in row] for row in rows.split()])
    found = statistics(table)
    right = [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
    assert list(found["facility"]) == pytest.approx(right)
    spread = [p * (1 - p) for p in right]
    assert spread == pytest.approx([0.21, 0.21, 0.24, 0.21, 0.24, 0.16, 0.21, 0.21, 0.25, 0.24])
    # Ours have the divisor n − 1.
    assert [0.9 * sd**2 for sd in found["sd"]] == pytest.approx(spread)
    assert table.sum(axis="columns").var(ddof=0) == pytest.approx(5.84)
    assert alpha(table) == pytest.approx(10 / 9 * (1 - sum(spread) / 5.84))
    assert alpha(table) == pytest.approx(0.696, abs=5e-4)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_alpha_is_k_squared_times_the_mean_covariance_over_the_variance_of_the_sum(
    table: pd.DataFrame,
) -> None:
    matrix = table.to_numpy()
    total = matrix.sum(axis=1)
    found = alpha(table)
    if np.ptp(total) < 1e-6:
        assert math.isnan(found)
        return
    items = matrix.shape[1]
    covariances = np.cov(matrix, rowvar=False)
    between = covariances[~np.eye(items, dtype=bool)].mean()
    assert found == pytest.approx(items**2 * between / total.var(ddof=1), rel=1e-6, abs=1e-6)
    assert found <= 1 + 1e-9


@pytest.mark.parametrize(
    ("share", "above", "below", "value"),
    # Printed tables of F.
    [(0.95, 5, 10, 3.3258), (0.975, 10, 20, 2.7737), (0.95, 1, 10, 4.9646), (0.99, 4, 30, 4.0179)],
)
def test_quantiles_of_f_are_those_of_the_tables(share: float, above: int, below: int, value: float) -> None:
    assert f_quantile(share, above, below) == pytest.approx(value, abs=5e-5)
    assert f_quantile(1 - share, below, above) == pytest.approx(1 / value, abs=5e-5)


def test_the_interval_holds_the_true_alpha_as_often_as_it_says() -> None:
    # Parallel items of covariance 1 and variance 2: the true alpha of five is 5/6.
    dice = np.random.default_rng(11)
    hits = 0
    for _round in range(400):
        able = dice.normal(size=(30, 1))
        table = pd.DataFrame(able + dice.normal(size=(30, 5)))
        low, high = feldt(alpha(table), people=30, items=5)
        hits += low <= 5 / 6 <= high
    assert hits / 400 == pytest.approx(0.95, abs=0.03)


def test_an_interval_lies_around_alpha_and_shrinks_with_people() -> None:
    few, many = feldt(0.7, people=20, items=10), feldt(0.7, people=500, items=10)
    assert few[0] < many[0] < 0.7 < many[1] < few[1] < 1
    assert all(
        math.isnan(end) for end in (*feldt(math.nan, people=9, items=3), *feldt(1.0, people=9, items=3))
    )


def test_error_is_what_alpha_leaves_of_the_spread() -> None:
    dice = np.random.default_rng(3)
    table = pd.DataFrame((dice.normal(size=(60, 1)) + dice.normal(size=(60, 4)) > 0).astype(float))
    found = reliability(table, minimum=30)
    marks = 100 * table.mean(axis="columns")
    assert (found.mean, found.sd) == (pytest.approx(marks.mean()), pytest.approx(marks.std()))
    assert found.error == pytest.approx(marks.std() * math.sqrt(1 - alpha(table)))
    assert (found.attempts, found.items, found.sheets, found.refused) == (60, 4, 1, "")


def test_drawn_forms_are_refused_and_a_large_group_of_one_form_is_not() -> None:
    dice = np.random.default_rng(5)
    full = pd.DataFrame(dice.integers(0, 2, size=(60, 6)).astype(float), columns=list("abcdef"))
    drawn = full.mask(np.argsort(dice.random((60, 6)), axis=1) < 3)
    refused = reliability(drawn, minimum=30)
    assert (refused.refused, math.isnan(refused.alpha), math.isnan(refused.mean)) == ("sheets", True, True)
    assert refused.sheets > 1
    mixed = full.copy()
    mixed.loc[:19, "a"] = math.nan  # twenty answered another revision of a
    found = reliability(mixed, minimum=30)
    assert (found.attempts, found.items, found.sheets) == (40, 6, 2)
    assert found.alpha == pytest.approx(alpha(full.loc[20:]))


@pytest.mark.parametrize("columns", [{}, {"a": [1.0]}, {"a": [1.0, 0.0]}, {"a": [1.0, 0.0], "b": [0.0, 1.0]}])
def test_without_people_items_or_spread_there_is_no_alpha(columns: dict[str, list[float]]) -> None:
    found = reliability(pd.DataFrame(columns), minimum=1)
    assert found.refused == "still"
    assert math.isnan(found.alpha)
