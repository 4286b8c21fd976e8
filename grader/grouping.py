"""Whose answers a report tells apart: by instansi, level, jabatan or jenis, as people stand now.

    learner ─► group ─► the report of each group, its name in front

Pure. Who stands nowhere now is in no group. Each group is masked for itself, as a report of a unit is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from netralitas.roster import SEPARATOR

T = TypeVar("T")


class Groups(NamedTuple):
    """A shape (`reports.By`, empty: everybody as one) and the group of each learner who has one."""

    by: str = ""
    of: Mapping[str, str] = {}

    def name(self, learner: str) -> str | None:
        """Return the group of a learner, None for who has none."""
        return self.of.get(learner) if self.by else ""

    def parted(self, found: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
        """Return what there is of each learner by group, in the order of the groups' names."""
        parts: dict[str, list[T]] = {}
        for learner, one in found:
            name = self.name(learner)
            if name is not None:
                parts.setdefault(name, []).append(one)
        return dict(sorted(parts.items()))

    def headed(self, name: str, row: Mapping[str, object]) -> dict[str, object]:
        """Return a row with its group in front, where there are groups."""
        return {"group": name, **row} if self.by else dict(row)


EVERYBODY = Groups()


def cut(places: Mapping[str, str], level: int | None) -> dict[str, str]:
    """Return everybody's unit at a level (1: instansi), their own where they stand above it (None: own)."""
    units = {
        path: path if level is None else SEPARATOR.join(path.split(SEPARATOR)[:level])
        for path in set(places.values())
    }
    return {learner: units[path] for learner, path in places.items()}
