"""People and how far they are: what officers' pages are made of, in one query each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from netralitas.course import Course
from netralitas.nip import MADE_UP_YEAR
from netralitas.record import Progress, Status
from netralitas.roster import instansi_of

from .base import Base
from .progress import to_progress
from .tables import CURRENT, account, activation_code, placement, progress, role, unit
from .units import under


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


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who has never come in; `until` is how long an unused code of theirs holds, None: no code."""

    learner: str
    name: str = field(repr=False)
    unit: str
    jabatan: str
    until: datetime | None


_PLACED = placement.join(unit)
_COURSE = progress.c.learner == placement.c.learner


class People(Base):
    """Everybody who stands on the roster now, those who never started included."""

    def people_under(self, paths: Collection[str] | None = None) -> list[Person]:
        """Return the people of these units and all under them (None: of every unit), by unit and name."""
        return self._people(_within(select(placement.c.learner).select_from(_PLACED), paths))

    def places(
        self, what: Literal["unit", "post_class", "jenis"], paths: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the path of the unit everybody of these units stands in now, or what they are there."""
        column = unit.c.path if what == "unit" else placement.c[what]
        query = _within(select(placement.c.learner, column).select_from(_PLACED), paths)
        # One text for all who share it: they are many.
        known: dict[str, str] = {}
        with self.reading() as connection:
            return {who: known.setdefault(text, text) for who, text in connection.execute(query)}

    def people_page(
        self,
        course: Course,
        paths: Collection[str] | None,
        *,
        search: str = "",
        status: Collection[Status] = (),
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Person], int]:
        """Return some of the people of these units in their order, and how many there are in all.

        `search` is part of a name or of a unit's path, `status` what they may be in the course (empty: any).
        """
        query = _within(select(placement.c.learner).select_from(_PLACED.join(account)), paths)
        if search:
            wanted = search.lower()
            fitting = (
                func.lower(one).contains(wanted, autoescape=True) for one in (account.c.name, unit.c.path)
            )
            query = query.where(or_(*fitting))
        if status:
            query = query.where(or_(*(_is(course, one) for one in status)))
        order = (unit.c.path, account.c.name, account.c.learner)
        with self.reading() as connection:
            total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        return self._people(query.order_by(*order).limit(limit).offset(offset)), total

    def newcomers(
        self,
        paths: Collection[str] | None,
        *,
        coded: bool | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Newcomer], int]:
        """Return some of those who never came in, by unit and name, and how many there are in all.

        `coded`: only those with a code that still holds, or without (None: both). Whoever holds a role is
        left out: their codes are the operator's.
        """
        now = self.clock()
        until = (
            select(func.max(activation_code.c.expires_at))
            .where(
                activation_code.c.learner == placement.c.learner,
                activation_code.c.used_at.is_(None),
                activation_code.c.expires_at > now,
            )
            .scalar_subquery()
        )
        columns = (account.c.learner, account.c.name, unit.c.path, placement.c.jabatan, until.label("until"))
        query = (
            _within(select(*columns).select_from(_PLACED.join(account)), paths)
            .where(account.c.password_hash.is_(None))
            .where(~exists().where(role.c.learner == placement.c.learner))
        )
        if coded is not None:
            query = query.where(until.is_not(None) if coded else until.is_(None))
        order = (unit.c.path, account.c.name, account.c.learner)
        with self.reading() as connection:
            total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = connection.execute(query.order_by(*order).limit(limit).offset(offset))
            return [Newcomer(row.learner, row.name, row.path, row.jabatan, row.until) for row in rows], total

    def _people(self, chosen: Select[Any]) -> list[Person]:
        """Return the people a query of learners chooses."""
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
            .where(CURRENT, placement.c.learner.in_(chosen))
            .order_by(unit.c.path, account.c.name, account.c.learner, progress.c.module)
        )
        with self.reading() as connection:
            rows = connection.execute(query)
            return [_person(list(own)) for _learner, own in groupby(rows, key=attrgetter("learner"))]

    def real_people(self) -> int:
        """Return how many accounts belong to people who are not invented."""
        invented = account.c.nip.startswith(str(MADE_UP_YEAR))
        with self.reading() as connection:
            query = select(func.count()).select_from(account).where(~invented)
            return connection.scalar(query) or 0


def _within(query: Select[Any], paths: Collection[str] | None) -> Select[Any]:
    """Return a query over places narrowed to who stands under `paths` now."""
    now = query.where(CURRENT)
    return now if paths is None else now.where(under(paths))


def _is(course: Course, status: Status) -> ColumnElement[bool]:
    """Return the condition that somebody's status in the course is this one; see `record.course_status`."""
    required = [module.slug for module in course.modules if module.required]
    own = progress.c.learner == placement.c.learner
    done = (
        select(func.count())
        .where(own, progress.c.module.in_(required), progress.c.status == "completed")
        .scalar_subquery()
    )
    completed = done == len(required)
    begun = exists().where(own, progress.c.status != "not_started")
    if status == "completed":
        return completed
    return and_(~completed, begun if status == "in_progress" else ~begun)


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
