"""Gain: the same people before and after, an interval that agrees with a published one, few are hidden."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from grader.gain import document, paired
from grader.grouping import Groups
from netralitas.course import Course
from netralitas.quizzes import Quiz
from netralitas.record import Event
from netralitas.reports import ReportError
from netralitas.sheets import FORMS, as_table

# Student 1908, table on page 20: hours of sleep that ten patients gained by two drugs.
FIRST = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)


def quiz(name: str) -> Quiz:
    items = [
        {
            "id": f"{topic}{number}", "kind": "true_false", "topic": topic, "prompt": "?", "depth": "ingat",
            "choices": [{"id": one, "text": one, "feedback": one} for one in "ab"], "key": ["a"],
            "explanation": "e", "sources": ["uu"],
        }
        for topic in ("satu", "dua") for number in (1, 2)
    ]  # fmt: skip
    return Quiz.model_validate({"format_version": 1, "id": name, "title": name, "questions": items})


BEFORE, AFTER = quiz("awal"), quiz("ujian")


@pytest.fixture(scope="module")
def course() -> Course:
    modules = [
        {"slug": slug, "title": slug.title(), "summary": "s", "minutes": 5, "quiz": slug}
        for slug in ("satu", "dua")
    ]
    tags = dict.fromkeys(("roles", "stages", "depths", "causes", "skills"), ())
    rule = {"version": "1", "start": JAN, "pass_mark": 70}
    return Course.model_validate(
        {"format_version": 1, "version": "1", "title": "K", "completion": rule, "tags": tags,
         "posts": (), "modules": modules}
    )  # fmt: skip


def sat(which: Quiz, person: int, scores: Sequence[float], on: date = JAN) -> list[Event]:
    """A finished attempt: the scores of satu1, satu2, dua1, dua2."""
    start = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    names = [question.id for question in which.questions]
    told: list[tuple[str, str, dict[str, Any]]] = [("opened", which.root, {"seed": 1, "form": names})]
    told += [
        ("answered", f"{which.root}/{name}", {"answer": ["a"], "score": score})
        for name, score in zip(names, scores, strict=True)
    ]
    told[-1][2]["mark"] = 50
    return [
        Event.model_validate(
            {
                "id": f"{person:08x}-0000-4000-8000-{number:012x}", "verb": verb, "object": where,
                "attempt": 1, "after": 0, "revision": "0" * 16, "result": result,
                "learner": f"{person:032x}", "site": "s",
                "seq": number + 1, "received_at": start + timedelta(minutes=number), "session": "s",
                "chain": "",
            }
        )
        for number, (verb, where, result) in enumerate(told)
    ]  # fmt: skip


def made(
    course: Course,
    before: list[list[Event]],
    after: list[list[Event]],
    day: date = FEB,
    *,
    shared: bool = True,
) -> dict[str, Any]:
    return document(course, (BEFORE, AFTER), (before, after), as_of=day, shared=shared)


def test_the_interval_is_that_of_student_s_own_example() -> None:
    found = paired(FIRST, SECOND)
    assert found.people == 10
    assert found.gain == pytest.approx(1.58)
    # As R's t.test(paired = TRUE) prints it of its data set `sleep`, which is this table.
    assert (found.low, found.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)


def test_each_topic_compares_the_same_people(course: Course) -> None:
    before = [sat(BEFORE, n, (0, n % 2, 1, 1)) for n in range(8)]
    after = [sat(AFTER, n, (1, 1, 1, 1), FEB) for n in range(2, 9)]
    found = made(course, before, after, shared=False)
    assert [(row["name"], row["people"], row["before"], row["after"]) for row in found["rows"]] == [
        ("Satu", 6, 0.25, 1.0), ("Dua", 6, 1.0, 1.0)
    ]  # fmt: skip
    assert found["rows"][1]["gain"] == found["rows"][1]["low"] == 0
    assert (found["total"]["people"], found["total"]["gain"]) == (6, 0.375)
    assert found["total"]["low"] < 0.375 < found["total"]["high"]
    # The order of learners changes no bit, and nobody is named.
    assert made(course, before[::-1], after[::-1], shared=False) == found
    assert f"{3:032x}" not in json.dumps(found)


def test_fewer_than_five_are_hidden_and_shown_inside(course: Course) -> None:
    before, after = ([sat(one, n, (0, 1, 1, 1)) for n in range(4)] for one in (BEFORE, AFTER))
    found = made(course, before, after)
    figures = ("people", "before", "after", "gain", "low", "high")
    assert {line[name] for line in (*found["rows"], found["total"]) for name in figures} <= {None}
    assert made(course, before, after, shared=False)["total"]["people"] == 4


def test_people_come_in_by_fives_so_that_two_months_tell_of_nobody(course: Course) -> None:
    def until(day: date) -> dict[str, Any]:
        days = [JAN] * 6 + [FEB] * 2 + [date(2026, 3, 31)] * 3
        both = ([sat(one, n, (0, 1, 1, n % 2), day) for n, day in enumerate(days)] for one in (BEFORE, AFTER))
        return made(course, *both, day=day)

    assert [until(day)["total"]["people"] for day in (JAN, FEB, date(2026, 3, 31))] == [5, 5, 10]
    assert until(JAN)["rows"] == until(FEB)["rows"]


def test_who_leaves_a_unit_takes_no_result_along(course: Course) -> None:
    def told(people: range) -> dict[str, Any]:
        before = [sat(BEFORE, n, (0, n % 2, 0, 1)) for n in people]
        after = [sat(AFTER, n, (n != 0, 1, 1, 1)) for n in people]
        return made(course, before, after)

    # One of 41, whose result is like nobody else's: the figures are those of the 40 who stay.
    with_them, without = told(range(41)), told(range(1, 41))
    assert with_them["rows"] == without["rows"]
    total, exact = without["total"], [0.375, 1.0, 0.625]
    assert [total[name] for name in ("before", "after", "gain")] == pytest.approx(exact, abs=2.5 / 40)
    assert total["low"] < 0.625 < total["high"]
    assert [1000 * total[name] % 125 for name in total if name != "people"] == [0] * 5
    # Of fewer than twenty a mean would say nothing; how many there are is told to the nearest five.
    assert told(range(17))["total"] == dict.fromkeys(total) | {"people": 15}


def test_each_group_is_told_as_if_it_were_asked_for_alone(course: Course) -> None:
    of = {f"{n:032x}": "PNS" if n < 30 else "PPPK" for n in range(33)}

    def told(people: range, **more: Any) -> dict[str, Any]:
        both = ([sat(one, n, (0, n % 2, 1, mark)) for n in people] for mark, one in ((0, BEFORE), (1, AFTER)))
        return document(course, (BEFORE, AFTER), tuple(both), as_of=FEB, **more)  # type: ignore[arg-type]

    alone = told(range(30), shared=True)
    found = told(range(40), shared=True, groups=Groups("jenis", of))
    every = {"name": "Semua topik", "topic": "", **alone["total"]}
    assert found["rows"] == [{"group": "PNS", **row} for row in (*alone["rows"], every)]
    inside = told(range(40), shared=False, groups=Groups("jenis", of))
    assert [(row["group"], row["name"], row["people"]) for row in inside["rows"]][2:4] == [
        ("PNS", "Semua topik", 30), ("PPPK", "Satu", 3)
    ]  # fmt: skip
    # Who stands nowhere now is in no group, nor in their sum.
    assert inside["total"]["people"] == 33
    for form, make in FORMS.items():
        assert make(found), form
    assert "Jumlah" in as_table(found, width=160)


def test_only_month_s_ends_are_shared(course: Course) -> None:
    with pytest.raises(ReportError, match="--internal"):
        made(course, [], [], day=date(2026, 2, 27))


def test_every_form_has_the_report_s_figures(course: Course) -> None:
    before = [sat(BEFORE, n, (0, n % 2, 0, 1)) for n in range(6)]
    found = made(course, before, [sat(AFTER, n, (1, 1, 1, 1)) for n in range(6)], shared=False)
    table = as_table(found, width=160)
    assert "+75" in table
    assert "Semua topik" in table
    for form, make in FORMS.items():
        assert make(found), form
    assert "Student" in str(FORMS["html"](found))
