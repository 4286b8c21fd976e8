"""Where a store may be, and what SQLite is told at each connection."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from netralitas.store import Store, StoreError, open_store


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite+aiosqlite:///x",
        "postgresql://h/d",
        "postgresql+psycopg2://h/rahasia",
        "mysql://h/d",
        "toko.db",
    ],
)
def test_other_urls_are_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(StoreError, match=r"^Alamat penyimpanan tidak dikenal.*sqlite:///.*\.$"):
        open_store(url)


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://orang:rahasia@h/d")
    assert "rahasia" not in str(caught.value)


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="tidak dapat dibuka"):
        open_store(f"postgresql+psycopg://orang:rahasia@/x?host={tmp_path}")
    (tmp_path / "surat.txt").write_text("ini bukan basis data, hanya surat " * 40)
    with pytest.raises(StoreError, match="tidak dapat dibuka"):
        open_store(f"sqlite:///{tmp_path}/surat.txt")
    with pytest.raises(StoreError, match="tidak dapat dibuat"):
        open_store(f"sqlite:///{tmp_path}/surat.txt/store.sqlite")


def test_sqlite_is_durable_and_strict(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a/b/store.sqlite")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    with store.reading() as one, store.reading() as two:
        for connection in (one, two):
            read = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
            assert read == wanted
    store.close()


def test_an_sqlite_store_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.touch(mode=0o644)
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes.keys() >= {"store.sqlite", "store.sqlite-wal"}
    assert set(modes.values()) == {0o600}
    store.close()


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    statement = text("INSERT INTO meta (key, value) VALUES ('x', 'y')")
    with pytest.raises(ZeroDivisionError), store.writing() as connection:
        _ = connection.execute(statement).rowcount / 0
    assert store.meta("x") is None
    store.set_meta("x", "y")
    store.set_meta("x", "z")
    assert store.meta("x") == "z"
    store.ping()


def test_a_reader_sees_one_state(store: Store, dialect: str) -> None:
    store.set_meta("x", "1")
    statement = text("SELECT value FROM meta WHERE key = 'x'")
    with store.reading() as connection:
        assert connection.execute(statement).scalar() == "1"
        store.set_meta("x", "2")
        # PostgreSQL gives each query the newest; what must not mix is read in an order that allows it.
        assert connection.execute(statement).scalar() == ("1" if dialect == "sqlite" else "2")
    assert store.meta("x") == "2"


def test_a_writer_waits_for_the_other_from_its_start(tmp_path: Path) -> None:
    """Two stores on one file: the second begins when the first has ended, and reads what it wrote."""
    url = f"sqlite:///{tmp_path}/store.sqlite"
    one, two = open_store(url), open_store(url)
    one.migrate()
    count = text("INSERT INTO meta (key, value) SELECT 'n' || count(*), '' FROM meta")

    def add(store: Store) -> None:
        for _turn in range(10):
            with store.writing() as connection:
                known = len(connection.execute(text("SELECT key FROM meta")).all())
                connection.execute(count)
                assert len(connection.execute(text("SELECT key FROM meta")).all()) == known + 1

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, (one, two)))
    assert one.meta("n21") == ""
    one.close()
    two.close()
