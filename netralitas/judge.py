"""Judgement: one message from a browser, one item, the events so far → one event, or a refusal.

    message ──parse──► Open | Answer | Submit | Write | Choose | Rate | Promise | Draft
                           └──judge──► Given ──(site)──► Event ──shown──► view

Pure; the widgets and the site call the same functions, so what a kernel shows after an answer and
what the site puts into a page are equal.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from . import cases, pledges, quizzes, scenarios
from .course import Renewal
from .items import ColumnId, Grown
from .model import Certainty, ChoiceId, Slug, Value, revision
from .pledges import Pledge
from .quizzes import Quiz
from .record import LONGEST_TYPED, Event, EventId, Given, RefusedError
from .scenarios import Scenario
from .scenes import RateScene

Item = Quiz | Scenario | Pledge


_Letters = Annotated[tuple[ChoiceId, ...], Field(max_length=8)]
_Columns = Annotated[dict[ChoiceId, ColumnId], Field(max_length=12)]
# No control characters but new line and tab: the store keeps none.
_Typed = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
_Prose = Annotated[str, StringConstraints(max_length=LONGEST_TYPED, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
_Ticks = _Letters | _Columns | _Typed
_Reply = (
    Annotated[_Letters, Field(min_length=1)]
    | Annotated[_Columns, Field(min_length=1)]
    | Annotated[_Typed, Field(min_length=1)]
)


class _Sent(Value):
    event: EventId
    given_at: datetime | None = None


class Open(_Sent):
    """The learner begins (or begins again)."""

    kind: Literal["open"]


class Answer(_Sent):
    """The learner answers an item of a quiz."""

    kind: Literal["answer"]
    item: Slug
    answer: _Reply
    certainty: Certainty | None = None


class Submit(_Sent):
    """The learner hands in a quiz whose time is limited."""

    kind: Literal["submit"]


class Write(_Sent):
    """The learner sends a written case."""

    kind: Literal["write"]
    item: Slug
    text: _Prose


class Choose(_Sent):
    """The learner decides in a scene."""

    kind: Literal["choose"]
    scene: Slug
    choice: ChoiceId
    certainty: Certainty | None = None


Ratings = dict[ChoiceId, Annotated[int, Field(strict=True, ge=1, le=4)]]
"""Ratings of a scene's actions, 1 (sangat tidak tepat) to 4 (sangat tepat)."""


class Rate(_Sent):
    """The learner rates the actions of a scene, all at once."""

    kind: Literal["rate"]
    scene: Slug
    ratings: Ratings = Field(min_length=1, max_length=5)
    certainty: Certainty | None = None


class Promise(_Sent):
    """The learner pledges the next point."""

    kind: Literal["pledge"]
    point: Slug


class Tick(Grown):
    """What is ticked, placed or typed for a quiz item."""

    LATER: ClassVar[frozenset[str]] = frozenset(("certainty",))

    item: Slug
    answer: _Ticks
    certainty: Certainty | None = None


class SceneTick(Value):
    """The tick in a scene, or the ratings so far."""

    scene: Slug
    choice: ChoiceId | None = None
    ratings: Ratings = Field(default={}, max_length=5)
    certainty: Certainty | None = None


class CaseText(Value):
    """What is typed for a written case."""

    item: Slug
    text: _Prose


class Draft(Value):
    """What is ticked and not yet sent; overwritten each time. A `mark` asks to be told when it is kept."""

    kind: Literal["draft"]
    value: Tick | SceneTick | CaseText
    mark: EventId | None = None

    def place(self, root: str) -> str:
        """Return what it is kept under: a written case has a draft of its own beside the quiz's."""
        return f"{root}/{self.value.item}" if isinstance(self.value, CaseText) else root


Sent = Open | Answer | Submit | Write | Choose | Rate | Promise
Message = Annotated[Sent | Draft, Field(discriminator="kind")]
_MESSAGE: TypeAdapter[Sent | Draft] = TypeAdapter(Message)


def parse(content: Any) -> Sent | Draft:
    """Return the message a browser sent. Raises RefusedError when it is none of ours."""
    try:
        return _MESSAGE.validate_python(content)
    except (ValueError, RecursionError) as error:
        raise RefusedError("pesan tidak sesuai bentuk") from error


def judge(
    item: Item,
    events: Sequence[Event],
    message: Sent,
    *,
    now: datetime | None = None,
    renewal: Renewal | None = None,
) -> Given:
    """Return the event a message gives rise to. Raises RefusedError when it does not fit.

    `opened` comes without seed and form: the site draws them when it commits. `now` is the server's clock
    (None: no clock, nothing is too early or too late). An answer after a forced time ends the attempt.
    `renewal` is what asks for the item to be done again; only a pledge, which nobody may repeat, heeds it.
    """
    if isinstance(message, Open):
        return _open(item, events, message, now)
    if isinstance(item, Quiz) and (
        isinstance(message, Submit) or (isinstance(message, Answer) and quizzes.time_up(item, events, now))
    ):
        return _handed_in(item, events, message)
    if isinstance(message, Answer) and isinstance(item, Quiz):
        result, attempt = quizzes.answer_event(
            item, events, item=message.item, answer=message.answer, certainty=message.certainty
        )
        return _given(
            message,
            verb="answered",
            object=f"{item.root}/{message.item}",
            attempt=attempt.number,
            after=attempt.last_seq,
            revision=revision(item.question(message.item)),
            result=result,
        )
    if isinstance(message, Write) and isinstance(item, Quiz):
        result, attempt = cases.write_event(item, events, item=message.item, text=message.text)
        return _given(
            message,
            verb="wrote",
            object=f"{item.root}/{message.item}",
            attempt=attempt.number,
            after=attempt.last_seq,
            revision=revision(item.question(message.item)),
            result=result,
        )
    if isinstance(message, Choose | Rate) and isinstance(item, Scenario):
        result, run = _decision(item, events, message)
        return _given(
            message,
            verb="chose" if isinstance(message, Choose) else "rated",
            object=f"{item.root}/{message.scene}",
            attempt=run.number,
            after=run.last_seq,
            revision=revision(item),
            result=result,
        )
    if isinstance(message, Promise) and isinstance(item, Pledge):
        step = pledges.pledge_event(item, events, message.point, renewal)
        return _given(
            message,
            verb="pledged",
            object=f"{item.root}/{message.point}",
            attempt=step.round,
            after=step.after,
            revision=revision(item.point(message.point)),
            result=step.result,
        )
    raise RefusedError("pesan tidak cocok dengan jenis kegiatan ini")


