"""Cek Netralitas: who did what, towards whom, when; green, amber or red, with the articles."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ..cek import actor_words, cek, choices
from ..i18n import ZONES, _, day
from ..law import ACTORS, Actor
from .base import Page

FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)
"""Days that can be asked about; outside them the data says nothing."""


class Cek(Page):
    """The form, and below it the answer to what was asked in the address."""

    async def get(self) -> None:
        """Answer; a question that cannot be answered says what to change."""
        law = self.site.content.law
        today = datetime.now(UTC).astimezone(ZONES[self.account.zone if self.account else "WIB"]).date()
        act, fault, card = self.get_query_argument("perbuatan", ""), "", None
        told = self.get_query_argument("pelaku", "pns")
        actor: Actor = next((one for one in ACTORS if one == told), "pns")
        on = _day(self.get_query_argument("tanggal", "") or today.isoformat())
        if on is None or not FIRST <= on <= LAST:
            fault = _("Tanggalnya tidak terbaca. Pilih hari antara {first} dan {last}.").format(
                first=day(FIRST), last=day(LAST)
            )
        elif act:
            try:
                card = cek(law, act, actor=actor, on=on)
            except KeyError:
                fault = _("Perbuatan itu tidak ada di daftar. Pilih satu dari daftar.")
        self.show(
            "cek.html.j2",
            status=400 if fault else 200,
            groups=choices(law),
            actors=[(one, actor_words(one)) for one in ACTORS],
            chosen=card.act if card else "",
            actor=actor,
            on=on or today,
            when=day(on) if on else "",
            who=actor_words(actor),
            card=card,
            fault=fault,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
