"""What a learner chose for the pages, and which privacy notice they have read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from .base import Base
from .tables import preference, upsert

NOTICE = "2026-11-22"
"""The notice in use, named by its day. A new text with a new meaning gets a new day, and is read again."""

_OF = select(preference).where(preference.c.learner == bindparam("learner"))


@dataclass(frozen=True, slots=True)
class Preference:
    """`display` is the text `web.display` writes, empty before a choice; `notice` what was read last."""

    display: str = ""
    notice: str | None = None
    noticed_at: datetime | None = None


class Preferences(Base):
    """One row for each learner who has chosen or read anything."""

    def preference(self, learner: str) -> Preference:
        """Return what a learner chose and read; everything empty for who did neither."""
        rows = self.ask(_OF, learner=learner)
        return Preference(rows[0].display, rows[0].notice, rows[0].noticed_at) if rows else Preference()

    def put_display(self, learner: str, display: str) -> None:
        """Keep how a learner wants pages shown."""
        self._put(learner, display=display)

    def put_notice(self, learner: str, notice: str = NOTICE) -> None:
        """Keep that a learner has read a privacy notice, and when; reading it again keeps the first time."""
        if self.preference(learner).notice != notice:
            self._put(learner, notice=notice, noticed_at=self.clock())

    def _put(self, learner: str, **changed: object) -> None:
        with self.writing() as connection:
            row = connection.execute(_OF, {"learner": learner}).mappings().first()
            known = (
                dict(row) if row else {"learner": learner, "display": "", "notice": None, "noticed_at": None}
            )
            upsert(connection, preference, [known | changed])
