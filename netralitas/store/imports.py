"""A roster comes in: units, accounts and placements, all or nothing, the same file twice changes nothing.

A change of unit, jabatan or jenis ends the old placement today and begins a new one, so that the past
stays as it was; a second change on the same day corrects the one of that day.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, text, update

from netralitas.course import Course
from netralitas.i18n import _
from netralitas.roster import SEPARATOR, Roster, Row

from . import audit
from .base import Base
from .engine import StoreError
from .tables import account, placement, unit
from .units import instansi_of

UNMAPPED = "lainnya"
"""The class of a jabatan no word of the course fits."""

_LOCK = 0x6E74_7273  # any number that is ours alone: "ntrs"
_PLACED = ("unit", "jabatan", "post_class", "jenis")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many people came, changed, moved to another unit, stayed, left; and jabatan of no class."""

    added: int
    changed: int
    moved: int
    unchanged: int
    ended: int
    unmapped: tuple[str, ...]


class Imports(Base):
    """The one way people enter the store."""

    def import_roster(
        self, roster: Roster, course: Course, *, today: date, by: str, complete: int | None = None
    ) -> ImportReport:
        """Bring the store to what the roster says, in one transaction; audited when anything changes.

        `complete` says the file lists everybody of the instansi it names and that so many people
        will leave: their placements end today. Raises StoreError when the roster has faults or the
        number is another one (the sentence tells it); then nothing has changed.
        """
        if roster.faults:
            raise StoreError(_("Daftar pegawai masih memuat kesalahan; betulkan dahulu, lalu impor lagi."))
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            work = _Import(connection, today, self.clock())
            leaving = work.absent(roster.rows) if complete is not None else []
            if complete is not None and complete != len(leaving):
                raise StoreError(_wrong_number(len(leaving)))
            units = work.units(roster.rows)
            for row in roster.rows:
                work.person(row, units[row.path], course.post_class(row.jabatan))
            report = work.finish(leaving)
            if work.anything:
                counts = {"added": report.added, "changed": report.changed, "moved": report.moved}
                detail = counts | {"ended": report.ended}
                audit.write(
                    connection, self.clock(), who=by, act="roster.imported", subject="roster", detail=detail
                )
            return report

    def absent(self, roster: Roster) -> int:
        """Return how many people a complete import of `roster` would end; changes nothing."""
        with self.reading() as connection:
            return len(_Import(connection, date.min, self.clock()).absent(roster.rows))


def _wrong_number(number: int) -> str:
    return _(
        "Daftar lengkap ini akan mengakhiri penempatan {number} orang; ulangi dengan angka itu bila benar."
    ).format(number=number)


