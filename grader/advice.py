"""What is wrong with an item, told by itself: figures → codes, codes → Indonesian sentences.

Thresholds: facility and efficiency as the Moodle documentation reads them (95 % and more is extremely easy,
20 % and less difficult; below 15 % efficiency Moodle marks a question as dubious); the others are ours.
Below MINIMUM answers nothing is said, because nearly every figure could be chance.

Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from netralitas.i18n import _, number

MINIMUM = 30
"""Attempts from which figures mean something: a correlation of 30 is known to about ± 0,35."""

EASY, HARD, WEAK = 0.95, 0.20, 0.15

Code = Literal[
    "too_easy", "too_hard", "no_better_than_guessing", "backwards", "weak", "unused", "key_avoided"
]


def warnings(figures: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> list[tuple[Code, str]]:
    """Return code and sentence of everything that is wrong with an item, the worst last.

    `figures` has the columns of `items.STATISTICS` and `guess`; `options` are rows of `option, right, count,
    lower, upper`, shares of the weak and the strong third. None and NaN are no figure.
    """
    if figures["answers"] < MINIMUM:
        return []
    return [*_hardness(figures), *_options(options), *_discrimination(figures), *_key(options)]


def share(value: float) -> str:
    """Return a share as «71 %»."""
    return f"{number(round(100 * value))} %"


def _hardness(figures: Mapping[str, Any]) -> Iterable[tuple[Code, str]]:
    facility, guess = figures["facility"], figures["guess"]
    if facility >= EASY:
        yield (
            "too_easy",
            _("Terlalu mudah: rata-rata {share}. Soal ini hampir tidak membedakan siapa pun.").format(
                share=share(facility)
            ),
        )
    elif guess is not None and facility <= guess:
        yield (
            "no_better_than_guessing",
            _(
                "Terlalu sulit: rata-rata {share}, tidak lebih baik daripada menebak ({guess}). "
                "Periksa kunci dan kalimatnya."
            ).format(share=share(facility), guess=share(guess)),
        )
    elif facility <= HARD:
        yield (
            "too_hard",
            _("Terlalu sulit: rata-rata {share}. Periksa kunci dan kalimatnya.").format(
                share=share(facility)
            ),
        )


def _options(options: Sequence[Mapping[str, Any]]) -> Iterable[tuple[Code, str]]:
    unused = [one["option"] for one in options if one["right"] is False and one["count"] == 0]
    if unused:
        yield (
            "unused",
            _("Pengecoh tidak dipilih siapa pun: {names}. Ganti dengan salah paham yang nyata.").format(
                names=", ".join(unused)
            ),
        )


def _discrimination(figures: Mapping[str, Any]) -> Iterable[tuple[Code, str]]:
    found, efficiency = figures["discrimination"], figures["efficiency"]
    if not _known(found):
        return
    if found < 0:
        yield (
            "backwards",
            _("Membedakan terbalik ({value}): yang lemah lebih sering benar. Periksa kuncinya.").format(
                value=number(round(found, 2))
            ),
        )
    elif _known(efficiency) and efficiency < WEAK:
        yield (
            "weak",
            _("Hampir tidak membedakan yang kuat dari yang lemah (efisiensi {share}).").format(
                share=share(efficiency)
            ),
        )


def _key(options: Sequence[Mapping[str, Any]]) -> Iterable[tuple[Code, str]]:
    """Tell that the strong third takes a wrong option more often than one of the key."""
    strong = {kind: [one for one in options if one["right"] is kind] for kind in (True, False)}
    if not all(strong.values()) or not all(_known(one["upper"]) for one in options):
        return
    lure = max(strong[False], key=lambda one: one["upper"])
    key = min(strong[True], key=lambda one: one["upper"])
    if lure["upper"] > key["upper"]:
        yield (
            "key_avoided",
            _(
                "Sepertiga terkuat lebih sering memilih {lure} ({a}) daripada kunci {key} ({b}). "
                "Mungkin kuncinya salah."
            ).format(lure=lure["option"], a=share(lure["upper"]), key=key["option"], b=share(key["upper"])),
        )


def _known(value: float | None) -> bool:
    return value is not None and not math.isnan(value)
