"""What every handler of the site does before and after its own work.

`prepare` compares the host with the setting, finds the session's user, and sends nobody to the login
page, for paths that exist and for those that do not. Errors are calm pages; nothing of a traceback
leaves. Store calls run in threads, so one slow query never stops the others.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

from tornado.httputil import split_host_and_port
from tornado.web import Finish, HTTPError, RequestHandler

from ..i18n import LANGUAGE, _
from ..store.sessions import IDLE
from . import display
from .display import Display
from .identity import COOKIE

if TYPE_CHECKING:
    from ..store import Account, Role, Visit
    from .app import Site

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)

# Safari does not take 'self' for websockets.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Server": "Netralitas",
}


def host_allowed(host: str, hosts: tuple[str, ...]) -> bool:
    """Say whether a Host header names this site; the port does not matter."""
    name, _port = split_host_and_port(host.casefold())
    return name in hosts or f"[{name}]" in hosts


class Page(RequestHandler):
    """Base of all handlers; `public` ones answer nobody too, `person` ones need the account and its roles."""

    public = False
    person = True
    role: str | None = None
    current_user: str | None
    visit: Visit | None = None
    display = Display()

    @property
    def site(self) -> Site:
        """The running site."""
        site: Site = self.settings["site"]
        return site

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a store call in a thread."""
        return await asyncio.to_thread(partial(function, *args, **kwargs))

    def look(self, token: str) -> Visit | None:
        """Return whose session a token belongs to; runs in a thread.

        A page that always asks the store for more does so here: going into a thread and back costs more than
        a query.
        """
        visit: Visit | None = self.site.store.visit(token, person=self.person)
        return visit

    def set_default_headers(self) -> None:
        """Put the security headers on every answer."""
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Check host and origin, find the user, send nobody to the login page."""
        if not host_allowed(self.request.host, self.site.hosts) or not self._own_origin():
            raise HTTPError(403)
        host = self.request.host
        self.set_header("Content-Security-Policy", POLICY.format(host=host))
        self.display = Display.of(self.get_cookie(display.COOKIE, "") or "")
        # Each request runs in a context of its own.
        LANGUAGE.set(self.display.language)
        user = await self.site.identity_provider.get_user(self)
        self.current_user = user.username if user else None
        if self.visit is None and not self.public:
            self.to_login()
            raise Finish
        if self.request.method not in {"GET", "HEAD", "OPTIONS"}:
            super().check_xsrf_cookie()
        if self.role and self.role not in {role.role for role in self.roles}:
            raise HTTPError(403)

    def to_login(self) -> None:
        """Send the browser to the login page and, afterwards, back here."""
        # What was only looked at is asked again; what was sent leads to its page.
        target = self.request.uri if self.request.method == "GET" else self.request.path
        self.redirect(f"/masuk?lanjut={quote(target or '/')}", status=303)

    def check_xsrf_cookie(self) -> None:
        """Wait for `prepare`, which first sends nobody to the login page."""

    async def head(self, *args: str) -> None:
        """Answer as GET, without a body."""
        await self.get(*args)  # type: ignore[misc]

    @property
    def account(self) -> Account | None:
        """The account of this session."""
        return self.visit.account if self.visit else None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of this session's account."""
        return self.visit.roles if self.visit else ()

    @property
    def learner(self) -> str:
        """The learner of this session. Raises HTTPError 403 for nobody."""
        if self.current_user is None:
            raise HTTPError(403)
        return self.current_user

    @property
    def who(self) -> str:
        """What this learner is called in the browser's own store: always the same, and no id of ours."""
        named = f"{self.current_user}".encode() if self.current_user else b""
        return hashlib.sha256(self.site.secret + named).hexdigest()[:16] if named else ""

    @property
    def seconds_left(self) -> int | None:
        """How long this session lasts at most from now, whatever is done; None for nobody."""
        if self.visit is None:
            return None
        return max(0, round((self.visit.session.expires_at - datetime.now(UTC)).total_seconds()))

    def show_as(self, chosen: Display) -> None:
        """Show pages so from now on, in this browser."""
        self.display = chosen
        LANGUAGE.set(chosen.language)
        self.set_cookie(
            display.COOKIE, str(chosen), httponly=True, samesite="Lax", secure=self.site.https, path="/",
            expires_days=365,
        )  # fmt: skip

    def scopes(self, role: str) -> tuple[str, ...] | None:
        """Return the unit paths a role holds for, None for the whole store."""
        held = [entry.unit for entry in self.roles if entry.role == role]
        return None if None in held else tuple(unit for unit in held if unit is not None)

    def show(self, template: str, *, status: int = 200, **values: Any) -> None:
        """Render a page of the site."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        names = {role.role for role in self.roles}
        body = self.site.templates.get_template(template).render(
            asset=self.site.asset_url,
            demo=self.site.demo,
            account=self.account,
            held=names,
            xsrf=cache(self.xsrf_form_html),
            path=self.request.path,
            display=self.display,
            languages=display.LANGUAGES,
            who=self.who,
            left=self.seconds_left,
            idle=round(IDLE.total_seconds()),
            **values,
        )
        self.finish(body)

    def begin_session(self, token: str) -> None:
        """Give the browser its session id."""
        self.set_cookie(
            COOKIE, token, httponly=True, samesite="Lax", secure=self.site.https, path="/", expires_days=7
        )

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Show a calm page; what went wrong stands in the log, without content."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if status_code >= 500:  # noqa: PLR2004  (HTTP)
            _log.error("%s %s: %s", self.request.method, self.__class__.__name__, type(error).__name__,
                       exc_info=kwargs.get("exc_info"))  # fmt: skip
        # Tornado has cleared the headers; an error page needs its style as any other. A host that is not
        # ours is not repeated.
        host = self.request.host if host_allowed(self.request.host, self.site.hosts) else self.site.hosts[0]
        self.set_header("Content-Security-Policy", POLICY.format(host=host))
        titles = {
            403: (
                _("Halaman ini bukan untuk akun Anda"),
                _("Masuk dengan akun lain, atau kembali ke beranda."),
            ),
            404: (_("Halaman tidak ditemukan"), _("Alamatnya mungkin salah tulis. Kembali ke beranda.")),
            405: (_("Halaman tidak ditemukan"), _("Alamatnya mungkin salah tulis. Kembali ke beranda.")),
        }
        fallback = (
            _("Ada gangguan sebentar"),
            _("Jawaban yang sudah diterima tetap tersimpan. Coba lagi beberapa saat lagi."),
        )
        title, text = titles.get(status_code, fallback)
        self.show("galat.html.j2", status=status_code, title=title, text=text)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Leave the log to `write_error`."""

    def _own_origin(self) -> bool:
        origin = self.request.headers.get("Origin")
        if origin is None:
            return True
        return urlsplit(origin).netloc.casefold() == self.request.host.casefold()


class NotFound(Page):
    """Every path that is not a route."""

    async def prepare(self) -> None:
        """Answer 404 to who is logged in; nobody gets the login page as everywhere."""
        await super().prepare()
        raise HTTPError(404)
