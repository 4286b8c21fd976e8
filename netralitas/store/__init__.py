"""The store: events, progress, accounts, sessions, roles, roster. The only SQL of the house.

    open_store(url) ─► Store ─┬─ append, standing, progress_of, rebuild, drafts      events.py, progress.py
                              ├─ counts_on, checkpoint: completion figures           figures.py, masks.py …
                              ├─ display, notice, reports of items, corrections      preferences.py …
                              ├─ visits: sessions, accounts, roles; codes, audit     visits.py, accounts.py …
                              ├─ publish, published_of                            grades.py
                              ├─ cohorts, deadlines, messages                     cohorts.py, deadlines.py …
                              ├─ dossier, erase, merge; expire                    persons.py, retention.py
                              └─ units, people, import of the roster                 units.py, imports.py …

Synchronous and safe from any thread; the site calls it from a thread pool.
"""

from __future__ import annotations

from .accounts import CODE_LIFE, Account
from .audit import Audit, AuditRow
from .base import Clock, utc_now
from .cohorts import Cohort, Cohorts
from .deadlines import DeadlineRows, SaidDeadline, Subject
from .engine import StoreError, make_engine
from .events import Events, Moved, Outcome, Stamp, Unfit
from .figures import Dimension, Figures
from .grades import Grades
from .imports import MANY, UNDO, Changed, ImportReport, Imports
from .issued import EVERYBODY, Issued, Reports
from .masks import MaskRow, Masks
from .messages import Letter, Message, Messages
from .people import Newcomer, People, Person
from .persons import Persons
from .preferences import NOTICE, Preference, Preferences
from .progress import RebuildReport, Standing
from .requests import FIELDS, OPEN_MOST, REASONS, Correction, ItemReport, Requests
from .retention import Retention, Terms
from .roles import ROLES, Role, RoleName
from .sessions import SessionRow
from .units import Unit
from .visits import Visit, Visits

__all__ = [
    "CODE_LIFE",
    "EVERYBODY",
    "FIELDS",
    "MANY",
    "NOTICE",
    "OPEN_MOST",
    "REASONS",
    "ROLES",
    "UNDO",
    "Account",
    "AuditRow",
    "Changed",
    "Cohort",
    "Correction",
    "Dimension",
    "ImportReport",
    "Issued",
    "ItemReport",
    "Letter",
    "MaskRow",
    "Message",
    "Moved",
    "Newcomer",
    "Outcome",
    "Person",
    "Preference",
    "RebuildReport",
    "Role",
    "RoleName",
    "SaidDeadline",
    "SessionRow",
    "Stamp",
    "Standing",
    "Store",
    "StoreError",
    "Subject",
    "Terms",
    "Unfit",
    "Unit",
    "Visit",
    "open_store",
]


class Store(
    Events,
    Figures,
    Masks,
    Visits,
    Audit,
    People,
    Imports,
    Preferences,
    Requests,
    Grades,
    Cohorts,
    DeadlineRows,
    Persons,
    Retention,
    Reports,
    Messages,
):
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
