"""Drawing: a figure's `Plot` becomes a small SVG a phone shows at its natural size.

    Plot ──svg──► title, lines by kind, caption

Pure. Colours are CSS variables with fallbacks, so that the page's dark mode reaches into the picture; what
colour says stands beside it in words or a sign. Text is broken here, because SVG breaks none.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from html import escape
from itertools import pairwise
from typing import NamedTuple

from .figures import Line, Plot, alternative
from .scenes import Tone

WIDTH = 328
"""Units across: a phone of 360 px less its margins, so that one unit is one pixel there."""

_WIDE = 7.6
"""Units a letter of 14 takes at most, on average."""

_INK, _SOFT, _BRAND, _EDGE = "--ink, #211f2c", "--soft, #5d5a70", "--brand, #4b4587", "--edge, #8d889c"
_WASH = "--wash, #eeecf6"
_TONES: Mapping[Tone, tuple[str, str, str]] = {
    "tepat": ("--good, #1f6846", "--good-wash, #e8f3ed", "✓"),
    "sebagian": ("--warn, #825500", "--warn-wash, #faf1de", "!"),
    "belum": ("--bad, #963030", "--bad-wash, #f9ebea", "✕"),
}


class _Drawn(NamedTuple):
    """Elements, and the height they end at."""

    body: list[str]
    y: float


def svg(plot: Plot) -> str:
    """Return the picture as SVG text."""
    title = textwrap.wrap(plot.title, 38)
    body = [_text(line, 0, 18 + 20 * i, size=16, heavy=True) for i, line in enumerate(title)]
    drawn = _KINDS[plot.kind](plot, 18 + 20 * len(title) + 12)
    caption = _wrapped(plot.caption, 0, drawn.y + 4, size=13, colour=_SOFT)
    height = caption.y - 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="100%" role="img"'
        f' aria-labelledby="{plot.id}-judul {plot.id}-uraian" font-family="system-ui, Noto Sans, sans-serif">'
    )
    spoken = (
        f'<title id="{plot.id}-judul">{escape(plot.title)}</title>',
        f'<desc id="{plot.id}-uraian">{escape(alternative(plot))}</desc>',
    )
    return "\n".join([head, *spoken, *body, *drawn.body, *caption.body, "</svg>", ""])


def _bars(plot: Plot, y: float) -> _Drawn:
    body: list[str] = []
    room = WIDTH - 16 - max(len(line.told) for line in plot.lines) * 8
    for line in plot.lines:
        named = _wrapped(line.label, 0, y, size=14)
        length = round(room * line.share, 1)
        top = named.y - 11
        body += [
            *named.body,
            _box(0, top, length, 16, _BRAND, round_=4),
            _text(line.told, length + 8, top + 13, size=14, heavy=True),
        ]
        y = top + 39
    return _Drawn(body, y)


def _funnel(plot: Plot, y: float) -> _Drawn:
    body: list[str] = []
    edges: list[tuple[float, float, float]] = []
    for line in plot.lines:
        named = _wrapped(line.label, 0, y, size=14)
        width = round(WIDTH * line.share, 1)
        top = named.y - 9
        left = round((WIDTH - width) / 2, 1)
        edges.append((left, top, width))
        body += [
            *named.body,
            _box(left, top, width, 26, _BRAND, round_=4),
            _text(
                line.told, WIDTH / 2, top + 18, size=14, heavy=True, colour="--brand-ink, #fff", middle=True
            ),
        ]
        y = top + 48
    between = [
        f'<path d="M{a:g} {t + 26:g}h{w:g}L{b + v:g} {u:g}H{b:g}Z" fill="var({_WASH})"/>'
        for (a, t, w), (b, u, v) in pairwise(edges)
    ]
    return _Drawn([*between, *body], y)


def _timeline(plot: Plot, y: float) -> _Drawn:
    body: list[str] = []
    bands = list(dict.fromkeys(line.mark for line in plot.lines))
    colours = (_EDGE, _BRAND, "--good, #1f6846", "--warn, #825500")
    for number, band in enumerate(bands):
        colour = colours[number % len(colours)]
        body.append(_text(band, 0, y, size=14, heavy=True, colour=colour if number else _SOFT))
        top = y + 8
        y += 24
        for line in (one for one in plot.lines if one.mark == band):
            body.append(f'<circle cx="5" cy="{y - 4:g}" r="5" fill="var({colour})"/>')
            named = _wrapped(line.label, 22, y, size=14)
            body += [*named.body, _text(line.told, 22, named.y - 1, size=13, colour=_SOFT)]
            y = named.y + 24
        body.insert(len(body), _box(4, top, 2, y - top - 24, colour))
        y += 4
    return _Drawn(body, y)


def _steps(plot: Plot, y: float) -> _Drawn:
    body: list[str] = []
    for place, line in enumerate(plot.lines, start=1):
        top = y - 5
        who = _wrapped(line.label, 34, y, size=14, heavy=True)
        what = _wrapped(line.told, 34, who.y, size=14)
        limit = _wrapped(f"◷ {line.mark}", 34, what.y, size=13, colour=_BRAND) if line.mark else what
        if place < len(plot.lines):
            body.append(_box(11, top + 12, 2, limit.y - y - 2, _EDGE))
        body += [
            f'<circle cx="12" cy="{top:g}" r="12" fill="var({_BRAND})"/>',
            _text(str(place), 12, top + 5, size=13, heavy=True, colour="--brand-ink, #fff", middle=True),
            *who.body, *what.body, *(limit.body if line.mark else []),
        ]  # fmt: skip
        y = limit.y + 12
    return _Drawn(body, y - 4)


def _tree(plot: Plot, y: float) -> _Drawn:
    body: list[str] = []
    *turns, last = plot.lines
    for turn in turns:
        asked = _card(turn.label, 0, y - 14, WIDTH, fill=_WASH, edge=_BRAND, heavy=True)
        out = _answer(turn, 40, asked.y + 10, WIDTH - 40)
        body += [
            _path(f"M24 {asked.y:g}V{out.y + 26:g}", arrow=True),
            _path(f"M24 {asked.y + 26:g}H38"),
            *asked.body, *out.body,
            _text(turn.mark, 34, out.y + 20, size=14, heavy=True, colour=_SOFT),
        ]  # fmt: skip
        y = out.y + 46
    end = _answer(last, 0, y - 14, WIDTH)
    return _Drawn([*body, *end.body], end.y + 20)


def _answer(line: Line, x: float, y: float, width: float) -> _Drawn:
    """Draw an answer as a card, in the colour and with the sign of its tone if it has one."""
    if line.tone is None:
        return _card(line.told, x, y, width, fill="--card, #ffffff", edge=_EDGE)
    ink, wash, sign = _TONES[line.tone]
    return _card(f"{sign} {line.told}", x, y, width, fill=wash, edge=ink)


def _card(
    words: str, x: float, y: float, width: float, *, fill: str, edge: str, heavy: bool = False
) -> _Drawn:
    inside = _wrapped(words, x + 12, y + 22, size=14, heavy=heavy, width=width - 24)
    height = inside.y - y - 6
    card = (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="10" fill="var({fill})"'
        f' stroke="var({edge})"/>'
    )
    return _Drawn([card, *inside.body], y + height)


def _path(way: str, *, arrow: bool = False) -> str:
    body = f'<path d="{way}" fill="none" stroke="var({_EDGE})" stroke-width="2"/>'
    if not arrow:
        return body
    tip = float(way.rsplit("V", 1)[1])
    return f'{body}<path d="M18 {tip - 2:g}h12l-6 8Z" fill="var({_EDGE})"/>'


def _box(x: float, y: float, width: float, height: float, colour: str, *, round_: int = 0) -> str:
    corner = f' rx="{round_}"' if round_ else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{corner} fill="var({colour})"/>'


def _wrapped(
    words: str, x: float, y: float, *, size: int, heavy: bool = False, colour: str = _INK, width: float = 0
) -> _Drawn:
    """Draw text in as many lines as it takes; `y` is the first line's, and that of a line after the last."""
    letters = int((width or WIDTH - x) / (_WIDE * size / 14 * (1.06 if heavy else 1)))
    body = []
    for line in textwrap.wrap(words, letters):
        body.append(_text(line, x, y, size=size, heavy=heavy, colour=colour))
        y += size + 5
    return _Drawn(body, y)


def _text(
    words: str,
    x: float,
    y: float,
    *,
    size: int,
    heavy: bool = False,
    colour: str = _INK,
    middle: bool = False,
) -> str:
    weight = ' font-weight="650"' if heavy else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}"{weight}{anchor} fill="var({colour})">'
        f"{escape(words)}</text>"
    )


_KINDS: Mapping[str, Callable[[Plot, float], _Drawn]] = {
    "bars": _bars,
    "funnel": _funnel,
    "timeline": _timeline,
    "steps": _steps,
    "tree": _tree,
}
