"""What a learner types: a number, a word or a few, a case in prose. Pure."""

from __future__ import annotations

import re
from typing import Any

from netralitas.i18n import _
from netralitas.items import folded
from netralitas.quizzes import Number, ShortText, Written

from .bank import Foreign, Measure, Option
from .common import FULL, NEAR, Taken, out, quoted, unreplied

_HALF = 0.5
_MOST_TEXTS = 20
_MOST_UNIT = 20
_MARKED = ("criteria", "model_answer", "markers", "gap")
_MOST_WHOLE = 1e15
_ESCAPED_STAR = re.compile(r"\\\*")


def number_out(question: Number) -> Foreign:
    """Give one number and its tolerance; where a format has no units, ours stays a note."""
    measure = Measure(value=question.key, tolerance=question.tolerance)
    return out(question, {}, qtype="numerical", measures=(measure,), unit=question.unit)


def number_in(foreign: Foreign) -> Taken:
    """Take the first number that is worth the whole point."""
    right = next((one for one in foreign.measures if one.value is not None and one.fraction >= FULL), None)
    if right is None or right.value is None:
        return Taken(None, (_none_right(),))
    lost = unreplied(one.feedback for one in foreign.measures)
    others = [_as_told(one) for one in foreign.measures if one is not right and one.value is not None]
    if others:
        lost += (_("jawaban lain tidak dibawa: {texts}").format(texts=quoted(others)),)
    unit = str(foreign.own.get("unit", "")) if foreign.unit is None else foreign.unit
    if len(unit) > _MOST_UNIT:
        told = _("satuan lebih dari {n} huruf tidak dibawa: {texts}")
        lost, unit = (*lost, told.format(n=_MOST_UNIT, texts=quoted([unit]))), ""
    raw = {"kind": "number", "key": _whole(right.value), "tolerance": _whole(right.tolerance)}
    return Taken(raw | ({"unit": unit} if unit else {}), lost)


def _whole(value: float) -> float | int:
    """Return a number as an author would write it: without decimals where it has none."""
    whole = abs(value) < _MOST_WHOLE and repr(float(int(value))) == repr(value)
    return int(value) if whole else value


def _as_told(one: Measure) -> str:
    near = f" ± {one.tolerance:g}" if one.tolerance else ""
    return f"{one.value:g}{near} ({one.fraction:.0%})"


def short_text_out(question: ShortText) -> Foreign:
    """Give accepted texts; a star, which elsewhere stands for anything, is written as itself."""
    worth = [*((text, 1.0) for text in question.key), *((text, _HALF) for text in question.half)]
    options = tuple(Option(text=text.replace("*", r"\*"), fraction=fraction) for text, fraction in worth)
    return out(question, {}, qtype="shortanswer", options=options)


def short_text_in(foreign: Foreign) -> Taken:
    """Take accepted texts: those worth the whole point, and those worth a part of it as a half."""
    lost = unreplied(option.feedback for option in foreign.options)
    patterns = [option.text for option in foreign.options if "*" in _ESCAPED_STAR.sub("", option.text)]
    if patterns:
        lost += (_("pola dengan * tidak dibawa: {texts}").format(texts=quoted(patterns)),)
    plain = [one for one in foreign.options if "*" not in _ESCAPED_STAR.sub("", one.text) and one.text]
    if wrong := [one.text for one in plain if one.fraction <= 0]:
        lost += (_("jawaban bernilai nol tidak dibawa: {texts}").format(texts=quoted(wrong)),)
    # A text worth more stands before one worth less that is the same here.
    worth = sorted((one for one in plain if one.fraction > 0), key=lambda one: one.fraction < FULL)
    texts, doubled = _distinct(worth)
    if doubled:
        lost += (_("jawaban yang sama di sini digabung atau kosong: {texts}").format(texts=quoted(doubled)),)
    key = [one.text for one in texts if one.fraction >= FULL]
    half = [one for one in texts if one.fraction < FULL]
    if not key:
        return Taken(None, (_none_right(),))
    if partly := [f"{one.text} {one.fraction:.0%}" for one in half if abs(one.fraction - _HALF) > NEAR]:
        lost += (_("bobot sebagian menjadi setengah: {texts}").format(texts=quoted(partly)),)
    if len(key) > _MOST_TEXTS or len(half) > _MOST_TEXTS:
        lost += (_("hanya {n} jawaban pertama dibawa").format(n=_MOST_TEXTS),)
    raw: dict[str, Any] = {"kind": "short_text", "key": key[:_MOST_TEXTS]}
    return Taken(raw | ({"half": [one.text for one in half[:_MOST_TEXTS]]} if half else {}), lost)


def _distinct(options: list[Option]) -> tuple[list[Option], list[str]]:
    """Return texts that differ as they are compared here, stars as themselves, and those that do not."""
    kept: dict[str, Option] = {}
    doubled = []
    for option in options:
        text = _ESCAPED_STAR.sub("*", option.text)
        name = folded(text)
        if not name or name in kept:
            doubled.append(text)
        else:
            kept[name] = option.model_copy(update={"text": text})
    return list(kept.values()), doubled


def _none_right() -> str:
    return _("tidak ada jawaban yang bernilai penuh; soal dilewati")


def written_out(question: Written) -> Foreign:
    """Give an essay; its rubric and model answer stand where a marker sees them, and in our note."""
    dumped = question.model_dump(mode="json")
    own: dict[str, Any] = {name: dumped[name] for name in _MARKED if name in dumped}
    return out(question, own, qtype="essay", grader=_rubric(own))


def written_in(foreign: Foreign) -> Taken:
    """Take rubric and model answer from our note while they are what a marker sees."""
    told = {name: foreign.own[name] for name in _MARKED if name in foreign.own}
    if told and (foreign.grader is None or foreign.grader == _rubric(told)):
        return Taken({"kind": "written", "criteria": "", "model_answer": ""} | told)
    raw = {"kind": "written", "criteria": [{"text": foreign.grader or "", "points": ""}], "model_answer": ""}
    lost = _("informasi untuk penilai menjadi satu kriteria: bagi, beri poin, dan tulis jawaban contohnya")
    return Taken(raw, (lost,) if foreign.grader else ())


def _rubric(told: dict[str, Any]) -> str:
    """Return rubric and model answer as a marker reads them, empty where the note is none of ours."""
    try:
        criteria = [line for one in told["criteria"] for line in _criterion(one)]
        return "\n".join(["Rubrik:", *criteria, "", "Jawaban contoh:", str(told["model_answer"])])
    except (KeyError, TypeError):
        return ""


def _criterion(told: dict[str, Any]) -> list[str]:
    levels = [f"  {one['points']}: {one['text']}" for one in told.get("levels", ())]
    return [f"- {told['text']} ({told['points']} poin)", *levels]
