"""Penyelesaian: what to do next, who has completed, one code at a time, and the table as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from tornado.web import HTTPError

from ... import reports
from ...completion import MEASURES
from ...record import Status
from ...roster import inside, neutral
from ...store import Account
from ...tally import day_of
from ..base import Page
from ..identity import MIN_PASSWORD
from ..officer import people_of, rows_of

SIZE = 50
"""People on one page."""
_LONGEST = 100
_STATES: dict[str, tuple[Status, ...]] = {
    "": (),
    "belum": ("not_started",),
    "berjalan": ("in_progress",),
    "selesai": ("completed",),
}


def asked_page(page: Page) -> int:
    """Return which page of a list is asked for, from 1."""
    wanted = page.get_query_argument("hal", "1")
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1  # noqa: PLR2004


def pages(total: int, size: int = SIZE) -> int:
    """Return how many pages a list of `total` has, at least one."""
    return max(1, -(-total // size))


def standing(page: Page, tops: Sequence[str] | None) -> dict[str, int]:
    """Return how many people of these units (None: of all) are where today; asks the store."""
    site, total = page.site, Counter[str]()
    for top in (None,) if tops is None else tops:
        found = reports.completion(
            site.store, site.content.course, as_of=day_of(site.store.clock()), by="unit", shared=False,
            under=top, deadline=site.deadline,
        )  # fmt: skip
        total.update({measure: found["total"][measure] for measure in MEASURES})
    return {measure: total[measure] for measure in MEASURES} | {"late": total["overdue"]}


class Agency(Page):
    """Petugas: names and completion of their units, and activation codes."""

    role = "agency"

    async def get(self) -> None:
        """Show what is next and who has completed the course, some at a time."""
        await self._page()

    async def post(self) -> None:
        """Make an activation code for one person of the subtree and show it once."""
        store, wanted = self.site.store, self.get_body_argument("orang", "")
        person = await self.call(store.account, wanted)
        if person is None or not self._mine(person):
            raise HTTPError(404)
        if await self.call(store.roles_of, wanted):
            # Who sets the password of an officer can see what that officer sees: the operator's task.
            raise HTTPError(403)
        code = await self.call(store.issue_code, wanted, by=self.learner)
        await self._page(codes=[{"name": person.name, "code": code}])

    def _mine(self, person: Account) -> bool:
        scopes = self.scopes("agency")
        return person.unit is not None and (scopes is None or inside(person.unit, scopes))

    async def _page(self, codes: Sequence[dict[str, str]] = ()) -> None:
        store, scopes = self.site.store, self.scopes("agency")
        search = self.get_query_argument("cari", "")[:_LONGEST]
        state = self.get_query_argument("keadaan", "")
        at = asked_page(self)
        await self.call(store.note, self.learner, "melihat_agency", "/".join(scopes or ("semua",)), {})
        people, total = await self.call(
            store.people_page, self.site.content.course, scopes, search=search,
            status=_STATES.get(state, ()), limit=SIZE, offset=SIZE * (at - 1),
        )  # fmt: skip
        counts = await self.call(standing, self, scopes)
        _some, uncoded = await self.call(store.newcomers, scopes, coded=False, limit=0)
        _some, coded = await self.call(store.newcomers, scopes, coded=True, limit=0)
        self.show(
            "petugas.html.j2", people=await self.call(rows_of, self.site, people), counts=counts,
            total=counts["people"], found=total, at=at, last=pages(total), search=search, state=state,
            codes=codes, least=MIN_PASSWORD, uncoded=uncoded, coded=coded,
        )  # fmt: skip


class AgencyFile(Page):
    """The same table as CSV, whole."""

    role = "agency"

    async def get(self) -> None:
        """Send name, unit, jabatan and status of everybody in the subtree."""
        people = await people_of(self, "agency")
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="penyelesaian.csv"')
        self.finish("\ufeff" + table(await self.call(rows_of, self.site, people)))


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV; what a spreadsheet would take for a formula is made inert."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["nama", "instansi", "unit", "jabatan", "status", "selesai"])
    names = ("name", "instansi", "unit", "jabatan", "status", "finished")
    writer.writerows([neutral(row[name]) for name in names] for row in rows)
    return out.getvalue()
