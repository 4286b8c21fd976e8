"""Tenggat: by which day the people of a unit are to complete the course, said for a unit and all under it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tornado.web import HTTPError

from ...due import Deadlines
from ...i18n import _, day
from ...roster import SEPARATOR
from ...store import StoreError
from ...tally import day_of
from ..picking import asked_unit, offered
from .codes import UnitPage
from .people import SIZE, asked_page, pages


class Dues(UnitPage):
    """What holds for each of the officer's units, and saying otherwise."""

    async def get(self) -> None:
        """Show them, some at a time."""
        await self._page()

    async def post(self) -> None:
        """Set a unit's own day, or take it away; what stands above holds again then."""
        unit, wanted = await asked_unit(self, "agency"), self.get_body_argument("hari", "")
        if not unit:
            raise HTTPError(400)
        away = self.get_body_argument("langkah", "") == "hapus"
        last = None if away else _day(wanted)
        today = day_of(self.site.store.clock())
        if not away and (last is None or last < today):
            await self._page(fault=_("Pilih hari ini atau hari sesudahnya."), status=400)
            return
        try:
            await self.call(self.site.store.set_deadline, "unit", unit, last, by=self.learner)
        except StoreError as error:
            await self._page(fault=str(error), status=400)
            return
        self.redirect("/petugas/tenggat", status=303)

    async def _page(self, *, fault: str = "", status: int = 200) -> None:
        at = asked_page(self)
        units = await self.call(self.site.store.unit_paths, self.scopes("agency"))
        known = await self.call(self.site.store.deadlines, self.site.deadline, learners=())
        some = units[SIZE * (at - 1) : SIZE * at]
        self.show(
            "petugas_tenggat.html.j2", status=status, fault=fault, at=at, day=day,
            units=await offered(self, "agency"), last=pages(len(units)),
            rows=[held(known, path) for path in some], today=day_of(self.site.store.clock()).isoformat(),
        )  # fmt: skip


def held(known: Deadlines, path: str) -> dict[str, Any]:
    """Return what holds for a unit: the day, whether it is its own, and which unit above says so."""
    due = known.of_unit(path)
    own = path in known.units
    above = path
    while above and above not in known.units:
        above = above.rpartition(SEPARATOR)[0]
    return {"path": path, "day": due.day if due else None, "own": own, "above": "" if own else above}


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
