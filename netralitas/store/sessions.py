"""Sessions: the cookie carries a random token, the store its hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from .base import Base
from .tables import Moment, session

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
_TOUCH = timedelta(minutes=1)
_REF = 16


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A running session. `ref` names it in events and logs and opens nothing."""

    learner: str
    ref: str
    created_at: datetime
    expires_at: datetime


SESSION = (session.c.token_hash, session.c.created_at, session.c.seen_at, session.c.expires_at)
"""What a running session is known by, its learner apart."""
_now = bindparam("now", type_=Moment())
RUNNING = (
    session.c.token_hash == bindparam("hashed"),
    session.c.ended_at.is_(None),
    session.c.expires_at > _now,
    session.c.seen_at > bindparam("awake_since", type_=Moment()),
)
_FIND = select(session.c.learner, *SESSION).where(*RUNNING)
_SEEN = (
    update(session)
    .where(session.c.token_hash == bindparam("hashed"), session.c.seen_at < _now)
    .values(seen_at=_now)
)


class Sessions(Base):
    """Opening, finding and ending sessions."""

    def open_session(self, learner: str) -> str:
        """Return the token (256 random bits) of a new session: 12 hours idle, 7 days at most."""
        token = secrets.token_urlsafe(32)
        with self.writing() as connection:
            now = self.clock()
            times = {"created_at": now, "seen_at": now, "expires_at": now + ABSOLUTE}
            connection.execute(insert(session).values(token_hash=token_hash(token), learner=learner, **times))
        return token

    def session(self, token: str, *, touch: bool = True) -> SessionRow | None:
        """Return the running session of a token, or None; using it keeps it from growing idle.

        `touch` False only looks: an open tab is no use.
        """
        rows = self.running(_FIND, token, touch=touch)
        return to_session(rows[0]) if rows else None

    def running(self, query: Select[Any], token: str, *, touch: bool = True) -> Sequence[Row[Any]]:
        """Return the rows of a query with the columns `SESSION`, asked under `RUNNING`; see `session`."""
        hashed, now = token_hash(token), self.clock()
        rows = self.ask(query, hashed=hashed, now=now, awake_since=now - IDLE)
        if rows and touch and rows[0].seen_at <= now - _TOUCH:
            with self.writing() as connection:
                connection.execute(_SEEN, {"hashed": hashed, "now": now})
        return rows

    def end_session(self, token: str) -> None:
        """End the session of a token; nothing happens when there is none."""
        ending = update(session).where(
            session.c.token_hash == token_hash(token), session.c.ended_at.is_(None)
        )
        with self.writing() as connection:
            connection.execute(ending.values(ended_at=self.clock()))


def to_session(row: Row[Any]) -> SessionRow:
    """Return the session a row with its learner and the columns `SESSION` holds."""
    return SessionRow(row.learner, row.token_hash[:_REF], row.created_at, row.expires_at)


def token_hash(token: str) -> str:
    """Return SHA-256 of a token or code in hex; any text will do."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def end_sessions(connection: Connection, learner: str, now: datetime, keep: str | None = None) -> None:
    """End a learner's sessions but the one of token `keep`, inside the caller's transaction."""
    ending = update(session).where(session.c.learner == learner, session.c.ended_at.is_(None))
    if keep is not None:
        ending = ending.where(session.c.token_hash != token_hash(keep))
    connection.execute(ending.values(ended_at=now))
