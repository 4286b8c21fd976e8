"""The unit tree as an import finds and leaves it: new units, units with a code under another name, zones.

A `kode_unit` belongs to one unit of an instansi and survives its renaming: what stands under it moves along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from netralitas.i18n import _
from netralitas.roster import SEPARATOR, Row, inside
from netralitas.tally import Span

from .engine import StoreError
from .tables import unit
from .units import instansi_of

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
        self._wanted: dict[str, dict[str, Any]] = {}
        self._lines: dict[str, int] = {}
        self._said: set[tuple[str, str, str | None, str | None]] = set()

    def path(self, number: int) -> str:
        """Return the path of a unit."""
        return str(self._rows[number]["path"])

    def names(self, rows: Sequence[Row]) -> None:
        """Note the units of some rows."""
        for row in rows:
            said = (row.instansi, row.unit, row.zone, row.unit_code)
            if said in self._said:
                continue
            self._said.add(said)
            path = row.path
            if path not in self._lines:
                self._lines[path] = row.line
                self._inside(path, row.line)
            own = {"zone": row.zone, "code": row.unit_code}
            self._wanted.setdefault(path, {}).update({key: value for key, value in own.items() if value})

    def grow(self) -> None:
        """Rename what has a code, make what is new. Raises StoreError, with the line, for what cannot be."""
        paths = sorted(self._wanted, key=lambda one: one.count(SEPARATOR))
        coded = {
            (instansi_of(row["path"]), row["code"]): number
            for number, row in self._rows.items()
            if row["code"] is not None
        }
        for path in paths:
            number = coded.get((instansi_of(path), self._wanted[path].get("code")))
            if number is not None and self._rows[number]["path"] != path:
                self._rename(number, path)
        for path in paths:
            self._make(path)
            row = self._rows[self.ids[path]]
            change = {key: value for key, value in self._wanted[path].items() if row[key] != value}
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
        old, line = self._rows[number]["path"], self._lines[path]
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
        above = path.rpartition(SEPARATOR)[0]
        self._rows[number]["parent"] = self._make(above) if above else None
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

    def _make(self, path: str) -> int:
        parts = path.split(SEPARATOR)
        parent: int | None = None
        for depth in range(1, len(parts) + 1):
            above = SEPARATOR.join(parts[:depth])
            if above not in self.ids:
                self.changed = True
                values = {"parent": parent, "name": parts[depth - 1], "path": above}
                made = self.connection.execute(
                    insert(unit).values(**values).returning(unit.c.id)
                ).scalar_one()
                self.ids[above] = made
                self._rows[made] = {"id": made, "zone": None, "code": None, **values}
            parent = self.ids[above]
        return self.ids[path]
