"""The report as people read it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from grader.item_report import FIGURES, document
from grader.item_table import as_csv, as_table
from netralitas.quizzes import Quiz

ROW: dict[str, Any] = {
    "item": "k01", "revision": "abcdef0123456789", "current": True, "kind": "single_choice", "prompt": "?",
    "answers": 1200, "facility": 0.714, "sd": 0.45, "discrimination": -0.1234, "efficiency": 0.5,
    "point_biserial": None, "guess": 0.25, "sure_wrong": None,
    "options": [{"option": "a", "right": True, "count": 857, "share": 0.714, "lower": 0.5, "upper": None}],
    "warnings": [{"code": "backwards", "text": "Membedakan terbalik."}],
}  # fmt: skip
TRUST: dict[str, Any] = {
    "attempts": 1200, "items": 10, "sheets": 1, "mean": 71.44, "sd": 18.0, "alpha": 0.7, "low": 0.62,
    "high": 0.781, "error": 9.86, "refused": "",
}  # fmt: skip
REPORT: dict[str, Any] = {
    "quiz": "contoh", "title": "Kuis [red]contoh", "attempts_used": "first", "made_up": False,
    "as_of": "2026-11-02T01:11:00+00:00", "attempts": 1200, "minimum": 30, "meaningful": True,
    "reliability": TRUST, "items": [ROW],
}  # fmt: skip


def test_figures_are_written_as_indonesians_write_them() -> None:
    text = as_table(REPORT, width=160)
    for told in (
        "Kuis [red]contoh (contoh)", "1.200 percobaan (percobaan selesai pertama tiap orang)",
        "2 Nov 2026, 08.11 WIB", "71 %", "███████░░░", "0,45", "-0,12", "◄", "–", "a ✓",
        "alfa Cronbach): 0,70, selang 95 % dari 0,62 sampai 0,78", "9,9 dari 100",
        "k01: Membedakan terbalik.",
    ):  # fmt: skip
        assert told in text
    assert "\x1b" not in text
    assert "REKAAN" not in text


@pytest.mark.parametrize("width", [80, 160])
def test_no_line_is_broken_or_cut_in_any_terminal(width: int) -> None:
    lines = as_table(REPORT | {"items": [ROW] * 3}, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum("1.200" in line and "71 %" in line and "-0,12" in line for line in lines) == 3
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"made_up": True}, "REKAAN"),
        ({"meaningful": False}, "Kurang dari 30 percobaan: angka di bawah belum berarti"),
        ({"attempts_used": "all"}, "seolah-olah dari orang lain"),
        ({"items": [ROW | {"warnings": []}]}, "Tidak ada soal yang mencurigakan."),
        ({"items": [ROW | {"current": False, "options": []}]}, "k01 (lama abcdef)"),
        ({"reliability": TRUST | {"refused": "sheets", "sheets": 17}}, "berbeda-beda (17 macam)"),
        ({"reliability": TRUST | {"sheets": 2}}, "Ada 2 macam lembar"),
        ({"reliability": TRUST | {"refused": "still"}}, "nilainya tidak beragam"),
    ],
)
def test_what_limits_the_figures_is_said(change: dict[str, Any], told: str) -> None:
    assert told in as_table(REPORT | change, width=160)


def test_a_report_on_nobody_is_a_table_of_dashes(quiz: Quiz) -> None:
    text = as_table(document(quiz, [], which="first"), width=160)
    assert "Berdasarkan 0 percobaan" in text
    assert "nan" not in text


def test_csv_has_a_line_for_each_item_and_leaves_cells_empty() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(REPORT)))
    assert list(row) == ["item", "revision", "current", "kind", *FIGURES, "warnings"]
    assert (row["item"], row["facility"], row["point_biserial"], row["warnings"]) == (
        "k01", "0.714", "", "backwards",
    )  # fmt: skip
