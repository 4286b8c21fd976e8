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
_WORDS = 114 * mm
"""The width of all columns of words together where there are several."""
_BAR = 6 * mm
_INK = colors.HexColor("#1f5f8b")


def sheet(
    title: str,
    table: Sequence[Sequence[str]],
    *,
    texts: int = 1,
    total: Sequence[Sequence[str]] = (),
    letterhead: Sequence[str] = (),
    note: str = "",
    bars: Sequence[tuple[str, float]] = (),
    bars_title: str = "",
    origin: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the sheet; the first row of `table` is repeated on each page, `total` is printed bold below.

    The first `texts` columns hold words and may break, the others figures. The same arguments give the same
    bytes.
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
        _table(table, total, texts, small),
        Spacer(1, 6 * mm),
        *([KeepTogether([_bars(bars_title, bars)]), Spacer(1, 4 * mm)] if bars else []),
        *(Paragraph(f"<b>{html.escape(k)}:</b> {html.escape(v)}", small) for k, v in origin),
        Spacer(1, 8 * mm),
        KeepTogether(_signature(small)),
    ]
    return _printed(title, story)


def how(address: str, until: str) -> tuple[str, ...]:
    """Return the lines below an activation code: three steps to begin, and how long it holds."""
    return (
        _("1. Buka {address}").format(address=address),
        _("2. Tekan «Baru pertama kali? Pakai kode aktivasi»."),
        _("3. Ketik NIP Anda dan kode di atas, lalu buat kata sandi sendiri."),
        _("Berlaku sampai {day}, satu kali pakai. Jangan diteruskan.").format(day=until),
    )


def slips(people: Sequence[tuple[str, str, str]], *, address: str, until: str) -> bytes:
    """Return slips to cut out, two in a row: (name, unit, activation code) of each, and how to begin."""
    normal = getSampleStyleSheet()["Normal"]
    small = ParagraphStyle("small", parent=normal, fontSize=8.5, leading=11)
    code = ParagraphStyle("code", parent=normal, fontName="Courier-Bold", fontSize=14, leading=22)

    def slip(name: str, unit: str, written: str) -> list[Any]:
        lines = [Paragraph(html.escape(line), small) for line in (unit, *how(address, until))]
        head = Paragraph(f"<b>{html.escape(name)}</b>", small)
        return [head, lines[0], Paragraph(html.escape(written), code), *lines[1:]]

    cells = [slip(*one) for one in people]
    pairs = [[*cells[start : start + 2], *([""] if start + 1 == len(cells) else [])] for start in
             range(0, len(cells), 2)]  # fmt: skip
    table = Table(pairs, colWidths=[_WIDTH / 2] * 2)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.grey, None, (3, 3)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *(("TOPPADDING", (0, 0), (-1, -1), 9), ("BOTTOMPADDING", (0, 0), (-1, -1), 9)),
            ]
        )
    )
    return _printed(_("Kode aktivasi"), [table])


def _printed(title: str, story: list[Any]) -> bytes:
    """Return a document of A4 pages; the same story gives the same bytes."""
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


def _table(
    rows: Sequence[Sequence[str]], total: Sequence[Sequence[str]], texts: int, small: ParagraphStyle
) -> Table:
    bold = ParagraphStyle("bold", parent=small, fontName="Helvetica-Bold")
    middle = ParagraphStyle("middle", parent=bold, alignment=1)
    head, *body = rows
    cells: list[list[Any]] = [[Paragraph(html.escape(one), middle) for one in head]]
    for style, lines in ((small, body), (bold, total)):
        cells += [
            [*(Paragraph(html.escape(one), style) for one in row[:texts]), *row[texts:]] for row in lines
        ]
    words = _NAME if texts == 1 else _WORDS / texts
    figures = (_WIDTH - texts * words) / (len(head) - texts)
    table = Table(cells, colWidths=[*[words] * texts, *[figures] * (len(head) - texts)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("ALIGN", (texts, 1), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("FONTSIZE", (0, 1), (-1, -1), 8),
                *([("FONTNAME", (texts, -len(total)), (-1, -1), "Helvetica-Bold")] if total else []),
            ]
        )
    )
    return table


def _bars(title: str, bars: Sequence[tuple[str, float]]) -> Drawing:
    """Draw rates as bars with their figures; black on white, so that it copies well."""
    height = len(bars) * _BAR + 8 * mm
    drawing = Drawing(_WIDTH, height)
    drawing.add(String(0, height - 4 * mm, title, fontSize=9, fontName="Helvetica-Bold"))
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
