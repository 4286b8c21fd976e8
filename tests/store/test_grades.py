"""Marks given back: only what differs is written, only for people who are here."""

from __future__ import annotations

from netralitas.published import CaseMark, CriterionMark, Published
from netralitas.store import Store

ROOT = "quiz/a"


def mark(points: float | None = None, value: int = 80) -> Published:
    row = CriterionMark(text="Menyebut bukti", points=points, most=2, comment="Sebut <tanggalnya>.")
    return Published(attempt=1, mark=value, cases=(CaseMark(case="k11", criteria=(row,)),))


def test_marks_come_back_as_they_were_given(store: Store, people: list[str]) -> None:
    assert store.published_of(people[0]) == {}
    assert store.publish(ROOT, {people[0]: mark(1.5), people[1]: mark()}, by="uji") == 2
    assert store.published_of(people[0]) == {ROOT: mark(1.5)}
    assert store.published_of(people[1]) == {ROOT: mark()}


def test_only_what_differs_is_written_and_noted(store: Store, people: list[str]) -> None:
    given = {who: mark() for who in people[:3]}
    store.publish(ROOT, given, by="uji")
    before = store.audit_rows()
    assert store.publish(ROOT, given, by="uji") == 0
    assert store.audit_rows() == before
    assert store.publish(ROOT, given | {people[1]: mark(2, 90)}, by="uji") == 1
    assert store.published_of(people[1])[ROOT].mark == 90
    noted = store.audit_rows()[0]
    assert (noted.act, noted.who, noted.subject, noted.detail) == ("marks.published", "uji", ROOT, {"n": 1})


def test_a_student_nobody_here_knows_is_passed_over(store: Store, people: list[str]) -> None:
    assert store.publish(ROOT, {"f" * 32: mark(), people[0]: mark()}, by="uji") == 1


def test_quizzes_stand_beside_each_other(store: Store, people: list[str]) -> None:
    store.publish(ROOT, {people[0]: mark(1)}, by="uji")
    store.publish("quiz/b", {people[0]: mark(2)}, by="uji")
    assert {root: one.cases[0].points for root, one in store.published_of(people[0]).items()} == {
        ROOT: 1,
        "quiz/b": 2,
    }
