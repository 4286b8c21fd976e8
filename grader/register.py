"""The signed register of forms beside the gradebook: which submission is whose, and what it earned.

    <home>/grader/formulir/<slug>.json   {quiz, entries: {learner: Entry}, signature}
    <home>/formulir.key                  the key, made once, readable by its owner alone

`collect` writes it; `run` and `run --audit` compare each submission with it before they grade it. Signed
(HMAC-SHA256), because the folder of submissions is the trainers' to write in and the key's folder is not:
a submission with another learner's form, another seed or other answers stands in no register of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from netralitas.i18n import _
from netralitas.model import Slug, Value, canonical

from .files import write_text
from .sheet import SetAsideError, Sheet


class RegisterError(Exception):
    """The register cannot be trusted; the text is one Indonesian sentence."""


class Entry(Value):
    """The counting attempt of a learner as it was collected.

    `scores` are those of the record, given when each slot was answered (0 for a blank), in the order of the
    slots; `digest` is the sheet's; `written` names the cases that were answered; `at` is the attempt's end.
    """

    seed: int
    attempt: int
    scores: tuple[float, ...]
    digest: str
    written: tuple[str, ...] = ()
    at: datetime


Entries = Mapping[str, Entry]


class Register:
    """The registers of a course: one file a quiz, all signed with one key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key

    def entries(self, slug: Slug) -> dict[str, Entry]:
        """Return the entries of a quiz by learner; empty before anything was collected.

        Raises RegisterError where the signature is not ours.
        """
        path = self._path(slug)
        try:
            rows = self._signed(slug, json.loads(path.read_text(encoding="utf-8")))
            return {learner: Entry.model_validate(row, strict=False) for learner, row in rows.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise RegisterError(
                _("{file}: tanda tangannya tidak cocok. Hapus berkas itu, lalu jalankan {command}.").format(
                    file=path, command="netralitas grade collect"
                )
            ) from None

    def write(self, slug: Slug, entries: Entries) -> None:
        """Put the entries of a quiz in place of those before, in one step."""
        rows = {learner: entries[learner].model_dump(mode="json") for learner in sorted(entries)}
        body: dict[str, Any] = {"quiz": slug, "entries": rows, "signature": self._signature(slug, rows)}
        write_text(self._path(slug), json.dumps(body, indent=1) + "\n")

    def _signed(self, slug: Slug, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rows of a file that is signed; raise KeyError, TypeError or ValueError for any other."""
        rows: dict[str, Any] = raw["entries"]
        if not hmac.compare_digest(str(raw["signature"]), self._signature(slug, rows)):
            raise ValueError("signature")
        return rows

    def _signature(self, slug: str, rows: Mapping[str, Any]) -> str:
        return hmac.new(self._key, canonical({"quiz": slug, "entries": rows}), hashlib.sha256).hexdigest()

    def _path(self, slug: Slug) -> Path:
        return self._folder / f"{slug}.json"


def checked(sheet: Sheet, entry: Entry | None) -> Entry:
    """Return the entry a sheet belongs to. Raises SetAsideError where it is not what was collected."""
    if entry is None:
        raise SetAsideError(_("tidak ada di daftar lembar; jalankan collect dahulu"))
    if sheet.form != {"seed": entry.seed, "attempt": entry.attempt}:
        raise SetAsideError(_("lembarnya bukan lembar peserta ini"))
    if sheet.digest != entry.digest:
        raise SetAsideError(_("jawabannya bukan yang tercatat"))
    return entry
