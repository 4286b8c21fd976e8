"""Pages that help: how to use the site, the glossary, search, whom to ask for a password, practice.

None of them asks a kernel or writes anything.
"""

from __future__ import annotations

from ..search import KINDS, find
from .base import Page
from .practice import STEPS, told


class Help(Page):
    """Cara memakai: for learners, and for each role."""

    public = True

    async def get(self) -> None:
        """Show the help; a person's own roles stand open."""
        self.show("bantuan.html.j2", contact=self.site.contact)


class Forgot(Page):
    """Lupa kata sandi: whom to ask, and what happens then."""

    public = True

    async def get(self) -> None:
        """Say it."""
        self.show("lupa.html.j2", contact=self.site.contact)


class GlossaryPage(Page):
    """Glosarium: each term once."""

    async def get(self) -> None:
        """Show the terms in the order of the alphabet, with the sources they rest on."""
        content = self.site.content
        names = {source.id: source.name for source in content.law.sources.values()}
        self.show("glosarium.html.j2", glossary=content.glossary, names=names)


class Search(Page):
    """Cari: modules, their parts, stories, terms, acts."""

    async def get(self) -> None:
        """Show what was found for `?q=`, grouped by what it is."""
        typed = self.get_query_argument("q", "")[:100]
        found = find(self.site.generations.current.places(), typed)
        groups = [(kind, [one for one in found if one.kind == kind][:12]) for kind in KINDS]
        self.show("cari.html.j2", typed=typed, total=len(found), groups=[pair for pair in groups if pair[1]])


class Practice(Page):
    """Latihan: how questions are answered, without any record."""

    async def get(self) -> None:
        """Show a step, and what its answer says where one was given in the address."""
        number = min(max(_whole(self.get_query_argument("langkah", "1")), 1), len(STEPS))
        step = STEPS[number - 1]
        given = self.get_query_arguments("jawab")
        sent = "kirim" in self.request.query_arguments
        self.show(
            "latihan.html.j2",
            step=step,
            number=number,
            last=len(STEPS),
            given=given,
            sent=sent,
            verdict=told(step, given) if sent and given else "",
        )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1  # noqa: PLR2004
