"""Numbers of a file, as text: what is none, too large or the wrong way round refuses the file. Pure."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from netralitas.i18n import _

from .bank import shown

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?")


def number(text: str) -> float:
    """Return the number of a text with a decimal point. Raises ValueError, with the reason."""
    bare = text.strip()
    value = float(bare) if _NUMBER.fullmatch(bare) else math.nan
    if not math.isfinite(value):
        told = _("bilangan '{text}' tidak terbaca atau terlalu besar. Tulis seperti 3.14.")
        raise ValueError(told.format(text=shown(bare)))
    return value


def tolerance(text: str) -> float:
    """Return how far from a number an answer may lie, 0 for a blank. Raises ValueError, with the reason."""
    value = number(text) if text.strip() else 0.0
    if value < 0:
        told = _("toleransi '{text}' kurang dari nol. Tulis tanpa tanda minus.")
        raise ValueError(told.format(text=shown(text)))
    return value


def span(low: str, high: str) -> tuple[float, float]:
    """Return the middle of a range and half its width. Raises ValueError, with the reason."""
    # As decimals, so that half of 3.141..3.142 is what an author would write.
    first, last = (Decimal(repr(number(text))) for text in (low, high))
    if last < first:
        told = _("rentang '{text}' terbalik. Tulis yang kecil lebih dulu.")
        raise ValueError(told.format(text=shown(f"{low}..{high}")))
    middle = (first + last) / 2
    return float(middle), float(last - middle)


def written(value: float) -> str:
    """Return a number that `number` reads as the same."""
    return repr(value).removesuffix(".0")
