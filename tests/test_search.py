"""Search finds what somebody would look for, by the beginning of its words, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import content
from netralitas.search import KINDS, Entry, entries, find, headings

ROOT = Path(__file__).parents[1]
REAL = content.load(ROOT)
PLACES = entries(
    REAL.course,
    law=REAL.law,
    scenarios=REAL.scenarios,
    glossary=REAL.glossary,
    parts={module.slug: ["Tiga pertanyaan sebelum jempol bergerak"] for module in REAL.course.modules},
    pledges=REAL.pledges,
    addresses={root: f"/modul/x#{root}" for module in REAL.course.modules for root in module.roots},
)


def titles(typed: str) -> list[str]:
    return [place.title for place in find(PLACES, typed)]


def test_every_kind_of_place_is_there() -> None:
    assert {place.kind for place in PLACES} == set(KINDS)
    assert len({place.url for place in PLACES}) > len(REAL.law.acts)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("media sosial", "Media sosial dan foto"),
        ("JEMPOL bergerak", "Tiga pertanyaan sebelum jempol bergerak"),
        ("cuti di luar tanggungan", "CLTN"),
    ],
)
def test_what_is_named_so_comes_first(typed: str, first: str) -> None:
    assert titles(typed)[0] == first


def test_a_story_and_an_act_are_found_by_their_words() -> None:
    assert REAL.scenarios["foto-di-hajatan"].title in titles("hajatan") + titles("pelaminan") + titles("tamu")
    assert "perbuatan" in {place.kind for place in find(PLACES, "spanduk")}


@pytest.mark.parametrize("typed", ["", "   ", "?!", "kata yang tidak ada di mana pun zzz"])
def test_nothing_is_found_where_nothing_is(typed: str) -> None:
    assert titles(typed) == []


def test_every_word_must_be_there() -> None:
    assert len(titles("foto")) > len(titles("foto calon")) > 0


@given(st.text(max_size=300))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert all(isinstance(place, Entry) for place in find(PLACES[:20], typed))


def test_the_headings_of_a_module_are_those_below_its_title() -> None:
    cells = ["# Judul\n\n## Satu\n\nisi\n\n### Dua ##\n", "#### Terlalu dalam\n##tanpa jarak"]
    assert list(headings(cells)) == ["Satu", "Dua"]
