"""The learning record: events in a chain, and what they say of a learner's progress.

Pure. Everything a learner does is an `Event`, stamped and numbered by the site, chained so that a
change of the past shows. Attempts, progress and completion are *projections*: `apply` says what an
event changes, `rebuild` is `apply` from the first event on.

    event  ──apply──►  Progress of its module  ──►  one row of the store
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from .course import Course, Module
from .model import Slug, Value, canonical

Verb = Literal[
    "opened",
    "answered",
    "chose",
    "rated",
    "submitted",
    "wrote",
    "completed",
    "pledged",
    "refused",
    "regraded",
    "reopened",
]
EventId = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
LearnerId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ObjectId = Annotated[
    str,
    StringConstraints(pattern=r"^(quiz|scenario|pledge|module)/[a-z0-9-]+(/[a-z0-9-]+)?$", max_length=160),
]
Status = Literal["not_started", "in_progress", "completed"]

LONGEST_TYPED = 20_000
"""Letters of a typed text at most: a written case."""

GENESIS = "0" * 64
"""What the chain of every learner starts from."""

STARTS: frozenset[str] = frozenset({"answered", "chose", "rated", "pledged"})
"""Verbs that begin work; opening a page is not a start."""

TYPED: Mapping[str, str] = {"answered": "answer", "wrote": "text", "regraded": "reason", "reopened": "reason"}
"""Where in its result an event of a verb holds what a person typed, if they typed."""


class RefusedError(ValueError):
    """Raised when what a browser sent does not fit where the learner stands.

    The text is for the record and holds no content of the message.
    """


class AnsweredError(RefusedError):
    """Raised when another tab was there first: nothing is wrong, what stands is shown."""


class Given(Value):
    """An event as the kernel judged it, before the site stamps it.

    `after` is the `seq` its attempt stood at when it was judged (0: the attempt does not exist yet);
    when the attempt has moved on the store refuses it. `given_at` is the browser's time, never decisive.
    """

    id: EventId
    verb: Verb
    object: ObjectId
    attempt: int = Field(ge=1, le=10_000)
    after: int = Field(ge=0)
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    given_at: datetime | None = None
    result: dict[str, Any]

    @property
    def root(self) -> str:
        """The activity it belongs to: `quiz/03-media-sosial/k07` → `quiz/03-media-sosial`."""
        return "/".join(self.object.split("/")[:2])


class Typed(Value):
    """What a person typed and the salt of its digest: kept beside the event, so that it can be emptied."""

    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    text: Annotated[str, StringConstraints(max_length=LONGEST_TYPED)]

    @property
    def digest(self) -> str:
        """What stands in the event: SHA-256 over salt and text, 64 hex digits."""
        return hashlib.sha256(bytes.fromhex(self.salt) + self.text.encode()).hexdigest()


class Event(Given):
    """A committed event: who, when by the server's clock, which number, and the chain so far.

    `typed` is no part of the chain: its digest is, so the text can be emptied and not be changed.
    """

    learner: LearnerId
    site: str
    seq: int = Field(ge=1)
    received_at: datetime
    session: str
    chain: str
    typed: Typed | None = None

    @property
    def said(self) -> Any:
        """What was answered, written, or why a mark was changed; None where it was typed and is emptied.

        Events from before there were digests hold the text itself.
        """
        if self._seal is None:
            return self.result.get(TYPED.get(self.verb, ""))
        return self.typed.text if self.typed else None

    @property
    def sound(self) -> bool:
        """Say whether what was typed is what the chain has the digest of; true where it is emptied."""
        return self.typed is None or self.typed.digest == self._seal

    @property
    def _seal(self) -> str | None:
        raw = self.result.get(TYPED.get(self.verb, ""))
        return raw.get("typed") if isinstance(raw, dict) else None


def sealed(verb: Verb, result: Mapping[str, Any], salt: str) -> tuple[dict[str, Any], Typed | None]:
    """Return a result with a digest in place of what was typed, and what was typed (None: nothing was).

    `salt` is 32 random hex digits. Raises ValueError for a text that is too long or cannot be written.
    """
    name = TYPED.get(verb, "")
    text = result.get(name)
    if not isinstance(text, str):
        return dict(result), None
    typed = Typed(salt=salt, text=text)
    return {**result, name: {"typed": typed.digest}}, typed


def link(previous: str, event: Mapping[str, Any]) -> str:
    """Return the chain value of an event: SHA-256 over the previous value and the canonical event.

    `event` is the event's JSON form; its own `chain`, if any, and what was typed are left out.
    """
    body = {key: value for key, value in event.items() if key not in {"chain", "typed"}}
    return hashlib.sha256(previous.encode() + canonical(body)).hexdigest()


def broken_links(events: Iterable[Event]) -> list[int]:
    """Return the `seq` of each event of one learner whose number, chain or typed text does not follow."""
    previous, wrong = GENESIS, []
    for number, event in enumerate(events, start=1):
        follows = event.chain == link(previous, event.model_dump(mode="json"))
        if event.seq != number or not follows or not event.sound:
            wrong.append(event.seq)
        previous = event.chain
    return wrong


class Reached(Value):
    """A completion: when, under which version of the rule, and whether the course was completed by it.

    `course` is None in what was recorded before events said so.
    """

    at: datetime
    rule: str
    course: bool | None = None


class Progress(Value):
    """What a learner's events say of one module.

    `mark` is the quiz mark that counts (the best, unless the quiz says otherwise), `ended` the scenarios and
    pledges brought to an ending, `answered` the items answered and points pledged, `seq` the last event
    counted. Completion keeps the rule version it was reached under; `completed_at` and `rule_version` are
    those of the last, `reached` holds all, one for each version.
    """

    module: Slug
    status: Status = "not_started"
    started_at: datetime | None = None
    completed_at: datetime | None = None
    rule_version: str | None = None
    mark: int | None = None
    ended: tuple[str, ...] = ()
    answered: int = 0
    reached: tuple[Reached, ...] = ()
    seq: int = 0


def led_to(
    progress: Progress | None,
    event: Event,
    course: Course,
    completed: Callable[[], Mapping[str, str]] = dict,
) -> dict[str, Any]:
    """Return what the event's result must carry besides itself: the completion it led to, mostly nothing.

    `completed` gives the rule versions of the modules completed so far, by slug; it is asked only where the
    event completes one. Asked once, before the event is chained; so a later rule never rewrites an earlier
    completion.
    """
    module = _module(event, course)
    if module is None or event.verb == "refused":
        return {}
    before = progress or Progress(module=module.slug)
    after = _counted(before, event)
    rule = course.completion
    first = before.completed_at is None and fulfilled(module, after, course.pass_mark(event.root))
    if not first and not _renews(before, event, module, course):
        return {}
    so_far = dict(completed())
    whole = course_completed(course, so_far | {module.slug: rule.version})
    return {"completed": {"rule": rule.version, "course": whole and not course_completed(course, so_far)}}


def course_completed(course: Course, completed: Mapping[str, str]) -> bool:
    """Say whether modules completed under these rule versions complete the course under today's."""
    rule = course.completion
    required = [module.slug for module in course.modules if module.required]
    return all(
        slug in completed and (slug not in rule.renews or completed[slug] == rule.version)
        for slug in required
    )


