"""What a shared table hides cannot be worked out: bounds are solved over every table that is published."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from datetime import date
from math import ceil, isinf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas.completion import (
    NOTHING,
    PARTED,
    STATES,
    Cell,
    Group,
    Mask,
    joint_mask,
    rolled_up,
    self_name,
    value_name,
)
from netralitas.masking import SMALL, Sum, entered, hidden, rounded

from .simplex import SPECK, Bounds

ENDLESS = 10**9

ATTRIBUTES = {"post_class": "uvw", "jenis": "xy"}


def bounds(
    known: Mapping[Hashable, int], sums: Collection[Sum], floors: Mapping[Hashable, int]
) -> dict[Hashable, tuple[int, int]]:
    """The attack: the least and most each unknown cell can be under all sums together, in whole people."""
    unknown = sorted({c for one in sums for c in (one.total, *one.parts) if c not in known}, key=str)
    place = {cell: number for number, cell in enumerate(unknown)}
    equations, totals = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for row, one in enumerate(sums):
        for cell, sign in ((one.total, -1), *((part, 1) for part in one.parts)):
            if cell in place:
                equations[row, place[cell]] += sign
                totals[row] -= sign * floors.get(cell, 0)
            else:
                totals[row] -= sign * known[cell]
    solved = Bounds(equations, totals)
    found: dict[Hashable, tuple[int, int]] = {}
    for cell, number in place.items():
        (least, most), floor = solved.of(number), floors.get(cell, 0)
        found[cell] = (ceil(least - SPECK) + floor, ENDLESS if isinf(most) else int(most + SPECK) + floor)
    return found


GROUPS = (
    st.tuples(*(st.integers(0, 12) for _state in STATES[:3]))
    .filter(any)
    .map(lambda told: Group(sum(told), *told))
)
PATHS = st.lists(st.sampled_from("ABC"), min_size=1, max_size=3).map(" / ".join)
TREES = st.dictionaries(PATHS, GROUPS, min_size=1, max_size=9)


WEIGHTS = st.lists(st.sampled_from((1, 2, 10, 40)), min_size=3, max_size=3)
Tables = dict[str, dict[str, Group]]


@st.composite
def published(draw: st.DrawFn) -> tuple[dict[str, Group], Tables]:
    """Units, and the same people by two attributes."""
    own = draw(TREES)
    return own, spread(own, [draw(WEIGHTS) for _attribute in ATTRIBUTES], draw(st.integers(0, 999)))


def spread(own: Mapping[str, Group], weights: Collection[Collection[int]], seed: int) -> Tables:
    """The people of the units, each with a value of each attribute."""
    dice = random.Random(seed)
    found: Tables = {}
    for (attribute, values), some in zip(ATTRIBUTES.items(), weights, strict=True):
        told: dict[str, Counter[str]] = {value: Counter() for value in values}
        for group in own.values():
            for state in STATES[:3]:
                for value in dice.choices(values, [*some][: len(values)], k=getattr(group, state)):
                    told[value][state] += 1
        groups = {
            value: Group(one.total(), *(one[state] for state in STATES[:3])) for value, one in told.items()
        }
        found[attribute] = {value: group for value, group in groups.items() if group.people}
    return found


def everything(
    own: Mapping[str, Group], attributes: Mapping[str, Mapping[str, Group]], *, mixed: bool = False
) -> tuple[dict[Hashable, int], list[Sum], set[str]]:
    """Every cell anybody could publish, how they hang together, and the small groups; written down anew."""
    every = rolled_up(own)
    table: dict[str, Group] = dict(every)
    wholes: list[tuple[str, list[str]]] = []
    for path in every:
        below = [one for one in every if one and one.rpartition(" / ")[0] == path]
        if not below:
            continue
        if path in own:
            table[self_name(path)] = own[path]
            below.append(self_name(path))
        wholes.append((path, below))
    for attribute, values in attributes.items():
        named = {value_name(attribute, value): group for value, group in values.items()}
        table |= named
        wholes.append(("", [*named]))
    splits = (STATES[:3], PARTED) if mixed else (STATES[:3],)
    measures = {"people", *(one for some in splits for one in some)}
    sums = [Sum((whole, m), tuple((one, m) for one in parts)) for whole, parts in wholes for m in measures]
    sums += [Sum((name, "people"), tuple((name, s) for s in some)) for name in table for some in splits]
    cells: dict[Hashable, int] = {
        (name, measure): getattr(group, measure) for name, group in table.items() for measure in measures
    }
    return cells, sums, {name for name, group in table.items() if group.people < SMALL}


def attacked(
    cells: Mapping[Hashable, int], sums: Collection[Sum], gone: Collection[Cell], small: Collection[str]
) -> list[Hashable]:
    """Return what somebody can work out: cells of small groups, and small counts, nobody included."""
    known = {cell: count for cell, count in cells.items() if cell not in gone}
    floors = {cell: 1 for cell in cells if isinstance(cell, tuple) and cell[1] == "people"}
    ranges = bounds(known, sums, floors)
    return [
        cell
        for cell, count in cells.items()
        if isinstance(cell, tuple)
        and (cell[0] in small or count < SMALL)
        and (cell in known or ranges[cell][0] == ranges[cell][1])
    ]


def masked(own: Mapping[str, Group], attributes: Tables, before: Mask = NOTHING) -> Mask:
    return joint_mask(own, attributes, before, renews=False)


@settings(max_examples=200)
@given(published())
def test_no_small_group_can_be_worked_out_from_all_tables_of_a_month(
    told: tuple[dict[str, Group], Tables],
) -> None:
    cells, sums, small = everything(*told)
    assert attacked(cells, sums, masked(*told).cells, small) == []


@settings(max_examples=100)
@given(published(), st.data())
def test_nor_from_two_months_that_follow_each_other(
    told: tuple[dict[str, Group], Tables], data: st.DataObject
) -> None:
    """Who knows that nobody changed reads the other month's figure."""
    own, attributes = told
    first = masked(own, attributes)
    again = masked(own, attributes, first)
    cells, sums, small = everything(own, attributes)
    assert attacked(cells, sums, first.cells & again.cells, small) == []
    then = dict(own)
    for path in data.draw(st.lists(st.sampled_from(sorted(own)), max_size=2)):
        then[path] = data.draw(GROUPS)
    later = spread(then, [[10, 2, 1]] * len(ATTRIBUTES), 1)
    second = masked(then, later, first)
    after, sums, small = everything(then, later)
    assert attacked(after, sums, second.cells, small) == []
    # What was small a month ago is not shown this month, so its growth cannot be told from it.
    assert all((name, "people") in second.cells for name in first.small if (name, "people") in after)


