"""Exploring a story: every position is visited, and every planted fault is found where it is."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas import content
from netralitas.explore import MOST, attainable, explore, in_order
from netralitas.scenarios import RateScene, Scenario, advance, begin, offered

TOY = content.load(Path(__file__).parent / "course").scenarios
TENSE = TOY["contoh-tekanan"]
SPACE = explore(TENSE)
STATE = ("tekanan", "risiko", "bukti")


def story(scenes: list[dict[str, Any]], state: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """A scenario of these scenes and one ending `akhir`; what is not said is filled in."""
    filled = [
        {"when": "Kapan", "narration": ["Narasi."], "question": "Apa?"}
        | scene
        | {"choices": [{"text": "Pilihan", "consequence": "Akibat"} | choice for choice in scene["choices"]]}
        for scene in scenes
    ]
    ending = {"tone": "tepat", "title": "Akhir", "text": ["Teks."], "rules": ["x"], "tomorrow": "Besok."}
    return Scenario.model_validate(
        {
            "format_version": 1,
            "id": "uji",
            "title": "Uji",
            "date": "2024-10-01",
            "setting": "Kantor",
            "role": "guru",
            "stage": "kampanye",
            "causes": (),
            "skills": (),
            "objective": "Tujuan",
            "start": filled[0]["id"],
            "recommended": (),
            "state": state or {},
            "scenes": filled,
            "endings": [ending | {"id": "akhir"}],
        }
        | more
    )


def long_story() -> Scenario:
    """Twelve scenes in a row, three variables of four values, each scene able to move one of them."""
    scenes = []
    for number in range(1, 13):
        name = STATE[number % 3]
        onward = f"s{number + 1}" if number < 12 else "akhir"
        choices = [
            {"id": "a", "effects": {name: 1}, "needs": {name: "<3"}, "next": onward},
            {"id": "b", "next": onward},
            {"id": "c", "effects": {name: "=0"}, "needs": {name: ">=1"}, "next": onward},
        ]
        # Nothing to lose yet in the first scenes.
        scenes.append({"id": f"s{number}", "choices": choices if number > 3 else choices[:2]})
    return story(scenes, {name: {"label": name, "max": 3} for name in STATE})


def problems(scenario: Scenario) -> set[tuple[str, str, str]]:
    return {(one.kind, one.place, one.part) for one in explore(scenario).problems}


def test_a_clean_story_of_twelve_scenes_and_three_variables_is_checked_at_once(
    record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = long_story()
    began = time.perf_counter()
    space = explore(scenario)
    seconds = time.perf_counter() - began
    with capsys.disabled():
        sys.stdout.write(f"\n12 scenes, 3 variables: {len(space.moves)} positions in {seconds:.3f} s\n")
    record_property("seconds", seconds)
    assert space.problems == ()
    assert space.longest == 12
    # By hand: each third scene moves the same variable, which then has one value more, up to four.
    places = [*(f"s{number}" for number in range(1, 13)), "akhir"]
    at = [sum(1 for here in space.moves if here.place == place) for place in places]
    assert at == [1, 2, 4, 8, 12, 18, 27, 36, 48, 64, 64, 64, 64]
    assert len(space.moves) == 412
    assert seconds < 20


def test_only_the_past_somebody_asks_for_tells_positions_apart() -> None:
    choices = [{"id": "a", "next": "s2"}, {"id": "b", "next": "s2"}]
    plain = [{"id": "a", "next": "akhir"}, {"id": "b", "next": "akhir"}]
    asking = [plain[0], plain[1] | {"needs": {"chose": "s1/a"}}]
    first = {"id": "s1", "choices": choices}
    assert len(explore(story([first, {"id": "s2", "choices": plain}])).moves) == 3
    assert len(explore(story([first, {"id": "s2", "choices": asking}])).moves) == 5


def test_a_story_that_comes_back_with_a_way_out_is_sound_and_has_no_longest_way() -> None:
    space = explore(
        story([{"id": "s1", "choices": [{"id": "a", "next": "s1"}, {"id": "b", "next": "akhir"}]}])
    )
    assert (space.problems, space.longest) == ((), None)


def test_a_circle_without_a_way_out_is_found_and_what_leads_there_is_not_blamed() -> None:
    scenes = [
        {"id": "s1", "choices": [{"id": "a", "next": "s2"}, {"id": "b", "next": "akhir"}]},
        {"id": "s2", "choices": [{"id": "a", "next": "s3"}, {"id": "b", "next": "s3"}]},
        {"id": "s3", "choices": [{"id": "a", "next": "s2"}, {"id": "b", "next": "s2"}]},
    ]
    assert problems(story(scenes)) == {("no_exit", "s2", ""), ("no_exit", "s3", "")}


def test_a_dead_end_is_told_once_with_the_state_it_happens_in() -> None:
    scenes = [
        {
            "id": "s1",
            "choices": [{"id": "a", "effects": {"x": 1}, "next": "s2"}, {"id": "b", "next": "s2"}],
        },
        {
            "id": "s2",
            "choices": [
                {"id": "a", "needs": {"x": 1}, "next": "akhir"},
                {"id": "b", "needs": {"x": 1}, "next": "akhir"},
            ],
        },
    ]
    (problem,) = explore(story(scenes, {"x": {"label": "X"}})).problems
    assert (problem.kind, problem.place, problem.state) == ("dead_end", "s2", (("x", 0),))


def test_an_effect_beyond_its_bounds_is_told_once_and_hides_nothing_behind_it() -> None:
    scenes = [
        {
            "id": "s1",
            "choices": [{"id": "a", "effects": {"x": 2}, "next": "s2"}, {"id": "b", "next": "s2"}],
        },
        {
            "id": "s2",
            "choices": [
                {"id": "a", "needs": {"x": 1}, "next": "akhir"},
                {"id": "b", "next": "akhir"},
            ],
        },
    ]
    (problem,) = explore(story(scenes, {"x": {"label": "X"}})).problems
    assert problem[:5] == ("bounds", "s1", "pilihan a", "x", 2)


def test_a_story_too_large_to_look_at_is_refused() -> None:
    names = [f"v{letter}" for letter in "abcd"]
    choices = [
        {"id": letter, "effects": {name: 1}, "needs": {name: "<20"}, "next": "s1"}
        for letter, name in zip("abcd", names, strict=True)
    ]
    scenes = [{"id": "s1", "choices": [*choices, {"id": "e", "next": "akhir"}]}]
    space = explore(story(scenes, {name: {"label": name, "max": 20} for name in names}))
    assert [(one.kind, one.value) for one in space.problems] == [("too_large", MOST)]


def test_outcomes_of_a_rating_have_the_chances_of_blind_guessing() -> None:
    scene = TENSE.scene("s3")
    assert isinstance(scene, RateScene)
    found = attainable(scene)
    assert sum(found.values()) == pytest.approx(1)
    assert found["a"] < 0.15


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_the_map_agrees_with_advance(data: st.DataObject) -> None:
    space = SPACE
    here = begin(TENSE)
    while TENSE.scene(here.place):
        assert set(space.moves[here]) == {move.id for move in offered(TENSE, here)}
        letter = data.draw(st.sampled_from(sorted(space.moves[here])))
        here = advance(TENSE, here, letter)
        assert here in space.moves


def test_positions_come_in_an_order_in_which_what_follows_stands_first() -> None:
    space = explore(TENSE)
    order = in_order(space)
    assert set(order) == set(space.moves)
    assert all(
        order.index(after) < order.index(here) for here in order for after in space.moves[here].values()
    )
