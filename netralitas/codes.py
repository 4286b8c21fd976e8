"""Activation codes for many people at once, written to a file only its owner can read."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .i18n import _
from .roster import neutral

if TYPE_CHECKING:
    from .store import Store


def write_codes(store: Store, out: Path, *, nip: str, unit: str, by: str) -> int:
    """Write `nip,nama,unit,kode` for one NIP or a unit's people; return how many.

    Raises LookupError with one sentence when nobody is meant, FileExistsError when `out` exists.
    """
    if nip:
        account = store.account_by_nip("".join(nip.split()))
        if account is None:
            raise LookupError(_("NIP itu tidak ada di daftar pegawai. Impor daftarnya dahulu."))
        people = [(account.learner, account.nip, account.name, account.unit)]
    else:
        rows = store.people_under((unit,))
        people = [(row.learner, row.nip, row.name, row.unit) for row in rows]
    if not people:
        raise LookupError(_("Tidak ada orang di unit itu. Periksa penulisannya di daftar pegawai."))
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nip", "nama", "unit", "kode"])
        codes = store.issue_codes([learner for learner, *_rest in people], by)
        for learner, number, name, place in people:
            writer.writerow([number, neutral(name), neutral(place or ""), codes[learner]])
    return len(people)
