"""How far a mark can be trusted: Cronbach's alpha, its interval, and the standard error of measurement.

    alpha = k/(k − 1) · (1 − sum of the items' variances / variance of the sum)      k items, divisor n − 1
    error = sd · √(1 − alpha)

Both as in the Moodle quiz statistics report (coefficient of internal consistency, standard error;
https://docs.moodle.org/dev/Quiz_statistics_calculations). The interval is that of Feldt (1965,
Psychometrika 30, 357–370): (1 − true alpha) / (1 − alpha) follows F with n − 1 and (n − 1)(k − 1) degrees of
freedom. Sums of different items are no one scale; so everything rests on the attempts that hold the same
revisions of the same items, the largest such group.

Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Literal

import pandas as pd

from netralitas.model import Value

LEVEL = 0.95
"""The share of intervals that hold the true alpha."""

_NONE = float("nan")
_STEPS = 200


class Reliability(Value):
    """What is known of the marks. `mean`, `sd`, `error` in points of 100; NaN where there is no such figure.

    `attempts` hold the same `items` items; `sheets` is how many different sets of items there were.
    `refused`: `sheets` where no set was taken often enough, `still` where the sum does not vary.
    """

    attempts: int
    items: int
    sheets: int
    mean: float = _NONE
    sd: float = _NONE
    alpha: float = _NONE
    low: float = _NONE
    high: float = _NONE
    error: float = _NONE
    refused: Literal["", "sheets", "still"] = ""


def reliability(table: pd.DataFrame, *, minimum: int) -> Reliability:
    """Return the reliability of the marks of `items.scores`.

    With several sets of items, the largest group must have `minimum` attempts, else everything is refused.
    """
    sheets = Counter(tuple(row) for row in table.notna().itertuples(index=False, name=None))
    if not sheets:
        return Reliability(attempts=0, items=0, sheets=0, refused="still")
    sheet = max(sheets, key=lambda one: (sheets[one], one))
    counts = {"attempts": sheets[sheet], "items": sum(sheet), "sheets": len(sheets)}
    if len(sheets) > 1 and sheets[sheet] < minimum:
        return Reliability(**counts, refused="sheets")
    held = [name for name, there in zip(table.columns, sheet, strict=True) if there]
    same = (table.notna() == list(sheet)).all(axis="columns")
    return _measured(table.loc[same, held].sort_values(held, ignore_index=True), counts)


def alpha(table: pd.DataFrame) -> float:
    """Return Cronbach's alpha of attempts × items without gaps; NaN below two of either or without spread."""
    people, items = table.shape
    total = table.sum(axis="columns").round(9)  # scores have four decimals: what is beyond is no spread
    if min(people, items) < 2 or total.nunique() < 2:  # noqa: PLR2004
        return _NONE
    return items / (items - 1) * (1 - float(table.var().sum()) / float(total.var()))


def feldt(found: float, *, people: int, items: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of alpha at `level`; NaN where there is no alpha or one that is 1."""
    if math.isnan(found) or found >= 1:
        return _NONE, _NONE
    free = (people - 1, (people - 1) * (items - 1))
    far, near = (f_quantile(share, *free) for share in ((1 + level) / 2, (1 - level) / 2))
    return 1 - (1 - found) * far, 1 - (1 - found) * near


def f_quantile(share: float, above: int, below: int) -> float:
    """Return the value under which a share, 0 < share < 1, of F with these degrees of freedom lies."""
    # F is x/(1−x) · below/above for x of the beta distribution, whose share rises with x.
    low, high = 0.0, 1.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if _beta_share(middle, above / 2, below / 2) < share:
            low = middle
        else:
            high = middle
    return low / (1 - low) * below / above


def _measured(held: pd.DataFrame, counts: dict[str, int]) -> Reliability:
    found = alpha(held)
    points = 100 * held.sum(axis="columns") / max(1, counts["items"])
    low, high = feldt(found, people=counts["attempts"], items=counts["items"])
    sd = float(points.std())
    return Reliability(
        **counts,
        mean=float(points.mean()),
        sd=sd,
        alpha=found,
        low=low,
        high=high,
        error=sd * math.sqrt(1 - found) if found <= 1 else _NONE,
        refused="still" if math.isnan(found) else "",
    )


def _beta_share(x: float, a: float, b: float) -> float:
    """Return the share of the beta distribution below x: the regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    # The fraction converges fast on one side of the mean only; the other side is its mirror.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function, by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, 10_000):
        before = value
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + factor * d or tiny)
            c = 1 + factor / c or tiny
            value *= c * d
        if abs(value - before) < 1e-15 * abs(value):  # the last bit
            break
    return value
