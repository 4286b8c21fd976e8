"""Marking as trainers see it on the site: collect, go to the marking place, give back.

The marking place is a server of its own (`netralitas trainer`); the steps are the office's commands.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from urllib.parse import urlencode

from tornado.web import HTTPError

from ..i18n import moment
from ..keys import made_once
from ..tickets import MINUTE, Holder, ticket
from .base import Page
from .steps import COMMANDS


class Grading(Page):
    """Penilaian: the steps, and how the last one went."""

    role = "trainer"

    async def get(self) -> None:
        """Show them; while one runs the page comes again by itself."""
        zone, step = self.account.zone if self.account else "WIB", self.site.steps.last
        if step is not None and step.code is None:
            self.set_header("Refresh", "2")
        self.show("penilaian.html.j2", step=step, place=bool(self.site.trainer),
                  moment=moment, zone=zone)  # fmt: skip

    async def post(self) -> None:
        """Begin a step, unless one runs; who asked is noted."""
        wanted = self.get_body_argument("langkah", "")
        if wanted not in COMMANDS or self.account is None:
            raise HTTPError(400)
        if self.site.steps.start(wanted, self.account.name):
            await self.call(self.site.store.note, self.learner, f"penilaian_{wanted}", "semua", {})
        self.redirect("/pelatih/penilaian", status=303)


class Marking(Page):
    """Lead a trainer there with a ticket; who is none never gets one."""

    role = "trainer"

    async def get(self) -> None:
        """Note it in the audit log, and go."""
        if not self.site.trainer or self.account is None:
            raise HTTPError(404)
        self.site.door.parent.mkdir(mode=0o700, exist_ok=True)
        key = await self.call(made_once, self.site.door)
        holder = Holder(
            learner=self.learner,
            name=self.account.name,
            until=datetime.now(UTC) + MINUTE,
            nonce=secrets.token_hex(16),
        )
        await self.call(self.site.store.note, self.learner, "membuka_tempat_menilai", "semua", {})
        self.redirect(f"{self.site.trainer}/login?{urlencode({'tiket': ticket(key, holder)})}", status=303)
