"""What a shared table hides cannot be worked out: bounds are solved over every table that is published."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas.completion import (
    STATES,
    Cell,
    Group,
    attribute_mask,
    rolled_up,
    unit_mask,
)
from netralitas.masking import SMALL, Sum, hidden

INFINITE = 10**9


def bounds(
    known: Mapping[Hashable, int], sums: Collection[Sum], floors: Mapping[Hashable, int]
) -> dict[Hashable, tuple[int, int]]:
    """The attack: least and most each unknown cell can be, narrowed until nothing narrows any more."""
    cells = {cell for one in sums for cell in (one.total, *one.parts)}
    found = {
        cell: (known[cell], known[cell]) if cell in known else (floors.get(cell, 0), INFINITE)
        for cell in cells
    }
    narrowed = True
    while narrowed:
        narrowed = False
        for one in sums:
            low = sum(found[part][0] for part in one.parts)
            high = sum(found[part][1] for part in one.parts)
            ranges = {one.total: (low, high)}
            for part in one.parts:
                least = found[one.total][0] - (high - found[part][1])
                most = found[one.total][1] - (low - found[part][0])
                ranges[part] = (least, most)
            for cell, (least, most) in ranges.items():
                new = (max(found[cell][0], least), min(found[cell][1], most))
                if new != found[cell]:
                    found[cell], narrowed = new, True
    return found


def determined(known: Mapping[Hashable, int], sums: Collection[Sum]) -> set[Hashable]:
    """The attack by algebra: unknown cells whose value the sums give alone, by elimination over fractions."""
    unknown = sorted({c for one in sums for c in (one.total, *one.parts) if c not in known}, key=str)
    place = {cell: number for number, cell in enumerate(unknown)}
    rows: list[list[Fraction]] = []
    for one in sums:
        line = [Fraction(0)] * len(unknown)
        for cell, sign in ((one.total, -1), *((part, 1) for part in one.parts)):
            if cell in place:
                line[place[cell]] += sign
        rows.append(line)
    pivots: list[int] = []
    height = 0
    for column in range(len(unknown)):
        found = next((n for n in range(height, len(rows)) if rows[n][column]), None)
        if found is None:
            continue
        rows[height], rows[found] = rows[found], rows[height]
        head = rows[height][column]
        rows[height] = [value / head for value in rows[height]]
        for number, line in enumerate(rows):
            if number != height and line[column]:
                factor = line[column]
                rows[number] = [a - factor * b for a, b in zip(line, rows[height], strict=True)]
        pivots.append(column)
        height += 1
    alone = {column for number, column in enumerate(pivots) if sum(map(bool, rows[number])) == 1}
    return {cell for cell, number in place.items() if number in alone}


GROUPS = (
    st.tuples(*(st.integers(0, 12) for _state in STATES[:3]))
    .filter(any)
    .map(lambda told: Group(sum(told), *told))
)
PATHS = st.lists(st.sampled_from("ABC"), min_size=1, max_size=3).map(" / ".join)
TREES = st.dictionaries(PATHS, GROUPS, min_size=1, max_size=9)
MEASURES = ("people", *STATES[:3])


def tree_sums(own: Mapping[str, Group]) -> tuple[dict[Hashable, int], list[Sum], set[str]]:
    """Everything anybody could publish of a tree, and how it hangs together, written down anew."""
    every = rolled_up(own)
    table: dict[str, Group] = dict(every)
    sums: list[Sum] = []
    for path in every:
        below = [one for one in every if one and one.rpartition(" / ")[0] == path]
        if not below:
            continue
        if path in own:
            table[f"{path} / \0"] = own[path]
            below.append(f"{path} / \0")
        sums += [Sum((path, m), tuple((one, m) for one in below)) for m in MEASURES]
    sums += [Sum((name, "people"), tuple((name, s) for s in MEASURES[1:])) for name in table]
    cells: dict[Hashable, int] = {
        (name, measure): getattr(group, measure) for name, group in table.items() for measure in MEASURES
    }
    return cells, sums, {name for name, group in table.items() if group.people < SMALL}


def attacked(
    cells: Mapping[Hashable, int], sums: Collection[Sum], gone: Collection[Cell], small: Collection[str]
) -> list[Hashable]:
    """Return the cells of small groups somebody can work out."""
    known = {cell: count for cell, count in cells.items() if cell not in gone}
    floors = {cell: 1 for cell in cells if isinstance(cell, tuple) and cell[1] == "people"}
    solved = determined(known, sums)
    ranges = bounds(known, sums, floors)
    return [
        cell
        for cell in cells
        if isinstance(cell, tuple)
        and cell[0] in small
        and (cell in known or cell in solved or ranges[cell][0] == ranges[cell][1])
    ]


@settings(max_examples=300)
@given(TREES)
def test_no_small_group_of_a_tree_can_be_worked_out(own: dict[str, Group]) -> None:
    cells, sums, small = tree_sums(own)
    assert attacked(cells, sums, unit_mask(own, renews=False).cells, small) == []


@settings(max_examples=150)
@given(TREES, st.data())
def test_nor_from_two_months_that_follow_each_other(own: dict[str, Group], data: st.DataObject) -> None:
    """Who knows that a unit did not change reads the other month's figure for it."""
    first = unit_mask(own, renews=False)
    again = unit_mask(own, first, renews=False)
    cells, sums, small = tree_sums(own)
    assert attacked(cells, sums, first.cells & again.cells, small) == []
    then = dict(own)
    for path in data.draw(st.lists(st.sampled_from(sorted(own)), max_size=2)):
        then[path] = data.draw(GROUPS)
    second = unit_mask(then, first, renews=False)
    after, sums, small = tree_sums(then)
    assert attacked(after, sums, second.cells, small) == []
    # What was small a month ago is not shown this month, so its growth cannot be told from it.
    assert all((name, "people") in second.cells for name in first.small if (name, "people") in after)


