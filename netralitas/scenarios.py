"""Scenarios: scenes, choices with a price, a state that remembers, endings that cite the law of their day.

Pure. A scenario is a finite graph over places, variables and those steps some condition asks for; a
learner's `Here` in it is a fold of `advance` over the decisions made, so a killed kernel or another device
comes back to the same scene. `view` is the only thing that leaves for a browser: a scene not reached, a
consequence not earned, the key of a rating not given, effects, conditions and an ending not met are never
in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from . import ratings as rating
from .conditions import WORDS, Condition, Name, Variable, changed
from .model import Certainty, Slug, Status, Text, Value
from .record import Event, RefusedError
from .scenes import (
    Action,
    AnyScene,
    Branch,
    Ending,
    Move,
    Outcome,
    Paragraph,
    Passage,
    Picture,
    RateScene,
    ScenarioChoice,
    Scene,
    Speaker,
    Tone,
)

__all__ = [
    "Action", "Branch", "Certainty", "Ending", "Here", "Outcome", "Passage", "Picture", "RateScene", "Run",
    "Scenario", "ScenarioChoice", "Scene", "Speaker", "Tone", "advance", "begin", "choice_event",
    "path_ending", "rate_event", "runs", "view",
]  # fmt: skip


class Scenario(Value):
    """A story on a day, for a role, with the path the authors recommend.

    `state` names its variables; `recommended` holds a letter for each decision, of a choice or of the outcome
    of a rating.
    """

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
    state: dict[Name, Variable] = Field(default_factory=dict)
    start: Slug
    recommended: tuple[Text, ...]
    scenes: tuple[AnyScene, ...] = Field(min_length=1)
    endings: tuple[Ending, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [*(scene.id for scene in self.scenes), *(ending.id for ending in self.endings)]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(
                    f"adegan atau penutup {name}: id dipakai dua kali. Beri tiap adegan id sendiri."
                )
        for where, move in self._decisions():
            for number, branch in enumerate(move.branches, start=1):
                if branch.to not in ids:
                    raise ValueError(
                        f"{where}: menuju '{branch.to}' yang tidak ada. "
                        f"Tulis adegan itu atau betulkan 'next'."
                    )
                if (branch.needs is None) != (number == len(move.branches)):
                    raise ValueError(
                        f"{where}, cabang {number}: tiap cabang perlu 'needs', "
                        f"kecuali yang terakhir. Betulkan."
                    )
        if self.start not in [scene.id for scene in self.scenes]:
            raise ValueError(f"'start' menunjuk adegan '{self.start}' yang tidak ada. Betulkan 'start'.")
        return self

    @model_validator(mode="after")
    def _names_known(self) -> Self:
        for name in self.state:
            if name in WORDS:
                raise ValueError(f"state: '{name}' sudah berarti lain di 'needs'. Pakai nama lain.")
        named = [(where, name) for where, move in self._decisions() for name in move.effects]
        named += [(where, name) for where, condition in self.conditions() for name in condition.names()]
        for where, name in named:
            if name not in self.state:
                raise ValueError(f"{where}: '{name}' tidak ada di 'state'. Tambahkan atau betulkan namanya.")
        steps = {f"{scene.id}/{move.id}" for scene in self.scenes for move in scene.moves}
        for where, condition in self.conditions():
            for step in condition.steps():
                if step not in steps:
                    raise ValueError(f"{where}: langkah '{step}' tidak ada. Betulkan 'chose'.")
        return self

    def _decisions(self) -> Iterator[tuple[str, Move]]:
        """Yield (place in the file, decision)."""
        for scene in self.scenes:
            what = "hasil" if isinstance(scene, RateScene) else "pilihan"
            for move in scene.moves:
                yield f"adegan {scene.id}, {what} {move.id}", move

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield (place in the file, condition) of every condition there is."""
        for where, move in self._decisions():
            if isinstance(move, ScenarioChoice) and move.needs:
                yield where, move.needs
            for number, branch in enumerate(move.branches, start=1):
                if branch.needs:
                    yield f"{where}, cabang {number}", branch.needs
        for where, passage in self.passages():
            yield where, passage.needs

    def passages(self) -> Iterator[tuple[str, Passage]]:
        """Yield (place in the file, paragraph) of every paragraph with a condition."""
        told = [(f"adegan {scene.id}, narration", scene.narration) for scene in self.scenes]
        told += [(f"adegan {scene.id}, after", scene.after) for scene in self.scenes]
        told += [(f"penutup {ending.id}, text", ending.text) for ending in self.endings]
        for where, texts in told:
            for number, text in enumerate(texts, start=1):
                if isinstance(text, Passage):
                    yield f"{where} {number}", text

    @cached_property
    def asked(self) -> frozenset[str]:
        """The steps some condition asks for: all of its past that a story remembers."""
        return frozenset(step for _where, condition in self.conditions() for step in condition.steps())

    @property
    def root(self) -> str:
        """The object id its runs stand under."""
        return f"scenario/{self.id}"

    def scene(self, name: str) -> AnyScene | None:
        """Return the scene of that id, or None for an ending."""
        return next((scene for scene in self.scenes if scene.id == name), None)

    def ending(self, name: str) -> Ending | None:
        """Return the ending of that id, or None for a scene."""
        return next((ending for ending in self.endings if ending.id == name), None)


