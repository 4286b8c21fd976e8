"""Daftar pegawai: what a file would change, yes or no; what was brought before, and taking it back.

/petugas/daftar   the upload as far as it is, the form for another, the list of what was brought
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tornado.web import HTTPError

from ... import uploads
from ...i18n import _, day, moment
from ...roster import OPTIONAL, REQUIRED, Columns, guessed
from ...store import MANY, UNDO
from ...uploads import Upload
from ..base import Page

_LISTED = 20
_FAULTS = 100
_LEVELS = 3
"""How many columns may make the path of a unit."""
_LONGEST = 200
_JENIS = {"P3K": "pppk", "PPPK": "pppk", "PNS": "pns", "CPNS": "cpns"}


class RosterPage(Page):
    """What the page and the way of a file to the disk have in common."""

    role = "agency"

    async def page(self, *, fault: str = "", status: int = 200) -> None:
        """Show how far the upload is, the form, and what was brought before."""
        site, zone = self.site, self.account.zone if self.account else "WIB"
        upload = await self.call(self._current)
        running = upload is not None and site.uploads.busy(upload)
        if running and self.request.method == "GET":
            self.set_header("Refresh", "2")
        if upload is not None and upload.stage in {"changes", "faults"}:
            await self.call(site.store.note, self.learner, "meninjau_daftar", "roster", {})
        self.show(
            "petugas_daftar.html.j2", status=status, upload=upload, running=running, fault=fault,
            past=await self.call(self._past, zone), scopes=self.scopes("agency"),
            required=REQUIRED, optional=OPTIONAL, levels=_LEVELS, most=_FAULTS, share=round(100 * MANY),
            guess=guessed(upload.heads) if upload else {}, days=UNDO.days, token=self.xsrf_token.decode(),
        )  # fmt: skip

    def _current(self) -> Upload | None:
        """Return the officer's upload; one that was ended from outside is asked for in the store."""
        site = self.site
        upload = site.uploads.of(self.learner)
        if upload is None or upload.stage != "working" or site.uploads.busy(upload):
            return upload
        for row in site.store.imports(_LISTED):
            if upload.task == "bring" and row["who"] == upload.by and row["at"] >= upload.asked:
                ended = upload.but(stage="done", number=row["id"], changes=())
            elif upload.task == "undo" and row["id"] == upload.number and row["undone_at"] is not None:
                ended = upload.but(stage="undone")
            else:
                continue
            uploads.save(site.uploads.folder(upload.id), ended)
            return ended
        return upload

    def _past(self, zone: str) -> list[dict[str, Any]]:
        """Return what was brought into the officer's units, newest first."""
        store, now = self.site.store, datetime.now(UTC)
        rows = store.imports(_LISTED, within=self.scopes("agency"))
        known = {who: store.account(who) for who in {row["who"] for row in rows}}
        return [
            {
                "id": row["id"],
                "at": moment(row["at"], zone),
                "file": row["file"],
                "who": account.name if (account := known[row["who"]]) else _("operator"),
                "counts": row["counts"],
                "undoes": row["file"].removeprefix("-") if _undoes(row) else "",
                "undone": row["undone_at"] is not None,
                "until": day((row["at"] + UNDO).date()) if row["at"] + UNDO > now else "",
            }
            for row in rows
        ]


def _undoes(row: dict[str, Any]) -> bool:
    return not row["digest"] and row["file"].startswith("-")


class Rosters(RosterPage):
    """The page, and each step an officer takes on it."""

    async def get(self) -> None:
        """Show it; while a process works it comes again by itself."""
        await self.page()

    async def post(self) -> None:
        """Take one step; one that does not fit any more only shows how it is now."""
        steps: dict[str, Callable[[Upload], str]] = {
            "kolom": self._columns,
            "setuju": self._agreed,
            "ulang": self._again,
            "buang": self._away,
        }
        wanted = self.get_body_argument("langkah", "")
        if wanted == "batalkan":
            fault = await self._undo(self.get_body_argument("nomor", ""))
        elif wanted in steps:
            upload = await self.call(self._current)
            stale = upload is None or upload.id != self.get_body_argument("unggahan", "")
            busy = upload is not None and self.site.uploads.busy(upload)
            fault = "" if upload is None or stale or busy else steps[wanted](upload)
        else:
            raise HTTPError(400)
        if fault:
            await self.page(fault=fault, status=400)
        else:
            self.redirect("/petugas/daftar", status=303)

    def _begin(self, upload: Upload, **changed: object) -> None:
        """Do it with the rights of now, whatever they were when the file came."""
        now = datetime.now(UTC)
        fresh = upload.but(**{
            "stage": "working", "read": 0, "size": 0, "said": "", "asked": now,
            "within": self.scopes("agency"), "language": self.display.language, **changed,
        })  # fmt: skip
        self.site.uploads.begin(fresh, self.site.content.course)

    def _columns(self, upload: Upload) -> str:
        if upload.stage != "columns":
            return ""
        chosen = {field: self._chosen(upload, f"kolom-{field}") for field in REQUIRED + OPTIONAL}
        said = {field: self.get_body_argument(f"isi-{field}", "").strip() for field in ("instansi", "jenis")}
        unit = tuple(
            filter(None, (self._chosen(upload, f"kolom-unit-{level}") for level in range(1, _LEVELS + 1)))
        )
        columns = {field: name for field, name in chosen.items() if name and field != "unit"}
        constants = {field: text[:_LONGEST] for field, text in said.items() if text and field not in columns}
        if not unit:
            constants["unit"] = ""
        missing = [name for name in REQUIRED if name not in {**columns, **constants, "unit": ""}]
        if missing:
            return _("Pilih kolom untuk: {names}.").format(names=", ".join(missing))
        self._begin(
            upload,
            task="look",
            columns=Columns(columns=columns, unit=unit, constants=constants, values={"jenis": _JENIS}),
        )
        return ""

    def _chosen(self, upload: Upload, name: str) -> str:
        """Return the column a field of the form names, empty for none that is in the file."""
        wanted = self.get_body_argument(name, "")
        return wanted if wanted in upload.heads else ""

    def _agreed(self, upload: Upload) -> str:
        if upload.stage != "changes":
            return ""
        if upload.many and self.get_body_argument("yakin", "") != "1":
            return _("Centang dahulu bahwa orang sebanyak itu memang keluar, atau buang berkas ini.")
        self._begin(upload, task="bring", sure=upload.many)
        return ""

    def _again(self, upload: Upload) -> str:
        if upload.stage in {"working", "refused"} and upload.task != "undo":
            self._begin(upload, task="look", counts={}, changes=())
        return ""

    def _away(self, upload: Upload) -> str:
        self.site.uploads.discard(upload)
        return ""

    async def _undo(self, wanted: str) -> str:
        """Take an import back, one of those the page lists."""
        scopes = self.scopes("agency")
        rows = await self.call(self.site.store.imports, _LISTED, within=scopes)
        row = next((one for one in rows if str(one["id"]) == wanted and not _undoes(one)), None)
        if row is None:
            raise HTTPError(404)
        before = self.site.uploads.of(self.learner)
        if before is not None and self.site.uploads.busy(before):
            return _("Berkas sebelumnya masih dikerjakan; tunggu sampai selesai.")
        upload = Upload(
            id=self.site.uploads.fresh(), by=self.learner, name=row["file"], asked=datetime.now(UTC),
            task="undo", within=scopes, language=self.display.language, number=row["id"],
        )  # fmt: skip
        self.site.uploads.replace(upload)
        self.site.uploads.begin(upload, self.site.content.course)
        return ""
