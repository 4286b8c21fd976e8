"""What every part of the store shares: transactions, the clock, and the few facts of the store itself."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, bindparam, select
from sqlalchemy.exc import DBAPIError

from netralitas.i18n import _

from . import schema
from .engine import StoreError, begin
from .tables import meta, upsert

Clock = Callable[[], datetime]

# As everywhere in the store: a statement of the daily paths is built once, since building it costs more
# than running it.
_FACT = select(meta.c.value).where(meta.c.key == bindparam("key"))


def utc_now() -> datetime:
    """Return the server's clock, aware and in UTC."""
    return datetime.now(UTC)


class Base:
    """A store's engine and clock. Every method of a store is safe to call from any thread."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.clock = clock
        self._site: str | None = None
        # SQLite's own waiting polls; writers of one process queue here instead.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that writes nothing; on SQLite all its queries see one state.

        On PostgreSQL each query sees what was committed before it.
        """
        with self.engine.connect() as connection:
            begin(connection)
            yield connection

    def ask(self, query: Select[Any], **values: object) -> Sequence[Row[Any]]:
        """Return the rows of one query that needs no other beside it; cheaper than `reading`."""
        with self.engine.connect() as connection:
            return connection.execute(query, values).all()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, undone by an exception."""
        with self._turn, self.engine.begin() as connection:
            begin(connection, write=True)
            yield connection

    @contextmanager
    def drafting(self) -> Iterator[Connection]:
        """Give a connection that reads into tables of its own while others write; `writing_from` follows.

        The tables are the caller's to drop.
        """
        with self.engine.connect() as connection:
            begin(connection)
            yield connection

    @contextmanager
    def writing_from(self, connection: Connection) -> Iterator[None]:
        """Put the connection of `drafting` in a write transaction of its own; as `writing` does."""
        connection.commit()
        with self._turn, connection.begin():
            begin(connection, write=True)
            yield

    def ease(self) -> None:
        """Move what the log of SQLite holds into its file while others write; PostgreSQL does it itself."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    def close(self) -> None:
        """Close every connection; the store opens new ones when used again."""
        self.engine.dispose()

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises StoreError."""
        try:
            self.ask(select(1))
        except DBAPIError as error:
            raise StoreError(
                _("Penyimpanan tidak dapat dibuka; periksa alamat, hak, dan apakah servernya berjalan.")
            ) from error

    def state(self) -> schema.State:
        """Return the schema found: `current`, `empty`, `older` or `foreign`."""
        with self.reading() as connection:
            return schema.state(connection)

    def require_current(self) -> None:
        """Raise StoreError, saying what to do, unless the schema is the one this code knows."""
        found = self.state()
        if found == "foreign":
            raise StoreError(schema.foreign())
        if found != "current":
            raise StoreError(_("Skema penyimpanan belum terbaru; jalankan 'netralitas db upgrade' dahulu."))

    def migrate(self) -> Path | None:
        """Bring the schema up to date and give a new store its site id; return the copy made, if any.

        Raises StoreError for a foreign schema.
        """
        with self._turn:
            copy = schema.migrate(self.engine)
        with self.writing() as connection:
            known = set(connection.scalars(select(meta.c.key)))
            fresh = {"site": secrets.token_hex(4), "created": self.clock().isoformat()}
            upsert(connection, meta, [{"key": k, "value": v} for k, v in fresh.items() if k not in known])
        return copy

    def meta(self, key: str) -> str | None:
        """Return a fact of the store (`site`, `created`, `demo`, …) or None."""
        return next((row.value for row in self.ask(_FACT, key=key)), None)

    def set_meta(self, key: str, value: str) -> None:
        """Write a fact of the store."""
        with self.writing() as connection:
            upsert(connection, meta, [{"key": key, "value": value}])

    def site_id(self, connection: Connection) -> str:
        """Return the store's site id, empty before `migrate`; read once, because it never changes."""
        if self._site is None:
            self._site = connection.scalar(_FACT, {"key": "site"})
        return self._site or ""
