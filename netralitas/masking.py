"""Small groups in tables that are shared: which cells stay empty so that none of them can be worked out.

Pure. A table is cells and *sums* over them (a unit is its children, a headcount its states). What is small is
hidden, and then, in each sum whose total shows, as many other parts as make what is hidden hard to tell.

    cells, sums ─► small ones ─► one more part of each sum that would give one away ─► … ─► hidden
                       ▲                                                                      │
                       └────────── one more cell where bounds still tell one ◄── audit ◄──────┘
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

Cell = TypeVar("Cell", bound=Hashable)
"""Cells of one table can be sorted."""

SMALL = 5
"""A group of fewer is hidden, and so is a count of fewer."""
LEAST = 20
"""Of fewer people no mean is shared: to a whole group of SMALL it would say nothing."""


def rounded(count: int) -> int | None:
    """Return a count that stands alone as it may be shared: to a multiple of SMALL, None below it.

    Each is rounded for itself, as HESA publishes, so that nothing hidden can be had by subtraction.
    """
    return None if count < SMALL else SMALL * round(count / SMALL)


def coarse(mean: float, people: int) -> float | None:
    """Return a mean, −1 to 1, as it may be shared: its sum over `people` to a multiple of SMALL.

    `people` is the count as shared (`rounded`); None below LEAST. So a mean is kept as a count is: the sums
    of two groups may differ by as much from the truth as fewer than SMALL people could add to them.
    """
    return None if people < LEAST else round(mean * people / SMALL) * SMALL / people


def entered(months: Mapping[date, int], until: date) -> date | None:
    """Return the last month's end up to `until` at which people came into a shared report; None: nobody yet.

    `months` are how many came by the end of each month. They come in when they are SMALL at least together;
    so no two reports differ by a few people, whose results could be had by subtraction.
    """
    waiting, last = 0, None
    for end in sorted(one for one in months if one <= until):
        waiting += months[end]
        if waiting >= SMALL:
            waiting, last = 0, end
    return last


class Sum(NamedTuple, Generic[Cell]):
    """A total and its parts, which add up to it.

    Where the parts are one count of several groups, `rest` says how many of each group are not in it: who
    knows the groups knows these sums as well.
    """

    total: Cell
    parts: tuple[Cell, ...]
    rest: Mapping[Cell, int] | None = None


def hidden(
    cells: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    *,
    small: Collection[Cell],
    before: Collection[Cell] = (),
    floors: Mapping[Cell, int] | None = None,
) -> set[Cell]:
    """Return the cells to leave empty: `small` and whatever would give one of them away.

    `cells` holds non-negative counts; `floors` say which are known to be more than nothing. `before` are
    cells hidden a month ago: they are chosen first, so that what hides a group does not change from month to
    month and cannot be compared.
    """
    # Numbers come with it that nothing else on the site needs.
    from .disclosure import Audit, knots  # noqa: PLC0415

    table = _Table(cells, sums, before)
    table.hide(cells.keys() & small)
    audit = Audit(cells, floors or {})
    fresh = table.gone
    while fresh:
        more: set[Cell] = set()
        for knot in knots(table.gone, table.open_sums()):
            if not fresh.isdisjoint(knot.cells) and (told := audit.told(knot, small)):
                more.update(table.beside(knot.cells, told))
        fresh = table.hide(more)
    return table.gone


class _Table(Generic[Cell]):
    """Cells and sums of a table, and what of it is hidden so far."""

    def __init__(
        self, cells: Mapping[Cell, int], sums: Sequence[Sum[Cell]], before: Collection[Cell]
    ) -> None:
        self.cells, self.sums, self.before = cells, sums, before
        self.gone: set[Cell] = set()
        self.of: dict[Cell, list[int]] = defaultdict(list)
        for number, (total, parts, _rest_of) in enumerate(sums):
            self.of[total].append(number)
            for cell in parts:
                self.of[cell].append(number)

    def hide(self, some: Collection[Cell]) -> set[Cell]:
        """Hide some cells and what each sum then asks for; return all that is newly hidden."""
        start = set(self.gone)
        self.gone |= set(some)
        waiting = deque(sorted({number for cell in some for number in self.of[cell]}))
        queued = set(waiting)
        while waiting:
            number = waiting.popleft()
            queued.discard(number)
            more = _more(self.cells, self.sums[number], self.gone, self.before)
            self.gone |= more
            for cell in more:
                fresh = [one for one in self.of[cell] if one not in queued]
                waiting.extend(fresh)
                queued.update(fresh)
        return self.gone - start

    def open_sums(self) -> Iterator[list[tuple[Cell, int]]]:
        """Yield what is hidden of each sum: parts count 1, the total −1."""
        for total, parts, _rest_of in self.sums:
            terms = [(cell, 1) for cell in parts if cell in self.gone]
            if total in self.gone:
                terms.append((total, -1))
            if terms:
                yield terms

    def beside(self, knot: Collection[Cell], told: Collection[Cell]) -> list[Cell]:
        """Return the one cell to hide next where a knot tells some of its cells; none where nothing shows."""

        def around(some: Collection[Cell]) -> set[Cell]:
            sums = (self.sums[number] for cell in some for number in self.of[cell])
            return {cell for one in sums for cell in (one.total, *one.parts) if cell not in self.gone}

        near = around(told)
        # What was hidden before comes first wherever it lies: it was enough a month ago.
        order = sorted(
            around(knot), key=lambda one: (one not in self.before, one not in near, self.cells[one], one)
        )
        return order[:1]


def _more(
    cells: Mapping[Cell, int], one: Sum[Cell], gone: Collection[Cell], before: Collection[Cell]
) -> set[Cell]:
    """Return what else of one sum has to be hidden: the fewest, smallest parts that show.

    At least two are hidden then, with room between them in the counts and in their rests. The total goes as
    well where all parts together do not do.
    """
    if one.total in gone:
        # Parts that show would be a floor under it.
        return {part for part in one.parts if part not in gone}
    parts = [part for part in one.parts if part in gone]
    if not parts:
        return set()
    counts = (cells, cells if one.rest is None else one.rest)
    need = 2 - len(parts)
    room, spare = (sum([count[part] for part in parts]) - SMALL - len(parts) for count in counts)
    if need <= 0 <= min(room, spare):
        return set()
    found: set[Cell] = set()
    showing = [part for part in one.parts if part not in gone]
    showing.sort(key=lambda part: (part not in before, cells[part], part))
    for part in showing:
        found.add(part)
        need, room, spare = need - 1, room + counts[0][part] - 1, spare + counts[1][part] - 1
        if need <= 0 <= min(room, spare):
            return found
    return found | {one.total}
