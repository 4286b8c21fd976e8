"""Settings: read from the environment, with a home of one's own that nobody else may open."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from netralitas import settings as room
from netralitas.settings import settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("NETRALITAS_"):
            monkeypatch.delenv(name)


def test_the_home_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path / "a" / "b"))
    found = settings()
    assert found.home == tmp_path / "a" / "b"
    assert stat.S_IMODE(found.home.stat().st_mode) == 0o700
    assert found.store == f"sqlite:///{tmp_path}/a/b/netralitas.db"
    assert (found.hosts, found.https) == (("localhost", "127.0.0.1", "[::1]"), False)
    assert found.gradebook is None


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path))
    monkeypatch.setenv("NETRALITAS_STORE", "postgresql+psycopg://x@/y")
    monkeypatch.setenv("NETRALITAS_HOSTS", " Belajar.Contoh.go.id, 127.0.0.1 ,,")
    monkeypatch.setenv("NETRALITAS_HTTPS", "1")
    monkeypatch.setenv("NETRALITAS_GRADEBOOK", "postgresql+psycopg://x@/nilai")
    found = settings()
    assert found.gradebook == "postgresql+psycopg://x@/nilai"
    assert found.store == "postgresql+psycopg://x@/y"
    assert found.hosts == ("belajar.contoh.go.id", "127.0.0.1")
    assert found.https


@pytest.mark.parametrize("value", ["0", "", "ya"])
def test_cookies_are_secure_only_when_asked(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path))
    monkeypatch.setenv("NETRALITAS_HTTPS", value)
    assert not settings().https


def test_a_checkout_keeps_its_state_in_var() -> None:
    assert room._home() == Path(__file__).parents[1] / "var"


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_DATA_HOME", "data/netralitas"),
        ("linux", "", ".local/share/netralitas"),
        ("darwin", "", "Library/Application Support/netralitas"),
        ("win32", "LOCALAPPDATA", "data/netralitas"),
    ],
)
def test_an_installed_copy_uses_the_data_folder_of_its_user(
    platform: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "__file__", str(tmp_path / "site-packages" / "netralitas" / "settings.py"))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "data"))
    assert room._home() == tmp_path / expected
