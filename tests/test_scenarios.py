"""The promises of netralitas/scenario.py: a graph, runs rebuilt from events, a view without spoilers."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import content
from netralitas.record import Event, RefusedError, Verb
from netralitas.scenarios import (
    Scenario,
    advance,
    choice_event,
    path_ending,
    reachable,
    runs,
    view,
)

TOY = Path(__file__).parent / "course"
STORY = content.load(TOY).scenarios["contoh-cerita"]
REAL = content.load(Path(__file__).parents[1]).scenarios
STORIES = [STORY, *REAL.values()]
CITED = {ending.id: [{"text": f"kutipan {ending.id}"}] for ending in STORY.endings}


def happened(
    seq: int, verb: Verb, obj: str, result: dict[str, Any], *, attempt: int = 1, after: int = 0
) -> Event:
    return Event(
        id=str(uuid.UUID(int=seq, version=4)),
        verb=verb,
        object=obj,
        attempt=attempt,
        after=after,
        revision="0" * 16,
        result=result,
        learner="0" * 32,
        site="tes",
        seq=seq,
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        session="sesi",
        chain="0" * 64,
    )


def opened(story: Scenario, *, attempt: int = 1, seq: int = 1) -> Event:
    return happened(seq, "opened", story.root, {}, attempt=attempt)


def chose(story: Scenario, events: list[Event], choice: str) -> list[Event]:
    place = runs(story, events)[-1].place
    result, run = choice_event(story, events, scene=place, choice=choice)
    event = happened(
        events[-1].seq + 1, "chose", f"{story.root}/{place}", result, attempt=run.number, after=run.last_seq
    )
    return [*events, event]


def walked(story: Scenario, choices: str) -> list[Event]:
    events = [opened(story)]
    for choice in choices:
        events = chose(story, events, choice)
    return events


def walk(story: Scenario, data: st.DataObject, most: int = 12) -> list[Event]:
    """Return the events of a learner who takes up to `most` choices of hypothesis's liking."""
    events = [opened(story)]
    for _ in range(data.draw(st.integers(0, most))):
        scene = story.scene(runs(story, events)[-1].place)
        if scene is None:
            break
        events = chose(story, events, data.draw(st.sampled_from([c.id for c in scene.choices])))
    return events


class TestGraph:
    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_every_scene_and_ending_can_be_reached(self, story: Scenario) -> None:
        assert reachable(story) == {place.id for place in (*story.scenes, *story.endings)}

    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_every_scene_has_a_way_to_an_ending(self, story: Scenario) -> None:
        out = {ending.id for ending in story.endings}
        for _ in story.scenes:
            out |= {scene.id for scene in story.scenes if any(c.next in out for c in scene.choices)}
        assert {scene.id for scene in story.scenes} <= out

    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_recommended_path_reaches_an_ending_of_tone_tepat(self, story: Scenario) -> None:
        ending = story.ending(path_ending(story, story.recommended))
        assert ending is not None
        assert ending.tone == "tepat"

    def test_advance_leads_on_and_refuses_what_is_not_there(self) -> None:
        assert advance(STORY, "s1", "a") == "s2"
        for place, choice in (("s1", "z"), ("s9", "a"), ("baik", "a")):
            with pytest.raises(RefusedError):
                advance(STORY, place, choice)


class TestRuns:
    def test_no_run_without_an_opening(self) -> None:
        assert runs(STORY, []) == ()

    @given(st.sampled_from(STORIES), st.data())
    def test_run_is_a_function_of_its_events(self, story: Scenario, data: st.DataObject) -> None:
        events = walk(story, data)
        (run,) = runs(story, events)
        assert run.place == path_ending(story, [choice for _, choice in run.steps])
        assert len(run.steps) == len(events) - 1
        assert run.last_seq == events[-1].seq
        assert runs(story, list(events)) == (run,)

    def test_result_names_the_ending_only_at_an_ending(self) -> None:
        on_the_way, at_the_end = walked(STORY, "ba")[1:]
        assert on_the_way.result == {"choice": "b", "place": "s3"}
        assert at_the_end.result == {"choice": "a", "place": "baik", "ending": "baik"}

    def test_a_second_run_starts_at_the_beginning_and_the_first_stays(self) -> None:
        first, second = runs(STORY, [*walked(STORY, "ba"), opened(STORY, attempt=2, seq=9)])
        assert (first.place, second.place, second.steps) == ("baik", "s1", ())

    def test_events_of_another_story_change_nothing(self) -> None:
        assert runs(STORY, [opened(REAL["like-unggahan"])]) == ()

    @pytest.mark.parametrize(
        ("path", "scene", "choice"),
        [("", "s2", "a"), ("", "s1", "z"), ("a", "s1", "a"), ("ba", "s3", "a"), ("ba", "baik", "a")],
    )
    def test_choices_that_do_not_fit_are_refused(self, path: str, scene: str, choice: str) -> None:
        with pytest.raises(RefusedError):
            choice_event(STORY, walked(STORY, path), scene=scene, choice=choice)

    def test_a_choice_before_the_opening_is_refused(self) -> None:
        with pytest.raises(RefusedError):
            choice_event(STORY, [], scene="s1", choice="a")


