"""What an answer slot of a submitted notebook is worth.

A form of N items has N slots; slot NN holds an item and its answer as plain literals:

    ("k01", "b")               one choice, true or false, a number as typed, a short text
    ("k02", ("a", "c"))        several choices; an ordering
    ("k03", {"a": "2"})        matching, classification, rating
    ("k04", "b", 1)            the same after one wrong try, where the quiz gives several

The hidden test of the notebook ends in `slot_score`, which draws the form again
from the seed and calls the same `netralitas.quizzes.score` as the widget: two paths, one mark.
Everything in a submission is foreign: what does not fit is worth 0 and never raises.
"""

from __future__ import annotations

from typing import Any

from netralitas import content
from netralitas.quizzes import (
    MultipleChoice,
    Number,
    Ordering,
    Question,
    Quiz,
    Reply,
    ShortText,
    form,
    worth,
)
from netralitas.scoring import fault

SEEDS = range(2**63)
"""Seeds a form can be drawn from; a longer number is nobody's form."""


def slot_score(slug: str, formulir: object, slot: int, value: object) -> float:
    """Return the points, 0 to 1, of a slot of the quiz `slug` in this process's content.

    Raises KeyError for a quiz the content does not hold and ContentError for broken content: those
    are the office's faults, not the learner's.
    """
    return slot_points(content.current().quizzes[slug], formulir, slot, value)


def slot_points(quiz: Quiz, formulir: object, slot: int, value: object) -> float:
    """Return the points of `value` in slot `slot` (1 is the first) of the form drawn from `formulir`.

    0 where the seed is no seed, the item is not the one this form has there, or the answer is not one
    the widget would have taken.
    """
    seed = _seed(formulir)
    parts = _parts(quiz, value)
    if seed is None or parts is None:
        return 0.0
    drawn = form(quiz, seed)
    name, given, tries = parts
    if not 1 <= slot <= len(drawn) or drawn[slot - 1] != name:
        return 0.0
    reply = _reply(quiz.question(name), given)
    return worth(quiz, name, reply, tries) if reply else 0.0


def slot_value(question: Question, answer: Reply, tries: int = 0) -> tuple[object, ...]:
    """Return how an answer stands in a slot, after so many wrong tries."""
    several = isinstance(question, MultipleChoice | Ordering)
    given = answer[0] if isinstance(answer, tuple) and not several else answer
    return (question.id, given, tries) if tries else (question.id, given)


def _seed(formulir: object) -> int | None:
    # `type(…) is`, here and below: a subclass may bring its own idea of equality.
    seed: Any = formulir.get("seed") if type(formulir) is dict else None
    return seed if type(seed) is int and seed in SEEDS else None


def _parts(quiz: Quiz, value: object) -> tuple[str, object, int] | None:
    """Return item, answer and wrong tries of a slot, None where it is no such thing."""
    if type(value) is not tuple or len(value) not in {2, 3} or type(value[0]) is not str:
        return None
    tries: Any = value[2] if len(value) > 2 else 0  # noqa: PLR2004  (the third part)
    most = quiz.tries if quiz.feedback == "tries" else 1
    return (value[0], value[1], tries) if type(tries) is int and tries in range(most) else None


def _reply(question: Question, given: object) -> Reply | None:
    """Return the answer a slot holds, None where the widget would not have taken it."""
    found: Reply
    if type(given) is dict and all(type(x) is str for row in given.items() for x in row):
        found = given
    elif type(given) is tuple and all(type(letter) is str for letter in given):
        # One letter stands in its slot alone.
        if not isinstance(question, MultipleChoice | Ordering):
            return None
        found = given
    elif type(given) is str:
        found = given if isinstance(question, Number | ShortText) else (given,)
        if isinstance(question, MultipleChoice | Ordering):
            return None
    else:
        return None
    return None if fault(question, found) else found
