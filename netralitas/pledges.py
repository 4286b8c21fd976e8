"""The pledge: points said one after the other, each an event of its own.

    Pledge + events  ──said──►  what has been pledged, and when
                     ──view──►  what a learner sees: all points, the next one open

Pure. Nothing is scored; who stops goes on where they stopped, whenever they like. The event of the last point
carries the `ending` that completes it, as the last step of a story does. A renewal begins another round, the
next `attempt`; what was said in the rounds before stands in the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from .course import Renewal
from .model import Slug, Status, Text, Value
from .record import AnsweredError, Event, RefusedError
from .rules import Basis

ENDING = "lengkap"
"""The ending the last point leads to."""


class Point(Value):
    """One point: what is said, what that means on an ordinary day, and what it rests on."""

    id: Slug
    title: Text
    text: Text
    means: Text
    basis: tuple[Basis, ...] = Field(min_length=1)


class Pledge(Value):
    """A pledge: its points, framed by `intro` and `closing`; `origin` is the source they are taken from."""

    format_version: Literal[1]
    id: Slug
    status: Status = "terbit"
    title: Text
    intro: Text
    origin: Slug
    points: tuple[Point, ...] = Field(min_length=1, max_length=12)
    closing: Text

    @model_validator(mode="after")
    def _no_id_twice(self) -> Self:
        ids = [point.id for point in self.points]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"butir {name}: id dipakai dua kali. Beri tiap butir id sendiri.")
        return self

    @property
    def root(self) -> str:
        """The object id its events stand under."""
        return f"pledge/{self.id}"

    def point(self, name: str) -> Point:
        """Return the point of that id. Raises KeyError."""
        for point in self.points:
            if point.id == name:
                return point
        raise KeyError(name)


class Said(Value):
    """A point that was pledged: when it reached the server, and the revision of the point then."""

    point: str
    at: datetime
    revision: str
    seq: int


class Round(Value):
    """The round a learner stands in, and its events; `before` is when the round before it was over."""

    number: int
    events: tuple[Event, ...] = ()
    before: datetime | None = None


def last_round(pledge: Pledge, events: Sequence[Event], renewal: Renewal | None = None) -> Round:
    """Return the round a learner stands in; one that is over stands until a renewal asks for the next."""
    own = [event for event in events if event.root == pledge.root and event.verb == "pledged"]
    number = max((event.attempt for event in own), default=1)
    ended = {event.attempt: event for event in own if "ending" in event.result}
    if renewal and number in ended and not _said_under(ended[number], renewal):
        return Round(number=number + 1, before=ended[number].received_at)
    return Round(
        number=number,
        events=tuple(event for event in own if event.attempt == number),
        before=ended[number - 1].received_at if number - 1 in ended else None,
    )


def _said_under(ending: Event, renewal: Renewal) -> bool:
    # Where the completion it led to says so, it says it of all pledges of before there were renewals.
    led = ending.result.get("completed") or {}
    return renewal.version in {ending.result.get("rule"), led.get("rule")}


def said(pledge: Pledge, events: Sequence[Event]) -> tuple[Said, ...]:
    """Return what these events pledge, in their order; points the pledge no longer has are left out."""
    known = {point.id for point in pledge.points}
    return tuple(
        Said(point=name, at=event.received_at, revision=event.revision, seq=event.seq)
        for event in events
        if event.root == pledge.root
        and event.verb == "pledged"
        and (name := event.object.rsplit("/", 1)[-1]) in known
    )


class Step(Value):
    """What pledging a point makes: the event's result, its round, and the `seq` it follows there."""

    result: dict[str, Any]
    round: int
    after: int


def pledge_event(pledge: Pledge, events: Sequence[Event], point: str, renewal: Renewal | None = None) -> Step:
    """Return what pledging a point makes.

    Raises AnsweredError where it has been pledged in this round, RefusedError where another point comes first
    or there is no such point.
    """
    now = last_round(pledge, events, renewal)
    names = {one.point for one in said(pledge, now.events)}
    if point in names:
        raise AnsweredError("butir sudah diikrarkan")
    left = [one.id for one in pledge.points if one.id not in names]
    if not left or point != left[0]:
        raise RefusedError("butir ini belum gilirannya")
    result = {"ending": ENDING} | ({"rule": renewal.version} if renewal else {}) if len(left) == 1 else {}
    return Step(result=result, round=now.number, after=max((one.seq for one in now.events), default=0))


def view(
    pledge: Pledge,
    events: Sequence[Event],
    *,
    citations: dict[str, list[dict[str, str]]],
    renewal: Renewal | None = None,
) -> dict[str, Any]:
    """Return what the learner may see: JSON for the widget's `view` trait.

    Keys: `title, intro, status (new | running | finished), position, points, closing` (once all is said),
    `renewed` (None, or `before`, when it was said last, and `because`).
    Points hold `id, title, text, means, basis` (lines to read), `at` (None: not pledged), `changed` where its
    text is not what was pledged. `citations` maps a point to rows of {text}.
    """
    now = last_round(pledge, events, renewal)
    done = {one.point: one for one in said(pledge, now.events)}
    over = len(done) == len(pledge.points)
    again = None
    if renewal and now.before:
        again = {"before": now.before.isoformat(), "because": renewal.because}
    return {
        "title": pledge.title,
        "intro": pledge.intro,
        "status": "finished" if over else "running" if done else "new",
        "position": len(done),
        "points": [_shown(one, done.get(one.id), citations.get(one.id, [])) for one in pledge.points],
        "closing": pledge.closing if over else None,
        "renewed": again,
        "draft": None,
    }


def _shown(point: Point, done: Said | None, cited: list[dict[str, str]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": point.id,
        "title": point.title,
        "text": point.text,
        "means": point.means,
        "basis": [row["text"] for row in cited],
        "at": done.at.isoformat() if done else None,
    }
    return told | ({"changed": True} if done and done.revision != point.fingerprint else {})
