"""What the page of the trainer's dashboard asks, and where its tables say they come from.

The question is `unit` (a path), `kuis` and `cerita` (slugs; the course's first where they do not fit). Its
parts stand in `people` (how far, who stands still, who is late) and `answers` (items, certainty, ways).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netralitas import content
from netralitas.i18n import _
from netralitas.widgets.board import Question, Tables

from .asking import Place

SLUG = "kelas"


class Asked(Place):
    """What the page asks; an unknown quiz or story is the course's first."""

    def __init__(self, tables: Tables, question: Question) -> None:
        super().__init__(tables, question)
        self.known = content.current().published()
        modules = self.known.course.modules
        self.quizzes = [one.quiz for one in modules if one.quiz]
        self.stories = [slug for one in modules for slug in one.scenarios]
        self.cohort = question.get("angkatan", "")
        self.quiz = _one_of(question.get("kuis"), self.quizzes)
        self.story = _one_of(question.get("cerita"), self.stories)

    def told(self) -> dict[str, str | None]:
        """Return the question as an address holds it."""
        return {
            **super().told(),
            "angkatan": self.cohort,
            "kuis": self.quiz or None,
            "cerita": self.story or None,
        }

    def people(self, tables: Tables) -> list[dict[str, Any]]:
        """Return everybody of the unit, or of them who are in the cohort. Raises RefusedError."""
        found: list[dict[str, Any]] = tables("people", under=self.under)
        return [one for one in found if not self.cohort or self.cohort in one["cohorts"]]


def _one_of(wanted: str | None, known: Sequence[str]) -> str:
    return wanted if wanted and wanted in known else known[0] if known else ""


def origin(asked: Asked) -> list[tuple[str, str]]:
    """Return the sheet «Asal data» of a trainer's table."""
    return [
        (_("Berlaku per"), asked.today.isoformat()),
        (_("Cakupan"), asked.under or _("semua")),
        *([(_("Angkatan"), asked.cohort)] if asked.cohort else []),
        (_("Versi isi"), asked.known.course.version),
        (_("Bentuk"), _("Untuk pelatih: memuat nama atau kelompok kecil, jangan dibagikan.")),
    ]
