"""Misconceptions: wrong options with their acts, the sure ones first, nobody to be worked out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from grader.grouping import Groups
from grader.misconceptions import document
from netralitas.model import revision
from netralitas.quizzes import Quiz
from netralitas.reports import ReportError
from netralitas.sheets import FORMS, as_table

NOV, DEC = date(2026, 11, 30), date(2026, 12, 31)
ACTS: Any = {"foto": SimpleNamespace(title="Berfoto")}


@pytest.fixture(scope="module")
def asked(quiz: Quiz) -> Quiz:
    """The toy quiz, whose first item rests on an act."""
    first = quiz.questions[0].model_copy(update={"rules": ("foto",)})
    return quiz.model_copy(update={"questions": (first, *quiz.questions[1:])})


@pytest.fixture
def crowd(asked: Quiz, record: Any, answered: Any) -> Any:
    """Return a function: people who take b of k01, `sure` of them sure, and wrong options of nothing else."""

    def made(people: int, sure: int = 0, *, first: int = 0, days: int = 0) -> list[list[Any]]:
        today = {question.id: revision(question) for question in asked.questions}
        found = []
        for number in range(first, first + people):
            told = {"certainty": "yakin"} if number < first + sure else {}
            events = record(f"{number:032x}", (number, answered("right") | {"k01": ("b",)}))
            found.append([
                event.model_copy(update={
                    "received_at": event.received_at + timedelta(days=days),
                    "revision": today.get(event.object.rsplit("/", 1)[-1], "0" * 16),
                    "result": event.result | (told if event.object.endswith("/k01") else {}),
                })
                for event in events
            ])  # fmt: skip
        return found

    return made


def made(quiz: Quiz, records: Any, day: date = NOV, *, shared: bool = True) -> dict[str, Any]:
    return document([(quiz, records)], ACTS, as_of=day, shared=shared, content="1")


def test_a_wrong_option_stands_with_its_words_its_act_and_its_people(asked: Quiz, crowd: Any) -> None:
    found = made(asked, crowd(13, 7))
    assert found["rows"] == [
        {
            "name": "contoh-nilai/k01", "option": "pilihan b", "rules": "foto: Berfoto", "people": 15,
            "chose": 15, "share": 1.0, "sure": 5,
        }
    ]  # fmt: skip
    inside = made(asked, crowd(13, 7), shared=False)["rows"][0]
    assert (inside["people"], inside["chose"], inside["sure"]) == (13, 13, 7)
    assert f"{3:032x}" not in json.dumps(found)


def test_who_was_sure_comes_first(asked: Quiz, crowd: Any) -> None:
    other = asked.model_copy(update={"id": "lain"})
    found = document([(asked, crowd(30)), (other, crowd(10, 6))], ACTS, as_of=NOV, shared=True, content="1")
    assert [row["name"] for row in found["rows"]] == ["lain/k01", "contoh-nilai/k01"]


def test_fewer_than_five_are_not_told(asked: Quiz, crowd: Any) -> None:
    assert made(asked, crowd(4))["rows"] == []
    assert made(asked, crowd(12, 4))["rows"][0]["sure"] is None
    assert made(asked, crowd(4), shared=False)["rows"][0]["chose"] == 4


def test_two_months_differ_by_nobody_or_by_five(asked: Quiz, crowd: Any) -> None:
    people = [*crowd(12), *crowd(4, first=20, days=30)]
    assert made(asked, people, NOV)["rows"] == made(asked, people, DEC)["rows"]
    more = [*people, *crowd(3, first=30, days=30)]
    assert made(asked, more, DEC)["rows"][0]["people"] == 20
    with pytest.raises(ReportError, match="--internal"):
        made(asked, people, date(2026, 12, 3))


def test_each_group_is_told_as_if_it_were_asked_for_alone(asked: Quiz, crowd: Any) -> None:
    many, few, gone = crowd(13, 7), crowd(4, first=20), crowd(9, first=40)
    of = {own[0].learner: "Guru" for own in many} | {own[0].learner: "Staf" for own in few}

    def told(**more: Any) -> dict[str, Any]:
        everybody = [*gone, *few, *many]
        return document(
            [(asked, everybody)], ACTS, as_of=NOV, content="1", groups=Groups("jabatan", of), **more
        )

    found = told(shared=True)
    assert found["rows"] == [{"group": "Guru", **row} for row in made(asked, many)["rows"]]
    inside = told(shared=False)
    assert [(row["group"], row["people"]) for row in inside["rows"]] == [("Guru", 13), ("Staf", 4)]
    for form, make in FORMS.items():
        assert make(found), form
    assert FORMS["csv"](found).startswith("group,name,")  # type: ignore[arg-type, union-attr]
    with pytest.raises(ReportError, match="semua orang saja"):
        told(shared=True, under="Dinas Contoh")


def test_an_older_wording_is_left_out(asked: Quiz, crowd: Any) -> None:
    old = [[event.model_copy(update={"revision": "0" * 16}) for event in events] for events in crowd(12)]
    assert made(asked, old)["rows"] == []


def test_every_form_has_it(asked: Quiz, crowd: Any) -> None:
    found = made(asked, crowd(13, 7))
    assert "foto: Berfoto" in " ".join(as_table(found, width=160).split())
    for form, make in FORMS.items():
        assert make(found), form
