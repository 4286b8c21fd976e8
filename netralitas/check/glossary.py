"""The glossary: each term once, its sources and neighbours there, its prose naming only what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..content import Parts
from ..i18n import _
from ..reading import Fault
from . import prose
from .fault import dead, fault

FILE = "data/glossary.yaml"


def of_glossary(parts: Parts, allowed: prose.Known) -> Iterator[Fault]:
    """Check the glossary."""
    terms = parts.glossary.terms if parts.glossary else ()
    ids = Counter(one.id for one in terms)
    names = Counter(name.casefold() for one in terms for name in (one.term, *one.also))
    for name in (name for name in ids if ids[name] > 1):
        yield fault(FILE, _("{id}: id dipakai dua kali. Beri id lain."), id=name)
    for name in (name for name in names if names[name] > 1):
        told = _("'{name}' diterangkan dua kali. Gabungkan kedua istilahnya.")
        yield fault(FILE, told, name=name)
    for one in terms:
        for cited in one.basis:
            if parts.sources is not None and cited.source not in parts.sources:
                yield dead(FILE, cited.source, one.id)
        for other in one.near:
            if other not in ids:
                told = _("{id}: near '{other}' tidak ada di glosarium. Betulkan id-nya.")
                yield fault(FILE, told, id=one.id, other=other)
        yield from prose.of_text(one.meaning, allowed, FILE, one.id)
