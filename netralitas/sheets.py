"""A report as offices use it: table, CSV, JSON, XLSX, PDF, HTML, each by the report's layout.

Every form has the same figures; a hidden one is an en dash. What a spreadsheet would read as a formula is
made inert. XLSX and PDF say where the figures come from.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .i18n import _, number
from .layouts import HIDDEN, Column, Kind, Layout, Report, layout, written
from .roster import neutral

MOST_PDF = 2000
"""Rows of a PDF at most: a sheet somebody signs, not a data file."""
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
"""What a sheet may not be called."""
_FORMATS = {"count": "#,##0", "share": "0.0%", "points": "+0.0%;-0.0%;0.0%"}


def as_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """Return the rows as CSV, headed like the JSON; without the total, so that columns can be summed."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    fields = [column.key for column in layout(report).columns]
    writer.writerow(fields)
    for row in report["rows"]:
        cells = ("" if row[name] is None else row[name] for name in fields)
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
    return sheet.getvalue()


def as_table(report: Report, *, width: int) -> str:
    """Return the report as a table for a terminal of `width` columns, with a line of totals."""
    words = layout(report)
    table = Table(title=words.title, caption=words.note or None)
    for column in words.columns:
        text = column.kind == "text"
        table.add_column(
            column.heading, overflow="fold" if text else "ellipsis", justify="left" if text else "right"
        )
    for row in report["rows"]:
        # Text, because a name in brackets would be read as markup.
        table.add_row(*map(Text, _cells(words, row)))
    if report["total"] is not None:
        table.add_section()
        table.add_row(*map(Text, _cells(words, _total(words, report))), style="bold")
    sheet = io.StringIO()
    Console(file=sheet, width=width, force_terminal=False).print(table)
    return sheet.getvalue()


def as_html(report: Report) -> str:
    """Return the report as one HTML file that prints well and loads nothing."""
    words = layout(report)
    title = html.escape(words.title)
    head = "".join(f'<th scope="col">{html.escape(one.heading)}</th>' for one in words.columns)
    rows = "".join(_html_row(words, row) for row in report["rows"])
    total = "" if report["total"] is None else f"<tfoot>{_html_row(words, _total(words, report))}</tfoot>"
    pairs = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in words.origin)
    note = f"<p><strong>{html.escape(words.note)}</strong></p>" if words.note else ""
    return (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}"
        "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem}"
        "td{text-align:right}th,td.text{text-align:left}tfoot{font-weight:bold}"
        "thead{display:table-header-group}dt{font-weight:bold}</style>"
        f"<h1>{title}</h1>{note}<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody>{total}</table>"
        f"<h2>{html.escape(_('Asal data'))}</h2><dl>{pairs}</dl></html>\n"
    )


def as_xlsx(report: Report) -> bytes:
    """Return the report as a workbook: typed columns, a frozen header, and a sheet «Asal data»."""
    from openpyxl import Workbook  # noqa: PLC0415  (only where somebody asks for a workbook)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    words = layout(report)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = words.sheet
    sheet.freeze_panes = "B2"
    for number_, column in enumerate(words.columns, 1):
        cell = sheet.cell(1, number_, column.heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = 50 if column.kind == "text" else 13
    lines = [*report["rows"], *([] if report["total"] is None else [_total(words, report)])]
    for line, row in enumerate(lines, 2):
        for number_, column in enumerate(words.columns, 1):
            _put(sheet.cell(line, number_), column, row[column.key])
    if report["total"] is not None:
        for bold in sheet[len(lines) + 1]:
            bold.font = Font(bold=True)
    _about(book, words.origin)
    return saved(book)


def workbook(
    named: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    pairs: Sequence[tuple[str, str]],
) -> bytes:
    """Return any table as a workbook: a frozen header, and the sheet «Asal data» with `pairs`.

    A float is a share and shown in per cent, None is hidden; text stays text whatever it begins with.
    """
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet.freeze_panes = _SHEET_NAME.sub(" ", named)[:31], "B2"
    for number_, heading in enumerate(columns, 1):
        head = sheet.cell(1, number_, heading)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number_)].width = 50 if number_ == 1 else 18
    for line, row in enumerate(rows, 2):
        for number_, value in enumerate(row, 1):
            _put(sheet.cell(line, number_), Column("", "", _kind(value)), value)
    _about(book, pairs)
    return saved(book)


def saved(book: Any) -> bytes:
    """Return a workbook as a file's bytes, made in memory: who makes it may have nowhere to write.

    openpyxl writes each sheet to a temporary file first, which the kernel of a dashboard is denied.
    """
    from openpyxl.worksheet._writer import WorksheetWriter  # noqa: PLC0415
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415

    class InMemory(ExcelWriter):
        def write_worksheet(self: Any, ws: Any) -> None:
            made = io.BytesIO()
            writer: Any = WorksheetWriter(ws, made)
            writer.write()
            ws._rels = writer._rels  # noqa: SLF001
            self._archive.writestr(ws.path[1:], made.getvalue())
            self.manifest.append(ws)

    out = io.BytesIO()
    InMemory(book, ZipFile(out, "w", ZIP_DEFLATED)).save()
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
    words = layout(report)
    total = [] if report["total"] is None else [_cells(words, _total(words, report))]
    rates = ((row["name"], row[words.bars]) for row in report["rows"] if words.bars)
    bars = [(name, rate) for name, rate in rates if rate is not None]
    return paper.sheet(
        words.title,
        [[column.heading for column in words.columns], *(_cells(words, row) for row in report["rows"])],
        texts=sum(column.kind == "text" for column in words.columns),
        total=total,
        letterhead=letterhead,
        note=words.note,
        bars=bars[: paper.MOST_BARS],
        bars_title=next((one.heading for one in words.columns if one.key == words.bars), ""),
        origin=words.origin,
    )


FORMS: Mapping[str, Callable[[Report], str | bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "html": as_html,
}
"""How a report becomes a file, by the file's ending."""


def _about(book: Any, pairs: Sequence[tuple[str, str]]) -> None:
    """Add the sheet that says where figures come from."""
    from openpyxl.styles import Font  # noqa: PLC0415

    about = book.create_sheet(_("Asal data"))
    for line, (what, which) in enumerate(pairs, 1):
        about.cell(line, 1, what).font = Font(bold=True)
        _text(about.cell(line, 2), which)
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 32, 90


def _kind(value: str | float | None) -> Kind:
    return "text" if isinstance(value, str) else "share" if isinstance(value, float) else "count"


def _put(cell: Any, column: Column, value: Any) -> None:
    """Put a value into a cell of a workbook as what it is."""
    from openpyxl.styles import Alignment  # noqa: PLC0415

    if column.kind == "text":
        _text(cell, HIDDEN if value is None else str(value))
        return
    cell.value = HIDDEN if value is None else value
    cell.alignment = Alignment(horizontal="right")
    cell.number_format = _FORMATS[column.kind]


def _text(cell: Any, text: str) -> None:
    """Put a text into a cell as text, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text != neutral(text)


def _html_row(words: Layout, row: Report) -> str:
    name, *rest = _cells(words, row)
    kinds = (' class="text"' if column.kind == "text" else "" for column in words.columns[1:])
    cells = "".join(f"<td{kind}>{html.escape(cell)}</td>" for kind, cell in zip(kinds, rest, strict=True))
    return f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'


def _total(words: Layout, report: Report) -> Report:
    texts = {column.key: "" for column in words.columns if column.kind == "text"}
    return {**report["total"], **texts, words.columns[0].key: words.total}


def _cells(words: Layout, row: Report) -> list[str]:
    return [written(column, row[column.key]) for column in words.columns]