def _renews(before: Progress, event: Event, module: Module, course: Course) -> bool:
    """Say whether an event passes the quiz of a module again that today's rule asks everybody to renew."""
    rule = course.completion
    if before.completed_at is None or before.rule_version == rule.version or module.slug not in rule.renews:
        return False
    if module.quiz is None:
        return event.verb in {"chose", "rated", "pledged"} and "ending" in event.result
    passed = "mark" in event.result and int(event.result["mark"]) >= course.pass_mark(event.root)
    return passed and event.verb in {"answered", "submitted"}


def outdated(progress: Progress, course: Course, day: date) -> bool:
    """Say whether a module that was completed has to be renewed on a day: «perlu diperbarui»."""
    counting = course.completion.counting(day)
    return (
        progress.status == "completed"
        and progress.module in course.completion.renews
        and counting is not None
        and progress.rule_version not in counting
    )


def apply(progress: Progress | None, event: Event, course: Course) -> Progress | None:
    """Return the module's progress after an event, or None where the event changes none.

    The caller passes the progress of the module the event belongs to (None: none yet). Events of an
    object that no module of the course holds change nothing.
    """
    module = _module(event, course)
    if module is None:
        return None
    before = progress or Progress(module=module.slug)
    if event.seq <= before.seq or event.verb == "refused":
        return None
    after = _counted(before, event)
    led = event.result.get("completed")
    if led is None or any(one.rule == str(led["rule"]) for one in before.reached):
        return after
    one = Reached(at=event.received_at, rule=str(led["rule"]), course=led.get("course"))
    return after.model_copy(
        update={
            "status": "completed",
            "completed_at": one.at,
            "rule_version": one.rule,
            "reached": (*before.reached, one),
        }
    )


