"""Bots sit a quiz: who knows nothing must not pass what was drawn for them.

    quiz + seeds  ──sat──►  for each bot its mark in each drawn form

Pure. The bots are those of the stories: one guesses, one is sure and wrong, one always takes the longest
option, one is the expert. A form and what a bot answers follow from the seed alone, so figures are the same
on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .attempts import mark
from .bots import BOTS, Bot, called, longest
from .forms import Quiz, form
from .i18n import _
from .items import (
    Classification,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    Question,
    Rating,
    Reply,
    ShortText,
)
from .scoring import key_reply, score

STEPS = ("1", "2", "3", "4")
BLIND = "0"
"""What a bot types that does not know the answer."""


def sat(quiz: Quiz, seeds: Iterable[int]) -> dict[Bot, list[int]]:
    """Return the marks of each bot in the forms of these seeds."""
    marks: dict[Bot, list[int]] = {bot: [] for bot in BOTS}
    for seed in seeds:
        drawn = [quiz.question(name) for name in form(quiz, seed)]
        for bot, found in marks.items():
            dice = random.Random(f"{bot}/{seed}")  # noqa: S311  (a bot, not a secret)
            found.append(mark([score(one, reply(bot, one, dice)) for one in drawn], len(drawn)))
    return marks


def reply(bot: Bot, question: Question, dice: random.Random) -> Reply:
    """Return what a bot answers."""
    if bot == "expert":
        return key_reply(question)
    if isinstance(question, Number | ShortText):
        return BLIND
    if bot == "longest":
        return _longest(question)
    if bot == "guesser":
        return _guess(question, dice)
    # The surest way to be wrong: of many guesses the one worth least.
    guesses = (_guess(question, random.Random(number)) for number in range(20))  # noqa: S311  (no secret)
    return min(guesses, key=lambda one: score(question, one))


def _guess(question: Question, dice: random.Random) -> Reply:
    rows = [row.id for row in question.rows]
    if isinstance(question, Matching | Classification | Rating):
        columns = [column.id for column in question.columns] or STEPS
        return {row: dice.choice(columns) for row in rows}
    if isinstance(question, Ordering):
        return tuple(dice.sample(rows, len(rows)))
    if isinstance(question, MultipleChoice):
        return tuple(row for row in rows if dice.random() < 0.5) or (dice.choice(rows),)  # noqa: PLR2004
    return (dice.choice(rows),)


def _longest(question: Question) -> Reply:
    texts = {row.id: row.text for row in question.rows}
    long = longest(texts)
    if isinstance(question, Rating):
        return {row: STEPS[-1] if row in long else STEPS[0] for row in texts}
    if isinstance(question, Matching | Classification):
        heads = {column.id: column.text for column in question.columns}
        return dict.fromkeys(texts, max(heads, key=lambda name: len(heads[name])))
    if isinstance(question, Ordering):
        return tuple(sorted(texts, key=lambda name: -len(texts[name])))
    return (
        tuple(long)
        if isinstance(question, MultipleChoice)
        else (max(texts, key=lambda name: len(texts[name])),)
    )


def lines(quiz: Quiz, marks: Mapping[Bot, Sequence[int]]) -> list[str]:
    """Return mean, lowest and highest mark of each bot as lines for a terminal."""
    wide = max(len(called(bot)) for bot in marks)
    number = len(next(iter(marks.values())))
    told = [_("{title} ({id}): {n} lembar").format(title=quiz.title, id=quiz.id, n=number)]
    told.append(f"  {_('bot'):<{wide}} {_('rata-rata'):>10} {_('terendah'):>10} {_('tertinggi'):>10}")
    for bot, found in marks.items():
        mean = f"{sum(found) / len(found):.1f}"
        told.append(f"  {called(bot):<{wide}} {mean:>10} {min(found):>10} {max(found):>10}")
    return told


def figures(marks: Mapping[Bot, Sequence[int]]) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        bot: {"mean": round(sum(found) / len(found), 2), "lowest": min(found), "highest": max(found)}
        for bot, found in marks.items()
    }
