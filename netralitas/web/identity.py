"""Who is asking: sessions stand in the store, the cookie carries a random id and nothing else.

`SiteIdentity` answers from the session alone, never from a header or a query, and never makes an
anonymous user. `Passwords` runs argon2id in a small pool; a NIP nobody has costs exactly one
verification too.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

from ..store import Account

COOKIE = "netralitas_sesi"
MIN_PASSWORD = 10
MAX_PASSWORD = 200
WINDOW = 600.0
"""Seconds a failed login counts for."""
TRIES, TRIES_ADDRESS = 10, 300
"""Failures before a pause: of a NIP from one address, so that nobody locks another out from afar; and of one
address, which may be a whole office."""


class SiteIdentity(IdentityProvider):
    """Jupyter's view of our sessions."""

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Return the session's user, None without a running session."""
        token = handler.get_cookie(COOKIE)
        # One look at the store serves the whole request.
        visit = await asyncio.to_thread(handler.look, token) if token else None  # type: ignore[attr-defined]
        handler.visit = visit  # type: ignore[attr-defined]
        return User(username=visit.session.learner) if visit else None


class Passwords:
    """argon2id, two at a time, with a pause after many failures."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="argon2")
        # Verified when nobody has the NIP, so that an answer takes one verification either way.
        self._nobody = self._hasher.hash("tidak ada yang memakai ini")
        self._failures: dict[str, deque[float]] = {}

    async def verify(self, account: Account | None, password: str) -> bool:
        """Say whether the password is the account's; one verification in every case."""
        known = account.password_hash if account and account.password_hash else None
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._pool, self._check, known or self._nobody, password)
        return right and known is not None

    async def hash(self, password: str) -> str:
        """Return the argon2id hash of a new password."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, password)

    def reserve(self, nip: str, address: str) -> bool:
        """Count a try, or say False: this NIP from this address, or the address, failed too often of late."""
        if self._recent(f"{nip} {address}") >= TRIES or self._recent(address) >= TRIES_ADDRESS:
            return False
        if len(self._failures) > 100_000:  # noqa: PLR2004  (a flood of made-up NIPs must not fill memory)
            self._failures.clear()
        for name in (f"{nip} {address}", address):
            self._failures.setdefault(_blur(name), deque(maxlen=TRIES_ADDRESS)).append(time.monotonic())
        return True

    def release(self, nip: str, address: str) -> None:
        """Take a try back: it was right."""
        self._failures.pop(_blur(f"{nip} {address}"), None)
        if tries := self._failures.get(_blur(address)):
            tries.pop()

    def _recent(self, name: str) -> int:
        now = time.monotonic()
        return sum(1 for at in self._failures.get(_blur(name), ()) if now - at < WINDOW)

    def _check(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password[:MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


def _blur(name: str) -> str:
    """Keep no NIP in memory longer than a request."""
    return hashlib.sha256(name.encode()).hexdigest()
