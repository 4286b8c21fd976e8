"""Cohorts as trainers see them: who is in one and how far, by when, what is said to them, who did what.

/pelatih/angkatan            the cohorts, and a new one
/pelatih/angkatan/N          one (cohort.py); `?orang=` one person in it
/pelatih/angkatan/N/tambah   who comes in: a whole unit, people picked, a list of NIPs

A trainer sees the people of their own units alone. A cohort with others in it is its maker's to change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tornado.web import HTTPError

from ..i18n import day
from ..roster import upwards
from ..store import Cohort, Person, StoreError
from .base import Page
from .officer import people_of, summary
from .picking import asked_unit, offered

MOST = 50
"""People of a search that are shown."""
_NIP = re.compile(r"(?<!\d)(\d{8}) ?(\d{6}) ?(\d) ?(\d{3})(?!\d)")
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Sight:
    """A cohort as one trainer sees it: `mine` are the people of their units by learner id."""

    cohort: Cohort
    mine: Mapping[str, Person]
    me: str

    @property
    def inside(self) -> list[Person]:
        """Who of my people is in it, in their order."""
        return [one for one in self.mine.values() if one.learner in self.cohort.members]

    @property
    def others(self) -> int:
        """How many are in it whom I do not see."""
        return len(self.cohort.members) - len(self.inside)

    @property
    def visible(self) -> bool:
        """Say whether I see it at all: it is mine, or somebody of my people is in it."""
        return self.manages or bool(self.inside)

    @property
    def manages(self) -> bool:
        """Say whether I may change it: it is mine, or all in it are my people."""
        return self.cohort.created_by == self.me or bool(self.cohort.members and not self.others)


async def my_people(page: Page) -> dict[str, Person]:
    """Return the people of a trainer's units by learner id, noting the look."""
    return {one.learner: one for one in await people_of(page, "trainer")}


async def sight(page: Page, number: str) -> Sight:
    """Return a cohort as the trainer sees it. Raises HTTPError 404 for one there is not, or not for them."""
    found = await page.call(page.site.store.cohort, int(number)) if len(number) <= _DIGITS else None
    if found is None:
        raise HTTPError(404)
    seen = Sight(found, await my_people(page), page.learner)
    if not seen.visible:
        raise HTTPError(404)
    return seen


class Cohorts(Page):
    """Angkatan: those there are, and a new one."""

    role = "trainer"

    async def get(self) -> None:
        """List them."""
        await self._list()

    async def post(self) -> None:
        """Make one, or bring one back that was taken away."""
        store, number = self.site.store, self.get_body_argument("kembalikan", "")
        try:
            if number:
                gone = {str(one.id): one for one in await self.call(store.removed_cohorts)}
                if number not in gone or not Sight(gone[number], await my_people(self), self.learner).manages:
                    raise HTTPError(404)
                await self.call(store.restore_cohort, int(number), by=self.learner)
                self.redirect(f"/pelatih/angkatan/{number}", status=303)
                return
            made = await self.call(
                store.create_cohort, self.get_body_argument("nama", ""), [], by=self.learner
            )
        except StoreError as error:
            await self._list(fault=str(error))
            return
        self.redirect(f"/pelatih/angkatan/{made}/tambah", status=303)

    async def _list(self, fault: str = "") -> None:
        store, mine = self.site.store, await my_people(self)
        seen = [Sight(one, mine, self.learner) for one in await self.call(store.cohorts)]
        gone = [Sight(one, mine, self.learner) for one in await self.call(store.removed_cohorts)]
        days = await self.call(store.cohort_deadlines)
        people = {person.learner: person for one in seen for person in one.inside}
        found = {row["learner"]: row for row in (await summary(self, [*people.values()]))["people"]}
        rows = []
        for one in seen:
            inside = [found[person.learner] for person in one.inside]
            counts = {
                "done": sum(row["state"] == "completed" for row in inside),
                "late": sum(row["late"] for row in inside),
            }
            if one.visible:
                rows.append({"seen": one, "due": days.get(one.cohort.id), "all": len(inside)} | counts)
        self.show("angkatan.html.j2", rows=rows, gone=[one for one in gone if one.manages], day=day,
                  fault=fault)  # fmt: skip


class CohortPeople(Page):
    """Who comes into a cohort."""

    role = "trainer"

    async def get(self, number: str) -> None:
        """Show the three ways, and what a search finds."""
        await self._show(await self._sight(number))

    async def post(self, number: str) -> None:
        """Put people in: a unit with all under it, those ticked, or those whose NIPs were pasted."""
        seen = await self._sight(number)
        outside: list[str] = []
        unit, listed = await asked_unit(self, "trainer"), self.get_body_argument("nip", "")
        if unit:
            wanted = [one.learner for one in seen.mine.values() if unit in upwards(one.unit)]
        elif listed:
            found = ["".join(parts) for parts in _NIP.findall(listed)]
            by_nip = {one.nip: one.learner for one in seen.mine.values()}
            wanted = [by_nip[nip] for nip in found if nip in by_nip]
            outside = [nip for nip in dict.fromkeys(found) if nip not in by_nip]
        else:
            wanted = [one for one in self.get_body_arguments("orang") if one in seen.mine]
        store = self.site.store
        try:
            added = await self.call(store.add_members, seen.cohort.id, set(wanted), by=self.learner)
        except StoreError:
            raise HTTPError(404) from None  # taken away meanwhile
        seen = Sight(await self.call(store.cohort, seen.cohort.id) or seen.cohort, seen.mine, self.learner)
        await self._show(seen, added=added, found=len(set(wanted)), outside=outside)

    async def _sight(self, number: str) -> Sight:
        seen = await sight(self, number)
        if not seen.manages:
            raise HTTPError(404)
        return seen

    async def _show(
        self, seen: Sight, *, added: int | None = None, found: int = 0, outside: Collection[str] = ()
    ) -> None:
        # Before anything is asked for, nobody: on a phone the third way would be far below.
        asked = self.get_query_argument("cari", None)
        free = [one for one in seen.mine.values() if one.learner not in seen.cohort.members]
        words = (asked or "").casefold().split()
        hits = [
            one
            for one in free
            if all(word in f"{one.name} {one.unit} {one.jabatan}".casefold() for word in words)
        ]
        counts = Counter(path for one in seen.mine.values() for path in upwards(one.unit))
        self.show(
            "angkatan-tambah.html.j2", seen=seen, asked=asked, hits=hits[:MOST],
            more=max(0, len(hits) - MOST), added=added, found=found, outside=outside,
            units=await offered(self, "trainer"), counts=counts,
        )  # fmt: skip
