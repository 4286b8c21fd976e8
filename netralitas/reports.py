"""Completion reports: asked of the store, made of groups, hidden where they are shared.

    day, known on, shape ─► store.counts_on ─► completion.groups ─► mask ─► report (JSON-like) ─► sheets

A *shared* report has a fixed shape: the end of a month as known then, the units of a level or one attribute,
small groups hidden. Anything else is for inside the office and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from .completion import (
    NOTHING,
    ROOT,
    Cell,
    Group,
    Mask,
    groups,
    joint_mask,
    of_level,
    rolled_up,
    row,
    self_name,
    value_name,
)
from .course import Course
from .due import Deadlines, Due
from .i18n import _
from .model import canonical
from .roster import SEPARATOR
from .store import Dimension, MaskRow, Store
from .tally import Kind, day_of, last_month_end, month_end

By = Literal["instansi", "unit", "jabatan", "jenis", "2", "3", "4", "5", "6"]
SHAPES: tuple[By, ...] = get_args(By)
"""An instansi is level 1; a number is a deeper level of the tree, `unit` everybody where they stand."""

Attribute = Literal["post_class", "jenis"]
ATTRIBUTES: Mapping[str, Attribute] = {"jabatan": "post_class", "jenis": "jenis"}


class ReportError(Exception):
    """Raised for a report that cannot be made as asked; the text is one Indonesian sentence."""


def completion(
    store: Store,
    course: Course,
    *,
    as_of: date,
    known_on: date | None = None,
    by: By = "instansi",
    shared: bool = True,
    under: str | None = None,
    deadline: date | None = None,
    command: str = "",
) -> dict[str, Any]:
    """Return a completion report as JSON-like data.

    `as_of` is the day it is true on, `known_on` the day whose knowledge it has (None: today's; of a shared
    one the day itself). `under` is the path of a unit, None for everybody. `deadline` is the site's own;
    those of units, cohorts and single learners are asked of the store, as known then. Counts that are hidden
    are None. Raises ReportError, StoreError.
    """
    if shared:
        require_shape(as_of, known_on, by=by, under=under)
    known = as_of if shared else known_on or day_of(store.clock())
    if under is not None:
        store.unit(under)
    asked = _Asked(store, course, deadline)
    if by in ATTRIBUTES:
        rows, total = asked.by_attribute(ATTRIBUTES[by], as_of, known, shared=shared, under=under)
    else:
        level = level_of(by)
        rows, total = asked.by_unit(level, as_of, known, shared=shared, under=under)
    body = {
        "report": "completion",
        "as_of": as_of.isoformat(),
        "known_on": known.isoformat(),
        "rule": course.completion.version,
        "content": course.version,
        "deadline": deadline.isoformat() if deadline else None,
        "deadlines": _told(asked.deadlines(known), under),
        "by": by,
        "under": under,
        "shared": shared,
        "rows": rows,
        "total": total,
    }
    return signed(body, command)


def level_of(by: By) -> int | None:
    """Return the level a shape of units is of (1: instansi), None for everybody where they stand."""
    return None if by == "unit" else 1 if by == "instansi" else int(by)


def _told(deadlines: Deadlines, under: str | None) -> dict[str, Any]:
    """Return which units have a deadline of their own, and whether any people have."""
    units = {
        path: day.isoformat()
        for path, day in sorted(deadlines.units.items())
        if _within(path, None if under is None else [under])
    }
    return {"units": units, "people": bool(deadlines.personal)}


def dated(report: Mapping[str, Any]) -> bool:
    """Say whether a report knows any deadline."""
    own = report["deadlines"]
    return bool(report["deadline"] or own["units"] or own["people"])


def overdue(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a completion report with only the groups that have somebody late, most of them first."""
    late = [one for one in report["rows"] if one["overdue"] is None or one["overdue"] > 0]
    late.sort(key=lambda one: (one["overdue"] is None, -(one["overdue"] or 0), one["name"]))
    body = {key: value for key, value in report.items() if key not in {"command", "digest"}}
    return signed(body | {"report": "overdue", "rows": late}, report["command"])


