"""What the office knows of each kind of item; a new kind is a row of `KINDS` and its few functions.

    guess     question → what blind guessing earns on average, None where nobody can say
    options   question → {label: is it right}, what could be picked; empty where there is nothing to count
    picked    answer → the labels it picks
    blind     question, dice → an answer of somebody who does not look; now and then one that scores less

Pure. A kind that is not in the table has statistics all the same, but no options; nobody can make up
answers to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from netralitas.items import (
    STEPS,
    Classification,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    Question,
    Rating,
    Reply,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from netralitas.scoring import key_reply, score, written_number

Choosing = SingleChoice | TrueFalse | MultipleChoice
Placing = Matching | Classification

Aim = Literal["right", "wrong", "blind"]


class Manner(NamedTuple):
    """The functions of one kind, as the module says."""

    guess: Callable[[Any], float | None]
    options: Callable[[Any], Mapping[str, bool]]
    picked: Callable[[Any], tuple[str, ...]]
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
    if aim == "right":
        return _listed(key_reply(question))
    answer = manner.blind(question, dice)
    while aim == "wrong" and score(question, answer) >= 1:
        answer = manner.blind(question, dice)
    return answer


def _one_of_all(question: Choosing) -> float:
    return 1 / len(question.choices)


def _one_of_columns(question: Placing) -> float:
    return 1 / len(question.columns)


def _half(_question: Question) -> float:
    return 0.5


def _zero(_question: Question) -> float:
    return 0.0


def _no_guess(_question: Question) -> None:
    return None


def _choices(question: Choosing) -> Mapping[str, bool]:
    return {choice.id: choice.id in question.key for choice in question.choices}


def _pairs(question: Placing) -> Mapping[str, bool]:
    return {
        f"{row.id} → {column.id}": question.key[row.id] == column.id
        for row in question.rows
        for column in question.columns
    }


def _steps(question: Rating) -> Mapping[str, bool]:
    return {
        f"{row.id} → {step}": str(question.key[row.id]) == step for row in question.rows for step in STEPS
    }


def _no_options(_question: Question) -> Mapping[str, bool]:
    return {}


def _letters(answer: object) -> tuple[str, ...]:
    return tuple(map(str, answer)) if isinstance(answer, list | tuple) else ()


def _placed(answer: object) -> tuple[str, ...]:
    return tuple(f"{row} → {one}" for row, one in answer.items()) if isinstance(answer, Mapping) else ()


def _unread(_answer: object) -> tuple[str, ...]:
    return ()


def _listed(answer: Reply) -> Any:
    return list(answer) if isinstance(answer, tuple) else answer


def _tick_one(question: Choosing, dice: random.Random) -> list[str]:
    return [dice.choice(list(_choices(question)))]


def _tick_some(question: Choosing, dice: random.Random) -> list[str]:
    letters = list(_choices(question))
    # A page sends no empty answer, so somebody who ticks nothing ticks one.
    return [letter for letter in letters if dice.getrandbits(1)] or [dice.choice(letters)]


def _match(question: Placing, dice: random.Random) -> dict[str, str]:
    columns = [column.id for column in question.columns]
    dice.shuffle(columns)
    return dict(zip([row.id for row in question.rows], columns, strict=False))


def _sort(question: Placing, dice: random.Random) -> dict[str, str]:
    return {row.id: dice.choice([column.id for column in question.columns]) for row in question.rows}


def _rate(question: Rating, dice: random.Random) -> dict[str, str]:
    return {row.id: dice.choice(STEPS) for row in question.rows}


def _any_order(question: Ordering, dice: random.Random) -> list[str]:
    return dice.sample(list(question.key), len(question.key))


def _number_off(question: Number, dice: random.Random) -> str:
    far = question.tolerance + abs(question.key) / 2 + 1
    return written_number(round(question.key + far * dice.choice((-1, 1, 2)), 2))


def _unknown(_question: ShortText, dice: random.Random) -> str:
    return dice.choice(("tidak tahu", "lupa"))


KINDS: Mapping[str, Manner] = {
    "single_choice": Manner(_one_of_all, _choices, _letters, _tick_one),
    "true_false": Manner(_one_of_all, _choices, _letters, _tick_one),
    "multiple_choice": Manner(_no_guess, _choices, _letters, _tick_some),
    "matching": Manner(_one_of_columns, _pairs, _placed, _match),
    "classification": Manner(_one_of_columns, _pairs, _placed, _sort),
    "rating": Manner(_no_guess, _steps, _placed, _rate),
    "ordering": Manner(_half, _no_options, _unread, _any_order),
    "number": Manner(_zero, _no_options, _unread, _number_off),
    "short_text": Manner(_zero, _no_options, _unread, _unknown),
}
