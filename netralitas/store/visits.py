"""A visit: whose session it is that asks for a page, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from .accounts import PERSON, Account, Accounts, to_account, with_place
from .roles import HELD, IS_PLACE, PLACE, Role, Roles, to_role
from .sessions import RUNNING, SESSION, SessionRow, Sessions, to_session
from .tables import account, preference, role, session


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands behind a session: the account and its roles, where they were asked for."""

    session: SessionRow
    account: Account | None
    roles: tuple[Role, ...]
    notice: str | None = None
    """The privacy notice the account has read last, where it was asked for."""


_TAB = select(account.c.learner, *SESSION).select_from(session.join(account)).where(*RUNNING)
# A row for each role, one without any where there is none.
_PERSON = (
    select(*PERSON, *SESSION, *HELD, preference.c.notice)
    .select_from(
        with_place(session.join(account))
        .outerjoin(role, role.c.learner == account.c.learner)
        .outerjoin(PLACE, IS_PLACE)
        .outerjoin(preference, preference.c.learner == account.c.learner)
    )
    .where(*RUNNING)
    .order_by(role.c.id)
)


class Visits(Accounts, Roles, Sessions):
    """Looking up who asks."""

    def visit(self, token: str, *, person: bool = True) -> Visit | None:
        """Return who a session's token belongs to, or None; with `person` also the account and its roles."""
        rows = self.running(_PERSON if person else _TAB, token)
        if not rows:
            return None
        first = rows[0]
        return Visit(
            session=to_session(first),
            account=to_account(first) if person else None,
            roles=tuple(to_role(row) for row in rows if row.role is not None) if person else (),
            notice=first.notice if person else None,
        )
