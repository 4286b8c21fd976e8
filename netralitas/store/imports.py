"""A roster comes in: units, accounts and stays, all or nothing, the same file twice changes nothing.

A change of unit, jabatan or jenis ends the old stay and begins a new one on the day the file names (else
today), so that the past stays as it was; what is known otherwise since today is retracted, never overwritten.
The completion figures change in the same transaction.

    pieces of rows ─► units ─► who is new, who stands elsewhere ─► stays, changes ─► who is absent ─► commit
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from netralitas.course import Course
from netralitas.i18n import _
from netralitas.roster import Row, Source, Where, instansi_of
from netralitas.tally import Place, Span, corrected, left, moved

from . import audit
from .arrivals import Arrival, Arrivals
from .base import Base
from .bulk import among, roomy
from .engine import StoreError
from .lives import Kept, spans_of, stays_of, turn
from .tables import CURRENT, account, placement, roster_import, unit
from .tree import Tree
from .units import under

UNMAPPED = "lainnya"
"""The class of a jabatan no word of the course fits."""

MANY = 0.1
"""The share of a file's instansi that may leave without a second yes."""

UNDO = timedelta(days=7)
"""How long an import can be taken back; after that the right roster is brought."""

SAMPLES = 50
"""How many changes of each kind a report names."""

_LOCK = 0x6E74_7273  # any number that is ours alone: "ntrs"
_KNOWN = select(account.c.learner, account.c.nip, account.c.name)


