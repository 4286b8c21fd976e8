"""Settings: where state lives and who may ask, read from the environment once per process.

| variable | meaning | default |
|---|---|---|
| NETRALITAS_HOME | folder of store, secrets, gradebook | `var/` of a checkout, else the user's data folder |
| NETRALITAS_STORE | `sqlite:///…` or `postgresql+psycopg://…` | `sqlite:///<home>/netralitas.db` |
| NETRALITAS_CONTENT | folder with `data/ quizzes/ modules/` | the wheel's or the checkout's own |
| NETRALITAS_HOSTS | host names browsers may use, with commas | `localhost,127.0.0.1,[::1]` |
| NETRALITAS_HTTPS | `1` when a proxy in front speaks HTTPS (cookies get Secure) | `0` |
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .model import Value


class Settings(Value):
    """What the environment says."""

    home: Path
    store: str
    hosts: tuple[str, ...]
    https: bool


def settings() -> Settings:
    """Return the settings of this process; creates the home folder (mode 0700)."""
    home = Path(os.environ.get("NETRALITAS_HOME") or _home()).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        home=home,
        store=os.environ.get("NETRALITAS_STORE") or f"sqlite:///{home / 'netralitas.db'}",
        hosts=tuple(
            name.strip().casefold()
            for name in os.environ.get("NETRALITAS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
            if name.strip()
        ),
        https=os.environ.get("NETRALITAS_HTTPS") == "1",
    )


def _home() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "data").is_dir():
        return checkout / "var"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "netralitas"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "netralitas"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "netralitas"
