"""Scenarios: scenes, choices with a price, endings that cite the law of the scenario's day.

Pure. A scenario is a finite graph; a learner's place in it is a function of the choices made
(`walk`), so a killed kernel or another device comes back to the same scene. `view` is the only
thing that leaves for a browser: a scene not reached, a consequence not earned and an ending not
met are never in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from .model import ChoiceId, Slug, Status, Text, Value
from .record import Event, RefusedError
from .statements import Statement, require_cited

Tone = Literal["tepat", "sebagian", "belum"]


class Speaker(Value):
    """Who speaks in a scene (made-up persons only) and what they say."""

    name: Text
    role: Text
    says: tuple[Text, ...] = Field(min_length=1)


class ScenarioChoice(Value):
    """A way to act: what it brings (`consequence`) and the scene or ending it leads to."""

    id: ChoiceId
    text: Text
    consequence: Text
    next: Slug


class Scene(Value):
    """One moment: narration, perhaps somebody speaking, and what the learner can do."""

    id: Slug
    when: Text
    narration: tuple[Text, ...] = Field(min_length=1)
    speaker: Speaker | None = None
    after: tuple[Text, ...] = ()
    question: Text
    choices: tuple[ScenarioChoice, ...] = Field(min_length=2, max_length=5)


class Ending(Value):
    """How it ends: a tone, a debrief, and the acts whose rule on the scenario's date is cited.

    `holds` is what the debrief says of them, so that `check` finds one the law has overturned.
    """

    id: Slug
    tone: Tone
    title: Text
    text: tuple[Text, ...] = Field(min_length=1)
    rules: tuple[Slug, ...] = Field(min_length=1)
    holds: tuple[Statement, ...] = ()
    tomorrow: Text

    @model_validator(mode="after")
    def _cites_what_it_holds(self) -> Self:
        require_cited(self.holds, self.rules, f"penutup {self.id}")
        return self


class Scenario(Value):
    """A story on a day, for a role, with the path the authors recommend."""

    format_version: Literal[1]
    id: Slug
    status: Status = "terbit"
    title: Text
    date: date
    setting: Text
    role: Text
    stage: Text
    causes: tuple[Text, ...]
    skills: tuple[Text, ...]
    objective: Text
    start: Slug
    recommended: tuple[Text, ...]
    scenes: tuple[Scene, ...] = Field(min_length=1)
    endings: tuple[Ending, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [*(scene.id for scene in self.scenes), *(ending.id for ending in self.endings)]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(
                    f"adegan atau penutup {name}: id dipakai dua kali. Beri tiap adegan id sendiri."
                )
        for scene in self.scenes:
            letters = [choice.id for choice in scene.choices]
            if len(set(letters)) < len(letters):
                raise ValueError(f"adegan {scene.id}: huruf pilihan dipakai dua kali. Beri huruf sendiri.")
            for choice in scene.choices:
                if choice.next not in ids:
                    raise ValueError(
                        f"adegan {scene.id}, pilihan {choice.id}: menuju '{choice.next}' yang tidak ada. "
                        f"Tulis adegan itu atau betulkan 'next'."
                    )
        if self.start not in [scene.id for scene in self.scenes]:
            raise ValueError(f"'start' menunjuk adegan '{self.start}' yang tidak ada. Betulkan 'start'.")
        return self

    @property
    def root(self) -> str:
        """The object id its runs stand under."""
        return f"scenario/{self.id}"

    def scene(self, name: str) -> Scene | None:
        """Return the scene of that id, or None for an ending."""
        return next((scene for scene in self.scenes if scene.id == name), None)

    def ending(self, name: str) -> Ending | None:
        """Return the ending of that id, or None for a scene."""
        return next((ending for ending in self.endings if ending.id == name), None)


Step = tuple[str, str]
"""A scene and the choice made in it."""


def advance(scenario: Scenario, place: str, choice: str) -> str:
    """Return the place a choice leads to. Raises RefusedError when it cannot be made there."""
    scene = scenario.scene(place)
    made = next((c for c in scene.choices if c.id == choice), None) if scene else None
    if made is None:
        raise RefusedError("pilihan tidak ada di adegan ini")
    return made.next


class Run(Value):
    """One run through a scenario: the steps taken and the place reached."""

    number: int
    steps: tuple[Step, ...]
    place: str
    last_seq: int


def runs(scenario: Scenario, events: Sequence[Event]) -> tuple[Run, ...]:
    """Rebuild the runs from a learner's events, oldest first.

    A run follows the places its events name, so a scenario edited since then still shows where the
    learner stood, as far as that scene exists; else the run starts again at the beginning.
    """
    found: dict[int, Run] = {}
    for event in events:
        if event.root != scenario.root:
            continue
        if event.verb == "opened":
            found[event.attempt] = Run(
                number=event.attempt, steps=(), place=scenario.start, last_seq=event.seq
            )
        elif event.verb == "chose" and event.attempt in found:
            before = found[event.attempt]
            step = (event.object.rsplit("/", 1)[-1], str(event.result["choice"]))
            found[event.attempt] = before.model_copy(
                update={
                    "steps": (*before.steps, step),
                    "place": str(event.result["place"]),
                    "last_seq": event.seq,
                }
            )
    return tuple(_standing(scenario, found[number]) for number in sorted(found))


def _standing(scenario: Scenario, run: Run) -> Run:
    if scenario.scene(run.place) or scenario.ending(run.place):
        return run
    return run.model_copy(update={"place": scenario.start})


def choice_event(
    scenario: Scenario, events: Sequence[Event], *, scene: str, choice: str
) -> tuple[dict[str, Any], Run]:
    """Judge a choice against the running run: return the event's result and the run it fits.

    The result holds `choice`, the `place` reached, and `ending` where it is one. Raises RefusedError when
    no run is open, the learner stands elsewhere, or the choice does not exist.
    """
    done = runs(scenario, events)
    if not done or scenario.ending(done[-1].place) is not None:
        raise RefusedError("tidak ada cerita yang sedang berjalan")
    if done[-1].place != scene:
        raise RefusedError("adegan ini tidak sedang terbuka")
    place = advance(scenario, scene, choice)
    result: dict[str, Any] = {"choice": choice, "place": place}
    if scenario.ending(place) is not None:
        result["ending"] = place
    return result, done[-1]


def reachable(scenario: Scenario) -> frozenset[str]:
    """Return every place a learner can come to from the start."""
    seen: set[str] = set()
    todo = [scenario.start]
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        scene = scenario.scene(place)
        todo += [choice.next for choice in scene.choices] if scene else []
    return frozenset(seen)


def path_ending(scenario: Scenario, choices: Sequence[str]) -> str:
    """Return the place a sequence of choices leads to from the start. Raises RefusedError."""
    place = scenario.start
    for choice in choices:
        place = advance(scenario, place, choice)
    return place


def view(
    scenario: Scenario,
    events: Sequence[Event],
    *,
    citations: Mapping[str, list[dict[str, str]]],
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the learner may see now: JSON for the widget's `view` trait.

    Keys: `title, setting, date, role, objective`, `status` (new | running | finished), `attempt`, `finished`
    (runs brought to an ending), `trail` (steps so far with their consequences), `scene` or `ending`;
    at an ending also `recommended`, the authors' path, side by side with the learner's `trail`.
    `citations` maps the id of an ending to rows of {text, article, since}.
    """
    done = runs(scenario, events)
    base: dict[str, Any] = {
        "title": scenario.title,
        "setting": scenario.setting,
        "date": scenario.date.isoformat(),
        "role": scenario.role,
        "objective": scenario.objective,
        "finished": sum(1 for run in done if scenario.ending(run.place) is not None),
        "scene": None,
        "ending": None,
    }
    if not done:
        return base | {"status": "new", "attempt": 0, "trail": [], "draft": None}
    run = done[-1]
    trail = [row for place, choice in run.steps if (row := _step(scenario, place, choice))]
    ending = scenario.ending(run.place)
    running = base | {"attempt": run.number, "trail": trail}
    if ending is not None:
        return running | {
            "status": "finished",
            "draft": None,
            "ending": {
                "tone": ending.tone,
                "title": ending.title,
                "text": list(ending.text),
                "tomorrow": ending.tomorrow,
                "citations": citations.get(ending.id, []),
            },
            "recommended": _recommended(scenario),
        }
    scene = scenario.scene(run.place)
    return running | {"status": "running", "draft": draft, "scene": _scene(scene) if scene else None}


def _scene(scene: Scene) -> dict[str, Any]:
    speaker = scene.speaker
    return {
        "id": scene.id,
        "when": scene.when,
        "narration": list(scene.narration),
        "speaker": {"name": speaker.name, "role": speaker.role, "says": list(speaker.says)}
        if speaker
        else None,
        "after": list(scene.after),
        "question": scene.question,
        "choices": [{"id": choice.id, "text": choice.text} for choice in scene.choices],
    }


def _step(scenario: Scenario, place: str, letter: str) -> dict[str, str] | None:
    scene = scenario.scene(place)
    choice = next((c for c in scene.choices if c.id == letter), None) if scene else None
    if scene is None or choice is None:
        return None
    return {
        "scene": place,
        "when": scene.when,
        "choice": letter,
        "text": choice.text,
        "consequence": choice.consequence,
    }


def _recommended(scenario: Scenario) -> list[dict[str, str]]:
    place, rows = scenario.start, []
    for letter in scenario.recommended:
        step = _step(scenario, place, letter)
        if step is None:
            break
        rows.append(step)
        place = advance(scenario, place, letter)
    return rows
