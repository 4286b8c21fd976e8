"""Events out, and what follows from them: progress, its rebuilding, the chain's check, drafts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, func, or_, select

from netralitas.course import Course
from netralitas.model import canonical
from netralitas.record import Event, Progress, apply, broken_links

from .base import Base
from .tables import account, draft, event, progress, upsert

_FIELDS = tuple(Event.model_fields)
_COLUMNS = ("status", "started_at", "completed_at", "rule_version", "mark")
_STATE = ("ended", "answered", "seq")
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many learners were replayed, and how many rows of progress differed from the replay."""

    learners: int
    rows_changed: int


class Records(Base):
    """Reading and replaying the record."""

    def events_of(self, learner: str, roots: Collection[str] | None = None) -> list[Event]:
        """Return a learner's events in order, those of `roots` (`quiz/<slug>`, …) when given."""
        query = select(event).where(event.c.learner == learner).order_by(event.c.seq)
        if roots is not None:
            query = query.where(event.c.root.in_(roots))
        with self.reading() as connection:
            return [to_event(row) for row in connection.execute(query).mappings()]

    def last_seq(self, learner: str) -> int:
        """Return the number of the learner's last event, 0 before the first."""
        query = select(func.max(event.c.seq)).where(event.c.learner == learner)
        with self.reading() as connection:
            return int(connection.scalar(query) or 0)

    def progress_of(self, learner: str) -> dict[str, Progress]:
        """Return a learner's progress by module; modules without any are absent."""
        with self.reading() as connection:
            return read_progress(connection, progress.c.learner == learner).get(learner, {})

    def verify_chains(self) -> list[tuple[str, int]]:
        """Return (learner, seq) of every event that does not follow the one before it."""
        query = select(event).order_by(event.c.learner, event.c.seq)
        broken: list[tuple[str, int]] = []
        with self.reading() as connection:
            rows = connection.execution_options(yield_per=1000).execute(query).mappings()
            for learner, own in groupby(rows, key=itemgetter("learner")):
                broken += [(learner, seq) for seq in broken_links(map(to_event, own))]
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
        query = select(draft.c.root, draft.c.value).where(draft.c.learner == learner)
        with self.reading() as connection:
            return {row.root: row.value for row in connection.execute(query)}


def to_event(row: RowMapping) -> Event:
    """Return the event a row of the table `event` holds."""
    return Event.model_validate({name: row[name] for name in _FIELDS})


def to_progress(row: RowMapping) -> Progress:
    """Return the progress a row of the table `progress` holds."""
    return Progress(module=row["module"], **{name: row[name] for name in _COLUMNS}, **row["state"])


def progress_row(learner: str, found: Progress) -> dict[str, Any]:
    """Return the row of the table `progress` for a learner's progress."""
    state = found.model_dump(include=set(_STATE), mode="json")
    columns = {name: getattr(found, name) for name in _COLUMNS}
    return {"learner": learner, "module": found.module, **columns, "state": state}


def read_progress(connection: Connection, where: ColumnElement[bool]) -> dict[str, dict[str, Progress]]:
    """Return progress by learner and module."""
    found: dict[str, dict[str, Progress]] = defaultdict(dict)
    for row in connection.execute(select(progress).where(where)).mappings():
        found[row["learner"]][row["module"]] = to_progress(row)
    return found


def _next_learners(connection: Connection, last: str) -> Sequence[str]:
    query = select(account.c.learner).where(account.c.learner > last).order_by(account.c.learner)
    return connection.scalars(query.limit(_CHUNK).with_for_update(key_share=True)).all()


def _replay(connection: Connection, learners: Sequence[str], course: Course) -> int:
    """Make the stored progress what the events say; return the number of rows that differed."""
    right: dict[tuple[str, str], Progress] = {}
    query = select(event).where(event.c.learner.in_(learners)).order_by(event.c.learner, event.c.seq)
    for row in connection.execute(query).mappings():
        one = to_event(row)
        try:
            module = course.module_of(one.root).slug
        except KeyError:
            continue
        after = apply(right.get((one.learner, module)), one, course)
        if after is not None:
            right[one.learner, module] = after
    stored = {
        (learner, module): found
        for learner, own in read_progress(connection, progress.c.learner.in_(learners)).items()
        for module, found in own.items()
    }
    wrong = [key for key in right if stored.get(key) != right[key]]
    gone = [key for key in stored if key not in right]
    upsert(connection, progress, [progress_row(learner, right[learner, module]) for learner, module in wrong])
    if gone:
        these = [and_(progress.c.learner == learner, progress.c.module == module) for learner, module in gone]
        connection.execute(delete(progress).where(or_(*these)))
    return len(wrong) + len(gone)
