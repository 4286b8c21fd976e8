"""Pengingat: texts ready to paste, one for everybody without names, one with names for who leads the unit."""

from __future__ import annotations

from typing import get_args

from ...i18n import speaking
from ...reminders import MOST, Asked, Kind, for_all, for_leader
from ...roster import SEPARATOR
from ...tally import day_of
from ..picking import asked_unit, offered
from .codes import UnitPage


class Reminders(UnitPage):
    """The two texts of a unit and a kind."""

    async def get(self) -> None:
        """Show them; each look at names is noted."""
        unit, wanted = await asked_unit(self, "agency"), self.get_query_argument("untuk", "unfinished")
        kind: Kind = "never" if wanted == "never" else "unfinished"
        await self.call(self.site.store.note, self.learner, "membuat_pengingat", unit or "semua", {})
        asked = await self.call(self._asked, unit, kind)
        texts = await self.call(_texts, asked) if asked.total else ("", "")
        self.show(
            "petugas_pengingat.html.j2", unit=unit, units=await offered(self, "agency"), kind=kind,
            kinds=get_args(Kind), asked=asked, for_all=texts[0], for_leader=texts[1],
        )  # fmt: skip

    def _asked(self, unit: str, kind: Kind) -> Asked:
        store, paths = self.site.store, self.picked(unit)
        if kind == "never":
            found, total = store.newcomers(paths, limit=MOST)
            names = [one.name for one in found]
        else:
            people, total = store.people_page(
                self.site.content.course, paths, status=("not_started", "in_progress"), limit=MOST
            )
            names = [one.name for one in people]
        scopes = self.scopes("agency")
        top = unit or (scopes[0] if scopes and len(scopes) == 1 else "")
        due = store.deadlines(self.site.deadline, learners=()).of_unit(top)
        return Asked(
            kind=kind,
            unit=top.rpartition(SEPARATOR)[2] or "instansi kita",
            names=names,
            total=total,
            address=self.address,
            deadline=due.day if due else None,
            today=day_of(store.clock()),
            contact=self.site.contact,
        )


def _texts(asked: Asked) -> tuple[str, str]:
    # What is sent on is Indonesian, whatever language the page has.
    with speaking("id"):
        return for_all(asked), for_leader(asked)
