"""Item statistics: a small example by hand, independent computations, and what must hold for any answers."""

from __future__ import annotations

import math
import statistics as plain
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.items import STATISTICS, rests, scores, statistics, thirds

# Four learners, three items.
BY_HAND = pd.DataFrame({"a": [1.0, 1.0, 0.0, 1.0], "b": [1.0, 1.0, 0.0, 0.0], "c": [1.0, 0.0, 1.0, 0.0]})


@st.composite
def tables(draw: st.DrawFn, *, gaps: bool = False) -> pd.DataFrame:
    items, people = draw(st.integers(2, 6)), draw(st.integers(2, 25))
    cell = st.sampled_from([0.0, 0.25, 0.3333, 0.5, 0.6667, 1.0, *([math.nan] if gaps else [])])
    rows = draw(st.lists(st.lists(cell, min_size=items, max_size=items), min_size=people, max_size=people))
    return pd.DataFrame(rows, columns=[f"k{n}" for n in range(items)])


def test_a_small_example_by_hand() -> None:
    found = statistics(BY_HAND)
    assert list(found.columns) == list(STATISTICS)
    assert list(found["answers"]) == [4, 4, 4]
    assert list(found["facility"]) == [0.75, 0.5, 0.5]
    # a: variance 0.75/3. Rests b + c = 2 1 1 0, deviations 1 0 0 −1; of a ¼ ¼ −¾ ¼: covariance 0.
    assert found.loc["a", "sd"] == pytest.approx(0.5)
    assert found.loc["a", "discrimination"] == pytest.approx(0, abs=1e-12)
    # b: rests a + c = 2 1 1 1, deviations ¾ −¼ −¼ −¼; of b ½ ½ −½ −½: covariance 1/6, sorted 1/6 too.
    assert found.loc["b", "efficiency"] == pytest.approx(1)
    assert found.loc["b", "discrimination"] == pytest.approx((1 / 6) / math.sqrt((1 / 3) * 0.25))
    # c: rests a + b = 2 2 0 1, mean 5/4; c = 1 0 1 0: covariance −1/6, both sorted 1/2.
    assert found.loc["c", "efficiency"] == pytest.approx((-1 / 6) / (1 / 2))
    whole = [3.0, 2.0, 1.0, 1.0]
    assert found.loc["a", "point_biserial"] == pytest.approx(plain.correlation(list(BY_HAND["a"]), whole))


