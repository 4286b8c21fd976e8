"""A table of a dashboard: on the page, as CSV and as XLSX, with the same cells in all three.

Pure. Texts of others are escaped on the page and made inert in files, as in every report (`sheets`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

# Here, before a kernel is forked: what it may take for itself would not hold openpyxl and numpy.
import openpyxl  # noqa: F401

from netralitas import sheets
from netralitas.i18n import _, number
from netralitas.layouts import HIDDEN
from netralitas.roster import neutral

Cell = str | int | float | None
"""None is hidden or unknown; a float is a share, 0.5 for 50 %."""


@dataclass(frozen=True)
class Grid:
    """Columns and rows; `name` begins the names of its files, `origin` is where its figures come from."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    origin: Sequence[tuple[str, str]] = field(default=())

    @property
    def files(self) -> Mapping[str, Callable[[], bytes]]:
        """How its files are made, by their names."""
        return {f"{self.name}.csv": self.csv, f"{self.name}.xlsx": self.xlsx}

    def csv(self) -> bytes:
        """Return it as CSV (UTF-8 with the mark spreadsheets look for); shares are numbers from 0 to 1."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\r\n")
        writer.writerow(self.columns)
        for row in self.rows:
            cells = (neutral(cell) if isinstance(cell, str) else cell for cell in row)
            writer.writerow(["" if cell is None else cell for cell in cells])
        return b"\xef\xbb\xbf" + sheet.getvalue().encode()

    def xlsx(self) -> bytes:
        """Return it as a workbook with typed columns, a frozen header and a sheet «Asal data»."""
        return sheets.workbook(self.title, self.columns, self.rows, self.origin)

    def html(self, *, caption: str = "") -> str:
        """Return it as a table; on a phone each row is a card that names its own columns."""
        head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in self.columns)
        rows = "".join(_row(self.columns, [escape(text(cell)) for cell in row]) for row in self.rows)
        return framed(head, rows, caption=caption or self.title)

    def folded(self) -> str:
        """Return it behind a line that opens it, with its files."""
        opener = escape(_("Lihat sebagai tabel"))
        return f"<details><summary>{opener}</summary>{self.html()}</details>{self.downloads()}"

    def downloads(self) -> str:
        """Return the two buttons that fetch it as a file."""
        return downloads(self.files)


def framed(head: str, rows: str, *, caption: str) -> str:
    """Return a table of the site's kind from its head cells and rows, both markup."""
    return (
        f'<table class="people" role="table"><caption class="soft">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def downloads(files: Mapping[str, object]) -> str:
    """Return a button for each file."""
    buttons = "".join(
        f'<button type="button" class="small" data-file="{escape(name)}">'
        f"{escape(_('Unduh {form}').format(form=name.rpartition('.')[2].upper()))}"
        f'<span class="hidden"> {escape(name.rpartition(".")[0])}</span></button> '
        for name in files
    )
    return f'<p class="files noprint">{buttons}</p>'


def text(cell: Cell) -> str:
    """Return a cell in words."""
    if cell is None:
        return HIDDEN
    if isinstance(cell, float):
        return percent(cell)
    return cell if isinstance(cell, str) else number(cell)


def percent(share: float | None) -> str:
    """Return a share as «83,5 %»."""
    return HIDDEN if share is None else f"{number(round(100 * share, 1))} %"


def row(columns: Sequence[str], cells: Sequence[str]) -> str:
    """Return one row of markup cells, the first as its heading."""
    return _row(columns, cells)


def _row(columns: Sequence[str], cells: Sequence[str]) -> str:
    first, *rest = cells
    told = "".join(
        f'<td role="cell" data-label="{escape(name)}"><span>{cell}</span></td>'
        for name, cell in zip(columns[1:], rest, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{told}</tr>'
