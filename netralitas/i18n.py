"""Words for people: the gettext catalogue, days and numbers as Indonesians write them.

Message ids are the Indonesian text itself, so without a catalogue Indonesian shows. Pure but for
reading the catalogues once.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

LANGUAGE: ContextVar[str] = ContextVar("LANGUAGE", default="id")
ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("netralitas", Path(__file__).parent / "locale", [language], fallback=True)


def _(message: str) -> str:
    """Return `message` in the language of this context."""
    return _catalogue(LANGUAGE.get()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form for `number`; Indonesian has one form for all."""
    return _catalogue(LANGUAGE.get()).ngettext(one, many, number)


def day(when: date) -> str:
    """Return a day as «12 Oktober 2024»."""
    return format_date(when, "d MMMM y", locale=LANGUAGE.get())


def month(when: date) -> str:
    """Return the month of a day as «Oktober 2024»."""
    return format_date(when, "MMMM y", locale=LANGUAGE.get())


def moment(when: datetime, zone: str = "WIB") -> str:
    """Return an instant as «24 Nov 2026, 23.59 WITA». `when` is aware; `zone` is WIB, WITA or WIT."""
    local = when.astimezone(ZONES[zone])
    return f"{format_date(local.date(), 'd MMM y', locale=LANGUAGE.get())}, {local:%H.%M} {zone}"


def number(value: float) -> str:
    """Return a number as «1.005» or «30,4»."""
    return format_decimal(value, locale=LANGUAGE.get())
