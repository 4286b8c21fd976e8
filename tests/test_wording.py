"""The promises of netralitas/wording.py: sentences are cut as people read them, words found as they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import wording
from netralitas.wording import Avoided, Wording, alike, length, sentences

LISTS = Wording(
    format_version=1,
    longest_sentence=5,
    avoid=(Avoided(words="ijin", instead="izin"), Avoided(words=", di mana", instead="yang")),
    absolute=("pasti",),
    names=("PKB",),
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Satu. Dua? «Tiga!» Empat", ["Satu.", "Dua?", "«Tiga!", "Empat"]),
        ("Pukul 19.50 di No. 5 itu.", ["Pukul 19.50 di No. 5 itu."]),
        ("## Judul\n\n- butir satu\n- butir dua", ["Judul", "- butir satu", "- butir dua"]),
        ("Kata **tebal** dan [taut](https://contoh.id/a.b).", ["Kata  tebal  dan  taut ."]),
        ("Pasal 5 huruf n. Lalu SKB 2022.", ["Pasal 5 huruf n.", "Lalu SKB 2022."]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, cut: list[str]) -> None:
    assert [one.split() for one in sentences(text)] == [one.split() for one in cut]


@given(st.lists(st.text("abcXYZ", min_size=1, max_size=5), min_size=1, max_size=30))
def test_no_word_is_lost_in_cutting(words: list[str]) -> None:
    assert sum(map(length, sentences(". ".join(words)))) == len(words)


def test_signs_are_no_words() -> None:
    assert length("– «Satu», · dua … 3") == 3


def test_only_what_is_longer_than_wanted_is_told() -> None:
    assert wording.too_long("Satu dua tiga empat lima. Satu dua tiga empat lima enam.", LISTS) == [
        "Satu dua tiga empat lima enam."
    ]


def test_words_are_found_whole_and_names_as_written() -> None:
    assert [one.instead for one in wording.avoided("Tanpa Ijin, di mana pun", LISTS)] == ["izin", "yang"]
    assert wording.avoided("bijing dan ijinkan", LISTS) == []
    assert wording.absolute("Itu pasti salah", LISTS) == ["pasti"]
    assert wording.absolute("Kepastian", LISTS) == []
    assert wording.named("PKB dan pkb", LISTS) == ["PKB"]
    assert wording.named("pkb", LISTS) == []


def test_options_are_alike_only_where_they_are_long() -> None:
    one, other = "Menolak ajakan itu dengan sopan hari ini", "Menolak ajakan itu dengan sopan hari itu"
    assert list(alike([one, "Diam", other])) == [(0, 2)]
    assert list(alike(["7 hari", "8 hari"])) == []
