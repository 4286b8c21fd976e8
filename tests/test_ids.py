"""Published ids: the list only grows, and what was given up never comes back."""

from __future__ import annotations

from pathlib import Path

from netralitas import content
from netralitas.ids import published, reused, updated

TOY = Path(__file__).parent / "course"


def toy() -> set[str]:
    known = content.load(TOY)
    return published(
        known.course, known.law, known.quizzes.values(), known.scenarios.values(), known.pledges.values()
    )


def test_every_kind_of_id_is_published() -> None:
    found = toy()
    assert {"module/contoh-kuis", "quiz/contoh-kuis", "quiz/contoh-kuis/k01", "act/contoh-larangan"} <= found
    assert {"scenario/contoh-cerita", "scenario/contoh-cerita/s1"} <= found


def test_new_ids_are_added_and_vanished_ones_marked() -> None:
    first = updated("", {"quiz/a/k1", "quiz/a/k2"})
    assert first == "quiz/a/k1\nquiz/a/k2\n"
    assert updated(first, {"quiz/a/k1", "quiz/a/k3"}) == "quiz/a/k1\n× quiz/a/k2\nquiz/a/k3\n"
    assert updated(first, {"quiz/a/k1", "quiz/a/k2"}) == first


def test_a_mark_is_for_ever_and_reuse_is_told() -> None:
    text = "× quiz/a/k1\nquiz/a/k2\n"
    assert updated(text, {"quiz/a/k1", "quiz/a/k2"}) == text
    (told,) = reused(text, {"quiz/a/k1", "quiz/a/k2"})
    assert "quiz/a/k1" in told
    assert "Beri id" in told
    assert reused(text, {"quiz/a/k2"}) == []


def test_the_list_of_the_course_is_up_to_date() -> None:
    known = content.current()
    now = published(
        known.course, known.law, known.quizzes.values(), known.scenarios.values(), known.pledges.values()
    )
    text = (content.root() / "data" / "ids.txt").read_text(encoding="utf-8")
    assert reused(text, now) == []
    assert updated(text, now) == text
