"""One or several of a list are right: single and multiple choice, true/false. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from netralitas.i18n import _
from netralitas.quizzes import MultipleChoice, SingleChoice, TrueFalse

from .bank import Foreign, Option
from .common import FULL, NEAR, Taken, letters, out

Choosing = SingleChoice | MultipleChoice | TrueFalse

TRUE, FALSE = "Benar", "Salah"

_MOST_CHOICES = 8


def choices_out(question: Choosing) -> Foreign:
    """One or several choices. Wrong ticks cost what right ones bring, as in `quizzes.score`."""
    several = question.kind == "multiple_choice"
    worth = round(1 / len(question.key), 7)
    options = tuple(
        Option(
            text=choice.text,
            feedback=choice.feedback,
            fraction=worth if choice.id in question.key else -worth if several else 0.0,
        )
        for choice in question.choices
    )
    own = {"letters": [choice.id for choice in question.choices], "key": list(question.key)}
    return out(question, own, qtype="multichoice", single=not several, options=options)


def true_false_out(question: Choosing) -> Foreign:
    """Moodle's true/false has no texts of its own; with other words it is one choice of two."""
    if tuple(choice.text for choice in question.choices) != (TRUE, FALSE):
        return choices_out(question)
    return choices_out(question).model_copy(update={"qtype": "truefalse"})


def choices_in(foreign: Foreign) -> Taken:
    """Take one or several choices; say where their weights were not ours."""
    number = len(foreign.options)
    if not 2 <= number <= _MOST_CHOICES:  # noqa: PLR2004  (the least there is to choose from)
        told = _("ada {n} pilihan, yang dapat dibawa 2 sampai {most}; soal dilewati")
        return Taken(None, (told.format(n=number, most=_MOST_CHOICES),))
    worth = [option.fraction for option in foreign.options]
    right = [value >= FULL if foreign.single else value > 0 for value in worth]
    names, lost = letters(foreign, number)
    key = [letter for letter, good in zip(names, right, strict=True) if good]
    told_key = foreign.own.get("key")
    if isinstance(told_key, list) and sorted(map(str, told_key)) == sorted(key):
        key = told_key  # the same letters, in the order they were written in
    kind = "single_choice" if foreign.single else "multiple_choice"
    if kind == "single_choice" and foreign.own.get("kind") == "true_false":
        kind = "true_false"
    choices = [
        {"id": letter, "text": option.text, "feedback": option.feedback}
        for letter, option in zip(names, foreign.options, strict=True)
    ]
    raw = {"kind": kind, "choices": choices, "key": key}
    return Taken(raw, (*lost, *_weights(foreign, dict(zip(names, worth, strict=True)), len(key))))


def true_false_in(foreign: Foreign) -> Taken:
    """Take true, which the reader gives first, and false; our words stand in their place."""
    worded = [
        option.model_copy(update={"text": text})
        for option, text in zip(foreign.options, (TRUE, FALSE), strict=True)
    ]
    taken = choices_in(foreign.model_copy(update={"options": tuple(worded), "single": True}))
    return Taken((taken.raw or {}) | {"kind": "true_false"}, taken.lost)


def _weights(foreign: Foreign, worth: Mapping[str, float], keys: int) -> tuple[str, ...]:
    """Return a sentence where marks would differ from Moodle's."""
    if foreign.single:
        partly = [f"{letter} {value:.0%}" for letter, value in worth.items() if NEAR < abs(value) < FULL]
        told = _("bobot sebagian tidak dibawa ({which}): pilihan lain bernilai nol")
        return (told.format(which=", ".join(partly)),) if partly else ()
    if not keys:
        return ()
    good = [value for value in worth.values() if value > 0]
    bad = [value for value in worth.values() if value <= 0]
    lost = []
    if any(abs(value - 1 / keys) > NEAR for value in good):
        lost.append(_("bobot pilihan benar tidak sama: di sini semuanya sama"))
    if any(abs(value + 1 / keys) > NEAR for value in bad):
        lost.append(_("penalti pilihan salah berbeda: di sini satu pilihan salah menghapus satu yang benar"))
    return tuple(lost)
