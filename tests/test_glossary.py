"""The glossary explains each term once, in the order of the alphabet, and plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from netralitas import content
from netralitas.glossary import Glossary, Term

GLOSSARY = content.load(Path(__file__).parents[1]).glossary


def test_the_order_is_that_of_the_alphabet_whatever_the_case() -> None:
    terms = tuple(Term(id=name.casefold(), term=name, meaning="x") for name in ("c", "B", "a"))
    assert [one.term for one in Glossary(format_version=1, terms=terms).sorted()] == ["a", "B", "c"]


def test_a_term_is_found_by_its_id() -> None:
    assert GLOSSARY.term("asn").term == "ASN"
    with pytest.raises(KeyError):
        GLOSSARY.term("tidak-ada")


@pytest.mark.parametrize("term", GLOSSARY.terms, ids=lambda one: one.id)
def test_a_meaning_is_short_and_ends(term: Term) -> None:
    assert len(term.meaning.split()) <= 40
    assert term.meaning.endswith(".")
