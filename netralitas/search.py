"""Search: where in the course somebody finds what they typed.

    entries(course, …)    ──►  one Entry for each place there is to be found
    find(entries, typed)  ──►  those that hold every word, the nearest first

Pure, and small enough to look at every entry each time: a course has a few hundred.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from .course import Course
from .glossary import Glossary
from .law import Law
from .model import Value
from .pledges import Pledge
from .scenarios import Scenario

Kind = Literal["modul", "bagian", "cerita", "ikrar", "istilah", "perbuatan"]
KINDS: tuple[Kind, ...] = ("modul", "bagian", "cerita", "ikrar", "istilah", "perbuatan")
"""What is found, in the order it is shown where nothing else decides."""
LONGEST = 100
"""Characters of a question that are read."""


class Entry(Value):
    """A place: title and other names, what else it says, its address; of a part also its module."""

    kind: Kind
    title: str
    text: str
    url: str
    of: str = ""
    names: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words of the title, and of all of it."""
        title = frozenset(words(" ".join((self.title, *self.names))))
        return title, title | frozenset(words(self.text))


def headings(markdown: Iterable[str]) -> Iterator[str]:
    """Yield the headings of a module below its title, from its cells of prose."""
    for text in markdown:
        yield from (found[1].strip() for found in re.finditer(r"^#{2,3} +(.+?)\s*#*$", text, re.MULTILINE))


def entries(
    course: Course,
    *,
    law: Law,
    scenarios: Mapping[str, Scenario],
    pledges: Mapping[str, Pledge],
    glossary: Glossary,
    parts: Mapping[str, Sequence[str]],
    addresses: Mapping[str, str],
) -> tuple[Entry, ...]:
    """Return every place; `parts` holds the headings of each module, `addresses` that of each activity."""
    found: list[Entry] = []
    for module in course.modules:
        page = f"/modul/{module.slug}"
        found.append(Entry(kind="modul", title=module.title, text=module.summary, url=page))
        for heading in parts.get(module.slug, ()):
            # The exporter names a heading so.
            anchor = quote(heading.replace(" ", "-"))
            found.append(
                Entry(kind="bagian", title=heading, text="", url=f"{page}#{anchor}", of=module.title)
            )
        for slug in module.scenarios:
            story = scenarios[slug]
            found.append(
                Entry(
                    kind="cerita",
                    title=story.title,
                    text=story.setting,
                    url=addresses[story.root],
                    of=module.title,
                )
            )
        if module.pledge:
            said = pledges[module.pledge]
            text = " ".join(f"{point.title} {point.text}" for point in said.points)
            url = addresses[said.root]
            found.append(Entry(kind="ikrar", title=said.title, text=text, url=url, of=module.title))
    for term in glossary.sorted():
        url = f"/glosarium#{term.id}"
        found.append(Entry(kind="istilah", title=term.term, names=term.also, text=term.meaning, url=url))
    for act in sorted(law.acts.values(), key=lambda one: one.title):
        url = f"/cek?perbuatan={act.id}#jawaban"
        found.append(Entry(kind="perbuatan", title=act.title, text=act.summary, url=url))
    return tuple(found)


def find(places: Iterable[Entry], typed: str) -> tuple[Entry, ...]:
    """Return the places that hold every word typed, or its beginning; those named so come first."""
    asked = words(typed[:LONGEST])
    if not asked:
        return ()
    scored = [(score, place) for place in places if (score := _score(place, asked))]
    return tuple(
        place for _score, place in sorted(scored, key=lambda pair: (-pair[0], KINDS.index(pair[1].kind)))
    )


def words(text: str) -> list[str]:
    """Return the words of a text, without case and marks above letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _score(place: Entry, asked: Sequence[str]) -> int:
    """Return how near a place is, 0 where a word is missing."""
    title, everything = place.words
    points = 0
    for word in asked:
        if word in title:
            points += 6
        elif any(one.startswith(word) for one in title):
            points += 4
        elif any(one.startswith(word) for one in everything):
            points += 1
        else:
            return 0
    return points
