"""Tickets: how the site lets a trainer into the marking place, which knows neither store nor passwords.

    Holder ──ticket──► «body.signature» ──redeemed──► Holder, within a minute

Pure: key and time are arguments. That a ticket is used once is for the door to see (`nonce`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta

from pydantic import Field

from .model import Value, canonical
from .record import LearnerId

DOOR = "grader/pintu.key"
"""Where in the home the key of the marking place stands: the site signs with it, the door reads it."""
MINUTE = timedelta(minutes=1)
"""How long a ticket holds: a browser follows the site's answer at once."""


class Holder(Value):
    """A trainer: id, name, until when the ticket holds, and what tells one ticket from another."""

    learner: LearnerId
    name: str
    until: datetime
    nonce: str = Field(min_length=16)


class TicketError(ValueError):
    """Raised for a ticket that was not made with this key, or is too old."""


def ticket(key: bytes, holder: Holder) -> str:
    """Return the ticket of a holder, fit for an address."""
    body = base64.urlsafe_b64encode(canonical(holder.model_dump(mode="json"))).decode().rstrip("=")
    return f"{body}.{_signature(key, body)}"


def redeemed(key: bytes, text: str, now: datetime) -> Holder:
    """Return who holds a ticket. Raises TicketError."""
    body, _dot, signature = text.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(key, body).encode()):
        raise TicketError("not ours")
    holder = Holder.model_validate(
        json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))), strict=False
    )
    if holder.until < now:
        raise TicketError("too old")
    return holder


def _signature(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