class Here(NamedTuple):
    """Where somebody stands: the place, the variables in `state`'s order, the steps conditions ask for."""

    place: str
    values: tuple[int, ...] = ()
    facts: frozenset[str] = frozenset()


def begin(scenario: Scenario) -> Here:
    """Return where every run begins."""
    return Here(scenario.start, tuple(variable.start for variable in scenario.state.values()))


def holds(scenario: Scenario, here: Here, condition: Condition | None) -> bool:
    """Say whether a condition holds here; none always does."""
    values = dict(zip(scenario.state, here.values, strict=True))
    return condition is None or condition.holds(values, here.facts)


def told(scenario: Scenario, here: Here, texts: Iterable[Paragraph]) -> list[str]:
    """Return the paragraphs that are told here."""
    return [
        text.text if isinstance(text, Passage) else text
        for text in texts
        if not isinstance(text, Passage) or holds(scenario, here, text.needs)
    ]


def offered(scenario: Scenario, here: Here) -> tuple[Move, ...]:
    """Return the choices offered here, or the outcomes of the rating asked here; none at an ending."""
    scene = scenario.scene(here.place)
    if isinstance(scene, Scene):
        return tuple(choice for choice in scene.choices if holds(scenario, here, choice.needs))
    return scene.moves if scene else ()


def moved(scenario: Scenario, here: Here, move: Move) -> Here:
    """Return where a decision leads, with its effects; a variable may have left its bounds."""
    before = zip(scenario.state, here.values, strict=True)
    values = tuple(
        changed(value, move.effects[name]) if name in move.effects else value for name, value in before
    )
    after = Here(here.place, values, here.facts | ({f"{here.place}/{move.id}"} & scenario.asked))
    branch = next(branch for branch in move.branches if holds(scenario, after, branch.needs))
    return after._replace(place=branch.to)


def strays(scenario: Scenario, here: Here) -> list[str]:
    """Return the variables that are out of their bounds."""
    pairs = zip(scenario.state.items(), here.values, strict=True)
    return [name for (name, variable), value in pairs if not variable.min <= value <= variable.max]


def advance(scenario: Scenario, here: Here, letter: str) -> Here:
    """Return where a choice, or the outcome of a rating, leads.

    Raises RefusedError where it is not offered, and where a variable would leave its bounds: `check` refuses
    such a story, and nothing is ever cut off silently.
    """
    move = next((move for move in offered(scenario, here) if move.id == letter), None)
    if move is None:
        raise RefusedError("pilihan tidak ada di adegan ini")
    after = moved(scenario, here, move)
    if strays(scenario, after):
        raise RefusedError("akibat pilihan ini keluar dari batasnya")
    return after


def path_ending(scenario: Scenario, choices: Sequence[str]) -> str:
    """Return the place a sequence of decisions leads to from the start. Raises RefusedError."""
    here = begin(scenario)
    for choice in choices:
        here = advance(scenario, here, choice)
    return here.place


class Made(Value):
    """A decision as its event tells it; `ratings` and `score` where actions were rated."""

    scene: str
    choice: str
    certainty: str | None = None
    ratings: dict[str, int] = Field(default_factory=dict)
    score: float | None = None


