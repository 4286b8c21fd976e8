"""What learners ask of the office: to look at an item again, and to correct what is kept of them.

Neither is a learning event: both are answered by a person and closed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from . import audit
from .accounts import with_place
from .base import Base
from .tables import account, correction, item_report, unit
from .units import under

REASONS = ("keliru", "membingungkan", "usang", "tampilan", "lainnya")
"""Why an item is reported."""
FIELDS = ("nama", "nip", "unit", "jabatan", "catatan", "hapus", "lainnya")
"""What is said to be wrong: a field of the roster, the record, or that anything is kept at all."""
OPEN_MOST = 20
"""Requests of a kind one learner may have open: beyond, nobody would read them."""
LONGEST = 1000
"""Characters of a text that are kept."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One report. Who sent it is not said: it is about the item."""

    id: int
    object: str
    reason: str
    text: str
    at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One request; `answer` is empty until it is closed."""

    id: int
    learner: str
    name: str
    unit: str
    field: str
    text: str
    at: datetime
    closed_at: datetime | None
    answer: str


_REPORT = (
    item_report.c.id, item_report.c.object, item_report.c.reason, item_report.c.text, item_report.c.at,
    item_report.c.closed_at,
)  # fmt: skip
_CORRECTION = (
    correction.c.id, correction.c.learner, account.c.name, func.coalesce(unit.c.path, "").label("unit"),
    correction.c.field, correction.c.text, correction.c.at, correction.c.closed_at, correction.c.answer,
)  # fmt: skip
_ASKED: Select[Any] = select(*_CORRECTION).select_from(with_place(correction.join(account)))
_OWN = _ASKED.where(correction.c.learner == bindparam("learner")).order_by(correction.c.id.desc())


class Requests(Base):
    """Reports of items and corrections: in, listed, closed."""

    def report_item(self, learner: str, name: str, reason: str, text: str) -> bool:
        """Keep a report of an object; False when the learner has too many open. Raises ValueError."""
        if reason not in REASONS:
            raise ValueError(reason)
        row = {"object": name, "reason": reason, "text": clean(text)}
        return self._ask(item_report, learner, row)

    def item_reports(self, *, closed: bool = False, limit: int = 200) -> tuple[ItemReport, ...]:
        """Return reports, newest first, those still open unless `closed`."""
        state = item_report.c.closed_at.is_not(None) if closed else item_report.c.closed_at.is_(None)
        rows = self.ask(select(*_REPORT).where(state).order_by(item_report.c.id.desc()).limit(limit))
        return tuple(_to_report(row) for row in rows)

    def close_report(self, number: int, *, by: str) -> bool:
        """Close a report, False when there is none open of that number; audited."""
        with self.writing() as connection:
            now = self.clock()
            done = connection.execute(
                update(item_report)
                .where(item_report.c.id == number, item_report.c.closed_at.is_(None))
                .values(closed_at=now, closed_by=by)
            )
            if done.rowcount:
                audit.write(connection, now, who=by, act="report.closed", subject=str(number))
            return bool(done.rowcount)

    def ask_correction(self, learner: str, field: str, text: str) -> bool:
        """Keep a request; False when the learner has too many open. Raises ValueError (field)."""
        if field not in FIELDS:
            raise ValueError(field)
        return self._ask(correction, learner, {"field": field, "text": clean(text), "answer": ""})

    def corrections_of(self, learner: str) -> tuple[Correction, ...]:
        """Return a learner's own requests, newest first."""
        return tuple(_to_correction(row) for row in self.ask(_OWN, learner=learner))

    def corrections_under(self, scopes: Collection[str] | None) -> tuple[Correction, ...]:
        """Return the open requests of people in these units and below (None: of everybody), oldest first."""
        query = _ASKED.where(correction.c.closed_at.is_(None)).order_by(correction.c.id)
        if scopes is not None:
            query = query.where(under(scopes))
        return tuple(_to_correction(row) for row in self.ask(query))

    def close_correction(self, number: int, answer: str, *, by: str) -> bool:
        """Answer and close a request, False when there is none open of that number; audited."""
        with self.writing() as connection:
            now = self.clock()
            done = connection.execute(
                update(correction)
                .where(correction.c.id == number, correction.c.closed_at.is_(None))
                .values(closed_at=now, closed_by=by, answer=clean(answer))
            )
            if done.rowcount:
                audit.write(connection, now, who=by, act="correction.closed", subject=str(number))
            return bool(done.rowcount)

    def _ask(self, table: Any, learner: str, row: dict[str, Any]) -> bool:
        with self.writing() as connection:
            mine = (table.c.learner == learner, table.c.closed_at.is_(None))
            if (connection.scalar(select(func.count()).select_from(table).where(*mine)) or 0) >= OPEN_MOST:
                return False
            connection.execute(insert(table).values(learner=learner, at=self.clock(), **row))
            return True


def _to_report(row: Row[Any]) -> ItemReport:
    number, name, reason, text, at, closed_at = tuple(row)
    return ItemReport(number, name, reason, text, at, closed_at)


def _to_correction(row: Row[Any]) -> Correction:
    number, learner, name, place, asked, text, at, closed_at, answer = tuple(row)
    return Correction(number, learner, name, place, asked, text, at, closed_at, answer)


def clean(text: str) -> str:
    """Return a person's text as it is kept: no control characters (PostgreSQL takes no NUL), not endless."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).strip()[:LONGEST]
