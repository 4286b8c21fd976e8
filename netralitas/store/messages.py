"""Messages to a cohort: written by a trainer, read on Beranda by whoever is in it, withdrawn or not.

Plain text that nothing interprets. No mail is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, select, update

from netralitas.i18n import _

from .base import Base
from .cohorts import note, standing
from .engine import StoreError
from .requests import clean
from .tables import IN, account, cohort, cohort_member, message, message_read, upsert

LONGEST_MESSAGE = 1000
"""Letters of a message at most."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its cohort has it. `read` counts who is in the cohort and has read it."""

    id: int
    cohort: int
    text: str
    at: datetime
    who: str
    name: str
    withdrawn_at: datetime | None
    read: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a learner has it: from whom, to which cohort."""

    id: int
    name: str
    cohort: str
    text: str
    at: datetime


_IS_MEMBER = and_(cohort_member.c.cohort == message.c.cohort, IN)
_MINE = (
    select(message.c.id, account.c.name, cohort.c.name.label("cohort"), message.c.text, message.c.at)
    .select_from(
        message.join(cohort, cohort.c.id == message.c.cohort)
        .join(account, account.c.learner == message.c.who)
        .join(cohort_member, _IS_MEMBER)
        .outerjoin(
            message_read,
            and_(message_read.c.message == message.c.id, message_read.c.learner == cohort_member.c.learner),
        )
    )
    .where(
        cohort_member.c.learner == bindparam("learner"),
        message.c.withdrawn_at.is_(None),
        cohort.c.removed_at.is_(None),
        message_read.c.at.is_(None),
    )
    .order_by(message.c.id)
)
_READERS = (
    select(func.count())
    .select_from(message_read.join(cohort_member, cohort_member.c.learner == message_read.c.learner))
    .where(message_read.c.message == message.c.id, _IS_MEMBER)
    .correlate(message)
    .scalar_subquery()
)
_OF_COHORT = (
    select(
        message.c.id, message.c.cohort, message.c.text, message.c.at, message.c.who, account.c.name,
        message.c.withdrawn_at, _READERS.label("read"),
    )
    .select_from(message.join(account, account.c.learner == message.c.who))
    .where(message.c.cohort == bindparam("cohort"))
    .order_by(message.c.id.desc())
)  # fmt: skip


class Messages(Base):
    """Writing, reading, withdrawing."""

    def send_message(self, number: int, text: str, *, by: str) -> int:
        """Leave a message for a cohort and return its number; audited without its text.

        Raises StoreError (nothing written, no such cohort).
        """
        said = clean(text)[:LONGEST_MESSAGE]
        if not said:
            raise StoreError(_("Pesan masih kosong; tulis dahulu."))
        with self.writing() as connection:
            standing(connection, number)
            now = self.clock()
            new = insert(message).values(cohort=number, text=said, at=now, who=by).returning(message.c.id)
            found = int(connection.execute(new).scalar_one())
            note(connection, now, by, "message.sent", number, message=found)
            return found

    def withdraw_message(self, number: int, which: int, *, by: str) -> bool:
        """Take a message of a cohort back, False when it shows to nobody any more; audited."""
        with self.writing() as connection:
            now = self.clock()
            back = update(message).where(
                message.c.id == which, message.c.cohort == number, message.c.withdrawn_at.is_(None)
            )
            if not connection.execute(back.values(withdrawn_at=now, withdrawn_by=by)).rowcount:
                return False
            note(connection, now, by, "message.withdrawn", number, message=which)
            return True

    def messages_of(self, number: int) -> tuple[Message, ...]:
        """Return the messages of a cohort, newest first, withdrawn ones too."""
        return tuple(map(_to_message, self.ask(_OF_COHORT, cohort=number)))

    def letters_of(self, learner: str) -> tuple[Letter, ...]:
        """Return what a learner has to read, oldest first."""
        return tuple(
            Letter(row.id, row.name, row.cohort, row.text, row.at) for row in self.ask(_MINE, learner=learner)
        )

    def mark_read(self, learner: str, which: int) -> bool:
        """Note that a learner has read a message, False where there is none for them to read."""
        if which not in {one.id for one in self.letters_of(learner)}:
            return False
        with self.writing() as connection:
            upsert(connection, message_read, [{"message": which, "learner": learner, "at": self.clock()}])
        return True


def _to_message(row: Row[Any]) -> Message:
    number, of, text, at, who, name, withdrawn_at, read = tuple(row)
    return Message(number, of, text, at, who, name, withdrawn_at, read)
