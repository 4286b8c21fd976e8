"""Sessions: the cookie carries a random token, the store its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from .base import Base
from .tables import session

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
        hashed, now = token_hash(token), self.clock()
        query = select(session).where(
            session.c.token_hash == hashed,
            session.c.ended_at.is_(None),
            session.c.expires_at > now,
            session.c.seen_at > now - IDLE,
        )
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if touch and row.seen_at <= now - _TOUCH:
            with self.writing() as connection:
                seen = update(session).where(session.c.token_hash == hashed, session.c.seen_at < now)
                connection.execute(seen.values(seen_at=now))
        return SessionRow(row.learner, hashed[:_REF], row.created_at, row.expires_at)

    def end_session(self, token: str) -> None:
        """End the session of a token; nothing happens when there is none."""
        ending = update(session).where(
            session.c.token_hash == token_hash(token), session.c.ended_at.is_(None)
        )
        with self.writing() as connection:
            connection.execute(ending.values(ended_at=self.clock()))


def token_hash(token: str) -> str:
    """Return SHA-256 of a token or code in hex; any text will do."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def end_sessions(connection: Connection, learner: str, now: datetime, keep: str | None = None) -> None:
    """End a learner's sessions but the one of token `keep`, inside the caller's transaction."""
    ending = update(session).where(session.c.learner == learner, session.c.ended_at.is_(None))
    if keep is not None:
        ending = ending.where(session.c.token_hash != token_hash(keep))
    connection.execute(ending.values(ended_at=now))