def begins(item: Item) -> Sent:
    """Return what a page sends first: it opens an attempt, or pledges the first point."""
    event = str(uuid.uuid4())
    if isinstance(item, Pledge):
        return Promise(kind="pledge", event=event, point=item.points[0].id)
    return Open(kind="open", event=event)


def first_step(item: Quiz | Scenario, events: Sequence[Event]) -> Answer | Choose | Rate:
    """Return an answer a page could send first in the attempt these events have opened."""
    event = str(uuid.uuid4())
    if isinstance(item, Quiz):
        question = item.question(quizzes.attempts(item, events)[-1].form[0])
        sure: Certainty | None = "yakin" if question.certainty else None
        return Answer(
            kind="answer", event=event, item=question.id, answer=quizzes.key_reply(question), certainty=sure
        )
    here = scenarios.begin(item)
    scene = item.scene(here.place)
    sure = "yakin" if scene and scene.certainty else None
    if isinstance(scene, RateScene):
        return Rate(kind="rate", event=event, scene=scene.id, ratings=scene.key, certainty=sure)
    choice = scenarios.offered(item, here)[0].id
    return Choose(kind="choose", event=event, scene=here.place, choice=choice, certainty=sure)


def overdue(quiz: Quiz, events: Sequence[Event], now: datetime) -> Given | None:
    """Return the event that ends a running attempt whose forced time is over, None while there is time."""
    if quizzes.time_up(quiz, events, now) is None:
        return None
    return _handed_in(quiz, events, Submit(kind="submit", event=str(uuid.uuid4())))


def opening(item: Item, seed: int) -> dict[str, Any]:
    """Return the result of an `opened` event: the seed, and for a quiz the form drawn from it."""
    if isinstance(item, Quiz):
        return {"seed": seed, "form": list(quizzes.form(item, seed))}
    return {"seed": seed}


def refusal(item: Item, reason: str) -> Given:
    """Return the event that records a refused message, without its content."""
    return Given(
        id=str(uuid.uuid4()), verb="refused", object=item.root, attempt=1, after=0,
        revision=revision(item), result={"reason": reason},
    )  # fmt: skip


def shown(
    item: Item,
    events: Sequence[Event],
    *,
    citations: dict[str, list[dict[str, str]]],
    pass_mark: int,
    pictures: Mapping[str, str] | None = None,
    drafts: Mapping[str, dict[str, Any]] | None = None,
    renewal: Renewal | None = None,
) -> dict[str, Any]:
    """Return what a learner with these events sees of an item; `drafts` by where they are kept."""
    kept = drafts or {}
    draft = kept.get(item.root)
    if isinstance(item, Quiz):
        typed = {
            name.rsplit("/", 1)[-1]: str(value.get("text", ""))
            for name, value in kept.items()
            if name.startswith(f"{item.root}/")
        }
        return quizzes.view(item, events, pass_mark=pass_mark, citations=citations, draft=draft, typed=typed)
    if isinstance(item, Pledge):
        return pledges.view(item, events, citations=citations, renewal=renewal)
    return scenarios.view(item, events, citations=citations, pictures=pictures, draft=draft)


def _decision(
    item: Scenario, events: Sequence[Event], message: Choose | Rate
) -> tuple[dict[str, Any], scenarios.Run]:
    said: dict[str, Any] = {"scene": message.scene, "certainty": message.certainty}
    if isinstance(message, Choose):
        return scenarios.choice_event(item, events, choice=message.choice, **said)
    return scenarios.rate_event(item, events, ratings=message.ratings, **said)


def _open(item: Item, events: Sequence[Event], message: Open, now: datetime | None) -> Given:
    if isinstance(item, Pledge):
        raise RefusedError("ikrar tidak dibuka dengan percobaan")
    if isinstance(item, Quiz):
        quizzes.may_open(item, events, now)
    else:
        past = scenarios.runs(item, events)
        if past and item.ending(past[-1].place) is None:
            raise RefusedError("cerita sebelumnya belum selesai")
    number = max((e.attempt for e in events if e.root == item.root and e.verb == "opened"), default=0)
    return _given(
        message,
        verb="opened",
        object=item.root,
        attempt=number + 1,
        after=0,
        revision=revision(item),
        result={},
    )


def _handed_in(quiz: Quiz, events: Sequence[Event], message: _Sent) -> Given:
    result, attempt = quizzes.submit_event(quiz, events)
    return _given(
        message,
        verb="submitted",
        object=quiz.root,
        attempt=attempt.number,
        after=attempt.last_seq,
        revision=revision(quiz),
        result=result,
    )


def _given(message: _Sent, **stamped: Any) -> Given:
    return Given(id=message.event, given_at=message.given_at, **stamped)
