"""The store: events, progress, accounts, sessions, roles, roster. The only SQL of the house.

    open_store(url) ─► Store ─┬─ append, events_of, progress_of, rebuild, drafts     events.py, progress.py
                              ├─ accounts, activation codes, sessions, roles, audit  accounts.py … audit.py
                              └─ units, people, import of the roster                 units.py, people.py …

Synchronous and safe from any thread; the site calls it from a thread pool.
"""

from __future__ import annotations

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
    "Store",
    "StoreError",
    "Unfit",
    "Unit",
    "open_store",
]


class Store(Events, Records, Accounts, Sessions, Roles, Audit, People, Imports):
    """Everything the house keeps, behind one object."""


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
