"""Events out, and what follows from them: progress, its rebuilding, the chain's check, drafts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    true,
)

from netralitas.course import Course
from netralitas.model import canonical
from netralitas.record import Event, Progress, apply, broken_links

from . import audit
from .base import Base
from .tables import OPENED, account, draft, event, progress, typed, upsert
from .units import standing_in

_FIELDS = tuple(name for name in Event.model_fields if name != "typed")
_COLUMNS = ("status", "started_at", "completed_at", "rule_version", "mark")
_STATE = ("ended", "answered", "reached", "seq")
_CHUNK = 200

EVENT = (*(event.c[name] for name in _FIELDS), typed.c.salt, typed.c.text)
"""What `to_event` reads, in this order, from a query over `RECORD` or `IS_TYPED`."""
IS_TYPED = and_(typed.c.learner == event.c.learner, typed.c.seq == event.c.seq)
RECORD = event.outerjoin(typed, IS_TYPED)
"""Events beside what was typed in them."""
# The number of an account's last event as a column, null before the first.
_LAST_SEQ = (
    select(func.max(event.c.seq))
    .where(event.c.learner == account.c.learner)
    .correlate(account)
    .scalar_subquery()
)

_learner: BindParameter[str] = bindparam("learner")
_RECORD = select(*EVENT).select_from(RECORD)
_EVENTS = _RECORD.where(event.c.learner == _learner).order_by(event.c.seq)
_EVENTS_OF_ALL = _RECORD.where(event.c.root == bindparam("root")).order_by(event.c.learner, event.c.seq)
EVENTS_ON = _EVENTS.where(event.c.root.in_(bindparam("roots", expanding=True)))
"""A learner's events on some root objects, in order; takes `learner` and `roots`."""
_REGRADES = _EVENTS.where(event.c.verb == "regraded")
_marked = event.alias("marked")
# An attempt is over when one of its events brought a mark.
_is_over = exists().where(
    _marked.c.learner == event.c.learner,
    _marked.c.root == event.c.root,
    _marked.c.attempt == event.c.attempt,
    _marked.c.seq > event.c.seq,
    _marked.c.result["mark"].as_string().is_not(None),
)
_UNMARKED = (
    select(event.c.learner)
    .distinct()
    .where(
        OPENED,
        event.c.root == bindparam("root"),
        event.c.received_at >= bindparam("after", type_=event.c.received_at.type),
        event.c.received_at < bindparam("until", type_=event.c.received_at.type),
        ~_is_over,
    )
)
_DECIDED = event.c.verb.in_(("answered", "chose", "rated"))
_SEQ = select(func.max(event.c.seq)).where(event.c.learner == _learner)
_PROGRESS = select(progress).where(progress.c.learner == _learner)
_COMPLETED = select(func.count(progress.c.learner.distinct())).where(
    progress.c.status == "completed", progress.c.module.in_(bindparam("modules", expanding=True))
)
_DRAFTS = select(draft.c.root, draft.c.value).where(draft.c.learner == _learner)
# A row for each draft, one without any where there is none.
_STANDING = (
    select(_LAST_SEQ.label("seq"), draft.c.root, draft.c.value)
    .select_from(account.outerjoin(draft))
    .where(account.c.learner == _learner)
)


class Certainty(NamedTuple):
    """How often an item or scene was decided so surely (yakin, ragu, menebak), rightly or not."""

    object: str
    certainty: str
    right: bool
    times: int


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many learners were replayed, how many rows of progress differed, and how many figures."""

    learners: int
    rows_changed: int
    figures_changed: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands: their events on some root objects, their drafts by root, and their last event.

    `seq` counts all events, whatever their root; 0 before the first.
    """

    events: list[Event]
    drafts: dict[str, dict[str, Any]]
    seq: int


