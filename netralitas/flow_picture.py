"""The picture of a flow: a card for each scene, its ways as bars, a line to where each led.

Pure. An SVG of its own, with all that `flow.lines` tells as its text alternative.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from .flow import Flow, Number, Stop, lines, many, percent, share_of
from .i18n import _

_CARD, _GAP, _ROW, _HEAD, _EDGE, _LANE = 280, 110, 26, 30, 24, 12
_INK, _SOFT, _LINE, _BRAND, _WASH = "#211f2c", "#5d5a70", "#8d889c", "#4b4587", "#d9d5ec"


def draw(flow: Flow) -> str:
    """Return the flow as an SVG: a card for each scene, its ways as bars, a line to where each led."""
    columns = _columns(flow)
    place: dict[str, tuple[int, int]] = {}
    height = 0
    for across, column in enumerate(columns):
        down = 70
        for stop in column:
            place[stop.id] = (_EDGE + across * (_CARD + _GAP), down)
            down += _tall(stop) + 28
        height = max(height, down)
    edges, floor = _edges(flow, place), height
    height += _LANE * max((edge.lane for edge in edges), default=0) + _EDGE
    width = 2 * _EDGE + len(columns) * (_CARD + _GAP) - _GAP
    spoken = re.sub(r"[█·]{10}", "", " ".join(lines(flow)))
    told = _("{learners} pembelajar, {runs} kali dijalani, {ended} sampai penutup").format(
        learners=many(flow.learners), runs=many(flow.runs), ended=many(flow.ended)
    )
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"',
        f' height="{height}" role="img" aria-labelledby="alur-judul alur-uraian"',
        ' font-family="system-ui, Noto Sans, sans-serif">',
        f'<title id="alur-judul">{escape(flow.title)}</title>',
        f'<desc id="alur-uraian">{escape(" ".join(spoken.split()))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(flow.title, _EDGE, 30, size=18, weight=650),
        _text(told, _EDGE, 52, size=13, colour=_SOFT),
    ]
    body += [_line_of(edge, floor, flow.runs if flow.exact else flow.learners) for edge in edges]
    body += [part for column in columns for stop in column for part in _card(stop, *place[stop.id])]
    return "\n".join([*body, "</svg>", ""])


def _columns(flow: Flow) -> list[list[Stop]]:
    """Return the stops by how late one can come to them; endings and what nobody can reach come last."""
    leads = {
        stop.id: list(dict.fromkeys(to for way in stop.ways for to in way.leads)) for stop in flow.scenes
    }
    far = {flow.start: 0}
    for name, backward in _forward(leads, flow.start):
        for to in leads[name]:
            if to in leads and to not in backward:
                far[to] = max(far.get(to, 0), far[name] + 1)
    last = max(far.values()) + 1
    columns: list[list[Stop]] = [[] for _n in range(last + 1)]
    for stop in flow.scenes:
        columns[far.get(stop.id, last)].append(stop)
    columns[last] += flow.endings
    return columns


def _forward(leads: Mapping[str, list[str]], start: str) -> list[tuple[str, set[str]]]:
    """Return (scene, the scenes it leads back to), each scene before those it leads on to."""
    found: list[tuple[str, set[str]]] = []
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        above = (*above, name)
        for to in leads[name]:
            if to in leads and to not in done and to not in above:
                visit(to, above)
        done.add(name)
        found.append((name, {to for to in leads[name] if to in above}))

    visit(start, ())
    return found[::-1]


def _tall(stop: Stop) -> int:
    return _HEAD + _ROW * max(1, len(stop.ways)) + 8


def _card(stop: Stop, x: int, y: int) -> list[str]:
    frame = (
        f'<rect x="{x}" y="{y}" width="{_CARD}" height="{_tall(stop)}" rx="10" fill="#fff" stroke="{_LINE}" '
        f'stroke-width="1.5"/>'
    )
    head = [
        frame,
        _text(_clipped(stop.id, 20), x + 10, y + 20, weight=650),
        _text(_counted(stop.came, stop.share), x + _CARD - 10, y + 20, colour=_SOFT, end=True),
    ]
    if not stop.ways:
        return [*head, _text(_clipped(stop.text, 32), x + 10, y + _HEAD + 16, colour=_SOFT)]
    rows = []
    for number_, way in enumerate(stop.ways):
        top = y + _HEAD + _ROW * number_
        long = round((_CARD - 20) * (way.share or 0), 1)
        rows += [
            f'<rect x="{x + 10}" y="{top}" width="{long}" height="{_ROW - 4}" rx="4" fill="{_WASH}"/>',
            _text(f"{way.letter}  {_clipped(way.text, 22)}", x + 16, top + 16),
            _text(_counted(way.taken, way.share), x + _CARD - 14, top + 16, end=True),
        ]
    return head + rows


class _Edge(NamedTuple):
    """A line from a way to the place it led to; `lane` is 0 where it runs straight to the next column."""

    ends: tuple[float, float, float, float]
    times: Number
    lane: int


def _edges(flow: Flow, place: Mapping[str, tuple[int, int]]) -> list[_Edge]:
    found: list[_Edge] = []
    lanes = 0
    for stop in flow.scenes:
        x, y = place[stop.id]
        for row, way in enumerate(stop.ways):
            for to, times in way.leads.items():
                if to not in place:
                    continue
                far = place[to][0] - x != _CARD + _GAP
                lanes += far
                ends = (x + _CARD, y + _HEAD + _ROW * (row + 0.5) - 2, place[to][0], place[to][1] + 15)
                found.append(_Edge(ends, times, lanes if far else 0))
    return found


def _line_of(edge: _Edge, floor: int, whole: Number) -> str:
    """Draw a line; one that passes other columns runs below all cards."""
    x1, y1, x2, y2 = edge.ends
    near, low = _GAP / 2, floor + _LANE * edge.lane
    if edge.lane:
        path = (
            f"M{x1:g} {y1:g}C{x1 + near:g} {y1:g} {x1:g} {low:g} {x1 + near:g} {low:g}"
            f"H{x2 - near:g}C{x2:g} {low:g} {x2 - near:g} {y2:g} {x2:g} {y2:g}"
        )
    else:
        path = f"M{x1:g} {y1:g}C{x1 + near:g} {y1:g} {x2 - near:g} {y2:g} {x2:g} {y2:g}"
    gone = f'stroke="{_BRAND}" stroke-opacity="0.75"'
    empty = f'stroke="{_LINE}" stroke-opacity="0.45" stroke-dasharray="3 4"'
    wide = 1 + 7 * (share_of(edge.times, whole) or 0)
    return f'<path d="{path}" fill="none" {gone if edge.times else empty} stroke-width="{wide:.1f}"/>'


def _counted(counted: Number, share: float | None) -> str:
    return many(counted) if share is None else f"{many(counted)} ({percent(share)})"


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(
    words: str,
    x: float,
    y: float,
    *,
    size: int = 13,
    weight: int = 400,
    colour: str = _INK,
    end: bool = False,
) -> str:
    heavy = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004  (the default weight)
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}"{heavy}{anchor} fill="{colour}">{escape(words)}</text>'
    )
