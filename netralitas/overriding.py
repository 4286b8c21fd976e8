"""A mark a trainer puts in place of the computed one, and taking that back.

    attempts + mark + reason  ──overriding──►  event `regraded` of kind `override`
    attempts + reason  ──undoing──►  event `regraded` of kind `undo`: the computed mark again

Pure. Scores stay as they are. Like a regrade it names who and why, says which mark counts now, can bring
completion and never takes it away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from .attempts import Attempt, attempts, counting
from .forms import Quiz
from .i18n import _
from .model import revision
from .record import Event, Given

LONGEST_REASON = 500
"""Letters of a reason at most; the learner reads it."""


class OverrideError(ValueError):
    """Raised where a mark cannot be changed so; the text is one Indonesian sentence."""


def overriding(
    quiz: Quiz, events: Sequence[Event], *, number: int, mark: int, by: str, reason: str
) -> list[Given]:
    """Return the event that gives an attempt another mark; none where it has that mark already.

    `by` is the learner id of the person who does it. Raises OverrideError.
    """
    if not 0 <= mark <= 100:  # noqa: PLR2004  (a mark)
        raise OverrideError(_("Nilai harus bilangan bulat dari 0 sampai 100."))
    return _changed(quiz, events, number, mark, {"kind": "override", "by": by, "reason": reason})


def undoing(quiz: Quiz, events: Sequence[Event], *, number: int, by: str, reason: str) -> list[Given]:
    """Return the event that gives an attempt its computed mark again, none where it has it.

    Raises OverrideError.
    """
    found = _attempt(quiz, events, number)
    if found.computed is None:
        return []
    return _changed(quiz, events, number, found.computed, {"kind": "undo", "by": by, "reason": reason})


def _changed(
    quiz: Quiz, events: Sequence[Event], number: int, mark: int, told: dict[str, str]
) -> list[Given]:
    reason = " ".join(told["reason"].split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise OverrideError(
            _("Tulis alasannya, paling banyak {n} huruf. Peserta membacanya.").format(n=LONGEST_REASON)
        )
    attempt = _attempt(quiz, events, number)
    if attempt.mark == mark and told["kind"] == "override":
        return []
    done = [one for one in attempts(quiz, events) if one.marked is not None]
    after = [one.model_copy(update={"marked": mark}) if one.number == number else one for one in done]
    counted = counting(quiz, after)
    result = {"items": {}, "was": attempt.mark, "mark": mark, "counted": counted.mark if counted else mark}
    return [
        Given(
            id=str(uuid.uuid4()),
            verb="regraded",
            object=quiz.root,
            attempt=number,
            after=attempt.last_seq,
            revision=revision(quiz),
            result=told | {"reason": reason} | result,
        )
    ]


def _attempt(quiz: Quiz, events: Sequence[Event], number: int) -> Attempt:
    """Return an attempt that has a mark. Raises OverrideError."""
    found = next((one for one in attempts(quiz, events) if one.number == number), None)
    if found is None or found.marked is None:
        raise OverrideError(_("Percobaan ini belum punya nilai. Tunggu sampai peserta menyelesaikannya."))
    return found