class Records(Base):
    """Reading and replaying the record."""

    def events_of(self, learner: str, roots: Collection[str] | None = None) -> list[Event]:
        """Return a learner's events in order, those of `roots` (`quiz/<slug>`, …) when given."""
        if roots is None:
            return [to_event(row) for row in self.ask(_EVENTS, learner=learner)]
        return [to_event(row) for row in self.ask(EVENTS_ON, learner=learner, roots=list(roots))]

    def events_on(self, root: str, paths: Collection[str] | None = None) -> Iterator[list[Event]]:
        """Yield the events of each learner on one root object, in their order; learners come in no order.

        With `paths` only of who stands in these units or under them today.
        """
        query = (
            _EVENTS_OF_ALL if paths is None else _EVENTS_OF_ALL.where(event.c.learner.in_(standing_in(paths)))
        )
        with self.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(query, {"root": root})
            for _learner, own in groupby(map(to_event, rows), key=attrgetter("learner")):
                yield list(own)

    def last_steps(self, paths: Collection[str] | None = None) -> dict[str, Event]:
        """Return the last event, refusals aside, of each learner who stands in these units today."""
        newest = select(event.c.learner, func.max(event.c.seq).label("seq")).where(event.c.verb != "refused")
        if paths is not None:
            newest = newest.where(event.c.learner.in_(standing_in(paths)))
        last = newest.group_by(event.c.learner).subquery()
        here = and_(last.c.learner == event.c.learner, last.c.seq == event.c.seq)
        with self.reading() as connection:
            rows = connection.execute(select(*EVENT).select_from(RECORD.join(last, here)))
            return {row.learner: to_event(row) for row in rows}

    def certainties(self, paths: Collection[str] | None = None) -> list[Certainty]:
        """Return how often, how surely and whether rightly each item and scene was decided by people there.

        An answer is right as it was first scored, a choice where its tone is `tepat`; a wrong try with
        further ones left is none.
        """
        result = event.c.result
        said, tone = result["certainty"].as_string(), result["tone"].as_string()
        right = case((tone.is_not(None), tone == "tepat"), else_=result["score"].as_float() >= 1)
        keys = (event.c.object, said.label("certainty"), right.label("right"))
        final = result["again"].as_string().is_(None)
        query = select(*keys, func.count().label("times")).where(_DECIDED, said.is_not(None), final)
        if paths is not None:
            query = query.where(event.c.learner.in_(standing_in(paths)))
        with self.reading() as connection:
            rows = connection.execute(query.group_by(*keys).order_by(event.c.object))
            return [Certainty(row.object, row.certainty, bool(row.right), row.times) for row in rows]

    def regrades_of(self, learner: str) -> list[Event]:
        """Return the events by which marks of a learner were computed anew, in order."""
        return [to_event(row) for row in self.ask(_REGRADES, learner=learner)]

    def unmarked(self, root: str, *, after: datetime, until: datetime) -> list[str]:
        """Return who has an attempt at a quiz without a mark, opened from `after` on and before `until`."""
        return [row.learner for row in self.ask(_UNMARKED, root=root, after=after, until=until)]

    def empty_typed(self, learner: str | None = None, *, by: str) -> int:
        """Remove what a learner (None: everybody) typed as answers, with its salt; return how many; audited.

        Events, scores and chains stay as they are. Why a mark was changed is no answer and stays.
        """
        answers = exists().where(IS_TYPED, event.c.verb.not_in(("regraded", "reopened")))
        mine = true() if learner is None else typed.c.learner == learner
        with self.writing() as connection:
            gone = connection.execute(delete(typed).where(answers, mine)).rowcount
            detail = {"answers": gone}
            audit.write(
                connection,
                self.clock(),
                who=by,
                act="typed.emptied",
                subject=learner or "semua",
                detail=detail,
            )
        return gone

    def last_seq(self, learner: str) -> int:
        """Return the number of the learner's last event, 0 before the first."""
        return int(self.ask(_SEQ, learner=learner)[0][0] or 0)

    def standing(self, learner: str, roots: Collection[str]) -> Standing:
        """Return where a learner stands on these root objects."""
        with self.reading() as connection:
            # The number first: on PostgreSQL the events may be newer than it, never older.
            rows = connection.execute(_STANDING, {"learner": learner}).all()
            events = connection.execute(EVENTS_ON, {"learner": learner, "roots": list(roots)}).all()
        return Standing(
            events=[to_event(row) for row in events],
            drafts={row.root: row.value for row in rows if row.root is not None},
            seq=rows[0].seq or 0 if rows else 0,
        )

    def progress_of(self, learner: str) -> dict[str, Progress]:
        """Return a learner's progress by module; modules without any are absent."""
        return {row.module: to_progress(row) for row in self.ask(_PROGRESS, learner=learner)}

    def completed(self, modules: Collection[str]) -> int:
        """Return how many learners have completed at least one of these modules."""
        return int(self.ask(_COMPLETED, modules=list(modules))[0][0])

    def verify_chains(self) -> list[tuple[str, int]]:
        """Return (learner, seq) of every event that does not follow the one before it."""
        query = _RECORD.order_by(event.c.learner, event.c.seq)
        broken: list[tuple[str, int]] = []
        with self.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(query)
            for learner, own in groupby(map(to_event, rows), key=attrgetter("learner")):
                broken += [(learner, seq) for seq in broken_links(own)]
        return broken

    def rebuild(self, course: Course, on_learner: Callable[[str], None] | None = None) -> RebuildReport:
        """Replay every event into progress, a few hundred learners to a transaction.

        Learners may go on working meanwhile. `on_learner` is called with each learner replayed.
        """
        last, learners, changed = "", 0, 0
        while True:
            with self.writing() as connection:
                chunk = _next_learners(connection, last)
                changed += _replay(connection, chunk, course)
            if not chunk:
                return RebuildReport(learners, changed)
            for learner in chunk:
                if on_learner is not None:
                    on_learner(learner)
            last, learners = chunk[-1], learners + len(chunk)

    def put_draft(self, learner: str, root: str, value: Mapping[str, Any]) -> None:
        """Keep what a learner has chosen and not sent; overwrites. Raises ValueError for what is no JSON."""
        row = {
            "learner": learner,
            "root": root,
            "value": json.loads(canonical(dict(value))),
            "at": self.clock(),
        }
        with self.writing() as connection:
            upsert(connection, draft, [row])

    def drafts_of(self, learner: str) -> dict[str, dict[str, Any]]:
        """Return a learner's drafts by root."""
        return {row.root: row.value for row in self.ask(_DRAFTS, learner=learner)}


