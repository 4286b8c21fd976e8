"""Hasil belajar: what people learned, never who; only as it may be shared.

/petugas/laporan/hasil   what is being made, the last file, the form for another

An officer sees no answers and no marks, so nothing here names a group under five, whatever is subtracted:
see `grader/gain.py`, `misconceptions.py`, `item_shares.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tornado.web import HTTPError

from ... import monthly
from ...i18n import _, month
from ...store import EVERYBODY
from ...tally import day_of
from ..picking import asked_unit, offered
from .reports import KINDS, ReportPage, named

RESULTS: Mapping[str, tuple[str, ...]] = {
    "kemajuan": ("gain",),
    "salah-paham": ("misconceptions",),
    "soal": ("items", "--shared"),
}
"""What there is, and the words of `netralitas report` that make it."""


class ResultReports(ReportPage):
    """The page, and ordering a report on it."""

    async def get(self) -> None:
        """Show it; while a report is made it comes again by itself."""
        await self.results()

    async def results(self, *, fault: str = "", status: int = 200) -> None:
        """Show how far the report is, and the form."""
        order = self.site.orders.of(self.learner)
        if order is not None and order.code is None and self.request.method == "GET":
            self.set_header("Refresh", "2")
        asked = {name: self.get_argument(name, "") for name in ("isi", "unit", "bulan", "bentuk")}
        self.show(
            "petugas_hasil.html.j2", status=status, fault=fault, asked=asked, order=order, forms=KINDS,
            units=await offered(self, "agency"), scopes=self.scopes("agency"), month=month,
            months=monthly.months(day_of(self.site.store.clock())), ordered=order and _day(order.month),
        )  # fmt: skip

    async def post(self) -> None:
        """Have a report made; who asked is noted."""
        store, tops = self.site.store, self.tops()
        kind, form = self.get_body_argument("isi", ""), self.get_body_argument("bentuk", "")
        day = self.get_body_argument("bulan", "")
        months = {one.isoformat() for one in monthly.months(day_of(store.clock()))}
        if kind not in RESULTS or form not in KINDS or day not in months:
            raise HTTPError(400)
        unit = await asked_unit(self, "agency") or (tops[0] if len(tops) == 1 else "")
        if not unit and EVERYBODY not in tops:
            told = _("Anda memegang beberapa unit; pilih salah satu unit dahulu.")
            await self.results(fault=told, status=400)
            return
        words = ("report", *RESULTS[kind], "--as-of", day, *(("--unit", unit) if unit else ()))
        if self.site.orders.begin(self.learner, kind=kind, unit=unit, month=day, form=form, words=words):
            await self.call(store.note, self.learner, "mengunduh_laporan", unit or "semua", {"report": kind})
        self.redirect("/petugas/laporan/hasil", status=303)


class ResultsFile(ReportPage):
    """The file that was made."""

    async def get(self) -> None:
        """Send it to the officer who ordered it, while the unit is theirs."""
        order = self.site.orders.of(self.learner)
        if order is None or order.code != 0:
            raise HTTPError(404)
        if not order.unit and self.scopes("agency") is not None:
            raise HTTPError(404)
        self.picked(order.unit)
        body = await self.call(order.file.read_bytes)
        self.send(body, order.form, f"{order.kind}-{order.month}{named(order.unit)}")


def _day(text: str) -> date:
    return date.fromisoformat(text)
