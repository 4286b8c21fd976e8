"""The tables beside acts and regimes: sanctions, crimes, handling, calendars, statistics, coverage.

    data/sanctions.yaml      SanctionTable   which prohibition bears which level, and for whom
    data/crimes.yaml         CrimeTable      the crimes of the election laws, penalties through time
    data/handling.yaml       Handling        who handles a report, steps and time limits
    data/calendars/*.yaml    Calendar        the stages of a poll
    data/statistics/*.csv    Statistic       one number as somebody told it, a line each
    data/coverage.yaml       Coverage        which rows of the law were gone through

Pure. No table decides an answer of `rules`; that each source and act named here exists, `check` sees to.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from .model import Period, Slug, Text, Value, last_day
from .terms import Citation, Confidence, Level, Poll, Stage

Reference = Annotated[str, StringConstraints(pattern=r"^S\d+[a-z]?$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Unit = Literal[
    "orang", "kasus", "laporan", "temuan", "temuan_dan_laporan", "rekomendasi", "berkas", "persen", "indeks",
    "daerah",
]  # fmt: skip
Funnel = Literal[
    "diduga", "dilaporkan", "diteruskan", "dihentikan", "terbukti", "tidak_terbukti", "tidak_lengkap",
    "direkomendasikan", "dijatuhi_sanksi", "belum_ditindaklanjuti", "dalam_proses", "diblokir", "dibuka",
    "survei", "rawan",
]  # fmt: skip
"""Where on the way from report to sanction a number stands; numbers of two places are never one."""


class Prohibition(Value):
    """A prohibition of a discipline code and the level its own articles attach; None: they name none."""

    id: Slug
    code: Slug
    article: Text
    text: Text
    level: Level | None
    sanction: Text | None
    confidence: Confidence = "strong"
    acts: tuple[Slug, ...] = ()
    caveats: tuple[Text, ...] = ()


class Change(Value):
    """What a newer code changed, in words to teach from."""

    id: Slug
    text: Text
    before: Text
    after: Text
    confidence: Confidence = "derived"
    caveats: tuple[Text, ...] = ()


class Comparison(Value):
    """One topic, for a PNS and for a PPPK."""

    id: Slug
    topic: Text
    pns: Text
    pppk: Text
    confidence: Confidence
    basis: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()


class SanctionTable(Value):
    """Which prohibition bears which level, and for whom (`data/sanctions.yaml`)."""

    format_version: Literal[1] = 1
    prohibitions: tuple[Prohibition, ...] = ()
    changes: tuple[Change, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


class Penalty(Period):
    """What a crime of these days is threatened with; what no source told is None and said in `caveats`.

    `joined` tells how deprivation and fine go together; amounts are rupiah.
    """

    deprivation: Literal["penjara", "kurungan"] | None
    shortest: Text | None = None
    longest: Text | None = None
    joined: Literal["dan", "dan/atau"] | None = None
    fine_least: int | None = None
    fine_most: int | None = None
    category: Literal["II", "III"] | None = None
    basis: tuple[Citation, ...] = ()
    confidence: Confidence
    fine_confidence: Confidence | None = None
    caveats: tuple[Text, ...] = ()


class Crime(Value):
    """A crime of the election laws, its doer and its penalties through time."""

    id: Slug
    poll: Poll
    source: Slug
    article: Text
    doer: Text
    asn: bool
    text: Text
    confidence: Confidence
    acts: tuple[Slug, ...] = ()
    references: tuple[Reference, ...] = ()
    penalties: tuple[Penalty, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _penalties_in_order(self) -> Self:
        for before, after in zip(self.penalties, self.penalties[1:], strict=False):
            if before.last is None or after.first <= before.last:
                raise ValueError(
                    f"ancaman mulai {after.start} menimpa ancaman sebelumnya ({before.end}). "
                    "Akhiri yang lama sehari sebelumnya."
                )
        return self

    def on(self, day: date) -> Penalty | None:
        """Return the penalty for an act of `day`, None where none is known."""
        return next((penalty for penalty in self.penalties if penalty.covers(day)), None)


class CrimeTable(Value):
    """The crimes that touch neutrality (`data/crimes.yaml`)."""

    format_version: Literal[1]
    crimes: tuple[Crime, ...]


class Point(Value):
    """One rule, step or remark with what it rests on; `limit` is its time limit as written."""

    id: Slug
    text: Text
    who: Text | None = None
    limit: Text | None = None
    poll: Poll | None = None
    confidence: Confidence
    basis: tuple[Citation, ...] = ()
    references: tuple[Reference, ...] = ()
    caveats: tuple[Text, ...] = ()


class Flow(Period):
    """The way of a report during a period."""

    id: Slug
    title: Text
    steps: tuple[Point, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()


class Handling(Value):
    """How reports are handled: ways, time limits, procedure, roles and protection (`data/handling.yaml`)."""

    format_version: Literal[1] = 1
    flows: tuple[Flow, ...] = ()
    limits: tuple[Point, ...] = ()
    procedure: tuple[Point, ...] = ()
    transition: tuple[Point, ...] = ()
    roles: tuple[Point, ...] = ()
    protection: tuple[Point, ...] = ()
    ruling: tuple[Point, ...] = ()

    def points(self) -> tuple[Point, ...]:
        """Return every rule, step and remark of the file."""
        steps = tuple(step for flow in self.flows for step in flow.steps)
        return (*steps, *self.limits, *self.procedure, *self.transition, *self.roles, *self.protection,
                *self.ruling)  # fmt: skip

    def on(self, day: date) -> Flow | None:
        """Return the way a report takes on `day`, None where none is known."""
        return next((flow for flow in self.flows if flow.covers(day)), None)


class CalendarStage(Period):
    """One stretch of a poll's calendar."""

    stage: Stage
    title: Text
    confidence: Confidence
    references: tuple[Reference, ...] = ()


