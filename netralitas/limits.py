"""Limits of a quiz: how many attempts, the pause between two, the time of one.

Pure: the time is an argument, and it is always the server's. The kernel asks so that nobody is surprised; the
site asks again before it writes, and only its word counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from .attempts import Attempt, attempts, ends_at
from .forms import Quiz
from .model import revision
from .record import Event, Given, RefusedError


def next_at(quiz: Quiz, done: Sequence[Attempt]) -> datetime | None:
    """Return when the next attempt may begin, None where nothing asks to wait, or nothing any more."""
    waits = done and quiz.cool_down and not done[-1].reopened
    return done[-1].ended_at + quiz.rest if waits else None


def left(quiz: Quiz, done: Sequence[Attempt]) -> int | None:
    """Return how many attempts may still begin, None without a limit; each reopening is one more."""
    if quiz.attempts is None:
        return None
    return max(0, quiz.attempts + sum(1 for one in done if one.reopened) - len(done))


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


def may_reopen(quiz: Quiz, events: Sequence[Event], now: datetime) -> Attempt:
    """Return the attempt after which one more may be allowed.

    Raises RefusedError where none has ended, or another may begin as it is.
    """
    done = attempts(quiz, events)
    if not done or not done[-1].finished:
        raise RefusedError("tidak ada percobaan yang selesai")
    try:
        may_open(quiz, events, now)
    except RefusedError:
        return done[-1]
    raise RefusedError("percobaan berikutnya sudah boleh dimulai")


def reopening(quiz: Quiz, events: Sequence[Event], *, by: str, reason: str, now: datetime) -> list[Given]:
    """Return the event by which a person (`by`, a learner id) allows one more attempt.

    What was answered and its mark stand. Raises RefusedError as `may_reopen` does.
    """
    last = may_reopen(quiz, events, now)
    return [
        Given(
            id=str(uuid.uuid4()),
            verb="reopened",
            object=quiz.root,
            attempt=last.number,
            after=last.last_seq,
            revision=revision(quiz),
            result={"by": by, "reason": reason},
        )
    ]


def time_up(quiz: Quiz, events: Sequence[Event], now: datetime | None) -> Attempt | None:
    """Return the running attempt whose forced time is over, None while there is time."""
    if not quiz.forced or now is None:
        return None
    done = attempts(quiz, events)
    if not done or done[-1].finished:
        return None
    end = ends_at(quiz, done[-1])
    return done[-1] if end is not None and now > end else None