def signed(body: Mapping[str, Any], command: str) -> dict[str, Any]:
    """Return a report with the command it was asked by and the digest of its figures.

    The digest is SHA-256 over everything else but the command: the same figures have the same digest.
    """
    return {**body, "command": command, "digest": hashlib.sha256(canonical(dict(body))).hexdigest()}


def require_shape(
    as_of: date, known_on: date | None = None, *, by: str = "", under: str | None = None
) -> None:
    """Raise ReportError for days and shapes of which nothing is shared."""
    if not month_end(as_of) or known_on not in (None, as_of):
        raise ReportError(
            _("Laporan yang dibagikan berlaku per akhir bulan; pilih akhir bulan, atau tambahkan --internal.")
        )
    if by in ATTRIBUTES and under:
        raise ReportError(
            _("Laporan menurut jabatan atau jenis dibagikan untuk semua orang saja; tambahkan --internal.")
        )


class _Lateness(NamedTuple):
    """Whose deadline is over on a day: by unit, and who is counted one by one because their own differs."""

    late: Callable[[Kind], bool] = lambda _kind: False
    apart: tuple[tuple[Kind, int], ...] = ()
    by_unit: bool = False
    mixed: bool = False


class _Asked:
    """What one report asks of the store."""

    def __init__(self, store: Store, course: Course, deadline: date | None) -> None:
        self.store, self.course, self.rule, self.deadline = store, course, course.completion, deadline
        self.paths = store.paths_by_id()
        # Without a rule that renews, that nobody has to is no secret of anybody.
        self.renews = bool(self.rule.renews) or any(one.renewed for one in self.rule.earlier)
        self._known: dict[date, Deadlines] = {}
        told = {"rule": self.rule.model_dump(mode="json"), "deadline": str(deadline)}
        self._basis = hashlib.sha256(canonical(told)).hexdigest()

    def deadlines(self, known: date) -> Deadlines:
        """Return the deadlines known on a day."""
        if known not in self._known:
            self._known[known] = self.store.deadlines(self.deadline, known_on=known)
        return self._known[known]

    def by_unit(
        self, level: int | None, as_of: date, known: date, *, shared: bool, under: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return rows and total of the units of a level."""
        scope = None if under is None else [under]
        deeper = level if under is None or under.count(SEPARATOR) < (level or 0) else None
        own, _mixed = self._own(as_of, known, scope, level=deeper)
        every = rolled_up(own)
        shown = {path: group for path, group in of_level(every, own, level).items() if _within(path, scope)}
        top = under or ROOT
        keys = {path: _key(path, every, own, level) for path in shown}
        names = {*keys.values(), *({top} & every.keys())}
        gone = self._mask(as_of, names) if shared else frozenset()
        rows = [row(path, shown[path], gone, key=keys[path]) for path in sorted(shown)]
        return rows, row(top, every.get(top, Group()), gone)

    def by_attribute(
        self, key: Attribute, as_of: date, known: date, *, shared: bool, under: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return rows and total by the values of one attribute."""
        found, _mixed = self._values(key, as_of, known, None if under is None else [under])
        keys = {value: value_name(key, value) for value in found}
        gone = self._mask(as_of, {ROOT, *keys.values()}) if shared and found else frozenset()
        total = Group()
        for group in found.values():
            total = total.plus(group)
        rows = [row(value, found[value], gone, key=keys[value]) for value in sorted(found)]
        return rows, row(ROOT, total, gone)

    def _values(
        self, key: Attribute, day: date, known: date, scope: Collection[str] | None = None
    ) -> tuple[dict[str, Group], bool]:
        whose = self._lateness(day, known, scope)
        by: tuple[Dimension, ...] = (key, "unit") if whose.by_unit else (key,)
        counts = self.store.counts_on(day, known, by=by, paths=scope)
        return groups(counts, self.rule, day, key=key, late=whose.late, apart=whose.apart), whose.mixed

    def _own(
        self, day: date, known: date, scope: Collection[str] | None = None, *, level: int | None = None
    ) -> tuple[dict[str, Group], bool]:
        """Return who stands right in each unit; in a `level`, where nobody's deadline asks for more."""
        whose = self._lateness(day, known, scope)
        counts = self.store.counts_on(day, known, paths=scope, level=None if whose.mixed else level)
        found = groups(counts, self.rule, day, late=whose.late, apart=whose.apart)
        return {self.paths[number]: group for number, group in found.items()}, whose.mixed

    def _mask(self, end: date, names: Collection[str]) -> frozenset[Cell]:
        """Return what of these groups the shared tables of a month's end hide; made once, then kept."""
        kept = self.store.kept_mask(end, self._basis, names)
        mask = _unpacked(kept)
        # A group that was not there when the mask was made is never shown without one.
        return (mask if mask.names >= set(names) else self._made(end, self._before(end))).cells

    def _before(self, end: date) -> Mask:
        """Return the mask of the month before."""
        last = last_month_end(end)
        kept = self.store.kept_mask(last, self._basis)
        return _unpacked(kept) if kept else self._made(last, NOTHING)

    def _made(self, end: date, before: Mask) -> Mask:
        """Make the mask of every table of a month's end, and keep it where the month is over."""
        own, mixed = self._own(end, end)
        attributes: dict[str, dict[str, Group]] = {
            key: self._values(key, end, end)[0] for key in ATTRIBUTES.values()
        }
        made = joint_mask(own, attributes, before, renews=self.renews, mixed=mixed)
        if self.store.settled(end):
            self.store.keep_mask(end, self._basis, _packed(made))
        return made

    def _lateness(self, day: date, known: date, scope: Collection[str] | None) -> _Lateness:
        """Return whose deadline is over on a day.

        Figures are kept by unit. Who has a deadline of their own is counted one by one, and only where that
        may make a difference: there are few of them.
        """
        deadlines = self.deadlines(known)
        site = _over(deadlines.of_unit(None), day)
        over = dict.fromkeys(self.paths, site)
        if deadlines.units:
            over = {number: _over(deadlines.of_unit(path), day) for number, path in self.paths.items()}
        lates = set(over.values()) or {site}
        single = {one for one in deadlines.personal if lates != {_over(deadlines.of(one, None), day)}}
        apart: list[tuple[Kind, int]] = []
        for learner, kinds in self.store.kinds_of(single, self.course, day, known).items():
            own = {kind.unit: _over(deadlines.of(learner, self.paths[kind.unit]), day) for kind, _n in kinds}
            apart += [
                (kind, n if own[kind.unit] else -n)
                for kind, n in kinds
                if own[kind.unit] != over[kind.unit] and _within(self.paths[kind.unit], scope)
            ]
        return _Lateness(
            late=lambda kind: over.get(kind.unit, site),
            apart=tuple(apart),
            by_unit=len(lates) > 1,
            mixed=len(lates) > 1 or bool(single),
        )


def _packed(mask: Mask) -> list[MaskRow]:
    """Return a mask as the store keeps it."""
    measures: dict[str, list[str]] = {name: [] for name in mask.names}
    for name, measure in mask.cells:
        measures[name].append(measure)
    return [(name, " ".join(sorted(some)), name in mask.small) for name, some in sorted(measures.items())]


def _unpacked(rows: Collection[MaskRow]) -> Mask:
    return Mask(
        frozenset((name, measure) for name, measures, _small in rows for measure in measures.split()),
        frozenset(name for name, _measures, small in rows if small),
        frozenset(name for name, _measures, _small in rows),
    )


def _over(due: Due | None, day: date) -> bool:
    return due is not None and due.over(day)


def _within(path: str, scope: Collection[str] | None) -> bool:
    return scope is None or any(path == one or path.startswith(one + SEPARATOR) for one in scope)


def _key(path: str, every: Mapping[str, Group], own: Mapping[str, Group], level: int | None) -> str:
    """Return a row's name in the mask: who stands right in a unit with others under it is a part."""
    parted = path in own and every[path] != own[path]
    deep = level is not None and path.count(SEPARATOR) == level - 1
    return self_name(path) if parted and not deep else path
