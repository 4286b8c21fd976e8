"""Least and most of an unknown under linear equations: the simplex method, for tables of some hundred cells.

    unknown ≥ floor, sums of unknowns = totals ─► tableau with a feasible basis ─► least, most of each unknown

Dantzig's method with Bland's rule (Bland 1977, New finite pivoting rules for the simplex method, Mathematics
of Operations Research 2, 103–107), which cannot go round in circles. Coefficients are −1, 0 and 1 and totals
small, so floats are exact enough by far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SPECK = 1e-7


class Bounds:
    """The unknowns x ≥ 0 with `equations` · x = `totals`. Raises ValueError where there are none such."""

    def __init__(self, equations: Floats, totals: Floats) -> None:
        rows, self.unknowns = equations.shape
        sign = np.where(totals < 0, -1.0, 1.0)
        body = np.hstack([equations * sign[:, None], np.eye(rows), (totals * sign)[:, None]])
        self.tableau: Floats = body
        self.basis = list(range(self.unknowns, self.unknowns + rows))
        artificial = np.concatenate([np.zeros(self.unknowns), np.ones(rows)])
        if self._least(artificial) > SPECK:
            raise ValueError("no such numbers")
        self._drop_artificial()

    def of(self, unknown: int) -> tuple[float, float]:
        """Return the least and the most an unknown can be; the most may be infinite."""
        cost = np.zeros(self.unknowns)
        cost[unknown] = 1.0
        return self._least(cost), -self._least(-cost)

    def _least(self, cost: Floats) -> float:
        while True:
            body, right = self.tableau[:, :-1], self.tableau[:, -1]
            price = cost - cost[self.basis] @ body
            better = np.flatnonzero(price < -SPECK)
            if not len(better):
                return float(cost[self.basis] @ right)
            enters = int(better[0])
            ways = np.flatnonzero(body[:, enters] > SPECK)
            if not len(ways):
                return -np.inf
            ratios = right[ways] / body[ways, enters]
            near = ways[ratios <= ratios.min() + SPECK]
            self._pivot(int(min(near, key=lambda row: self.basis[row])), enters)

    def _pivot(self, row: int, column: int) -> None:
        self.tableau[row] /= self.tableau[row, column]
        factors = self.tableau[:, column].copy()
        factors[row] = 0.0
        self.tableau -= np.outer(factors, self.tableau[row])
        self.basis[row] = column

    def _drop_artificial(self) -> None:
        """Leave out what was there to begin with, and equations that say nothing new."""
        kept = []
        for row, column in enumerate(self.basis):
            if column >= self.unknowns:
                own = np.flatnonzero(np.abs(self.tableau[row, : self.unknowns]) > SPECK)
                if not len(own):
                    continue
                self._pivot(row, int(own[0]))
            kept.append(row)
        self.tableau = np.hstack([self.tableau[kept, : self.unknowns], self.tableau[kept, -1:]])
        self.basis = [self.basis[row] for row in kept]
