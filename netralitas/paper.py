"""An office sheet as PDF: letterhead, title, table, bars, origin, and a place to sign."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from .i18n import _, number

MOST_BARS = 20
_WIDTH = 174 * mm
_NAME = 58 * mm
_BAR = 6 * mm
_INK = colors.HexColor("#1f5f8b")


def sheet(
    title: str,
    table: Sequence[Sequence[str]],
    *,
    letterhead: Sequence[str] = (),
    note: str = "",
    bars: Sequence[tuple[str, float]] = (),
    origin: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the sheet; the first row of `table` is repeated on each page, the last one is the total.

    The same arguments give the same bytes.
    """
    styles = getSampleStyleSheet()
    small = ParagraphStyle("small", parent=styles["Normal"], fontSize=7.5, leading=9.5)
    head = [
        Paragraph(html.escape(line), ParagraphStyle("head", parent=styles["Normal"], alignment=1))
        for line in letterhead or (_("(kop surat)"),)
    ]
    story: list[Any] = [
        _framed(head),
        Spacer(1, 6 * mm),
        Paragraph(html.escape(title), styles["Heading2"]),
        *([Paragraph(f"<b>{html.escape(note)}</b>", styles["Normal"]), Spacer(1, 3 * mm)] if note else []),
        _table(table, small),
        Spacer(1, 6 * mm),
        *([KeepTogether([_bars(bars)]), Spacer(1, 4 * mm)] if bars else []),
        *(Paragraph(f"<b>{html.escape(k)}:</b> {html.escape(v)}", small) for k, v in origin),
        Spacer(1, 8 * mm),
        KeepTogether(_signature(small)),
    ]
    out = io.BytesIO()
    # Without `invariant` each PDF would carry the second it was made in.
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="Netralitas", lang="id", invariant=1,
        leftMargin=18 * mm, rightMargin=18 * mm, topMargin=15 * mm, bottomMargin=15 * mm,
    )  # fmt: skip
    document.build(story, onFirstPage=_footer, onLaterPages=_footer)
    return out.getvalue()


def _framed(inside: list[Any]) -> Table:
    frame = Table([[inside]], colWidths=[_WIDTH], rowHeights=None if len(inside) > 1 else [24 * mm])
    frame.setStyle(
        TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 1.2, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        )
    )
    return frame


def _table(rows: Sequence[Sequence[str]], small: ParagraphStyle) -> Table:
    cells = [[Paragraph(html.escape(row[0]), small), *row[1:]] for row in rows]
    bold = ParagraphStyle("bold", parent=small, fontName="Helvetica-Bold", alignment=1)
    cells[0] = [Paragraph(html.escape(one), bold) for one in rows[0]]
    rest = (_WIDTH - _NAME) / (len(rows[0]) - 1)
    table = Table(cells, colWidths=[_NAME, *[rest] * (len(rows[0]) - 1)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("ALIGN", (1, 1), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("FONTSIZE", (0, 1), (-1, -1), 8),
                ("FONTNAME", (1, -1), (-1, -1), "Helvetica-Bold"),
            ]
        )
    )
    return table


def _bars(bars: Sequence[tuple[str, float]]) -> Drawing:
    """Draw completion rates as bars with their figures; black on white, so that it copies well."""
    height = len(bars) * _BAR + 8 * mm
    drawing = Drawing(_WIDTH, height)
    drawing.add(String(0, height - 4 * mm, _("Tingkat selesai"), fontSize=9, fontName="Helvetica-Bold"))
    room = _WIDTH - _NAME - 18 * mm
    for line, (name, rate) in enumerate(bars):
        low = height - 8 * mm - (line + 1) * _BAR
        drawing.add(String(0, low + 2, _short(name), fontSize=7))
        frame: Any = Rect(_NAME, low, room, 3.6 * mm)
        frame.fillColor, frame.strokeColor, frame.strokeWidth = None, colors.grey, 0.4
        drawing.add(frame)
        full: Any = Rect(_NAME, low, max(room * rate, 0.01), 3.6 * mm)
        full.fillColor, full.strokeColor = _INK, None
        drawing.add(full)
        drawing.add(String(_NAME + room + 2 * mm, low + 2, f"{number(round(100 * rate, 1))} %", fontSize=7))
    return drawing


def _short(name: str) -> str:
    longest = 44
    return name if len(name) <= longest else f"…{name[1 - longest :]}"


def _signature(style: ParagraphStyle) -> list[Any]:
    lines = (_("Tempat dan tanggal: ______________________"), _("Jabatan: ______________________"))
    blank = [Spacer(1, 18 * mm), Paragraph(_("Nama dan tanda tangan: ______________________"), style)]
    return [*(Paragraph(line, style) for line in lines), *blank]


def _footer(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(A4[0] - 18 * mm, 9 * mm, _("Halaman {n}").format(n=document.page))
    canvas.restoreState()
