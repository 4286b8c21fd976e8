"""One pair of functions for each kind: our item becomes a question others know, theirs becomes ours. Pure.

    Quiz      ──bank──►    Bank           by `OUT`, under our kinds
    Foreign   ──item──►    Taken          by `IN`, under Moodle's kinds

A new kind is a function in each of the two tables. What only we know of an item stands in `Foreign.own`;
what a reader sees (prompt, choices, key, explanation) always comes from what the file shows, so that an edit
made elsewhere counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from netralitas.i18n import _
from netralitas.model import revision
from netralitas.quizzes import MultipleChoice, Question, Quiz, SingleChoice, TrueFalse

from .bank import Bank, Foreign, Option
from .prose import BARRED

Choosing = SingleChoice | MultipleChoice | TrueFalse

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TRUE, FALSE = "Benar", "Salah"
SEEN = frozenset(("prompt", "choices", "key", "explanation"))
"""Fields of an item that every reader sees."""

_MOST_CHOICES = 8
_NEAR = 0.001
_FULL = 1 - _NEAR


class Taken(NamedTuple):
    """An item as a mapping, blanks where an author must write; None where the kind cannot be taken."""

    raw: dict[str, Any] | None
    lost: tuple[str, ...]


def bank(quiz: Quiz) -> Bank:
    """Return a quiz as others know it. Raises ValueError for what no file can hold."""
    for question in quiz.questions:
        if question.kind not in OUT:
            told = _("soal {id}: jenis {kind} belum dapat ditulis ke format lain.")
            raise ValueError(told.format(id=question.id, kind=question.kind))
    places = [(_("kuis {id}").format(id=quiz.id), quiz.model_dump(mode="json", exclude={"questions"}))]
    places += [(_("soal {id}").format(id=one.id), one.model_dump(mode="json")) for one in quiz.questions]
    for where, dumped in places:
        if any(BARRED.search(text) for text in _strings(dumped)):
            told = _("{where}: memuat tanda kendali yang tidak dapat ditulis. Hapus tanda itu.")
            raise ValueError(told.format(where=where))
    own = quiz.model_dump(mode="json", exclude={"questions"}, exclude_defaults=True)
    return Bank(
        title=quiz.title,
        own=own | {"status": quiz.status, "revision": revision(quiz)},
        questions=tuple(OUT[question.kind](question) for question in quiz.questions),
    )


def item(foreign: Foreign) -> Taken:
    """Return the item of a question, without its id, and what the way cost it."""
    if foreign.qtype not in IN:
        told = _("jenis {kind} belum dapat dibawa; soal dilewati").format(kind=foreign.qtype)
        return Taken(None, (told,))
    taken = IN[foreign.qtype](foreign)
    if taken.raw is None:
        return taken
    own = {name: value for name, value in foreign.own.items() if name in _KNOWN}
    raw = {"kind": taken.raw.pop("kind"), "depth": own.pop("depth", ""), "prompt": foreign.prompt}
    raw |= taken.raw | {"explanation": foreign.general} | own
    if not own.get("rules") and not own.get("sources"):
        raw |= {"rules": [""], "on": own.get("on", ""), "claims": own.get("claims") or [""]}
    return Taken(raw, (*foreign.lost, *taken.lost))


def _strings(value: Any) -> Iterator[str]:
    """Yield every text of a dumped value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _common(question: Question, more: dict[str, Any], **kind: Any) -> Foreign:
    """Return what every kind has in common; `own` says what no reader sees, `more` what is the kind's own."""
    own = question.model_dump(mode="json", exclude=set(SEEN), exclude_defaults=True)
    return Foreign(
        name=question.id,
        prompt=question.prompt,
        general=question.explanation,
        own=own | more,
        **kind,
    )


def _choices_out(question: Choosing) -> Foreign:
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
    return _common(question, own, qtype="multichoice", single=not several, options=options)


def _true_false_out(question: Choosing) -> Foreign:
    """Moodle's true/false has no texts of its own; with other words it is one choice of two."""
    if tuple(choice.text for choice in question.choices) != (TRUE, FALSE):
        return _choices_out(question)
    return _choices_out(question).model_copy(update={"qtype": "truefalse"})


