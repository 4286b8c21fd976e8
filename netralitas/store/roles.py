"""Roles: who may see whom. Roles add up; one without a unit holds for the whole store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, select

from netralitas.i18n import _

from . import audit
from .base import Base
from .engine import StoreError
from .tables import account, unit
from .tables import role as roles
from .units import find_unit

RoleName = Literal["trainer", "agency", "operator"]
ROLES: tuple[RoleName, ...] = get_args(RoleName)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a person. `unit` is the path of the subtree it holds for, None: everywhere."""

    learner: str
    nip: str = field(repr=False)
    name: str = field(repr=False)
    role: RoleName
    unit: str | None
    granted_at: datetime
    granted_by: str


PLACE = unit.alias("role_place")
"""The unit a role holds for, joined by `IS_PLACE`; the person's own may stand in the same query."""
IS_PLACE = PLACE.c.id == roles.c.unit
HELD = (roles.c.role, PLACE.c.path.label("role_unit"), roles.c.granted_at, roles.c.granted_by)
"""What `to_role` reads besides the person's learner, NIP and name."""

_EVERYBODY = (
    select(account.c.learner, account.c.nip, account.c.name, *HELD)
    .select_from(roles.join(account).outerjoin(PLACE, IS_PLACE))
    .order_by(account.c.name, roles.c.id)
)
_OF_LEARNER = _EVERYBODY.where(roles.c.learner == bindparam("learner"))


class Roles(Base):
    """Granting, taking back and listing; each change stands in the audit."""

    def grant(self, learner: str, role: str, unit_path: str | None, by: str) -> bool:
        """Give a role, False when it was held already. Raises StoreError (unknown role, unit, learner)."""
        with self.writing() as connection:
            key = _key(connection, learner, role, unit_path)
            if connection.execute(_same(key)).first() is not None:
                return False
            now = self.clock()
            connection.execute(insert(roles).values(**key, granted_at=now, granted_by=by))
            audit.write(
                connection, now, who=by, act="role.granted", subject=learner, detail=_detail(role, unit_path)
            )
            return True

    def revoke(self, learner: str, role: str, unit_path: str | None, by: str) -> bool:
        """Take a role back, False when it was not held. Raises StoreError (unknown role, unit, learner)."""
        with self.writing() as connection:
            key = _key(connection, learner, role, unit_path)
            found = connection.execute(_same(key)).first()
            if found is None:
                return False
            connection.execute(delete(roles).where(roles.c.id == found.id))
            now = self.clock()
            audit.write(
                connection, now, who=by, act="role.revoked", subject=learner, detail=_detail(role, unit_path)
            )
            return True

    def roles_of(self, learner: str) -> tuple[Role, ...]:
        """Return a learner's roles."""
        return tuple(map(to_role, self.ask(_OF_LEARNER, learner=learner)))

    def roles(self) -> tuple[Role, ...]:
        """Return everybody's roles, by name."""
        return tuple(map(to_role, self.ask(_EVERYBODY)))


def to_role(row: Row[Any]) -> Role:
    """Return the role a row with the columns `HELD` and the person's own holds."""
    return Role(
        learner=row.learner,
        nip=row.nip,
        name=row.name,
        role=row.role,
        unit=row.role_unit,
        granted_at=row.granted_at,
        granted_by=row.granted_by,
    )


def _detail(role: str, unit_path: str | None) -> dict[str, str | None]:
    return {"role": role, "unit": unit_path}


def _key(connection: Connection, learner: str, name: str, unit_path: str | None) -> dict[str, Any]:
    """Return the columns that make a role this one; the learner stays locked until the commit."""
    if name not in ROLES:
        raise StoreError(
            _("Peran '{name}' tidak dikenal; pakai salah satu dari {known}.").format(
                name=name, known=", ".join(ROLES)
            )
        )
    query = select(account.c.learner).where(account.c.learner == learner)
    if connection.scalar(query.with_for_update(key_share=True)) is None:
        raise StoreError(_("Akun tidak ada; impor daftar pegawainya dahulu."))
    place = None if unit_path is None else find_unit(connection, unit_path).id
    return {"learner": learner, "role": name, "unit": place}


def _same(key: dict[str, Any]) -> Select[Any]:
    # `== None` becomes IS NULL.
    return select(roles.c.id).where(*(roles.c[column] == value for column, value in key.items()))
