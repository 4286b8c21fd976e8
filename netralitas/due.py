"""Deadlines: by which day somebody is to complete the course, and what says so.

    the site's setting  ◄  the nearest unit up the tree  ◄  the cohort  ◄  an extension for one learner

Pure. The most particular wins. A deadline is a day in the zone of the learner's unit; late is who has not
completed when it is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from .roster import upwards

Source = Literal["site", "unit", "cohort", "learner"]


class Due(NamedTuple):
    """A deadline: its last day, and what it comes from."""

    day: date
    source: Source

    def over(self, today: date) -> bool:
        """Say whether the day is past: who has not completed by then is late."""
        return today > self.day


class Deadlines(NamedTuple):
    """Every deadline there is: of units by path, of cohorts and extensions by learner.

    Who is in several cohorts has the latest of their days: nobody is late where one of them leaves time.
    """

    site: date | None = None
    units: Mapping[str, date] = {}
    cohorts: Mapping[str, date] = {}
    extensions: Mapping[str, date] = {}

    def of_unit(self, path: str | None) -> Due | None:
        """Return the deadline of who stands in a unit (None: nowhere) and has none of their own."""
        found = next((self.units[one] for one in upwards(path or "") if one in self.units), None)
        if found is not None:
            return Due(found, "unit")
        return Due(self.site, "site") if self.site else None

    def of(self, learner: str, path: str | None) -> Due | None:
        """Return a learner's deadline; `path` is the unit they stand in.

        An extension gives time and never takes it: where everybody else has longer, it says nothing.
        """
        own = self.cohorts.get(learner)
        due = Due(own, "cohort") if own else self.of_unit(path)
        more = self.extensions.get(learner)
        if due is None or more is None or more <= due.day:
            return due
        return Due(more, "learner")

    @property
    def personal(self) -> set[str]:
        """The learners whose deadline may differ from their unit's."""
        return {*self.cohorts, *self.extensions}
