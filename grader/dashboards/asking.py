"""What a dashboard's page asks, and the pieces of markup every part is made of.

Pure. A question stands in the page's address; what is missing or does not fit is filled in. Every text from
outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from netralitas.i18n import _
from netralitas.roster import SEPARATOR
from netralitas.widgets.board import Question, Shown, Tables

from .grid import Grid


class Place:
    """A unit of the looker's own (`under`: its path, None for everybody) and the day it is looked at."""

    def __init__(self, tables: Tables, question: Question) -> None:
        told = tables("places")
        self.scopes: list[str] | None = told["scopes"]
        self.today = date.fromisoformat(told["today"])
        self.under = question.get("unit") or (self.scopes[0] if self.scopes else None)

    @property
    def name(self) -> str:
        """What the unit is called."""
        return self.under.rpartition(SEPARATOR)[2] if self.under else _("Semua instansi")

    def told(self) -> dict[str, str | None]:
        """Return the question as an address holds it; None where it is the usual."""
        return {"unit": self.under}

    def link(self, **changed: str | None) -> str:
        """Return the address of this question with something else in it."""
        told = self.told() | changed
        return "?" + urlencode({key: value for key, value in told.items() if value})

    def label(self, path: str) -> str:
        """Return what a unit below this one is called."""
        if path == (self.under or ""):
            return _("Langsung di {name}").format(name=self.name)
        return path.removeprefix(f"{self.under}{SEPARATOR}") if self.under else path


def crumbs(asked: Place) -> str:
    """Return the way down to the unit, as far up as the looker may go; with several units, each of them."""
    if asked.scopes is None:
        start, top = [(_("Semua instansi"), "")], ""
    else:
        top = next(
            (
                one
                for one in asked.scopes
                if asked.under == one or f"{asked.under}".startswith(one + SEPARATOR)
            ),
            asked.scopes[0],
        )
        start = [(one.rpartition(SEPARATOR)[2], one) for one in asked.scopes]
    below = (asked.under or "").removeprefix(top).strip(SEPARATOR).split(SEPARATOR) if asked.under else []
    steps, path = list(start), top
    for name in filter(None, below):
        path = f"{path}{SEPARATOR}{name}" if path else name
        steps.append((name, path))
    if len(steps) == 1:
        return ""
    items = "".join(
        f'<li aria-current="page">{escape(name)}</li>'
        if path == (asked.under or "")
        else f'<li><a href="{escape(asked.link(unit=path or None))}">{escape(name)}</a></li>'
        for name, path in steps
    )
    return f'<nav class="crumbs" aria-label="{escape(_("Letak unit"))}"><ol>{items}</ol></nav>'


def heading(asked: Place, *lines: str) -> str:
    """Return the name of the unit, where focus goes when the question changes, and lines below it."""
    below = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f'<h2 tabindex="-1" data-lead>{escape(asked.name)}</h2>{below}'


def meaning(*terms: tuple[str, str]) -> str:
    """Return a line that leads to what figures mean; each term is the anchor and its words."""
    links = ", ".join(f'<a href="#{anchor}">{escape(words)}</a>' for anchor, words in terms)
    return f'<p class="soft noprint">{escape(_("Artinya:"))} {links}</p>'


def form(fields: str) -> str:
    """Return the form that asks another question of the whole page."""
    button = f'<button class="small">{escape(_("Tampilkan"))}</button>'
    return f'<form class="asked noprint">{fields}{button}</form>'


def select(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """Return a field of the form with its options as pairs of value and words."""
    every = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in options
    )
    return f'<div class="field"><label>{escape(label)} <select name="{name}">{every}</select></label></div>'


def figure(svg: str, title: str, grid: Grid) -> Shown:
    """Return a plot with its title, its table and its files."""
    html = (
        f'<figure class="chart"><figcaption><b>{escape(title)}</b></figcaption>{svg}'
        f"<details><summary>{escape(_('Lihat sebagai tabel'))}</summary>{grid.html()}</details></figure>"
    )
    return Shown(html=html + grid.downloads(), files=grid.files)


def nothing() -> Shown:
    """Return that there is nothing to be shown."""
    return Shown(html=f'<p class="soft">{escape(_("Belum ada angka untuk ditampilkan."))}</p>')
