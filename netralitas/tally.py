"""What completion figures are made of: who stood where, what they reached, and the changes that follow.

Pure. A *life* is what the store knows of one person: spans in the roster and milestones in the course. Its
*contributions* say on which day which count goes up or down; what an event or an import changes is the
difference of the contributions before and after it. So the changes of a life always add up to its
contributions, whatever came first, and figures can be made anew from the record to the same digits.

    Life ──contributions──►  {Key(day, unit, class, jenis, module, state, rule): ±n}
    before, after ──changes──►  rows of the store ──summed up to a day──►  counts
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeVar

from .course import Course
from .i18n import ZONES
from .record import Progress

T = TypeVar("T")
State = Literal["people", "started", "completed"]
"""What is counted: everybody on the roster, who has begun, who has completed (a module, or the course)."""

COURSE = ""
"""Stands for the whole course in place of a module."""


class Place(NamedTuple):
    """Where somebody stands in the roster; `jabatan` is the roster's own word and is never counted by."""

    unit: int
    jabatan: str
    post_class: str
    jenis: str


class Span(NamedTuple):
    """A stay at a place: `start` is its first day, `end` the first day no longer (None: still there)."""

    place: Place
    start: date
    end: date | None = None


class Milestone(NamedTuple):
    """What was reached on a day: `rule` is the version of the completion rule, empty for a start."""

    day: date
    module: str
    state: State
    rule: str = ""


class Life(NamedTuple):
    """One person: disjoint spans by day, and milestones. A later rule's completion replaces an earlier's."""

    spans: tuple[Span, ...] = ()
    milestones: tuple[Milestone, ...] = ()


class Stay(NamedTuple):
    """A span and the days between which it was held for true; `retracted` is None while it still is."""

    span: Span
    recorded: date
    retracted: date | None = None


class Key(NamedTuple):
    """Which count changes on which day."""

    day: date
    unit: int
    post_class: str
    jenis: str
    module: str
    state: State
    rule: str


class Kind(NamedTuple):
    """A count by one leaf unit and one set of attributes: a `Key` without its day."""

    unit: int
    post_class: str
    jenis: str
    module: str
    state: State
    rule: str


def contributions(life: Life) -> Counter[Key]:
    """Return what a life adds to each count on each day; zeros are left out."""
    found: Counter[Key] = Counter()
    for state in (_always(), *_stands(life.milestones)):
        for span in life.spans:
            start = max(span.start, state.start)
            end = min((day for day in (span.end, state.end) if day is not None), default=None)
            if end is not None and end <= start:
                continue
            found[_key(start, span.place, state.mark)] += 1
            if end is not None:
                found[_key(end, span.place, state.mark)] -= 1
    return _nonzero(found)


def changes(before: Life, after: Life) -> Counter[Key]:
    """Return what becomes of the counts when a life is known to be another; nothing where nothing differs."""
    found = contributions(after)
    found.subtract(contributions(before))
    return _nonzero(found)


def history(stays: Iterable[Stay], milestones: Iterable[Milestone]) -> Counter[tuple[date, Key]]:
    """Return every change of one person with the day it became known, from what is known of when it was.

    A milestone is known on its own day. This is what events and imports have written one by one.
    """
    stays, milestones = tuple(stays), tuple(milestones)
    days = {stay.recorded for stay in stays} | {one.day for one in milestones}
    days |= {stay.retracted for stay in stays if stay.retracted is not None}
    found: Counter[tuple[date, Key]] = Counter()
    before = Life()
    for known in sorted(days):
        after = Life(
            tuple(
                stay.span
                for stay in stays
                if stay.recorded <= known and (stay.retracted is None or stay.retracted > known)
            ),
            tuple(one for one in milestones if one.day <= known),
        )
        for key, number in changes(before, after).items():
            found[known, key] += number
        before = after
    return found


def day_of(when: datetime) -> date:
    """Return the day an instant belongs to in every figure: that of Jakarta, for the whole country."""
    return when.astimezone(ZONES["WIB"]).date()


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_end(day: date) -> bool:
    """Say whether a day is the last of its month."""
    return day == end_of_month(day)


