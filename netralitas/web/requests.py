"""Reports of items and corrections of data: sent by learners, read and closed by the office.

A report is about an item, so its sender is not shown; a correction is about a person, so each look at the
list is noted in the audit log.
"""

from __future__ import annotations

from typing import Any

from tornado.web import HTTPError

from ..content import Content
from ..i18n import moment
from ..pledges import Pledge
from ..quizzes import Quiz
from ..store import REASONS, ItemReport
from .base import Page
from .login import inside

OFFICERS = {"trainer", "agency", "operator"}


def title_of(content: Content, name: str) -> tuple[str, str] | None:
    """Return the title of the activity and the words of the item an object id names, None for no such one."""
    root, _slash, part = _split(name)
    try:
        item = content.item(root)
        if isinstance(item, Quiz):
            return item.title, item.question(part).prompt if part else ""
        if isinstance(item, Pledge):
            return item.title, item.point(part).text if part else ""
    except KeyError:
        return None
    if not part:
        return item.title, ""
    scene = item.scene(part)
    if scene is not None:
        return item.title, scene.question
    ending = item.ending(part)
    return (item.title, ending.title) if ending is not None else None


def _split(name: str) -> tuple[str, str, str]:
    words = name.split("/")
    return "/".join(words[:2]), "/", "/".join(words[2:])


class Report(Page):
    """Laporkan soal ini: why, in a few words."""

    async def get(self) -> None:
        """Show the form for `?soal=`."""
        self._form(self.get_query_argument("soal", ""), self.get_query_argument("lanjut", "/"))

    async def post(self) -> None:
        """Keep the report and lead back to the item."""
        name, reason = self.get_body_argument("soal", ""), self.get_body_argument("alasan", "")
        target = self.get_body_argument("lanjut", "/")
        if title_of(self.site.content, name) is None:
            raise HTTPError(404)
        if reason not in REASONS:
            self._form(name, target, fault=True, status=400)
            return
        text = self.get_body_argument("isi", "")
        kept = await self.call(self.site.store.report_item, self.learner, name, reason, text)
        self._form(name, target, sent="ya" if kept else "penuh")

    def _form(
        self, name: str, target: str, *, fault: bool = False, sent: str = "", status: int = 200
    ) -> None:
        told = title_of(self.site.content, name)
        if told is None:
            raise HTTPError(404)
        self.show(
            "lapor.html.j2", status=status, name=name, told=told, reasons=REASONS, fault=fault, sent=sent,
            target=inside(target),
        )  # fmt: skip


class Reports(Page):
    """Laporan soal: what learners said of items, for whoever holds an office."""

    async def prepare(self) -> None:
        """Let in who holds any office."""
        await super().prepare()
        if not OFFICERS & {role.role for role in self.roles}:
            raise HTTPError(403)

    async def get(self) -> None:
        """Show open reports, newest first, and those closed lately."""
        store = self.site.store
        self.show(
            "laporan.html.j2",
            open_ones=self._rows(await self.call(store.item_reports)),
            closed=self._rows(await self.call(store.item_reports, closed=True, limit=20)),
        )

    async def post(self) -> None:
        """Close one report."""
        number = self.get_body_argument("nomor", "")
        if not number.isascii() or not number.isdigit() or len(number) > 9:  # noqa: PLR2004  (a row's number)
            raise HTTPError(400)
        await self.call(self.site.store.close_report, int(number), by=self.learner)
        self.redirect("/laporan", status=303)

    def _rows(self, reports: tuple[ItemReport, ...]) -> list[dict[str, Any]]:
        zone = self.account.zone if self.account else "WIB"
        return [
            {
                "id": one.id,
                "object": one.object,
                "told": title_of(self.site.content, one.object) or ("", ""),
                "reason": one.reason,
                "text": one.text,
                "at": moment(one.at, zone),
            }
            for one in reports
        ]


class Corrections(Page):
    """Data yang dipertanyakan: what people of the officer's units say is wrong."""

    role = "agency"

    async def get(self) -> None:
        """Show the open requests."""
        scopes = self.scopes("agency")
        await self.call(
            self.site.store.note, self.learner, "melihat_koreksi", "/".join(scopes or ("semua",)), {}
        )
        found = await self.call(self.site.store.corrections_under, scopes)
        self.show("koreksi.html.j2", requests=found, moment=moment)

    async def post(self) -> None:
        """Answer and close one of them."""
        wanted, answer = self.get_body_argument("nomor", ""), self.get_body_argument("jawaban", "")
        found = await self.call(self.site.store.corrections_under, self.scopes("agency"))
        one = next((row for row in found if str(row.id) == wanted), None)
        if one is None:
            raise HTTPError(404)
        await self.call(self.site.store.close_correction, one.id, answer, by=self.learner)
        self.redirect("/petugas/koreksi", status=303)
