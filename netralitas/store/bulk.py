"""Many rows into a table at once: COPY on PostgreSQL, where row by row would take minutes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    literal,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

ROOM_KB = 96 * 1024
"""Kilobytes of pages SQLite keeps at most during a large change, and as much again while it sorts."""


def aside(name: str, columns: Iterable[Column[Any]]) -> Table:
    """Return a table of one connection's own, for rows on their way to the tables these columns are of."""
    alike = (Column(column.name, column.type) for column in columns)
    return Table(name, MetaData(), *alike, prefixes=["TEMPORARY"])


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


class Texts(TypeDecorator[Collection[str]]):
    """Many texts as one value, so that a statement is the same however many there are."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return an array, or JSON where there are no arrays."""
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        told = list(value or ())
        return told if dialect.name == "postgresql" else json.dumps(told)


class _Condition(FunctionElement[bool]):
    """A condition each database says in its own way."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """Return it as it is: SQLite finds no index for `condition = 1`."""
        return self


class _Among(_Condition):
    """A column's value is one of many texts."""

    inherit_cache = True


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  (our own names)


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: ColumnElement[Any], values: Collection[str] | str) -> ColumnElement[bool]:
    """Return the condition that a column is one of many texts; one text names the parameter that has them."""
    if isinstance(values, str):
        return _Among(column, bindparam(values, type_=Texts))
    return _Among(column, literal(values, Texts))


class _AmongPairs(_Condition):
    """Two columns' values are one of many pairs of texts."""

    inherit_cache = True


@compiles(_AmongPairs)
def _pairs_sqlite(element: _AmongPairs, compiler: SQLCompiler, **options: Any) -> str:
    one, other, pairs = (compiler.process(part, **options) for part in element.clauses)
    cells = "json_extract(value, '$[0]'), json_extract(value, '$[1]')"
    told = f"SELECT {cells} FROM json_each({pairs})"  # noqa: S608
    return f"({one}, {other}) IN ({told})"


@compiles(_AmongPairs, "postgresql")
def _pairs_postgresql(element: _AmongPairs, compiler: SQLCompiler, **options: Any) -> str:
    one, other, pairs = (compiler.process(part, **options) for part in element.clauses)
    told = f"SELECT value ->> 0, value ->> 1 FROM json_array_elements(CAST({pairs} AS json))"  # noqa: S608
    return f"({one}, {other}) IN ({told})"


def among_pairs(one: ColumnElement[Any], other: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that two columns are a pair in the parameter `name`: JSON, `[[…, …], …]`."""
    return _AmongPairs(one, other, bindparam(name, type_=Text))
