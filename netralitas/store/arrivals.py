"""Newcomers of an import: put aside as they are read, then written by the database in the order of their ids.

Ids are random, and indexed. Written as a file has them, people would each touch pages far apart; sorted once,
neighbours go to the same page.

    rows ─► a table of this transaction ─► sorted ─┬─► account, placement
                                                   └─► counted: changes of the figures
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Date,
    Select,
    false,
    func,
    insert,
    literal,
    select,
)

from netralitas.tally import COURSE, Place

from .bulk import aside, fill
from .tables import Moment, account, completion_change, placement

_BYTES = 16
"""Random bytes of a learner id."""
_ID = 2 * _BYTES
_PLACE = ("unit", "jabatan", "post_class", "jenis", "start")
_came = aside(
    "arrival",
    (account.c.learner, account.c.nip, account.c.name, *(placement.c[name] for name in _PLACE)),
)
_NAMES = tuple(_came.c.keys())
_WHAT = ("unit", "post_class", "jenis")


class Arrival(NamedTuple):
    """Somebody who has no account yet, and the first day at a place."""

    nip: str
    name: str
    place: Place
    since: date


class Arrivals:
    """Who comes for the first time in one import, in its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.any = False

    def add(self, some: Sequence[Arrival]) -> None:
        """Put people aside, each with a new random id."""
        if not some:
            return
        if not self.any:
            _came.create(self.connection)
            self.any = True
        dice = secrets.token_hex(_BYTES * len(some))
        learners = (dice[start : start + _ID] for start in range(0, len(dice), _ID))
        rows = [
            (learner, nip, name, *place, since)
            for learner, (nip, name, place, since) in zip(learners, some, strict=True)
        ]
        fill(self.connection, _came, _NAMES, rows)

    def learners(self) -> Iterator[str]:
        """Yield the ids of all who were put aside."""
        if self.any:
            every = select(_came.c.learner)
            yield from self.connection.scalars(every, execution_options={"yield_per": 5000})

    def settle(self, *, now: datetime, today: date, origin: int) -> None:
        """Write everybody's account and stay, and what that changes in the figures; forget them here."""
        if not self.any:
            return
        named = ("learner", "nip", "name")
        known = select(*(_came.c[name] for name in named), literal(now, Moment)).order_by(_came.c.learner)
        self.connection.execute(insert(account).from_select([*named, "created_at"], known))
        stays = ("learner", *_PLACE)
        stand = select(*(_came.c[name] for name in stays), literal(today, Date), literal(origin))
        stand = stand.order_by(_came.c.learner)
        self.connection.execute(insert(placement).from_select([*stays, "recorded", "origin"], stand))
        names = ["day", "recorded", *_WHAT, "module", "state", "rule", "delta", "kept"]
        self.connection.execute(insert(completion_change).from_select(names, _counted(today)))
        _came.drop(self.connection)
        self.any = False


def _counted(today: date) -> Select[tuple[object, ...]]:
    """Return what people change who come for the first time: nothing but how many there are."""
    keys = [_came.c[name] for name in _WHAT]
    said = (literal(COURSE), literal("people"), literal(""))
    counted = select(_came.c.start, literal(today, Date), *keys, *said, func.count(), false())
    return counted.group_by(_came.c.start, *keys)
