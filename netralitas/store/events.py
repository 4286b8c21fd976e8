"""Events in: stamped, numbered, chained and projected, a whole batch in one transaction.

    Stamp ─► lock the learners ─► what stands ─► each in order: known? moved? ─► Event + Progress ─► commit

Events of many kernels wait together and share a transaction, because a transaction costs one flush
to disk. What cannot be stored is answered alone; the rest of its batch commits.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, literal_column, select
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from netralitas.course import Course
from netralitas.model import canonical
from netralitas.record import GENESIS, Event, Given, Progress, apply, led_to, link, sealed
from netralitas.tally import Key, Life, changes, day_of, milestones

from .base import Base
from .bulk import among, elements, fill
from .lives import lock, progress_of_all, stays_of, summed, write_changes
from .progress import EVENT, EVENTS_ON, RECORD, progress_row, to_event
from .tables import account, draft, event, progress, typed, upsert

_ENDS_DRAFT = frozenset({"opened", "answered", "chose", "rated", "wrote"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a kernel gave, and whom the site knows it to be from."""

    learner: str
    session_ref: str
    given: Given


@dataclass(frozen=True, slots=True)
class Moved:
    """Not stored: the attempt stands elsewhere by now, at `current_seq` (0: it does not exist)."""

    current_seq: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """Not stored and never will be: no such learner, or a result that is no JSON. `reason` is for the log."""

    reason: str


Outcome = Event | Moved | Unfit