class TestView:
    def test_new_learner_sees_setting_and_no_scene(self) -> None:
        shown = view(STORY, [], citations=CITED)
        assert (shown["status"], shown["scene"], shown["ending"]) == ("new", None, None)
        assert shown["setting"] == "Kantor contoh"

    @given(st.sampled_from(STORIES), st.data())
    def test_view_holds_no_scene_not_reached_and_no_consequence_not_earned(
        self, story: Scenario, data: st.DataObject
    ) -> None:
        events = walk(story, data)
        (run,) = runs(story, events)
        shown = view(story, events, citations={})
        text = json.dumps({k: v for k, v in shown.items() if k != "recommended"}, ensure_ascii=False)
        for scene in story.scenes:
            if scene.id != run.place:
                assert not any(line in text for line in scene.narration)
            for choice in scene.choices:
                earned = (scene.id, choice.id) in run.steps
                assert (choice.consequence in text) == earned
        for ending in story.endings:
            at = ending.id == run.place
            assert (ending.tomorrow in text) == at
            assert all((line in text) == at for line in ending.text)
        assert ("recommended" in shown) == (story.ending(run.place) is not None)

    def test_a_scene_shows_choices_without_where_they_lead(self) -> None:
        scene = view(STORY, walked(STORY, ""), citations=CITED)["scene"]
        assert scene["choices"] == [{"id": "a", "text": "Pilihan s1 a"}, {"id": "b", "text": "Pilihan s1 b"}]
        assert scene["speaker"] == {"name": "Bu Contoh", "role": "rekan", "says": ["Ucapan adegan satu."]}

    def test_ending_shows_its_citations_and_both_paths(self) -> None:
        shown = view(STORY, walked(STORY, "aab"), citations=CITED)
        assert shown["status"] == "finished"
        assert shown["ending"]["tone"] == "belum"
        assert shown["ending"]["citations"] == [{"text": "kutipan kurang"}]
        assert [row["choice"] for row in shown["trail"]] == ["a", "a", "b"]
        assert [(row["scene"], row["choice"]) for row in shown["recommended"]] == [("s1", "b"), ("s3", "a")]

    def test_finished_counts_the_runs_brought_to_an_ending(self) -> None:
        events = [*walked(STORY, "ba"), opened(STORY, attempt=2, seq=9)]
        shown = view(STORY, events, citations=CITED)
        assert (shown["finished"], shown["attempt"], shown["status"]) == (1, 2, "running")

    def test_a_draft_shows_only_while_the_story_runs(self) -> None:
        assert view(STORY, walked(STORY, "b"), citations=CITED, draft={"choice": "a"})["draft"]
        assert view(STORY, walked(STORY, "ba"), citations=CITED, draft={"choice": "a"})["draft"] is None

    def test_a_scene_withdrawn_since_then_sends_back_to_the_beginning(self) -> None:
        events = [opened(STORY), happened(2, "chose", f"{STORY.root}/s1", {"choice": "a", "place": "s8"})]
        shown = view(STORY, events, citations=CITED)
        assert shown["scene"]["id"] == "s1"


class TestModel:
    @pytest.mark.parametrize(
        ("path", "value", "fault"),
        [
            (("start",), "s9", "'start' menunjuk adegan 's9'"),
            (("scenes", 0, "choices", 0, "next"), "s9", "menuju 's9' yang tidak ada"),
            (("scenes", 0, "choices", 1, "id"), "a", "huruf pilihan dipakai dua kali"),
            (("endings", 0, "id"), "s1", "id dipakai dua kali"),
        ],
    )
    def test_an_unsound_story_is_refused_with_its_remedy(
        self, path: tuple[Any, ...], value: str, fault: str
    ) -> None:
        raw = STORY.model_dump(mode="json")
        here: Any = raw
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        with pytest.raises(ValueError, match=fault):
            Scenario.model_validate(raw)
