"""A part of a dashboard: asks the site for tables by name, draws what a question wants, hands over files.

    browser ─ {ask, question} ─► draw(tables, question) ─► Shown ─ {answer, html} ─► that browser's tab
                                   └─ {"ask": "table", name, arguments} over the one socket ─► the site

The kernel has no database; whose subtree it is, only the site knows (`web/boards.py`). A part keeps no state:
what is shown follows from the question, so that two tabs may ask different ones and a kernel may end at any
time. Nothing is recorded here; the site notes each table in the audit log.
"""

from __future__ import annotations

import base64
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from html import escape
from typing import Annotated, Any, Literal

import anywidget
import orjson
import traitlets
from pydantic import Field, StringConstraints, ValidationError

from ..i18n import _
from ..model import Value
from .learning import joined, model_id

_log = logging.getLogger(__name__)
FRESH = 20.0
"""Seconds a table is kept: the parts of one page, drawn one after the other, show the same figures."""

Ask = Callable[[dict[str, Any]], dict[str, Any]]
Word = Annotated[str, StringConstraints(max_length=600)]
Question = Mapping[str, str]
"""What is to be shown, as it stands in the page's address."""


class RefusedError(Exception):
    """Raised when the site hands over no such table; the text is one sentence for who asked."""


class Shown(Value):
    """What a part shows: markup of ours with everything from outside escaped, and how its files are made."""

    html: str
    files: Mapping[str, Callable[[], bytes]] = {}


class Tables:
    """The tables of the site, by name: `tables("completion", under=…)`."""

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask
        self._kept: dict[bytes, tuple[float, Any]] = {}

    def __call__(self, name: str, **arguments: Any) -> Any:
        """Return a table as JSON-like data. Raises RefusedError."""
        if self._ask is None:
            raise RefusedError(_("Pratinjau: tabel hanya ada di situs, untuk yang berhak."))
        question = {"ask": "table", "name": name, "arguments": arguments}
        key, now = orjson.dumps(question, option=orjson.OPT_SORT_KEYS), time.monotonic()
        self._kept = {one: kept for one, kept in self._kept.items() if now - kept[0] < FRESH}
        if key not in self._kept:
            answer = self._ask(question)
            if "table" not in answer:
                raise RefusedError(str(answer.get("refused", "")))
            self._kept[key] = (now, answer["table"])
        return self._kept[key][1]


Draw = Callable[[Tables, Question], Shown]


class Message(Value):
    """What comes up: a question, or which file of its answer; `mark` names the answer for one tab."""

    kind: Literal["ask", "file"]
    mark: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    question: Annotated[dict[Word, Word], Field(max_length=20)]
    file: Word = ""


class BoardWidget(anywidget.AnyWidget):
    """Draws one part of a dashboard.

    Attributes:
        object: which part it is, `dasbor/<dashboard>/<part>`.

    """

    object = traitlets.Unicode().tag(sync=True)
    _esm = joined("board", "js")
    _css = joined("board", "css")

    def __init__(self, name: str, draw: Draw) -> None:
        self._draw, self._tables = draw, Tables()
        root = f"dasbor/{name}"
        super().__init__(object=root, model_id=model_id(root))
        self.on_msg(self._received)
        _waiting.append(self)

    def begin(self, ask: Ask) -> None:
        """Take up who looks: from now on there are tables."""
        self._tables = Tables(ask)

    def set_state(self, sync_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Ignore state from a browser: traits go down only."""
        _log.warning("state from a browser ignored")

    def _received(self, _widget: Any, told: Any, _buffers: Any) -> None:
        try:
            message = Message.model_validate(told)
        except ValidationError:
            _log.warning("message refused")
            return
        self.send({"mark": message.mark, **self._answer(message)})

    def _answer(self, message: Message) -> dict[str, Any]:
        try:
            shown = self._draw(self._tables, message.question)
            if message.kind == "ask":
                return {"kind": "answer", "html": shown.html}
            data = base64.b64encode(shown.files[message.file]()).decode()
        except RefusedError as reason:
            return {"kind": "answer", "html": f'<p class="notice">! {escape(str(reason))}</p>'}
        except Exception:  # noqa: BLE001  (told to nobody but the kernel's own file of errors)
            traceback.print_exc(file=sys.stderr)
            return {"kind": "failed"}
        else:
            return {"kind": "file", "name": message.file, "data": data}


_waiting: list[BoardWidget] = []


def begin(ask: Ask) -> None:
    """Hand the way to the site to every part made so far."""
    for widget in _waiting:
        widget.begin(ask)