@dataclass(frozen=True, slots=True)
class Changed:
    """One person an import changes, for who is asked to confirm it.

    `before` and `after` are whole paths, empty for who was nowhere or will be; `was` is another name before.
    """

    kind: str
    name: str = field(repr=False)
    before: str
    after: str
    was: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many people came, changed, moved to another unit, stayed, left; and jabatan of no class.

    `number` is the import's own (0: nothing was written), `changes` names the first changes.
    """

    added: int
    changed: int
    moved: int
    unchanged: int
    ended: int
    unmapped: tuple[str, ...]
    number: int = field(default=0, compare=False)
    changes: tuple[Changed, ...] = field(default=(), compare=False, repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: getattr(self, name) for name in ("added", "changed", "moved", "unchanged", "ended")}


class _PreviewError(Exception):
    """Raised to undo what was only looked at."""


class Imports(Base):
    """The one way people enter the store."""

    def import_roster(
        self,
        roster: Source,
        course: Course,
        *,
        today: date,
        by: str,
        complete: int | None = None,
        sure: bool = False,
        within: Collection[str] | None = None,
        expect: Mapping[str, int] | None = None,
        on_rows: Callable[[int], object] | None = None,
    ) -> ImportReport:
        """Bring the store to what the roster says, in one transaction; audited when anything changes.

        `complete` says the file lists everybody of the instansi it names and that so many people will leave:
        their stays end today; more than a tenth only when `sure`. `within` are the units whose people may be
        touched (None: all). `expect` are the counts somebody has confirmed. Raises StoreError, one sentence,
        and then nothing has changed.
        """
        with self.writing() as connection, roomy(connection):
            report = self._bring(
                connection, roster, course, today=today, by=by, full=complete is not None, complete=complete,
                sure=sure, within=within, on_rows=on_rows or (lambda _count: None),
            )  # fmt: skip
            if expect is not None and dict(expect) != report.counts:
                raise StoreError(_("Sejak berkas ini ditinjau, datanya berubah; tinjau lagi."))
        return report

    def preview_roster(
        self,
        roster: Source,
        course: Course,
        *,
        today: date,
        full: bool = False,
        within: Collection[str] | None = None,
        on_rows: Callable[[int], object] | None = None,
    ) -> ImportReport:
        """Return what an import would do; changes nothing. `full`: it lists everybody. Raises StoreError."""
        found: list[ImportReport] = []
        with suppress(_PreviewError), self.writing() as connection, roomy(connection):
            found.append(
                self._bring(
                    connection, roster, course, today=today, by="", full=full, complete=None, sure=True,
                    within=within, on_rows=on_rows or (lambda _count: None),
                )
            )  # fmt: skip
            _take_nothing()
        return replace(found[0], number=0)

    def undo_import(
        self,
        number: int,
        course: Course,
        *,
        today: date,
        by: str,
        within: Collection[str] | None = None,
    ) -> ImportReport:
        """Take an import back: stays become what they were, from today's knowledge on; audited.

        Names it mended and accounts it made stay. Raises StoreError where it was undone already, where a
        later import changed the same people, where it is older than UNDO, or where it changed anybody
        outside of the units `within` (None: all).
        """
        with self.writing() as connection:
            _one_at_a_time(connection)
            _undoable(connection, number, self.clock())
            _bounded(connection, number, within)
            learners = _touched(connection, number)
            values = {"at": self.clock(), "who": by, "file": f"-{number}", "digest": "", "scope": []}
            own = connection.execute(
                insert(roster_import).values(**values, counts={}).returning(roster_import.c.id)
            ).scalar_one()
            for start in range(0, len(learners), 2000):
                _take_back(connection, learners[start : start + 2000], number, course, today=today, own=own)
            connection.execute(
                update(roster_import)
                .where(roster_import.c.id == number)
                .values(undone_at=self.clock(), undone_by=by)
            )
            detail = {"import": number, "people": len(learners)}
            audit.write(
                connection, self.clock(), who=by, act="roster.undone", subject="roster", detail=detail
            )
        return ImportReport(0, len(learners), 0, 0, 0, (), own)

    def imports(self, limit: int = 50, within: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Return the last imports, newest first, as their rows; only those that stayed `within`."""
        query = select(roster_import).order_by(roster_import.c.id.desc())
        found: list[dict[str, Any]] = []
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                if len(found) == limit:
                    break
                if within is None or _stayed(connection, row, within):
                    found.append(dict(row))
        return found

    def _bring(
        self,
        connection: Connection,
        roster: Source,
        course: Course,
        *,
        today: date,
        by: str,
        full: bool,
        complete: int | None,
        sure: bool,
        within: Collection[str] | None,
        on_rows: Callable[[int], object],
    ) -> ImportReport:
        if roster.faults:
            raise StoreError(_("Daftar pegawai masih memuat kesalahan; betulkan dahulu, lalu impor lagi."))
        _one_at_a_time(connection)
        number = connection.execute(
            insert(roster_import)
            .values(at=self.clock(), who=by, file=roster.name, digest=roster.digest, scope=[], counts={})
            .returning(roster_import.c.id)
        ).scalar_one()
        tree = Tree(connection, within)
        work = _Import(connection, course, tree, today, self.clock(), number=number, full=full)
        tree.grow(roster.units)
        for rows in roster.chunks():
            work.take(rows)
            on_rows(len(rows))
        work.welcome()
        if full:
            work.leave(complete, sure=sure)
        report = work.report()
        if not work.anything:
            connection.execute(roster_import.delete().where(roster_import.c.id == number))
            return replace(report, number=0)
        done = {"scope": sorted(tree.instansi), "counts": report.counts}
        connection.execute(update(roster_import).where(roster_import.c.id == number).values(**done))
        detail = {**report.counts, "import": number}
        audit.write(connection, self.clock(), who=by, act="roster.imported", subject="roster", detail=detail)
        return report


