"""The door of the marking place: who has a ticket of the site comes in, nobody else.

The place knows neither store nor passwords. A ticket names a trainer, holds for a minute and is used once;
then Jupyter's own signed cookie says who it is. There is no token.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.utils import url_path_join
from traitlets import Unicode

from netralitas.i18n import _
from netralitas.keys import made_once
from netralitas.tickets import Holder, TicketError, redeemed

DAY = 0.5
"""Days a login holds."""


class Door(LoginFormHandler):
    """Take a ticket, or say where there is one."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    def get(self) -> None:
        """Let the holder of a ticket in."""
        provider = self.identity_provider
        user = provider.admitted(self.get_argument("tiket", ""))
        if user is not None:
            provider.set_login_cookie(self, user)
            self.redirect(url_path_join(self.base_url, "formgrader"))
            return
        self.set_status(401)
        told = _("Masuklah lewat situs pelatihan: halaman Pelatih, lalu «Nilai studi kasus».")
        self.finish(
            f'<!doctype html><html lang="id"><meta charset="utf-8"><title>Netralitas</title><p>{told}</p>'
        )

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    def post(self) -> None:
        """Take no form: there is no password here."""
        self.get()


class Trainers(IdentityProvider):
    """Knows trainers by their tickets alone."""

    key_file = Unicode(config=True, help="the key the site signs tickets with")
    place = Unicode(config=True, help="where browsers reach this server, empty for its own address")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.token, self.login_handler_class = "", Door
        self.cookie_options = {"expires_days": DAY, "samesite": "Lax"}
        self.get_secure_cookie_kwargs = {"max_age_days": DAY}
        self._used: dict[str, datetime] = {}

    async def get_user_token(self, handler: Any) -> User | None:  # noqa: ARG002
        """Know no token."""
        return None

    def admitted(self, text: str) -> User | None:
        """Return the trainer a ticket names, None for one that is not ours, too old, or used before."""
        now = datetime.now(UTC)
        try:
            holder: Holder = redeemed(made_once(Path(self.key_file)), text, now)
        except TicketError:
            return None
        self._used = {nonce: until for nonce, until in self._used.items() if until >= now}
        if holder.nonce in self._used:
            return None
        self._used[holder.nonce] = holder.until
        return User(username=holder.learner, name=holder.name, display_name=holder.name)
