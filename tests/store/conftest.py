"""Both databases for every test of the store.

PostgreSQL is a cluster of our own, one per worker, on a Unix socket in a short folder; each test gets
a fresh database from a migrated template. A missing server fails the tests and names the package.
"""

from __future__ import annotations

import itertools
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from netralitas import roster as rosters
from netralitas.course import Course
from netralitas.record import Given
from netralitas.store import Stamp, Store, open_store
from netralitas.store.tables import metadata

NUMBERS = itertools.count()
TODAY = date(2026, 3, 2)
HEADER = "nip,nama,instansi,unit,jabatan,jenis,zona,kode_unit\n"


def binaries() -> Path:
    """The folder of Debian's newest PostgreSQL server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    if shutil.which("initdb"):
        return Path(str(shutil.which("initdb"))).parent
    pytest.fail("PostgreSQL tidak terpasang; pasang paket Debian 'postgresql' (apt-get install postgresql).")


QUICK = "-c fsync=off -c full_page_writes=off"
"""For databases nobody pulls the plug of."""


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of our own; `options` are its settings."""

    folder: Path
    options: str = QUICK

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as link:
            link.execute(statement.encode())

    def call(self, tool: str, *words: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        words = (str(binaries() / tool), "-D", f"{self.folder}/data", *words)
        done = subprocess.run(
            [*as_postgres, *words], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        told = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {self.options}"
        # pg_ctl hands its output to the server, so a pipe here would wait for the server's end.
        self.call("pg_ctl", "-o", told, "-l", f"{self.folder}/log", "-w", "start")

    def kill(self) -> None:
        """End the server and all of its processes by SIGKILL."""
        first = int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        pids = [first, *children(first)]
        ends = [os.pidfd_open(pid) for pid in pids]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for end in ends:
            select.select([end], [], [], 30)
            os.close(end)
        # Until its parent looks, a process that has ended still has its number, and seems to be at work.
        for lock in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.folder / lock).unlink()


def children(pid: int) -> list[int]:
    """The processes a process has started and that run."""
    told = (Path(f"/proc/{pid}/task/{pid}/children")).read_text(encoding="utf-8")
    return [int(one) for one in told.split()]


@contextmanager
def running(options: str = QUICK) -> Iterator[Cluster]:
    """A new PostgreSQL server until the block ends."""
    cluster = Cluster(
        Path(tempfile.mkdtemp(prefix="ntr", dir="/tmp")), options
    )  # a socket's path has 108 bytes
    if os.geteuid() == 0:
        shutil.chown(cluster.folder, "postgres", "postgres")
    cluster.call("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.call("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(cluster.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A migrated database to make others from."""
    cluster.run("CREATE DATABASE template_ntr")
    store = open_store(cluster.url("template_ntr"))
    store.migrate()
    store.close()
    return "template_ntr"


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path}/store.sqlite"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"empty_{next(NUMBERS)}"
    cluster.run(f"CREATE DATABASE {name}")
    yield cluster.url(name)
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the newest schema and nobody in it."""
    if dialect == "sqlite":
        shutil.copy(request.getfixturevalue("template_file"), tmp_path / "store.sqlite")
        yield f"sqlite:///{tmp_path}/store.sqlite"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"test_{next(NUMBERS)}"
    cluster.run(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('template')}")
    yield cluster.url(name)
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


class Clock:
    """A clock a test turns by hand; it ticks a microsecond at each look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def turn(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def course() -> Course:
    """A course of two modules: one scenario and a quiz, and a quiz alone."""
    return Course.model_validate(
        {
            "format_version": 1,
            "version": "2026-01-01",
            "title": "Kursus mainan",
            "completion": {"version": "1", "start": date(2026, 1, 1), "pass_mark": 70},
            "tags": {"roles": (), "stages": (), "depths": (), "causes": (), "skills": ()},
            "posts": (
                {"id": "fungsional", "title": "F", "words": ("guru",)},
                {"id": "lainnya", "title": "L"},
            ),
            "modules": (
                {"slug": "a", "title": "A", "summary": "A", "minutes": 5, "scenarios": ("s",), "quiz": "a"},
                {"slug": "b", "title": "B", "summary": "B", "minutes": 5, "quiz": "b"},
            ),
        }
    )


def line(number: int, unit: str = "SMPN Contoh 1", **cells: str) -> str:
    """A roster line of the invented person of that number."""
    row = {
        "nip": f"19000101202001{number % 2 + 1}{number + 1:03}",
        "nama": f"Orang {number}",
        "instansi": "Dinas Contoh",
        "unit": unit,
        "jabatan": "Guru",
        "jenis": "pns",
        "zona": "",
        "kode_unit": "",
    } | cells
    return ",".join(row.values()) + "\n"


def roster(*lines: str) -> rosters.Roster:
    found = rosters.parse((HEADER + "".join(lines)).encode(), made_up_allowed=True)
    assert not found.faults
    return found


@pytest.fixture
def people(store: Store, course: Course) -> list[str]:
    """Three learners of one unit, in the order of their numbers."""
    store.import_roster(roster(*map(line, range(3))), course, today=TODAY, by="test")
    return [person.learner for person in store.people_under()]


def given(verb: str = "answered", after: int = 0, **fields: Any) -> Given:
    base: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "verb": verb,
        "object": "quiz/a" if verb == "opened" else "quiz/a/k1",
        "attempt": 1,
        "after": after,
        "revision": "0123456789abcdef",
        "given_at": datetime(2026, 3, 2, 8, 0, 0, 120000, tzinfo=UTC),
        "result": {"seed": 7} if verb == "opened" else {"answer": ["a"], "score": 0.6667},
    }
    return Given.model_validate(base | fields)


def stamp(learner: str, one: Given) -> Stamp:
    return Stamp(learner, "0123456789abcdef", one)


def at_once(work: Callable[[Store, int], object], store: Store, url: str, count: int) -> list[Any]:
    """Run `work(store, number)` in threads that start together, every second one on another server."""
    other = open_store(url)
    start = threading.Barrier(count)

    def run(number: int) -> object:
        start.wait()
        return work((store, other)[number % 2], number)

    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(run, range(count)))
    finally:
        other.close()


Dump = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def dump(store: Store) -> Callable[[], Dump]:
    """Everything in the store, to see that nothing changed."""

    def read() -> Dump:
        with store.reading() as connection:
            return {
                table.name: sorted(tuple(map(str, row)) for row in connection.execute(table.select()))
                for table in metadata.sorted_tables
            }

    return read
