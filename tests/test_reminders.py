"""Reminders say whom, until when and where; names stand only in the one for who leads the unit."""

from __future__ import annotations

from datetime import date

import pytest

from netralitas.reminders import MOST, Asked, Kind, for_all, for_leader

ASKED = Asked(
    kind="unfinished", unit="SMPN Contoh 1", names=("Sari Contoh", "Bayu Contoh"), total=2,
    address="https://netralitas.contoh/", deadline=date(2026, 12, 10), today=date(2026, 11, 22),
    contact="Bu Ratna, pesawat 104",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["never", "unfinished"])
def test_both_texts_say_what_one_needs_and_only_one_has_names(kind: Kind) -> None:
    asked = ASKED._replace(kind=kind)
    for text in (for_all(asked), for_leader(asked)):
        for needed in (
            "SMPN Contoh 1",
            "10 Desember 2026",
            "https://netralitas.contoh/",
            "Bu Ratna, pesawat 104",
        ):
            assert needed in text
        assert ("NIP dan kode aktivasi" in text) == (kind == "never")
        assert "{" not in text
    assert "Sari" not in for_all(asked)
    assert "1. Sari Contoh\n2. Bayu Contoh" in for_leader(asked)


def test_a_deadline_that_is_over_or_missing_is_said_kindly() -> None:
    assert "masih dapat diselesaikan" in for_all(ASKED._replace(today=date(2026, 12, 11)))
    assert "enggat" not in for_all(ASKED._replace(deadline=None))


def test_a_long_list_ends_with_how_many_more() -> None:
    many = ASKED._replace(names=[f"Orang {n}" for n in range(MOST)], total=MOST + 50)
    assert "… dan 50 orang lagi." in for_leader(many)
