"""Accounts and activation codes: the tables where a person has a name."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, FromClause, Join, Row, Select, and_, bindparam, insert, select, update

from netralitas.i18n import _
from netralitas.roster import Zone, instansi_of

from . import audit
from .engine import StoreError
from .sessions import end_sessions, token_hash
from .tables import CURRENT, account, activation_code, placement, unit
from .units import ROOT_ZONE, ZONE, Units

CODE_LIFE = timedelta(days=14)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_CODE_LENGTH = 16  # of 5 bits each
_NIP_LENGTH = 18
_MISREAD = str.maketrans("OIL", "011", " -")


@dataclass(frozen=True, slots=True)
class Account:
    """A person and where they work today; unit, jabatan and jenis are None for who left the roster."""

    learner: str
    nip: str = field(repr=False)
    name: str = field(repr=False)
    password_hash: str | None = field(repr=False)
    instansi: str | None
    unit: str | None
    jabatan: str | None
    post_class: str | None
    jenis: str | None
    zone: Zone


PERSON = (
    account.c.learner,
    account.c.nip,
    account.c.name,
    account.c.password_hash,
    unit.c.path,
    placement.c.jabatan,
    placement.c.post_class,
    placement.c.jenis,
    ZONE.label("zone"),
)
"""What `to_account` reads, from a query over `with_place`."""


def with_place(people: FromClause) -> Join:
    """Return accounts joined with where each person works now, if anywhere."""
    now = and_(placement.c.learner == account.c.learner, CURRENT)
    return people.outerjoin(placement, now).outerjoin(unit, unit.c.id == placement.c.unit)


_PEOPLE = select(*PERSON).select_from(with_place(account))
_BY_NIP = _PEOPLE.where(account.c.nip == bindparam("nip"))
_BY_LEARNER = _PEOPLE.where(account.c.learner == bindparam("learner"))


class Accounts(Units):
    """Finding people, and giving them a way in."""

    def account_by_nip(self, nip: str) -> Account | None:
        """Return the account of a NIP (spaces allowed) or None, for any text whatever."""
        digits = _digits(nip)
        return self._account(_BY_NIP, nip=digits) if digits else None

    def account(self, learner: str) -> Account | None:
        """Return the account of a learner id or None."""
        return self._account(_BY_LEARNER, learner=learner)

    def _account(self, query: Select[Any], **values: str) -> Account | None:
        return next(map(to_account, self.ask(query, **values)), None)

    def set_password(self, learner: str, password_hash: str, *, keep: str | None = None) -> None:
        """Store a new hash and end the learner's sessions but the one of token `keep`; audited.

        Raises StoreError for an unknown learner.
        """
        with self.writing() as connection:
            now = self.clock()
            if not _store_hash(connection, learner, password_hash):
                raise StoreError(_("Akun tidak ada; muat ulang daftar akun."))
            end_sessions(connection, learner, now, keep)
            audit.write(connection, now, who=learner, act="password.set", subject=learner)

    def issue_code(self, learner: str, by: str) -> str:
        """Return a new activation code of a learner; see `issue_codes`."""
        return self.issue_codes([learner], by)[learner]

    def issue_codes(self, learners: Collection[str], by: str) -> dict[str, str]:
        """Return a new activation code (`ABCD-EFGH-JKMN-PQRS`, 14 days, one use) by learner; audited.

        Earlier unused codes of these learners are void from now on. The code itself is stored nowhere.
        Raises StoreError for an unknown learner, and then issues none.
        """
        codes = {learner: _new_code() for learner in learners}
        with self.writing() as connection:
            now = self.clock()
            known = set(connection.scalars(select(account.c.learner).where(account.c.learner.in_(codes))))
            if known != set(codes):
                raise StoreError(_("Akun tidak ada; muat ulang daftar akun."))
            connection.execute(
                update(activation_code)
                .where(
                    activation_code.c.learner.in_(codes),
                    activation_code.c.used_at.is_(None),
                    activation_code.c.expires_at > now,
                )
                .values(expires_at=now)
            )
            for learner, code in codes.items():
                connection.execute(insert(activation_code).values(**_code_row(learner, code, by, now)))
                audit.write(connection, now, who=by, act="code.issued", subject=learner)
        return codes

    def redeem_code(self, nip: str, code: str, password_hash: str) -> str | None:
        """Use up a code: set the password, end old sessions, return the learner; audited.

        None when NIP and code do not belong together, or the code is used, void or too old. Case,
        dashes and spaces do not matter, O reads as 0, I and L as 1.
        """
        digits = _digits(nip)
        if not digits:
            return None
        with self.writing() as connection:
            now = self.clock()
            owner = select(account.c.learner).where(account.c.nip == digits).scalar_subquery()
            used = (
                update(activation_code)
                .where(
                    activation_code.c.code_hash == token_hash(_normal(code)),
                    activation_code.c.learner == owner,
                    activation_code.c.used_at.is_(None),
                    activation_code.c.expires_at > now,
                )
                .values(used_at=now)
                .returning(activation_code.c.learner)
            )
            learner = connection.scalar(used)
            if learner is None:
                return None
            _store_hash(connection, learner, password_hash)
            end_sessions(connection, learner, now)
            audit.write(connection, now, who=learner, act="code.redeemed", subject=learner)
            return str(learner)


def to_account(row: Row[Any]) -> Account:
    """Return the account a row with the columns `PERSON` holds."""
    return Account(
        learner=row.learner,
        nip=row.nip,
        name=row.name,
        password_hash=row.password_hash,
        instansi=instansi_of(row.path) if row.path else None,
        unit=row.path,
        jabatan=row.jabatan,
        post_class=row.post_class,
        jenis=row.jenis,
        zone=row.zone or ROOT_ZONE,
    )


def _digits(nip: str) -> str:
    """Return the 18 digits of a NIP, empty for anything else."""
    digits = "".join(nip.split())
    return digits if len(digits) == _NIP_LENGTH and digits.isascii() and digits.isdigit() else ""


def _store_hash(connection: Connection, learner: str, password_hash: str) -> bool:
    changed = update(account).where(account.c.learner == learner).values(password_hash=password_hash)
    return connection.execute(changed).rowcount == 1


def _new_code() -> str:
    signs = "".join(secrets.choice(_ALPHABET) for _sign in range(_CODE_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def _normal(code: str) -> str:
    return "".join(code.upper().split()).translate(_MISREAD)


def _code_row(learner: str, code: str, by: str, now: datetime) -> dict[str, object]:
    return {
        "code_hash": token_hash(_normal(code)),
        "learner": learner,
        "expires_at": now + CODE_LIFE,
        "issued_by": by,
        "issued_at": now,
    }
