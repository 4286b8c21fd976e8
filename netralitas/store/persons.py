"""One person: all that is kept of them, taking it away, and two accounts made one.

What is kept is found by the tables themselves: every row that names the account. Erased are all of them but
the record of answers, which then belongs to nobody: NIP and name, roster, texts, sessions, roles go, counts
stay (`completion_change.kept`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from netralitas.course import Course
from netralitas.i18n import _
from netralitas.tally import Span, day_of, history, left

from . import audit
from .base import Base
from .engine import StoreError
from .lives import known_stays, lock, milestones_of, spans_of, stays_of, turn, write_changes
from .tables import account, event, metadata, progress, role, unit

_STAYS = frozenset({account, event, progress})
"""Tables whose rows stay when a person is erased."""
_SECRET = frozenset({"password_hash", "token_hash", "code_hash", "salt"})
"""Columns that say nothing of a person and open something."""


def own_tables() -> Iterator[Table]:
    """Yield every table with rows of a person: those with a column `learner`."""
    return (table for table in metadata.sorted_tables if "learner" in table.c)


class Persons(Base):
    """Everything of one person at once. Every method takes learner ids."""

    def dossier(self, learner: str) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of a person by table, without secrets and the id; units by their path."""
        with self.reading() as connection:
            paths = {row.id: row.path for row in connection.execute(select(unit.c.id, unit.c.path))}
            found = {
                table.name: [_told(row, paths) for row in connection.execute(_own(table, learner))]
                for table in own_tables()
            }
        return {name: rows for name, rows in found.items() if rows}

    def erased(self) -> set[str]:
        """Return who has been erased."""
        gone = select(account.c.learner).where(account.c.erased_at.is_not(None))
        return {row.learner for row in self.ask(gone)}

    def erase(self, learner: str, course: Course, *, by: str) -> bool:
        """Take a person out; return False where that is done already or nobody is known by that id.

        They leave the roster today. The figures of every day stay as they were known on every day, also
        when they are made anew from the record.
        """
        with self.writing() as connection:
            lock(connection, [learner])
            if learner not in _living(connection, learner):
                return False
            now = self.clock()
            stays = stays_of(connection, [learner])
            spans = left(spans_of(stays.get(learner, ())), day_of(now))
            turn(connection, {learner: spans}, stays, course, today=day_of(now), origin=None)
            _forget(connection, learner, course, now)
            audit.write(connection, now, who=by, act="person.erased", subject=learner)
        return True

    def merge(self, old: str, new: str, course: Course, *, by: str) -> str:
        """Make two accounts of one person one, and return the account that stays.

        The one with a record of answers stays, under the NIP and name of `new`; from where `new` begins
        in the roster, `new` counts. The other is erased. Raises StoreError where both have a record.
        """
        with self.writing() as connection:
            lock(connection, [old, new])
            rows = _living(connection, old, new)
            if len(rows) < 2:  # noqa: PLR2004
                raise StoreError(_("Sebut dua orang yang berbeda dan masih ada di daftar."))
            recorded = [who for who in rows if _has_record(connection, who)]
            if len(recorded) > 1:
                raise StoreError(
                    _(
                        "Keduanya sudah punya catatan jawaban, dan dua catatan tidak dapat dicampur. "
                        "Hapus dahulu salah satunya dengan netralitas person erase."
                    )
                )
            here, gone = (new, old) if new in recorded else (old, new)
            now = self.clock()
            stays = stays_of(connection, [old, new])
            spans = _joined(spans_of(stays.get(old, ())), spans_of(stays.get(new, ())))
            turn(connection, {here: spans, gone: ()}, stays, course, today=day_of(now), origin=None)
            _give_roles(connection, gone, here)
            _forget(connection, gone, course, now)
            password = rows[here].password_hash or rows[gone].password_hash
            told = {"nip": rows[new].nip, "name": rows[new].name, "password_hash": password}
            connection.execute(update(account).where(account.c.learner == here).values(**told))
            audit.write(connection, now, who=by, act="person.merged", subject=here, detail={"gone": gone})
        return here


def _own(table: Table, learner: str) -> Any:
    return select(table).where(table.c.learner == learner).order_by(*table.primary_key)


def _told(row: Row[Any], paths: dict[int, str]) -> dict[str, Any]:
    told = {name: value for name, value in row._asdict().items() if name not in _SECRET | {"learner"}}
    if isinstance(told.get("unit"), int):
        told["unit"] = paths[told["unit"]]
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in told.items()
    }


def _living(connection: Connection, *learners: str) -> dict[str, Row[Any]]:
    """Return the accounts of who has not been erased."""
    asked = select(account).where(account.c.learner.in_(learners), account.c.erased_at.is_(None))
    return {row.learner: row for row in connection.execute(asked)}


def _has_record(connection: Connection, learner: str) -> bool:
    return bool(connection.scalar(select(exists().where(event.c.learner == learner))))


def _joined(old: tuple[Span, ...], new: tuple[Span, ...]) -> tuple[Span, ...]:
    return (*left(old, min(span.start for span in new)), *new) if new else old


def _give_roles(connection: Connection, gone: str, here: str) -> None:
    held = {(row.role, row.unit) for row in connection.execute(select(role).where(role.c.learner == here))}
    for row in connection.execute(select(role).where(role.c.learner == gone)).mappings().all():
        if (row["role"], row["unit"]) not in held:
            given = {name: value for name, value in row.items() if name != "id"} | {"learner": here}
            connection.execute(insert(role).values(**given))


def _forget(connection: Connection, learner: str, course: Course, now: datetime) -> None:
    """Keep what somebody gave to the figures, and remove all that tells who it was."""
    stays = known_stays(connection, [learner]).get(learner, [])
    reached = milestones_of(connection, [learner], course).get(learner, ())
    for (known, key), number in history(stays, reached).items():
        # Taken out of what can be made anew, and kept beside it: no sum of any day differs.
        write_changes(connection, Counter({key: -number}), recorded=known)
        write_changes(connection, Counter({key: number}), recorded=known, kept=True)
    for table in reversed([*own_tables()]):
        if table not in _STAYS:
            connection.execute(delete(table).where(table.c.learner == learner))
    gone = {"nip": f"-{learner}", "name": "-", "password_hash": None, "erased_at": now}
    connection.execute(update(account).where(account.c.learner == learner).values(**gone))
