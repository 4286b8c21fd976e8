"""The glossary: terms of the course explained once, in plain words (`data/glossary.yaml`).

Pure. What a legal term means rests on the sources it names; that they exist, `check` sees to.
"""

from __future__ import annotations

from typing import Literal

from .model import Slug, Text, Value
from .terms import Citation


class Term(Value):
    """One term: `also` are other ways it is written, `near` terms one confuses it with or reads next."""

    id: Slug
    term: Text
    also: tuple[Text, ...] = ()
    meaning: Text
    near: tuple[Slug, ...] = ()
    basis: tuple[Citation, ...] = ()


class Glossary(Value):
    """The whole list, shown in the order of the alphabet."""

    format_version: Literal[1]
    terms: tuple[Term, ...] = ()

    def sorted(self) -> tuple[Term, ...]:
        """Return the terms in the order of the alphabet."""
        return tuple(sorted(self.terms, key=lambda one: one.term.casefold()))

    def term(self, name: str) -> Term:
        """Return the term of that id. Raises KeyError."""
        for one in self.terms:
            if one.id == name:
                return one
        raise KeyError(name)
