"""What every part of the store shares: transactions, the clock, and the few facts of the store itself."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from netralitas.i18n import _

from . import schema
from .engine import StoreError
from .tables import meta, upsert

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the server's clock, aware and in UTC."""
    return datetime.now(UTC)


class Base:
    """A store's engine and clock. Every method of a store is safe to call from any thread."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.clock = clock
        # SQLite's own waiting polls; writers of one process queue here instead.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state and writes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, undone by an exception."""
        with (
            self._turn,
            self.engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every connection; the store opens new ones when used again."""
        self.engine.dispose()

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises StoreError."""
        try:
            with self.reading() as connection:
                connection.execute(select(1))
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
        with self.reading() as connection:
            return read_meta(connection, key)

    def set_meta(self, key: str, value: str) -> None:
        """Write a fact of the store."""
        with self.writing() as connection:
            upsert(connection, meta, [{"key": key, "value": value}])


def read_meta(connection: Connection, key: str) -> str | None:
    """Return the value of `key` or None."""
    return connection.scalar(select(meta.c.value).where(meta.c.key == key))
