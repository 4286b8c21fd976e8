"""Two markers, one answer: how far their points agree, and which points count.

    points of both (and of a third)  ──settled──►  Settled        pairs of points  ──kappa──►  −1 … 1

Pure. The rule: equal points count; points that differ by at most the case's `gap` are averaged; where they
differ more, a third marker decides. Nobody saw the others' points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from netralitas.model import Value

How = Literal["sama", "rata-rata", "penilai ketiga"]


class Said(Value):
    """What one marker gave for a criterion; `points` None while they have not."""

    points: float | None = None
    comment: str = ""


class Settled(Value):
    """What counts for a criterion, and how it came about."""

    points: float
    comment: str
    how: How


def disputed(first: Said, second: Said, gap: float) -> bool:
    """Say whether two markers differ by more than is averaged."""
    both = first.points is not None and second.points is not None
    return both and abs((first.points or 0) - (second.points or 0)) > gap


def settled(first: Said, second: Said, third: Said, gap: float) -> Settled | None:
    """Return what counts, None while somebody who has to mark has not."""
    if first.points is None or second.points is None:
        return None
    if disputed(first, second, gap):
        if third.points is None:
            return None
        return Settled(points=third.points, comment=third.comment, how="penilai ketiga")
    # Both wrote for the learner; the same words need not be read twice.
    comment = "\n".join(dict.fromkeys(one.comment for one in (first, second) if one.comment))
    how: How = "sama" if first.points == second.points else "rata-rata"
    return Settled(points=(first.points + second.points) / 2, comment=comment, how=how)


def kappa(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Cohen's kappa of two markers, disagreement weighted by its square; None where it has no value.

    1: always equal; 0: no better than chance from how often each gives which points. Without any
    differences between learners there is nothing chance could miss, and no value. With squared weights the
    table of categories is not needed: the mean squared difference over all pairs of learners is what chance
    gives (Fleiss & Cohen 1973).
    """
    seen = sum((one - other) ** 2 for one, other in pairs) * len(pairs)
    chance = sum((one - other) ** 2 for one, _own in pairs for _its, other in pairs)
    return 1 - seen / chance if chance else None
