"""Blind double marking: each case to two markers with gradebooks of their own, what counts into the main one.

    collect ──deal──► Hands ──run: lend──► two gradebooks ──agree──► main gradebook, kappa
                                              disputes ──► a third marker's gradebook ──┘

    <work>/.penilai/<quiz>.json      who marks whose sheet, and what was settled and how
    <work>/.penilai/<marker>/        a marker's own gradebook and journal

The folder is hidden, so that Jupyter shows it to nobody. Each step writes only what differs and may be killed
anywhere: done again, it ends in the same state.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from netralitas.model import Value
from netralitas.quizzes import Quiz

from . import gradebook
from .agreement import Said, Settled, disputed, kappa, settled
from .assignment import cases, criterion_cell
from .files import write_text
from .gradebook import Cell, CourseDir, Wanted
from .register import Entries, Entry

Trainers = Callable[[str], Collection[str]]
"""Who may mark a learner's case: learner id in, trainers' ids out."""
Standing = Mapping[str, Mapping[str, Cell]]
"""What one marker's gradebook holds: cells by learner."""


class Hands(Value):
    """Who marks a learner's cases: two, a third after a dispute; and what was settled, by grade id."""

    markers: tuple[str, ...]
    third: str = ""
    settled: Mapping[str, Settled] = Field(default_factory=dict)

    def number(self, case: str) -> int:
        """Return how many people the points of a case come from."""
        told = (
            one.how for name, one in self.settled.items() if name.startswith(criterion_cell(case, 0)[:-1])
        )
        return 3 if "penilai ketiga" in told else 2

    @property
    def everybody(self) -> tuple[str, ...]:
        """The markers, and the third where there is one."""
        return (*self.markers, self.third) if self.third else self.markers


class Agreement(NamedTuple):
    """How far two markers agree on a criterion: squared-weight kappa (None: no value) of so many sheets."""

    case: str
    number: int
    sheets: int
    kappa: float | None


class Agreed(NamedTuple):
    """What became of the sheets of a quiz.

    `settled`, `changed` of these now, `waiting`, in the hands of a `third`; `alone`: a dispute without one.
    """

    agreements: tuple[Agreement, ...]
    settled: int
    changed: int
    waiting: int
    third: int
    alone: int


