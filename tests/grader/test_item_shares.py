"""Items as they may be shared: rare options and small crowds are not told, and one person moves nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from grader.item_shares import document
from netralitas.model import revision
from netralitas.quizzes import Quiz
from netralitas.reports import ReportError
from netralitas.sheets import FORMS, as_table

NOV = date(2026, 11, 30)


@pytest.fixture
def crowd(quiz: Quiz, record: Any, answered: Any) -> Any:
    """Return a function: so many people take each option of k01, who all know everything else."""

    def made(*counts: int, days: int = 0) -> list[list[Any]]:
        today = {question.id: revision(question) for question in quiz.questions}
        letters = "".join(letter * n for letter, n in zip("abcd", counts, strict=False))
        return [
            [
                event.model_copy(update={
                    "received_at": event.received_at + timedelta(days=days),
                    "revision": today.get(event.object.rsplit("/", 1)[-1], "0" * 16),
                })
                for event in record(f"{number:032x}", (number, answered("right") | {"k01": (letter,)}))
            ]
            for number, letter in enumerate(letters)
        ]  # fmt: skip

    return made


def made(quiz: Quiz, records: Any, day: date = NOV) -> dict[str, Any]:
    return document([(quiz, records)], as_of=day, content="1")


def test_options_fewer_than_five_chose_and_exact_counts_are_not_told(quiz: Quiz, crowd: Any) -> None:
    found = made(quiz, crowd(28, 11, 4))
    first = found["rows"][0]
    assert (first["people"], first["options"]) == (
        45, "pilihan a ✓ 67 %; pilihan b 22 %; pilihan c –; pilihan d –"
    )  # fmt: skip
    assert first["facility"] == pytest.approx(28 / 43, abs=2.5 / 45)
    assert f"{3:032x}" not in json.dumps(found)
    assert made(quiz, crowd(4))["rows"] == []
    assert made(quiz, crowd(12))["rows"][0]["facility"] is None


def test_one_person_more_moves_a_figure_by_nothing_or_by_five(quiz: Quiz, crowd: Any) -> None:
    def figures(right: int) -> tuple[int, float]:
        row = made(quiz, crowd(right, 40 - right))["rows"][0]
        return row["people"], row["facility"]

    # Of 40: as many right as the sum says, to five. Nothing between two steps is ever told.
    assert {figures(right) for right in range(18, 23)} == {(40, 0.5)}
    assert figures(23) == (40, 0.625)


def test_only_month_s_ends_are_shared_in_every_form(quiz: Quiz, crowd: Any) -> None:
    found = made(quiz, crowd(30, 10))
    assert "pilihan a ✓ 75 %" in " ".join(as_table(found, width=300).split())
    for form, make in FORMS.items():
        assert make(found), form
    with pytest.raises(ReportError, match="akhir bulan"):
        made(quiz, crowd(30), date(2026, 11, 3))