def _module(event: Event, course: Course) -> Module | None:
    try:
        return course.module_of(event.root)
    except KeyError:
        return None


def _counted(before: Progress, event: Event) -> Progress:
    """Return the progress with the event's work counted, completion aside."""
    change: dict[str, Any] = {"seq": event.seq}
    if event.verb in STARTS and before.started_at is None:
        change |= {"started_at": event.received_at, "status": "in_progress"}
    # A wrong try with further ones left is no answer yet.
    if event.verb in {"answered", "pledged"} and not event.result.get("again"):
        change["answered"] = before.answered + 1
    if event.verb in {"answered", "submitted"} and "mark" in event.result:
        change["mark"] = _counting(before.mark, int(event.result["mark"]), event.result.get("counts", "best"))
    if event.verb == "regraded":
        # It says which mark counts now: a mark that counted may have fallen below another attempt's.
        change["mark"] = int(event.result["counted"])
    if event.verb in {"chose", "rated", "pledged"} and "ending" in event.result:
        slug = event.root.partition("/")[2]
        change["ended"] = tuple(sorted({*before.ended, slug}))
    return before.model_copy(update=change)


def _counting(before: int | None, new: int, counts: str) -> int:
    """Return the mark that counts after one more finished attempt; which one, the event itself says."""
    if before is None or counts == "last":
        return new
    return before if counts == "first" else max(before, new)


def fulfilled(module: Module, progress: Progress, pass_mark: int) -> bool:
    """Say whether a progress has all a module asks for."""
    told = {*module.scenarios, *([module.pledge] if module.pledge else [])} <= set(progress.ended)
    passed = module.quiz is None or (progress.mark is not None and progress.mark >= pass_mark)
    return told and passed


def awaited(course: Course, module: Module, known: Mapping[str, Progress]) -> tuple[Module, ...]:
    """Return what has to be completed before a part opens: for an exam each required module, else nothing.

    `known` holds a learner's progress by module.
    """
    if module.part != "exam":
        return ()
    return tuple(
        one
        for one in course.modules
        if one.part == "module"
        and one.required
        and (one.slug not in known or known[one.slug].status != "completed")
    )


def course_status(course: Course, modules: Iterable[Progress]) -> Status:
    """Return a learner's status for the course from the progress of its modules."""
    known = {progress.module: progress.status for progress in modules}
    required = [known.get(module.slug, "not_started") for module in course.modules if module.required]
    if all(status == "completed" for status in required):
        return "completed"
    return "not_started" if all(status == "not_started" for status in known.values()) else "in_progress"
