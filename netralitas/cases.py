"""Written cases: what a learner wrote, and when they may write it.

    events  ──written──►  text by case id

Pure. A case is written once a learner has finished an attempt at its quiz, and stands as it was sent: the
model answer is shown then. The event has a digest of the text; the text can be emptied (`record.sealed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .attempts import Attempt, attempts
from .forms import Quiz
from .items import Written
from .record import LONGEST_TYPED, AnsweredError, Event, RefusedError


def written(quiz: Quiz, events: Sequence[Event]) -> dict[str, str | None]:
    """Return what a learner sent for each written case of a quiz, by its id; the first sent stands.

    None: it has been emptied since.
    """
    known = {question.id for question in quiz.questions if isinstance(question, Written)}
    found: dict[str, str | None] = {}
    for event in events:
        name = event.object.rsplit("/", 1)[-1]
        if event.root == quiz.root and event.verb == "wrote" and name in known:
            found.setdefault(name, event.said)
    return found


def write_event(
    quiz: Quiz, events: Sequence[Event], *, item: str, text: str
) -> tuple[dict[str, Any], Attempt]:
    """Take in a written case: return the event's result and the attempt it stands after.

    Raises RefusedError before the first finished attempt, during another one, for an item that is no case
    and for an empty or overlong text; AnsweredError where the case was sent already.
    """
    done = attempts(quiz, events)
    if not done or not done[-1].finished:
        raise RefusedError("kasus ditulis sesudah kuisnya selesai")
    if item not in {question.id for question in quiz.questions if isinstance(question, Written)}:
        raise RefusedError("kasus ini tidak ada")
    if item in written(quiz, events):
        raise AnsweredError("kasus sudah dikirim")
    if not text.strip() or len(text) > LONGEST_TYPED:
        raise RefusedError("isi kasus kosong atau terlalu panjang")
    return {"text": text.strip()}, done[-1]