def last_month_end(today: date) -> date:
    """Return the last day of the month before."""
    return today.replace(day=1) - timedelta(days=1)


def milestones(progress: Iterable[Progress], course: Course) -> tuple[Milestone, ...]:
    """Return what a learner's progress in the modules makes of them, the course itself included."""
    rows = tuple(progress)
    found: list[Milestone] = []
    starts = [row.started_at for row in rows if row.started_at is not None]
    if starts:
        found.append(Milestone(day_of(min(starts)), COURSE, "started"))
    for row in rows:
        if row.started_at is not None:
            found.append(Milestone(day_of(row.started_at), row.module, "started"))
        for one in row.reached:
            found.append(Milestone(day_of(one.at), row.module, "completed", one.rule))
            if one.course:
                found.append(Milestone(day_of(one.at), COURSE, "completed", one.rule))
    return tuple(found) + _before_flags(rows, course)


def _before_flags(rows: tuple[Progress, ...], course: Course) -> tuple[Milestone, ...]:
    """Return the completion of the course where events did not say yet that they led to it."""
    done = {row.module: row.reached[0] for row in rows if row.reached}
    required = {module.slug for module in course.modules if module.required}
    if any(one.course is not None for one in done.values()) or not required <= done.keys():
        return ()
    last = max((done[slug] for slug in required), key=lambda one: one.at)
    return (Milestone(day_of(last.at), COURSE, "completed", last.rule),)


def counts(keys: Mapping[Key, int], day: date) -> Counter[Kind]:
    """Return the counts on a day: every change up to it, summed."""
    found: Counter[Kind] = Counter()
    for key, number in keys.items():
        if key.day <= day:
            found[Kind(*key[1:])] += number
    return _nonzero(found)


def moved(spans: Iterable[Span], place: Place, since: date) -> tuple[Span, ...]:
    """Return the spans of who stands at `place` from `since` on, whatever was known of later days."""
    before = left(spans, since)
    if before and before[-1].place == place and before[-1].end == since:
        return (*before[:-1], Span(place, before[-1].start))
    return (*before, Span(place, since))


def left(spans: Iterable[Span], since: date) -> tuple[Span, ...]:
    """Return the spans of who is nowhere from `since` on."""
    kept = (
        span if span.end is not None and span.end <= since else Span(span.place, span.start, since)
        for span in spans
        if span.start < since
    )
    return tuple(sorted(kept, key=lambda span: span.start))


def corrected(spans: Iterable[Span], place: Place) -> tuple[Span, ...]:
    """Return the spans with the open one at `place` from its start on: what stood there was wrong."""
    return tuple(Span(place, span.start) if span.end is None else span for span in spans)


class _Mark(NamedTuple):
    module: str
    state: State
    rule: str


class _Stand(NamedTuple):
    """A mark that holds from a day to a day."""

    mark: _Mark
    start: date
    end: date | None


def _always() -> _Stand:
    return _Stand(_Mark(COURSE, "people", ""), date.min, None)


def _stands(milestones: Iterable[Milestone]) -> list[_Stand]:
    """Return how long each milestone holds: a completion until the same is completed by another rule."""
    found: dict[tuple[str, State], list[Milestone]] = {}
    for one in sorted(set(milestones)):
        found.setdefault((one.module, one.state), []).append(one)
    stands = []
    for (module, state), own in found.items():
        ends = [later.day for later in own[1:]] + [None]
        stands += [
            _Stand(_Mark(module, state, one.rule), one.day, end) for one, end in zip(own, ends, strict=True)
        ]
    return stands


def _key(day: date, place: Place, mark: _Mark) -> Key:
    return Key(day, place.unit, place.post_class, place.jenis, mark.module, mark.state, mark.rule)


def _nonzero(found: Counter[T]) -> Counter[T]:
    return Counter({key: number for key, number in found.items() if number})
