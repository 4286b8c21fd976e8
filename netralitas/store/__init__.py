"""The store: events, progress, accounts, sessions, roles, roster. The only SQL of the house.

    open_store(url) ─► Store ─┬─ append, events_of, progress_of, rebuild, drafts     events.py, progress.py
                              ├─ accounts, activation codes, sessions, roles, audit  accounts.py … audit.py
                              └─ units, people, import of the roster                 units.py, people.py …

Synchronous and safe from any thread; the site calls it from a thread pool.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..record import Event
from .accounts import Account, Accounts
from .audit import Audit, AuditRow
from .base import Clock, utc_now
from .engine import StoreError, make_engine
from .events import Events, Moved, Outcome, Stamp, Unfit
from .imports import ImportReport, Imports
from .people import CompletionRow, People, Person
from .progress import RebuildReport, Records
from .roles import ROLES, Role, RoleName, Roles
from .sessions import SessionRow, Sessions
from .units import Unit

__all__ = [
    "ROLES",
    "Account",
    "AuditRow",
    "CompletionRow",
    "ImportReport",
    "Moved",
    "Outcome",
    "Person",
    "RebuildReport",
    "Role",
    "RoleName",
    "SessionRow",
    "Stamp",
    "Standing",
    "Store",
    "StoreError",
    "Unfit",
    "Unit",
    "Visit",
    "open_store",
]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands behind a session: the account and its roles, where they were asked for."""

    session: SessionRow
    account: Account | None
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands."""

    events: list[Event]
    drafts: dict[str, dict[str, Any]]
    seq: int


class Store(Events, Records, Accounts, Sessions, Roles, Audit, People, Imports):
    """Everything the house keeps, behind one object."""

    def visit(self, token: str, *, person: bool = True) -> Visit | None:
        """Return who a session's token belongs to, or None; with `person` also the account and its roles."""
        found = self.session(token)
        if found is None:
            return None
        account = self.account(found.learner) if person else None
        return Visit(found, account, self.roles_of(found.learner) if person else ())

    def standing(self, learner: str, roots: Collection[str]) -> Standing:
        """Return a learner's events on these root objects and their drafts."""
        return Standing(self.events_of(learner, roots), self.drafts_of(learner), self.last_seq(learner))


def open_store(url: str, *, clock: Clock = utc_now) -> Store:
    """Open the store at `sqlite:///FILE` (made when missing) or `postgresql+psycopg://…`.

    The schema is left as it is: see `Store.state`, `migrate`, `require_current`. `clock` gives aware
    UTC instants. Raises StoreError, one Indonesian sentence, for another URL or a database that does
    not answer.
    """
    store = Store(make_engine(url), clock)
    try:
        store.ping()
    except StoreError:
        store.close()
        raise
    return store
