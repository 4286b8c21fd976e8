"""Units: the tree of instansi and what stands under them, and the time zone each inherits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, func, or_, select

from netralitas.i18n import _
from netralitas.roster import SEPARATOR, Zone

from .base import Base
from .engine import StoreError
from .tables import CURRENT, placement, unit

_ALIKE = 0.6
ROOT_ZONE: Zone = "WIB"
"""The zone where nothing on the way up names one."""


def _zone() -> ScalarSelect[str | None]:
    own, above = unit.alias("own"), unit.alias("above")
    first = select(own.c.parent, own.c.zone).where(own.c.id == unit.c.id).correlate(unit)
    up = first.cte("up", recursive=True, nesting=True)
    # Goes no higher than the first zone, so at most one row has one.
    higher = (
        select(above.c.parent, above.c.zone).join(up, above.c.id == up.c.parent).where(up.c.zone.is_(None))
    )
    way = up.union_all(higher)
    return select(way.c.zone).where(way.c.zone.is_not(None)).scalar_subquery()


ZONE = _zone()
"""The zone of a row of `unit` as a column: its own or the nearest above, null where none is named."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `path` starts with the instansi; `zone` and `code` are its own, None when not given."""

    id: int
    parent: int | None
    name: str
    path: str
    zone: Zone | None
    code: str | None


class Units(Base):
    """Reading the tree."""

    def units_under(self, unit_id: int | None = None) -> tuple[Unit, ...]:
        """Return a unit and everything under it, by path; None: the whole tree.

        Raises StoreError for an unknown id.
        """
        with self.reading() as connection:
            query = select(unit).order_by(unit.c.path)
            if unit_id is not None:
                top = connection.scalar(select(unit.c.path).where(unit.c.id == unit_id))
                if top is None:
                    raise StoreError(_("Unit dengan nomor itu tidak ada; muat ulang daftar unit."))
                query = query.where(under([top]))
            return tuple(Unit(**row) for row in connection.execute(query).mappings())

    def unit_paths(self, tops: Collection[str] | None = None, *, limit: int | None = None) -> tuple[str, ...]:
        """Return the paths of these units and all under them, in order; None: of the whole tree."""
        query = select(unit.c.path).order_by(unit.c.path).limit(limit)
        if tops is not None:
            query = query.where(under(tops))
        with self.reading() as connection:
            return tuple(connection.scalars(query))

    def paths_by_id(self) -> dict[int, str]:
        """Return the path of every unit by its id."""
        return {row.id: row.path for row in self.ask(select(unit.c.id, unit.c.path))}

    def zones(self) -> dict[str, Zone]:
        """Return the zone of every unit by path, inherited from above where it names none."""
        zones: dict[int, Zone] = {}
        units = self.units_under()
        # By path, so that a unit comes after the one it stands in.
        for one in units:
            zones[one.id] = one.zone or zones.get(one.parent or 0, ROOT_ZONE)
        return {one.path: zones[one.id] for one in units}

    def has_unit(self, path: str) -> bool:
        """Say whether there is a unit of that path."""
        with self.reading() as connection:
            return connection.scalar(select(unit.c.id).where(unit.c.path == path)) is not None

    def unit(self, path: str) -> Unit:
        """Return the unit of that path. Raises StoreError that names the nearest paths."""
        with self.reading() as connection:
            return find_unit(connection, path)


def find_unit(connection: Connection, path: str) -> Unit:
    """Return the unit of that path. Raises StoreError that names the nearest paths."""
    row = connection.execute(select(unit).where(unit.c.path == path)).mappings().one_or_none()
    if row is not None:
        return Unit(**row)
    known = connection.scalars(select(unit.c.path).order_by(unit.c.path))
    alike = sorted(((_likeness(path, one), one) for one in known), key=itemgetter(0), reverse=True)
    near = [one for likeness, one in alike[:3] if likeness >= _ALIKE]
    if near:
        raise StoreError(
            _("Unit «{path}» tidak ada; yang terdekat: {near}.").format(
                path=path, near=", ".join(f"«{one}»" for one in near)
            )
        )
    raise StoreError(_("Unit «{path}» tidak ada; impor daftar pegawainya dahulu.").format(path=path))


def _likeness(wanted: str, known: str) -> float:
    """Return how alike two paths are, whole or in their last part, between 0 and 1."""
    one, two = wanted.casefold(), known.casefold()
    ends = SequenceMatcher(None, one.rsplit(SEPARATOR, 1)[-1], two.rsplit(SEPARATOR, 1)[-1])
    return max(SequenceMatcher(None, one, two).ratio(), ends.ratio())


def under(paths: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a unit is one of `paths` or stands under one.

    Compared letter by letter: LIKE would take «SMPN» and «smpn» for one on SQLite.
    """
    below = [func.substr(unit.c.path, 1, len(path + SEPARATOR)) == path + SEPARATOR for path in paths]
    return or_(unit.c.path.in_(paths), *below)


def standing_in(paths: Collection[str]) -> Select[Any]:
    """Return the query for the learners who stand in one of `paths` today, or under one."""
    here = placement.join(unit)
    return select(placement.c.learner).select_from(here).where(CURRENT, under(list(paths)))
