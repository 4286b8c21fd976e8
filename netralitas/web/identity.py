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

from ..store import Account, Store

COOKIE = "netralitas_sesi"
MIN_PASSWORD = 10
MAX_PASSWORD = 200
TRIES, WINDOW = 10, 600.0
"""Failed logins of one NIP or one address before a pause, and the seconds they count for."""


class SiteIdentity(IdentityProvider):
    """Jupyter's view of our sessions."""

    store: Store

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Return the session's user, None without a running session."""
        token = handler.get_cookie(COOKIE)
        if not token:
            return None
        session = await asyncio.to_thread(self.store.session, token)
        return User(username=session.learner) if session else None


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

    def paused(self, *names: str) -> bool:
        """Say whether one of these (a NIP, an address) has failed too often of late."""
        now = time.monotonic()
        return any(
            sum(1 for at in self._failures.get(_blur(n), ()) if now - at < WINDOW) >= TRIES for n in names
        )

    def failed(self, *names: str) -> None:
        """Count a failure for each."""
        if len(self._failures) > 100_000:  # noqa: PLR2004  (a flood of made-up NIPs must not fill memory)
            self._failures.clear()
        for name in names:
            self._failures.setdefault(_blur(name), deque(maxlen=TRIES)).append(time.monotonic())

    def _check(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password[:MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


def _blur(name: str) -> str:
    """Keep no NIP in memory longer than a request."""
    return hashlib.sha256(name.encode()).hexdigest()
