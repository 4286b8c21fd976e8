"""`kill -9` of the database, or of who writes into it: what was acknowledged is there, and nothing twice."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from netralitas.course import Course
from netralitas.record import Event
from netralitas.store import Stamp, Store, open_store

from .conftest import TODAY, Cluster, given, line, roster, running, stamp

pytestmark = pytest.mark.slow

ROUNDS = 20 if os.environ.get("NETRALITAS_FULL") else 3
WRITERS = 4
ENOUGH = 40
"""Batches of all writers that are acknowledged before the kill."""


@dataclass
class Writing:
    """Writers at work until the database is gone; `unsure` are batches nobody has answered."""

    store: Store
    course: Course
    known: set[tuple[str, str]] = field(default_factory=set)
    unsure: list[list[Stamp]] = field(default_factory=list)
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def write(self, learners: list[str]) -> None:
        for number in itertools.count():
            batch = [stamp(one, given("refused", result={"n": number})) for one in learners]
            try:
                self.store.append(batch, self.course)
            except DBAPIError:
                self.unsure.append(batch)
                return
            self.known.update((one.learner, one.given.id) for one in batch)
            self.enough.release()


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """A server that flushes to disk, as real ones do."""
    with running(options="") as cluster:
        cluster.run("CREATE DATABASE crash")
        yield cluster


def people(store: Store, course: Course, count: int = 8) -> list[str]:
    store.migrate()
    store.import_roster(roster(*map(line, range(count))), course, today=TODAY, by="test")
    return [person.learner for person in store.people_under()]


def stored(store: Store, learners: list[str]) -> set[tuple[str, str]]:
    return {(one.learner, one.id) for learner in learners for one in store.events_of(learner)}


def test_a_killed_server_has_what_it_acknowledged(durable: Cluster, course: Course) -> None:
    store = open_store(durable.url("crash"))
    learners = people(store, course)
    known: set[tuple[str, str]] = set()
    for _round in range(ROUNDS):
        work = Writing(store, course)
        with ThreadPoolExecutor(WRITERS) as pool:
            done = [pool.submit(work.write, learners[mine::WRITERS]) for mine in range(WRITERS)]
            for _batch in range(ENOUGH):
                assert work.enough.acquire(timeout=60)
            durable.kill()
            for one in done:
                one.result(timeout=60)
        durable.start()
        store.engine.dispose()
        known |= work.known
        assert known <= stored(store, learners)
        # Who got no answer sends it again: once it is there, whether it had arrived or not.
        again = [store.append(batch, course) for batch in work.unsure]
        assert all(isinstance(one, Event) for outcome in again for one in outcome)
        assert store.verify_chains() == []
    report = store.rebuild(course)
    assert (report.rows_changed, report.figures_changed) == (0, 0)
    store.close()


KILLED = """
import sys
from netralitas.course import Course
from netralitas.store import open_store
from tests.store.conftest import given, stamp

store, course, learners = open_store(sys.argv[1]), Course.model_validate_json(sys.argv[2]), sys.argv[3:]
while True:
    batch = [stamp(one, given("refused", result={})) for one in learners]
    store.append(batch, course)
    print(*(one.given.id for one in batch), flush=True)
"""


def test_a_killed_writer_has_what_it_acknowledged(tmp_path: Path, course: Course) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    store = open_store(url)
    learners = people(store, course)
    known: set[tuple[str, str]] = set()
    words = [sys.executable, "-c", KILLED, url, course.model_dump_json(), *learners]
    for _round in range(ROUNDS):
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _batch in range(ENOUGH)]
            process.kill()
        known |= {(who, one) for told in lines for who, one in zip(learners, told.split(), strict=True)}
        assert len(known) % (ENOUGH * len(learners)) == 0
        assert known <= stored(store, learners)
        assert store.verify_chains() == []
    store.close()
