"""Cek Netralitas: who did what, towards whom, when; green, amber or red, with the articles.

    /cek?perbuatan=…            the page, which works without a script
    /cek?perbuatan=…&bagian=1   form and answer alone, for the form of a module's page

No kernel is asked and nothing is written.
"""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from ..cards import Asked, Question, ask
from ..i18n import ZONES
from ..widgets.cek import markup
from .base import Page


class Cek(Page):
    """The form, and above it the answer to what was asked in the address."""

    async def get(self) -> None:
        """Answer; a question that cannot be answered says what to change."""
        law = self.site.content.law
        today = datetime.now(UTC).astimezone(ZONES[self.account.zone if self.account else "WIB"]).date()
        asked = ask(law, self._told(), today=today)
        made = markup(law, asked)
        if "bagian" in self.request.query_arguments:
            # A question that cannot be answered is an answer too: a browser's console would call 400 a fault.
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(made)
            return
        self.show(
            "cek.html.j2",
            status=400 if asked.faults else 200,
            made=Markup(made),  # noqa: S704  (our own template has escaped it)
            said=_said(asked),
        )

    def _told(self) -> dict[str, str | list[str]]:
        """Return what the address asks; a field named twice is a list, which no field can be."""
        given = self.request.query_arguments
        told = {
            name: [value.decode(errors="replace") for value in given[name]]
            for name in Question.model_fields
            if name in given
        }
        return {name: values[0] if len(values) == 1 else values for name, values in told.items()}


def _said(asked: Asked) -> str:
    """Return which answer the page holds, for its title: the first thing a screen reader says."""
    if asked.faults:
        return "belum_dijawab"
    return asked.card.verdict if asked.card else ""
