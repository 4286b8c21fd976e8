"""Reminders an officer copies into a chat or a letter: warm, plain, nothing to look up; always Indonesian.

Pure. Two of each kind: one for everybody's eyes, with a number, and one with names, for who leads the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from .i18n import _, day, number

Kind = Literal["never", "unfinished"]
MOST = 100
"""Names in one reminder at most: nobody reads a longer one."""


class Asked(NamedTuple):
    """What a reminder is about: whom of which unit, until when, and where to go."""

    kind: Kind
    unit: str
    names: Sequence[str]
    total: int
    address: str
    deadline: date | None
    today: date
    contact: str = ""


def for_all(asked: Asked) -> str:
    """Return the text for a group: how many, no names."""
    n = number(asked.total)
    told = {
        "never": _("Masih ada {n} rekan di {unit} yang belum pernah masuk ke pelatihan netralitas ASN."),
        "unfinished": _("Masih ada {n} rekan di {unit} yang belum selesai pelatihan netralitas ASN."),
    }
    lines = [_greeting(), told[asked.kind].format(n=n, unit=asked.unit), *_when(asked), *_how(asked)]
    return "\n\n".join([*lines, *_ending(asked)])


def for_leader(asked: Asked) -> str:
    """Return the text for who leads the unit: with names; to be sent to that person alone."""
    told = {
        "never": _("Rekan di {unit} yang belum pernah masuk ke pelatihan netralitas ASN:"),
        "unfinished": _("Rekan di {unit} yang belum selesai pelatihan netralitas ASN:"),
    }
    rows = [f"{place}. {name}" for place, name in enumerate(asked.names[:MOST], start=1)]
    if asked.total > len(rows):
        rows.append(_("… dan {n} orang lagi.").format(n=number(asked.total - len(rows))))
    listed = "\n".join((told[asked.kind].format(unit=asked.unit), *rows))
    please = _("Mohon bantuan Bapak/Ibu mengingatkan mereka secara pribadi. Terima kasih.")
    return "\n\n".join([_greeting(), listed, *_when(asked), *_how(asked), please, *_ask(asked)])


def _greeting() -> str:
    return _("Selamat pagi, Bapak dan Ibu.")


def _when(asked: Asked) -> list[str]:
    if asked.deadline is None:
        return []
    if asked.deadline < asked.today:
        told = _("Tenggatnya {day} sudah lewat, tetapi pelatihan masih dapat diselesaikan sekarang.")
    else:
        told = _("Tenggatnya {day}.")
    return [told.format(day=day(asked.deadline))]


def _how(asked: Asked) -> list[str]:
    if asked.kind == "never":
        steps = _("Caranya: buka {address}, tekan «Baru pertama kali?», lalu ketik NIP dan kode aktivasi.")
        where = _("Kode aktivasi ada pada petugas kepegawaian.")
        return [f"{steps.format(address=asked.address)} {where}"]
    told = _("Buka {address}, masuk, lalu tekan tombol besar di Beranda. Boleh dicicil, juga lewat ponsel.")
    return [told.format(address=asked.address)]


def _ending(asked: Asked) -> list[str]:
    return [
        *_ask(asked),
        _("Yang sudah selesai, terima kasih banyak. Yang belum, kami bantu bila ada kesulitan."),
    ]


def _ask(asked: Asked) -> list[str]:
    return [_("Ada kesulitan? Hubungi {contact}.").format(contact=asked.contact)] if asked.contact else []