@given(st.dictionaries(st.sampled_from("uvwxyz"), GROUPS, min_size=1))
def test_no_small_group_of_an_attribute_can_be_worked_out(values: dict[str, Group]) -> None:
    gone = attribute_mask(values, renews=False).cells
    table = dict(values)
    table[""] = rolled_up(values)[""]
    sums = [Sum(("", m), tuple((one, m) for one in values)) for m in MEASURES]
    sums += [Sum((name, "people"), tuple((name, s) for s in MEASURES[1:])) for name in table]
    cells: dict[Hashable, int] = {
        (name, measure): getattr(group, measure) for name, group in table.items() for measure in MEASURES
    }
    small = {name for name, group in table.items() if group.people < SMALL}
    assert attacked(cells, sums, gone, small) == []


LATE = GROUPS.flatmap(
    lambda one: st.integers(0, one.people - one.completed).map(lambda n: one._replace(overdue=n))
)


@settings(max_examples=200)
@given(st.dictionaries(PATHS, LATE, min_size=1, max_size=9))
def test_nor_from_who_is_late_where_deadlines_differ(own: dict[str, Group]) -> None:
    """Who is late and who has time are counts of their own then, and few of either are few people."""
    every, (cells, sums, small) = rolled_up(own), tree_sums(own)
    named: dict[str, Group] = {str(name): Group() for name, _measure in cells} | every  # type: ignore[misc]
    for name in named.keys() - every.keys():
        named[name] = own[name.removesuffix(" / \0")]
    for one in [one for one in sums if one.total[1] == "completed"]:  # type: ignore[index]
        sums += [
            Sum((one.total[0], m), tuple((part[0], m) for part in one.parts))  # type: ignore[index]
            for m in ("overdue", "waiting")
        ]
    for name, group in named.items():
        cells |= {(name, m): getattr(group, m) for m in ("overdue", "waiting")}
        sums.append(Sum((name, "people"), tuple((name, m) for m in ("completed", "overdue", "waiting"))))
    gone = unit_mask(own, renews=False, mixed=True).cells
    assert attacked(cells, sums, gone, small) == []
    few = {cell for cell, count in cells.items() if cell[1] == "overdue" and count < SMALL}  # type: ignore[index]
    assert few <= gone
    assert determined({c: n for c, n in cells.items() if c not in gone}, sums) & few == set()


def test_the_attack_finds_what_is_not_hidden_well() -> None:
    """Hiding the small unit alone gives it away; the mask hides one more."""
    own = {"A / B": Group(3, 1, 1, 1), "A / C": Group(40, 10, 10, 20), "A / D": Group(30, 10, 10, 10)}
    cells, sums, small = tree_sums(own)
    alone = {cell for cell in cells if isinstance(cell, tuple) and cell[0] in small}
    assert attacked(cells, sums, alone, small)
    gone = unit_mask(own, renews=False).cells
    assert ("A / D", "people") in gone
    assert ("A / C", "people") not in gone
    assert ("A", "people") not in gone


def test_nobody_and_everybody_of_a_small_group_is_hidden_too() -> None:
    own = {
        "A / B": Group(4, 4),
        "A / C": Group(60, 60),
        "A / D": Group(4, 0, 0, 4),
        "A / E": Group(50, 20, 10, 20),
    }
    cells, sums, small = tree_sums(own)
    assert attacked(cells, sums, unit_mask(own, renews=False).cells, small) == []


def test_large_groups_hide_nothing() -> None:
    cells = {"all": 60, "a": 20, "b": 40}
    sums = [Sum("all", ("a", "b"))]
    assert hidden(cells, sums, small=[]) == set()
    assert (
        unit_mask({"A / B": Group(30, 10, 10, 10), "A / C": Group(30, 10, 10, 10)}, renews=False).cells
        == set()
    )