@dataclass(slots=True)
class _Desk:
    """Where one learner stands while a batch goes through; `counts`: it changes a completion figure."""

    seq: int = 0
    chain: str = GENESIS
    known: dict[str, Event] = field(default_factory=dict)
    stands: dict[tuple[str, int], int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    has_drafts: bool = False
    read: Callable[[], Mapping[str, Progress]] = dict
    counts: bool = False

    def completed(self) -> dict[str, str]:
        """Return the rule version of every module completed so far; asked of the database only here."""
        return {
            slug: found.rule_version
            for slug, found in {**self.read(), **self.progress}.items()
            if found.rule_version is not None
        }


_cells = elements("sent").c.value
_sent = select(
    *(_cells[place].as_string().label(name) for place, name in enumerate(("who", "id", "root"))),
    _cells[3].as_integer().label("attempt"),
).subquery("sent")
_own = event.c.learner == _sent.c.who
_here = and_(event.c.root == _sent.c.root, event.c.attempt == _sent.c.attempt)
_newest = select(event.c.chain).where(_own).order_by(event.c.seq.desc()).limit(literal_column("1"))
# Each column is a step in an index, however long the record and whatever PostgreSQL believes of it: joins of
# these tables, planned while they were small, would read them whole.
_FOUND = {
    "known": select(account.c.learner).where(account.c.learner == _sent.c.who),
    "last_seq": select(func.max(event.c.seq)).where(_own),
    "last_chain": _newest,
    "drafted": select(func.min(draft.c.root)).where(draft.c.learner == _sent.c.who),
    "stands": select(func.max(event.c.seq)).where(_own, _here, event.c.verb != "refused"),
    "stored": select(event.c.seq).where(_own, event.c.id == _sent.c.id),
}
_STANDS = select(_sent, *(asked.scalar_subquery().label(name) for name, asked in _FOUND.items()))
# Of those who open an attempt.
_OPENED = (
    select(
        event.c.learner,
        event.c.root,
        event.c.attempt,
        func.max(event.c.seq),
        func.max(event.c.seq).filter(event.c.verb == "opened"),
    )
    .where(
        among(event.c.learner, "learners"),
        among(event.c.root, "roots"),
        event.c.verb != "refused",
    )
    .group_by(event.c.learner, event.c.root, event.c.attempt)
)
# Mostly nobody: who sends again has not heard that it was stored.
_STORED = (
    select(*EVENT)
    .select_from(RECORD)
    .where(event.c.learner == bindparam("who"), event.c.seq == bindparam("which"))
)
_COLUMNS = tuple(event.c.keys())
_TYPED = tuple(typed.c.keys())
_END_DRAFT = delete(draft).where(draft.c.learner == bindparam("who"), draft.c.root == bindparam("which"))


class Events(Base):
    """The one way an event enters the store."""

    def append(self, batch: Sequence[Stamp], course: Course) -> list[Outcome]:
        """Commit a batch and return what became of each item, in the order given.

        An id the learner has already sent gives the stored event, unchanged. Database failures (disk
        full, no connection) are raised and nothing of the batch is stored.
        """
        try:
            return self._append(batch, course)
        except (StatementError, OverflowError) as error:
            if not _blames_data(error):
                raise
            if len(batch) == 1:
                return [Unfit(type(error).__name__)]
        # One item the database refuses must not cost the others theirs.
        return [outcome for stamp in batch for outcome in self.append([stamp], course)]

    def amend(
        self,
        learner: str,
        root: str,
        decide: Callable[[list[Event]], Sequence[Given]],
        course: Course,
        *,
        session: str,
    ) -> list[Event]:
        """Append what `decide` makes of a learner's events on a root object, and return it.

        One transaction in which nobody else adds to the learner's record. Raises ValueError, and then
        nothing is stored, where an event does not fit.
        """
        with self.writing() as connection:
            lock(connection, [learner])
            stood = connection.execute(EVENTS_ON, {"learner": learner, "roots": [root]})
            batch = [Stamp(learner, session, given) for given in decide([*map(to_event, stood)])]
            outcomes = self._take(connection, batch, course) if batch else []
            events = [one for one in outcomes if isinstance(one, Event)]
            if len(events) < len(outcomes):
                raise ValueError(outcomes)
        return events

    def _append(self, batch: Sequence[Stamp], course: Course) -> list[Outcome]:
        with self.writing() as connection:
            return self._take(connection, batch, course)

    def _take(self, connection: Connection, batch: Sequence[Stamp], course: Course) -> list[Outcome]:
        desks = _read_desks(connection, batch, course)
        site = self.site_id(connection)
        now = self.clock()
        new: list[Event] = []
        touched: dict[tuple[str, str], Progress] = {}
        outcomes: list[Outcome] = []
        for stamp in batch:
            desk = desks.get(stamp.learner)
            outcome = _settle(desk, stamp, course, site=site, now=now) if desk else Unfit("unknown learner")
            if desk and isinstance(outcome, Event) and outcome.id not in desk.known:
                outcome = _project(desk, outcome, course, touched)
                if isinstance(outcome, Event):
                    new.append(outcome)
            outcomes.append(outcome)
        counting = _counted(connection, desks, course)
        _write(connection, desks, new, touched)
        write_changes(connection, counting, recorded=day_of(now))
        return outcomes


def _blames_data(error: Exception) -> bool:
    # StatementError is also the parent of "cannot connect"; OverflowError is SQLite's for a huge number.
    return isinstance(error, DataError | IntegrityError | OverflowError) or type(error) is StatementError


def _settle(desk: _Desk, stamp: Stamp, course: Course, *, site: str, now: datetime) -> Outcome:
    """Return the stored event, the new one, or why there is none."""
    given = stamp.given
    if given.id in desk.known:
        return desk.known[given.id]
    root = given.root
    if given.verb != "refused":
        attempt = given.attempt
        if given.verb == "opened" and attempt != desk.opened.get(root, 0) + 1:
            return Moved(desk.stands.get((root, desk.opened.get(root, 0)), 0))
        current = desk.stands.get((root, attempt), 0)
        if given.after != current:
            return Moved(current)
    try:
        return _stamped(desk, stamp, course, site=site, now=now)
    except (ValueError, RecursionError) as error:
        return Unfit(type(error).__name__)


def _stamped(desk: _Desk, stamp: Stamp, course: Course, *, site: str, now: datetime) -> Event:
    """Return the event as it will be read back, chained to the learner's last. Raises ValueError."""
    # What an event led to is said here, never by who sends it.
    given = stamp.given
    told = {key: value for key, value in given.result.items() if key != "completed"}
    # What was typed leaves the chain here, before anything is hashed.
    result, text = sealed(given.verb, told, secrets.token_hex(16))
    body = {name: getattr(given, name) for name in Given.model_fields} | {
        # Through JSON once, so that what is hashed is what a database gives back; no number it does not have.
        "result": json.loads(canonical(result)),
        "typed": text,
        "given_at": _in_utc(given.given_at),
        "learner": stamp.learner,
        "session": stamp.session_ref,
        "site": site,
        "seq": desk.seq + 1,
        "received_at": now,
        "chain": "",
    }
    unchained = Event.model_validate(body)
    led = led_to(desk.progress.get(_module(unchained, course)), unchained, course, desk.completed)
    if led:
        unchained = unchained.model_copy(update={"result": unchained.result | led})
    return unchained.model_copy(update={"chain": link(desk.chain, unchained.model_dump(mode="json"))})


def _in_utc(moment: datetime | None) -> datetime | None:
    """Return the browser's time in UTC, or None where it is none: it never decides, so it never refuses."""
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def _project(
    desk: _Desk, new: Event, course: Course, touched: dict[tuple[str, str], Progress]
) -> Event | Unfit:
    """Count a new event at its learner's desk."""
    module = _module(new, course)
    before = desk.progress.get(module)
    try:
        after = apply(before, new, course)
    except (TypeError, ValueError) as error:
        return Unfit(type(error).__name__)
    if after is not None:
        desk.progress[module] = touched[new.learner, module] = after
        reached = (before.started_at, before.reached) if before else (None, ())
        desk.counts = desk.counts or reached != (after.started_at, after.reached)
    desk.seq, desk.chain = new.seq, new.chain
    desk.known[new.id] = new
    if new.verb != "refused":
        desk.stands[new.root, new.attempt] = new.seq
    if new.verb == "opened":
        desk.opened[new.root] = new.attempt
    return new


def _module(one: Given, course: Course) -> str:
    try:
        return course.module_of(one.root).slug
    except KeyError:
        return ""


def _counted(connection: Connection, desks: Mapping[str, _Desk], course: Course) -> Counter[Key]:
    """Return what a batch changes in the completion figures; its progress is not written yet."""
    learners = [learner for learner, desk in desks.items() if desk.counts]
    if not learners:
        return Counter()
    stays, before = stays_of(connection, learners), progress_of_all(connection, learners)
    every = []
    for learner in learners:
        stood = before.get(learner, {})
        spans = tuple(kept.span for kept in stays.get(learner, ()))
        both = (stood, stood | desks[learner].progress)
        every.append(changes(*(Life(spans, milestones(one.values(), course)) for one in both)))
    return summed(every)


def _progress_of(connection: Connection, learner: str) -> dict[str, Progress]:
    return progress_of_all(connection, [learner]).get(learner, {})


def _read_desks(connection: Connection, batch: Sequence[Stamp], course: Course) -> dict[str, _Desk]:
    """Lock the batch's learners and read where they stand; an unknown learner has no desk."""
    learners = sorted({stamp.learner for stamp in batch})
    # What stands is read after it: PostgreSQL shows a query what was committed before the query began.
    lock(connection, learners)
    sent = [(stamp.learner, one.id, one.root, one.attempt) for stamp in batch for one in [stamp.given]]
    desks: dict[str, _Desk] = {}
    for row in connection.execute(_STANDS, {"sent": json.dumps(sent)}).all():
        if row.known is None:
            continue
        desk = desks.get(row.who)
        if desk is None:
            desk = desks[row.who] = _Desk(
                seq=row.last_seq or 0, chain=row.last_chain or GENESIS, has_drafts=row.drafted is not None
            )
            desk.read = partial(_progress_of, connection, row.who)
        if row.stands is not None:
            desk.stands[row.root, row.attempt] = row.stands
        if row.stored is not None:
            stored = connection.execute(_STORED, {"who": row.who, "which": row.stored}).one()
            desk.known[row.id] = to_event(stored)
    modules = {_module(stamp.given, course) for stamp in batch}
    for learner, touched in progress_of_all(connection, learners, modules).items():
        desks[learner].progress = touched
    _read_opened(connection, desks, [stamp for stamp in batch if stamp.given.verb == "opened"])
    return desks


def _read_opened(connection: Connection, desks: dict[str, _Desk], opening: Sequence[Stamp]) -> None:
    if not opening:
        return
    wanted = {
        "learners": {stamp.learner for stamp in opening},
        "roots": {stamp.given.root for stamp in opening},
    }
    for learner, root, attempt, seq, opened in connection.execute(_OPENED, wanted).all():
        desk = desks[learner]
        desk.stands[root, attempt] = seq
        if opened is not None:
            desk.opened[root] = max(attempt, desk.opened.get(root, 0))


def _row(one: Event) -> list[Any]:
    values = vars(one) | {"root": one.root, "result": json.dumps(one.result)}
    return [values[name] for name in _COLUMNS]


def _write(
    connection: Connection,
    desks: Mapping[str, _Desk],
    new: list[Event],
    touched: dict[tuple[str, str], Progress],
) -> None:
    fill(connection, event, _COLUMNS, [_row(one) for one in new])
    texts = [(one.learner, one.seq, one.typed.salt, one.typed.text) for one in new if one.typed]
    fill(connection, typed, _TYPED, texts)
    upsert(connection, progress, [progress_row(who, found) for (who, _module), found in touched.items()])
    over = {
        # A written case has a draft of its own.
        (one.learner, one.object if one.verb == "wrote" else one.root)
        for one in new
        if one.verb in _ENDS_DRAFT and desks[one.learner].has_drafts
    }
    if over:
        connection.execute(_END_DRAFT, [{"who": who, "which": root} for who, root in over])
