"""A ticket tells who holds it, to who has the key, for a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from netralitas.tickets import MINUTE, Holder, TicketError, redeemed, ticket

NOW = datetime(2026, 11, 2, tzinfo=UTC)
KEY = b"k" * 32
HOLDER = Holder(learner="a" * 32, name="Bu Pelatih «Ü»", until=NOW + MINUTE, nonce="n" * 16)


def test_who_holds_it_is_told_as_it_was_written() -> None:
    assert redeemed(KEY, ticket(KEY, HOLDER), NOW) == HOLDER
    assert redeemed(KEY, ticket(KEY, HOLDER), HOLDER.until) == HOLDER


def test_an_old_one_is_refused() -> None:
    with pytest.raises(TicketError, match="old"):
        redeemed(KEY, ticket(KEY, HOLDER), HOLDER.until + timedelta(seconds=1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "é.é",
        ticket(b"x" * 32, HOLDER),
        ticket(KEY, HOLDER)[:-1],
        "A" + ticket(KEY, HOLDER),
        ticket(KEY, HOLDER).partition(".")[0],
    ],
)
def test_what_the_key_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(TicketError, match="ours"):
        redeemed(KEY, text, NOW)
