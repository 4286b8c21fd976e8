"""From the record to a table: whose finished attempts count, and what was answered in them.

    events ──finished──► Sitting, Sitting, … ──chosen──► one or all of a learner ──answers──► DataFrame

Pure. Scores are those of the record, each bound to the revision of the item it was given for or regraded by.
Learners are told apart here and left behind: the table knows attempts by number only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

import pandas as pd

from netralitas.record import Event
from netralitas.tally import day_of

Which = Literal["first", "best", "last", "all"]
WHICH: tuple[Which, ...] = get_args(Which)

COLUMNS = ("attempt", "item", "revision", "score", "answer", "certainty")
"""`attempt` a running number, `item` the id, `revision` 16 hex digits, `score` 0–1, `answer` as recorded or
None for a blank and for what has been emptied, `certainty` yakin, ragu, menebak or None."""


class Answered(NamedTuple):
    """One item as it was answered in the end; wrong tries before it are part of its score."""

    item: str
    revision: str
    score: float
    answer: Any
    certainty: str | None


class Sitting(NamedTuple):
    """A finished attempt. `blank` are items left without an answer when the time was over.

    `revision` is the quiz's when the attempt was opened, `ended` when it got its first mark.
    """

    number: int
    mark: int
    revision: str
    answered: tuple[Answered, ...]
    blank: tuple[str, ...]
    ended: datetime


def finished(events: Sequence[Event]) -> list[Sitting]:
    """Return the finished attempts of one learner's events on one quiz, oldest first.

    Finished is an attempt whose record holds a mark. An item the quiz lost while it ran is no blank.
    """
    found: dict[int, list[Event]] = {}
    for event in events:
        if event.verb == "opened":
            found[event.attempt] = [event]
        elif event.verb in {"answered", "submitted", "regraded"} and event.attempt in found:
            found[event.attempt].append(event)
    read = (_sitting(number, found[number]) for number in sorted(found))
    return [sitting for sitting in read if sitting is not None]


def finished_by(events: Sequence[Event], as_of: date, known_on: date | None = None) -> list[Sitting]:
    """Return the attempts of `finished` that were over by the end of a day, as known at the end of another.

    What was graded anew after `as_of` counts where it was known; None: as known on the day itself.
    """
    known = known_on or as_of
    last = min(as_of, known)
    told = [one for one in events if day_of(one.received_at) <= (known if one.verb == "regraded" else last)]
    return [one for one in finished(told) if day_of(one.ended) <= as_of]


def chosen(sittings: Sequence[Sitting], which: Which) -> list[Sitting]:
    """Return the attempts of one learner that count: first, best (of equals the earliest), last or all."""
    if which == "all" or not sittings:
        return [*sittings]
    if which == "best":
        return [max(sittings, key=lambda sitting: (sitting.mark, -sitting.number))]
    return [sittings[0 if which == "first" else -1]]


def answers(sittings: Iterable[Sitting]) -> pd.DataFrame:
    """Return one row for each item of each attempt, with the columns of COLUMNS.

    A blank scores 0, as in the Moodle report; its revision is the one others answered who opened the same
    quiz. Where nobody did, the item is left out of that attempt.
    """
    every = list(sittings)
    seen = _revisions(every)
    rows: list[tuple[Any, ...]] = []
    for attempt, sitting in enumerate(every):
        rows += [(attempt, *one) for one in sitting.answered]
        rows += [
            (attempt, name, seen[sitting.revision, name], 0.0, None, None)
            for name in sitting.blank
            if (sitting.revision, name) in seen
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sitting(number: int, events: Sequence[Event]) -> Sitting | None:
    opened, *rest = events
    marked = [event for event in rest if "mark" in event.result]
    if not marked:
        return None
    given = {
        one.item: one
        for one in (_answered(event) for event in rest if event.verb == "answered")
        if one is not None and one.item in opened.result["form"]
    }
    for event in rest:
        anew = event.result["items"] if event.verb == "regraded" else {}
        given |= {name: given[name]._replace(**anew[name]) for name in anew if name in given}
    handed_in = any(event.verb == "submitted" for event in rest)
    blank = tuple(name for name in opened.result["form"] if name not in given) if handed_in else ()
    return Sitting(
        number=number,
        mark=int(marked[-1].result["mark"]),
        revision=opened.revision,
        answered=tuple(given.values()),
        blank=blank,
        ended=marked[0].received_at,
    )


def _answered(event: Event) -> Answered | None:
    if event.result.get("again"):
        return None  # a wrong try with further ones left
    return Answered(
        item=event.object.rsplit("/", 1)[-1],
        revision=event.revision,
        score=float(event.result["score"]),
        answer=event.said,
        certainty=event.result.get("certainty"),
    )


def _revisions(sittings: Iterable[Sitting]) -> Mapping[tuple[str, str], str]:
    # Sorted, so that the order of learners never decides where a quiz changed under a running attempt.
    pairs = {((one.revision, given.item), given.revision) for one in sittings for given in one.answered}
    return dict(sorted(pairs))
