"""Laporan: the monthly report as it was issued, and a report of any day to download."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from tornado.web import HTTPError

from ... import monthly, reports, sheets
from ...i18n import _, moment, month, speaking
from ...reports import By, ReportError
from ...roster import SEPARATOR
from ...store import EVERYBODY, Issued, StoreError
from ...tally import day_of
from ..picking import asked_unit, offered
from .codes import UnitPage

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
"""The forms a report is downloaded in, and what they are called on the way."""


class ReportPage(UnitPage):
    """What the pages of reports share."""

    def tops(self) -> list[str]:
        """Return the units the officer's monthly reports are of."""
        scopes = self.scopes("agency")
        return [EVERYBODY] if scopes is None else list(scopes)

    async def page(self, *, fault: str = "", status: int = 200, asked: dict[str, str] | None = None) -> None:
        """Show what was issued, what may be, and the forms for others."""
        store, zone = self.site.store, self.account.zone if self.account else "WIB"
        self.show(
            "petugas_laporan.html.j2", status=status, fault=fault, asked=asked or {}, forms=KINDS,
            issued=await self.call(store.issued, self.tops()), due=await self.call(self._due),
            units=await offered(self, "agency"), today=day_of(store.clock()).isoformat(),
            months=monthly.months(day_of(store.clock())), month=month, moment=moment, zone=zone,
            scopes=self.scopes("agency"),
        )  # fmt: skip

    def _due(self) -> list[tuple[str, date]]:
        """Return the months without a report, by unit."""
        site = self.site
        return [(top, one) for top in self.tops() for one in monthly.missing(site.store, top)]

    def send(self, body: bytes, form: str, name: str) -> None:
        """Send a file to be kept."""
        self.set_header("Content-Type", KINDS[form])
        self.set_header("Content-Disposition", f'attachment; filename="{name}.{form}"')
        self.finish(body)


class ReportsOfUnits(ReportPage):
    """The page; the first look after a month's end issues its report."""

    async def get(self) -> None:
        """Issue what is due for the month before, and show everything."""
        await self.call(self._issue_last)
        await self.page()

    async def post(self) -> None:
        """Issue the report of an earlier month."""
        wanted = (self.get_body_argument("unit", ""), self.get_body_argument("bulan", ""))
        due = {(top, one.isoformat()): one for top, one in await self.call(self._due)}
        if wanted not in due:
            self.redirect("/petugas/laporan", status=303)
            return
        await self.call(self._issue, due[wanted], wanted[0])
        self.redirect("/petugas/laporan", status=303)

    def _issue_last(self) -> None:
        last = monthly.months(day_of(self.site.store.clock()))[0]
        for top, one in self._due():
            if one == last:
                self._issue(one, top)

    def _issue(self, day: date, unit: str) -> None:
        site = self.site
        monthly.issue(site.store, site.content.course, day, unit, by=self.learner, deadline=site.deadline)


class MonthlyReport(ReportPage):
    """One report as it was issued: its figures beside today's, and its files."""

    async def get(self) -> None:
        """Show it, or send one of its files as it was."""
        number, form = self.get_query_argument("nomor", ""), self.get_query_argument("bentuk", "")
        found = await self.call(self.site.store.issued, self.tops())
        one = next((row for row in found if str(row.id) == number), None)
        if one is None:
            raise HTTPError(404)
        if form:
            await self._file(one, form)
            return
        total, differs = await self.call(self._now, one)
        issuer = await self.call(self.site.store.account, one.by)
        self.show(
            "petugas_bulanan.html.j2", one=one, now=total, differs=differs, month=month, moment=moment,
            issuer=issuer.name if issuer else _("operator"),
            zone=self.account.zone if self.account else "WIB",
        )  # fmt: skip

    async def _file(self, one: Issued, form: str) -> None:
        body = await self.call(self.site.store.issued_file, one.id, form) if form in KINDS else None
        if body is None:
            raise HTTPError(404)
        await self.call(
            self.site.store.note, self.learner, "mengunduh_laporan", one.unit or "semua", {"report": one.id}
        )
        self.send(body, form, f"laporan-{one.month:%Y-%m}{named(one.unit)}")

    def _now(self, one: Issued) -> tuple[dict[str, Any], bool]:
        site = self.site
        total, digest = monthly.figures(
            site.store, site.content.course, one.month, one.unit, known_on=day_of(site.store.clock())
        )
        return total, digest != one.digest


