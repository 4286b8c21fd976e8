"""The schema comes from nothing to the newest, is copied before a step, and a foreign one is left alone."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from netralitas.course import Course
from netralitas.store import Store, StoreError, open_store, schema
from netralitas.store.tables import metadata

from .conftest import at_once, given, stamp


def test_an_empty_database_gets_the_newest_schema(empty_url: str) -> None:
    store = open_store(empty_url)
    assert store.state() == "empty"
    with pytest.raises(StoreError, match="db upgrade"):
        store.require_current()
    assert store.migrate() is None
    assert store.state() == "current"
    store.require_current()
    site = store.meta("site")
    assert site
    store.migrate()
    assert store.meta("site") == site
    store.close()


def test_the_steps_make_what_the_tables_say(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_older_store_is_migrated_with_its_rows_and_sqlite_copied_first(
    empty_url: str, dialect: str
) -> None:
    store = open_store(empty_url)
    schema.migrate(store.engine, "0001")
    assert store.state() == "older"
    with store.writing() as connection:
        connection.execute(text("INSERT INTO meta (key, value) VALUES ('x', 'lama')"))
    copy = store.migrate()
    assert store.state() == "current"
    assert store.meta("x") == "lama"
    if dialect == "sqlite":
        assert copy is not None
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with closing(sqlite3.connect(copy)) as old:
            assert old.execute("SELECT value FROM meta WHERE key = 'x'").fetchone() == ("lama",)
            assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    else:
        assert copy is None
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
        "DROP TABLE event CASCADE",
    ],
)
def test_a_newer_or_foreign_schema_is_left_alone(store: Store, dialect: str, statement: str) -> None:
    with store.writing() as connection:
        connection.execute(text(statement.replace(" CASCADE", "") if dialect == "sqlite" else statement))
    assert store.state() == "foreign"
    with pytest.raises(StoreError, match="program lain"):
        store.require_current()
    with pytest.raises(StoreError, match="program lain"):
        store.migrate()


def test_two_servers_may_migrate_at_once(empty_url: str) -> None:
    store = open_store(empty_url)
    at_once(lambda mine, _number: mine.migrate(), store, empty_url, 4)
    assert store.state() == "current"
    store.close()


@pytest.mark.parametrize("table", ["event", "audit"])
def test_events_and_audit_cannot_be_changed_or_removed(
    store: Store, people: list[str], course: Course, dialect: str, table: str
) -> None:
    store.append([stamp(people[0], given("opened"))], course)
    column = {"event": "result", "audit": "detail"}[table]
    around = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "postgresql": f"TRUNCATE {table}",
    }
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", around[dialect]):
        with pytest.raises(DBAPIError, match="append-only"), store.writing() as connection:
            connection.execute(text(statement))


def test_migrations_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///here.sqlite")
    store.migrate()
    assert store.state() == "current"
    store.close()
