"""The unit tree as an import finds and leaves it: new units, units with a code under another name, zones.

A `kode_unit` belongs to one unit of an instansi and survives its renaming: what stands under it moves along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from netralitas.i18n import _
from netralitas.roster import SEPARATOR, Named, Row, inside, instansi_of, upwards
from netralitas.tally import Span

from .engine import StoreError
from .masks import forget_masks
from .tables import unit

_RENAME = (
    update(unit)
    .where(unit.c.id == bindparam("which"))
    .values(path=bindparam("new_path"), name=bindparam("new_name"), parent=bindparam("new_parent"))
)


class Tree:
    """Units by path. `within` are the paths an import may touch (None: all)."""

    def __init__(self, connection: Connection, within: Collection[str] | None) -> None:
        self.connection = connection
        self.within = within
        self.changed = False
        rows = connection.execute(select(unit)).mappings().all()
        self._rows: dict[int, dict[str, Any]] = {row["id"]: dict(row) for row in rows}
        self.ids: dict[str, int] = {row["path"]: row["id"] for row in rows}
        self._named: Mapping[str, Named] = {}

    @property
    def instansi(self) -> set[str]:
        """The instansi the file names."""
        return {instansi_of(path) for path in self._named}

    def path(self, number: int) -> str:
        """Return the path of a unit."""
        return str(self._rows[number]["path"])

    def grow(self, named: Mapping[str, Named]) -> None:
        """Rename what has a code, make what is new. Raises StoreError, with the line, for what cannot be."""
        self._named = named
        for path, one in named.items():
            self._inside(path, one.line)
        paths = sorted(named, key=_depth)
        coded = {
            (instansi_of(row["path"]), row["code"]): number
            for number, row in self._rows.items()
            if row["code"] is not None
        }
        for path in paths:
            number = coded.get((instansi_of(path), named[path].code))
            if number is not None and self._rows[number]["path"] != path:
                self._rename(number, path)
        self._make(paths)
        for path in paths:
            row = self._rows[self.ids[path]]
            change = {key: value for key, value in self._own(path).items() if value and row[key] != value}
            if change:
                self.changed = True
                row |= change
                self.connection.execute(update(unit).where(unit.c.id == row["id"]).values(**change))

    def reaches(self, before: Span | None, row: Row) -> None:
        """Raise StoreError where somebody stands outside of what this import may touch."""
        if before is None or self.within is None:
            return
        path = self._rows[before.place.unit]["path"]
        if not inside(path, self.within):
            raise StoreError(
                _(
                    "Baris {line}: orang ini tercatat di luar unit Anda; mintalah operator memindahkannya."
                ).format(line=row.line)
            )

    def _inside(self, path: str, line: int) -> None:
        if self.within is not None and not inside(path, self.within):
            raise StoreError(
                _("Baris {line}: unit ini di luar unit Anda; hapus barisnya atau betulkan unitnya.").format(
                    line=line
                )
            )

    def _rename(self, number: int, path: str) -> None:
        old, line = self._rows[number]["path"], self._named[path].line
        self._inside(old, line)
        if path.startswith(old + SEPARATOR):
            raise StoreError(
                _("Baris {line}: unit berkode ini akan berada di bawah dirinya sendiri; betulkan unitnya.")
                .format(line=line)
            )  # fmt: skip
        if path in self.ids:
            raise StoreError(
                _(
                    "Baris {line}: kode ini milik «{old}», sedangkan «{path}» sudah ada; betulkan kodenya."
                ).format(line=line, old=old, path=path)
            )
        self.changed = True
        forget_masks(self.connection)
        above = path.rpartition(SEPARATOR)[0]
        self._make([above])
        self._rows[number]["parent"] = self.ids.get(above)
        for own, row in self._rows.items():
            if own == number or row["path"].startswith(old + SEPARATOR):
                del self.ids[row["path"]]
                row["path"] = path + row["path"][len(old) :]
                row["name"] = row["path"].rpartition(SEPARATOR)[2]
                self.ids[row["path"]] = own
                new = {name: row[name] for name in ("path", "name", "parent")}
                self.connection.execute(
                    _RENAME, {"which": own} | {f"new_{name}": value for name, value in new.items()}
                )

    def _make(self, paths: Iterable[str]) -> None:
        """Write the units that are not there, and what is not there above them, a level at a time."""
        missing = {above: None for path in paths for above in upwards(path) if above not in self.ids}
        for _level, level in groupby(sorted(missing, key=_depth), key=_depth):
            self.changed = True
            rows: list[dict[str, Any]] = [
                {"parent": self.ids.get(above), "name": name, "path": path} | self._own(path)
                for path in level
                for above, _sign, name in [path.rpartition(SEPARATOR)]
            ]
            made = self.connection.execute(insert(unit).returning(unit.c.id, unit.c.path), rows)
            self.ids |= {path: number for number, path in made}
            self._rows |= {self.ids[row["path"]]: {"id": self.ids[row["path"]], **row} for row in rows}

    def _own(self, path: str) -> dict[str, Any]:
        """Return what the file says of a unit."""
        named = self._named.get(path)
        return {"zone": named.zone if named else None, "code": named.code if named else None}


def _depth(path: str) -> int:
    return path.count(SEPARATOR)