class ReportFile(ReportPage):
    """A report of any day, made when it is asked for."""

    async def get(self) -> None:
        """Send it, or say on the page why it cannot be made."""
        fields = ("isi", "unit", "tanggal", "bulan", "menurut", "bentuk", "untuk")
        asked = {name: self.get_query_argument(name, "") for name in fields}
        if asked["bentuk"] not in KINDS or asked["isi"] not in {"penyelesaian", "terlambat"}:
            raise HTTPError(404)
        asked["unit"] = await asked_unit(self, "agency")
        await self.call(self.site.store.note, self.learner, "mengunduh_laporan", asked["unit"] or "semua", {})
        try:
            body = await self.call(self._made, asked)
        except (ReportError, StoreError) as error:
            await self.page(fault=str(error), status=400, asked=asked)
            return
        kind = "terlambat" if asked["isi"] == "terlambat" else "penyelesaian"
        day = asked["bulan"] if asked["untuk"] == "dibagikan" else asked["tanggal"]
        self.send(body, asked["bentuk"], f"{kind}-{day}{named(asked['unit'])}")

    def _made(self, asked: dict[str, str]) -> bytes:
        """Return the file. Raises ReportError and StoreError, each one sentence in the page's language."""
        site, shared = self.site, asked["untuk"] == "dibagikan"
        today = day_of(site.store.clock())
        day = _day(asked["bulan" if shared else "tanggal"], today)
        tops = self.tops()
        unit = asked["unit"] or (tops[0] if len(tops) == 1 else "")
        if not unit and EVERYBODY not in tops:
            raise ReportError(_("Anda memegang beberapa unit; pilih salah satu unit dahulu."))
        by = self._by(asked["menurut"], unit)
        if shared and by in {"jabatan", "jenis"} and unit:
            raise ReportError(
                _("Laporan menurut jabatan atau jenis hanya untuk pemakaian dalam; pilih «pemakaian dalam».")
            )
        found = reports.completion(
            site.store, site.content.course, as_of=day, by=by, shared=shared, under=unit or None,
            deadline=site.deadline, command=command(asked["isi"], day, by, unit, shared=shared),
        )  # fmt: skip
        if asked["isi"] == "terlambat":
            if not reports.dated(found):
                raise ReportError(_("Belum ada tenggat, jadi belum ada yang terlambat."))
            found = reports.overdue(found)
        if not monthly.fits(asked["bentuk"], found):
            raise ReportError(
                _("Laporan ini terlalu panjang untuk PDF; pakai XLSX, atau pilih unit yang lebih tinggi.")
            )
        # A document of the office, whatever language the page has.
        with speaking("id"):
            made = sheets.FORMS[asked["bentuk"]](found)
        return made.encode() if isinstance(made, str) else made

    def _by(self, wanted: str, unit: str) -> By:
        choices: dict[str, By] = {"unit": "unit", "jabatan": "jabatan", "jenis": "jenis"}
        return choices.get(wanted, monthly.below(unit))


def command(what: str, day: date, by: str, unit: str, *, shared: bool) -> str:
    """Return the command that gives the same figures on the server."""
    name = "overdue" if what == "terlambat" else "completion"
    words = ["netralitas report", name, f"--as-of {day}", f"--by {by}"]
    return " ".join([*words, *([f"--unit '{unit}'"] if unit else []), *([] if shared else ["--internal"])])


def named(unit: str) -> str:
    """Return a unit as the end of a file's name: small letters, hyphens."""
    last = re.sub(r"[^a-z0-9]+", "-", unit.rpartition(SEPARATOR)[2].casefold()).strip("-")
    return f"-{last[:40]}" if last else ""


def _day(text: str, today: date) -> date:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ReportError(_("Pilih tanggal laporannya dahulu.")) from None
    if found > today:
        raise ReportError(_("Tanggal itu belum tiba; pilih hari ini atau sebelumnya."))
    return found
