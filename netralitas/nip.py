"""The NIP: eighteen digits that carry a birth date, an appointment, a sex and a sequence number.

Pure. A NIP is personal data: no error of this room repeats it, and a `Nip` does not print it.

    PNS    YYYYMMDD  YYYYMM          S  NNN      birth, TMT CPNS, sex, sequence
    PPPK   YYYYMMDD  YYYY  contract  S  NNN      the contract number is 20 or more

Telling the two layouts apart by digits 13 and 14 is a habit of the field, not a rule of law.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from .i18n import _

LENGTH = 18
MADE_UP_YEAR = 1900
"""Birth year of invented people: nobody in service was born then."""

_MONTHS = range(1, 13)
_FIRST_CONTRACT = 20


@dataclass(frozen=True, slots=True)
class Nip:
    """A well-formed NIP. `born` is the birth date, `sex` 1 (male) or 2 (female)."""

    digits: str = field(repr=False)
    layout: Literal["pns", "pppk"]
    born: date = field(repr=False)
    sex: Literal[1, 2]

    @property
    def made_up(self) -> bool:
        """Say whether it belongs to an invented person."""
        return self.born.year == MADE_UP_YEAR

    @property
    def spaced(self) -> str:
        """The NIP as people write it, in groups of 8, 6, 1 and 3 digits."""
        d = self.digits
        return f"{d[:8]} {d[8:14]} {d[14]} {d[15:]}"


def parse(text: str) -> Nip:
    """Return the NIP written in `text`; spaces between the digits are allowed.

    Raises ValueError with one Indonesian sentence for the first fault, which never holds the NIP.
    """
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) and digits:
        raise ValueError(_("NIP memuat huruf atau tanda lain; tulis 18 angka saja."))
    if len(digits) != LENGTH:
        raise ValueError(
            _(
                "NIP harus 18 angka, yang tertulis {count} angka; periksa angka yang kurang atau lebih."
            ).format(count=len(digits))
        )
    born = _birth(digits[:8])
    layout = _layout(digits, born)
    if digits[14] not in "12":
        raise ValueError(_("Angka ke-15 NIP (jenis kelamin) harus 1 atau 2."))
    if digits[15:] == "000":
        raise ValueError(
            _(
                "Nomor urut NIP (angka 16–18) mulai dari 001; bila berkas pernah dibuka di pengolah angka, "
                "angka terakhir mungkin berubah menjadi 000."
            )
        )
    return Nip(digits=digits, layout=layout, born=born, sex=1 if digits[14] == "1" else 2)


@lru_cache(maxsize=1 << 15)
def _birth(digits: str) -> date:
    """Return the day of birth; a roster has fewer days than people."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        born = date.min
    if born.year < MADE_UP_YEAR:
        raise ValueError(
            _("Tanggal lahir pada NIP (angka 1–8) tidak ada di kalender; tulis sebagai TTTTBBHH.")
        )
    return born


def _layout(digits: str, born: date) -> Literal["pns", "pppk"]:
    kind = int(digits[12:14])
    if kind not in _MONTHS and kind < _FIRST_CONTRACT:
        raise ValueError(
            _("Angka 13–14 NIP bukan bulan pengangkatan 01–12 (PNS) atau nomor perjanjian 20 ke atas (PPPK).")
        )
    if int(digits[8:12]) <= born.year:
        raise ValueError(_("Tahun pengangkatan pada NIP (angka 9–12) tidak sesudah tahun lahirnya."))
    return "pns" if kind in _MONTHS else "pppk"
