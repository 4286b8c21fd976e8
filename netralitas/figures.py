"""Figures: what `data/figures.yaml` asks for, filled in from the law's own tables.

    data/figures.yaml ──► Bars · Funnel · Timeline · Steps · Tree ──plot(figure, law)──► Plot
                                                          ┌──────────────┼──────────────┐
                                                  drawing.svg          table        alternative
                                                          │
                                        data/figures/<id>.svg   (`netralitas figures`, committed)

Pure but for `write`, which the command line calls. No number stands in a figure that is not in a statistic,
no day that is not in a calendar, no step that is not in the handling table; a tree is ours, and cites what it
rests on. A picture, its text alternative and its table come from one `Plot`, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .i18n import _, day, number
from .law import Law
from .model import Slug, Text, Value
from .scenes import Tone
from .tables import CalendarStage, Statistic
from .terms import Stage


class Shown(Value):
    """A statistic or a step of handling by its id, with shorter words where its own are too long."""

    row: Slug
    label: Text | None = None


class _Figure(Value):
    id: Slug
    title: Text
    note: Text | None = None


class Bars(_Figure):
    """Numbers of one statement side by side, the greatest first; `column` heads their names."""

    kind: Literal["bars"]
    column: Text
    rows: tuple[Shown, ...] = Field(min_length=2)


class Funnel(_Figure):
    """How many of one statement are left at each step, in the order given."""

    kind: Literal["funnel"]
    column: Text
    rows: tuple[Shown, ...] = Field(min_length=2)


class Band(Value):
    """What the stages are called together up to and with `until`."""

    title: Text
    until: Stage


class Timeline(_Figure):
    """The stages of a poll, in bands."""

    kind: Literal["timeline"]
    calendar: Slug
    bands: tuple[Band, ...] = Field(min_length=1)


class Steps(_Figure):
    """Steps of handling, who does what."""

    kind: Literal["steps"]
    rows: tuple[Shown, ...] = Field(min_length=2)


class Turn(Value):
    """A question whose one answer ends the way, while the other leads to the next."""

    ask: Text
    answer: Text
    then: Text
    otherwise: Text
    tone: Tone | None = None


class Tree(_Figure):
    """Questions in a row, each with a way out; `sources` are what the answers rest on."""

    kind: Literal["tree"]
    turns: tuple[Turn, ...] = Field(min_length=1, max_length=5)
    last: Text
    tone: Tone | None = None
    sources: tuple[Slug, ...] = Field(min_length=1)


Figure = Annotated[Bars | Funnel | Timeline | Steps | Tree, Field(discriminator="kind")]


class Figures(Value):
    """The figures there are (`data/figures.yaml`)."""

    format_version: Literal[1]
    figures: tuple[Figure, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        names = [one.id for one in self.figures]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"gambar '{name}' ada dua kali. Beri tiap gambar id sendiri.")
        return self

    def figure(self, name: str) -> Figure:
        """Return the figure of that id. Raises KeyError."""
        for one in self.figures:
            if one.id == name:
                return one
        raise KeyError(name)


class Line(Value):
    """One line of a plot: its name, its number or text, its share of the greatest, what it belongs to.

    `mark` is the band of a stage, the time limit of a step, or the way on from a question; `tone` how apt an
    answer is, where it is a question of that.
    """

    label: str
    told: str
    share: float = 0
    mark: str = ""
    tone: Tone | None = None


class Plot(Value):
    """What is drawn, read out and shown as a table."""

    id: str
    kind: Literal["bars", "funnel", "timeline", "steps", "tree"]
    title: str
    head: tuple[str, str]
    lines: tuple[Line, ...]
    caption: str


def plot(figure: Figure, law: Law) -> Plot:
    """Return a figure filled in. Raises KeyError with what it names and the law does not have."""
    if isinstance(figure, Bars | Funnel):
        head, lines, caption = (figure.column, _("Jumlah")), *_counted(figure, law)
    elif isinstance(figure, Timeline):
        head, lines, caption = (_("Tahapan"), _("Waktu")), tuple(_staged(figure, law)), figure.note or ""
    elif isinstance(figure, Steps):
        head, lines, caption = (_("Siapa"), _("Langkah")), tuple(_stepped(figure, law)), figure.note or ""
    else:
        head, lines, caption = (_("Pertanyaan"), _("Jawaban")), tuple(_turned(figure)), _rests(figure, law)
    return Plot(id=figure.id, kind=figure.kind, title=figure.title, head=head, lines=lines, caption=caption)


def table(drawn: Plot) -> list[list[str]]:
    """Return a plot as a table, head first: for the page below the picture."""
    return [[*drawn.head], *([line.label, _cell(line)] for line in drawn.lines)]


def alternative(drawn: Plot) -> str:
    """Return one text that says what the picture shows, its limits and its source."""
    told = "; ".join(_spoken(line.label, _cell(line)) for line in drawn.lines)
    return f"{told.removesuffix('.')}. {drawn.caption}".strip()


def _spoken(label: str, said: str) -> str:
    """Join them as they are read aloud: a question needs no colon, a last leaf of a tree has no label."""
    return f"{label}{' ' if label.endswith('?') else ': '}{said}" if label else said


def faults(figure: Figure, law: Law) -> Iterator[str]:
    """Say what is wrong between a figure and the tables it is filled in from."""
    try:
        plot(figure, law)
    except KeyError as error:
        yield _("'{name}' tidak ada di data. Betulkan id-nya.").format(name=error.args[0])
        return
    if isinstance(figure, Bars | Funnel):
        rows = [_statistic(law, one.row) for one in figure.rows]
        if len({(row.unit, row.as_of, row.speaker) for row in rows}) > 1:
            yield _(
                "angkanya berbeda satuan, hari, atau penutur; yang begitu tidak boleh dibandingkan. "
                "Pakai angka dari satu pernyataan."
            )
    if isinstance(figure, Funnel):
        values = [_statistic(law, one.row).value for one in figure.rows]
        if values != sorted(values, reverse=True):
            yield _("angka corong naik di tengah. Urutkan dari yang terbanyak.")
    if isinstance(figure, Timeline):
        stages = [one.stage for one in law.calendars[figure.calendar].stages]
        ends = [stages.index(band.until) if band.until in stages else -1 for band in figure.bands]
        if ends != sorted(set(ends)) or ends[0] < 0 or ends[-1] != len(stages) - 1:
            yield _("'bands' tidak menutup semua tahapan menurut urutannya. Betulkan 'until'.")


def write(place: Path, figures: Figures, law: Law, *, check: bool) -> list[str]:
    """Draw every figure into `data/figures/`; return the paths that were not as drawn, or have no figure.

    With `check` nothing is written or removed, so that an empty list means: no drift.
    """
    from .drawing import svg  # noqa: PLC0415  (a learner's kernel shows pictures and draws none)

    folder = place / "data" / "figures"
    wanted = {f"{one.id}.svg": svg(plot(one, law)).encode() for one in figures.figures}
    stale: list[str] = []
    for name in sorted({path.name for path in folder.glob("*.svg")} | wanted.keys()):
        path, drawn = folder / name, wanted.get(name)
        if drawn is not None and path.is_file() and path.read_bytes() == drawn:
            continue
        stale.append(f"data/figures/{name}")
        if check:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        if drawn is None:
            path.unlink()
        else:
            path.write_bytes(drawn)
    return stale


def _cell(line: Line) -> str:
    return f"{line.told} ({line.mark})" if line.mark else line.told


def _statistic(law: Law, name: str) -> Statistic:
    for row in law.statistics:
        if row.id == name:
            return row
    raise KeyError(name)


def _counted(figure: Bars | Funnel, law: Law) -> tuple[tuple[Line, ...], str]:
    """Return the lines of a statement and what is to be known of it."""
    rows = [(one, _statistic(law, one.row)) for one in figure.rows]
    if isinstance(figure, Bars):
        rows.sort(key=lambda pair: pair[1].value, reverse=True)
    most = max(row.value for _one, row in rows)
    lines = tuple(
        Line(label=one.label or row.figure, told=_amount(row), share=row.value / most) for one, row in rows
    )
    first = rows[0][1]
    told = [figure.note] if figure.note else []
    told.append(
        _("Sumber: {speaker}, disampaikan {day}.").format(speaker=first.speaker, day=_on(first.as_of))
    )
    if any(row.confidence != "strong" for _one, row in rows):
        told.append(_("Rinciannya baru terbaca pada satu sumber."))
    return lines, " ".join(told)


_UNITS: Mapping[str, str] = {"persen": "%"}


def _amount(row: Statistic) -> str:
    return f"{number(row.value)} {_UNITS.get(row.unit, row.unit.replace('_', ' '))}"


def _on(as_of: str) -> str:
    """Return a day in words; a year or a month as it is written."""
    try:
        return day(date.fromisoformat(as_of))
    except ValueError:
        return as_of


def _staged(figure: Timeline, law: Law) -> Iterator[Line]:
    bands = iter(figure.bands)
    band = next(bands)
    for stage in law.calendars[figure.calendar].stages:
        yield Line(label=stage.title, told=_between(stage), mark=band.title)
        if stage.stage == band.until:
            band = next(bands, band)


def _between(stage: CalendarStage) -> str:
    """Return a stretch of days as people write it: «27–29 Agustus 2024»."""
    first, last = stage.first, stage.last
    if last is None or first == last:
        return day(first)
    begun = day(first).split()
    same = 2 if (first.year, first.month) == (last.year, last.month) else int(first.year == last.year)
    return f"{' '.join(begun[: len(begun) - same])}{'–' if same > 1 else ' – '}{day(last)}"


def _stepped(figure: Steps, law: Law) -> Iterator[Line]:
    points = {point.id: point for point in law.handling.points()}
    for one in figure.rows:
        point = points[one.row]
        yield Line(label=point.who or "", told=one.label or point.text, mark=point.limit or "")


def _turned(figure: Tree) -> Iterator[Line]:
    for turn in figure.turns:
        yield Line(label=turn.ask, told=f"{turn.answer}: {turn.then}", mark=turn.otherwise, tone=turn.tone)
    yield Line(label="", told=figure.last, tone=figure.tone)


def _rests(figure: Tree, law: Law) -> str:
    named = ", ".join(law.sources[name].name for name in figure.sources)
    rests = _("Dasar: {named}.").format(named=named)
    return f"{figure.note} {rests}" if figure.note else rests
