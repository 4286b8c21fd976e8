"""Settings: where state lives and who may ask, read from the environment once per process.

| variable | meaning | default |
|---|---|---|
| NETRALITAS_HOME | folder of store, secrets, gradebook | `var/` of a checkout, else the user's data folder |
| NETRALITAS_STORE | `sqlite:///…` or `postgresql+psycopg://…` | `sqlite:///<home>/netralitas.db` |
| NETRALITAS_CONTENT | folder with `data/ quizzes/ modules/` | the wheel's or the checkout's own |
| NETRALITAS_HOSTS | host names browsers may use, with commas | `localhost,127.0.0.1,[::1]` |
| NETRALITAS_HTTPS | `1` when a proxy in front speaks HTTPS (cookies get Secure) | `0` |
| NETRALITAS_GRADEBOOK | nbgrader's gradebook, as SQLAlchemy names it | `<home>/grader/gradebook.db` |
| NETRALITAS_TRAINER | where browsers reach what `netralitas trainer` serves, `http(s)://…` | none |
| NETRALITAS_CAP | most learners at work at once; above, they wait in line | `1000` |
| NETRALITAS_DEADLINE | last day for the course, `YYYY-MM-DD`, shown on the beranda | none |
| NETRALITAS_CONTACT | whom to ask about an account, as pages say it | the officer of the unit |
| NETRALITAS_KEEP_TEXTS | days typed answers, comments, closed requests are kept | `730` |
| NETRALITAS_KEEP_SESSIONS | days sessions and codes are kept that are over | `30` |
| NETRALITAS_KEEP_AUDIT | days the audit log is kept, at least 366 | `1825` |
| NETRALITAS_RUNG | first rung tried: `snapshot websocket late ipykernel stock` | `snapshot` |
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from .i18n import _
from .model import Value

RungName = Literal["snapshot", "websocket", "late", "ipykernel", "stock"]
"""The ways of making kernels, the lightest first (`web/ladder.py`)."""


class Settings(Value):
    """What the environment says."""

    home: Path
    store: str
    hosts: tuple[str, ...]
    https: bool
    cap: int = Field(ge=1)
    rung: RungName
    keep_texts: int = Field(ge=1)
    keep_sessions: int = Field(ge=1)
    keep_audit: int = Field(ge=366)
    deadline: date | None = None
    contact: str = Field(default="", max_length=200)
    gradebook: str | None = None
    trainer: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s?#]+)?$")] = ""


class SettingError(Exception):
    """A variable of the environment means nothing; the text is one Indonesian sentence."""


def settings() -> Settings:
    """Return the settings of this process; creates the home folder (mode 0700). Raises SettingError."""
    home = Path(os.environ.get("NETRALITAS_HOME") or _home()).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    told: dict[str, object] = {
        "home": home,
        "store": os.environ.get("NETRALITAS_STORE") or f"sqlite:///{home / 'netralitas.db'}",
        "hosts": tuple(
            name.strip().casefold()
            for name in os.environ.get("NETRALITAS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
            if name.strip()
        ),
        "https": os.environ.get("NETRALITAS_HTTPS") == "1",
        "cap": os.environ.get("NETRALITAS_CAP") or "1000",
        "gradebook": os.environ.get("NETRALITAS_GRADEBOOK") or None,
        "trainer": (os.environ.get("NETRALITAS_TRAINER") or "").rstrip("/"),
        "keep_texts": os.environ.get("NETRALITAS_KEEP_TEXTS") or "730",
        "keep_sessions": os.environ.get("NETRALITAS_KEEP_SESSIONS") or "30",
        "keep_audit": os.environ.get("NETRALITAS_KEEP_AUDIT") or "1825",
        "rung": os.environ.get("NETRALITAS_RUNG") or "snapshot",
        "deadline": os.environ.get("NETRALITAS_DEADLINE") or None,
        "contact": os.environ.get("NETRALITAS_CONTACT") or "",
    }
    try:
        return Settings.model_validate(told, strict=False)
    except ValidationError as error:
        raise SettingError(_("{name} tidak terbaca. Lihat tabel pengaturan di README.").format(
            name="NETRALITAS_" + str(error.errors()[0]["loc"][0]).upper())) from error  # fmt: skip


def _home() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "data").is_dir():
        return checkout / "var"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "netralitas"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "netralitas"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "netralitas"
