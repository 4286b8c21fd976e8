"""Completion as a report: groups of people with their states on a day, small ones hidden where it is shared.

Pure. Counts come from `store.counts_on`; a *shape* says which groups there are: the units of a level, or the
values of one attribute. A report is JSON-like data that `sheets` writes down in every form.

    counts ─► Group by unit ─► rolled up the tree ─► rows of the shape ─► masked ─► report
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from .course import CompletionRule
from .masking import SMALL, Sum, hidden
from .roster import SEPARATOR
from .tally import Kind

MEASURES = ("people", "not_started", "in_progress", "completed", "renew", "overdue")
STATES = ("not_started", "in_progress", "completed", "renew")
"""They add up to the people; `overdue` counts again who is late among all but the completed."""
PARTED = ("completed", "overdue", "waiting")
"""They add up to the people too; `waiting` are those who have not completed and still have time."""

ROOT = ""
"""The path above every instansi."""

_APART = "\x1f"
"""No name of a roster holds a control sign."""

Cell = tuple[str, str]
"""A group's name and a measure."""


class Mask(NamedTuple):
    """The cells a shared table leaves empty, the names of the groups that are small, and of all there are."""

    cells: frozenset[Cell] = frozenset()
    small: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


NOTHING = Mask()


class Group(NamedTuple):
    """How many people of a group are where on a day."""

    people: int = 0
    not_started: int = 0
    in_progress: int = 0
    completed: int = 0
    renew: int = 0
    overdue: int = 0

    @property
    def waiting(self) -> int:
        """Who has not completed and is not late."""
        return self.people - self.completed - self.overdue

    def plus(self, other: Group) -> Group:
        """Return both groups as one."""
        # Written out: a national report adds some hundred thousand of them.
        return Group(
            self.people + other.people,
            self.not_started + other.not_started,
            self.in_progress + other.in_progress,
            self.completed + other.completed,
            self.renew + other.renew,
            self.overdue + other.overdue,
        )


def groups(
    counts: Iterable[tuple[Kind, int]],
    rule: CompletionRule,
    day: date,
    *,
    key: str = "unit",
    late: Callable[[Kind], bool] = lambda _kind: False,
    apart: Iterable[tuple[Kind, int]] = (),
) -> dict[Any, Group]:
    """Return the group of each value of a dimension (`unit`, `post_class`, `jenis`) that has people on a day.

    Completions under a rule version that does not count any more on the day have to be renewed. `late` says
    of which counts the deadline is over: who of them has not completed is overdue. `apart` are counts of
    single people whose own deadline says otherwise: added where they are late, taken away where they are not.
    """
    valid = rule.counting(day)
    counts = tuple(counts)
    found = _states(counts, valid, key)
    behind = _states((*(one for one in counts if late(one[0])), *apart), valid, key)
    return {value: _group(one, behind.get(value, {})) for value, one in found.items() if one.get("people")}


def _states(
    counts: Iterable[tuple[Kind, int]], valid: Collection[str] | None, key: str
) -> dict[Any, dict[str, int]]:
    """Return how many of each value of a dimension have reached what."""
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    value = attrgetter(key)
    for kind, number in counts:
        old = kind.state == "completed" and valid is not None and kind.rule not in valid
        one, state = found[value(kind)], "renew" if old else kind.state
        one[state] = one.get(state, 0) + number
    return found


def _group(one: Mapping[str, int], behind: Mapping[str, int]) -> Group:
    people, started, completed, renew = (
        one.get(name, 0) for name in ("people", "started", "completed", "renew")
    )
    return Group(
        people=people,
        not_started=people - started,
        in_progress=started - completed - renew,
        completed=completed,
        renew=renew,
        overdue=behind.get("people", 0) - behind.get("completed", 0),
    )


def rolled_up(own: Mapping[str, Group]) -> dict[str, Group]:
    """Return the group of every path and all above it, `ROOT` too; `own` are who stands right there."""
    found: dict[str, Group] = defaultdict(Group, own)
    depths: dict[int, set[str]] = defaultdict(set)
    for path in own:
        depths[path.count(SEPARATOR) + 1].add(path)
    for depth in range(max(depths, default=0), 0, -1):
        for path in depths[depth]:
            above = path.rpartition(SEPARATOR)[0]
            found[above] = found[above].plus(found[path])
            if above != ROOT:
                depths[depth - 1].add(above)
    return dict(found)


