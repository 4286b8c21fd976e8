"""What people learned: the pre-test against the exam, topic by topic.

    first finished attempts of the same people ─► share right by topic ─► differences ─► mean and interval

The interval is that of paired observations: with d what somebody has more in the exam than in the pre-test,
mean(d) ± t · sd(d) / √n, t from Student's distribution with n − 1 degrees of freedom (Student 1908, The
probable error of a mean, Biometrika 6, 1–25; as in the NIST Dataplot manual, T TEST,
https://www.itl.nist.gov/div898/software/dataplot/refman1/auxillar/t_test.htm). It says how sure the mean is
for people like these; not that the course alone was the cause.

Pure. The order of learners never matters, not even for the last bit.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import fmean
from typing import Any, NamedTuple

from netralitas.course import Course
from netralitas.i18n import _
from netralitas.masking import LEAST, SMALL, coarse, entered, rounded
from netralitas.quizzes import Quiz
from netralitas.record import Event
from netralitas.reports import require_shape, signed
from netralitas.tally import day_of, end_of_month

from .grouping import EVERYBODY, Groups
from .reliability import f_quantile
from .sittings import Sitting, finished_by

LEVEL = 0.95
"""The share of intervals that hold the true mean."""

_DIGITS = 4


class Paired(NamedTuple):
    """Mean shares before and after, their mean difference, its interval.

    None for fewer than two people, and what is hidden.
    """

    people: int | None
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None


class Sat(NamedTuple):
    """Somebody's first finished attempt: its day, and the share right of each topic, 0 to 1."""

    day: date
    topics: Mapping[str, float]


def document(
    course: Course,
    quizzes: tuple[Quiz, Quiz],
    records: tuple[Iterable[Sequence[Event]], Iterable[Sequence[Event]]],
    *,
    as_of: date,
    shared: bool,
    known_on: date | None = None,
    under: str = "",
    groups: Groups = EVERYBODY,
    command: str = "",
) -> dict[str, Any]:
    """Return the report on two quizzes, the pre-test first, as JSON-like data (see `reports`).

    `records` are the events of each learner on each quiz, `under` the unit they are of (empty: everybody).
    `known_on` is as in `finished_by`; each of `groups` has rows of its own, its name `group` in front, and
    one for all topics. Where it is shared, people come in by fives and more (`masking.entered`), and every
    figure is as `_coarse` leaves it. Raises ReportError.
    """
    if shared:
        require_shape(as_of, known_on, by=groups.by, under=under)
    before, after = (
        sat(*pair, until=as_of, known_on=known_on) for pair in zip(quizzes, records, strict=True)
    )
    both = ((learner, (before[learner], after[learner])) for learner in before.keys() & after.keys())
    parts = groups.parted(both)
    pairs = [pair for own in parts.values() for pair in own]
    if shared:
        parts = {name: _entered(own, as_of) for name, own in parts.items()}
        pairs = _entered(pairs, as_of)
    titles = {module.slug: module.title for module in course.modules}
    topics = [slug for slug in titles if any(slug in one.topics for pair in pairs for one in pair)]
    # Every group has a line for all topics too; of all people together it is the total.
    lines = [(slug, titles[slug], [slug]) for slug in topics]
    if groups.by:
        lines.append(("", _("Semua topik"), topics))
    body = {
        "report": "gain",
        "as_of": as_of.isoformat(),
        "known_on": (known_on or as_of).isoformat(),
        "by": groups.by or None,
        "before": quizzes[0].id,
        "after": quizzes[1].id,
        "level": LEVEL,
        "content": course.version,
        "under": under or None,
        "shared": shared,
        "rows": [
            groups.headed(group, {"name": name, "topic": topic, **figures})
            for group, own in parts.items()
            for topic, name, of in lines
            if (figures := _told([_of(pair, of) for pair in own], shared=shared))["people"] or not groups.by
        ],
        "total": _told([_of(pair, topics) for pair in pairs], shared=shared),
    }
    return signed(body, command)


def sat(
    quiz: Quiz, records: Iterable[Sequence[Event]], *, until: date, known_on: date | None = None
) -> dict[str, Sat]:
    """Return everybody's first attempt at a quiz finished by the end of a day, by learner (`finished_by`)."""
    topics = {question.id: question.topic for question in quiz.questions if question.topic}
    found: dict[str, Sat] = {}
    for events in records:
        sittings = finished_by(events, until, known_on)
        if sittings:
            found[events[0].learner] = Sat(day_of(sittings[0].ended), _shares(sittings[0], topics))
    return found


def paired(before: Sequence[float], after: Sequence[float], level: float = LEVEL) -> Paired:
    """Return what the differences of pairs say; the interval holds the mean at `level`."""
    people = len(before)
    if people < 2:  # noqa: PLR2004  (one difference has no spread)
        return Paired(people)
    differences = [late - early for early, late in zip(before, after, strict=True)]
    mean = fmean(differences)
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in differences) / (people - 1))
    # The square of Student's t of n degrees of freedom is F of 1 and n.
    reach = math.sqrt(f_quantile(level, 1, people - 1)) * spread / math.sqrt(people)
    return Paired(people, fmean(before), fmean(after), mean, mean - reach, mean + reach)


def _shares(sitting: Sitting, topics: Mapping[str, str]) -> dict[str, float]:
    scores: dict[str, list[float]] = {}
    blanks = ((name, 0.0) for name in sitting.blank)
    for item, score in (*((one.item, one.score) for one in sitting.answered), *blanks):
        if item in topics:
            scores.setdefault(topics[item], []).append(score)
    return {topic: fmean(own) for topic, own in scores.items()}


def _entered(pairs: Sequence[tuple[Sat, Sat]], as_of: date) -> list[tuple[Sat, Sat]]:
    """Return the pairs that have come into shared reports by a day."""
    months = Counter(end_of_month(_complete(pair)) for pair in pairs)
    last = entered(months, as_of)
    return [pair for pair in pairs if last is not None and _complete(pair) <= last]


def _complete(pair: tuple[Sat, Sat]) -> date:
    return max(one.day for one in pair)


def _of(pair: tuple[Sat, Sat], topics: Sequence[str]) -> tuple[float, float] | None:
    """Return both shares over the topics both attempts have; None where there is none."""
    both = [topic for topic in topics if all(topic in one.topics for one in pair)]
    if not both:
        return None
    early, late = (fmean([one.topics[topic] for topic in both]) for one in pair)
    return early, late


def _told(pairs: Sequence[tuple[float, float] | None], *, shared: bool) -> dict[str, Any]:
    held = [pair for pair in pairs if pair is not None]
    found = paired([early for early, _late in held], [late for _early, late in held])
    told = _coarse(found, rounded(len(held))) if shared else found
    return {name: _plain(value) for name, value in told._asdict().items()}


def _coarse(found: Paired, people: int | None) -> Paired:
    """Return figures as they may be shared: `people` as shared, means coarse, the interval wider for that.

    So nobody is to be had by subtraction, of a unit or of a month: no two groups differ by less than what
    each may be off.
    """
    if people is None or people < LEAST:
        return Paired(people)
    before, after, gain = (
        coarse(one or 0.0, people) or 0.0 for one in (found.before, found.after, found.gain)
    )
    grain = SMALL / people
    # The mean may be off by half a grain; a reach in grains tells as little of the spread.
    reach = grain * math.ceil(((found.high or 0.0) - (found.gain or 0.0)) / grain + 0.5)
    return Paired(people, before, after, gain, gain - reach, gain + reach)


def _plain(value: float | None) -> float | None:
    return round(value, _DIGITS) + 0.0 if isinstance(value, float) else value  # no -0.0
