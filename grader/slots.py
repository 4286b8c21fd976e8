"""What an answer slot of a submitted notebook is worth.

A form of N items has N slots; slot NN holds `("k07", "b")`, or `("k07", ("a", "c"))` where several
choices are asked. The hidden test of the notebook ends in `slot_score`, which draws the form again
from the seed and calls the same `netralitas.quizzes.score` as the widget: two paths, one mark.
Everything in a submission is foreign: what does not fit is worth 0 and never raises.
"""

from __future__ import annotations

from typing import Any

from netralitas import content
from netralitas.quizzes import Question, Quiz, form, score

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
    answer = _answer(value)
    if seed is None or answer is None:
        return 0.0
    drawn = form(quiz, seed)
    name, given = answer
    if not 1 <= slot <= len(drawn) or drawn[slot - 1] != name:
        return 0.0
    letters = _letters(quiz.question(name), given)
    return score(quiz.question(name), letters) if letters else 0.0


def slot_value(question: Question, answer: tuple[str, ...]) -> tuple[str, str | tuple[str, ...]]:
    """Return how an answer stands in a slot: one letter where one is asked, else a tuple of letters."""
    return (question.id, answer if question.kind == "multiple_choice" else answer[0])


def _seed(formulir: object) -> int | None:
    # `type(…) is`, here and below: a subclass may bring its own idea of equality.
    seed: Any = formulir.get("seed") if type(formulir) is dict else None
    return seed if type(seed) is int and seed in SEEDS else None


def _answer(value: object) -> tuple[str, object] | None:
    if type(value) is not tuple or len(value) != 2 or type(value[0]) is not str:  # noqa: PLR2004  (a pair)
        return None
    return value


def _letters(question: Question, given: object) -> tuple[str, ...]:
    if question.kind != "multiple_choice":
        given = (given,)
    if type(given) is not tuple or not all(type(letter) is str for letter in given):
        return ()
    known = {choice.id for choice in question.choices}
    return given if len(set(given)) == len(given) and known.issuperset(given) else ()