class Run(Value):
    """One run through a scenario: the decisions made, where they led, and where the last one was made."""

    number: int
    made: tuple[Made, ...]
    here: Here
    before: Here
    last_seq: int

    @property
    def place(self) -> str:
        """The scene or ending reached."""
        return self.here.place

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Each scene and the choice made in it."""
        return tuple((made.scene, made.choice) for made in self.made)


def runs(scenario: Scenario, events: Sequence[Event]) -> tuple[Run, ...]:
    """Rebuild the runs from a learner's events, oldest first.

    A run follows the places and variables its events name, so a scenario edited since then still shows where
    the learner stood, as far as one can still stand there; else the run starts again at the beginning.
    """
    found: dict[int, Run] = {}
    first = begin(scenario)
    for event in events:
        if event.root != scenario.root:
            continue
        if event.verb == "opened":
            found[event.attempt] = Run(
                number=event.attempt, made=(), here=first, before=first, last_seq=event.seq
            )
        elif event.verb in {"chose", "rated"} and event.attempt in found:
            found[event.attempt] = _onward(scenario, _fit(scenario, found[event.attempt]), event)
    return tuple(_fit(scenario, found[number]) for number in sorted(found))


def _onward(scenario: Scenario, run: Run, event: Event) -> Run:
    """Return the run after an event: what the event says counts, not what the story would say today."""
    result = event.result
    made = Made(
        scene=event.object.rsplit("/", 1)[-1],
        choice=str(result["choice"]),
        certainty=result.get("certainty"),
        ratings=result.get("ratings", {}),
        score=result.get("score"),
    )
    known: Mapping[str, int] = result.get("state", {})
    here = Here(
        str(result["place"]),
        tuple(
            int(known.get(name, value)) for name, value in zip(scenario.state, run.here.values, strict=True)
        ),
        run.here.facts | ({f"{made.scene}/{made.choice}"} & scenario.asked),
    )
    update = {"made": (*run.made, made), "here": here, "before": run.here, "last_seq": event.seq}
    return run.model_copy(update=update)


def _fit(scenario: Scenario, run: Run) -> Run:
    """Return the run, begun again where nobody can stand or go on any more."""
    if not strays(scenario, run.here) and (scenario.ending(run.place) or offered(scenario, run.here)):
        return run
    first = begin(scenario)
    return run.model_copy(update={"made": (), "here": first, "before": first})


def choice_event(
    scenario: Scenario,
    events: Sequence[Event],
    *,
    scene: str,
    choice: str,
    certainty: Certainty | None = None,
) -> tuple[dict[str, Any], Run]:
    """Judge a choice against the running run: return the event's result and the run it fits.

    The result holds `choice`, the `place` reached, `state` where the story has one, `certainty` and `tone`
    where certainty is asked, and `ending` where the place is one. Raises RefusedError when no run is open,
    the learner stands elsewhere, the choice is not offered, or certainty is missing or not asked.
    """
    run = _running(scenario, events, scene)
    if not isinstance(scenario.scene(scene), Scene):
        raise RefusedError("adegan ini meminta penilaian")
    return _decided(scenario, run, choice, certainty), run


def rate_event(
    scenario: Scenario,
    events: Sequence[Event],
    *,
    scene: str,
    ratings: Mapping[str, int],
    certainty: Certainty | None = None,
) -> tuple[dict[str, Any], Run]:
    """Judge the rating of a scene's actions: return the event's result and the run it fits.

    The result is that of a choice, `choice` being the outcome, with `ratings` and `score`. Raises
    RefusedError as `choice_event` does, and when not every action, and nothing else, is rated.
    """
    run = _running(scenario, events, scene)
    asked = scenario.scene(scene)
    if not isinstance(asked, RateScene):
        raise RefusedError("adegan ini tidak meminta penilaian")
    if set(ratings) != set(asked.key):
        raise RefusedError("penilaian tidak lengkap atau tidak dikenal")
    points = rating.score(asked.key, ratings)
    result = _decided(scenario, run, asked.outcome(points).id, certainty)
    given = {name: ratings[name] for name in sorted(ratings)}
    return result | {"ratings": given, "score": points}, run


def _running(scenario: Scenario, events: Sequence[Event], scene: str) -> Run:
    done = runs(scenario, events)
    if not done or scenario.ending(done[-1].place) is not None:
        raise RefusedError("tidak ada cerita yang sedang berjalan")
    if done[-1].place != scene:
        raise RefusedError("adegan ini tidak sedang terbuka")
    return done[-1]


def _decided(scenario: Scenario, run: Run, letter: str, certainty: Certainty | None) -> dict[str, Any]:
    scene = scenario.scene(run.place)
    here = advance(scenario, run.here, letter)
    if scene is None or scene.certainty != (certainty is not None):
        raise RefusedError("keyakinan tidak diisi atau tidak ditanya")
    result: dict[str, Any] = {"choice": letter, "place": here.place}
    if scenario.state:
        result["state"] = dict(zip(scenario.state, here.values, strict=True))
    if certainty is not None:
        tone = next(move.tone for move in scene.moves if move.id == letter)
        result |= {"certainty": certainty, "tone": tone}
    if scenario.ending(here.place) is not None:
        result["ending"] = here.place
    return result


def view(
    scenario: Scenario,
    events: Sequence[Event],
    *,
    citations: Mapping[str, list[dict[str, str]]],
    pictures: Mapping[str, str] | None = None,
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the learner may see now: JSON for the widget's `view` trait.

    Keys: `title, setting, date, objective`, `status` (new | running | finished), `attempt`, `finished`
    (runs brought to an ending), `state` (rows of the variables shown: `label, value, before, min, max`),
    `trail` (decisions so far with their consequences, a rating with key and feedback of each action), `scene`
    or `ending`; at an ending also `recommended`, the authors' path, side by side with the learner's `trail`,
    whose rows now say how apt they were, and `sure_wrong`, how many were wrong and sure.
    `citations` maps the id of an ending to rows of {text, article, since}, `pictures` a file to its SVG.
    """
    done = runs(scenario, events)
    base: dict[str, Any] = {
        "title": scenario.title,
        "setting": scenario.setting,
        "date": scenario.date.isoformat(),
        "objective": scenario.objective,
        "finished": sum(1 for run in done if scenario.ending(run.place) is not None),
        "state": [],
        "scene": None,
        "ending": None,
    }
    if not done:
        return base | {"status": "new", "attempt": 0, "trail": [], "draft": None}
    run = done[-1]
    ending = scenario.ending(run.place)
    rows = ((made, _step(scenario, made, over=ending is not None)) for made in run.made)
    trail = [row for _made, row in rows if row]
    running = base | {"attempt": run.number, "trail": trail, "state": _state(scenario, run)}
    if ending is not None:
        return running | {
            "status": "finished",
            "draft": None,
            "ending": {
                "tone": ending.tone,
                "title": ending.title,
                "text": told(scenario, run.here, ending.text),
                "tomorrow": ending.tomorrow,
                "citations": citations.get(ending.id, []),
            },
            "sure_wrong": sum(row["tone"] == "belum" and row["certainty"] == "yakin" for row in trail),
            "recommended": _recommended(scenario),
        }
    return running | {
        "status": "running",
        "draft": draft,
        "scene": _scene(scenario, run.here, pictures or {}),
    }


