"""Two mark blind, a third decides: dealt, marked apart, agreed, published; on both databases."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grader import double, gradebook, grading
from grader.assignment import criterion_cell
from grader.gradebook import CourseDir
from netralitas import content
from tests.grader.office import CASE, SLUG, Office, at_work, copied, furnish, learners, peopled
from tests.store.conftest import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SIZE = 8
BOTH = "Jelas.\nSebut tanggalnya."
CELLS = [criterion_cell(CASE, number) for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose case two people mark."""
    return furnish(tmp_path_factory.mktemp("kantor"), markers=2)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(
    furnished: Office, tmp_path: Path, cluster: Cluster, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """Eight learners of whom four wrote the case, and three who did not are trainers."""
    if request.param == "sqlite":
        office = copied(furnished, tmp_path)
    else:
        office = Office(tmp_path / "rumah", furnished.place, NETRALITAS_GRADEBOOK=cluster.url("nilai_ganda"))
        office.home.mkdir()
        cluster.run("CREATE DATABASE nilai_ganda")
        office.do("release", SLUG)
    peopled(office, SIZE)
    with office.store() as store:
        for learner in learners(store)[1:6:2]:
            store.grant(learner, "trainer", None, by="uji")
    yield office
    content.current.cache_clear()


@pytest.fixture
def course(office: Office, monkeypatch: pytest.MonkeyPatch) -> CourseDir:
    return office.settle_in(monkeypatch)


def marks(course: CourseDir, marker: str, learner: str, *points: float, comment: str = "") -> None:
    """Mark a learner's criteria in a marker's own gradebook, as Formgrader does; -1: leave it."""
    with closing(Gradebook(course.own(marker).db_url)) as book:
        for name, value in zip(CELLS, points, strict=True):
            if value >= 0:
                grade = book.find_grade(name, SLUG, SLUG, learner)
                grade.manual_score, grade.needs_manual_grade = value, False
                book.find_comment(name, SLUG, SLUG, learner).manual_comment = comment
        book.db.commit()


def given(office: Office) -> dict[str, list[tuple[float | None, str]]]:
    """What learners were given back of the case."""
    with office.store() as store:
        found = {who: store.published_of(who)[office.quiz.root] for who in learners(store)}
    return {
        who: [(row.points, row.comment) for row in one.cases[0].criteria]
        for who, one in found.items()
        if one.cases
    }


def test_two_mark_apart_a_third_decides_and_all_of_it_may_be_done_again(
    office: Office, course: CourseDir
) -> None:
    for step in ("collect", "run"):
        office.do(step, SLUG)
    dealt = double.hands(SLUG, course)
    with office.store() as store:
        everybody = learners(store)
    wrote, trainers = everybody[::2], set(everybody[1:6:2])
    assert sorted(dealt) == wrote
    assert {len(set(one.markers)) for one in dealt.values()} == {2}
    loads = Counter(marker for one in dealt.values() for marker in one.markers)
    assert (set(loads), sorted(loads.values())) == (trainers, [2, 3, 3])

    # Each sees their own sheets, unmarked, and nothing else; the tasks alone.
    for marker in trainers:
        sheets = {one.learner: one.cells for one in gradebook.found(SLUG, course.own(marker))}
        assert sorted(sheets) == [who for who in wrote if marker in dealt[who].markers]
        assert all([*cells] == CELLS for cells in sheets.values())
    equal, near, far, half = wrote
    for who, (first, second) in {
        equal: ((2, 1, 1), (2, 1, 1)),
        near: ((2, 1, 0), (1, 2, 1)),
        far: ((2, 2, 1), (2, 0, 1)),
        half: ((2, 2, 1), (2, -1, 1)),
    }.items():
        marks(course, dealt[who].markers[0], who, *first, comment="Jelas.")
        marks(course, dealt[who].markers[1], who, *second, comment="Sebut tanggalnya.")

    waiting: dict[str, Any] = dict.fromkeys(wrote, [(None, "")] * 3)
    office.do("publish", SLUG)
    assert given(office) == waiting
    told = office.do("agree", SLUG)
    assert f"{SLUG}: 2 studi kasus disepakati (2 berubah), 2 menunggu." in told
    assert f"{SLUG}: 1 diserahkan kepada penilai ketiga." in told
    assert f"{SLUG}, {CASE}, kriteria 2: kappa -0,67 dari 3 lembar." in told
    office.do("publish", SLUG)
    agreed = {
        equal: [(2, BOTH), (1, BOTH), (1, BOTH)],
        near: [(1.5, BOTH), (1.5, BOTH), (0.5, BOTH)],
    }
    assert given(office) == waiting | agreed

    # The third finds the disputed criterion alone, and no points of the others.
    (third,) = trainers - {*dealt[far].markers}
    assert double.hands(SLUG, course)[far].third == third
    cells = {one.learner: one.cells for one in gradebook.found(SLUG, course.own(third))}[far]
    assert {name: cell.score for name, cell in cells.items()} == {CELLS[1]: None}
    marks(course, third, far, -1, 1, -1, comment="Cukup.")
    assert "3 studi kasus disepakati (1 berubah), 1 menunggu" in office.do("agree", SLUG)
    office.do("publish", SLUG)
    agreed[far] = [(2, BOTH), (1, "Cukup."), (1, BOTH)]
    assert given(office) == waiting | agreed
    with office.store() as store:
        people = [store.published_of(who)[office.quiz.root].cases[0].markers for who in (equal, far)]
        assert people == [2, 3]
        noted = [row for row in store.audit_rows() if row.act == "marks.agreed"]
        assert [row.detail["changed"] for row in noted] == [1, 2]
    how = double.hands(SLUG, course)[far].settled
    assert [how[name].how for name in CELLS] == ["sama", "penilai ketiga", "sama"]

    # Done again, and after a kill wherever it strikes, nothing differs.
    before = state(course)
    with office.command("agree", SLUG) as process:
        while process.poll() is None and not at_work(course.work):
            pass
        process.send_signal(signal.SIGKILL)
    for step in ("collect", "run", "agree"):
        assert "disisihkan" not in office.do(step, SLUG)
    assert state(course) == before
    assert "(0 berubah)" in office.do("agree", SLUG)

    leaves_every_gradebook(office, course, far)


def leaves_every_gradebook(office: Office, course: CourseDir, who: str) -> None:
    """A person's data are in the main gradebook and in each marker's, and leave all of them."""
    told = [*grading.held(who, [office.quiz], course)]
    assert told == [SLUG, *(f"{SLUG}, penilai {number}" for number in (1, 2, 3))]
    assert grading.forget(who, [office.quiz], course)
    assert who not in double.hands(SLUG, course)
    assert who not in str([gradebook.found(SLUG, place) for place in (course, *course.owns())])


def state(course: CourseDir) -> dict[str, Any]:
    """Everything that must be the same in the end."""
    dealt = double.hands(SLUG, course)
    own = {marker for one in dealt.values() for marker in one.everybody}
    books = {marker: gradebook.found(SLUG, course.own(marker)) for marker in own}
    return {"hands": dealt, "main": gradebook.found(SLUG, course), "own": books}


def test_who_may_mark_no_more_is_replaced_and_too_few_are_told(
    furnished: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = peopled(copied(furnished, tmp_path), SIZE)
    course = office.settle_in(monkeypatch)
    with office.store() as store:
        wrote, (first, second, third) = learners(store)[::2], learners(store)[1:6:2]
        store.grant(first, "trainer", None, by="uji")
        # A trainer of the only other kind: who wrote the case marks everybody's but their own.
        store.grant(wrote[0], "trainer", None, by="uji")
    told = office.do("collect", SLUG)
    assert f"{SLUG}: 1 studi kasus belum punya dua penilai." in told
    dealt = double.hands(SLUG, course)
    assert dealt[wrote[0]].markers == (first,)
    assert {frozenset(dealt[who].markers) for who in wrote[1:]} == {frozenset((first, wrote[0]))}
    with office.store() as store:
        store.grant(second, "trainer", None, by="uji")
        store.grant(third, "trainer", None, by="uji")
        store.revoke(first, "trainer", None, by="uji")
    assert "belum punya dua penilai" not in office.do("collect", SLUG)
    assert first not in {marker for one in double.hands(SLUG, course).values() for marker in one.markers}
    # A quiz that is marked by one again has no hands.
    path = office.place / "quizzes" / f"{SLUG}.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("  markers: 2\n", ""), encoding="utf-8")
        office.do("collect", SLUG)
    finally:
        path.write_text(text, encoding="utf-8")
    assert double.hands(SLUG, course) == {}