class _Import:
    """One import under way, a piece of rows at a time; `full` says that whoever is not in it leaves."""

    def __init__(
        self,
        connection: Connection,
        course: Course,
        tree: Tree,
        today: date,
        now: datetime,
        *,
        number: int,
        full: bool,
    ) -> None:
        self.connection, self.today, self.now, self.number = connection, today, now, number
        self.course, self.tree, self.full = course, tree, full
        self.seen: set[int] = set()
        self.counts = {"added": 0, "changed": 0, "moved": 0, "unchanged": 0, "ended": 0}
        self.unmapped: set[str] = set()
        self.named: list[Changed] = []
        self.wrote = False
        self._came = Arrivals(connection)
        self._classes: dict[str, str] = {}

    @property
    def anything(self) -> bool:
        """Say whether anything was written."""
        return self.wrote or self.tree.changed

    def take(self, rows: Sequence[Row]) -> None:
        """Bring one piece of rows into the store."""
        mine = among(account.c.nip, [one.nip for one in rows])
        known = {row.nip: row for row in self.connection.execute(_KNOWN.where(mine)).all()}
        stays = stays_of(self.connection, [row.learner for row in known.values()]) if known else {}
        came: list[Arrival] = []
        renamed: list[dict[str, str]] = []
        turned: dict[str, Sequence[Span]] = {}
        places: dict[Where, Place] = {}
        for row in rows:
            place = places.get(row.where) or places.setdefault(row.where, self._place(row.where))
            account_of = known.get(row.nip)
            if account_of is None:
                came.append(Arrival(row.nip, row.name, place, row.since or self.today))
                self._count("added", row, None)
                continue
            learner = account_of.learner
            before = _open(stays.get(learner, ()))
            self.tree.reaches(before, row)
            renames = account_of.name != row.name
            if renames:
                renamed.append({"who": learner, "name": row.name})
            was = account_of.name if renames else ""
            self._count(_kind(before, place, renames=renames), row, before, was)
            if before is None or before.place != place:
                turned[learner] = self._spans(stays.get(learner, ()), place, row.since or self.today)
        if self.full:
            self.seen.update(_short(row.learner) for row in known.values())
        self._came.add(came)
        if renamed:
            who = account.c.learner == bindparam("who")
            self.connection.execute(update(account).where(who).values(name=bindparam("name")), renamed)
        if turned:
            turn(self.connection, turned, stays, self.course, today=self.today, origin=self.number)
        self.wrote = self.wrote or bool(renamed or turned)

    def welcome(self) -> None:
        """Write accounts and stays of who came for the first time; who is absent is asked for afterwards."""
        self.wrote = self.wrote or self._came.any
        if self.full:
            self.seen.update(map(_short, self._came.learners()))
        self._came.settle(now=self.now, today=self.today, origin=self.number)

    def leave(self, complete: int | None, *, sure: bool) -> None:
        """End the stays of who is absent. Raises StoreError unless they are `complete`, and not too many.

        None: nobody has said how many.
        """
        leaving = list(self._absent())
        if complete not in (None, len(leaving)):
            raise StoreError(_wrong_number(len(leaving)))
        standing = len(self.seen) + len(leaving)
        if not sure and len(leaving) > MANY * standing:
            raise StoreError(
                _("Lebih dari 10 % pegawai ({number} orang) akan keluar; tegaskan sekali lagi bila benar.")
                .format(number=len(leaving))
            )  # fmt: skip
        self._name_leaving(leaving[:SAMPLES])
        for start in range(0, len(leaving), 2000):
            some = leaving[start : start + 2000]
            stays = stays_of(self.connection, some)
            gone = {learner: left(spans_of(stays[learner]), self.today) for learner in some}
            turn(self.connection, gone, stays, self.course, today=self.today, origin=self.number)
        self.counts["ended"] += len(leaving)
        self.wrote = self.wrote or bool(leaving)

    def _absent(self) -> Iterator[str]:
        """Yield who stands in an instansi the file names and is not in the file."""
        query = select(placement.c.learner).select_from(placement.join(unit)).where(CURRENT)
        reach = self.tree.within
        for name in sorted(self.tree.instansi):
            own = query.where(under([name]))
            own = own if reach is None else own.where(under(list(reach)))
            for row in self.connection.execute(own, execution_options={"yield_per": 5000}):
                if _short(row.learner) not in self.seen:
                    yield row.learner

    def report(self) -> ImportReport:
        """Return what was done."""
        return ImportReport(
            **self.counts,
            unmapped=tuple(sorted(self.unmapped)),
            number=self.number,
            changes=tuple(self.named),
        )

    def _place(self, where: Where) -> Place:
        post_class = self._classes.get(where.jabatan)
        if post_class is None:
            post_class = self._classes[where.jabatan] = self.course.post_class(where.jabatan)
        if post_class == UNMAPPED:
            self.unmapped.add(where.jabatan)
        return Place(self.tree.ids[where.path], where.jabatan, post_class, where.jenis)

    def _spans(self, kept: Sequence[Kept], place: Place, since: date) -> tuple[Span, ...]:
        spans, before = spans_of(kept), _open(kept)
        if before is not None and before.place._replace(post_class=place.post_class) == place:
            return corrected(spans, place)
        return moved(spans, place, since)

    def _count(self, kind: str, row: Row, before: Span | None, was: str = "") -> None:
        self.counts[kind] += 1
        if kind != "unchanged" and self.counts[kind] <= SAMPLES:
            path = "" if before is None else self.tree.path(before.place.unit)
            self.named.append(Changed(kind, row.name, path, row.where.path, was))

    def _name_leaving(self, some: Sequence[str]) -> None:
        query = select(account.c.name, unit.c.path).select_from(placement.join(unit).join(account))
        rows = self.connection.execute(query.where(CURRENT, placement.c.learner.in_(some)))
        self.named += [Changed("ended", row.name, row.path, "") for row in rows]


