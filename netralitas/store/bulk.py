"""Many rows into a table at once: COPY on PostgreSQL, where row by row would take minutes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

ROOM_KB = 96 * 1024
"""Kilobytes of pages SQLite keeps at most during a large change, and as much again while it sorts."""


def fill(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows into the columns `names` of a table, inside the caller's transaction.

    Values go to the driver as they are: instants are aware, dates are dates.
    """
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        # Past SQLAlchemy, whose way costs more than the writing itself; the texts are those it would write.
        places = ", ".join("?" * len(names))
        rows_ = (
            [_PLAIN[value.__class__](value) if value.__class__ in _PLAIN else value for value in row]
            for row in rows
        )
        statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})"  # noqa: S608  (our own names)
        driver.executemany(statement, rows_).close()
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=16)
def _plain_moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


_PLAIN: Mapping[type, Callable[[Any], str]] = {datetime: _plain_moment, date: date.isoformat}
"""How SQLite keeps what it has no type for."""


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Give SQLite room for a large change: keys are random, so each row touches pages far apart.

    With its usual two megabytes nearly every row would read and write such a page again.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    usual = driver.execute("PRAGMA cache_size").fetchone()[0]
    driver.execute(f"PRAGMA cache_size=-{ROOM_KB}").close()
    try:
        yield
    finally:
        driver.execute(f"PRAGMA cache_size={usual}").close()


def among(connection: Connection, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a column is one of many texts; they travel as one value."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == func.any(cast(list(values), ARRAY(Text)))
