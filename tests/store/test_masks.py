"""Masks of months are kept until what they hide has other figures or other names."""

from __future__ import annotations

import threading
from datetime import date

from netralitas.course import Course
from netralitas.store import Store
from netralitas.store.masks import forget_masks

from .conftest import TODAY, line
from .test_imports import TOMORROW, bring

END = date(2026, 2, 28)
ROWS = [("", "", False), ("A", "completed people", True), ("\x1fjenis\x1fpns", "completed", False)]


def kept(store: Store, *names: str) -> list[tuple[str, str, bool]]:
    return sorted(store.kept_mask(END, "d1", names or None))


def test_a_mask_is_read_back_whole_or_for_some_groups(store: Store) -> None:
    assert kept(store) == []
    store.keep_mask(END, "d1", ROWS)
    assert kept(store) == sorted(ROWS)
    assert kept(store, "A", "B") == [ROWS[1]]
    assert store.kept_mask(END, "d2") == []
    assert store.kept_mask(TODAY, "d1") == []
    with store.writing() as connection:
        forget_masks(connection)
    assert kept(store) == []


def test_of_several_who_keep_one_at_once_one_whole_stays(store: Store) -> None:
    many = [(f"Unit {number}", "people", False) for number in range(200)]
    threads = [threading.Thread(target=store.keep_mask, args=(END, "d1", many)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(store) == sorted(many)
    store.keep_mask(END, "d1", ROWS)
    assert kept(store) == sorted(ROWS)


def test_a_unit_of_another_name_is_no_group_of_an_old_mask(store: Store, course: Course) -> None:
    bring(store, course, line(0, unit="Bidang A", kode_unit="U1"))
    store.keep_mask(END, "d1", ROWS)
    bring(store, course, line(0, unit="Bidang A", kode_unit="U1"), line(1, unit="Bidang C"), today=TOMORROW)
    assert kept(store) == sorted(ROWS)
    bring(store, course, line(0, unit="Bidang B", kode_unit="U1"), today=TOMORROW)
    assert kept(store) == []


def test_a_day_is_settled_when_it_is_over_everywhere(store: Store) -> None:
    assert store.settled(TODAY.replace(day=1))
    assert not store.settled(TODAY)