def _state(scenario: Scenario, run: Run) -> list[dict[str, Any]]:
    pairs = zip(scenario.state.values(), run.here.values, run.before.values, strict=True)
    return [
        {"label": one.label, "value": value, "before": before, "min": one.min, "max": one.max}
        for one, value, before in pairs
        if one.shown
    ]


def _scene(scenario: Scenario, here: Here, pictures: Mapping[str, str]) -> dict[str, Any] | None:
    scene = scenario.scene(here.place)
    if scene is None:
        return None
    speaker, picture = scene.speaker, scene.picture
    actions = scene.actions if isinstance(scene, RateScene) else ()
    choices = offered(scenario, here)
    return {
        "id": scene.id,
        "when": scene.when,
        "narration": told(scenario, here, scene.narration),
        "picture": {"svg": pictures.get(picture.file, ""), "alt": picture.alt} if picture else None,
        "speaker": {"name": speaker.name, "role": speaker.role, "says": list(speaker.says)}
        if speaker
        else None,
        "after": told(scenario, here, scene.after),
        "question": scene.question,
        "certainty": scene.certainty,
        "choices": [{"id": one.id, "text": one.text} for one in choices if isinstance(one, ScenarioChoice)],
        "actions": [{"id": action.id, "text": action.text} for action in actions],
    }


def _step(scenario: Scenario, made: Made, *, over: bool) -> dict[str, Any] | None:
    """Return a decision for the trail; how apt it was only when the story is over."""
    scene = scenario.scene(made.scene)
    move = next((one for one in scene.moves if one.id == made.choice), None) if scene else None
    if scene is None or move is None:
        return None
    row: dict[str, Any] = {
        "scene": scene.id,
        "when": scene.when,
        "choice": move.id,
        "text": move.text if isinstance(move, ScenarioChoice) else "",
        "consequence": move.consequence,
        "certainty": made.certainty,
        "tone": move.tone if over else None,
    }
    if not isinstance(scene, RateScene):
        return row
    return row | {"score": made.score, "provenance": scene.provenance, "actions": _rated(scene, made.ratings)}


def _rated(scene: RateScene, ratings: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"text": action.text, "given": ratings[action.id], "key": action.key, "feedback": action.feedback}
        for action in scene.actions
        if action.id in ratings
    ]


def _recommended(scenario: Scenario) -> list[dict[str, Any]]:
    here, rows = begin(scenario), []
    for letter in scenario.recommended:
        scene = scenario.scene(here.place)
        key = scene.key if isinstance(scene, RateScene) else {}
        made = Made(scene=here.place, choice=letter, ratings=key, score=1.0 if key else None)
        row = _step(scenario, made, over=False)
        if row is None:
            break
        rows.append(row)
        here = advance(scenario, here, letter)
    return rows
