"""The way from the site to the marking place, which is a server of its own (`netralitas trainer`)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from urllib.parse import urlencode

from tornado.web import HTTPError

from ..keys import made_once
from ..tickets import MINUTE, Holder, ticket
from .base import Page


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
