"""Attempts at a quiz as the events tell them: what was drawn, answered, tried; which one counts.

    events  ──attempts──►  Attempt, Attempt, …  ──counting──►  the one whose mark counts

Pure. Scores and marks are those of the record: what the content says today judges only what is answered today
(`regrade.py` is the way to more). When an attempt may begin and when its time is over stands in `limits.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from .forms import Quiz
from .items import Reply
from .model import Certainty, Value
from .record import AnsweredError, Event, RefusedError
from .scoring import fault, score, settled


class Answered(Value):
    """An answer that stands. `answer` is None where it was typed and has been emptied since.

    `score` is what the record says, bound to the `revision` of the item it was given for, or regraded by;
    content that has changed since never changes it.
    """

    item: str
    answer: Reply | None
    score: float
    revision: str
    certainty: Certainty | None = None


class Regraded(Value):
    """A mark changed by a named person: when, from what to what, and why (None: the reason has been emptied).

    `kind`: computed anew, another put in its place by a trainer, or that taken back.
    """

    at: datetime
    was: int
    mark: int
    reason: str | None
    kind: Literal["regrade", "override", "undo"] = "regrade"


class Reopened(Value):
    """One more attempt allowed after this one: when, by whom (learner id), why (None: emptied)."""

    at: datetime
    by: str
    reason: str | None


class Attempt(Value):
    """An attempt: form and seed drawn, answers that stand in order, and the wrong tries before them.

    `drawn` is the form as it was drawn, `form` those of its items the quiz still has; `record` holds the
    answers to all of `drawn`. `marked` is the mark as recorded, None before the end; `closed`: its time ran
    out. `computed` is the mark before a trainer put another in its place, None where none did. `ended_at` is
    when its last answer reached the server, or its time was over.
    """

    number: int
    drawn: tuple[str, ...]
    form: tuple[str, ...]
    seed: int = 0
    record: tuple[Answered, ...] = ()
    tried: tuple[tuple[str, Reply | None], ...] = ()
    closed: bool = False
    marked: int | None = None
    regraded: Regraded | None = None
    reopened: Reopened | None = None
    computed: int | None = None
    last_seq: int
    opened_at: datetime
    ended_at: datetime

    @property
    def answers(self) -> tuple[Answered, ...]:
        """Answers that stand, to items the quiz still has."""
        return tuple(one for one in self.record if one.item in self.form)

    @property
    def given(self) -> dict[str, Answered]:
        """The same by item id."""
        return {one.item: one for one in self.answers}

    @property
    def mark(self) -> int:
        """The mark 0–100: as recorded; before the end, of the answers so far."""
        if self.marked is not None:
            return self.marked
        return mark([one.score for one in self.answers], len(self.form))

    @property
    def finished(self) -> bool:
        """Say whether it has its mark, every item of the form its answer, or the time is over."""
        return self.closed or self.marked is not None or len(self.answers) == len(self.form)

    def tries(self, item: str) -> tuple[Reply | None, ...]:
        """Return the wrong tries at an item, before the answer that stands."""
        return tuple(answer for name, answer in self.tried if name == item)


def attempts(quiz: Quiz, events: Sequence[Event]) -> tuple[Attempt, ...]:
    """Rebuild the attempts at a quiz from a learner's events, oldest first.

    Items the quiz no longer has are left out of the form, so that an attempt can always be finished; one that
    has none left and no mark is left out.
    """
    known = {question.id for question in quiz.questions if question.scored}
    found: dict[int, Attempt] = {}
    for event in events:
        if event.root != quiz.root:
            continue
        if event.verb == "opened":
            drawn = tuple(event.result["form"])
            found[event.attempt] = Attempt(
                number=event.attempt,
                drawn=drawn,
                form=tuple(name for name in drawn if name in known),
                seed=int(event.result.get("seed", 0)),
                last_seq=event.seq,
                opened_at=event.received_at,
                ended_at=event.received_at,
            )
        elif event.verb in _LATER and event.attempt in found:
            before = found[event.attempt]
            change = _told(quiz, event, before) | {"last_seq": event.seq}
            found[event.attempt] = before.model_copy(update=change)
    every = (found[number] for number in sorted(found))
    return tuple(one for one in every if one.form or one.marked is not None)


def _told(quiz: Quiz, event: Event, before: Attempt) -> dict[str, Any]:
    """Return what an event changes of its attempt."""
    if event.verb in _BY_OTHERS:
        return _BY_OTHERS[event.verb](event, before)
    told: dict[str, Any] = {"ended_at": event.received_at}
    if "mark" in event.result:
        told["marked"] = int(event.result["mark"])
    if event.verb == "submitted":
        end = ends_at(quiz, before) if quiz.forced else None
        # Whoever writes it, and however late: the time was over when it was over.
        return told | {"closed": True, "ended_at": min(event.received_at, end or event.received_at)}
    name, said = event.object.rsplit("/", 1)[-1], event.said
    if name not in before.drawn:
        return told
    answer: Reply | None = tuple(said) if isinstance(said, list) else said
    if event.result.get("again"):
        return told | {"tried": (*before.tried, (name, answer))}
    entry = Answered(
        item=name,
        answer=answer,
        score=float(event.result["score"]),
        revision=event.revision,
        certainty=event.result.get("certainty"),
    )
    return told | {"record": (*before.record, entry)}


def _anew(event: Event, before: Attempt) -> dict[str, Any]:
    """Return what a regrade changes: scores with the revisions they are bound to now, and the mark."""
    anew, now = event.result["items"], int(event.result["mark"])
    kind = event.result.get("kind", "regrade")
    told = Regraded(
        at=event.received_at, was=int(event.result["was"]), mark=now, reason=event.said, kind=kind
    )
    computed = before.computed
    if kind != "regrade":
        computed = None if kind == "undo" else before.marked if computed is None else computed
    record = tuple(one.model_copy(update=anew.get(one.item, {})) for one in before.record)
    return {"record": record, "marked": now, "regraded": told, "computed": computed}


def _allowed(event: Event, _before: Attempt) -> dict[str, Any]:
    """Return what a reopening changes."""
    return {"reopened": Reopened(at=event.received_at, by=str(event.result["by"]), reason=event.said)}


_BY_OTHERS: Mapping[str, Callable[[Event, Attempt], dict[str, Any]]] = {
    "regraded": _anew,
    "reopened": _allowed,
    # A written case stands after the attempt; only where the record stands has moved.
    "wrote": lambda _event, _before: {},
}
_LATER = frozenset(("answered", "submitted", *_BY_OTHERS))
"""Verbs of an attempt that has been opened."""


def mark(scores: Sequence[float], items: int) -> int:
    """Return the mark 0–100 of an attempt, rounded half up; items without an answer score 0.

    The order of the scores never matters: they are added exactly before anything is rounded.
    """
    return int(100 * round(math.fsum(scores), 4) / items + 0.5)


def worth(quiz: Quiz, name: str, answer: Reply, tries: int = 0) -> float:
    """Return what an answer earns after so many wrong tries: each costs the quiz's penalty, never below 0."""
    return round(max(0.0, score(quiz.question(name), answer) - quiz.penalty * tries), 4)


