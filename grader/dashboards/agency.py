"""The agency's dashboard: rates by unit to walk down, their way over the months, a comparison for paper.

    unit() · tren() · banding()      each a part of `penyelesaian.ipynb`

The question is `unit` (a path), `hari` (an ISO day; none: today), `bentuk` (`bagi`: to be shared, small
groups hidden), `menurut` (unit, jabatan, jenis). Figures are those of
`netralitas report completion`, to the digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from netralitas import sheets
from netralitas.completion import MEASURES
from netralitas.i18n import _, day, month, number
from netralitas.layouts import HIDDEN, deadlines, internal, layout
from netralitas.roster import SEPARATOR
from netralitas.tally import last_month_end, month_end
from netralitas.widgets.board import BoardWidget, Question, Shown, Tables

from .asking import Place, crumbs, figure, form, heading, nothing, select
from .grid import Grid, downloads, framed, percent, row
from .plots import Bar, Point, bar, stacked, trend

SLUG = "penyelesaian"
MONTHS = 12
_DEEPEST = 6
"""The deepest level a report can be made by; below, everybody is shown where they stand."""
_MOST = 40
"""Bars of a plot at most; the table below it holds all."""


def unit() -> BoardWidget:
    """Show how many have completed, in a unit and each right below it."""
    return BoardWidget(f"{SLUG}/unit", _unit)


def tren() -> BoardWidget:
    """Show the rate at the end of each month."""
    return BoardWidget(f"{SLUG}/tren", _trend)


def banding() -> BoardWidget:
    """Show where people stand, units or attributes side by side."""
    return BoardWidget(f"{SLUG}/banding", _compared)


class Asked(Place):
    """What the page asks, with what is missing or does not fit filled in."""

    def __init__(self, tables: Tables, question: Question) -> None:
        super().__init__(tables, question)
        self.shared = question.get("bentuk") == "bagi"
        self.by = question.get("menurut") if question.get("menurut") in {"jabatan", "jenis"} else "unit"
        ends = [last_month_end(self.today)]
        while len(ends) < MONTHS:
            ends.append(last_month_end(ends[-1]))
        if month_end(self.today):
            ends.insert(0, self.today)
        self.ends = ends
        told = question.get("hari", "")
        self.day = next(
            (one for one in ends if one.isoformat() == told), ends[0] if self.shared else self.today
        )

    @property
    def level(self) -> str:
        """How reports call the level right below."""
        deep = self.under.count(SEPARATOR) + 2 if self.under else 1
        return "instansi" if deep == 1 else str(deep) if deep <= _DEEPEST else "unit"

    def told(self) -> dict[str, str | None]:
        """Return the question as an address holds it."""
        return {
            **super().told(),
            "hari": self.day.isoformat() if self.day in self.ends else None,
            "bentuk": "bagi" if self.shared else None,
            "menurut": self.by if self.by != "unit" else None,
        }

    def report(self, tables: Tables, by: str) -> dict[str, Any]:
        """Return the completion report of this question. Raises RefusedError."""
        found: dict[str, Any] = tables(
            "completion", under=self.under, by=by, as_of=self.day.isoformat(), shared=self.shared
        )
        return found


def _unit(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    report = asked.report(tables, asked.level)
    files = {
        f"penyelesaian-{report['as_of']}.csv": lambda: b"\xef\xbb\xbf" + sheets.as_csv(report).encode(),
        f"penyelesaian-{report['as_of']}.xlsx": lambda: sheets.as_xlsx(report),
    }
    top = crumbs(asked) + _heading(asked) + _form(asked)
    if report["total"]["people"] == 0:
        nobody = _("Belum ada orang di daftar pegawai unit ini pada hari itu.")
        return Shown(html=f"{top}<p>{escape(nobody)}</p>")
    parts = [top, _total(report), _rows(asked, report)]
    return Shown(html="".join([*parts, downloads(files), _origin(report)]), files=files)


def _heading(asked: Asked) -> str:
    when = _("Berlaku per {day}").format(day=day(asked.day))
    if asked.shared:
        return heading(asked, f"{when}. {_('Kelompok di bawah 5 orang disembunyikan.')}")
    return heading(asked, when, internal())


def _form(asked: Asked) -> str:
    days = [
        ("", _("Hari ini")),
        *((one.isoformat(), _("Akhir {month}").format(month=month(one))) for one in asked.ends),
    ]
    chosen = asked.day.isoformat() if asked.day in asked.ends else ""
    shapes = [("dalam", _("Pemakaian dalam kantor")), ("bagi", _("Untuk dibagikan"))]
    kinds = [
        ("unit", _("Unit di bawahnya")),
        ("jabatan", _("Kelas jabatan")),
        ("jenis", _("Jenis pegawai")),
    ]
    return form(
        select("hari", _("Per tanggal"), days, chosen)
        + select("bentuk", _("Bentuk"), shapes, "bagi" if asked.shared else "dalam")
        + select("menurut", _("Perbandingan menurut"), kinds, str(asked.by))
    )


def _total(report: Mapping[str, Any]) -> str:
    total = report["total"]
    said = _("dari {people} orang selesai").format(people=_count(total["people"]))
    states = [
        ("sedang-berjalan", _("Sedang berjalan"), "in_progress", "◐"),
        ("belum-mulai", _("Belum mulai"), "not_started", "○"),
        ("perlu-diperbarui", _("Perlu diperbarui"), "renew", "↻"),
        ("terlambat", _("Terlambat"), "overdue", "!"),
    ]
    counts = "".join(
        f'<div><dt><span aria-hidden="true">{sign}</span> <a href="#{anchor}">{escape(words)}</a></dt>'
        f"<dd>{_count(total[measure])}</dd></div>"
        for anchor, words, measure, sign in states
    )
    return (
        f'<p class="sum"><b>{_count(total["completed"])}</b> {escape(said)} '
        f'<span class="soft">(<a href="#tingkat-selesai">{escape(_("tingkat selesai"))}</a> '
        f'{percent(total["rate"])})</span></p><dl class="counts">{counts}</dl>'
    )


def _rows(asked: Asked, report: Mapping[str, Any]) -> str:
    """Return the units below as a table with bars, the lowest rate first; each leads to its own."""
    if [one["name"] for one in report["rows"]] in ([], [asked.under or ""]):
        return f'<p class="soft">{escape(_("Tidak ada unit lagi di bawahnya."))}</p>'
    columns = [_("Unit"), _("Tingkat selesai"), _("Orang")]
    whole = report["total"]["rate"]
    rows = "".join(
        row(columns, [_named(asked, one["name"]), _rated(one["rate"], whole), _people(one)])
        for one in sorted(report["rows"], key=_lowest_first)
    )
    head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in columns)
    told = _(
        "Yang paling rendah di atas. Garis tegak: tingkat selesai {name}. Pilih unit untuk melihat isinya."
    )
    return framed(head, rows, caption=told.format(name=asked.name))


def _named(asked: Asked, path: str) -> str:
    name = escape(asked.label(path))
    return name if path == (asked.under or "") else f'<a href="{escape(asked.link(unit=path))}">{name}</a>'


def _rated(rate: float | None, whole: float | None) -> str:
    return f"{bar(rate, whole) if rate is not None else ''} {percent(rate)}"


def _people(one: Mapping[str, Any]) -> str:
    said = _("{done} dari {people} selesai").format(
        done=_count(one["completed"]), people=_count(one["people"])
    )
    late = one["overdue"]
    return said + (f"<br>! {_count(late)} {escape(_('terlambat'))}" if late else "")


def _trend(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    report = asked.report(tables, asked.level)
    rows = tables("trend", under=asked.under, months=MONTHS, shared=asked.shared)
    days = [date.fromisoformat(one["as_of"]) for one in rows]
    grid = Grid(
        "tren-penyelesaian",
        _("Tren {name}").format(name=asked.name),
        [_("Hari"), *_headings(report)[1:]],
        [[day(when), *_figures(one)] for when, one in zip(days, rows, strict=True)],
        _about(asked, report),
    )
    points = [
        Point(_short(when, asked.today), one["rate"], percent(one["rate"]))
        for when, one in zip(days, rows, strict=True)
    ]
    title = _("Tingkat selesai {name} tiap akhir bulan").format(name=asked.name)
    return figure(trend(points, name="dasbor-tren", title=title), title, grid) if points else nothing()


def _compared(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    if asked.shared and asked.by != "unit" and asked.under:
        told = _("Menurut jabatan atau jenis hanya untuk pemakaian dalam kantor; ganti pilihan «Bentuk».")
        return Shown(html=f'<p class="soft">{escape(told)}</p>')
    report = asked.report(tables, asked.level if asked.by == "unit" else str(asked.by))
    legend = [_("Selesai"), _("Sedang berjalan"), _("Belum mulai"), _("Perlu diperbarui")]
    measures = ("completed", "in_progress", "not_started", "renew")
    labels = asked.label if asked.by == "unit" else str
    bars = [
        Bar(labels(one["name"]), _shares(one, measures), _told(one))
        for one in sorted(report["rows"], key=_lowest_first)
    ]
    title = {
        "unit": _("Keadaan unit di {name}"),
        "jabatan": _("Keadaan menurut kelas jabatan, {name}"),
        "jenis": _("Keadaan menurut jenis pegawai, {name}"),
    }[str(asked.by)].format(name=asked.name)
    grid = Grid(
        f"perbandingan-{asked.by}-{report['as_of']}",
        title,
        _headings(report),
        [[labels(one["name"]), *_figures(one)] for one in report["rows"]],
        layout(report).origin,
    )
    if not bars:
        return nothing()
    shown = figure(stacked(bars[:_MOST], legend, name="dasbor-banding", title=title), title, grid)
    more = _("Gambar menunjukkan {most} dari {all} baris; tabelnya memuat semua.")
    note = more.format(most=_MOST, all=number(len(bars))) if len(bars) > _MOST else ""
    return Shown(html=shown.html + (f'<p class="soft">{escape(note)}</p>' if note else ""), files=shown.files)


def _headings(report: Mapping[str, Any]) -> list[str]:
    return [column.heading for column in layout(report).columns]


def _figures(one: Mapping[str, Any]) -> list[int | float | None]:
    return [*(one[name] for name in MEASURES), one["rate"]]


def _lowest_first(one: Mapping[str, Any]) -> tuple[bool, float, str]:
    return one["rate"] is None, one["rate"] or 0.0, one["name"]


def _shares(one: Mapping[str, Any], measures: Sequence[str]) -> tuple[float, ...]:
    counts = [one[name] for name in measures]
    if not one["people"] or None in counts:
        return ()
    return tuple(count / one["people"] for count in counts)


def _told(one: Mapping[str, Any]) -> str:
    if one["people"] is None or one["completed"] is None:
        return _("angka disembunyikan: kelompok kecil")
    return _("{rate} selesai ({done} dari {people})").format(
        rate=percent(one["rate"]), done=number(one["completed"]), people=number(one["people"])
    )


def _count(value: int | None) -> str:
    return HIDDEN if value is None else number(value)


def _short(when: date, today: date) -> str:
    return _("hari ini") if when == today and not month_end(when) else f"{when:%m}/{when:%y}"


def _about(asked: Asked, report: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = _("akhir bulan, kelompok di bawah 5 orang disembunyikan") if asked.shared else internal()
    return [
        (_("Cakupan"), asked.under or _("semua")),
        (_("Tenggat"), deadlines(report)),
        (_("Bentuk"), shown),
    ]


def _origin(report: Mapping[str, Any]) -> str:
    pairs = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{escape(which)}</dd></div>" for what, which in layout(report).origin
    )
    return f'<details><summary>{escape(_("Asal data"))}</summary><dl class="facts">{pairs}</dl></details>'