def _choices_in(foreign: Foreign) -> Taken:
    """Take one or several choices; say where their weights were not ours."""
    number = len(foreign.options)
    if not 2 <= number <= _MOST_CHOICES:  # noqa: PLR2004  (the least there is to choose from)
        told = _("ada {n} pilihan, yang dapat dibawa 2 sampai {most}; soal dilewati")
        return Taken(None, (told.format(n=number, most=_MOST_CHOICES),))
    worth = [option.fraction for option in foreign.options]
    right = [value >= _FULL if foreign.single else value > 0 for value in worth]
    letters, lost = _letters(foreign)
    key = [letter for letter, good in zip(letters, right, strict=True) if good]
    told_key = foreign.own.get("key")
    if isinstance(told_key, list) and sorted(map(str, told_key)) == sorted(key):
        key = told_key  # the same letters, in the order they were written in
    kind = "single_choice" if foreign.single else "multiple_choice"
    if kind == "single_choice" and foreign.own.get("kind") == "true_false":
        kind = "true_false"
    choices = [
        {"id": letter, "text": option.text, "feedback": option.feedback}
        for letter, option in zip(letters, foreign.options, strict=True)
    ]
    raw = {"kind": kind, "choices": choices, "key": key}
    return Taken(raw, (*lost, *_weights(foreign, dict(zip(letters, worth, strict=True)), len(key))))


def _true_false_in(foreign: Foreign) -> Taken:
    """Take true, which the reader gives first, and false; our words stand in their place."""
    worded = [
        option.model_copy(update={"text": text})
        for option, text in zip(foreign.options, (TRUE, FALSE), strict=True)
    ]
    taken = _choices_in(foreign.model_copy(update={"options": tuple(worded), "single": True}))
    return Taken((taken.raw or {}) | {"kind": "true_false"}, taken.lost)


def _letters(foreign: Foreign) -> tuple[list[str], tuple[str, ...]]:
    """Return a letter for each option, and the loss where those we knew no longer fit."""
    number, known = len(foreign.options), foreign.own.get("letters")
    if known is None:
        return list(LETTERS[:number]), ()
    fits = isinstance(known, list) and len(known) == number == len({str(one) for one in known})
    if fits and all(isinstance(one, str) and len(one) == 1 and one in LETTERS for one in known):
        return list(known), ()
    return list(LETTERS[:number]), (_("jumlah pilihan berubah: huruf pilihan diberikan ulang"),)


def _weights(foreign: Foreign, worth: Mapping[str, float], keys: int) -> tuple[str, ...]:
    """Return a sentence where marks would differ from Moodle's."""
    if foreign.single:
        partly = [f"{letter} {value:.0%}" for letter, value in worth.items() if _NEAR < abs(value) < _FULL]
        told = _("bobot sebagian tidak dibawa ({which}): pilihan lain bernilai nol")
        return (told.format(which=", ".join(partly)),) if partly else ()
    if not keys:
        return ()
    good = [value for value in worth.values() if value > 0]
    bad = [value for value in worth.values() if value <= 0]
    lost = []
    if any(abs(value - 1 / keys) > _NEAR for value in good):
        lost.append(_("bobot pilihan benar tidak sama: di sini semuanya sama"))
    if any(abs(value + 1 / keys) > _NEAR for value in bad):
        lost.append(_("penalti pilihan salah berbeda: di sini satu pilihan salah menghapus satu yang benar"))
    return tuple(lost)


_KNOWN = frozenset(Question.model_fields) - SEEN - {"id", "kind"}

OUT: Mapping[str, Callable[[Any], Foreign]] = {
    "single_choice": _choices_out,
    "multiple_choice": _choices_out,
    "true_false": _true_false_out,
}
"""How each of our kinds goes out."""

IN: Mapping[str, Callable[[Foreign], Taken]] = {
    "multichoice": _choices_in,
    "truefalse": _true_false_in,
}
"""How each of Moodle's kinds comes in."""