def of_level(every: Mapping[str, Group], own: Mapping[str, Group], level: int | None) -> dict[str, Group]:
    """Return the groups of a level (1: instansi) and who stands above it; None: all where they stand."""
    if level is None:
        return dict(own)
    below = {path: group for path, group in every.items() if path and path.count(SEPARATOR) == level - 1}
    above = {path: group for path, group in own.items() if path.count(SEPARATOR) < level - 1}
    return below | above


def joint_mask(
    own: Mapping[str, Group],
    attributes: Mapping[str, Mapping[str, Group]],
    before: Mask = NOTHING,
    *,
    renews: bool = True,
    mixed: bool = False,
) -> Mask:
    """Return the cells that stay empty in every shared table of a month: units of all levels, each attribute.

    `own` are who stands right in each unit; they are a part of it beside its children. `attributes` are the
    groups of each attribute's values, which make up the same whole; they are called `value_name`. `before`
    is the mask of the month before: what was small then stays hidden for one more month.
    """
    every = rolled_up(own)
    children: dict[str, list[str]] = defaultdict(list)
    for path in every:
        if path:
            children[path.rpartition(SEPARATOR)[0]].append(path)
    table = dict(every)
    parts: list[tuple[str, Sequence[str]]] = []
    for path, below in children.items():
        if path in own:
            table[self_name(path)] = own[path]
            below.append(self_name(path))
        parts.append((path, sorted(below)))
    for attribute, values in attributes.items():
        named = {value_name(attribute, value): group for value, group in values.items()}
        table |= named
        if named:
            parts.append((ROOT, sorted(named)))
    return mask(table, parts, before, renews=renews, mixed=mixed)


def value_name(attribute: str, value: str) -> str:
    """Return the name of an attribute's value in a mask; no unit is called so."""
    return f"{_APART}{attribute}{_APART}{value}"


def mask(
    table: Mapping[str, Group],
    parts: Iterable[tuple[str, Sequence[str]]],
    before: Mask = NOTHING,
    *,
    renews: bool = True,
    mixed: bool = False,
) -> Mask:
    """Return the cells to leave empty in a table of groups; `parts` are wholes with all that makes them up.

    A small group is hidden with all its cells, and so is every count under five; then what would tell them.
    `mixed`: on the day the deadline is over for some and not for others. Then who is late, and who still has
    time, are counts of their own; else they follow from the completed.
    """
    states = tuple(state for state in STATES if renews or state != "renew")
    measures = ("people", *states, *(PARTED[1:] if mixed else ()))
    # Cells are numbers here, those of a name one after the other: a national table has half a million.
    wide, place = len(measures), {measure: number for number, measure in enumerate(measures)}
    names = sorted(table)
    first = {name: number * wide for number, name in enumerate(names)}
    told = attrgetter(*measures)
    cells = dict(enumerate(chain.from_iterable(told(table[name]) for name in names)))
    rest = {cell: cells[cell - cell % wide] - count for cell, count in cells.items()}
    splits = [[place[one] for one in some] for some in ((states, PARTED) if mixed else (states,))]
    sums = [Sum(own, tuple([own + one for one in some])) for own in first.values() for some in splits]
    for whole, some in parts:
        below = [first[part] for part in some]
        sums.append(Sum(first[whole], tuple(below)))
        sums += [Sum(first[whole] + one, tuple([own + one for own in below]), rest) for one in range(1, wide)]
    small = frozenset(name for name, group in table.items() if group.people < SMALL)
    few = {cell for cell, count in cells.items() if count < SMALL}
    for name in small | (before.small & first.keys()):
        few.update(range(first[name], first[name] + wide))
    then = {first[name] + place[one] for name, one in before.cells if name in first and one in place}
    # A group is named because there is somebody in it.
    floors = dict.fromkeys(first.values(), 1)
    empty = hidden(cells, sums, small=few, before=then, floors=floors)
    gone = {(names[cell // wide], measures[cell % wide]) for cell in empty}
    # Where the deadline is over for all or for none, who is late is told from the completed by subtraction.
    late = {(name, "overdue") for name, measure in gone if measure == "completed"}
    return Mask(frozenset(gone | late), small, frozenset(names))


def self_name(path: str) -> str:
    """Return the name in a mask of who stands right in a unit that has others under it."""
    return f"{path}{SEPARATOR}{_APART}"


def row(name: str, group: Group, gone: Collection[Cell] = (), key: str | None = None) -> dict[str, Any]:
    """Return one row of a report: hidden counts are None; the rate has four decimals."""
    known = key if key is not None else name
    values = {measure: None if (known, measure) in gone else getattr(group, measure) for measure in MEASURES}
    people, done = values["people"], values["completed"]
    rate = None if people is None or done is None else round(done / people, 4) if people else 0.0
    return {"name": name, **values, "rate": rate}