@settings(deadline=None, max_examples=60)
@given(tables())
def test_figures_agree_with_an_independent_computation(table: pd.DataFrame) -> None:
    found, matrix = statistics(table), table.to_numpy()
    for at, name in enumerate(table.columns):
        x, rest = matrix[:, at], np.delete(matrix, at, axis=1).sum(axis=1)
        assert found.loc[name, "facility"] == pytest.approx(x.mean())
        assert found.loc[name, "sd"] == pytest.approx(x.std(ddof=1))
        if np.ptp(x) == 0 or np.ptp(rest) < 1e-9:
            assert math.isnan(float(found.loc[name, "discrimination"]))
            assert math.isnan(float(found.loc[name, "efficiency"]))
            continue
        assert found.loc[name, "discrimination"] == pytest.approx(np.corrcoef(x, rest)[0, 1], abs=1e-9)
        most = np.cov(np.sort(x), np.sort(rest))[0, 1]
        assert found.loc[name, "efficiency"] == pytest.approx(np.cov(x, rest)[0, 1] / most, abs=1e-9)
        whole = matrix.sum(axis=1)
        if np.ptp(whole) > 1e-9:
            assert found.loc[name, "point_biserial"] == pytest.approx(np.corrcoef(x, whole)[0, 1], abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(tables(gaps=True))
def test_figures_stay_in_their_bounds(table: pd.DataFrame) -> None:
    found = statistics(table)
    assert found["facility"].dropna().between(0, 1).all()
    for name in ("discrimination", "point_biserial"):
        assert found[name].dropna().between(-1 - 1e-9, 1 + 1e-9).all()
    assert (found["efficiency"].dropna() <= 1 + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(tables(gaps=True), st.randoms(use_true_random=False))
def test_the_order_of_learners_never_matters_not_even_in_the_last_bit(table: pd.DataFrame, dice: Any) -> None:
    order = list(table.index)
    dice.shuffle(order)
    pd.testing.assert_frame_equal(statistics(table), statistics(table.loc[order]), check_exact=True)


@settings(deadline=None, max_examples=60)
@given(tables(), st.sampled_from([0.0, 0.5, 1.0]))
def test_a_constant_item_changes_nothing_for_the_others(table: pd.DataFrame, value: float) -> None:
    before, after = statistics(table), statistics(table.assign(tetap=value))
    assert math.isnan(float(after.loc["tetap", "discrimination"]))
    pd.testing.assert_frame_equal(before, after.drop(index="tetap"), rtol=0, atol=1e-9)


def test_on_drawn_forms_an_easy_form_makes_nobody_strong() -> None:
    # Two forms around one shared item: who drew the easy items is as able as who drew the hard ones.
    easy = [[x, 1.0, y, math.nan, math.nan] for x, y in ((1, 1), (1, 1), (0, 1), (0, 0))]
    hard = [[x, math.nan, math.nan, 0.0, y] for x, y in ((1, 1), (1, 0), (0, 0), (0, 0))]
    table = pd.DataFrame(easy + hard, columns=["x", "e1", "e2", "h1", "h2"], dtype=float)
    rest = rests(table)["x"]
    assert rest[:4].mean() == pytest.approx(0)
    assert rest[4:].mean() == pytest.approx(0)
    raw = table.drop(columns="x").mean(axis="columns")
    assert raw[:4].mean() - raw[4:].mean() > 0.5


def test_an_attempt_with_one_item_has_no_rest() -> None:
    table = pd.DataFrame({"a": [1.0, 0.0, 1.0], "b": [math.nan, 1.0, 0.0]})
    assert rests(table)["a"].isna().tolist() == [True, False, False]
    assert statistics(table).loc["a", "answers"] == 3


def test_equals_stand_in_the_same_third() -> None:
    found = thirds(pd.Series([0.1, 0.1 + 1e-12, 0.2, 0.3, 0.3, 0.4, math.nan]))
    assert found.to_dict() == {0: "lower", 1: "lower", 2: "middle", 3: "upper", 4: "upper", 5: "upper"}
    assert set(thirds(pd.Series([0.5, 0.5, 0.5]))) == {"middle"}


def test_the_weakest_and_the_strongest_are_never_in_the_middle() -> None:
    assert thirds(pd.Series([0.1] + [0.9] * 9)).tolist() == ["lower"] + ["upper"] * 9
    assert thirds(pd.Series([0.1] * 9 + [0.9])).tolist() == ["lower"] * 9 + ["upper"]


@settings(deadline=None, max_examples=60)
@given(tables(gaps=True))
def test_thirds_are_equal_for_equals_and_never_the_wrong_way(table: pd.DataFrame) -> None:
    rest = rests(table)[table.columns[0]].dropna()
    found = thirds(rest)
    if {"lower", "upper"} <= set(found):
        assert rest[found == "lower"].max() < rest[found == "upper"].min()


def test_revisions_are_columns_of_their_own() -> None:
    rows = [
        (0, "k01", "aaaa", 1.0),
        (0, "k02", "cccc", 0.0),
        (1, "k01", "bbbb", 0.5),
        (1, "k02", "cccc", 1.0),
    ]
    table = scores(pd.DataFrame(rows, columns=["attempt", "item", "revision", "score"]))
    assert list(table.columns) == ["k01@aaaa", "k01@bbbb", "k02@cccc"]
    assert statistics(table)["answers"].tolist() == [1, 1, 2]


def test_nobody_at_all_gives_an_empty_frame() -> None:
    empty = scores(pd.DataFrame([], columns=["attempt", "item", "revision", "score"]))
    assert statistics(empty).empty
