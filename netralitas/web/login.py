"""Coming in and going out: login, activation (also for a forgotten password), logout, assets, health."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from tornado.web import HTTPError

from .. import __version__
from .. import nip as nips
from ..i18n import _
from . import display
from .assets import Asset
from .base import Page, host_allowed
from .display import Display
from .identity import COOKIE, MAX_PASSWORD, MIN_PASSWORD


def inside(target: str) -> str:
    """Return a path of this site to go on to; anything else becomes the beranda."""
    parts = urlsplit(target)
    outside = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\"))
    return "/" if outside or not target.isprintable() or " " in target else target


def pause() -> str:
    """Say that too many tries came one after the other."""
    return _("Terlalu banyak percobaan. Tunggu sepuluh menit, lalu coba lagi.")


class Login(Page):
    """NIP and password. An unknown NIP and a wrong password give the same answer."""

    public = True

    async def get(self) -> None:
        """Show the form."""
        if self.current_user:
            self.redirect("/")
            return
        self._form()

    async def post(self) -> None:
        """Open a session, or say that NIP and password do not fit."""
        typed, password = self.get_body_argument("nip", ""), self.get_body_argument("sandi", "", strip=False)
        address = self.request.remote_ip or ""
        digits = "".join(typed.split())[:40]
        # Counted before the check and taken back after it, so that a flood in parallel is no way round.
        if not self.site.passwords.reserve(digits, address):
            self._form(typed, pause(), status=429)
            return
        account = await self.call(self.site.store.account_by_nip, digits)
        if not await self.site.passwords.verify(account, password) or account is None:
            self._form(
                typed, _("NIP dan kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."), status=401
            )
            return
        self.site.passwords.release(digits, address)
        self.begin_session(await self.call(self.site.store.open_session, account.learner))
        # On a device that has chosen nothing yet, what was chosen elsewhere.
        kept = (await self.call(self.site.store.preference, account.learner)).display
        if kept and self.get_cookie(display.COOKIE) is None:
            self.show_as(Display.of(kept))
        self.redirect(inside(self.get_body_argument("lanjut", "/")), status=303)

    def _form(self, typed: str = "", fault: str = "", *, status: int = 200) -> None:
        target = inside(self.get_argument("lanjut", "/"))
        self.show("masuk.html.j2", status=status, typed=typed[:40], fault=fault, target=target,
                  out="keluar" in self.request.query_arguments)  # fmt: skip


class Logout(Page):
    """End the session."""

    public = True

    async def get(self) -> None:
        """Lead somewhere sensible; logging out takes a form."""
        self.redirect("/")

    async def post(self) -> None:
        """Forget the session here and in the store."""
        token = self.get_cookie(COOKIE)
        if token:
            await self.call(self.site.store.end_session, token)
        if self.current_user:
            self.site.end_lines(self.current_user)
        self.clear_cookie(COOKIE)
        # The page it leads to takes away what this browser still keeps of the learner.
        self.redirect("/masuk?keluar=1", status=303)


class Activate(Page):
    """An activation code and a new password; the way in the first time and after forgetting."""

    public = True

    async def get(self) -> None:
        """Show the form."""
        self._form()

    async def post(self) -> None:
        """Set the password when NIP and code fit."""
        typed, code = self.get_body_argument("nip", ""), self.get_body_argument("kode", "")
        password = self.get_body_argument("sandi", "", strip=False)
        digits = "".join(typed.split())[:40]
        address = self.request.remote_ip or ""
        fault = ""
        try:
            nips.parse(digits)
        except ValueError as error:
            fault = str(error)
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            fault = fault or _(
                "Kata sandi minimal {n} huruf atau angka. Pilih kalimat yang mudah Anda ingat."
            ).format(n=MIN_PASSWORD)
        elif digits in password:
            fault = fault or _("Jangan memakai NIP sebagai kata sandi. Pilih yang lain.")
        if fault:
            self._form(typed, fault, status=400)
            return
        if not self.site.passwords.reserve(digits, address):
            self._form(typed, pause(), status=429)
            return
        hashed = await self.site.passwords.hash(password)
        learner = await self.call(self.site.store.redeem_code, digits, code, hashed)
        if learner is None:
            told = _(
                "NIP dan kode tidak cocok, atau kode sudah tidak berlaku. Minta kode baru kepada petugas."
            )
            self._form(typed, told, status=401)
            return
        self.site.passwords.release(digits, address)
        self.site.end_lines(learner)
        self.begin_session(await self.call(self.site.store.open_session, learner))
        self.redirect("/", status=303)

    def _form(self, typed: str = "", fault: str = "", *, status: int = 200) -> None:
        self.show("aktivasi.html.j2", status=status, typed=typed[:40], fault=fault, least=MIN_PASSWORD)


class AssetFile(Page):
    """A file of `assets`, for anybody; unknown ones are no route."""

    asset: Asset | None

    async def prepare(self) -> None:
        """Let anybody have a file there is, without asking who they are; for the rest be no route."""
        digest, name = self.path_args
        self.asset = self.site.assets.get(name)
        if self.asset is None or self.asset.digest != digest:
            await super().prepare()
            raise HTTPError(404)
        self.current_user = None
        if not host_allowed(self.request.host, self.site.hosts):
            raise HTTPError(403)

    async def get(self, *_args: str) -> None:
        """Send the file, packed as the browser accepts it, to be kept for ever."""
        if self.asset is None:
            raise HTTPError(404)
        self.set_header("Content-Type", self.asset.kind)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        offered = self.request.headers.get("Accept-Encoding", "").split(",")
        accepted = {word.partition(";")[0].strip() for word in offered}
        for name, packed in self.asset.packed.items():
            if name in accepted:
                self.set_header("Content-Encoding", name)
                self.finish(packed)
                return
        self.finish(self.asset.body)


class Health(Page):
    """Is the site up: 200 and JSON."""

    public = True

    async def prepare(self) -> None:
        """Answer any host: a balancer asks by address."""
        self.current_user = None

    async def get(self) -> None:
        """Say the versions and whether the store answers."""
        await asyncio.wait_for(self.call(self.site.store.ping), timeout=5)
        self.finish({
            "status": "ok",
            "version": __version__,
            "content": self.site.content.course.version,
            "kernels": len(self.site.kernels.running()),
            "boundary": self.site.boundary,
        })  # fmt: skip