class Calendar(Value):
    """The stages of a poll (`data/calendars/<id>.yaml`)."""

    format_version: Literal[1]
    id: Slug
    title: Text
    poll: Poll
    stages: tuple[CalendarStage, ...] = Field(min_length=1)
    caveats: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _stages_in_order(self) -> Self:
        for before, after in zip(self.stages, self.stages[1:], strict=False):
            if before.last is None or after.first <= before.last:
                raise ValueError(
                    f"tahapan mulai {after.start} menimpa tahapan sebelumnya ({before.end}). "
                    "Betulkan tanggalnya."
                )
        return self

    def on(self, day: date) -> CalendarStage | None:
        """Return the stage that holds `day`, None outside the calendar."""
        return next((stage for stage in self.stages if stage.covers(day)), None)


class Statistic(Value):
    """One number as somebody told it, a line of `data/statistics/<name>.csv`; never added up across units.

    `as_of` may be a year or a month where the day is not known.
    """

    id: Slug
    figure: Text
    value: float
    unit: Unit
    stage: Funnel
    poll: Slug
    as_of: str
    speaker: Text
    source: Slug
    confidence: Confidence
    note: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _number(cls, written: Any) -> float:
        try:
            return float(written)
        except (TypeError, ValueError):
            raise ValueError(f"value '{written}' bukan bilangan. Tulis angka dengan titik desimal.") from None

    @field_validator("as_of")
    @classmethod
    def _day(cls, written: str) -> str:
        try:
            last_day(written)
        except ValueError:
            raise ValueError(f"as_of '{written}' bukan YYYY, YYYY-MM, atau YYYY-MM-DD.") from None
        return written


class CoverageRow(Value):
    """A row of the law that was gone through: in which files it stands, or why in none."""

    id: Slug
    files: tuple[Text, ...] = ()
    left_out: Text | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.files) == bool(self.left_out):
            raise ValueError(f"baris {self.id}: isi 'files' atau 'left_out', tepat salah satu.")
        return self


class CoverageGroup(Value):
    """Rows of one origin."""

    title: Text
    rows: tuple[CoverageRow, ...] = Field(min_length=1)


class Coverage(Value):
    """What was gone through (`data/coverage.yaml`)."""

    format_version: Literal[1]
    groups: tuple[CoverageGroup, ...]

    def rows(self) -> tuple[CoverageRow, ...]:
        """Return every row."""
        return tuple(row for group in self.groups for row in group.rows)