def hands(slug: str, course: CourseDir) -> dict[str, Hands]:
    """Return whose work the cases of a quiz are, by learner; empty before they were dealt."""
    try:
        rows = json.loads(_path(slug, course).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {learner: Hands.model_validate(row, strict=False) for learner, row in rows.items()}


def books(slug: str, learner: str, course: CourseDir) -> list[tuple[str, CourseDir]]:
    """Return the gradebooks that may hold a learner's quiz: the main one (''), then each marker's."""
    one = hands(slug, course).get(learner)
    own = [
        (f", penilai {number}", course.own(marker))
        for number, marker in enumerate(one.everybody if one else (), 1)
        if course.has_own(marker)
    ]
    return [("", course), *own]


def forget(slug: str, learner: str, course: CourseDir) -> None:
    """Take a learner out of who marks whom."""
    before = hands(slug, course)
    if learner in before:
        _write(slug, course, {name: one for name, one in before.items() if name != learner}, before)


def deal(quiz: Quiz, course: CourseDir, entries: Entries, trainers: Trainers) -> list[str]:
    """Give each written case to two markers; return whose there are not two for.

    What is settled stays; a marker who may mark no more is replaced. Nobody marks themselves.
    """
    if not quiz.double:
        _path(quiz.id, course).unlink(missing_ok=True)
        return []
    before = hands(quiz.id, course)
    dealt: dict[str, Hands] = {}
    loads = Counter(marker for one in before.values() for marker in one.everybody)
    for learner in sorted(name for name, entry in entries.items() if entry.written):
        stood = before.get(learner, Hands(markers=()))
        if stood.settled:
            dealt[learner] = stood
            continue
        known = set(trainers(learner)) - {learner}
        pair = tuple(marker for marker in stood.markers if marker in known)
        while len(pair) < 2 and (chosen := _lightest(learner, known - {*pair}, loads)):  # noqa: PLR2004  (two markers)
            pair = (*pair, chosen)
        third = stood.third if stood.third in known - {*pair} else ""
        dealt[learner] = stood.model_copy(update={"markers": pair, "third": third})
    _write(quiz.id, course, dealt, before)
    return [learner for learner, one in dealt.items() if len(one.markers) < 2]  # noqa: PLR2004  (two markers)


def lend(quiz: Quiz, course: CourseDir, entries: Entries) -> None:
    """Lay the sheets out in the gradebook of each who marks them; points that stand there stay."""
    sheets: dict[str, list[Wanted]] = {}
    for learner, one in hands(quiz.id, course).items():
        if learner in entries:
            cells = [name for name, _gap in _criteria(quiz, entries[learner])]
            for marker in one.markers:
                sheets.setdefault(marker, []).append(_unmarked(learner, entries[learner], cells))
    for marker, rows in sheets.items():
        gradebook.lend(quiz.id, course, marker, rows)


def agree(quiz: Quiz, course: CourseDir, entries: Entries, trainers: Trainers) -> Agreed:
    """Settle what both have marked, give disputes to a third, put what counts into the main gradebook."""
    before = hands(quiz.id, course)
    after = dict(before)
    books = _books(quiz.id, course, before.values())
    loads = Counter(marker for one in before.values() for marker in one.everybody)
    sheets: dict[str, list[Wanted]] = {}
    alone = 0
    for learner, one in before.items():
        if learner not in entries or len(one.markers) < 2:  # noqa: PLR2004  (two markers)
            continue
        entry, said = entries[learner], _said(books, one, learner)
        rows = _criteria(quiz, entry)
        dispute = [name for name, gap in rows if disputed(*said(name)[:2], gap)]
        third = one.third
        if dispute and not third:
            known = set(trainers(learner)) - {learner, *one.markers}
            third = _lightest(learner, known, loads)
            alone += not third
        if dispute and third:
            sheets.setdefault(third, []).append(_unmarked(learner, entry, dispute))
        counts = {name: settled(*said(name), gap) for name, gap in rows}
        whole = {name: row for name, row in counts.items() if row is not None}
        # A case comes back whole: half of it would tell one marker where the other stands.
        after[learner] = Hands(
            markers=one.markers, third=third, settled=whole if len(whole) == len(counts) else {}
        )
    for marker, wanted in sheets.items():
        gradebook.lend(quiz.id, course, marker, wanted)
    rows_of = {
        learner: {name: (row.points, row.comment) for name, row in one.settled.items()}
        for learner, one in after.items()
        if one.settled
    }
    changed = gradebook.settle(quiz.id, course, rows_of)
    _write(quiz.id, course, after, before)
    return Agreed(
        agreements=tuple(_agreements(quiz, books, before)),
        settled=len(rows_of),
        changed=changed,
        waiting=len(after) - len(rows_of),
        third=sum(bool(one.third) for one in after.values()),
        alone=alone,
    )


def _agreements(quiz: Quiz, books: Mapping[str, Standing], dealt: Mapping[str, Hands]) -> Iterator[Agreement]:
    for case in cases(quiz):
        for number in range(1, len(case.criteria) + 1):
            pairs = []
            for learner, one in dealt.items():
                first, second, *_third = _said(books, one, learner)(criterion_cell(case.id, number))
                if first.points is not None and second.points is not None:
                    pairs.append((first.points, second.points))
            yield Agreement(case.id, number, len(pairs), kappa(pairs))


def _books(slug: str, course: CourseDir, dealt: Collection[Hands]) -> dict[str, Standing]:
    """Return what each marker's own gradebook holds of a quiz."""
    return {
        marker: {one.learner: one.cells for one in gradebook.found(slug, course.own(marker))}
        for marker in sorted({marker for one in dealt for marker in one.everybody})
        if course.has_own(marker)
    }


def _said(
    books: Mapping[str, Standing], one: Hands, learner: str
) -> Callable[[str], tuple[Said, Said, Said]]:
    """Return a function that tells what first, second and third marker gave for a criterion."""

    def by(marker: str, name: str) -> Said:
        cell = books.get(marker, {}).get(learner, {}).get(name)
        return Said(points=cell.score, comment=cell.comment) if cell else Said()

    first, second = (*one.markers, "", "")[:2]
    return lambda name: (by(first, name), by(second, name), by(one.third, name))


def _criteria(quiz: Quiz, entry: Entry) -> list[tuple[str, float]]:
    """Return grade id and gap of each criterion of the cases a learner wrote."""
    return [
        (criterion_cell(case.id, number), case.gap)
        for case in cases(quiz)
        if case.id in entry.written
        for number in range(1, len(case.criteria) + 1)
    ]


def _unmarked(learner: str, entry: Entry, cells: Sequence[str]) -> Wanted:
    return Wanted(learner, entry.at, dict.fromkeys(cells))


def _lightest(learner: str, markers: Collection[str], loads: Counter[str]) -> str:
    """Return who has the fewest sheets, and count this one; of equals one drawn by name, '' of nobody."""
    if not markers:
        return ""
    chosen = min(markers, key=lambda one: (loads[one], hashlib.sha256(f"{learner}{one}".encode()).digest()))
    loads[chosen] += 1
    return chosen


def _path(slug: str, course: CourseDir) -> Path:
    return course.hidden / f"{slug}.json"


def _write(slug: str, course: CourseDir, now: Mapping[str, Hands], before: Mapping[str, Hands]) -> None:
    if now != before or not _path(slug, course).exists():
        rows = {learner: now[learner].model_dump(mode="json") for learner in sorted(now)}
        with suppress(FileExistsError):
            course.hidden.mkdir(parents=True)
        write_text(_path(slug, course), json.dumps(rows, indent=1) + "\n")
