"""Deadlines in the store: each one said is a row that stays, and the newest that was known counts.

A day said later is true from then on: what was due on a day, as known on a day, can be told again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, insert, or_, select, true

from netralitas.due import Deadlines
from netralitas.i18n import ZONES, _

from . import audit
from .base import Base
from .bulk import among
from .engine import StoreError
from .tables import account, cohort, cohort_member, deadline, unit
from .units import find_unit

Subject = Literal["unit", "cohort", "learner"]
"""What a deadline is said of: a unit by its path, a cohort by its number, a learner by their id."""


@dataclass(frozen=True, slots=True)
class SaidDeadline:
    """A deadline as it was said. `day` is None where it took the one before away; `who` said it."""

    day: date | None
    at: datetime
    who: str


_HISTORY = select(deadline.c.day, deadline.c.at, deadline.c.who).order_by(deadline.c.id.desc())
_OF: dict[Subject, Select[Any]] = {
    "unit": _HISTORY.join(unit, unit.c.id == deadline.c.unit).where(unit.c.path == bindparam("which")),
    "cohort": _HISTORY.where(deadline.c.cohort == bindparam("which")),
    "learner": _HISTORY.where(deadline.c.learner == bindparam("which")),
}


class DeadlineRows(Base):
    """Saying deadlines, and what holds."""

    def set_deadline(self, subject: Subject, which: str | int, day: date | None, *, by: str) -> bool:
        """Say a deadline (None: there is none of its own any more), False where it stands already; audited.

        Raises StoreError for a unit, a cohort or a learner there is not.
        """
        with self.writing() as connection:
            key = _key(connection, subject, which)
            newest = connection.execute(_OF[subject].limit(1), {"which": which}).first()
            if (newest.day if newest else None) == day:
                return False
            now = self.clock()
            connection.execute(insert(deadline).values(**{subject: key}, day=day, at=now, who=by))
            audit.write(
                connection, now, who=by, act="deadline.set",
                subject=f"cohort/{which}" if subject == "cohort" else str(which),
                detail={"of": subject, "day": day.isoformat() if day else None},
            )  # fmt: skip
            return True

    def deadlines_said(self, subject: Subject, which: str | int) -> tuple[SaidDeadline, ...]:
        """Return what was said of one subject, newest first."""
        return tuple(SaidDeadline(row.day, row.at, row.who) for row in self.ask(_OF[subject], which=which))

    def cohort_deadlines(self) -> dict[int, date]:
        """Return the deadline of each cohort that has one of its own, by its number."""
        with self.reading() as connection:
            return _newest(connection.execute(_cohorts(None)))

    def deadlines(
        self,
        site: date | None = None,
        *,
        known_on: date | None = None,
        learners: Collection[str] | None = None,
    ) -> Deadlines:
        """Return the deadlines that hold, as known at the end of a day (None: now).

        `site` is the site's own, which has no history. Of cohorts and extensions only those of `learners`
        (None: everybody's).
        """
        until = None if known_on is None else _end_of(known_on)
        with self.reading() as connection:
            mine = _mine(learners)
            units = _newest(connection.execute(_units(until)))
            extensions = _newest(connection.execute(_extensions(until).where(mine(deadline.c.learner))))
            days = _newest(connection.execute(_cohorts(until)))
            members = connection.execute(
                select(cohort_member.c.learner, cohort_member.c.cohort).where(
                    cohort_member.c.cohort.in_(list(days)),
                    *_stood(cohort_member.c.added_at, cohort_member.c.removed_at, until),
                    mine(cohort_member.c.learner),
                )
            )
            cohorts: dict[str, date] = {}
            for learner, number in members:
                cohorts[learner] = max(days[number], cohorts.get(learner, date.min))
        return Deadlines(site=site, units=units, cohorts=cohorts, extensions=extensions)


def _key(connection: Connection, subject: Subject, which: str | int) -> str | int:
    """Return the key of a subject. Raises StoreError."""
    if subject == "unit":
        return find_unit(connection, str(which)).id
    if subject == "cohort":
        known = select(cohort.c.id).where(cohort.c.id == which, cohort.c.removed_at.is_(None))
        if connection.scalar(known.with_for_update(key_share=True)) is None:
            raise StoreError(_("Angkatan itu tidak ada; muat ulang daftarnya."))
    elif connection.scalar(select(account.c.learner).where(account.c.learner == which)) is None:
        raise StoreError(_("Akun tidak ada; muat ulang daftar akun."))
    return which


def _end_of(known: date) -> datetime:
    """Return the end of a day as figures have it, in Jakarta."""
    return datetime.combine(known + timedelta(days=1), time(), ZONES["WIB"])


def _before(at: ColumnElement[datetime], until: datetime | None) -> ColumnElement[bool]:
    return true() if until is None else at < until


def _stood(
    begun: ColumnElement[datetime], ended: ColumnElement[datetime], until: datetime | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a row was there at an instant (None: is there now)."""
    gone = ended.is_(None) if until is None else or_(ended.is_(None), ended >= until)
    return _before(begun, until), gone


def _units(until: datetime | None) -> Select[Any]:
    said = select(unit.c.path, deadline.c.day).join(unit, unit.c.id == deadline.c.unit)
    return said.where(_before(deadline.c.at, until)).order_by(deadline.c.id)


def _extensions(until: datetime | None) -> Select[Any]:
    said = select(deadline.c.learner, deadline.c.day).where(deadline.c.learner.is_not(None))
    return said.where(_before(deadline.c.at, until)).order_by(deadline.c.id)


def _cohorts(until: datetime | None) -> Select[Any]:
    said = select(deadline.c.cohort, deadline.c.day).join(cohort, cohort.c.id == deadline.c.cohort)
    stands = _stood(cohort.c.created_at, cohort.c.removed_at, until)
    return said.where(and_(*stands), _before(deadline.c.at, until)).order_by(deadline.c.id)


def _mine(learners: Collection[str] | None) -> Any:
    def mine(column: ColumnElement[str]) -> ColumnElement[bool]:
        return true() if learners is None else among(column, learners)

    return mine


def _newest(rows: Iterable[Any]) -> dict[Any, date]:
    """Return the last day said of each key, without those that were taken away."""
    said: dict[Any, date | None] = {row[0]: row[1] for row in rows}
    return {key: day for key, day in said.items() if day is not None}
