"""Lives as the store keeps them: stays and milestones in, changes of the completion figures out.

Whoever changes a life (an event, an import) reads it before, says what it is afterwards, and writes both the
rows and the changes `tally` makes of them, in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from netralitas.course import Course
from netralitas.record import Progress
from netralitas.tally import Key, Life, Milestone, Place, Span, Stay, changes, milestones

from .bulk import among, fill, of_learners
from .progress import to_progress
from .tables import account, completion_change, placement, progress

_CHANGE = (
    *("day", "unit", "post_class", "jenis", "module", "state", "rule"),
    *("recorded", "delta", "kept"),
)
_STAY = (
    *("learner", "unit", "jabatan", "post_class", "jenis", "start", "end"),
    *("recorded", "origin"),
)
_SPAN = [placement.c[name] for name in (*Place._fields, "start", "end")]
_STAYS = (
    select(placement.c.id, placement.c.learner, *_SPAN)
    .where(placement.c.retracted.is_(None), among(placement.c.learner, "learners"))
    .order_by(placement.c.learner, placement.c.start)
)
_IN_MODULES = among(progress.c.module, "modules")
_LOCK = (
    select(account.c.learner)
    .where(among(account.c.learner, "learners"))
    .order_by(account.c.learner)
    .with_for_update(key_share=True)
)
_RETRACT = (
    update(placement)
    .where(placement.c.id == bindparam("which"))
    .values(retracted=bindparam("day"), retracted_by=bindparam("by"))
)


class Kept(NamedTuple):
    """A span as it stands in the table."""

    id: int
    span: Span


def lock(connection: Connection, learners: Collection[str]) -> None:
    """Keep others from changing these lives until the transaction ends; in one order, against deadlocks."""
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"learners": sorted(learners)}).close()


def stays_of(connection: Connection, learners: Collection[str]) -> dict[str, list[Kept]]:
    """Return the spans held for true now, by learner and day."""
    found: dict[str, list[Kept]] = {}
    every = connection.execute(_STAYS, {"learners": learners})
    for number, learner, unit, jabatan, post_class, jenis, start, end in every.all():
        span = Span(Place(unit, jabatan, post_class, jenis), start, end)
        found.setdefault(learner, []).append(Kept(number, span))
    return found


def lives_on(
    connection: Connection, learners: Collection[str], course: Course, known: date
) -> dict[str, Life]:
    """Return the lives of learners as known at the end of a day; who never stood anywhere is absent."""
    held = (placement.c.recorded <= known) & (
        placement.c.retracted.is_(None) | (placement.c.retracted > known)
    )
    query = select(placement).where(held, among(placement.c.learner, learners))
    spans: dict[str, list[Span]] = {}
    for row in connection.execute(query.order_by(placement.c.learner, placement.c.start)):
        place = Place(row.unit, row.jabatan, row.post_class, row.jenis)
        spans.setdefault(row.learner, []).append(Span(place, row.start, row.end))
    done: dict[str, list[Progress]] = {}
    for row in connection.execute(select(progress).where(among(progress.c.learner, learners))):
        done.setdefault(row.learner, []).append(to_progress(row))
    return {
        learner: Life(
            tuple(own), tuple(one for one in milestones(done.get(learner, ()), course) if one.day <= known)
        )
        for learner, own in spans.items()
    }


def spans_of(kept: Iterable[Kept]) -> tuple[Span, ...]:
    """Return spans without their rows."""
    return tuple(one.span for one in kept)


def known_stays(connection: Connection, learners: Collection[str]) -> dict[str, list[Stay]]:
    """Return every stay that was ever held for true, with the days it was; who has none is absent."""
    found: dict[str, list[Stay]] = {}
    query = select(placement).where(placement.c.learner.in_(list(learners)))
    for row in connection.execute(query):
        span = Span(Place(row.unit, row.jabatan, row.post_class, row.jenis), row.start, row.end)
        found.setdefault(row.learner, []).append(Stay(span, row.recorded, row.retracted))
    return found


def progress_of_all(
    connection: Connection, learners: Collection[str], modules: Collection[str] | None = None
) -> dict[str, dict[str, Progress]]:
    """Return the progress of learners by module, in every module or in some."""
    found: dict[str, dict[str, Progress]] = {}
    where = () if modules is None else (_IN_MODULES,)
    query = of_learners(progress, connection.dialect.name, *where)
    for row in connection.execute(query, {"learners": learners, "modules": modules}).all():
        found.setdefault(row.learner, {})[row.module] = to_progress(row)
    return found


def milestones_of(
    connection: Connection, learners: Collection[str], course: Course
) -> dict[str, tuple[Milestone, ...]]:
    """Return what learners have reached; who has reached nothing is absent."""
    return {
        learner: milestones(own.values(), course)
        for learner, own in progress_of_all(connection, learners).items()
    }


def write_spans(
    connection: Connection,
    new: Mapping[str, Sequence[Span]],
    old: Mapping[str, Sequence[Kept]],
    *,
    today: date,
    origin: int | None,
) -> None:
    """Make the stays of each learner in `new` what it says; what differs is retracted, never overwritten."""
    gone: list[dict[str, object]] = []
    fresh: list[tuple[object, ...]] = []
    for learner, spans in new.items():
        kept = old.get(learner, ())
        gone += [{"which": one.id, "day": today, "by": origin} for one in kept if one.span not in spans]
        stands = {one.span for one in kept}
        fresh += [
            (learner, *span.place, span.start, span.end, today, origin)
            for span in spans
            if not stands or span not in stands
        ]
    if gone:
        connection.execute(_RETRACT, gone)
    fill(connection, placement, _STAY, fresh)


def write_changes(
    connection: Connection, changes: Counter[Key], *, recorded: date, kept: bool = False
) -> None:
    """Add changes of the figures, known from `recorded` on."""
    rows = [(*key, recorded, number, kept) for key, number in changes.items() if number]
    fill(connection, completion_change, _CHANGE, rows)


def turn(
    connection: Connection,
    turned: Mapping[str, Sequence[Span]],
    stays: Mapping[str, Sequence[Kept]],
    course: Course,
    *,
    today: date,
    origin: int | None,
) -> None:
    """Write other stays of people, and what that changes in the figures of every day."""
    lock(connection, turned)
    reached = milestones_of(connection, turned, course)
    lives = (
        (
            Life(spans_of(stays.get(learner, ())), reached.get(learner, ())),
            Life(tuple(spans), reached.get(learner, ())),
        )
        for learner, spans in turned.items()
    )
    write_changes(connection, summed(changes(*both) for both in lives), recorded=today)
    write_spans(connection, turned, stays, today=today, origin=origin)


def summed(every: Iterable[Counter[Key]]) -> Counter[Key]:
    """Return changes of many lives as one."""
    total: Counter[Key] = Counter()
    for one in every:
        total.update(one)
    return total
