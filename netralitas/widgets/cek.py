"""`cek()`: Cek Netralitas in a notebook cell; who, what, towards whom, when, and the answer as a card.

    cell ──► CekWidget ─ text/html ─► a module's page: a link to /cek, which its script opens in place
                       └ widget view ─► JupyterLab: the same link, and the kernel answers one custom message

Closed until somebody wants it, it costs a page and a kernel next to nothing. `markup` draws form and answer
for both and for the page /cek. This is no learning activity: nothing is recorded.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import anywidget
import traitlets
from pydantic import ValidationError

from .. import content, i18n
from ..cards import FIRST, LAST, Asked, Card, Question, actor_words, ask, choices
from ..i18n import LANGUAGE, ZONES, _
from ..law import ACTORS, Law
from ..model import Value
from .learning import joined

if TYPE_CHECKING:
    from jinja2 import Template

_log = logging.getLogger(__name__)


def markup(law: Law, asked: Asked) -> str:
    """Return the answer and the form as HTML; everything that comes from outside is escaped."""
    dated = bool(asked.card and asked.card.dated) or not asked.faults.keys().isdisjoint(
        {"diperiksa", "diputus"}
    )
    empty = dict.fromkeys(Question.model_fields, "")
    return _template().render(
        card=asked.card,
        fields=empty | {"pelaku": "pns"} | dict(asked.fields),
        wrong=empty | dict(asked.faults),
        faults=list(asked.faults.values()),
        dated=dated,
        groups=choices(law),
        actors=[(one, actor_words(one)) for one in ACTORS],
        first=FIRST,
        last=LAST,
        foreign=LANGUAGE.get() != "id",
    )


class Message(Value):
    """What comes up: the fields of the form, which `ask` reads; none where it is only opened."""

    kind: Literal["ask"]
    question: dict[str, str]


class CekWidget(anywidget.AnyWidget):
    """A form and its answer, behind a link until it is wanted.

    Attributes:
        html: what is shown, made here; it goes down only.
        card: the last answer, None before the first and where there was none.

    """

    html = traitlets.Unicode().tag(sync=True)
    _esm = joined("cek", "js")
    _css = joined("cek", "css")

    def __init__(self) -> None:
        self.card: Card | None = None
        super().__init__(html=_closed())
        self.on_msg(self._received)

    def set_state(self, sync_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Ignore state from a browser: traits go down only."""
        _log.warning("state from a browser ignored")

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        return data | {"text/html": f'<section class="cek">{self.html}</section>'}, metadata

    def _received(self, _widget: Any, told: Any, _buffers: Any) -> None:
        try:
            message = Message.model_validate(told)
        except ValidationError:
            _log.warning("message refused")
            return
        law = content.law()
        asked = ask(law, message.question, today=datetime.now(ZONES["WIB"]).date())
        self.card, self.html = asked.card, markup(law, asked)
        # Said as well where nothing changed: the same question wants its answer too.
        self.send({"kind": "answer", "html": self.html})


def cek() -> CekWidget:
    """Show Cek Netralitas."""
    return CekWidget()


def _closed() -> str:
    return f'<p><a class="btn quiet" href="/cek">{escape(_("Buka Cek Netralitas"))}</a></p>'


@cache
def _template() -> Template:
    # Here, so that a kernel on the site, where nobody asks it, does not carry it.
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment.get_template("cek.html.j2")
