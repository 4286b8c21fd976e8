"""Assets: every file a browser may fetch without asking who it is, named by its content.

A fixed, small set, read once at start and kept in memory: `/aset/<hash>/<name>` can be cached for ever,
and no path of a request ever touches the disk. `asset_url(name)` is what templates call.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

import brotli
import orjson

from ..i18n import script_texts
from ..model import Value
from ..widgets import learning
from .display import LANGUAGES

_HERE = Path(__file__).parent
_WIDGETS = ("quiz", "scenario", "pledge", "cek")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


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
    """Return all assets by name. A module page needs one script and one style sheet only."""
    static = {path.name: path.read_text(encoding="utf-8") for path in (_HERE / "static").iterdir()}
    styles = [learning.own(part, "css") for part in ("common", *_WIDGETS)]
    texts = {
        "site.css": "\n".join([*styles, static["site.css"]]),
        "modul.js": _script({name: name for name in _WIDGETS}, static),
        "dasbor.js": _script({"dasbor": "board"}, static),
        "dasbor.css": learning.own("board", "css"),
        "form.js": static["form.js"],
        **{f"{name}.json": orjson.dumps(script_texts(name)).decode() for name in LANGUAGES if name != "id"},
        "mark.svg": static["mark.svg"],
    }
    return {name: _asset(name, text.encode()) for name, text in texts.items()}


def _script(widgets: Mapping[str, str], static: Mapping[str, str]) -> str:
    """Return the one script of a page with these widgets, by what the page calls them."""
    made = ",".join(f"{name}: (() => {{{_wrapped(own)}}})()" for name, own in widgets.items())
    return "\n".join(
        [learning.own("common", "js"), static["form.js"], f"const widgets = {{{made}}};", static["host.js"]]
    )


def _wrapped(name: str) -> str:
    """Return a widget's own module as the body of a function that returns what it exports."""
    return learning.own(name, "js").replace("export default", "return", 1)


def _asset(name: str, body: bytes) -> Asset:
    return Asset(
        name=name,
        digest=hashlib.sha256(body).hexdigest()[:16],
        kind=f"{_TYPES[Path(name).suffix]}; charset=utf-8",
        body=body,
        packed={"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0)},
    )
