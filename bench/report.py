"""What completion reports cost: import of a roster, figures of days and attributes, events of many writers.

    make bench FIGURE=report                           10,000 made-up people, SQLite in a temporary folder
    PEOPLE=1000000 make bench FIGURE=report            more of them
    STORE=postgresql+psycopg://… make bench FIGURE=report      an empty database of PostgreSQL

The roster is imported as offices do, from a CSV. What people have done is written as the changes events would
have made, because nobody waits for millions of events; the last figure appends real ones. Everything is drawn
from a seed.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from netralitas import content, intake, reports
from netralitas.record import Given
from netralitas.store import Stamp, Store, open_store
from netralitas.store.bulk import fill
from netralitas.store.tables import account, completion_change, placement
from netralitas.web.writer import Writer

T = TypeVar("T")
PEOPLE = int(os.environ.get("PEOPLE", "10000"))
EVENTS = int(os.environ.get("EVENTS", "4000"))
WRITERS = 50
LEAF, AGENCY = 50, 10_000
"""People in a unit, and in an instansi."""
SPAN = 300
BYTES_EACH = 8_000
"""Disk a person takes at most, with every change, index and copy."""
START = date(2026, 1, 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        need = PEOPLE * BYTES_EACH
        if shutil.disk_usage(place).free < 2 * need:
            sys.exit(f"Perlu {2 * need / 1e9:.1f} GB kosong di {place}.")
        store = open_store(os.environ.get("STORE") or f"sqlite:///{place}/a.db")
        store.migrate()
        if store.people_under():
            sys.exit("Basis data ini berisi orang; pakai yang kosong.")
        _import(store, place)
        _fill(store)
        _reports(store)
        asyncio.run(_append(store))
        store.close()


def _lines() -> Iterator[str]:
    dice = random.Random(2026)
    posts = ("Guru", "Staf", "Kepala Seksi", "Perawat")
    yield "nip,nama,instansi,unit,jabatan,jenis\n"
    for number in range(PEOPLE):
        born = f"1900{number // 999 % 12 + 1:02}{number // 11_988 % 28 + 1:02}"
        begun = f"{2000 + number // 335_664 % 24}01"
        nip = f"{born}{begun}1{number % 999 + 1:03}"
        unit = f"Bidang {number // 500 % 20} / Seksi {number // LEAF % 10}"
        jenis = dice.choices(("pns", "pppk"), (3, 1))[0]
        yield f"{nip},Orang {number},Instansi {number // AGENCY},{unit},{dice.choice(posts)},{jenis}\n"


def _import(store: Store, place: Path) -> None:
    path = place / "pegawai.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_lines())

    course = content.current().course

    def work() -> int:
        with intake.read(path, made_up_allowed=True, today=START) as read:
            assert not read.faults, read.faults[:3]
            return store.import_roster(read, course, today=START, by="bench").added

    assert _timed(f"import {PEOPLE:,} rows", work) == PEOPLE


def _fill(store: Store) -> None:
    """Write the changes of people who began and mostly completed, over three hundred days."""
    dice = random.Random(7)
    course = content.current().course
    names = ("day", "recorded", "unit", "post_class", "jenis", "module", "state", "rule", "delta", "kept")
    rows: list[tuple[object, ...]] = []
    with store.writing() as connection:
        query = select(placement.c.unit, placement.c.post_class, placement.c.jenis)
        everybody = connection.execute(query).all()
        for unit, post_class, jenis in everybody:
            begun = dice.randrange(SPAN)
            for number, module in enumerate(("", *(one.slug for one in course.modules))):
                for state, rule in (("started", ""), ("completed", course.completion.version)):
                    if state == "completed" and dice.random() < 0.2:
                        continue
                    after = begun + number + (state == "completed")
                    day = START + timedelta(days=min(after, SPAN))
                    rows.append((day, day, unit, post_class, jenis, module, state, rule, 1, False))
            if len(rows) > 50_000:
                fill(connection, completion_change, names, rows)
                rows.clear()
        fill(connection, completion_change, names, rows)
    store.clock = lambda: datetime(2026, 11, 10, 5, tzinfo=UTC)
    _timed("checkpoints", store.checkpoint)


def _reports(store: Store) -> None:
    course = content.current().course
    today = date(2026, 11, 10)
    for name, by, day, shared in (
        ("completion --by instansi", "instansi", today, False),
        ("… of a past day", "instansi", date(2026, 6, 17), False),
        ("… --by jenis", "jenis", today, False),
        ("… --by 2", "2", today, False),
        ("… shared", "instansi", date(2026, 10, 31), True),
    ):
        made = _timed(
            name,
            lambda by=by, day=day, shared=shared: reports.completion(
                store, course, as_of=day, by=by, shared=shared
            ),
        )
        assert made["total"]["people"] == PEOPLE


async def _append(store: Store) -> None:
    """Append answers of fifty writers, as a site does: what comes while a commit runs shares the next one."""
    with store.reading() as connection:
        learners = list(connection.scalars(select(account.c.learner).limit(EVENTS)))
    course = content.current().course
    writer = Writer(store, lambda: course)
    writer.start()
    quiz = next(module.quiz for module in course.modules if module.quiz)
    took: list[float] = []

    async def work(own: list[str]) -> None:
        for learner in own:
            given = Given(
                id=str(uuid.uuid4()), verb="answered", object=f"quiz/{quiz}/k01", attempt=1, after=0,
                revision="0" * 16, result={"answer": ["a"], "score": 1.0},
            )  # fmt: skip
            start = time.perf_counter()
            await writer.commit(Stamp(learner, "bench", given))
            took.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(work(learners[number::WRITERS]) for number in range(WRITERS)))
    seconds = time.perf_counter() - start
    late = statistics.quantiles(took, n=100)[98] * 1000
    print(f"append, {WRITERS} writers: {len(took) / seconds:,.0f} a second, p99 {late:.0f} ms")
    await writer.stop()


def _timed(name: str, work: Callable[[], T]) -> T:
    start, busy = time.perf_counter(), time.process_time()
    done = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    # On a busy machine the two differ: others have the rest.
    print(f"{name}: {seconds:.2f} s ({busy:.2f} s of processor), memory at most {peak:.0f} MB", flush=True)
    return done


if __name__ == "__main__":
    main()