def test_what_one_table_hides_another_does_not_tell() -> None:
    """Three have completed, all in one unit: that nobody else has must not stand in the table by jenis."""
    own = {"A / B": Group(40, 20, 17, 3), "A / C": Group(30, 20, 10, 0)}
    attributes = {"jenis": {"pns": Group(50, 30, 20, 0), "pppk": Group(20, 10, 7, 3)}}
    gone = masked(own, attributes).cells
    hidden_ = {name for name, measure in gone if measure == "completed"}
    assert hidden_ == {"", "A", "A / B", "A / C", *(value_name("jenis", one) for one in ("pns", "pppk"))}
    cells, sums, small = everything(own, attributes)
    assert attacked(cells, sums, gone, small) == []
    alone = joint_mask(own, {}, renews=False).cells
    assert attacked(cells, sums, alone, small)


LATE = GROUPS.flatmap(
    lambda one: st.integers(0, one.people - one.completed).map(lambda n: one._replace(overdue=n))
)


@settings(max_examples=200)
@given(st.dictionaries(PATHS, LATE, min_size=1, max_size=9))
def test_nor_from_who_is_late_where_deadlines_differ(own: dict[str, Group]) -> None:
    """Who is late and who has time are counts of their own then, and few of either are few people."""
    cells, sums, small = everything(own, {}, mixed=True)
    gone = joint_mask(own, {}, renews=False, mixed=True).cells
    assert attacked(cells, sums, gone, small) == []


def test_the_attack_finds_what_is_not_hidden_well() -> None:
    """Hiding the small unit alone gives it away; the mask hides one more."""
    own = {"A / B": Group(3, 1, 1, 1), "A / C": Group(40, 10, 10, 20), "A / D": Group(30, 10, 10, 10)}
    cells, sums, small = everything(own, {})
    alone = {cell for cell in cells if isinstance(cell, tuple) and cell[0] in small}
    assert attacked(cells, sums, alone, small)
    gone = masked(own, {}).cells
    assert ("A / D", "people") in gone
    assert ("A / C", "people") not in gone
    assert ("A", "people") not in gone


def test_the_attack_knows_the_bounds_of_a_table() -> None:
    """Two hidden parts of 7 with a floor of 1 each, one of them bounded by its own states."""
    sums = [Sum("all", ("a", "b")), Sum("b", ("c", "d"))]
    found = bounds({"all": 7, "c": 2}, sums, {"a": 1, "b": 1})
    assert (found["a"], found["b"], found["d"]) == ((1, 5), (2, 6), (0, 4))


def test_nobody_and_everybody_of_a_small_group_is_hidden_too() -> None:
    own = {
        "A / B": Group(4, 4),
        "A / C": Group(60, 60),
        "A / D": Group(4, 0, 0, 4),
        "A / E": Group(50, 20, 10, 20),
    }
    cells, sums, small = everything(own, {})
    assert attacked(cells, sums, masked(own, {}).cells, small) == []


def test_large_groups_hide_nothing() -> None:
    cells = {"all": 60, "a": 20, "b": 40}
    sums = [Sum("all", ("a", "b"))]
    assert hidden(cells, sums, small=[]) == set()
    own = {"A / B": Group(30, 10, 10, 10), "A / C": Group(30, 10, 10, 10)}
    assert masked(own, {"jenis": {"pns": Group(60, 20, 20, 20)}}).cells == set()


def test_numbers_that_stand_alone_are_rounded_and_small_ones_are_not_told() -> None:
    assert [rounded(count) for count in (0, 4, 5, 7, 8, 12, 13)] == [None, None, 5, 5, 10, 10, 15]


def test_people_come_into_a_report_by_fives() -> None:
    jan, feb, mar = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
    assert entered({jan: 4}, mar) is None
    assert entered({jan: 6, feb: 3, mar: 2}, feb) == jan
    assert entered({jan: 6, feb: 3, mar: 2}, mar) == mar
