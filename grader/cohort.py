"""Made-up learners: how able they are, what they know, what they answer.

The model is the three-parameter logistic one (Birnbaum 1968), told as a story:

    ability of a person     normal, mean 0, sd 1
    difficulty of an item   normal, mean −1, sd 0.9         (most learners know most of it)
    discrimination          log-normal, median 1.2, sigma 0.25
    knows it                with probability 1 / (1 + exp(−discrimination · (ability − difficulty)));
                            then answers right
    else believes a lure    with probability 0.05 to 0.4, drawn for the item: always the same wrong answer
    else guesses            blindly, so now and then right

Who knows is mostly sure, who believes a lure nearly always (sure and wrong), who guesses mostly says so.

Pure: everything follows from the seed. Each person and each item has dice of their own, so one more item or
person changes nobody else.
"""

from __future__ import annotations

import math
import random
from typing import Any, Literal, NamedTuple

from netralitas.model import Value
from netralitas.quizzes import Question

from .item_kinds import make_up

Certainty = Literal["yakin", "ragu", "menebak"]
State = Literal["knows", "believes", "guesses"]

_SURE: dict[State, tuple[float, float, float]] = {
    "knows": (0.7, 0.25, 0.05),
    "believes": (0.85, 0.15, 0.0),
    "guesses": (0.05, 0.35, 0.6),
}
"""How often each says yakin, ragu, menebak."""


class Traits(Value):
    """What is true of an item in the model. `lure`: how many of those who do not know believe it."""

    difficulty: float
    discrimination: float
    lure: float


class Answering(NamedTuple):
    """A made-up answer as a page would send it, and how sure it was given."""

    answer: Any
    certainty: Certainty


def ability(seed: int, person: int) -> float:
    """Return the ability of a person, numbered from 0."""
    return _dice(seed, "orang", person).gauss(0, 1)


def traits(seed: int, item: str) -> Traits:
    """Return what is true of an item."""
    dice = _dice(seed, "soal", item)
    return Traits(
        difficulty=dice.gauss(-1, 0.9),
        discrimination=1.2 * math.exp(dice.gauss(0, 0.25)),
        lure=dice.uniform(0.05, 0.4),
    )


def knowing(theta: float, item: Traits) -> float:
    """Return the probability that a person of ability `theta` knows the answer to an item."""
    return 1 / (1 + math.exp(-item.discrimination * (theta - item.difficulty)))


def answering(question: Question, *, seed: int, person: int, attempt: int = 1, tried: int = 0) -> Answering:
    """Return what a person answers. Raises KeyError, with the kind, for a kind nobody can make up.

    `tried` counts the wrong tries before; each is a new throw of the dice.
    """
    item = traits(seed, question.id)
    dice = _dice(seed, "jawab", person, attempt, question.id, tried)
    state = _state(ability(seed, person), item, dice)
    if state == "believes":
        # The same dice for everybody: a lure is one wrong answer that many share.
        answer = make_up(question, "wrong", _dice(seed, "umpan", question.id))
    else:
        answer = make_up(question, "right" if state == "knows" else "blind", dice)
    return Answering(answer, dice.choices(("yakin", "ragu", "menebak"), _SURE[state])[0])


def _state(theta: float, item: Traits, dice: random.Random) -> State:
    if dice.random() < knowing(theta, item):
        return "knows"
    return "believes" if dice.random() < item.lure else "guesses"


def _dice(*names: object) -> random.Random:
    # Seeded by text: Mersenne twister and its seeding are specified, so every machine throws the same.
    return random.Random("/".join(map(str, names)))  # noqa: S311  (made-up people, no secrets)
