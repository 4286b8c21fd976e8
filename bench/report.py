"""What completion reports cost: import of a roster, figures of days and attributes, events, counting anew.

    make bench FIGURE=report                             10,000 made-up people, SQLite in a temporary folder
    PEOPLE=1000000 make bench FIGURE=report              more of them
    STORE=postgresql make bench FIGURE=report            a PostgreSQL server of its own, ended afterwards
    STORE=postgresql PEOPLE=5600000 make bench FIGURE=report     the country, 45 million rows of progress
    STORE=postgresql+psycopg://… make bench FIGURE=report        an empty database somewhere else
    PEOPLE=110000 EVENTS=1000000 make bench FIGURE=report        a million events, counted anew

Up to a million people are imported as offices do, from a CSV; more come by COPY. What they have done is
written as the changes events would have made, because nobody waits for so many; then real events are appended
and everything is counted anew. All is drawn from a seed. Where others use the machine, read processor time
beside the clock.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, select

from bench.national import START, lines, people_by_copy, what_they_did
from netralitas import content, intake, reports
from netralitas.record import Event, Given
from netralitas.reports import By
from netralitas.store import Dimension, Stamp, Store, open_store
from netralitas.store.tables import account, completion_change, completion_checkpoint, progress
from netralitas.tally import COURSE
from netralitas.web.housekeeping import EASE, Chore, Housekeeping
from netralitas.web.writer import Writer

T = TypeVar("T")
PEOPLE = int(os.environ.get("PEOPLE", "10000"))
EVENTS = int(os.environ.get("EVENTS", "5000"))
STORE = os.environ.get("STORE", "")
WRITERS, ANSWERS = 50, 10
"""Who answers at once, and how many answers each learner gives one after the other."""
FIRST = 5000
"""Learners who answer for the first time: each such answer changes the completion figures, too."""
MOST_IMPORTED = 1_000_000
BYTES_EACH = 5_500
"""Disk a person takes at most, with every change, index and copy."""
MOST_REBUILT = 200_000
TODAY = date(2026, 11, 10)
EVERY: tuple[Dimension, ...] = ("unit", "post_class", "jenis", "module")
SERVER = (
    "-c shared_buffers=1GB -c work_mem=64MB -c maintenance_work_mem=512MB -c max_wal_size=8GB "
    "-c wal_level=minimal -c max_wal_senders=0"
)
"""A small server, and as durable as any: fsync stays on."""


def main() -> None:
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        need = PEOPLE * BYTES_EACH
        if shutil.disk_usage(place).free < need + (8 << 30):
            sys.exit(f"Perlu {need / 1e9 + 8:.0f} GB kosong di {place}.")
        store = stack.enter_context(closing(open_store(_address(stack, place))))
        store.migrate()
        if store.people_under():
            sys.exit("Basis data ini berisi orang; pakai yang kosong.")
        course = content.current().course
        if PEOPLE > MOST_IMPORTED:
            _timed(f"{PEOPLE:,} people by COPY", lambda: people_by_copy(store, course, PEOPLE))
        else:
            _import(store, place)
        _analyze(store)
        store.clock = lambda: datetime(2026, 11, 10, 5, tzinfo=UTC)
        asyncio.run(_append(store, "first answers", min(EVENTS, FIRST), 1))
        asyncio.run(_append(store, "answers", EVENTS, ANSWERS))
        if PEOPLE <= MOST_REBUILT:
            _rebuild(store)
        national = PEOPLE > MOST_IMPORTED
        _timed("what they did", lambda: what_they_did(store, course, progress=national))
        _analyze(store)
        _timed("checkpoints, once", store.checkpoint)
        _reports(store)


def _address(stack: ExitStack, place: Path) -> str:
    if STORE != "postgresql":
        return STORE or f"sqlite:///{place}/a.db"
    from tests.store.conftest import running  # noqa: PLC0415  (only where a server is asked for)

    cluster = stack.enter_context(running(SERVER))
    cluster.run("CREATE DATABASE bench")
    return cluster.url("bench")


def _import(store: Store, place: Path) -> None:
    path = place / "pegawai.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines(PEOPLE))
    course = content.current().course

    def work() -> int:
        with intake.read(path, made_up_allowed=True, today=START) as read:
            assert not read.faults, read.faults[:3]
            return store.import_roster(read, course, today=START, by="bench").added

    assert _timed(f"import {PEOPLE:,} rows", work) == PEOPLE


def _analyze(store: Store) -> None:
    """Let PostgreSQL look at what it holds, as it does by itself after a while."""
    if store.engine.dialect.name == "postgresql":
        with store.writing() as connection:
            connection.exec_driver_sql("ANALYZE")


def _reports(store: Store) -> None:
    course = content.current().course
    asked: tuple[tuple[str, By, date, bool], ...] = (
        ("completion --by instansi", "instansi", TODAY, False),
        ("… of a past day", "instansi", date(2026, 6, 17), False),
        ("… --by jenis", "jenis", TODAY, False),
        ("… --by jabatan", "jabatan", TODAY, False),
        ("… --by 2", "2", TODAY, False),
        ("… shared, the month's first: what it hides is worked out", "instansi", date(2026, 10, 31), True),
        ("… shared", "instansi", date(2026, 10, 31), True),
    )
    for name, by, day, shared in asked:
        made = _timed(name, partial(reports.completion, store, course, as_of=day, by=by, shared=shared))
        assert made["total"]["people"] in {PEOPLE, None}
        assert shared or day < TODAY or made["total"]["completed"] > PEOPLE // 2


async def _append(store: Store, name: str, events: int, answers: int) -> None:
    """Append answers of fifty writers as a site does: what comes while a commit runs shares the next one."""
    learners = _nobody_s(store, max(WRITERS, events // answers))
    course = content.current().course
    writer, keeping = Writer(store, lambda: course), Housekeeping(Chore(EASE, store.ease))
    writer.start()
    keeping.start()
    quiz = next(module.quiz for module in course.modules if module.quiz)
    took: list[float] = []

    async def work(own: list[str]) -> None:
        for learner in own:
            after = 0
            for number in range(answers):
                given = Given(
                    id=str(uuid.uuid4()), verb="answered", object=f"quiz/{quiz}/k{number + 1:02}", attempt=1,
                    after=after, revision="0" * 16, result={"answer": ["a"], "score": 1.0},
                )  # fmt: skip
                start = time.perf_counter()
                done = await writer.commit(Stamp(learner, "bench", given))
                took.append(time.perf_counter() - start)
                assert isinstance(done, Event)
                after = done.seq

    start, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work(learners[number::WRITERS]) for number in range(WRITERS)))
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    late = statistics.quantiles(took, n=100)[98] * 1000
    print(
        f"append, {WRITERS} writers, {name}: {len(took) / seconds:,.0f} a second, p99 {late:.0f} ms "
        f"({len(took) / busy:,.0f} a second of processor)",
        flush=True,
    )
    keeping.stop()
    await writer.stop()


def _nobody_s(store: Store, count: int) -> list[str]:
    """Return learners who have answered nothing yet."""
    begun = select(progress.c.learner)
    with store.reading() as connection:
        return list(
            connection.scalars(select(account.c.learner).where(account.c.learner.not_in(begun)).limit(count))
        )


def _rebuild(store: Store) -> None:
    """Throw away what follows from the record, count anew, and compare every digit."""
    course = content.current().course
    before = _digits(store)
    report = _timed(
        f"rebuild of {EVENTS + min(EVENTS, FIRST):,} events, {PEOPLE:,} people", lambda: store.rebuild(course)
    )
    assert (report.rows_changed, report.figures_changed) == (0, 0), report
    with store.writing() as connection:
        for table in (progress, completion_checkpoint, completion_change):
            connection.execute(delete(table))
    _timed("… from the record alone", lambda: store.rebuild(course))
    assert _digits(store) == before
    print("… the same digits", flush=True)


def _digits(store: Store) -> str:
    """Return a digest of every figure of the last day and of all progress."""
    told = hashlib.sha256()
    for module in (None, COURSE):
        for kind, number in sorted(store.counts_on(TODAY, TODAY, by=EVERY, module=module)):
            told.update(repr((*kind, number)).encode())
    with store.reading() as connection:
        order = (progress.c.learner, progress.c.module)
        rows = connection.execution_options(yield_per=5000).execute(select(progress).order_by(*order))
        for row in rows:
            told.update(repr(tuple(row)).encode())
    return told.hexdigest()


def _timed(name: str, work: Callable[[], T]) -> T:
    start, busy = time.perf_counter(), time.process_time()
    done = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"{name}: {seconds:.2f} s ({busy:.2f} s of processor), memory at most {peak:.0f} MB", flush=True)
    return done


if __name__ == "__main__":
    main()
