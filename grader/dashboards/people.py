"""The people of the trainer's dashboard: how far they are, who stands still where, who is late.

kemajuan() · macet() · terlambat()      parts of `kelas.ipynb`
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from netralitas.i18n import ZONES, _, day, number
from netralitas.roster import SEPARATOR
from netralitas.widgets.board import BoardWidget, Question, Shown, Tables

from .asking import crumbs, figure, heading, meaning
from .grid import Cell, Grid, framed, percent, row, text
from .plots import Bar, bar, stacked
from .trainer import SLUG, Asked, origin

STILL = 7
"""Days without a step after which somebody who has begun is taken to be stuck."""
_FIRST = 8
"""Rows that are seen at once."""
_MOST = 200
"""Rows of a table on the page at most; its files hold all."""


def kemajuan() -> BoardWidget:
    """Show how far the class is, by module and by unit."""
    return BoardWidget(f"{SLUG}/kemajuan", _progress)


def macet() -> BoardWidget:
    """Show who has begun and stands still, where and since when."""
    return BoardWidget(f"{SLUG}/macet", _stuck)


def terlambat() -> BoardWidget:
    """Show who has not completed the course after its last day."""
    return BoardWidget(f"{SLUG}/terlambat", _overdue)


def _progress(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    top = crumbs(asked) + heading(asked, _("Keadaan hari ini, {day}").format(day=day(asked.today)))
    people = asked.people(tables)
    top += _by_cohort(asked, people)
    if not people:
        return Shown(html=top + f"<p>{escape(_('Belum ada peserta di unit ini.'))}</p>")
    done = sum(one["state"] == "completed" for one in people)
    sum_ = (
        f'<p class="sum"><b>{number(done)}</b> '
        f"{escape(_('dari {people} peserta selesai').format(people=number(len(people))))} "
        f'<span class="soft">({percent(done / len(people))})</span></p>'
    )
    told = meaning(("peserta", _("peserta")), ("selesai", _("selesai")))
    modules = _modules(asked, people)
    title = _("Kemajuan tiap bagian, {name}").format(name=asked.name)
    legend = [_("Selesai"), _("Sedang berjalan"), _("Belum mulai")]
    shown = figure(stacked(modules.bars, legend, name="dasbor-kemajuan", title=title), title, modules.grid)
    return Shown(html=top + sum_ + _by_unit(asked, people) + told + shown.html, files=shown.files)


class _Modules:
    """How many are where in each part of the course: as bars and as a table."""

    def __init__(self, title: str, rows: Sequence[tuple[str, Counter[str]]], people: int) -> None:
        states = ("completed", "in_progress", "not_started")
        self.bars = [
            Bar(name, tuple(counts[one] / people for one in states), _done(counts["completed"], people))
            for name, counts in rows
        ]
        self.grid = Grid(
            "kemajuan-bagian",
            title,
            [_("Bagian"), _("Selesai"), _("Sedang berjalan"), _("Belum mulai"), _("Tingkat selesai")],
            [[name, *(counts[one] for one in states), counts["completed"] / people] for name, counts in rows],
        )


def _modules(asked: Asked, people: Sequence[Mapping[str, Any]]) -> _Modules:
    rows = [
        (one.title, Counter(who["modules"].get(one.slug, {}).get("status", "not_started") for who in people))
        for one in asked.known.course.modules
    ]
    return _Modules(_("Kemajuan tiap bagian"), rows, len(people))


def _done(done: int, people: int) -> str:
    rate = percent(done / people)
    return _("{rate} selesai ({done} dari {people})").format(
        rate=rate, done=number(done), people=number(people)
    )


def _by_unit(asked: Asked, people: Sequence[Mapping[str, Any]]) -> str:
    """Return the units right below as a table, each leading to its own; empty without any."""
    depth = asked.under.count(SEPARATOR) + 2 if asked.under else 1
    groups = [(SEPARATOR.join(one["unit"].split(SEPARATOR)[:depth]), one) for one in people]
    if {path for path, _one in groups} <= {asked.under}:
        return ""
    return _rates(_("Unit"), groups, lambda path: _linked(asked, path))


def _by_cohort(asked: Asked, people: Sequence[Mapping[str, Any]]) -> str:
    """Return the cohorts as a table, each leading to its people; of one cohort the way back to all."""
    if asked.cohort:
        back = escape(asked.link(angkatan=None))
        name = escape(_("Angkatan {name}").format(name=asked.cohort))
        return f'<p>{name} · <a href="{back}">{escape(_("Semua peserta"))}</a></p>'
    groups = [(name, one) for one in people for name in one["cohorts"]]
    if not groups:
        return ""

    def linked(name: str) -> str:
        return f'<a href="{escape(asked.link(angkatan=name))}">{escape(name)}</a>'

    return _rates(_("Angkatan"), groups, linked)


def _rates(title: str, groups: Sequence[tuple[str, Mapping[str, Any]]], linked: Callable[[str], str]) -> str:
    """Return how many of each group have completed, as a table with bars, the lowest rate first."""
    found: dict[str, list[bool]] = defaultdict(list)
    for name, one in groups:
        found[name].append(one["state"] == "completed")
    columns = [title, _("Tingkat selesai"), _("Peserta")]
    rates = sorted((sum(done) / len(done), name) for name, done in found.items())
    rows = "".join(
        row(columns, [linked(name), f"{bar(rate)} {percent(rate)}", number(len(found[name]))])
        for rate, name in rates
    )
    head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in columns)
    return framed(head, rows, caption=_("Yang paling rendah di atas. Pilih satu untuk melihat isinya."))


def _linked(asked: Asked, path: str) -> str:
    name = escape(asked.label(path))
    return name if path == asked.under else f'<a href="{escape(asked.link(unit=path))}">{name}</a>'


def _stuck(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    rows = []
    for one in asked.people(tables):
        if one["state"] != "in_progress" or one["last"] is None:
            continue
        since = _local(one["last"]["at"])
        rows.append((one, _module_of(asked, one), _step(asked, one), since, (asked.today - since).days))
    rows.sort(key=lambda found: (-found[4], found[0]["name"]))
    grid = Grid(
        "peserta-macet",
        _("Sudah mulai, belum selesai"),
        [_("Nama"), _("Unit"), _("Bagian"), _("Langkah terakhir"), _("Sejak"), _("Hari diam")],
        [[one["name"], one["unit"], part, step, day(since), days] for one, part, step, since, days in rows],
        origin(asked),
    )
    quiet = sum(days >= STILL for *_rest, days in rows)
    said = _("{n} peserta diam {days} hari atau lebih.").format(n=number(quiet), days=STILL)
    return _listed(asked, grid, [one for one, *_rest in rows], said)


def _module_of(asked: Asked, one: Mapping[str, Any]) -> str:
    root = "/".join(one["last"]["object"].split("/")[:2])
    return next((part.title for part in asked.known.course.modules if root in part.roots), _("bagian lama"))


def _step(asked: Asked, one: Mapping[str, Any]) -> str:
    """Return where somebody stands in words: the quiz with how many items, the story, the pledge."""
    kind, slug = one["last"]["object"].split("/")[:2]
    try:
        item = asked.known.item(f"{kind}/{slug}")
    except KeyError:
        return str(one["last"]["object"])
    if kind == "quiz":
        part = next((part for part in asked.known.course.modules if part.quiz == slug), None)
        answered = one["modules"].get(part.slug, {}).get("answered", 0) if part else 0
        told = _("Kuis, {n} jawaban") if one["last"]["verb"] != "opened" else _("Kuis, baru dibuka")
        return told.format(n=number(answered))
    return (_("Cerita «{title}»") if kind == "scenario" else _("Ikrar «{title}»")).format(title=item.title)


def _overdue(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    people = asked.people(tables)
    if not any(one["due"] for one in people):
        return Shown(html=f'<p class="soft">{escape(_("Pelatihan ini tidak bertenggat."))}</p>')
    late = sorted((one for one in people if one["late"]), key=_furthest)
    needed = [one.slug for one in asked.known.course.modules if one.required]
    words = {"not_started": _("belum mulai"), "in_progress": _("sedang berjalan")}
    rows: list[list[Cell]] = [
        [
            one["name"],
            one["unit"],
            words[one["state"]],
            sum(one["modules"].get(slug, {}).get("status") == "completed" for slug in needed),
            day(date.fromisoformat(one["due"])),
            day(_local(one["last"]["at"])) if one["last"] else "",
        ]
        for one in late
    ]
    grid = Grid(
        "peserta-terlambat",
        _("Belum selesai sesudah tenggatnya"),
        [_("Nama"), _("Unit"), _("Keadaan"), _("Bagian wajib selesai"), _("Tenggat"), _("Langkah terakhir")],
        rows,
        origin(asked),
    )
    said = _("{n} peserta belum selesai; yang wajib {all} bagian.")
    return _listed(asked, grid, late, said.format(n=number(len(late)), all=len(needed)))


def _furthest(one: Mapping[str, Any]) -> tuple[bool, str]:
    return one["state"] != "not_started", one["name"]


def _listed(asked: Asked, grid: Grid, people: Sequence[Mapping[str, Any]], said: str) -> Shown:
    """Return a table of people whose names lead to their answers: the first few, the rest behind a line."""
    if not people:
        return Shown(html=f'<p class="soft">✓ {escape(_("Tidak ada."))}</p>')
    rows = [
        row(
            grid.columns,
            [_name(one), escape(asked.label(one["unit"])), *(escape(text(c)) for c in cells[2:])],
        )
        for one, cells in zip(people[:_MOST], grid.rows, strict=False)
    ]
    head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in grid.columns)
    table = framed(head, "".join(rows[:_FIRST]), caption=grid.title)
    if rows[_FIRST:]:
        rest = framed(head, "".join(rows[_FIRST:]), caption=grid.title)
        opener = escape(_("{n} peserta berikutnya").format(n=number(len(people) - _FIRST)))
        table += f"<details><summary>{opener}</summary>{rest}</details>"
    more = _("Halaman memuat {most} baris pertama; berkasnya memuat semua.").format(most=_MOST)
    note = f'<p class="soft">{escape(more)}</p>' if len(people) > _MOST else ""
    html = f"<p>{escape(said)}</p>{table}{note}{grid.downloads()}"
    return Shown(html=html + meaning(("hari-diam", _("hari diam"))), files=grid.files)


def _name(one: Mapping[str, Any]) -> str:
    return f'<a href="/pelatih?orang={quote(one["learner"])}">{escape(one["name"])}</a>'


def _local(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(ZONES["WIB"]).date()
