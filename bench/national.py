"""Made-up people and what they did, for `bench.report`: as many as the country has, from a seed.

A million people are lines of a CSV; more come by COPY. What they did is written by the database itself, with
arithmetic in place of dice, so that ninety million rows take minutes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, text

from netralitas.course import Course
from netralitas.roster import SEPARATOR
from netralitas.store import Store
from netralitas.store.bulk import fill, roomy
from netralitas.store.tables import account, placement, unit

START = date(2026, 1, 1)
SPAN = 300
"""Days over which people begin."""
LEAF, BRANCH, AGENCY = 50, 500, 10_000
"""People in a unit, in the one above it, and in an instansi."""
_PIECE = 50_000
_POSTS = ("Guru", "Staf", "Kepala Seksi", "Perawat")
_INDEXES = ("ix_completion_change_day", "ix_completion_change_late")


def lines(people: int) -> Iterator[str]:
    """Yield the lines of a roster."""
    dice = random.Random(2026)
    yield "nip,nama,instansi,unit,jabatan,jenis\n"
    for number in range(people):
        where = f"Bidang {number // BRANCH % 20}{SEPARATOR}Seksi {number // LEAF % 10}"
        jenis = dice.choices(("pns", "pppk"), (3, 1))[0]
        post = dice.choice(_POSTS)
        yield f"{_nip(number)},Orang {number},Instansi {number // AGENCY},{where},{post},{jenis}\n"


def people_by_copy(store: Store, course: Course, people: int) -> None:
    """Write everybody into an empty store on PostgreSQL."""
    dice = random.Random(2026)
    now = datetime.combine(START, datetime.min.time(), UTC)
    classes = {post: course.post_class(post) for post in _POSTS}
    rows = (
        (
            f"{dice.getrandbits(128):032x}",
            number,
            dice.choice(_POSTS),
            dice.choices(("pns", "pppk"), (3, 1))[0],
        )
        for number in range(people)
    )
    with store.writing() as connection:
        _without_checks(connection)
        leaves = _units(connection, people)
        while some := list(islice(rows, _PIECE)):
            told = [(who, _nip(number), f"Orang {number}", now) for who, number, _post, _jenis in some]
            fill(connection, account, ("learner", "nip", "name", "created_at"), told)
            stays = [
                (who, leaves[number // LEAF], post, classes[post], jenis, START, START)
                for who, number, post, jenis in some
            ]
            names = ("learner", "unit", "jabatan", "post_class", "jenis", "start", "recorded")
            fill(connection, placement, names, stays)
        connection.execute(text(_CAME))


def what_they_did(store: Store, course: Course, *, progress: bool) -> None:
    """Write that everybody began on some day, and of each module that four of five have completed it.

    With `progress` also everybody's rows in eight modules, which reports do not read.
    """
    days = [
        {"k": k, "day": (START + timedelta(days=min(k, SPAN))).isoformat()}
        for k in range(SPAN + len(course.modules) + 2)
    ]
    modules = [{"n": n, "slug": slug} for n, slug in enumerate(("", *(one.slug for one in course.modules)))]
    with store.writing() as connection, roomy(connection):
        _without_checks(connection)
        for statement in (
            "CREATE TEMPORARY TABLE bench_day (k INTEGER PRIMARY KEY, day DATE)",
            "CREATE TEMPORARY TABLE bench_module (n INTEGER, slug TEXT)",
            "CREATE TEMPORARY TABLE bench_state (state TEXT, late INTEGER)",
            "INSERT INTO bench_state VALUES ('started', 0), ('completed', 1)",
        ):
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO bench_day VALUES (:k, :day)"), days)
        connection.execute(text("INSERT INTO bench_module VALUES (:n, :slug)"), modules)
        # Changes come in the order of their days, as in life. An index made at the end is sorted once.
        for name in _INDEXES:
            connection.execute(text(f"DROP INDEX {name}"))
        connection.execute(text(_CHANGES), {"rule": course.completion.version})
        for statement in (*_ANEW, *(_PROGRESS if progress else ()), *_GONE):
            connection.execute(text(statement))


_CAME = """
    INSERT INTO completion_change (day, recorded, unit, post_class, jenis, module, state, rule, delta, kept)
    SELECT start, start, unit, post_class, jenis, '', 'people', '', count(*), false
    FROM placement GROUP BY start, unit, post_class, jenis
"""
_DICE = "CAST(p.id AS BIGINT) * 48271"
_CHANGES = f"""
    INSERT INTO completion_change (day, recorded, unit, post_class, jenis, module, state, rule, delta, kept)
    SELECT d.day, d.day, p.unit, p.post_class, p.jenis, m.slug, s.state,
           CASE WHEN s.late = 1 THEN CAST(:rule AS TEXT) ELSE '' END, 1, false
    FROM placement p CROSS JOIN bench_module m CROSS JOIN bench_state s
    JOIN bench_day d ON d.k = {_DICE} % {SPAN} + m.n + s.late
    WHERE s.late = 0 OR ({_DICE} + m.n * 7919) % 2147483647 % 5 > 0
    ORDER BY d.day
"""
_ANEW = (
    "CREATE INDEX ix_completion_change_day ON completion_change (module, day)",
    "CREATE INDEX ix_completion_change_late ON completion_change (module, recorded) WHERE recorded > day",
)
_PROGRESS = (
    "ALTER TABLE progress DROP CONSTRAINT progress_pkey",
    """
    INSERT INTO progress (learner, module, status, started_at, completed_at, rule_version, mark, state)
    SELECT learner, slug, 'completed', start, start, '1', 80, '{}' FROM placement, bench_module
    WHERE n BETWEEN 1 AND 8 AND learner NOT IN (SELECT learner FROM progress)
    """,
    "ALTER TABLE progress ADD PRIMARY KEY (learner, module)",
)
_GONE = ("DROP TABLE bench_day", "DROP TABLE bench_module", "DROP TABLE bench_state")


def _nip(number: int) -> str:
    born = f"1900{number // 999 % 12 + 1:02}{number // 11_988 % 28 + 1:02}"
    begun = f"{2000 + number // 335_664 % 24}01"
    return f"{born}{begun}1{number % 999 + 1:03}"


def _units(connection: Connection, people: int) -> list[int]:
    """Write the tree and return the ids of its leaves."""
    rows: list[tuple[int, int | None, str, str]] = []
    leaves = []
    paths: dict[str, int] = {}
    for leaf in range(-(-people // LEAF)):
        number = leaf * LEAF
        parts = (
            f"Instansi {number // AGENCY}", f"Bidang {number // BRANCH % 20}", f"Seksi {number // LEAF % 10}"
        )  # fmt: skip
        parent = None
        for depth, name in enumerate(parts, 1):
            path = SEPARATOR.join(parts[:depth])
            if path not in paths:
                paths[path] = len(paths) + 1
                rows.append((paths[path], parent, name, path))
            parent = paths[path]
        leaves.append(paths[path])
    fill(connection, unit, ("id", "parent", "name", "path"), rows)
    return leaves


def _without_checks(connection: Connection) -> None:
    """Let PostgreSQL not look up each row's learner: they were written a moment ago."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
