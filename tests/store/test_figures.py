"""Completion figures: true for any day, as known on any day, and the same digits from the record."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text

from netralitas import roster as rosters
from netralitas.course import Course
from netralitas.record import Event
from netralitas.store import Dimension, Store, StoreError, open_store, schema
from netralitas.store.tables import completion_change, completion_checkpoint
from netralitas.tally import Kind, day_of

from .conftest import TODAY, Clock, given, line, roster, stamp

UNITS = ("SMPN Contoh 1", "SMPN Contoh 2", "Bidang A", "Bidang A / Seksi B")


def do(store: Store, course: Course, learner: str, root: str, **result: object) -> None:
    """One answer or choice that ends its quiz or story."""
    events = store.events_of(learner, [root])
    after, attempt = (events[-1].seq, events[-1].attempt) if events else (0, 1)
    verb = "chose" if root.startswith("scenario") else "answered"
    out = store.append(
        [stamp(learner, given(verb, after, object=f"{root}/k1", attempt=attempt, result=result))], course
    )
    assert isinstance(out[0], Event)


def finish(store: Store, course: Course, learner: str, module: str) -> None:
    if module == "a":
        do(store, course, learner, "scenario/s", choice="a", ending="z")
    do(store, course, learner, f"quiz/{module}", answer=["a"], score=1, mark=90)


def course_counts(store: Store, as_of: date, known: date | None = None) -> dict[str, int]:
    found: Counter[str] = Counter()
    for kind, number in store.counts_on(as_of, known or date.max):
        found[kind.state] += number
    return dict(found)


def test_everybody_on_the_roster_counts_from_their_first_day(store: Store, course: Course) -> None:
    store.import_roster(roster(line(0), line(1)), course, today=TODAY, by="test")
    assert course_counts(store, TODAY) == {"people": 2}
    assert course_counts(store, TODAY - timedelta(days=1)) == {}


def test_an_event_changes_the_figures_of_its_day_and_no_other(
    store: Store, course: Course, people: list[str], clock: Clock
) -> None:
    clock.turn(days=3)
    finish(store, course, people[0], "a")
    clock.turn(days=2)
    finish(store, course, people[0], "b")
    today = day_of(clock.now)
    assert course_counts(store, today) == {"people": 3, "started": 1, "completed": 1}
    assert course_counts(store, today - timedelta(days=1)) == {"people": 3, "started": 1}
    assert course_counts(store, today - timedelta(days=4)) == {"people": 3}
    modules = {
        (kind.module, kind.state): number
        for kind, number in store.counts_on(today, today, by=("module",), module=None)
    }
    assert modules == {("a", "started"): 1, ("a", "completed"): 1, ("b", "started"): 1, ("b", "completed"): 1}
    # Once more is nothing new.
    finish(store, course, people[0], "b")
    assert course_counts(store, today) == {"people": 3, "started": 1, "completed": 1}


def test_who_moves_takes_the_completion_along_and_the_past_stays(
    store: Store, course: Course, people: list[str], clock: Clock
) -> None:
    finish(store, course, people[0], "a")
    finish(store, course, people[0], "b")
    later = TODAY + timedelta(days=9)
    store.import_roster(roster(line(0, unit="SMPN Contoh 2")), course, today=later, by="test")

    def completed_in(unit: str, day: date) -> int:
        rows = store.counts_on(day, date.max, paths=[f"Dinas Contoh / {unit}"])
        return sum(number for kind, number in rows if kind.state == "completed")

    before = later - timedelta(days=1)
    assert [completed_in("SMPN Contoh 1", day) for day in (before, later)] == [1, 0]
    assert [completed_in("SMPN Contoh 2", day) for day in (before, later)] == [0, 1]


def test_a_back_dated_move_changes_the_past_only_for_who_knows_of_it(store: Store, course: Course) -> None:
    store.import_roster(roster(line(0), line(1)), course, today=TODAY, by="test")
    told, since = TODAY + timedelta(days=20), TODAY + timedelta(days=5)
    head = "nip,nama,instansi,unit,jabatan,jenis,zona,kode_unit,sejak\n"

    moved = line(0, unit="SMPN Contoh 2").rstrip("\n") + f",{since}\n"
    found = rosters.parse((head + moved).encode(), made_up_allowed=True, today=told)
    store.import_roster(found, course, today=told, by="test")
    there = ["Dinas Contoh / SMPN Contoh 2"]
    day = TODAY + timedelta(days=10)
    assert store.counts_on(day, told - timedelta(days=1), paths=there) == []
    assert [number for _kind, number in store.counts_on(day, told, paths=there)] == [1]
    assert store.counts_on(since - timedelta(days=1), told, paths=there) == []


def live(store: Store, course: Course, clock: Clock, days: int, seed: int = 5) -> None:
    """Weeks of a small agency: joins, moves, leaves, back-dated words, answers."""
    dice = random.Random(seed)
    here: list[int] = []
    for _day in range(days):
        clock.turn(days=dice.randint(1, 6))
        today = day_of(clock.now)
        joins = [number for number in range(14) if number not in here and dice.random() < 0.3]
        here += joins
        lines = [line(n, unit=dice.choice(UNITS), jenis=dice.choice(("pns", "pppk"))) for n in joins]
        moves = [n for n in here if n not in joins and dice.random() < 0.15]
        lines += [line(n, unit=dice.choice(UNITS)) for n in moves]
        if lines:
            store.import_roster(roster(*lines), course, today=today, by="test")
        if here and dice.random() < 0.2:
            stay = sorted(dice.sample(here, max(1, len(here) - 2)))
            file = roster(*(line(n, unit=dice.choice(UNITS)) for n in stay))
            number = store.preview_roster(file, course, today=today, full=True).ended
            store.import_roster(file, course, today=today, by="test", complete=number, sure=True)
            here = stay
        for person in store.people_under():
            if dice.random() < 0.3:
                finish(store, course, person.learner, dice.choice("ab"))


CUTS: tuple[tuple[tuple[Dimension, ...], int | None], ...] = (
    ((), None), (("unit",), None), (("post_class",), None), (("jenis",), None), (("unit",), 1),
    (("unit",), 2), (("unit", "jenis"), 1), (("unit", "post_class", "jenis", "module"), None),
)  # fmt: skip
Asked = tuple[date, date, tuple[Dimension, ...], int | None]


def every(store: Store, last: date) -> dict[Asked, dict[Kind, int]]:
    days = [TODAY + timedelta(days=n) for n in range(0, (last - TODAY).days + 1, 9)]
    return {
        (as_of, known, by, level): dict(store.counts_on(as_of, known, by=by, level=level))
        for as_of in days for known in days for by, level in CUTS
    }  # fmt: skip


def test_checkpoints_change_no_figure_and_rebuilding_gives_the_same_digits(
    store: Store, course: Course, clock: Clock
) -> None:
    live(store, course, clock, 30)
    last = day_of(clock.now)
    before = every(store, last)
    assert any(kind.state == "completed" for found in before.values() for kind in found)
    report = store.rebuild(course)
    assert (report.rows_changed, report.figures_changed) == (0, 0)
    clock.turn(days=2)
    assert store.checkpoint() > 1
    assert store.checkpoint() == 0
    assert every(store, last) == before
    live(store, course, clock, 10, seed=6)
    again = every(store, last)
    known = [key for key in before if key[1] <= last]
    assert {key: again[key] for key in known} == {key: before[key] for key in known}
    store.checkpoint()
    assert store.rebuild(course).figures_changed == 0
    full = every(store, day_of(clock.now))
    with store.writing() as connection:
        connection.execute(completion_checkpoint.delete())
    assert every(store, day_of(clock.now)) == full


def test_units_roll_up_to_a_level_and_attributes_hold_within_units(
    store: Store, course: Course, clock: Clock
) -> None:
    live(store, course, clock, 30)
    clock.turn(days=2)
    store.checkpoint()
    last = day_of(clock.now)
    paths = {one.id: one.path for one in store.units_under()}
    below: Counter[tuple[str, str]] = Counter()
    for kind, number in store.counts_on(last, last):
        below[" / ".join(paths[kind.unit].split(" / ")[:2]), kind.state] += number
    rolled = store.counts_on(last, last, level=2)
    assert {(paths[kind.unit], kind.state): number for kind, number in rolled} == below
    assert {kind.unit for kind, _number in store.counts_on(last, last, level=1)} == {
        number for number, path in paths.items() if path == "Dinas Contoh"
    }
    for within in (["Dinas Contoh"], ["Dinas Contoh / Bidang A"]):
        told = Counter({kind.jenis: n for kind, n in store.counts_on(last, last, by=("jenis",), paths=within)
                        if kind.state == "people"})  # fmt: skip
        both = store.counts_on(last, last, by=("unit", "jenis"), paths=within)
        assert told
        assert told == sum(
            (Counter({kind.jenis: n}) for kind, n in both if kind.state == "people"), Counter()
        )


def test_rebuilding_mends_what_is_wrong_and_says_how_much(store: Store, course: Course, clock: Clock) -> None:
    live(store, course, clock, 8)
    last = day_of(clock.now)
    right = every(store, last)
    with store.writing() as connection:
        connection.execute(completion_change.update().values(delta=completion_change.c.delta * 2))
    assert every(store, last) != right
    counted = []

    def in_between(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "INSERT INTO fresh_sum" in statement and not counted:
            counted.append(store.rebuild(course).figures_changed)

    clock.turn(days=2)
    event.listen(store.engine, "before_cursor_execute", in_between)
    # What was summed up from wrong changes while they were mended is thrown away and summed up again.
    assert store.checkpoint() > 1
    assert counted[0] > 0
    assert every(store, last) == right


def test_the_figures_equal_counting_people_one_by_one(store: Store, course: Course, clock: Clock) -> None:
    live(store, course, clock, 20)
    mine: Counter[str] = Counter()
    for person in store.people_under():
        mine["people"] += 1
        mine["started"] += any(one.started_at for one in person.progress)
        mine["completed"] += any(done.course for one in person.progress for done in one.reached)
    assert course_counts(store, day_of(clock.now)) == dict(mine)


def test_a_store_from_before_is_counted_once(empty_url: str, course: Course, clock: Clock) -> None:

    store = open_store(empty_url, clock=clock)
    schema.migrate(store.engine, "0005")
    with store.writing() as connection:
        connection.execute(text("INSERT INTO unit (id, name, path) VALUES (1, 'D', 'D')"))
        for number, end in ((1, "NULL"), (2, "'2026-02-01'")):
            connection.execute(
                text(
                    "INSERT INTO account (learner, nip, name, created_at) "
                    f"VALUES ('{number:032}', '{number}', 'Orang', '2026-01-01 00:00:00')"
                )
            )
            connection.execute(
                text(
                    'INSERT INTO placement (learner, unit, jabatan, post_class, jenis, start, "end") '
                    f"VALUES ('{number:032}', 1, 'Guru', 'f', 'pns', '2026-01-05', {end})"
                )
            )
    store.migrate()
    with pytest.raises(StoreError, match="netralitas rebuild"):
        store.counts_on(TODAY, TODAY)
    store.rebuild(course)
    assert course_counts(store, date(2026, 1, 5)) == {"people": 2}
    assert course_counts(store, date(2026, 2, 1)) == {"people": 1}
    assert course_counts(store, date(2026, 2, 1), known=date(2026, 1, 31)) == {"people": 2}
    store.close()