def to_event(values: Iterable[Any]) -> Event:
    """Return the event the columns `EVENT` of a row hold."""
    *fields, salt, text = values
    told = dict(zip(_FIELDS, fields, strict=True))
    return Event.model_validate(told | {"typed": {"salt": salt, "text": text} if salt else None})


def to_progress(row: Row[Any]) -> Progress:
    """Return the progress a row with the columns of the table `progress` holds."""
    state = row.state
    if row.completed_at is not None and "reached" not in state:
        # Written before there was a list of completions.
        state = state | {"reached": [{"at": row.completed_at, "rule": row.rule_version}]}
    return Progress(module=row.module, **{name: getattr(row, name) for name in _COLUMNS}, **state)


def progress_row(learner: str, found: Progress) -> dict[str, Any]:
    """Return the row of the table `progress` for a learner's progress."""
    state = found.model_dump(include=set(_STATE), mode="json")
    columns = {name: getattr(found, name) for name in _COLUMNS}
    return {"learner": learner, "module": found.module, **columns, "state": state}


def _next_learners(connection: Connection, last: str) -> Sequence[str]:
    query = select(account.c.learner).where(account.c.learner > last).order_by(account.c.learner)
    return connection.scalars(query.limit(_CHUNK).with_for_update(key_share=True)).all()


def _replay(connection: Connection, learners: Sequence[str], course: Course) -> int:
    """Make the stored progress what the events say; return the number of rows that differed."""
    right: dict[tuple[str, str], Progress] = {}
    query = _RECORD.where(event.c.learner.in_(learners)).order_by(event.c.learner, event.c.seq)
    for one in map(to_event, connection.execute(query)):
        try:
            module = course.module_of(one.root).slug
        except KeyError:
            continue
        after = apply(right.get((one.learner, module)), one, course)
        if after is not None:
            right[one.learner, module] = after
    rows = connection.execute(select(progress).where(progress.c.learner.in_(learners)))
    stored = {(row.learner, row.module): to_progress(row) for row in rows}
    wrong = [key for key in right if stored.get(key) != right[key]]
    gone = [key for key in stored if key not in right]
    upsert(connection, progress, [progress_row(learner, right[learner, module]) for learner, module in wrong])
    if gone:
        these = [and_(progress.c.learner == learner, progress.c.module == module) for learner, module in gone]
        connection.execute(delete(progress).where(or_(*these)))
    return len(wrong) + len(gone)
