"""The promises of netralitas/scenario.py: a graph, runs rebuilt from events, a view without spoilers."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas import content
from netralitas.explore import explore
from netralitas.record import Event, RefusedError, Verb
from netralitas.scenarios import (
    Here,
    Passage,
    RateScene,
    Scenario,
    advance,
    begin,
    choice_event,
    offered,
    path_ending,
    rate_event,
    runs,
    view,
)

TOY = Path(__file__).parent / "course"
STORY = content.load(TOY).scenarios["contoh-cerita"]
TENSE = content.load(TOY).scenarios["contoh-tekanan"]
REAL = content.load(Path(__file__).parents[1]).scenarios
STORIES = [STORY, *REAL.values()]
SPACES = {story.id: explore(story) for story in (TENSE, *STORIES)}
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


def lines(texts: tuple[str | Passage, ...]) -> list[str]:
    """Return every paragraph, also those told only where their condition holds."""
    return [text.text if isinstance(text, Passage) else text for text in texts]


class TestGraph:
    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_every_scene_and_ending_can_be_reached(self, story: Scenario) -> None:
        assert SPACES[story.id].places == {place.id for place in (*story.scenes, *story.endings)}

    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_every_scene_has_a_way_to_an_ending(self, story: Scenario) -> None:
        out = {ending.id for ending in story.endings}
        for _ in story.scenes:
            out |= {
                scene.id
                for scene in story.scenes
                if any(branch.to in out for move in scene.moves for branch in move.branches)
            }
        assert {scene.id for scene in story.scenes} <= out

    @pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
    def test_recommended_path_reaches_an_ending_of_tone_tepat(self, story: Scenario) -> None:
        ending = story.ending(path_ending(story, story.recommended))
        assert ending is not None
        assert ending.tone == "tepat"

    def test_advance_leads_on_and_refuses_what_is_not_there(self) -> None:
        assert advance(STORY, Here("s1"), "a").place == "s2"
        for place, choice in (("s1", "z"), ("s9", "a"), ("baik", "a")):
            with pytest.raises(RefusedError):
                advance(STORY, Here(place), choice)


class TestRuns:
    def test_no_run_without_an_opening(self) -> None:
        assert runs(STORY, []) == ()

    @settings(deadline=None)
    @given(st.sampled_from(STORIES), st.data())
    def test_run_is_a_function_of_its_events(self, story: Scenario, data: st.DataObject) -> None:
        events = played(story, data)
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

    @settings(deadline=None)
    @given(st.sampled_from(STORIES), st.data())
    def test_view_holds_no_scene_not_reached_and_no_consequence_not_earned(
        self, story: Scenario, data: st.DataObject
    ) -> None:
        events = played(story, data)
        (run,) = runs(story, events)
        shown = view(story, events, citations={})
        text = json.dumps({k: v for k, v in shown.items() if k != "recommended"}, ensure_ascii=False)
        for scene in story.scenes:
            if scene.id != run.place:
                assert not any(line in text for line in lines(scene.narration))
            for move in scene.moves:
                earned = (scene.id, move.id) in run.steps
                assert (move.consequence in text) == earned
        for ending in story.endings:
            at = ending.id == run.place
            assert (ending.tomorrow in text) == at
            assert all((line in text) == at for line in ending.text if isinstance(line, str))
            assert at or not any(line in text for line in lines(ending.text))
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


SURE = st.sampled_from(["yakin", "ragu", "menebak"])


def decided(story: Scenario, events: list[Event], data: st.DataObject) -> list[Event]:
    """Take one decision of hypothesis's liking where the learner stands."""
    run = runs(story, events)[-1]
    scene = story.scene(run.place)
    assert scene is not None
    certainty = data.draw(SURE) if scene.certainty else None
    if isinstance(scene, RateScene):
        ratings = {name: data.draw(st.integers(1, 4)) for name in scene.key}
        result, run = rate_event(story, events, scene=scene.id, ratings=ratings, certainty=certainty)
    else:
        choice = data.draw(st.sampled_from([move.id for move in offered(story, run.here)]))
        result, run = choice_event(story, events, scene=scene.id, choice=choice, certainty=certainty)
    verb: Verb = "rated" if "ratings" in result else "chose"
    return [
        *events,
        happened(events[-1].seq + 1, verb, f"{story.root}/{scene.id}", result, after=run.last_seq),
    ]


def played(story: Scenario, data: st.DataObject, most: int = 20) -> list[Event]:
    events = [opened(story)]
    for _ in range(data.draw(st.integers(0, most))):
        if story.scene(runs(story, events)[-1].place) is None:
            break
        events = decided(story, events, data)
    return events


