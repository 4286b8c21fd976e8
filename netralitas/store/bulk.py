"""Many rows into a table at once: COPY on PostgreSQL, where row by row would take minutes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, Self

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Select,
    Table,
    TableValuedAlias,
    Text,
    TypeDecorator,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
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

    Values go to the driver as they are: instants are aware, dates are dates, JSON is text. Raises what
    SQLAlchemy raises.
    """
    if not rows:
        return
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    # Past SQLAlchemy, whose way costs more than the writing itself.
    put = _put if dialect.name == "sqlite" else _copy
    try:
        put(driver, table.name, columns, rows)
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        told = DBAPIError.instance(
            f"INSERT INTO {table.name}", None, error, base, hide_parameters=True, dialect=dialect
        )
        raise told from error


def _put(driver: Any, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    places = ", ".join("?" * len(rows[0]))
    told = (
        [_PLAIN[value.__class__](value) if value.__class__ in _PLAIN else value for value in row]
        for row in rows
    )
    driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", told).close()  # noqa: S608  (our own names)


def _copy(driver: Any, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=16)
def _plain_moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


_PLAIN: Mapping[type, Callable[[Any], str]] = {datetime: _plain_moment, date: date.isoformat}
"""How SQLite keeps what it has no type for, as SQLAlchemy writes it."""


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


class _Among(FunctionElement[bool]):
    """A column's value is one of many texts."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """Return it as it is: SQLite finds no index for `condition = 1`."""
        return self


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


class _Elements(FunctionElement[Any]):
    """The elements of a JSON array, a row each."""

    inherit_cache = True


@compiles(_Elements)
def _elements_sqlite(element: _Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Elements, "postgresql")
def _elements_postgresql(element: _Elements, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **options)} AS json))"


@cache
def of_learners(table: Table, dialect: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the query of a table's rows whose learner is in the parameter `learners`.

    On PostgreSQL each learner is a step in an index, also while it believes that the table is small.
    """
    if dialect != "postgresql":
        return select(table).where(among(table.c.learner, "learners"), *conditions)
    told = func.unnest(bindparam("learners", type_=Texts)).table_valued("learner").render_derived()
    fence: Any = literal_column("0")
    own = select(table).where(table.c.learner == told.c.learner, *conditions).offset(fence).lateral("own")
    return select(own).select_from(told.join(own, true()))


def elements(name: str) -> TableValuedAlias:
    """Return the parameter `name`, a JSON array as text, as a table: its elements are the column `value`."""
    return _Elements(bindparam(name, type_=Text)).table_valued(column("value", JSON))
