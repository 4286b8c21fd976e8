"""Attempts at a quiz as the events tell them: what was drawn, answered, tried; which one counts.

    events  ──attempts──►  Attempt, Attempt, …  ──counting──►  the one whose mark counts

Pure: the time is an argument, and it is always the server's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from .forms import Quiz
from .items import Reply
from .model import Certainty, Value
from .record import AnsweredError, Event, RefusedError
from .scoring import fault, score, settled


class Attempt(Value):
    """An attempt: form and seed drawn, answers that stand in order, wrong tries before them, certainty told.

    `closed`: its time ran out. `ended_at` is when its last event reached the server.
    """

    number: int
    form: tuple[str, ...]
    seed: int = 0
    answers: tuple[tuple[str, Reply], ...] = ()
    tried: tuple[tuple[str, Reply], ...] = ()
    sure: tuple[tuple[str, Certainty], ...] = ()
    closed: bool = False
    last_seq: int
    opened_at: datetime
    ended_at: datetime

    @property
    def given(self) -> dict[str, Reply]:
        """Answers that stand, by item id."""
        return dict(self.answers)

    @property
    def finished(self) -> bool:
        """Say whether every item of the form has its answer, or the time is over."""
        return self.closed or len(self.answers) == len(self.form)

    def tries(self, item: str) -> tuple[Reply, ...]:
        """Return the wrong tries at an item, before the answer that stands."""
        return tuple(answer for name, answer in self.tried if name == item)


def attempts(quiz: Quiz, events: Sequence[Event]) -> tuple[Attempt, ...]:
    """Rebuild the attempts at a quiz from a learner's events, oldest first.

    Items the quiz no longer has are left out, so that an attempt can always be finished.
    """
    known = {question.id for question in quiz.questions if question.scored}
    found: dict[int, Attempt] = {}
    for event in events:
        if event.root != quiz.root:
            continue
        if event.verb == "opened":
            found[event.attempt] = Attempt(
                number=event.attempt,
                form=tuple(name for name in event.result["form"] if name in known),
                seed=int(event.result.get("seed", 0)),
                last_seq=event.seq,
                opened_at=event.received_at,
                ended_at=event.received_at,
            )
        elif event.verb in {"answered", "submitted"} and event.attempt in found:
            before = found[event.attempt]
            change = _told(event, before) | {"last_seq": event.seq, "ended_at": event.received_at}
            found[event.attempt] = before.model_copy(update=change)
    return tuple(found[number] for number in sorted(found) if found[number].form)


def _told(event: Event, before: Attempt) -> dict[str, Any]:
    """Return what an event changes of its attempt."""
    if event.verb == "submitted":
        return {"closed": True}
    name = event.object.rsplit("/", 1)[-1]
    if name not in before.form:
        return {}
    raw = event.result["answer"]
    entry = (name, tuple(raw) if isinstance(raw, list) else raw)
    if event.result.get("again"):
        return {"tried": (*before.tried, entry)}
    certainty = event.result.get("certainty")
    sure = {"sure": (*before.sure, (name, certainty))} if certainty else {}
    return {"answers": (*before.answers, entry)} | sure


def mark(scores: Sequence[float], items: int) -> int:
    """Return the mark 0–100 of an attempt, rounded half up; items without an answer score 0.

    The order of the scores never matters: they are added exactly before anything is rounded.
    """
    return int(100 * round(math.fsum(scores), 4) / items + 0.5)


def worth(quiz: Quiz, name: str, answer: Reply, tries: int = 0) -> float:
    """Return what an answer earns after so many wrong tries: each costs the quiz's penalty, never below 0."""
    return round(max(0.0, score(quiz.question(name), answer) - quiz.penalty * tries), 4)


def attempt_mark(quiz: Quiz, attempt: Attempt) -> int:
    """Return the mark 0–100 of an attempt so far."""
    scores = [worth(quiz, name, answer, len(attempt.tries(name))) for name, answer in attempt.answers]
    return mark(scores, len(attempt.form))


def counting(quiz: Quiz, done: Sequence[Attempt]) -> Attempt | None:
    """Return the finished attempt whose mark counts, None while none is finished; of equals the earliest."""
    finished = [attempt for attempt in done if attempt.finished]
    if not finished or quiz.counts != "best":
        return finished[0 if quiz.counts == "first" else -1] if finished else None
    return max(finished, key=lambda attempt: (attempt_mark(quiz, attempt), -attempt.number))


def ends_at(quiz: Quiz, attempt: Attempt) -> datetime | None:
    """Return when the time of an attempt is over, None where the quiz names none."""
    return attempt.opened_at + timedelta(minutes=quiz.minutes) if quiz.minutes else None


def next_at(quiz: Quiz, done: Sequence[Attempt]) -> datetime | None:
    """Return when the next attempt may begin, None where nothing asks to wait."""
    return done[-1].ended_at + quiz.rest if done and quiz.cool_down else None


def left(quiz: Quiz, done: Sequence[Attempt]) -> int | None:
    """Return how many attempts may still begin, None without a limit."""
    return None if quiz.attempts is None else max(0, quiz.attempts - len(done))


def may_open(quiz: Quiz, events: Sequence[Event], now: datetime | None) -> None:
    """Raise RefusedError when no attempt may begin: one runs, none is left, or it is too early.

    Without a clock (`now` None) nothing is too early.
    """
    done = attempts(quiz, events)
    if done and not done[-1].finished:
        raise RefusedError("percobaan sebelumnya belum selesai")
    if left(quiz, done) == 0:
        raise RefusedError("percobaan sudah habis")
    start = next_at(quiz, done)
    if now is not None and start is not None and now < start:
        raise RefusedError("percobaan berikutnya belum waktunya")


def time_up(quiz: Quiz, events: Sequence[Event], now: datetime | None) -> Attempt | None:
    """Return the running attempt whose forced time is over, None while there is time."""
    if not quiz.forced or now is None:
        return None
    done = attempts(quiz, events)
    if not done or done[-1].finished:
        return None
    end = ends_at(quiz, done[-1])
    return done[-1] if end is not None and now > end else None


def submit_event(quiz: Quiz, events: Sequence[Event]) -> tuple[dict[str, Any], Attempt]:
    """End the running attempt of a quiz with forced time: items without an answer score 0.

    Raises RefusedError where no attempt runs, or the quiz leaves learners their time.
    """
    done = attempts(quiz, events)
    if not done or done[-1].finished:
        raise RefusedError("tidak ada percobaan yang sedang berjalan")
    if not quiz.forced:
        raise RefusedError("kuis ini tidak dibatasi waktu")
    return _marked(quiz, done[-1]), done[-1]


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
    running = attempts(quiz, events)
    if not running or running[-1].finished:
        raise RefusedError("tidak ada percobaan yang sedang berjalan")
    attempt = running[-1]
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
    after = attempt.model_copy(update={"answers": (*attempt.answers, (item, stands))})
    return result | (_marked(quiz, after) if after.finished else {}), attempt


def _marked(quiz: Quiz, attempt: Attempt) -> dict[str, Any]:
    """Return what the event that ends an attempt carries: its mark, and which mark counts if not the best."""
    told: dict[str, Any] = {"mark": attempt_mark(quiz, attempt)}
    return told if quiz.counts == "best" else told | {"counts": quiz.counts}
