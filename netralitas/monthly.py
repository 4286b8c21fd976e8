"""The monthly report: made once for a month that ended, kept byte by byte, compared with what is known."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from . import reports, sheets
from .course import Course
from .i18n import speaking
from .model import canonical
from .reports import SHAPES, By
from .roster import SEPARATOR
from .store import Store
from .tally import day_of, last_month_end

FORMS = ("xlsx", "pdf", "csv", "html")
MONTHS = 12
"""How many months back a report may still be issued."""


def below(unit: str) -> By:
    """Return the level right under a unit (empty: everybody), as reports are asked for by it."""
    if not unit:
        return "instansi"
    level = str(unit.count(SEPARATOR) + 2)
    return next((shape for shape in SHAPES if shape == level), "unit")


def months(today: date) -> list[date]:
    """Return the last days of the months that have ended, the newest first."""
    found = [last_month_end(today)]
    while len(found) < MONTHS:
        found.append(last_month_end(found[-1]))
    return found


def figures(
    store: Store, course: Course, month: date, unit: str, *, known_on: date
) -> tuple[dict[str, Any], str]:
    """Return the total at a month's end as known on a day, nothing hidden, and the digest of all rows.

    Without a deadline: whether one was set later is no change of what people did.
    """
    found = reports.completion(
        store, course, as_of=month, known_on=known_on, by=below(unit), shared=False, under=unit or None
    )
    basis = {"rows": found["rows"], "total": found["total"]}
    return found["total"], hashlib.sha256(canonical(basis)).hexdigest()


def missing(store: Store, unit: str) -> list[date]:
    """Return the months that ended with people in the unit and without a report, the newest first."""
    today = day_of(store.clock())
    there = {one.month for one in store.issued([unit])}
    absent = [month for month in months(today) if month not in there]
    paths = [unit] if unit else None
    return [month for month in absent if store.counts_on(month, month, paths=paths)]


def issue(store: Store, course: Course, month: date, unit: str, *, by: str, deadline: date | None) -> bool:
    """Make a month's report as it was known at its end, and keep it; False where it stands already."""
    shared = reports.completion(
        store, course, as_of=month, by=below(unit), under=unit or None, deadline=deadline,
        command=f"netralitas report completion --as-of {month} --by {below(unit)} --unit '{unit}'",
    )  # fmt: skip
    # A document of the office, whatever language its reader's pages have.
    with speaking("id"):
        made = {form: sheets.FORMS[form](shared) for form in FORMS if fits(form, shared)}
    files = {form: body.encode() if isinstance(body, str) else body for form, body in made.items()}
    total, digest = figures(store, course, month, unit, known_on=month)
    return store.issue(month, unit, by=by, digest=digest, total=total, files=files)


def fits(form: str, report: dict[str, Any]) -> bool:
    """Say whether a report is short enough for a form of file."""
    return form != "pdf" or len(report["rows"]) <= sheets.MOST_PDF
