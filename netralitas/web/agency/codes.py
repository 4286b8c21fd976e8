"""Kode aktivasi: who has never come in, and sheets of codes to hand out, each code shown once."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from tornado.web import HTTPError

from ... import paper
from ...i18n import day, moment, speaking
from ...roster import inside
from ...store import CODE_LIFE
from ..base import Page
from ..picking import asked_unit, offered
from .people import SIZE, asked_page, pages

MOST = 240
"""Codes on one sheet at most; who needs more presses once more."""


class UnitPage(Page):
    """What pages share on which an officer picks one of the own units."""

    role = "agency"

    def picked(self, wanted: str) -> tuple[str, ...] | None:
        """Return the paths a choice stands for: a unit of the officer's, or all of them. Raises HTTPError."""
        scopes = self.scopes("agency")
        if not wanted:
            return scopes
        if scopes is not None and not inside(wanted, scopes):
            raise HTTPError(404)
        return (wanted,)

    @property
    def address(self) -> str:
        """How people reach this site, as this officer does."""
        return f"{self.request.protocol}://{self.request.host}/"


class Codes(UnitPage):
    """The list of who never came in, and a sheet of codes on a press."""

    async def get(self) -> None:
        """Show the list, some at a time."""
        store, unit, at = self.site.store, await asked_unit(self, "agency"), asked_page(self)
        paths = self.picked(unit)
        await self.call(store.note, self.learner, "melihat_belum_masuk", unit or "semua", {})
        people, total = await self.call(store.newcomers, paths, limit=SIZE, offset=SIZE * (at - 1))
        _some, uncoded = await self.call(store.newcomers, paths, coded=False, limit=0)
        zone = self.account.zone if self.account else "WIB"
        self.show(
            "petugas_kode.html.j2", people=people, total=total, uncoded=uncoded, at=at, last=pages(total),
            unit=unit, units=await offered(self, "agency"), most=MOST, moment=moment, zone=zone,
        )  # fmt: skip

    async def post(self) -> None:
        """Make codes for those who have none, or for all of them anew, and show the sheet once."""
        store, unit = self.site.store, await asked_unit(self, "agency")
        paths = self.picked(unit)
        coded = None if self.get_body_argument("ulang", "") == "1" else False
        people, total = await self.call(store.newcomers, paths, coded=coded, limit=MOST)
        if not people:
            self.redirect("/petugas/kode", status=303)
            return
        codes = await self.call(store.issue_codes, [one.learner for one in people], by=self.learner)
        slips = [(one.name, one.unit, codes[one.learner]) for one in people]
        made, how = await self.call(self._sheet, slips)
        self.show(
            "petugas_lembar.html.j2", slips=slips, rest=total - len(people) if coded is False else 0,
            how=how, days=CODE_LIFE.days, pdf=base64.b64encode(made).decode(),
        )  # fmt: skip

    def _sheet(self, slips: Sequence[tuple[str, str, str]]) -> tuple[bytes, tuple[str, ...]]:
        # A document of the office, whatever language the page has.
        with speaking("id"):
            until = day((self.site.store.clock() + CODE_LIFE).date())
            return paper.slips(slips, address=self.address, until=until), paper.how(self.address, until)
