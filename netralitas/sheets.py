"""A completion report as offices use it: table, CSV, JSON, XLSX, PDF, HTML.

Every form has the same figures; a hidden count is an en dash. What a spreadsheet would read as a formula is
made inert. XLSX and PDF say where the figures come from.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .completion import MEASURES
from .i18n import _, day, number
from .roster import neutral

Report = Mapping[str, Any]
HIDDEN = "–"
MOST_UNITS = 5
"""Units whose own deadline is named; the rest are counted."""
MOST_PDF = 2000
"""Rows of a PDF at most: a sheet somebody signs, not a data file."""


def headings(report: Report) -> list[str]:
    """Return the columns of a report in words."""
    first = {"instansi": _("Instansi"), "jabatan": _("Kelas jabatan"), "jenis": _("Jenis")}
    return [
        first.get(report["by"], _("Unit")),
        _("Orang"),
        _("Belum mulai"),
        _("Sedang berjalan"),
        _("Selesai"),
        _("Perlu diperbarui"),
        _("Terlambat"),
        _("Tingkat selesai"),
    ]


def title(report: Report) -> str:
    """Return the title of a report."""
    return _("Penyelesaian pelatihan netralitas per {day}").format(
        day=day(date.fromisoformat(report["as_of"]))
    )


def origin(report: Report) -> list[tuple[str, str]]:
    """Return where the figures come from, as pairs of what and which."""
    shown = _("akhir bulan, kelompok di bawah 5 orang disembunyikan") if report["shared"] else internal()
    return [
        (_("Berlaku per"), report["as_of"]),
        (_("Menurut yang diketahui pada"), report["known_on"]),
        (_("Cakupan"), report["under"] or _("semua")),
        (_("Versi aturan penyelesaian"), report["rule"]),
        (_("Versi isi"), report["content"]),
        (_("Tenggat"), deadlines(report)),
        (_("Bentuk"), shown),
        (_("Perintah"), report["command"]),
        (_("Sidik angka (SHA-256)"), report["digest"]),
    ]


def deadlines(report: Report) -> str:
    """Return by when people had to complete, with the units that have a day of their own."""
    units = report["deadlines"]["units"]
    told = [report["deadline"]] if report["deadline"] else []
    told += [f"{path}: {last}" for path, last in [*units.items()][:MOST_UNITS]]
    if len(units) > MOST_UNITS:
        told.append(_("{n} unit lain").format(n=number(len(units) - MOST_UNITS)))
    if report["deadlines"]["people"]:
        told.append(_("angkatan dan perpanjangan dihitung orang demi orang"))
    return "; ".join(told) or HIDDEN


def internal() -> str:
    """Return the sentence a report with small groups carries."""
    return _("Untuk pemakaian dalam kantor: memuat kelompok kecil, jangan dibagikan.")


def as_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """Return the rows as CSV, headed like the JSON; without the total, so that columns can be summed."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    fields = ("name", *MEASURES, "rate")
    writer.writerow(fields)
    for row in report["rows"]:
        cells = ("" if row[name] is None else row[name] for name in fields[1:])
        writer.writerow([neutral(row["name"]), *cells])
    return sheet.getvalue()


def as_table(report: Report, *, width: int) -> str:
    """Return the report as a table for a terminal of `width` columns, with a line of totals."""
    table = Table(title=title(report), caption=None if report["shared"] else internal())
    first, *rest = headings(report)
    table.add_column(first, overflow="fold")
    for heading in rest:
        table.add_column(heading, justify="right")
    for row in report["rows"]:
        # Text, because a name in brackets would be read as markup.
        table.add_row(Text(row["name"]), *_cells(row))
    table.add_section()
    table.add_row(_("Jumlah"), *_cells(report["total"]), style="bold")
    sheet = io.StringIO()
    Console(file=sheet, width=width, force_terminal=False).print(table)
    return sheet.getvalue()


def as_html(report: Report) -> str:
    """Return the report as one HTML file that prints well and loads nothing."""
    head = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in headings(report))
    rows = "".join(_html_row(row["name"], row) for row in report["rows"])
    total = _html_row(_("Jumlah"), report["total"])
    pairs = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in origin(report))
    note = "" if report["shared"] else f"<p><strong>{html.escape(internal())}</strong></p>"
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{html.escape(title(report))}</title>'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}"
        "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem}"
        "td{text-align:right}th{text-align:left}tfoot{font-weight:bold}"
        "thead{display:table-header-group}dt{font-weight:bold}</style>"
        f"<h1>{html.escape(title(report))}</h1>{note}<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody><tfoot>{total}</tfoot></table>"
        f"<h2>{html.escape(_('Asal data'))}</h2><dl>{pairs}</dl></html>\n"
    )


def as_xlsx(report: Report) -> bytes:
    """Return the report as a workbook: typed columns, a frozen header, and a sheet «Asal data»."""
    from openpyxl import Workbook  # noqa: PLC0415  (only where somebody asks for a workbook)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Penyelesaian")
    sheet.freeze_panes = "B2"
    for number_, heading in enumerate(headings(report), 1):
        cell = sheet.cell(1, number_, heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    lines = [*report["rows"], {**report["total"], "name": _("Jumlah")}]
    for line, row in enumerate(lines, 2):
        _text(sheet.cell(line, 1), row["name"])
        for column, measure in enumerate((*MEASURES, "rate"), 2):
            cell = sheet.cell(line, column, HIDDEN if row[measure] is None else row[measure])
            cell.alignment = Alignment(horizontal="right")
            cell.number_format = "0.0%" if measure == "rate" else "#,##0"
        if line == len(lines) + 1:
            for bold in sheet[line]:
                bold.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 50
    for letter in "BCDEFGH":
        sheet.column_dimensions[letter].width = 13
    about = book.create_sheet(_("Asal data"))
    for line, (what, which) in enumerate(origin(report), 1):
        about.cell(line, 1, what).font = Font(bold=True)
        _text(about.cell(line, 2), which)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 32, 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_pdf(report: Report, *, letterhead: Sequence[str] = ()) -> bytes:
    """Return the report as an office sheet (A4): letterhead, table, chart, where it comes from, signature.

    `letterhead` are the lines above; without them there is room for one. Raises ValueError for too many rows.
    """
    from . import paper  # noqa: PLC0415  (reportlab, only where somebody asks for a sheet)

    if len(report["rows"]) > MOST_PDF:
        raise ValueError(
            _("Laporan ini lebih dari {most} baris; pakai XLSX, atau pilih unit yang lebih tinggi.").format(
                most=number(MOST_PDF)
            )
        )
    table = [headings(report), *([row["name"], *_cells(row)] for row in report["rows"])]
    table.append([_("Jumlah"), *_cells(report["total"])])
    bars = [(row["name"], row["rate"]) for row in report["rows"] if row["rate"] is not None]
    return paper.sheet(
        title(report),
        table,
        letterhead=letterhead,
        note="" if report["shared"] else internal(),
        bars=bars[: paper.MOST_BARS],
        origin=origin(report),
    )


FORMS: Mapping[str, Callable[[Report], str | bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "html": as_html,
}
"""How a report becomes a file, by the file's ending."""


def _text(cell: Any, text: str) -> None:
    """Put a text into a cell as text, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text != neutral(text)


def _html_row(name: str, row: Report) -> str:
    cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(row))
    return f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'


def _cells(row: Report) -> list[str]:
    counts = [HIDDEN if row[name] is None else number(row[name]) for name in MEASURES]
    rate = HIDDEN if row["rate"] is None else f"{number(round(100 * row['rate'], 1))} %"
    return [*counts, rate]
