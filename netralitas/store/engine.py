"""Where the store is: the two URLs it accepts, and how a connection to each behaves.

SQLite: write-ahead log, `synchronous=FULL`, and each write transaction takes its lock at the start
(`BEGIN IMMEDIATE`), so that two writers queue instead of failing half-way. `begin` says so; a query alone
needs no transaction to see one state.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from netralitas.i18n import _

BUSY_SECONDS = 30
_PRAGMAS = (
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    # In pages, 64 MB: a site empties the log beside its writers (`Base.ease`), who should not stop for it.
    "wal_autocheckpoint=16000",
    "foreign_keys=ON",
    # So that INSERT OR REPLACE cannot walk around the triggers that refuse a delete.
    "recursive_triggers=ON",
)


class StoreError(Exception):
    """Something about the store a person must settle; the text is one Indonesian sentence."""


def make_engine(url: str) -> Engine:
    """Return an engine for `sqlite:///FILE` or `postgresql+psycopg://…`, without connecting.

    A missing SQLite file is created, readable by its owner alone. Raises StoreError.
    """
    place = _place(url)
    if place.get_backend_name() == "sqlite":
        return _sqlite(place)
    return create_engine(place, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)


def begin(connection: Connection, *, write: bool = False) -> None:
    """Open the transaction of a new connection; SQLAlchemy ends it, with the connection or its block.

    PostgreSQL's driver opens its own.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        # Past SQLAlchemy: its way costs as much as a query, and a listener would slow down every statement.
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN").close()


def _place(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError:
        place = None
    file = place is not None and url.startswith("sqlite:///") and place.database not in (None, "", ":memory:")
    if place is None or not (file or url.startswith("postgresql+psycopg://")):
        # The URL may hold a password and is not repeated.
        raise StoreError(
            _(
                "Alamat penyimpanan tidak dikenal; pakai sqlite:///BERKAS atau postgresql+psycopg://SERVER/BASIS."
            )
        )
    return place


def _sqlite(place: URL) -> Engine:
    path = Path(str(place.database)).absolute()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its -wal and -shm files the mode of the file itself.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            _("Berkas penyimpanan {path} tidak dapat dibuat atau ditulis; periksa folder dan haknya.").format(
                path=path
            )
        ) from error
    engine = create_engine(place.set(database=str(path)), hide_parameters=True, pool_size=8, max_overflow=24)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves; the driver's own rule would leave reads outside any transaction.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()