class _Import:
    """One import under way: what stands, and what will be written at the end."""

    def __init__(self, connection: Connection, today: date, now: datetime) -> None:
        self.connection = connection
        self.today = today
        self.now = now
        self.anything = False
        self.counts = {"added": 0, "changed": 0, "moved": 0, "unchanged": 0}
        self.unmapped: set[str] = set()
        self.accounts = {row.nip: row for row in connection.execute(select(account))}
        current = select(placement, unit.c.path).select_from(placement.join(unit))
        rows = connection.execute(current.where(placement.c.end.is_(None))).mappings()
        self.placed: dict[str, RowMapping] = {row["learner"]: row for row in rows}
        self.new_accounts: list[dict[str, Any]] = []
        self.renamed: list[dict[str, Any]] = []
        self.begun: list[dict[str, Any]] = []
        self.corrected: list[dict[str, Any]] = []
        self.over: list[int] = []

    def absent(self, rows: Collection[Row]) -> list[int]:
        """Return the placements, in the instansi the file names, of people it does not name."""
        named = {self.accounts[row.nip].learner for row in rows if row.nip in self.accounts}
        instansi = {row.instansi for row in rows}
        return [
            place["id"]
            for learner, place in self.placed.items()
            if learner not in named and instansi_of(place["path"]) in instansi
        ]

    def units(self, rows: Collection[Row]) -> dict[str, int]:
        """Make the units the file names, with those above them; return ids by path."""
        known = {row["path"]: row for row in self.connection.execute(select(unit)).mappings()}
        ids: dict[str, int] = {path: row["id"] for path, row in known.items()}
        wanted: dict[str, dict[str, Any]] = {}
        for row in rows:
            own = {"zone": row.zone, "code": row.unit_code}
            wanted.setdefault(row.path, {}).update({key: value for key, value in own.items() if value})
        for path in sorted(wanted, key=lambda one: one.count(SEPARATOR)):
            self._make_unit(path, ids)
            before: Mapping[str, Any] = dict(known.get(path, {}))
            change = {key: value for key, value in wanted[path].items() if before.get(key) != value}
            if change:
                self.anything = True
                self.connection.execute(update(unit).where(unit.c.id == ids[path]).values(**change))
        return ids

    def _make_unit(self, path: str, ids: dict[str, int]) -> None:
        parts = path.split(SEPARATOR)
        parent: int | None = None
        for depth in range(1, len(parts) + 1):
            above = SEPARATOR.join(parts[:depth])
            if above not in ids:
                self.anything = True
                made = insert(unit).values(parent=parent, name=parts[depth - 1], path=above)
                ids[above] = self.connection.execute(made.returning(unit.c.id)).scalar_one()
            parent = ids[above]

    def person(self, row: Row, unit_id: int, post_class: str) -> None:
        """Compare one row with what stands and note what has to be written."""
        if post_class == UNMAPPED:
            self.unmapped.add(row.jabatan)
        known = self.accounts.get(row.nip)
        learner: str = known.learner if known else secrets.token_hex(16)
        if known is None:
            self.new_accounts.append(
                {"learner": learner, "nip": row.nip, "name": row.name, "created_at": self.now}
            )
        elif known.name != row.name:
            self.renamed.append({"who": learner, "name": row.name})
        place = {"unit": unit_id, "jabatan": row.jabatan, "post_class": post_class, "jenis": row.jenis}
        before = self.placed.get(learner)
        differs = [] if before is None else [name for name in _PLACED if before[name] != place[name]]
        self._place(learner, place, before, differs)
        self.counts[_kind(before, differs, renamed=known is not None and known.name != row.name)] += 1

    def _place(
        self, learner: str, place: dict[str, Any], before: RowMapping | None, differs: list[str]
    ) -> None:
        if before is not None and not differs:
            return
        if before is not None and (differs == ["post_class"] or before["start"] >= self.today):
            self.corrected.append({"which": before["id"], **place})
            return
        if before is not None:
            self.over.append(before["id"])
        self.begun.append({"learner": learner, **place, "start": self.today})

    def finish(self, leaving: list[int]) -> ImportReport:
        """Write everything noted; an ended placement before the new one of the same person."""
        run = self.connection.execute
        if self.new_accounts:
            run(insert(account), self.new_accounts)
        if self.renamed:
            who = account.c.learner == bindparam("who")
            run(update(account).where(who).values(name=bindparam("name")), self.renamed)
        if self.over or leaving:
            which = placement.c.id == bindparam("which")
            ends = update(placement).where(which).values(end=self.today)
            run(ends, [{"which": one} for one in (*self.over, *leaving)])
        if self.corrected:
            new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _PLACED}
            rows = [
                {"which": one["which"]} | {f"new_{name}": one[name] for name in _PLACED}
                for one in self.corrected
            ]
            run(update(placement).where(placement.c.id == bindparam("which")).values(**new), rows)
        if self.begun:
            run(insert(placement), self.begun)
        written = (self.new_accounts, self.renamed, self.over, leaving, self.corrected, self.begun)
        self.anything = self.anything or any(written)
        return ImportReport(**self.counts, ended=len(leaving), unmapped=tuple(sorted(self.unmapped)))


def _kind(before: RowMapping | None, differs: list[str], *, renamed: bool) -> str:
    if before is None:
        return "added"
    if "unit" in differs:
        return "moved"
    return "changed" if differs or renamed else "unchanged"
