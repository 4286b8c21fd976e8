"""Assets: every file a browser may fetch without asking who it is, named by its content.

A fixed, small set, read once at start and kept in memory: `/aset/<hash>/<name>` can be cached for ever,
and no path of a request ever touches the disk. `asset_url(name)` is what templates call.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import brotli

from ..model import Value
from ..widgets import learning

_HERE = Path(__file__).parent
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Asset(Value):
    """One file: its type, its bytes, and the same packed as browsers may accept it, the smallest first."""

    name: str
    digest: str
    kind: str
    body: bytes
    packed: dict[str, bytes]

    @property
    def url(self) -> str:
        """Address that changes whenever the content does."""
        return f"/aset/{self.digest}/{self.name}"


def load() -> dict[str, Asset]:
    """Return all assets by name."""
    static = _HERE / "static"
    common = (_HERE.parent / "widgets" / "common.css").read_text(encoding="utf-8")
    texts = {
        "site.css": common + (static / "site.css").read_text(encoding="utf-8"),
        "host.js": (static / "host.js").read_text(encoding="utf-8"),
        "form.js": (static / "form.js").read_text(encoding="utf-8"),
        "mark.svg": (static / "mark.svg").read_text(encoding="utf-8"),
    }
    for name in ("quiz", "scenario"):
        texts[f"{name}.js"] = learning.joined(name, "js")
        # The page already carries the shared pieces.
        texts[f"{name}.css"] = learning.own(name, "css")
    return {name: _asset(name, text.encode()) for name, text in texts.items()}


def _asset(name: str, body: bytes) -> Asset:
    return Asset(
        name=name,
        digest=hashlib.sha256(body).hexdigest()[:16],
        kind=f"{_TYPES[Path(name).suffix]}; charset=utf-8",
        body=body,
        packed={"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0)},
    )