def tense(*steps: str | dict[str, int], sure: str = "yakin") -> list[Event]:
    """Play the story with memory: letters, or the ratings of its rating scene."""
    events = [opened(TENSE)]
    for step in steps:
        run = runs(TENSE, events)[-1]
        scene = TENSE.scene(run.place)
        assert scene is not None
        said: Any = {"scene": scene.id, "certainty": sure if scene.certainty else None}
        if isinstance(step, str):
            result, run = choice_event(TENSE, events, choice=step, **said)
        else:
            result, run = rate_event(TENSE, events, ratings=step, **said)
        verb: Verb = "chose" if isinstance(step, str) else "rated"
        seq = events[-1].seq + 1
        events.append(happened(seq, verb, f"{TENSE.root}/{scene.id}", result, after=run.last_seq))
    return events


KEY = {"a": 4, "b": 1, "c": 2, "d": 3}
BAD = {"a": 1, "b": 4, "c": 4, "d": 1}


class TestMemory:
    @settings(deadline=None)
    @given(st.sampled_from([TENSE, *STORIES]), st.data())
    def test_replay_on_another_server_equals_direct_play(self, story: Scenario, data: st.DataObject) -> None:
        events = played(story, data)
        here = begin(story)
        for event in events[1:]:
            here = advance(story, here, event.result["choice"])
        (run,) = runs(story, [Event.model_validate_json(event.model_dump_json()) for event in events])
        assert run.here == here
        assert run.place == path_ending(story, [choice for _scene, choice in run.steps])

    @settings(deadline=None)
    @given(st.sampled_from([TENSE, *STORIES]), st.data())
    def test_every_way_ends_within_the_longest(self, story: Scenario, data: st.DataObject) -> None:
        longest = SPACES[story.id].longest
        assert longest is not None
        events = [opened(story)]
        for _step in range(longest):
            if story.scene(runs(story, events)[-1].place) is None:
                break
            events = decided(story, events, data)
        assert story.ending(runs(story, events)[-1].place) is not None

    @settings(deadline=None)
    @given(st.data())
    def test_a_learner_stands_only_where_the_check_has_been(self, data: st.DataObject) -> None:
        assert runs(TENSE, played(TENSE, data))[-1].here in SPACES[TENSE.id].moves

    @settings(deadline=None)
    @given(st.data())
    def test_view_never_leaks(self, data: st.DataObject) -> None:
        events = played(TENSE, data)
        (run,) = runs(TENSE, events)
        shown = view(TENSE, events, citations={}, pictures={"contoh-ponsel.svg": "<svg/>"})
        over = shown.pop("recommended", None)
        text = json.dumps(shown, ensure_ascii=False)
        for scene in TENSE.scenes:
            for move in scene.moves:
                assert (move.consequence in text) == ((scene.id, move.id) in run.steps)
            if isinstance(scene, RateScene):
                rated = any(place == scene.id for place, _choice in run.steps)
                assert all((action.feedback in text) == rated for action in scene.actions)
                assert (scene.provenance in text) == rated
        for word in ("effects", "needs", "at_least", "jejak", "Jejak di akun"):
            assert word not in text
        if over is None:
            assert all(row["tone"] is None for row in shown["trail"])
            assert "sure_wrong" not in shown
            if shown["scene"]:
                assert {key for one in shown["scene"]["actions"] for key in one} <= {"id", "text"}
                assert {key for one in shown["scene"]["choices"] for key in one} <= {"id", "text"}

    def test_a_choice_is_offered_where_its_condition_holds(self) -> None:
        def letters(*steps: str) -> list[str]:
            scene = view(TENSE, tense(*steps), citations={})["scene"]
            return [choice["id"] for choice in scene["choices"]]

        assert letters("d") == ["a", "b", "c", "d"]
        assert letters("c") == ["a", "b", "c"]

    def test_a_paragraph_is_told_where_its_condition_holds(self) -> None:
        thanks = "Ia berterima kasih atas tanda suka Anda tadi malam."
        assert thanks in view(TENSE, tense("a"), citations={})["scene"]["narration"]
        assert thanks not in view(TENSE, tense("b"), citations={})["scene"]["narration"]

    def test_the_state_decides_where_a_choice_leads(self) -> None:
        assert runs(TENSE, tense("b", "b"))[-1].place == "s3"
        assert runs(TENSE, tense("a", "b"))[-1].place == "s4"

    def test_only_shown_variables_are_seen_with_what_they_were(self) -> None:
        rows = view(TENSE, tense("d"), citations={})["state"]
        assert rows == [
            {"label": "Tekanan", "value": 1, "before": 0, "min": 0, "max": 3},
            {"label": "Bukti", "value": 1, "before": 0, "min": 0, "max": 1},
        ]

    def test_a_picture_comes_with_its_words_even_where_its_file_is_gone(self) -> None:
        shown = view(TENSE, tense(), citations={}, pictures={"contoh-ponsel.svg": "<svg/>"})
        assert shown["scene"]["picture"]["svg"] == "<svg/>"
        gone = view(TENSE, tense(), citations={})["scene"]["picture"]
        assert (gone["svg"], gone["alt"][:6]) == ("", "Layar ")

    def test_an_event_tells_the_state_and_how_apt_a_sure_step_was(self) -> None:
        first, second = tense("d", "b")[1:]
        assert first.result == {"choice": "d", "place": "s2", "state": {"tekanan": 1, "bukti": 1, "jejak": 0}}
        assert (second.result["certainty"], second.result["tone"]) == ("yakin", "tepat")

    def test_a_rating_is_scored_and_its_outcome_leads_on(self) -> None:
        good, bad = tense("d", "d", KEY)[-1].result, tense("d", "d", BAD)[-1].result
        assert (good["score"], good["choice"], good["ratings"], good["state"]["tekanan"]) == (
            1.0,
            "a",
            KEY,
            2,
        )
        assert (bad["score"], bad["choice"], bad["state"]["tekanan"]) == (0.0, "b", 3)

    def test_a_rating_shows_key_and_feedback_once_it_is_given(self) -> None:
        row = view(TENSE, tense("d", "d", BAD), citations={})["trail"][-1]
        assert [(one["given"], one["key"]) for one in row["actions"]] == [(1, 4), (4, 1), (4, 2), (1, 3)]
        assert row["score"] == 0.0

    def test_sure_and_wrong_is_reported_at_the_ending(self) -> None:
        shown = view(TENSE, tense("d", "b", BAD, "a"), citations={})
        assert shown["sure_wrong"] == 1
        assert [row["tone"] for row in shown["trail"]] == [None, "tepat", "belum", None]
        assert view(TENSE, tense("d", "b", BAD, "a", sure="ragu"), citations={})["sure_wrong"] == 0
        assert [row["actions"][0]["given"] for row in shown["recommended"] if "actions" in row] == [4]

    @pytest.mark.parametrize(
        ("steps", "sent"),
        [
            (("d",), {"scene": "s2", "choice": "z", "certainty": "yakin"}),
            (("c",), {"scene": "s2", "choice": "d", "certainty": "yakin"}),
            (("d",), {"scene": "s2", "choice": "a"}),
            ((), {"scene": "s1", "choice": "a", "certainty": "yakin"}),
            (("d",), {"scene": "s1", "choice": "a"}),
            (("d",), {"scene": "s4", "choice": "b"}),
            (("d", "d"), {"scene": "s3", "choice": "a", "certainty": "yakin"}),
            (("b", "b", KEY), {"scene": "s4", "choice": "a"}),
            (("d",), {"scene": "s2", "ratings": KEY, "certainty": "yakin"}),
            (("d", "d"), {"scene": "s3", "ratings": {"a": 4, "b": 1, "c": 2}, "certainty": "yakin"}),
            (("d", "d"), {"scene": "s3", "ratings": {**KEY, "e": 1}, "certainty": "yakin"}),
            (("d", "d"), {"scene": "s3", "ratings": KEY}),
            (("d", "d", KEY), {"scene": "s3", "ratings": KEY, "certainty": "yakin"}),
        ],
    )
    def test_what_does_not_fit_is_refused_and_changes_nothing(
        self, steps: tuple[Any, ...], sent: dict[str, Any]
    ) -> None:
        events = tense(*steps)
        before = view(TENSE, events, citations={})
        with pytest.raises(RefusedError):
            (rate_event if "ratings" in sent else choice_event)(TENSE, events, **sent)
        assert view(TENSE, events, citations={}) == before

    def test_stories_that_differ_only_in_what_is_hidden_look_the_same_until_it_is_earned(self) -> None:
        raw = TENSE.model_dump(mode="json")
        for scene in raw["scenes"]:
            for action in scene.get("actions", ()):
                action |= {"key": 5 - action["key"], "feedback": "Lain sama sekali, dan jauh lebih panjang."}
            for move in scene.get("choices", scene.get("outcomes", ())):
                move |= {"consequence": "Akibat lain.", "tone": "sebagian"}
        for ending in raw["endings"]:
            ending |= {"text": ["Penutup lain."], "tone": "sebagian"}
        raw["recommended"] = ["a", "a", "c"]
        other = Scenario.model_validate(raw)
        events = tense("d", "d")

        def hidden(story: Scenario) -> Any:
            shown = view(story, events, citations={})
            return shown | {"trail": [row | {"consequence": ""} for row in shown["trail"]]}

        assert hidden(other) == hidden(TENSE)
        assert view(other, events[:1], citations={}) == view(TENSE, events[:1], citations={})

    def test_an_effect_beyond_the_bounds_is_refused_and_never_cut_off(self) -> None:
        high = Here("s1", (3, 0, 0))
        with pytest.raises(RefusedError, match="batas"):
            advance(TENSE, high, "b")

    def test_who_stands_where_nobody_can_stand_any_more_begins_again(self) -> None:
        events = tense("d")
        beyond = events[1].model_copy(update={"result": events[1].result | {"state": {"tekanan": 9}}})
        (run,) = runs(TENSE, [events[0], beyond])
        assert (run.here, run.made) == (begin(TENSE), ())
