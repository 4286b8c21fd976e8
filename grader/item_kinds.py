"""What the office knows of each kind of item; a new kind is a row of `KINDS` and its few functions.

    guess     question → what blind guessing earns on average, None where nobody can say
    options   question → {label: is it right}, what could be picked; empty where there is nothing to count
    picked    answer → the labels it picks
    right     question → the answer that scores 1, as a page would send it
    blind     question, dice → an answer of somebody who does not look; now and then one that scores less

Pure. A kind that is not in the table has statistics all the same, but no options; nobody can make up
answers to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from netralitas.quizzes import Question, score

Aim = Literal["right", "wrong", "blind"]


class Manner(NamedTuple):
    """The functions of one kind, as the module says."""

    guess: Callable[[Any], float | None]
    options: Callable[[Any], Mapping[str, bool]]
    picked: Callable[[Any], tuple[str, ...]]
    right: Callable[[Any], Any]
    blind: Callable[[Any, random.Random], Any]


def guess_score(question: Question) -> float | None:
    """Return what blind guessing earns, 0 to 1, None where the kind allows no such number.

    As in Moodle: one of k choices 1/k, true or false 1/2, several choices none.
    """
    manner = KINDS.get(question.kind)
    return manner.guess(question) if manner else None


def options(question: Question) -> Mapping[str, bool]:
    """Return every label that could be picked and whether the key holds it, in the item's order."""
    manner = KINDS.get(question.kind)
    return manner.options(question) if manner else {}


def picked(kind: str, answer: object) -> tuple[str, ...]:
    """Return the labels an answer picks, none for a blank."""
    manner = KINDS.get(kind)
    return manner.picked(answer) if manner and answer is not None else ()


def make_up(question: Question, aim: Aim, dice: random.Random) -> Any:
    """Return an invented answer, JSON-like: the key, one that scores less than 1, or a blind guess.

    Raises KeyError, with the kind, for a kind that nobody has written answers for.
    """
    manner = KINDS[question.kind]
    answer = manner.right(question) if aim == "right" else manner.blind(question, dice)
    while aim == "wrong" and score(question, answer) >= 1:
        answer = manner.blind(question, dice)
    return answer


def _one_of_all(question: Question) -> float:
    return 1 / len(question.choices)


def _no_guess(_question: Question) -> None:
    return None


def _choices(question: Question) -> Mapping[str, bool]:
    return {choice.id: choice.id in question.key for choice in question.choices}


def _letters(answer: object) -> tuple[str, ...]:
    return tuple(map(str, answer)) if isinstance(answer, list | tuple) else ()


def _key(question: Question) -> list[str]:
    return sorted(question.key)


def _tick_one(question: Question, dice: random.Random) -> list[str]:
    return [dice.choice(list(_choices(question)))]


def _tick_some(question: Question, dice: random.Random) -> list[str]:
    letters = list(_choices(question))
    # A page sends no empty answer, so somebody who ticks nothing ticks one.
    return [letter for letter in letters if dice.getrandbits(1)] or [dice.choice(letters)]


KINDS: Mapping[str, Manner] = {
    "single_choice": Manner(_one_of_all, _choices, _letters, _key, _tick_one),
    "true_false": Manner(_one_of_all, _choices, _letters, _key, _tick_one),
    "multiple_choice": Manner(_no_guess, _choices, _letters, _key, _tick_some),
}
