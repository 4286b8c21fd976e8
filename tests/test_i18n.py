"""Words for people: Indonesian without a catalogue, days and numbers as Indonesians write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from netralitas import i18n


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of two messages, in use for this test alone."""
    catalogue = Catalog(locale="en")
    catalogue.add("Masuk", "Log in")
    catalogue.add(("{n} soal", "{n} soal"), ("{n} item", "{n} items"))
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "netralitas.po").open("wb") as file:
        write_po(file, catalogue)
    monkeypatch.setattr(i18n, "__file__", str(tmp_path / "i18n.py"))
    i18n._catalogue.cache_clear()
    before = i18n.LANGUAGE.set("en")
    yield
    i18n.LANGUAGE.reset(before)
    i18n._catalogue.cache_clear()


def test_what_is_said_inside_is_in_the_language_asked_for_and_in_no_other_afterwards(english: None) -> None:
    with pytest.raises(ValueError, match="Masuk"), i18n.speaking("id"):
        raise ValueError(i18n._("Masuk"))
    assert i18n._("Masuk") == "Log in"


def test_without_a_catalogue_the_id_itself_shows() -> None:
    assert (
        i18n._("Kalimat yang tidak ada di katalog mana pun") == "Kalimat yang tidak ada di katalog mana pun"
    )
    assert i18n.ngettext("{n} soal", "{n} soal", 5) == "{n} soal"


@pytest.mark.usefixtures("english")
def test_the_language_of_the_context_decides() -> None:
    assert i18n._("Masuk") == "Log in"
    assert i18n._("Keluar") == "Keluar"
    assert [i18n.ngettext("{n} soal", "{n} soal", n) for n in (1, 2)] == ["{n} item", "{n} items"]
    assert i18n.day(date(2024, 10, 12)) == "12 October 2024"
    assert i18n.number(30.4) == "30.4"


def test_a_day_has_its_month_in_words() -> None:
    assert i18n.day(date(2024, 10, 12)) == "12 Oktober 2024"
    assert i18n.month(date(2024, 10, 12)) == "Oktober 2024"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("WIB", "24 Nov 2026, 22.59 WIB"),
        ("WITA", "24 Nov 2026, 23.59 WITA"),
        ("WIT", "25 Nov 2026, 00.59 WIT"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_unit(zone: str, expected: str) -> None:
    assert i18n.moment(datetime(2026, 11, 24, 15, 59, tzinfo=UTC), zone) == expected


def test_a_zone_that_is_none_of_ours_is_an_error() -> None:
    with pytest.raises(KeyError):
        i18n.moment(datetime(2026, 11, 24, tzinfo=UTC), "GMT")


@pytest.mark.parametrize(("value", "expected"), [(1005, "1.005"), (30.4, "30,4"), (0, "0"), (-3, "-3")])
def test_a_number_has_points_between_thousands(value: float, expected: str) -> None:
    assert i18n.number(value) == expected
