"""Words for people: the gettext catalogues, days and numbers as the readers of a language write them.

Message ids are the Indonesian text itself, so without a catalogue Indonesian shows. Pure but for
reading the catalogues once.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

LANGUAGE: ContextVar[str] = ContextVar("LANGUAGE", default="id")
ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said inside in one language: its reader's, or Indonesian for what is handed on."""
    token = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(token)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return a catalogue, read from its `.po` file: nothing compiled beforehand can be stale."""
    path = _file(language)
    if not path.is_file():
        return gettext.NullTranslations()
    # Here, because a kernel, which only speaks Indonesian, does not carry it.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


def script_texts(language: str) -> dict[str, str]:
    """Return the translations scripts may ask for, by message id; empty without a catalogue."""
    path = _file(language)
    if not path.is_file():
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with path.open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, locale=language)
            if message.string and any(name.endswith(".js") for name, _line in message.locations)
        }


def _file(language: str) -> Path:
    return Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "netralitas.po"


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
