"""The audit: who did what to whom, written once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from .base import Base
from .tables import audit


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

    def audit_rows(self, limit: int = 100, before_id: int | None = None) -> tuple[AuditRow, ...]:
        """Return at most `limit` entries, newest first, those before `before_id` when given."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        with self.reading() as connection:
            return tuple(AuditRow(**row) for row in connection.execute(query).mappings())


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
