"""Completion figures follow from lives: whatever came first, whoever moved when, the sums are the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from netralitas.course import Course
from netralitas.record import Progress, Reached
from netralitas.tally import (
    COURSE,
    Key,
    Kind,
    Life,
    Milestone,
    Place,
    Span,
    Stay,
    changes,
    contributions,
    counts,
    day_of,
    history,
    left,
    milestones,
    moved,
)

START = date(2026, 1, 1)
DAYS = st.integers(0, 60).map(lambda number: START + timedelta(days=number))
PLACES = st.builds(
    Place, st.integers(1, 3), st.just("Guru"), st.sampled_from(("f", "p")), st.sampled_from(("pns", "pppk"))
)
MILESTONES = st.lists(
    st.builds(
        Milestone,
        DAYS,
        st.sampled_from(("", "a", "b")),
        st.sampled_from(("started", "completed")),
        st.just("1"),
    ),
    max_size=6,
    unique_by=lambda one: one[1:],
).map(tuple)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Span, ...]:
    """Stays made as imports make them: moves and leaves, also back-dated ones."""
    spans: tuple[Span, ...] = ()
    for day in draw(st.lists(DAYS, max_size=5)):
        place = draw(st.none() | PLACES)
        spans = left(spans, day) if place is None else moved(spans, place, day)
    return spans


LIVES = st.builds(Life, journeys(), MILESTONES)


def stands(life: Life, day: date) -> Counter[Kind]:
    """What a life counts on a day, said directly and not by changes."""
    here = next((one for one in life.spans if one.start <= day and (one.end is None or day < one.end)), None)
    if here is None:
        return Counter()
    unit, _jabatan, post_class, jenis = here.place
    found = Counter({Kind(unit, post_class, jenis, COURSE, "people", ""): 1})
    for one in life.milestones:
        if one.day <= day:
            found[Kind(unit, post_class, jenis, one.module, one.state, one.rule)] += 1
    return found


@given(LIVES, DAYS)
def test_the_changes_of_a_life_sum_to_where_it_stands(life: Life, day: date) -> None:
    assert counts(contributions(life), day) == stands(life, day)


@given(st.lists(LIVES, min_size=2, max_size=6))
def test_whatever_was_known_in_between_the_sum_is_that_of_the_last(lives: list[Life]) -> None:
    total: Counter[Key] = Counter()
    for before, after in zip([Life(), *lives], lives, strict=False):
        total.update(changes(before, after))
    assert {key: n for key, n in total.items() if n} == dict(contributions(lives[-1]))


@given(st.lists(LIVES, max_size=6), DAYS, st.randoms())
def test_people_counted_in_any_order_give_the_same_and_children_sum_to_their_parent(
    lives: list[Life], day: date, dice: object
) -> None:
    every: Counter[Key] = Counter()
    for life in lives:
        every.update(contributions(life))
    again: Counter[Key] = Counter()
    for life in sorted(lives, key=lambda one: hash((one, day))):
        again.update(contributions(life))
    assert every == again
    found = counts(every, day)
    for state in ("people", "started", "completed"):
        whole = sum(n for kind, n in found.items() if kind.state == state and kind.module == COURSE)
        by_unit: Counter[int] = Counter()
        for kind, n in found.items():
            if kind.state == state and kind.module == COURSE:
                by_unit[kind.unit] += n
        assert sum(by_unit.values()) == whole == sum(
            n for life in lives for kind, n in stands(life, day).items()
            if kind.state == state and kind.module == COURSE
        )  # fmt: skip
    assert all(n > 0 for n in found.values())


@given(journeys(), PLACES, DAYS)
def test_stays_never_overlap_and_end_where_the_last_word_was(
    spans: tuple[Span, ...], place: Place, day: date
) -> None:
    after = moved(spans, place, day)
    assert (after[-1].place, after[-1].end) == (place, None)
    for one, two in pairwise(after):
        assert one.end is not None
        assert one.start < one.end <= two.start
    assert all(span.end is not None and span.end <= day for span in left(spans, day))


@given(st.lists(st.tuples(DAYS, DAYS, st.none() | PLACES), max_size=5), MILESTONES, DAYS, DAYS)
def test_history_says_what_was_written_step_by_step(
    told: list[tuple[date, date, Place | None]], reached: tuple[Milestone, ...], as_of: date, known: date
) -> None:
    """Imports recorded on a day and valid from a day not after it, and milestones of their own day."""
    stays: list[Stay] = []
    for recorded, since, place in sorted(told, key=lambda one: one[0]):
        day = min(recorded, since)
        held = tuple(stay.span for stay in stays if stay.retracted is None)
        new = left(held, day) if place is None else moved(held, place, day)
        stays = [
            stay._replace(retracted=recorded) if stay.retracted is None and stay.span not in new else stay
            for stay in stays
        ]
        stays += [Stay(span, recorded) for span in new if span not in held]
    found = history(stays, reached)
    life = Life(
        tuple(
            stay.span
            for stay in stays
            if stay.recorded <= known and (stay.retracted is None or known < stay.retracted)
        ),
        tuple(one for one in reached if one.day <= known),
    )
    told_then: Counter[Key] = Counter()
    for (recorded, key), number in found.items():
        assert key.day <= recorded
        if recorded <= known:
            told_then[key] += number
    assert counts(told_then, as_of) == stands(life, as_of)


def test_a_completion_by_a_later_rule_takes_the_place_of_the_earlier() -> None:
    place = Place(1, "Guru", "f", "pns")
    life = Life(
        (Span(place, START),),
        (
            Milestone(START, "", "completed", "1"),
            Milestone(START + timedelta(days=10), "", "completed", "2"),
        ),
    )
    first = counts(contributions(life), START + timedelta(days=9))
    then = counts(contributions(life), START + timedelta(days=10))
    assert [kind.rule for kind in first if kind.state == "completed"] == ["1"]
    assert [kind.rule for kind in then if kind.state == "completed"] == ["2"]


def test_a_day_is_that_of_jakarta() -> None:
    assert day_of(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert day_of(datetime(2026, 3, 1, 16, 59, tzinfo=UTC)) == date(2026, 3, 1)


def test_the_course_begins_with_its_first_module_and_ends_where_an_event_said_so() -> None:
    course = Course.model_validate(
        {
            "format_version": 1, "version": "1", "title": "K",
            "completion": {"version": "1", "start": START, "pass_mark": 70},
            "tags": {"roles": (), "stages": (), "depths": (), "causes": (), "skills": ()},
            "posts": (),
            "modules": tuple(
                {"slug": slug, "title": slug, "summary": slug, "minutes": 5, "quiz": slug} for slug in "ab"
            ),
        }
    )  # fmt: skip
    noon = [datetime(2026, 3, number, 5, tzinfo=UTC) for number in (1, 2, 3)]

    def done(slug: str, number: int, course_too: bool | None) -> Progress:
        one = Reached(at=noon[number], rule="1", course=course_too)
        return Progress(module=slug, started_at=noon[number], reached=(one,))

    said = milestones([done("a", 1, False), done("b", 2, True)], course)
    assert Milestone(date(2026, 3, 2), COURSE, "started") in said
    assert [one for one in said if one.module == COURSE and one.state == "completed"] == [
        Milestone(date(2026, 3, 3), COURSE, "completed", "1")
    ]
    # Before events said so, the last required module completed the course.
    old = milestones([done("a", 1, None), done("b", 2, None)], course)
    assert set(old) == set(said)
    # A module that came later does not take a completion away, and nobody completes by having half of it.
    assert not [one for one in milestones([done("a", 1, False)], course) if one[1:3] == (COURSE, "completed")]
