"""Plots of the dashboards as SVG: natural size on a phone, readable in the dark, in print, without colours.

Pure. Colours are the page's CSS variables with fallbacks; what a colour says is said by a pattern or by words
too. Each plot has a title and a description; its table stands below it on the page (`grid`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from netralitas.i18n import _, number

WIDTH = 328
"""Units across: a phone of 360 px less its margins."""

_INK, _SOFT, _BRAND = "var(--ink, #211f2c)", "var(--soft, #5d5a70)", "var(--brand, #4b4587)"
_WARN = "var(--warn, #825500)"
_EDGE, _LINE, _CARD = "var(--edge, #8d889c)", "var(--line, #e3ded6)", "var(--card, #fff)"


_NAME, _LINE_HIGH = 40.0, 15.0


class Point(NamedTuple):
    """One point of a line: what stands below it, its height 0–1 (None: hidden), and that in words."""

    label: str
    share: float | None
    told: str


class Bar(NamedTuple):
    """A whole in parts: its name, the shares in the order of the legend, and what is said of it."""

    name: str
    shares: tuple[float, ...]
    told: str


class Dot(NamedTuple):
    """One dot of a scatter: its name, how far right (0–1), how high (−1–1), whether it needs a look."""

    name: str
    x: float
    y: float
    flagged: bool


def bar(share: float, mark: float | None = None) -> str:
    """Return a small bar for a row of a table, whose figure stands beside it; `mark` is drawn as a line."""
    line = "" if mark is None else f'<path d="M{_x(mark, 160)} 0V16" stroke="{_INK}" stroke-width="2"/>'
    return (
        '<svg class="bar-of" viewBox="0 0 160 16" width="160" height="16" aria-hidden="true">'
        f'<rect x=".5" y="2.5" width="159" height="11" rx="3" fill="none" stroke="{_EDGE}"/>'
        f'<rect x=".5" y="2.5" width="{_x(share, 159)}" height="11" rx="3" fill="{_BRAND}"/>{line}</svg>'
    )


def trend(points: Sequence[Point], *, name: str, title: str) -> str:
    """Return a line over time, 0 to 100 %; first and last value are written out, hidden points are gaps."""
    left, right, top, bottom = 40.0, WIDTH - 22.0, 14.0, 150.0
    step = (right - left) / max(1, len(points) - 1)
    at = [(left + step * i if len(points) > 1 else (left + right) / 2) for i in range(len(points))]
    body = []
    for part in (0, 0.5, 1):
        y = bottom - part * (bottom - top)
        body.append(f'<path d="M{left} {y:g}H{right:g}" stroke="{_LINE}"/>')
        body.append(_text(f"{part:.0%}".replace("%", " %"), left - 6, y + 4, anchor="end", colour=_SOFT))
    known = [
        (x, bottom - one.share * (bottom - top)) if one.share is not None else None
        for x, one in zip(at, points, strict=True)
    ]
    body.append(f'<path d="{_way(known)}" fill="none" stroke="{_BRAND}" stroke-width="2.5"/>')
    body += [f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="{_BRAND}"/>' for x, y in filter(None, known)]
    shown = [i for i, one in enumerate(known) if one is not None]
    for i in {*shown[:1], *shown[-1:]}:
        x, y = known[i] or (0, 0)
        above = y - 10 if y > top + 14 else y + 20
        anchor = "start" if i == 0 and len(points) > 1 else "end" if i == len(points) - 1 else "middle"
        body.append(_text(points[i].told, x, above, anchor=anchor, heavy=True))
    every = max(1, round(len(points) / 4))
    for i in range(len(points) - 1, -1, -every):
        anchor = "end" if i == len(points) - 1 and len(points) > 1 else "middle"
        body.append(
            _text(points[i].label, at[i] + (14 if anchor == "end" else 0), 170, anchor=anchor, colour=_SOFT)
        )
    told = "; ".join(f"{one.label}: {one.told}" for one in points)
    return _svg(body, 180, name=name, title=title, told=told)


def scatter(dots: Sequence[Dot], *, name: str, title: str) -> str:
    """Return items by how easy (right) and how telling (up) they are; a named triangle needs a look."""
    left, right, top, bottom = 46.0, WIDTH - 12.0, 14.0, 230.0
    low = min(-0.25, *(one.y for one in dots)) if dots else -0.25

    def height(value: float) -> float:
        return bottom - (value - low) / (1 - low) * (bottom - top)

    body = []
    for value in (0.0, 0.5, 1.0):
        y = height(value)
        body.append(f'<path d="M{left} {y:.1f}H{right:g}" stroke="{_LINE if value else _EDGE}"/>')
        body.append(_text(number(value), left - 6, y + 4, anchor="end", colour=_SOFT))
    for part in (0, 0.5, 1):
        x, anchor = left + part * (right - left), "end" if part == 1 else "middle" if part else "start"
        body.append(_text(f"{part:.0%}".replace("%", " %"), x, bottom + 18, anchor=anchor, colour=_SOFT))
    named: list[tuple[float, float]] = []
    for one in sorted(dots, key=lambda dot: (dot.flagged, -dot.y)):
        x, y = left + one.x * (right - left), height(one.y)
        if not one.flagged:
            body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_BRAND}"/>')
            continue
        body.append(f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14Z" fill="{_WARN}"/>')
        anchor, at = ("end", x - 10) if x > right - 40 else ("start", x + 10)
        # Names that would stand in each other go down a line.
        while any(abs(at - other) < _NAME and abs(y - above) < _LINE_HIGH for other, above in named):
            y += _LINE_HIGH
        named.append((at, y))
        body.append(_text(one.name, at, y + 4, anchor=anchor, heavy=True))
    body.append(_text(_("mudah →"), right, bottom + 36, anchor="end", colour=_SOFT))
    body.append(_text(_("↑ daya beda"), left, bottom + 36, colour=_SOFT))
    body.append(_text(_("▲ perlu dilihat"), left, bottom + 54, colour=_SOFT))
    told = "; ".join(
        _("{item}: mudah {x}, daya beda {y}").format(
            item=one.name, x=f"{one.x:.0%}".replace("%", " %"), y=number(round(one.y, 2))
        )
        for one in dots
    )
    return _svg(body, bottom + 62, name=name, title=title, told=told)


def stacked(bars: Sequence[Bar], legend: Sequence[str], *, name: str, title: str) -> str:
    """Return wholes side by side, each 100 % wide; patterns tell their parts apart as much as colours."""
    body, y = [_patterns(name)], 14.0
    for i, words in enumerate(legend):
        body += [_box(0, y - 11, 16, 13, _fill(name, i)), _text(words, 24, y)]
        y += 20
    y += 10
    for one in bars:
        for line in _wrapped(one.name):
            body.append(_text(line, 0, y, heavy=True))
            y += 17
        x = 0.0
        for i, share in enumerate(one.shares):
            width = share * (WIDTH - 1)
            if width > 0:
                body.append(_box(x, y - 10, width, 18, _fill(name, i)))
            x += width
        body.append(_text(one.told, 0, y + 24, colour=_SOFT))
        y += 50
    told = "; ".join(f"{one.name}: {one.told}" for one in bars)
    return _svg(body, y - 16, name=name, title=title, told=told)


def _fill(name: str, place: int) -> str:
    return (_BRAND, f"url(#{name}-1)", _CARD, f"url(#{name}-3)")[place]


def _patterns(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-1" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{_CARD}"/>'
        f'<rect width="2.5" height="6" fill="{_BRAND}"/></pattern>'
        f'<pattern id="{name}-3" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{_CARD}"/><circle cx="3" cy="3" r="1.5" fill="{_INK}"/></pattern>'
        "</defs>"
    )


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x + 0.5:.1f}" y="{y:g}" width="{width:.1f}" height="{height:g}" fill="{fill}" '
        f'stroke="{_BRAND}"/>'
    )


def _way(points: Sequence[tuple[float, float] | None]) -> str:
    """Return the path of a line that is interrupted where a point is None."""
    parts, pen = [], "M"
    for one in points:
        if one is None:
            pen = "M"
            continue
        parts.append(f"{pen}{one[0]:g} {one[1]:g}")
        pen = "L"
    return "".join(parts)


def _wrapped(words: str, most: int = 42) -> list[str]:
    """Return a name in lines that fit; a word longer than a line is cut with an ellipsis."""
    lines: list[str] = []
    for word in words.split():
        part = word if len(word) <= most else word[: most - 1] + "…"
        if lines and len(lines[-1]) + 1 + len(part) <= most:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return lines or [""]


def _text(
    words: str, x: float, y: float, *, anchor: str = "start", heavy: bool = False, colour: str = _INK
) -> str:
    weight = ' font-weight="650"' if heavy else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="13"{weight} text-anchor="{anchor}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def _svg(body: Sequence[str], height: float, *, name: str, title: str, told: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" width="100%" role="img" '
        f'aria-labelledby="{name}-judul {name}-uraian" font-family="system-ui, Noto Sans, sans-serif">'
        f'<title id="{name}-judul">{escape(title)}</title><desc id="{name}-uraian">{escape(told)}</desc>'
        f"{''.join(body)}</svg>"
    )


def _x(share: float, width: float) -> str:
    return f"{min(1.0, max(0.0, share)) * width:.1f}"
