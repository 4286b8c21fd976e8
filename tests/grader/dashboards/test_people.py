"""Who is how far, who stands still and who is late: everybody of the unit, by name, and nobody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from grader import simulate
from grader.dashboards import people
from netralitas import content
from netralitas.demo import EDUCATION, HEALTH
from netralitas.record import course_status
from netralitas.store import Store
from netralitas.store.tables import account
from netralitas.web import board_tables
from netralitas.widgets.board import RefusedError, Shown
from tests.grader.dashboards.conftest import Clock
from tests.site import MODULE


def rows(shown: Shown, name: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(shown.files[f"{name}.csv"]().decode("utf-8-sig")))][1:]


def test_the_class_is_everybody_of_the_unit(store: Store, shown: Callable[..., Shown]) -> None:
    mine = store.people_under([EDUCATION])
    found = {row[0]: [*map(int, row[1:4])] for row in rows(shown(people._progress), "kemajuan-bagian")}
    title = content.current().course.module(MODULE).title
    assert {sum(counts) for counts in found.values()} == {len(mine)}
    assert found[title][1] == sum(bool(one.progress) for one in mine)


def test_who_stands_still_is_named_with_the_place_and_the_day(
    store: Store, shown: Callable[..., Shown], clock: Clock
) -> None:
    clock.now = simulate.WHEN + timedelta(days=9)
    begun = {
        one.name
        for one in store.people_under([EDUCATION])
        if course_status(content.current().course, one.progress) == "in_progress"
    }
    found = rows(shown(people._stuck), "peserta-macet")
    assert {row[0] for row in found} == begun
    assert {tuple(row[4:]) for row in found} == {("5 Januari 2026", "9")}
    assert all(row[3].startswith("Kuis, ") for row in found)
    assert f"{len(begun)} peserta diam 7 hari atau lebih." in shown(people._stuck).html
    assert not begun & {one.name for one in store.people_under([HEALTH])}


def test_nobody_is_late_before_the_last_day_is_over(shown: Callable[..., Shown], clock: Clock) -> None:
    clock.now = simulate.WHEN + timedelta(days=5)
    assert "Tidak ada." in shown(people._overdue).html
    clock.now += timedelta(days=1)
    assert "peserta belum selesai" in shown(people._overdue).html


def test_an_extension_gives_time_and_a_cohort_is_looked_at_alone(
    store: Store, shown: Callable[..., Shown], clock: Clock
) -> None:
    clock.now = simulate.WHEN + timedelta(days=30)
    first, second, third = (one.learner for one in store.people_under([EDUCATION])[:3])
    store.set_deadline("learner", first, date(2026, 6, 1), by="uji")
    store.create_cohort("Angkatan <b>Satu</b>", [first, second, third], by="uji")
    links = shown(people._progress).html
    assert "angkatan=Angkatan+%3Cb%3ESatu" in links
    assert "<b>Satu" not in links
    found = rows(shown(people._overdue, angkatan="Angkatan <b>Satu</b>"), "peserta-terlambat")
    assert len(found) == 2
    assert {row[4] for row in found} == {"10 Januari 2026"}


def test_names_are_words_and_never_markup(store: Store, shown: Callable[..., Shown], clock: Clock) -> None:
    clock.now = simulate.WHEN + timedelta(days=30)
    evil = '<script>alert("x")</script>'
    with store.writing() as connection:
        connection.execute(update(account).values(name=evil))
    for part in (people._stuck, people._overdue):
        html = shown(part).html
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_unit_too_large_for_names_is_refused_in_a_sentence(
    shown: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_tables, "PEOPLE", 10)
    with pytest.raises(RefusedError, match="pilih unit di bawahnya"):
        shown(people._progress)
