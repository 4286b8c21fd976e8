"""Completion reports: asked of the store, made of groups, hidden where they are shared.

    day, known on, shape ─► store.counts_on ─► completion.groups ─► mask ─► report (JSON-like) ─► sheets

A *shared* report has a fixed shape: the end of a month as known then, the units of a level or one attribute,
small groups hidden. Anything else is for inside the office and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal, get_args

from .completion import (
    ROOT,
    Cell,
    Group,
    Mask,
    attribute_mask,
    groups,
    last_month_end,
    month_end,
    of_level,
    rolled_up,
    row,
    unit_mask,
)
from .course import Course
from .i18n import _
from .model import canonical
from .roster import SEPARATOR
from .store import Store
from .tally import day_of

By = Literal["instansi", "unit", "jabatan", "jenis", "2", "3", "4", "5", "6"]
SHAPES: tuple[By, ...] = get_args(By)
"""An instansi is level 1; a number is a deeper level of the tree, `unit` everybody where they stand."""

Attribute = Literal["post_class", "jenis"]
_ATTRIBUTES: Mapping[str, Attribute] = {"jabatan": "post_class", "jenis": "jenis"}


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
    one the day itself). `under` is the path of a unit, None for everybody. Counts that are hidden are
    None. The digest is SHA-256 over everything else but the command: the same figures have the same
    digest. Raises ReportError, StoreError.
    """
    _refuse(by, as_of, known_on, shared=shared, under=under)
    known = as_of if shared else known_on or day_of(store.clock())
    if under is not None:
        store.unit(under)
    asked = _Asked(store, course, deadline)
    if by in _ATTRIBUTES:
        rows, total = asked.by_attribute(_ATTRIBUTES[by], as_of, known, shared=shared, under=under)
    else:
        level = None if by == "unit" else 1 if by == "instansi" else int(by)
        rows, total = asked.by_unit(level, as_of, known, shared=shared, under=under)
    body = {
        "as_of": as_of.isoformat(),
        "known_on": known.isoformat(),
        "rule": course.completion.version,
        "content": course.version,
        "deadline": deadline.isoformat() if deadline else None,
        "by": by,
        "under": under,
        "shared": shared,
        "rows": rows,
        "total": total,
    }
    return body | {"command": command, "digest": hashlib.sha256(canonical(body)).hexdigest()}


def overdue(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a completion report with only the groups that have somebody late, most of them first."""
    late = [one for one in report["rows"] if one["overdue"] is None or one["overdue"] > 0]
    late.sort(key=lambda one: (one["overdue"] is None, -(one["overdue"] or 0), one["name"]))
    body = {key: value for key, value in report.items() if key not in {"command", "digest"}} | {"rows": late}
    digest = hashlib.sha256(canonical(body)).hexdigest()
    return body | {"command": report["command"], "digest": digest}


def _refuse(by: By, as_of: date, known_on: date | None, *, shared: bool, under: str | None) -> None:
    if not shared:
        return
    if not month_end(as_of) or known_on not in (None, as_of):
        raise ReportError(
            _("Laporan yang dibagikan berlaku per akhir bulan; pilih akhir bulan, atau tambahkan --internal.")
        )
    if by in _ATTRIBUTES and under is not None:
        raise ReportError(
            _("Laporan menurut jabatan atau jenis dibagikan untuk semua orang saja; tambahkan --internal.")
        )


class _Asked:
    """What one report asks of the store."""

    def __init__(self, store: Store, course: Course, deadline: date | None) -> None:
        self.store, self.rule, self.deadline = store, course.completion, deadline
        self.paths = {one.id: one.path for one in store.units_under()}
        # Without a rule that renews, that nobody has to is no secret of anybody.
        self.renews = bool(self.rule.renews) or any(one.renewed for one in self.rule.earlier)

    def by_unit(
        self, level: int | None, as_of: date, known: date, *, shared: bool, under: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return rows and total of the units of a level."""
        scope = None if shared or under is None else [under]
        own = self._own(as_of, known, scope)
        gone = self._unit_mask(own, as_of).cells if shared else frozenset()
        every = rolled_up(own)
        shown = {
            path: group
            for path, group in of_level(every, own, level).items()
            if under is None or path == under or path.startswith(under + SEPARATOR)
        }
        rows = [row(path, shown[path], gone, key=_key(path, every, own, level)) for path in sorted(shown)]
        top = under or ROOT
        return rows, row(top, every.get(top, Group()), gone)

    def by_attribute(
        self, key: Attribute, as_of: date, known: date, *, shared: bool, under: str | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return rows and total by the values of one attribute."""
        found = self._values(key, as_of, known, None if under is None else [under])
        gone: frozenset[Cell] = frozenset()
        if shared:
            earlier = last_month_end(as_of)
            before = attribute_mask(self._values(key, earlier, earlier), renews=self.renews)
            gone = attribute_mask(found, before, renews=self.renews).cells
        total = Group()
        for group in found.values():
            total = total.plus(group)
        return [row(value, found[value], gone) for value in sorted(found)], row(ROOT, total, gone)

    def _values(
        self, key: Attribute, day: date, known: date, scope: Collection[str] | None = None
    ) -> dict[str, Group]:
        counts = self.store.counts_on(day, known, by=(key,), paths=scope)
        return groups(counts, self.rule, day, key=key, deadline=self.deadline)

    def _own(self, day: date, known: date, scope: Collection[str] | None = None) -> dict[str, Group]:
        counts = self.store.counts_on(day, known, paths=scope)
        found = groups(counts, self.rule, day, deadline=self.deadline)
        return {self.paths[number]: group for number, group in found.items()}

    def _unit_mask(self, own: Mapping[str, Group], as_of: date) -> Mask:
        """Return the mask of a month's end; that of the month before is made first."""
        earlier = last_month_end(as_of)
        before = unit_mask(self._own(earlier, earlier), renews=self.renews)
        return unit_mask(own, before, renews=self.renews)


def _key(path: str, every: Mapping[str, Group], own: Mapping[str, Group], level: int | None) -> str:
    """Return a row's name in the mask: who stands right in a unit with others under it is a part."""
    parted = path in own and every[path] != own[path]
    deep = level is not None and path.count(SEPARATOR) == level - 1
    return f"{path}{SEPARATOR}\0" if parted and not deep else path
