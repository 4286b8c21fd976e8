"""Figures: rows of `data/statistics/*.csv` become a small SVG, its text alternative and its table.

Pure but for `read` and `write`, which the command line calls: what a learner sees is drawn once,
committed under `data/figures/` and compared by `netralitas figures --check`, so that no kernel of a
learner loads a charting library.

    data/statistics/<name>.csv ──read──► rows ──draw──► data/figures/<name>.svg
                                           └──table, alternative──► the page below the picture

A statistics file may hold several statements of the same series; the newest one is drawn. Colours are
CSS variables with fallbacks, so that the page's dark mode reaches into the picture.
"""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from .model import Text, Value

Row = Mapping[str, str]
"""One line of a statistics file: id, figure, value, unit, stage, poll, as_of, speaker, source, confidence,
note."""

WIDTH = 328
"""Units across: a phone of 360 px less its margins, so that one unit is one pixel there."""

_CAPTION_CHARS, _TITLE_CHARS = 46, 38
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
    "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


class Chart(Value):
    """What is particular to one picture: its words. `base` says what the shares are shares of."""

    title: Text
    column: Text
    base: Text


CHARTS: Mapping[str, Chart] = {
    "jenis-pelanggaran-2020": Chart(
        title="Jenis pelanggaran netralitas terbanyak, Pilkada 2020",
        column="Jenis pelanggaran",
        base="Dasar persennya (laporan atau yang terbukti) tidak tertulis; jangan dijadikan jumlah orang.",
    ),
}
"""The pictures there are, by the name a notebook cell calls and a statistics file bears."""


def draw(name: str, rows: Sequence[Row]) -> str:
    """Return the bar chart of a statistics file as SVG text, the longest bar first.

    `rows` are those of `data/statistics/<name>.csv`, of which the newest statement is drawn; bars grow
    from zero, each with its number. Raises KeyError for a name not in `CHARTS`, ValueError without rows.
    """
    chart, shown = CHARTS[name], _newest(rows)
    longest = max(_number(row) for row in shown)
    title = textwrap.wrap(chart.title, _TITLE_CHARS)
    caption = textwrap.wrap(_caption(chart, shown), _CAPTION_CHARS)
    body = [_text(line, 18 + 20 * i, size=16, weight=650) for i, line in enumerate(title)]
    y = 18 + 20 * len(title) + 12
    for row in shown:
        length = round((WIDTH - 64) * _number(row) / longest, 1)
        body += [
            _text(row["figure"], y, size=14),
            f'<rect x="0" y="{y + 7}" width="{length}" height="16" rx="4" fill="var(--brand, #46408a)"/>',
            _text(_percent(row), y + 20, size=14, weight=650, x=length + 8),
        ]
        y += 46
    body += [_text(line, y + 2 + 18 * i, size=13, soft=True) for i, line in enumerate(caption)]
    height = y + 2 + 18 * len(caption)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img"'
        f' aria-labelledby="{name}-judul {name}-uraian" font-family="system-ui, Noto Sans, sans-serif">'
    )
    spoken = (
        f'<title id="{name}-judul">{escape(chart.title)}</title>',
        f'<desc id="{name}-uraian">{escape(alternative(name, rows))}</desc>',
    )
    return "\n".join([head, *spoken, *body, "</svg>", ""])


def table(name: str, rows: Sequence[Row]) -> list[list[str]]:
    """Return the drawn numbers as a table, head first: for the page below the picture."""
    return [
        [CHARTS[name].column, "Bagian"],
        *([row["figure"], _percent(row)] for row in _newest(rows)),
    ]


def alternative(name: str, rows: Sequence[Row]) -> str:
    """Return one text that says what the picture shows: every number, base, speaker, day and limits."""
    shown = _newest(rows)
    bars = "; ".join(f"{row['figure']} {_percent(row)}" for row in shown)
    return f"{bars}. {_caption(CHARTS[name], shown)}"


def read(root: Path, name: str) -> list[Row]:
    """Return the rows of a picture's statistics file under the content folder `root`."""
    path = root / "data" / "statistics" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(root: Path, *, check: bool) -> list[str]:
    """Draw every picture into `data/figures/`; return the paths that were not as drawn.

    With `check` nothing is written, so that an empty list means: no drift.
    """
    stale: list[str] = []
    for name in CHARTS:
        path = root / "data" / "figures" / f"{name}.svg"
        drawn = draw(name, read(root, name)).encode()
        if path.is_file() and path.read_bytes() == drawn:
            continue
        stale.append(path.relative_to(root).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn)
    return stale


def _newest(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the newest statement, the largest share first."""
    last = max(row["as_of"] for row in rows)
    return sorted((row for row in rows if row["as_of"] == last), key=_number, reverse=True)


def _caption(chart: Chart, shown: Sequence[Row]) -> str:
    first = shown[0]
    told = date.fromisoformat(first["as_of"])
    day = f"{told.day} {_MONTHS[told.month - 1]} {told.year}"
    single = " Rincian jenis ini baru terbaca pada satu sumber." if first["confidence"] != "strong" else ""
    source = f"Sumber: {first['speaker']}, disampaikan {day}."
    return f"Hanya {len(shown)} jenis terbanyak. {chart.base} {source}{single}"


def _number(row: Row) -> float:
    return float(row["value"])


def _percent(row: Row) -> str:
    return f"{_number(row):g}".replace(".", ",") + " %"


def _text(words: str, y: float, *, size: int, weight: int = 400, x: float = 0, soft: bool = False) -> str:
    colour = "var(--soft, #5b5870)" if soft else "var(--ink, #1f1d2b)"
    heavy = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004  (the default weight)
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}"{heavy} fill="{colour}">{escape(words)}</text>'
