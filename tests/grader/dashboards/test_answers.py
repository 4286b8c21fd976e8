"""Items, certainty and ways on the trainer's dashboard are the same figures the commands print."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable

import pytest

from grader.dashboards import answers
from grader.item_report import document
from netralitas import content
from netralitas.demo import EDUCATION, HEALTH
from netralitas.record import Event, Given
from netralitas.store import Stamp, Store
from netralitas.widgets.board import Shown
from tests.site import MODULE

QUIZ = content.current().quizzes[MODULE]


def rows(shown: Shown, name: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(shown.files[f"{name}.csv"]().decode("utf-8-sig")))][1:]


def test_items_are_those_of_the_report_on_the_same_people(store: Store, shown: Callable[..., Shown]) -> None:
    report = document(QUIZ, store.events_on(QUIZ.root, [EDUCATION]), which="first")
    assert 0 < report["attempts"] < len(store.people_under(None))
    found = rows(shown(answers._items, kuis=MODULE), f"soal-{MODULE}")
    assert [(row[0], int(row[1])) for row in found] == [
        (one["item"], one["answers"]) for one in report["items"]
    ]
    assert [float(row[2]) for row in found] == [one["facility"] for one in report["items"]]
    flagged = [one["item"] for one in report["items"] if one["warnings"]]
    assert [row[0] for row in found if row[6]] == flagged


def test_an_unknown_quiz_or_story_is_the_first(shown: Callable[..., Shown]) -> None:
    html = shown(answers._items, kuis="../../etc/passwd").html
    assert "passwd" not in html
    assert "<option" in html
    assert "<script" not in shown(answers._ways, cerita="<script>").html


def decide(store: Store, learner: str, certainty: str, tone: str) -> None:
    """Let somebody decide the first scene of the module's first story."""
    root = f"scenario/{content.current().course.module(MODULE).scenarios[0]}"
    base = {"attempt": 1, "revision": "0" * 16}
    opened = Given(id=str(uuid.uuid4()), verb="opened", object=root, after=0, result={}, **base)
    course = content.current().course
    (first,) = store.append([Stamp(learner, "uji", opened)], course)
    assert isinstance(first, Event)
    result = {"choice": "a", "place": "x", "certainty": certainty, "tone": tone}
    chose = Given(
        id=str(uuid.uuid4()), verb="chose", object=f"{root}/s1", after=first.seq, result=result, **base
    )
    (second,) = store.append([Stamp(learner, "uji", chose)], course)
    assert isinstance(second, Event)


def test_sure_and_wrong_counts_the_unit_s_decisions_that_were_asked_how_sure(
    store: Store, shown: Callable[..., Shown]
) -> None:
    assert "Belum ada angka" in shown(answers._sure).html
    mine, other = store.people_under([EDUCATION]), store.people_under([HEALTH])
    kinds = [
        ("yakin", "tepat"),
        ("yakin", "belum"),
        ("yakin", "sebagian"),
        ("ragu", "belum"),
        ("menebak", "tepat"),
    ]
    for one, kind in zip(mine, kinds, strict=False):
        decide(store, one.learner, *kind)
    decide(store, other[0].learner, "yakin", "belum")
    (row,) = rows(shown(answers._sure), "peta-keyakinan")
    assert row[0] == content.current().course.module(MODULE).title
    assert [*map(int, row[1:5])] == [1, 2, 1, 1]
    assert float(row[5]) == 0.4
    assert "40 % yakin tetapi salah, dari 5 keputusan" in shown(answers._sure).html


def test_ways_hide_small_groups(store: Store, shown: Callable[..., Shown]) -> None:
    story = content.current().course.module(MODULE).scenarios[0]
    assert "Belum ada peserta yang menjalani" in shown(answers._ways, cerita=story).html
    for one in store.people_under([EDUCATION])[:4]:
        decide(store, one.learner, "yakin", "tepat")
    found = shown(answers._ways, cerita=story)
    assert "<svg" in found.html
    assert {row[2] for row in rows(found, f"alur-{story}")} <= {"< 5", "0"}


@pytest.mark.parametrize("part", [answers._items, answers._sure, answers._ways])
def test_no_person_is_in_what_is_drawn(
    store: Store, shown: Callable[..., Shown], part: Callable[..., Shown]
) -> None:
    found = shown(part, kuis=MODULE)
    told = found.html + "".join(make().decode("utf-8", "replace") for make in found.files.values())
    for one in store.people_under(None):
        assert one.learner not in told
        assert one.nip not in told
