"""The NIP: both layouts are read, every fault is named, none repeats the number."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import nip

PNS = "190001172015031002"
PPPK = "190012312022211004"


def test_both_layouts_are_read() -> None:
    pns, pppk = nip.parse(PNS), nip.parse(PPPK)
    assert (pns.layout, pns.born, pns.sex) == ("pns", date(1900, 1, 17), 1)
    assert (pppk.layout, pppk.born, pppk.sex) == ("pppk", date(1900, 12, 31), 1)


def test_spaces_are_allowed_and_given_back_in_groups() -> None:
    found = nip.parse("  19000117 201503 1\u00a0002 ")
    assert found.digits == PNS
    assert found.spaced == "19000117 201503 1 002"


def test_only_people_born_in_1900_are_made_up() -> None:
    assert nip.parse(PNS).made_up
    assert not nip.parse("1985" + PNS[4:]).made_up


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "0 angka"),
        (PNS[:-1], "17 angka"),
        (PNS + "0", "19 angka"),
        (PNS[:-1] + "X", "huruf"),
        ("1,90001E+17", "huruf"),
        (PNS[:-1] + "٣", "huruf"),
        ("19000230" + PNS[8:], "Tanggal lahir"),
        ("18991231" + PNS[8:], "Tanggal lahir"),
        ("00000101" + PNS[8:], "Tanggal lahir"),
        (PNS[:12] + "13" + PNS[14:], "13–14"),
        (PNS[:12] + "00" + PNS[14:], "13–14"),
        (PNS[:8] + "1899" + PNS[12:], "9–12"),
        (PNS[:14] + "3" + PNS[15:], "ke-15"),
        (PNS[:14] + "0" + PNS[15:], "ke-15"),
        (PNS[:15] + "000", "001"),
    ],
)
def test_a_fault_is_one_sentence_without_the_number(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        nip.parse(text)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not text or text not in sentence


@given(st.text(max_size=30))
def test_parse_answers_any_text(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert nip.parse(text).digits == "".join(text.split())


def test_a_nip_does_not_print_itself() -> None:
    assert PNS not in repr(nip.parse(PNS))
    assert "1900" not in repr(nip.parse(PNS))
