"""The audit: who did what to whom, written once and never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select

from .base import Base
from .tables import audit

_SHOWN = 200
"""Entries of one subject that are shown."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry. `who` is a learner id or the name of a command, `act` an English key (`role.granted`)."""

    id: int
    at: datetime
    who: str
    act: str
    subject: str
    detail: dict[str, Any]


class Audit(Base):
    """Entries in, pages of entries out."""

    def note(self, who: str, act: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """Write one entry. `detail` is JSON and holds no NIP."""
        with self.writing() as connection:
            write(connection, self.clock(), who=who, act=act, subject=subject, detail=detail)

    def audit_of(self, subject: str, people: Collection[str], acts: Collection[str]) -> tuple[AuditRow, ...]:
        """Return the newest entries of one subject, and those of some acts on some people."""
        rows = self.ask(_OF, subject=subject, people=list(people), acts=list(acts))
        return tuple(AuditRow(one.id, one.at, one.who, one.act, one.subject, one.detail) for one in rows)

    def audit_rows(self, limit: int = 100, before_id: int | None = None) -> tuple[AuditRow, ...]:
        """Return at most `limit` entries, newest first, those before `before_id` when given."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        with self.reading() as connection:
            return tuple(AuditRow(**row) for row in connection.execute(query).mappings())


_OF = (
    select(audit)
    .where(
        or_(
            audit.c.subject == bindparam("subject"),
            and_(
                audit.c.subject.in_(bindparam("people", expanding=True)),
                audit.c.act.in_(bindparam("acts", expanding=True)),
            ),
        )
    )
    .order_by(audit.c.id.desc())
    .limit(_SHOWN)
)


def write(
    connection: Connection,
    at: datetime,
    *,
    who: str,
    act: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry inside the caller's transaction, so that a change and its trace stand together."""
    connection.execute(
        insert(audit).values(
            at=at,
            who=who,
            act=act,
            # PostgreSQL takes no NUL in a text.
            subject=subject.replace("\0", ""),
            detail=dict(detail or {}),
        )
    )
