"""Cohorts: people who are taught together, by name and number; who is in one may change from day to day.

Rows stay: who leaves a cohort was in it until then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from netralitas.i18n import _

from . import audit
from .base import Base
from .bulk import among
from .engine import StoreError
from .tables import IN, account, cohort, cohort_member

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort and who is in it; `created_by` is a learner id."""

    id: int
    name: str
    created_at: datetime
    created_by: str
    members: frozenset[str]


_STANDS = cohort.c.removed_at.is_(None)
_COHORT = (cohort.c.id, cohort.c.name, cohort.c.created_at, cohort.c.created_by)
_COHORTS = select(*_COHORT).where(_STANDS)
_MEMBERS = select(cohort_member.c.cohort, cohort_member.c.learner).where(IN)


class Cohorts(Base):
    """Making, changing, listing; each change stands in the audit."""

    def create_cohort(self, name: str, learners: Collection[str], *, by: str) -> int:
        """Make a cohort and return its number. Raises StoreError (no name, one taken, unknown learner)."""
        with self.writing() as connection:
            now = self.clock()
            said = _free(connection, name, by)
            new = insert(cohort).values(name=said, created_at=now, created_by=by).returning(cohort.c.id)
            number = int(connection.execute(new).scalar_one())
            note(connection, now, by, "cohort.created", number, name=said)
            _add(connection, now, number, learners, by)
            return number

    def rename_cohort(self, number: int, name: str, *, by: str) -> None:
        """Give a cohort another name. Raises StoreError (no name, one taken, no such cohort)."""
        with self.writing() as connection:
            before = standing(connection, number)
            if name.strip() == before:
                return
            new = _free(connection, name, _maker(connection, number))
            connection.execute(update(cohort).where(cohort.c.id == number).values(name=new))
            note(connection, self.clock(), by, "cohort.renamed", number, was=before, name=new)

    def remove_cohort(self, number: int, *, by: str) -> None:
        """Take a cohort away: it says nothing any more, and its rows stay. Raises StoreError."""
        with self.writing() as connection:
            name = standing(connection, number)
            now = self.clock()
            gone = update(cohort).where(cohort.c.id == number).values(removed_at=now, removed_by=by)
            connection.execute(gone)
            note(connection, now, by, "cohort.removed", number, name=name)

    def restore_cohort(self, number: int, *, by: str) -> None:
        """Bring a cohort back that was taken away. Raises StoreError (its name is taken, none was)."""
        with self.writing() as connection:
            query = select(cohort.c.name).where(cohort.c.id == number, ~_STANDS)
            name = connection.scalar(query.with_for_update())
            if name is None:
                raise StoreError(_("Angkatan itu tidak ada; muat ulang daftarnya."))
            back = update(cohort).where(cohort.c.id == number).values(removed_at=None, removed_by=None)
            _free(connection, name, _maker(connection, number))
            connection.execute(back)
            note(connection, self.clock(), by, "cohort.restored", number, name=name)

    def add_members(self, number: int, learners: Collection[str], *, by: str) -> int:
        """Put people into a cohort; return how many were not in it. Raises StoreError."""
        with self.writing() as connection:
            standing(connection, number)
            return _add(connection, self.clock(), number, learners, by)

    def remove_members(self, number: int, learners: Collection[str], *, by: str) -> int:
        """Take people out of a cohort; return how many were in it. Raises StoreError."""
        with self.writing() as connection:
            standing(connection, number)
            now = self.clock()
            mine = among(cohort_member.c.learner, learners)
            out = (
                update(cohort_member)
                .where(cohort_member.c.cohort == number, IN, mine)
                .values(removed_at=now, removed_by=by)
                .returning(cohort_member.c.learner)
            )
            gone = connection.scalars(out).all()
            for learner in gone:
                note(connection, now, by, "cohort.member_removed", number, learner=learner)
            return len(gone)

    def cohorts(self) -> tuple[Cohort, ...]:
        """Return every cohort that stands, by name, with who is in it."""
        with self.reading() as connection:
            rows = connection.execute(_COHORTS.order_by(cohort.c.name, cohort.c.id)).all()
            inside = _inside(connection, [row.id for row in rows])
        return tuple(Cohort(*row, members=inside.get(row.id, frozenset())) for row in rows)

    def removed_cohorts(self, limit: int = 20) -> tuple[Cohort, ...]:
        """Return the cohorts that were taken away last, newest first."""
        with self.reading() as connection:
            gone = select(*_COHORT).where(~_STANDS).order_by(cohort.c.removed_at.desc()).limit(limit)
            rows = connection.execute(gone).all()
            inside = _inside(connection, [row.id for row in rows])
        return tuple(Cohort(*row, members=inside.get(row.id, frozenset())) for row in rows)

    def cohort(self, number: int) -> Cohort | None:
        """Return a cohort that stands, or None."""
        with self.reading() as connection:
            row = connection.execute(_COHORTS.where(cohort.c.id == number)).one_or_none()
            inside = _inside(connection, [number])
        return Cohort(*row, members=inside.get(number, frozenset())) if row else None


def _inside(connection: Connection, numbers: Collection[int]) -> dict[int, frozenset[str]]:
    """Return who is in each cohort; one with nobody in it is absent."""
    found: dict[int, set[str]] = {}
    for number, learner in connection.execute(_MEMBERS.where(cohort_member.c.cohort.in_(numbers))):
        found.setdefault(number, set()).add(learner)
    return {number: frozenset(own) for number, own in found.items()}


def standing(connection: Connection, number: int) -> str:
    """Return the name of a cohort that stands, and keep it so until the commit. Raises StoreError."""
    query = select(cohort.c.name).where(cohort.c.id == number, _STANDS)
    name = connection.scalar(query.with_for_update())
    if name is None:
        raise StoreError(_("Angkatan itu tidak ada; muat ulang daftarnya."))
    return str(name)


def _maker(connection: Connection, number: int) -> str:
    return str(connection.scalar(select(cohort.c.created_by).where(cohort.c.id == number)))


def _free(connection: Connection, name: str, maker: str) -> str:
    """Return a name as it is kept. Raises StoreError for none and for one another cohort of its maker has.

    What others call theirs is theirs alone, and nobody learns it from being refused.
    """
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST_NAME]
    if not clean:
        raise StoreError(_("Nama angkatan masih kosong; tulis dahulu."))
    taken = select(cohort.c.id).where(cohort.c.name == clean, cohort.c.created_by == maker, _STANDS)
    if connection.scalar(taken) is not None:
        raise StoreError(_("Angkatan «{name}» sudah ada; pilih nama lain.").format(name=clean))
    return clean


def _add(connection: Connection, now: datetime, number: int, learners: Collection[str], by: str) -> int:
    known = set(connection.scalars(select(account.c.learner).where(
        among(account.c.learner, learners))))  # fmt: skip
    if known != set(learners):
        raise StoreError(_("Akun tidak ada; muat ulang daftar akun."))
    inside = set(connection.scalars(select(cohort_member.c.learner).where(
        IN, cohort_member.c.cohort == number)))  # fmt: skip
    fresh = sorted(known - inside)
    rows = [{"cohort": number, "learner": one, "added_at": now, "added_by": by} for one in fresh]
    if rows:
        connection.execute(insert(cohort_member), rows)
        note(connection, now, by, "cohort.members_added", number, n=len(rows))
    return len(rows)


def note(connection: Connection, now: datetime, by: str, act: str, number: int, **detail: str | int) -> None:
    """Write what was done to a cohort into the audit, in the caller's transaction."""
    audit.write(connection, now, who=by, act=act, subject=f"cohort/{number}", detail=detail)