def _short(learner: str) -> int:
    """Return a learner id in half the memory, for a set of everybody."""
    return int(learner, 16)


def _take_nothing() -> None:
    raise _PreviewError


def _one_at_a_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _wrong_number(number: int) -> str:
    return _(
        "Daftar lengkap ini akan mengakhiri penempatan {number} orang; ulangi dengan angka itu bila benar."
    ).format(number=number)


def _open(kept: Sequence[Kept]) -> Span | None:
    return next((one.span for one in kept if one.span.end is None), None)


def _kind(before: Span | None, place: Place, *, renames: bool) -> str:
    if before is None:
        return "added"
    if before.place.unit != place.unit:
        return "moved"
    return "changed" if renames or before.place != place else "unchanged"


def _undoable(connection: Connection, number: int, now: datetime) -> None:
    found = connection.execute(select(roster_import).where(roster_import.c.id == number)).one_or_none()
    if found is None or found.undone_at is not None:
        raise StoreError(_("Impor itu tidak ada atau sudah dibatalkan; muat ulang daftarnya."))
    if found.at + UNDO < now:
        raise StoreError(
            _("Impor itu terlalu lama berlalu untuk dibatalkan; unggah daftar pegawai yang benar.")
        )


def _bounded(connection: Connection, number: int, within: Collection[str] | None) -> None:
    if within is not None and _strays(connection, number, within):
        raise StoreError(_("Impor itu menyentuh orang di luar unit Anda; mintalah operator membatalkannya."))


def _stayed(connection: Connection, row: Mapping[Any, Any], within: Collection[str]) -> bool:
    """Say whether an import changed nobody outside of `within`; the quick question comes first."""
    instansi = {instansi_of(path) for path in within}
    return set(row["scope"]) <= instansi and not _strays(connection, row["id"], within)


def _strays(connection: Connection, number: int, within: Collection[str]) -> bool:
    mine = (placement.c.origin == number) | (placement.c.retracted_by == number)
    query = select(placement.c.id).select_from(placement.join(unit)).where(mine, ~under(list(within)))
    return connection.scalar(query.limit(1)) is not None


def _touched(connection: Connection, number: int) -> list[str]:
    """Return whom an import changed. Raises StoreError where a later one changed them again."""
    table = placement
    mine = (table.c.origin == number) | (table.c.retracted_by == number)
    later = (table.c.origin > number) | (table.c.retracted_by > number)
    learners = list(connection.scalars(select(table.c.learner).where(mine).distinct()))
    own = select(table.c.learner).where(mine)
    again = connection.scalars(
        select(table.c.learner).where(later, table.c.learner.in_(own)).distinct()
    ).all()
    if again:
        raise StoreError(
            _("Impor sesudahnya sudah mengubah {n} orang yang sama; batalkan yang terakhir dahulu.").format(
                n=len(again)
            )
        )
    return learners


def _take_back(
    connection: Connection, learners: Sequence[str], number: int, course: Course, *, today: date, own: int
) -> None:
    stays = stays_of(connection, learners)
    query = select(placement).where(placement.c.learner.in_(learners))
    turned: dict[str, Sequence[Span]] = {}
    before: dict[str, list[Span]] = {learner: [] for learner in learners}
    for row in connection.execute(query):
        span = Span(Place(row.unit, row.jabatan, row.post_class, row.jenis), row.start, row.end)
        if row.origin != number and (row.retracted is None or row.retracted_by == number):
            before[row.learner].append(span)
    for learner, spans in before.items():
        turned[learner] = sorted(spans, key=lambda span: span.start)
    turn(connection, turned, stays, course, today=today, origin=own)
