"""The promises of netralitas/coverage.py: what is there is counted, a promise not kept is a hole."""

from __future__ import annotations

from pathlib import Path

import pytest

from netralitas import content
from netralitas.coverage import Covered, covered, lines

TOY = content.load(Path(__file__).parent / "course")


def toy() -> Covered:
    return covered(TOY.course, TOY.law, TOY.scenarios.values(), TOY.quizzes.values(), TOY.pledges.values())


def test_stories_and_items_are_counted_where_they_stand() -> None:
    found = toy()
    assert found.counts["roles"]["guru"].stories == sum(one.role == "guru" for one in TOY.scenarios.values())
    assert found.counts["acts"]["contoh-larangan"].stories == len(TOY.scenarios)
    assert sum(found.kinds.values()) == sum(len(quiz.questions) for quiz in TOY.quizzes.values())
    items = sum(len(TOY.quizzes[module.quiz].questions) for module in TOY.course.modules if module.quiz)
    assert sum(one.items for one in found.counts["topics"].values()) == items


def test_a_word_without_a_story_is_a_hole_and_one_with_a_story_is_none() -> None:
    found = toy()
    held = {story.role for story in TOY.scenarios.values()}
    missing = {word for axis, word in found.holes if axis == "roles"}
    assert missing == {str(role) for role in TOY.course.tags.roles} - held
    nothing = covered(TOY.course, TOY.law, [], [], [])
    assert ("acts", "contoh-larangan") in nothing.holes
    assert ("acts", "contoh-larangan") not in found.holes


def test_a_depth_without_an_item_is_a_hole() -> None:
    nothing = covered(TOY.course, TOY.law, TOY.scenarios.values(), [], [])
    topics = [module.slug for module in TOY.course.modules if module.scenarios]
    assert {(topic, depth) for topic in topics for depth in TOY.course.tags.depths} <= set(nothing.holes)


def test_points_of_a_pledge_are_listed_with_what_they_rest_on() -> None:
    found = toy()
    assert found.points == {"contoh-ikrar/pertama": ("pp-contoh",), "contoh-ikrar/kedua": ("uu-contoh",)}
    told = [line.split() for line in lines(found)]
    assert ["contoh-ikrar/kedua", "uu-contoh"] in told


@pytest.mark.parametrize("filled", [True, False])
def test_lines_name_every_word_and_end_with_the_holes(filled: bool) -> None:
    found = toy().model_copy(update={"holes": ()} if filled else {})
    told = "\n".join(lines(found))
    for row in found.counts.values():
        assert all(word in told for word in row)
    assert told.endswith("Semua yang dijanjikan ada.") if filled else "Belum ada (" in told
