from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.register import Entry, Register, RegisterError, checked
from grader.sheet import SetAsideError, Sheet

SHEET = Sheet({"seed": 4, "attempt": 1}, (None, ("k01", "a")), {})
AT = datetime(2026, 11, 2, 1, 0, 0, 5, tzinfo=UTC)
ENTRY = Entry(seed=4, attempt=1, scores=(0.0, 0.3333), digest=SHEET.digest, written=("k11",), at=AT)
WHO = "a" * 32


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    register = Register(tmp_path, b"k" * 32)
    assert register.entries("kuis") == {}
    register.write("kuis", {WHO: ENTRY})
    assert register.entries("kuis") == {WHO: ENTRY}
    assert register.entries("lain") == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"seed": 4', '"seed": 5'),
        ("0.3333", "1.0"),
        (WHO, "b" * 32),
        ('"quiz"', '"kuiz"'),
        ("{", "["),
        ("}", ""),
    ],
)
def test_whatever_is_changed_the_signature_tells(tmp_path: Path, before: str, after: str) -> None:
    register = Register(tmp_path, b"k" * 32)
    register.write("kuis", {WHO: ENTRY})
    path = tmp_path / "kuis.json"
    text = path.read_text(encoding="utf-8")
    changed = text.replace(before, after) if before != '"quiz"' else text.replace('"entries"', '"lain"')
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(RegisterError, match="tanda tangannya tidak cocok"):
        register.entries("kuis")


def test_a_register_of_another_quiz_or_key_is_none(tmp_path: Path) -> None:
    Register(tmp_path, b"k" * 32).write("kuis", {WHO: ENTRY})
    (tmp_path / "lain.json").write_bytes((tmp_path / "kuis.json").read_bytes())
    with pytest.raises(RegisterError):
        Register(tmp_path, b"k" * 32).entries("lain")
    with pytest.raises(RegisterError):
        Register(tmp_path, b"l" * 32).entries("kuis")


def test_only_signed_entries_are_believed(tmp_path: Path) -> None:
    register = Register(tmp_path, b"k" * 32)
    register.write("kuis", {WHO: ENTRY})
    path = tmp_path / "kuis.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    rows = raw["entries"]
    for forged in ({"entries": rows}, {"entries": rows, "unsigned": rows}, {"unsigned": rows}):
        path.write_text(json.dumps({"signature": "é", **forged}), encoding="utf-8")
        with pytest.raises(RegisterError):
            register.entries("kuis")


def test_a_sheet_is_checked_against_its_entry() -> None:
    assert checked(SHEET, ENTRY) == ENTRY
    wrong = {
        "tidak ada di daftar": (SHEET, None),
        "bukan lembar peserta ini": (SHEET._replace(form={"seed": 5, "attempt": 1}), ENTRY),
        "bukan yang tercatat": (SHEET._replace(values=(("k01", "a"), None)), ENTRY),
    }
    for reason, (sheet, entry) in wrong.items():
        with pytest.raises(SetAsideError, match=reason):
            checked(sheet, entry)
