"""People and how far they are: what officers' pages are made of, in one query each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, func, select

from netralitas.nip import MADE_UP_YEAR
from netralitas.record import Progress

from .base import Base
from .progress import to_progress
from .tables import CURRENT, account, placement, progress, unit
from .units import instansi_of, under


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roster today. `unit` is the whole path; `progress` has no row for modules not begun."""

    learner: str
    nip: str = field(repr=False)
    name: str = field(repr=False)
    instansi: str
    unit: str
    jabatan: str
    post_class: str
    jenis: str
    active: bool
    progress: tuple[Progress, ...]


_PLACED = placement.join(unit)
_COURSE = progress.c.learner == placement.c.learner


class People(Base):
    """Everybody who stands on the roster now, those who never started included."""

    def people_under(self, paths: Collection[str] | None = None) -> list[Person]:
        """Return the people of these units and all under them (None: of every unit), by unit and name."""
        query = (
            select(
                account.c.learner,
                account.c.nip,
                account.c.name,
                account.c.password_hash.is_not(None).label("active"),
                unit.c.path,
                placement.c.jabatan,
                placement.c.post_class,
                placement.c.jenis,
                *(column for column in progress.c if column.name != "learner"),
            )
            .select_from(_PLACED.join(account).outerjoin(progress, _COURSE))
            .where(CURRENT)
            .order_by(unit.c.path, account.c.name, account.c.learner, progress.c.module)
        )
        if paths is not None:
            query = query.where(under(paths))
        with self.reading() as connection:
            rows = connection.execute(query)
            return [_person(list(own)) for _learner, own in groupby(rows, key=attrgetter("learner"))]

    def real_people(self) -> int:
        """Return how many accounts belong to people who are not invented."""
        invented = account.c.nip.startswith(str(MADE_UP_YEAR))
        with self.reading() as connection:
            query = select(func.count()).select_from(account).where(~invented)
            return connection.scalar(query) or 0


def _person(rows: list[Row[Any]]) -> Person:
    first = rows[0]
    same = {
        name: getattr(first, name)
        for name in ("learner", "nip", "name", "jabatan", "post_class", "jenis", "active")
    }
    return Person(
        **same,
        instansi=instansi_of(first.path),
        unit=first.path,
        progress=tuple(to_progress(row) for row in rows if row.module is not None),
    )
