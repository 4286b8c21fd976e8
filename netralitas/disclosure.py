"""Which counts a table leaves empty and tells all the same: an audit under every sum that can be read.

Pure. Who reads a table knows its sums. What is hidden can then only move together, one more here and one
fewer there, nothing below its floor; a count that no such move changes by one is told.

    hidden cells ─► those that hang together by sums ─► a linear program of their moves ─► what nothing moves

This is the audit of cell suppression (Willenborg and de Waal 2001, Elements of Statistical Disclosure
Control, chapter 6). HiGHS solves the linear programs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

import highspy
import numpy as np
from numpy.typing import NDArray

Cell = TypeVar("Cell", bound=Hashable)

Terms = Sequence[tuple[Cell, int]]
"""What is hidden of a sum, each with its sign: parts 1, the total −1. Together they do not change."""

FAR = 1000.0
"""How far a count is moved at most; whether it can be moved by one is all that is asked."""
STEP = 1 - 1e-6
LOTS = 4
"""Moves drawn by lot before single counts are asked for: each changes many at once, so few are left over."""


class Knot(NamedTuple, Generic[Cell]):
    """Hidden cells that hang together, and by what."""

    cells: list[Cell]
    sums: list[Terms[Cell]]


def knots(gone: Collection[Cell], sums: Iterable[Terms[Cell]]) -> list[Knot[Cell]]:
    """Return the hidden cells as they hang together; `sums` hold hidden cells only."""
    above = {cell: cell for cell in gone}

    def top(cell: Cell) -> Cell:
        while above[cell] != cell:
            above[cell] = cell = above[above[cell]]
        return cell

    tops: list[tuple[Cell, Terms[Cell]]] = []
    for terms in sums:
        first = top(terms[0][0])
        for cell, _sign in terms:
            above[top(cell)] = first
        tops.append((first, terms))
    found: dict[Cell, Knot[Cell]] = defaultdict(lambda: Knot([], []))
    for cell in gone:
        found[top(cell)].cells.append(cell)
    for first, terms in tops:
        found[top(first)].sums.append(terms)
    return list(found.values())


class Audit(Generic[Cell]):
    """Asks knots which of their cells are told, given the counts and what they are known to be at least."""

    def __init__(self, cells: Mapping[Cell, int], floors: Mapping[Cell, int]) -> None:
        self._cells, self._floors = cells, floors
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        # A knot has some dozen cells: what prepares large problems costs more than it saves.
        self._solver.setOptionValue("presolve", "off")
        self._solver.setOptionValue("solver", "simplex")
        self._solver.setOptionValue("threads", 1)

    def told(self, knot: Knot[Cell], small: Collection[Cell]) -> list[Cell]:
        """Return the cells among `small` that can be had from what shows."""
        still = np.array([cell in small for cell in knot.cells])
        if not still.any():
            return []
        self._solver.passModel(self._program(knot))
        for cost in self._costs(still):
            self._solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
            self._solver.run()
            still &= np.abs(np.array(self._solver.getSolution().col_value)) < STEP
        return [knot.cells[number] for number in np.flatnonzero(still)]

    @staticmethod
    def _costs(still: NDArray[np.bool_]) -> Iterator[NDArray[np.float64]]:
        """Yield what to make least: by lot, then each cell that is `still` unmoved, down and up."""
        dice = np.random.default_rng(len(still))
        for _lot in range(LOTS):
            yield dice.uniform(-1, 1, len(still))
        for number in np.flatnonzero(still):
            for sign in (1.0, -1.0):
                if still[number]:
                    cost = np.zeros(len(still))
                    cost[number] = sign
                    yield cost

    def _program(self, knot: Knot[Cell]) -> highspy.HighsLp:
        """Return the moves of a knot: each sum stays, nothing falls below its floor."""
        place = {cell: number for number, cell in enumerate(knot.cells)}
        every = list(chain.from_iterable(knot.sums))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(place), len(knot.sums)
        program.col_cost_ = np.zeros(len(place))
        room = [self._cells[cell] - self._floors.get(cell, 0) for cell in knot.cells]
        program.col_lower_ = -np.minimum(np.array(room, dtype=float), FAR)
        program.col_upper_ = np.full(len(place), FAR)
        program.row_lower_ = program.row_upper_ = np.zeros(len(knot.sums))
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *map(len, knot.sums)])
        program.a_matrix_.index_ = np.array([place[cell] for cell, _sign in every])
        program.a_matrix_.value_ = np.array([float(sign) for _cell, sign in every])
        return program
