"""The tables dashboards ask for by name: what of the store each is made of, for one looker's subtree.

    TABLES[name] = (model of the arguments, function)        each function runs in a thread, off the loop

No table holds a NIP. Figures are those of `reports`, so a dashboard shows what `netralitas report` prints.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field, StringConstraints

from .. import reports
from ..content import Content
from ..i18n import _, number
from ..model import Value
from ..record import Event, course_status
from ..reports import By, ReportError
from ..roster import SEPARATOR
from ..store import Store
from ..tally import day_of, last_month_end

PEOPLE = 3000
"""People whose names and steps a dashboard shows at most: a class, a large school, never an agency."""
EVENTS = 20_000
"""Events that fit into one answer to a kernel."""

Path = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class OutsideError(Exception):
    """Raised for a unit that is not the looker's, or that there is not."""


class View(NamedTuple):
    """What all lookers share: the store, one version of the content, the last day of the training."""

    store: Store
    content: Content
    deadline: date | None

    @property
    def today(self) -> date:
        """The day every figure of today belongs to."""
        return day_of(self.store.clock())


class Place(Value):
    """A unit with all under it; None stands for everybody."""

    under: Path | None = None


class Figures(Place):
    """Which completion figures: the day (None: today), by what, and whether they are to be shared."""

    as_of: date | None = None
    by: By = "instansi"
    shared: bool = False


class Months(Place):
    """Which months: so many up to the last that is over."""

    months: Annotated[int, Field(ge=1, le=36)] = 12
    shared: bool = False


class Recorded(Place):
    """Whose events on which quiz or story."""

    root: Annotated[str, StringConstraints(pattern=r"^(quiz|scenario)/[a-z0-9-]+$", max_length=160)]


class Viewer(NamedTuple):
    """Somebody who looks; `scopes` are the units they may see with all under them, None for all."""

    view: View
    scopes: tuple[str, ...] | None

    def must_see(self, asked: BaseModel) -> None:
        """Raise OutsideError unless the unit asked for is inside, and there is one of that name."""
        if not isinstance(asked, Place):
            return
        if asked.under is None:
            if self.scopes is not None:
                raise OutsideError
            return
        own = self.scopes is None or any(
            asked.under == one or asked.under.startswith(one + SEPARATOR) for one in self.scopes
        )
        if not own or not self.view.store.has_unit(asked.under):
            raise OutsideError

    def few(self, asked: Place) -> list[str] | None:
        """Return the units to look into. Raises ReportError for more than PEOPLE."""
        paths = None if asked.under is None else [asked.under]
        counts = self.view.store.counts_on(self.view.today, self.view.today, by=(), paths=paths)
        people = sum(count for kind, count in counts if kind.state == "people")
        if people > PEOPLE:
            told = _("Unit ini berisi {n} orang; pilih unit di bawahnya, paling banyak {most} orang.")
            raise ReportError(told.format(n=number(people), most=number(PEOPLE)))
        return paths

    def words(self, asked: BaseModel) -> str:
        """Return what was looked at, for the audit log."""
        if isinstance(asked, Place) and asked.under is not None:
            return asked.under
        return "; ".join(self.scopes or ("semua",))


def places(viewer: Viewer, _asked: Value) -> dict[str, Any]:
    """Return where the looker may begin (`scopes`: paths, None for everybody), and today."""
    return {"scopes": viewer.scopes, "today": viewer.view.today.isoformat()}


def completion(viewer: Viewer, asked: Figures) -> dict[str, Any]:
    """Return the completion report of a unit as `reports.completion` does."""
    view = viewer.view
    day = min(asked.as_of or view.today, view.today)
    words = ["netralitas", "report", "completion", "--as-of", day.isoformat(), "--by", asked.by]
    words += ["--unit", asked.under] if asked.under else []
    words += [] if asked.shared else ["--internal"]
    return reports.completion(
        view.store, view.content.course, as_of=day, by=asked.by, shared=asked.shared, under=asked.under,
        deadline=view.deadline, command=shlex.join(words),
    )  # fmt: skip


def trend(viewer: Viewer, asked: Months) -> list[dict[str, Any]]:
    """Return the total of a unit at the end of each month, oldest first, from the first with people.

    Where it is not to be shared, today stands at the end.
    """
    days = [last_month_end(viewer.view.today)]
    while len(days) < asked.months:
        days.append(last_month_end(days[-1]))
    days = [*reversed(days), *([] if asked.shared else [viewer.view.today])]
    rows = []
    for day in days:
        report = completion(viewer, Figures(under=asked.under, as_of=day, shared=asked.shared))
        if report["total"]["people"] != 0:
            rows.append({"as_of": day.isoformat(), **report["total"]})
    return rows


def people(viewer: Viewer, asked: Place) -> list[dict[str, Any]]:
    """Return everybody of a unit: where they stand, their cohorts, how far each part is, their last step.

    `due` is the day by which they are to complete, `late` whether that is over for them.

    Raises ReportError for a unit with more than PEOPLE.
    """
    paths = viewer.few(asked)
    store, course = viewer.view.store, viewer.view.content.course
    last, deadlines = store.last_steps(paths), store.deadlines(viewer.view.deadline)
    cohorts = [(one.name, one.members) for one in store.cohorts()]
    rows = []
    for one in store.people_under(paths):
        state, due = course_status(course, one.progress), deadlines.of(one.learner, one.unit)
        rows.append(
            {
                "learner": one.learner,
                "name": one.name,
                "unit": one.unit,
                "cohorts": [name for name, members in cohorts if one.learner in members],
                "state": state,
                "due": due.day.isoformat() if due else None,
                "late": state != "completed" and due is not None and due.over(viewer.view.today),
                "modules": {
                    row.module: {"status": row.status, "mark": row.mark, "answered": row.answered}
                    for row in one.progress
                },
                "last": _step(last.get(one.learner)),
            }
        )
    return rows


def events(viewer: Viewer, asked: Recorded) -> dict[str, Any]:
    """Return the `events` of a unit on one quiz or story, by learner; `more` says that there are others.

    Learners are numbers, sessions are left out, and so is whatever was typed.
    """
    paths = viewer.few(asked)
    found: list[dict[str, Any]] = []
    blank = {"session": "", "typed": None, "chain": "0" * 64}
    for place, own in enumerate(viewer.view.store.events_on(asked.root, paths)):
        if len(found) + len(own) > EVENTS:
            return {"events": found, "more": True}
        name = {"learner": f"{place:032x}"}
        found += [one.model_copy(update=blank | name).model_dump(mode="json") for one in own]
    return {"events": found, "more": False}


def certainty(viewer: Viewer, asked: Place) -> list[dict[str, Any]]:
    """Return how often each item was answered how surely and whether rightly: no learner in it."""
    return [one._asdict() for one in viewer.view.store.certainties(viewer.few(asked))]


def _step(last: Event | None) -> dict[str, str] | None:
    if last is None:
        return None
    return {"object": last.object, "verb": last.verb, "at": last.received_at.isoformat()}


class Table(NamedTuple):
    """A table: what may be asked of it, and what makes it."""

    asked: type[Value]
    made: Callable[[Viewer, Any], Any]


TABLES: Mapping[str, Table] = {
    "places": Table(Value, places),
    "completion": Table(Figures, completion),
    "trend": Table(Months, trend),
    "people": Table(Place, people),
    "events": Table(Recorded, events),
    "certainty": Table(Place, certainty),
}
