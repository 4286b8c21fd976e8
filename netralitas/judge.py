"""Judgement: one message from a browser, one item, the events so far → one event, or a refusal.

    message ──parse──► Open | Answer | Choose | Draft ──judge──► Given ──(site)──► Event ──shown──► view

Pure; the widgets and the site call the same functions, so what a kernel shows after an answer and
what the site puts into a page are equal.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from . import quizzes, scenarios
from .model import ChoiceId, Slug, Value, revision
from .quizzes import Quiz
from .record import Event, EventId, Given, RefusedError
from .scenarios import Scenario

Item = Quiz | Scenario


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
    answer: tuple[ChoiceId, ...] = Field(min_length=1, max_length=8)


class Choose(_Sent):
    """The learner decides in a scene."""

    kind: Literal["choose"]
    scene: Slug
    choice: ChoiceId


class Tick(Value):
    """Ticks of a quiz item."""

    item: Slug
    answer: tuple[ChoiceId, ...] = Field(max_length=8)


class SceneTick(Value):
    """The tick in a scene."""

    scene: Slug
    choice: ChoiceId | None = None


class Draft(Value):
    """What is ticked and not yet sent; overwritten each time."""

    kind: Literal["draft"]
    value: Tick | SceneTick


Message = Annotated[Open | Answer | Choose | Draft, Field(discriminator="kind")]
_MESSAGE: TypeAdapter[Open | Answer | Choose | Draft] = TypeAdapter(Message)


def parse(content: Any) -> Open | Answer | Choose | Draft:
    """Return the message a browser sent. Raises RefusedError when it is none of ours."""
    try:
        return _MESSAGE.validate_python(content)
    except (ValueError, RecursionError) as error:
        raise RefusedError("pesan tidak sesuai bentuk") from error


def judge(item: Item, events: Sequence[Event], message: Open | Answer | Choose) -> Given:
    """Return the event a message gives rise to. Raises RefusedError when it does not fit.

    `opened` comes without seed and form: the site draws them when it commits.
    """
    if isinstance(message, Open):
        return _open(item, events, message)
    if isinstance(message, Answer) and isinstance(item, Quiz):
        result, attempt = quizzes.answer_event(item, events, item=message.item, answer=message.answer)
        return _given(
            message,
            verb="answered",
            object=f"{item.root}/{message.item}",
            attempt=attempt.number,
            after=attempt.last_seq,
            revision=revision(item.question(message.item)),
            result=result,
        )
    if isinstance(message, Choose) and isinstance(item, Scenario):
        result, run = scenarios.choice_event(item, events, scene=message.scene, choice=message.choice)
        return _given(
            message,
            verb="chose",
            object=f"{item.root}/{message.scene}",
            attempt=run.number,
            after=run.last_seq,
            revision=revision(item),
            result=result,
        )
    raise RefusedError("pesan tidak cocok dengan jenis kegiatan ini")


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
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a learner with these events sees of an item."""
    if isinstance(item, Quiz):
        return quizzes.view(item, events, pass_mark=pass_mark, citations=citations, draft=draft)
    return scenarios.view(item, events, citations=citations, draft=draft)


def _open(item: Item, events: Sequence[Event], message: Open) -> Given:
    if isinstance(item, Quiz):
        done = quizzes.attempts(item, events)
        if done and not done[-1].finished:
            raise RefusedError("percobaan sebelumnya belum selesai")
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


def _given(message: _Sent, **stamped: Any) -> Given:
    return Given(id=message.event, given_at=message.given_at, **stamped)
