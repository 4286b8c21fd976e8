"""Item statistics: how hard each item is and whether it tells strong from weak.

    answers ──scores──► attempts × items ─┬─ statistics ──► one row an item
                                          └─ thirds ──► who is weak, who strong, for the options

The definitions are those of the Moodle quiz statistics report
(https://docs.moodle.org/dev/Quiz_statistics_calculations), with x the score of an item, 0 to 1, and X the
rest, what the same attempt scored on its other items:

- facility: mean of x;                           - sd: standard deviation of x (divisor n − 1);
- discrimination: correlation of x and X, also called item-rest correlation;
- efficiency: covariance of x and X over the greatest they could have, that of both sorted.

`point_biserial`, the correlation of x and the whole, is not Moodle's; it is higher, because x is part of the
whole. Where all attempts hold the same items, X is their sum. Where forms are drawn, or an item changed
between attempts, sums of different items cannot be compared; so each score counts as what it is above the
facility of its item, and X is the mean of those. On one form that is the sum, moved and scaled, and gives
the same figures.

Pure. The order of learners never matters, not even for the last bit.
"""

from __future__ import annotations

import math

import pandas as pd

STATISTICS = ("answers", "facility", "sd", "discrimination", "efficiency", "point_biserial")
"""Columns of `statistics`; a share, a deviation, three figures of −1 to 1; NaN where they do not exist."""

_NOTHING = 1e-9
_SPARED = 9
"""Decimals kept where equal rests have to be equal."""


def column(item: str, revision: str) -> str:
    """Return the name under which the answers to one revision of an item stand."""
    return f"{item}@{revision}"


def scores(answers: pd.DataFrame) -> pd.DataFrame:
    """Return attempts × items: the score, NaN where an attempt does not hold that revision of the item.

    `answers` has the columns of `sittings.COLUMNS`. Columns are named by `column` and sorted; rows keep the
    attempt's number and stand in the order of their scores.
    """
    named = answers.assign(
        column=[column(*pair) for pair in zip(answers["item"], answers["revision"], strict=True)]
    )
    wide = named.pivot(index="attempt", columns="column", values="score").astype(float)
    return _ordered(wide.sort_index(axis="columns"))


def statistics(table: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of each column of `scores`, with the columns of STATISTICS."""
    ordered = _ordered(table)
    rest, whole = rests(ordered), _above(ordered).mean(axis="columns")
    rows = {name: _figures(ordered[name], rest[name], whole) for name in ordered.columns}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(STATISTICS), dtype=float)
    return frame.astype({"answers": int})


def rests(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each score what the attempt did on its other items, NaN where it holds no other."""
    above = _above(table)
    others = above.notna().sum(axis="columns") - 1
    sums = above.rsub(above.sum(axis="columns"), axis="index")
    return sums.div(others.where(others > 0), axis="index")


def thirds(rest: pd.Series[float]) -> pd.Series[str]:
    """Return `lower`, `middle` or `upper` for each attempt that holds an item, by what it did on the others.

    Who is equal stands in the same third, so thirds may differ in size; the weakest are always lower, the
    strongest upper, unless all are equal.
    """
    spared = rest.dropna().round(_SPARED)
    named = pd.Series("middle", index=spared.index, dtype=object)
    if spared.nunique() < 2:  # noqa: PLR2004  (nobody is weaker than another)
        return named
    place = spared.rank(pct=True)
    lower, upper = (place <= 1 / 3) | (spared == spared.min()), (place > 2 / 3) | (spared == spared.max())
    return named.mask(lower, "lower").mask(upper, "upper")


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    # Sums of floats depend on their order in the last bit; sorted, it is always the same.
    return table.sort_values(list(table.columns), kind="stable") if len(table.columns) else table


def _above(table: pd.DataFrame) -> pd.DataFrame:
    return table - table.mean()


def _figures(item: pd.Series[float], rest: pd.Series[float], whole: pd.Series[float]) -> list[float]:
    x = item.dropna()
    return [
        len(x),
        x.mean(),
        x.std(),
        _ratio(x, rest),
        _efficiency(x, rest),
        _ratio(x, whole),
    ]


def _ratio(x: pd.Series[float], y: pd.Series[float]) -> float:
    """Return the correlation of two series where both have a value, NaN where one of them stands still."""
    x, y = _both(x, y)
    if _still(x) or _still(y):
        return float("nan")
    return _covariance(x, y) / math.sqrt(_covariance(x, x) * _covariance(y, y))


def _efficiency(x: pd.Series[float], y: pd.Series[float]) -> float:
    x, y = _both(x, y)
    if _still(x) or _still(y):
        return float("nan")
    most = _covariance(x.sort_values(ignore_index=True), y.sort_values(ignore_index=True))
    return _covariance(x, y) / most


def _both(x: pd.Series[float], y: pd.Series[float]) -> tuple[pd.Series[float], pd.Series[float]]:
    pair = pd.DataFrame({"x": x, "y": y}).dropna()
    return pair["x"], pair["y"]


def _still(x: pd.Series[float]) -> bool:
    # Not the variance: of equal floats it may be a speck above 0.
    return len(x) < 2 or float(x.max() - x.min()) < _NOTHING  # noqa: PLR2004  (one value has no spread)


def _covariance(x: pd.Series[float], y: pd.Series[float]) -> float:
    return float(((x - x.mean()) * (y - y.mean())).sum()) / (len(x) - 1)
