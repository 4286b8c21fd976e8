"""Which schema a store has, and how it comes to the newest one.

Alembic runs the steps of `migrations/` in one transaction: an SQLite file is copied first when it
holds something, PostgreSQL is locked against a second migration at the same time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from netralitas.i18n import _

from .engine import StoreError, begin

State = Literal["current", "empty", "older", "foreign"]
"""`foreign`: tables of another program, or a schema newer than this code."""

_LOCK = 0x6E74_726C  # any number that is ours alone: "ntrl"


def state(connection: Connection) -> State:
    """Say what schema the database behind `connection` has; changes nothing."""
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads:
        return "foreign" if tables else "empty"
    scripts = ScriptDirectory.from_config(_config())
    known = {script.revision for script in scripts.walk_revisions()}
    if not set(heads) <= known or "event" not in tables:
        return "foreign"
    return "current" if heads == (scripts.get_current_head(),) else "older"


def migrate(engine: Engine, target: str = "head") -> Path | None:
    """Bring the database to the newest schema (`target` is for tests) and return the copy made, if any.

    Raises StoreError for a foreign schema, which stays untouched.
    """
    copy: Path | None = None
    with engine.begin() as connection:
        begin(connection, write=True)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = state(connection)
        if found == "foreign":
            raise StoreError(foreign())
        if found == "older" and connection.dialect.name == "sqlite":
            copy = _copy(Path(str(engine.url.database)))
        if found != "current":
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, target)
    return copy


def foreign() -> str:
    """Return the sentence for a store this code must not touch."""
    return _(
        "Penyimpanan ini milik program lain atau dibuat oleh Netralitas yang lebih baru; "
        "pasang versi yang sesuai atau pakai alamat penyimpanan lain."
    )


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _copy(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = path.with_name(f"{path.name}.{stamp}.salinan")
    target.touch(mode=0o600, exist_ok=False)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target
