"""Passwords: one verification whoever asks, and a pause that keeps nobody else out."""

from __future__ import annotations

import asyncio

import pytest
from argon2 import PasswordHasher

from netralitas.store import Account
from netralitas.web import identity
from netralitas.web.identity import TRIES, TRIES_ADDRESS, Passwords


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch) -> Passwords:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(identity, "PasswordHasher", lambda: cheap)
    return Passwords()


def account(password_hash: str | None) -> Account:
    return Account(
        learner="a" * 32, nip="190001012020011001", name="Orang Contoh", password_hash=password_hash,
        unit="Dinas Contoh", instansi="Dinas Contoh", jabatan="Guru", post_class="fungsional", jenis="pns",
        zone="WIB",
    )  # fmt: skip


def test_every_login_costs_exactly_one_verification(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = asyncio.run(passwords.hash("kata sandi yang benar"))
    counted: list[str] = []
    check = passwords._check
    monkeypatch.setattr(
        passwords, "_check", lambda known, typed: counted.append(known) or check(known, typed)
    )
    cases = [
        (None, "kata sandi yang benar", False),
        (account(None), "kata sandi yang benar", False),
        (account(right), "kata sandi yang salah", False),
        (account(right), "kata sandi yang benar", True),
    ]
    for number, (who, typed, wanted) in enumerate(cases, start=1):
        assert asyncio.run(passwords.verify(who, typed)) is wanted
        assert len(counted) == number
    assert all(known.startswith("$argon2id$") for known in counted)


def test_nobody_can_log_in_with_the_stand_in_password(passwords: Passwords) -> None:
    assert asyncio.run(passwords.verify(None, "tidak ada yang memakai ini")) is False


def test_a_pause_is_for_one_nip_at_one_address(passwords: Passwords) -> None:
    assert all(passwords.reserve("1", "10.0.0.1") for _try in range(TRIES))
    assert not passwords.reserve("1", "10.0.0.1")
    assert passwords.reserve("1", "10.0.0.2")
    assert passwords.reserve("2", "10.0.0.1")


def test_an_address_that_tries_everybody_is_paused(passwords: Passwords) -> None:
    assert all(passwords.reserve(str(number), "10.0.0.1") for number in range(TRIES_ADDRESS))
    assert not passwords.reserve("baru", "10.0.0.1")
    assert passwords.reserve("baru", "10.0.0.2")


def test_a_right_password_takes_its_tries_back(passwords: Passwords) -> None:
    for _turn in range(5 * TRIES):
        assert passwords.reserve("1", "10.0.0.1")
        passwords.release("1", "10.0.0.1")


def test_no_nip_is_kept_in_memory(passwords: Passwords) -> None:
    passwords.reserve("190001012020011001", "10.0.0.1")
    assert "190001012020011001" not in repr(passwords.__dict__)