def counting(quiz: Quiz, done: Sequence[Attempt]) -> Attempt | None:
    """Return the finished attempt whose mark counts, None while none is finished; of equals the earliest."""
    finished = [attempt for attempt in done if attempt.finished]
    if not finished or quiz.counts != "best":
        return finished[0 if quiz.counts == "first" else -1] if finished else None
    return max(finished, key=lambda attempt: (attempt.mark, -attempt.number))


def ends_at(quiz: Quiz, attempt: Attempt) -> datetime | None:
    """Return when the time of an attempt is over, None where the quiz names none."""
    return attempt.opened_at + timedelta(minutes=quiz.minutes) if quiz.minutes else None


def submit_event(quiz: Quiz, events: Sequence[Event]) -> tuple[dict[str, Any], Attempt]:
    """End the running attempt of a quiz with forced time: items without an answer score 0.

    Raises RefusedError where no attempt runs, or the quiz leaves learners their time.
    """
    attempt = _running(quiz, events)
    if not quiz.forced:
        raise RefusedError("kuis ini tidak dibatasi waktu")
    return _marked(quiz, attempt), attempt


def _running(quiz: Quiz, events: Sequence[Event]) -> Attempt:
    """Return the attempt that runs. Raises AnsweredError where its time has ended it, RefusedError else."""
    done = attempts(quiz, events)
    if done and not done[-1].finished:
        return done[-1]
    # Who comes after the site has handed it in has done nothing wrong: they are shown what stands.
    error = AnsweredError if done and done[-1].closed else RefusedError
    raise error("tidak ada percobaan yang sedang berjalan")


def answer_event(
    quiz: Quiz,
    events: Sequence[Event],
    *,
    item: str,
    answer: Reply,
    certainty: Certainty | None = None,
) -> tuple[dict[str, Any], Attempt]:
    """Judge an answer against the running attempt: return the event's result and the attempt it fits.

    A wrong answer that leaves the learner further tries carries `again`. Raises RefusedError when no attempt
    is open, the item is not in its form or already answered, the page cannot have given such an answer, or
    certainty is missing where it is asked or told where it is not.
    """
    attempt = _running(quiz, events)
    if item not in attempt.form:
        raise RefusedError("soal tidak ada di lembar ini")
    if item in attempt.given:
        raise AnsweredError("soal sudah dijawab")
    question = quiz.question(item)
    if told := fault(question, answer):
        raise RefusedError(told)
    if (certainty is not None) != question.certainty:
        raise RefusedError("keyakinan tidak sesuai")
    stands = settled(question, answer)
    before = len(attempt.tries(item))
    earned = worth(quiz, item, stands, before)
    kept = [*stands] if isinstance(stands, tuple) else stands
    result: dict[str, Any] = {"answer": kept, "score": earned}
    if certainty is not None:
        result["certainty"] = certainty
    if quiz.feedback == "tries" and before + 1 < quiz.tries and score(question, stands) < 1:
        return result | {"again": True}, attempt
    entry = Answered(item=item, answer=stands, score=earned, revision=question.fingerprint)
    after = attempt.model_copy(update={"record": (*attempt.record, entry)})
    return result | (_marked(quiz, after) if after.finished else {}), attempt


def _marked(quiz: Quiz, attempt: Attempt) -> dict[str, Any]:
    """Return what the event that ends an attempt carries: its mark, and which mark counts if not the best."""
    told: dict[str, Any] = {"mark": attempt.mark}
    return told if quiz.counts == "best" else told | {"counts": quiz.counts}
