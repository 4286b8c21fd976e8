"""How long things are kept: what is past its term is removed, counted and noted in the audit log.

The record of answers (events, progress, marks) has no term: it is what a signed figure is made from, and it
names nobody once a person is erased.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, or_, select

from netralitas.published import Published

from . import audit
from .base import Base
from .progress import IS_TYPED
from .tables import (
    activation_code,
    correction,
    draft,
    event,
    item_report,
    message,
    message_read,
    published,
    session,
    typed,
    upsert,
)
from .tables import audit as audit_log

Kind = Literal["texts", "sessions", "audit"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Days something is kept: what people typed, sessions and codes that are over, the audit log."""

    texts: int
    sessions: int
    audit: int


class Retention(Base):
    """Removing what is past its term."""

    def expire(self, terms: Terms) -> dict[str, int]:
        """Remove it all and return how many rows of each kind were removed; again at once removes none.

        Answers keep their digests and chains, marks their points; requests that are open stay.
        """
        now = self.clock()
        found: dict[str, int] = {"texts": 0, "sessions": 0, "audit": 0}
        with self.writing() as connection:
            for kind, table, over in _past(now, terms):
                found[kind] += connection.execute(delete(table).where(over)).rowcount
            found["texts"] += _without_comments(connection, now - timedelta(days=terms.texts))
            if any(found.values()):
                audit.write(connection, now, who="situs", act="expired", subject="semua", detail=found | {})
        return found


def _past(now: datetime, terms: Terms) -> Iterator[tuple[Kind, Table, ColumnElement[bool]]]:
    texts, sessions, log = (now - timedelta(days=days) for days in (terms.texts, terms.sessions, terms.audit))
    yield "texts", typed, exists().where(IS_TYPED, event.c.received_at < texts)
    yield "texts", draft, draft.c.at < texts
    yield "texts", item_report, item_report.c.closed_at < texts
    yield "texts", correction, correction.c.closed_at < texts
    yield "texts", message_read, exists().where(message.c.id == message_read.c.message, message.c.at < texts)
    yield "texts", message, message.c.at < texts
    yield "sessions", session, or_(session.c.expires_at < sessions, session.c.ended_at < sessions)
    yield "sessions", activation_code, activation_code.c.expires_at < sessions
    yield "audit", audit_log, audit_log.c.at < log


def _without_comments(connection: Connection, until: datetime) -> int:
    """Empty the comments trainers gave before a moment; return how many rows had any."""
    rows: list[dict[str, Any]] = []
    for row in connection.execute(select(published).where(published.c.at < until)).mappings():
        told = Published.model_validate(row["value"], strict=False)
        bare = told.without_comments()
        if bare != told:
            rows.append(dict(row) | {"value": bare.model_dump(mode="json")})
    upsert(connection, published, rows)
    return len(rows)
