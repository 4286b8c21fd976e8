"""Which ways learners take through a story: counts and shares, as lines for a terminal and as a picture.

Pure. Names nobody: learners are only counted. Every decision is an event with its order, so the ways are
counted as they were gone, whatever the story says today.

    events of a scenario ──count──► Flow ──lines──► terminal
                                      └───draw───► SVG with its own text alternative
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from .i18n import _, number
from .model import Value
from .record import Event
from .scenarios import Scenario
from .scenes import RateScene, ScenarioChoice


class Way(Value):
    """A choice, or the outcome of a rating: how often it was taken, and where it led how often.

    `leads` holds every place it can lead to; `sure_wrong` counts who took it wrongly and was sure.
    """

    letter: str
    text: str
    taken: int
    share: float
    leads: dict[str, int]
    sure_wrong: int


class Stop(Value):
    """A scene or ending: how many runs came here, and the ways from here (an ending has none)."""

    id: str
    text: str
    came: int
    share: float
    ways: tuple[Way, ...] = ()

    @property
    def left(self) -> int:
        """How many runs stand here without a decision."""
        # A run that had to begin again decides where nobody came anew.
        return max(0, self.came - sum(way.taken for way in self.ways))


class Flow(Value):
    """A story as it was gone. `gone` counts decisions the story of today no longer knows."""

    story: str
    title: str
    start: str
    learners: int
    runs: int
    ended: int
    scenes: tuple[Stop, ...]
    endings: tuple[Stop, ...]
    gone: int


def count(scenario: Scenario, events: Iterable[Event], *, first: bool = False) -> Flow:
    """Return the ways gone in a scenario; with `first` only in each learner's first run."""
    came: Counter[str] = Counter()
    led: Counter[tuple[str, str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    learners: set[str] = set()
    runs = 0
    for event in events:
        if event.root != scenario.root or (first and event.attempt > 1):
            continue
        if event.verb == "opened":
            learners.add(event.learner)
            runs += 1
            came[scenario.start] += 1
        elif event.verb in {"chose", "rated"}:
            result, scene = event.result, event.object.rsplit("/", 1)[-1]
            came[str(result["place"])] += 1
            led[scene, str(result["choice"]), str(result["place"])] += 1
            if (result.get("certainty"), result.get("tone")) == ("yakin", "belum"):
                wrong[scene, str(result["choice"])] += 1
    scenes = tuple(
        _stop(scenario, name, came, led, wrong) for name in (scene.id for scene in scenario.scenes)
    )
    endings = tuple(
        Stop(id=one.id, text=one.title, came=came[one.id], share=_share(came[one.id], runs))
        for one in scenario.endings
    )
    known = sum(way.taken for stop in scenes for way in stop.ways)
    return Flow(
        story=scenario.id, title=scenario.title, start=scenario.start, learners=len(learners), runs=runs,
        ended=sum(stop.came for stop in endings), scenes=scenes, endings=endings, gone=led.total() - known,
    )  # fmt: skip


def _stop(
    scenario: Scenario,
    name: str,
    came: Counter[str],
    led: Counter[tuple[str, str, str]],
    wrong: Counter[tuple[str, str]],
) -> Stop:
    scene = next(scene for scene in scenario.scenes if scene.id == name)
    taken: Counter[str] = Counter()
    for (place, letter, _to), times in led.items():
        if place == name:
            taken[letter] += times
    all_taken = sum(taken[move.id] for move in scene.moves)
    ways = []
    for move in scene.moves:
        leads = {branch.to: 0 for branch in move.branches}
        leads |= {
            to: times for (place, letter, to), times in led.items() if (place, letter) == (name, move.id)
        }
        ways.append(
            Way(
                letter=move.id,
                text=move.text if isinstance(move, ScenarioChoice) else _outcome(scene, move.id),
                taken=taken[move.id],
                share=_share(taken[move.id], all_taken),
                leads=leads,
                sure_wrong=wrong[name, move.id],
            )
        )
    runs = came[scenario.start]
    return Stop(
        id=name, text=scene.question, came=came[name], share=_share(came[name], runs), ways=tuple(ways)
    )


def _outcome(scene: object, letter: str) -> str:
    outcomes = scene.outcomes if isinstance(scene, RateScene) else ()
    least = next(one.at_least for one in outcomes if one.id == letter)
    return _("nilai paling sedikit {least}").format(least=number(least))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _percent(share: float) -> str:
    return f"{number(round(100 * share))} %"


def lines(flow: Flow) -> list[str]:
    """Return the flow as lines for a terminal."""
    head = _("{title} ({id}): {learners} pembelajar, {runs} kali dijalani, {ended} sampai penutup")
    found = [
        head.format(title=flow.title, id=flow.story, learners=flow.learners, runs=flow.runs, ended=flow.ended)
    ]
    for stop in flow.scenes:
        found += ["", f"{stop.id} · {stop.text}", _("  didatangi {n}, berhenti di sini {left}").format(
            n=stop.came, left=stop.left)]  # fmt: skip
        found += [_line(way) for way in stop.ways]
    found += ["", _("Penutup")]
    found += [f"  {_bar(stop.share)} {stop.came:>5} {_percent(stop.share):>6}  {stop.id} · {stop.text}"
              for stop in flow.endings]  # fmt: skip
    if flow.gone:
        found += ["", _("{n} keputusan menyebut pilihan yang sudah tidak ada.").format(n=flow.gone)]
    return found


def _line(way: Way) -> str:
    to = ", ".join(f"{place} {times}" if len(way.leads) > 1 else place for place, times in way.leads.items())
    sure = _(" · yakin tetapi belum tepat: {n}").format(n=way.sure_wrong) if way.sure_wrong else ""
    return (
        f"  {_bar(way.share)} {way.taken:>5} {_percent(way.share):>6}  {way.letter} → {to} · {way.text}{sure}"
    )


def _bar(share: float) -> str:
    return ("█" * round(10 * share)).ljust(10, "·")


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
        learners=flow.learners, runs=flow.runs, ended=flow.ended
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
    body += [_line_of(edge, floor, flow.runs) for edge in edges]
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
        _text(f"{stop.came} ({_percent(stop.share)})", x + _CARD - 10, y + 20, colour=_SOFT, end=True),
    ]
    if not stop.ways:
        return [*head, _text(_clipped(stop.text, 32), x + 10, y + _HEAD + 16, colour=_SOFT)]
    rows = []
    for number_, way in enumerate(stop.ways):
        top = y + _HEAD + _ROW * number_
        long = round((_CARD - 20) * way.share, 1)
        rows += [
            f'<rect x="{x + 10}" y="{top}" width="{long}" height="{_ROW - 4}" rx="4" fill="{_WASH}"/>',
            _text(f"{way.letter}  {_clipped(way.text, 22)}", x + 16, top + 16),
            _text(f"{way.taken} ({_percent(way.share)})", x + _CARD - 14, top + 16, end=True),
        ]
    return head + rows


class _Edge(NamedTuple):
    """A line from a way to the place it led to; `lane` is 0 where it runs straight to the next column."""

    ends: tuple[float, float, float, float]
    times: int
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


def _line_of(edge: _Edge, floor: int, runs: int) -> str:
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
    wide = 1 + 7 * _share(edge.times, runs)
    return f'<path d="{path}" fill="none" {gone if edge.times else empty} stroke-width="{wide:.1f}"/>'


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
