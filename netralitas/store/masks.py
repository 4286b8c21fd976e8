"""Masks of shared tables: made once for a month that is over, kept as long as its figures and names stand.

What a report of a month hides must not change from one day to the next, or the two together would show it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from .base import Base
from .bulk import among, fill
from .tables import added, mask, mask_group

MaskRow = tuple[str, str, bool]
"""A group's name, its hidden measures with spaces between them, and whether the group is small."""


class Masks(Base):
    """Keeping and reading them. `basis` names what else than figures a mask follows from: a deadline, say."""

    def keep_mask(self, month: date, basis: str, rows: Sequence[MaskRow]) -> None:
        """Keep the mask of a month's end in place of an earlier one: a row for every group there is."""
        values = {"month": month, "basis": basis}
        with self.writing() as connection:
            number = added(connection, mask, values, unless=("month", "basis"))
            if number is None:
                # Of several who make it at once the last one's stays; all are the same.
                number = connection.scalar(_held(month, basis).with_for_update())
                connection.execute(delete(mask_group).where(mask_group.c.mask == number))
            columns = ("mask", "name", "measures", "small")
            fill(connection, mask_group, columns, [(number, *row) for row in rows])

    def kept_mask(self, month: date, basis: str, names: Collection[str] | None = None) -> list[MaskRow]:
        """Return what is kept of the mask of a month's end, of these groups alone (None: of all)."""
        group = mask_group.c
        query = select(group.name, group.measures, group.small)
        query = query.where(group.mask == _held(month, basis).scalar_subquery())
        if names is not None:
            query = query.where(among(group.name, names))
        return [(row.name, row.measures, row.small) for row in self.ask(query)]


def forget_masks(connection: Connection) -> None:
    """Remove every mask: groups have other figures or other names from now on."""
    for table in (mask_group, mask):
        connection.execute(delete(table))


def _held(month: date, basis: str) -> Select[Any]:
    return select(mask.c.id).where(mask.c.month == month, mask.c.basis == basis)
