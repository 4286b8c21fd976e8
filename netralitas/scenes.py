"""What a scenario is made of: scenes with choices, scenes with actions to rate, endings.

Pure values; `scenarios.py` puts them together and plays them. A choice and the outcome of a rating are both a
`Move`: a letter, what it brings, what it does to the state, and where it leads.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from .conditions import Condition, Effect, Name
from .model import ChoiceId, Slug, Text, Value
from .statements import Statement, require_cited

Tone = Literal["tepat", "sebagian", "belum"]


def _form(value: Any) -> str:
    return "syarat" if isinstance(value, dict | Value) else "teks"


class Passage(Value):
    """A paragraph told only where `needs` holds."""

    needs: Condition
    text: Text


Paragraph = Annotated[Annotated[Text, Tag("teks")] | Annotated[Passage, Tag("syarat")], Discriminator(_form)]
"""A paragraph, or one with a condition."""


class Speaker(Value):
    """Who speaks in a scene (made-up persons only) and what they say."""

    name: Text
    role: Text
    says: tuple[Text, ...] = Field(min_length=1)


class Picture(Value):
    """A picture of `data/pictures/`, and what it shows in words."""

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.svg$", max_length=80)]
    alt: Text


class Branch(Value):
    """A way on: the first of a list whose `needs` holds is taken, the last has none."""

    to: Slug
    needs: Condition | None = None


def _ways(value: Any) -> str:
    return "cabang" if isinstance(value, list | tuple) else "tempat"


Next = Annotated[
    Annotated[Slug, Tag("tempat")] | Annotated[tuple[Branch, ...], Field(min_length=2), Tag("cabang")],
    Discriminator(_ways),
]


class Move(Value):
    """What a decision comes to. `tone` says how apt it is: never shown before the ending."""

    id: ChoiceId
    consequence: Text
    effects: dict[Name, Effect] = Field(default_factory=dict)
    tone: Tone | None = None
    next: Next

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The ways on; one without a condition where `next` is a single place."""
        return (Branch(to=self.next),) if isinstance(self.next, str) else self.next


class ScenarioChoice(Move):
    """A way to act: what it brings (`consequence`) and the scene or ending it leads to.

    Where `needs` does not hold it is not offered.
    """

    text: Text
    needs: Condition | None = None


class Outcome(Move):
    """What a rating brings whose score is at least `at_least` and below that of the outcome before it."""

    at_least: float = Field(ge=0, le=1)


class Action(Value):
    """Something one could do, the experts' rating of it (1 sangat tidak tepat … 4 sangat tepat), and why."""

    id: ChoiceId
    text: Text
    key: Annotated[int, Field(ge=1, le=4)]
    feedback: Text


class Moment(Value):
    """What every scene has. With `certainty` the learner also says how sure they are."""

    id: Slug
    when: Text
    narration: tuple[Paragraph, ...] = Field(min_length=1)
    picture: Picture | None = None
    speaker: Speaker | None = None
    after: tuple[Paragraph, ...] = ()
    question: Text
    certainty: bool = False

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every decision there is, whether offered or not."""
        return ()

    def sound(self) -> None:
        """Raise ValueError where letters or tones are wrong."""
        letters = [move.id for move in self.moves]
        if len(set(letters)) < len(letters):
            raise ValueError(f"adegan {self.id}: huruf pilihan dipakai dua kali. Beri huruf sendiri.")
        if self.certainty and any(move.tone is None for move in self.moves):
            raise ValueError(
                f"adegan {self.id}: 'certainty' memerlukan 'tone' di tiap pilihan atau hasil. Tambahkan."
            )


class Scene(Moment):
    """One moment: narration, perhaps somebody speaking, and what the learner can do."""

    choices: tuple[ScenarioChoice, ...] = Field(min_length=2, max_length=5)

    @property
    def moves(self) -> tuple[Move, ...]:
        """The choices."""
        return self.choices

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.sound()
        return self


class RateScene(Moment):
    """A moment in which each of several actions is rated.

    `provenance` says who set the key and on what ground.
    """

    actions: tuple[Action, ...] = Field(min_length=3, max_length=5)
    provenance: Text
    outcomes: tuple[Outcome, ...] = Field(min_length=1, max_length=4)

    @property
    def moves(self) -> tuple[Move, ...]:
        """The outcomes, the best first."""
        return self.outcomes

    @property
    def key(self) -> dict[str, int]:
        """The experts' ratings by action."""
        return {action.id: action.key for action in self.actions}

    def outcome(self, score: float) -> Outcome:
        """Return what a rating of that score brings."""
        return next(outcome for outcome in self.outcomes if score >= outcome.at_least)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.sound()
        letters = [action.id for action in self.actions]
        if len(set(letters)) < len(letters):
            raise ValueError(f"adegan {self.id}: huruf tindakan dipakai dua kali. Beri huruf sendiri.")
        marks = [outcome.at_least for outcome in self.outcomes]
        if marks[-1] != 0 or any(higher <= lower for higher, lower in pairwise(marks)):
            raise ValueError(
                f"adegan {self.id}: 'at_least' harus turun dari hasil ke hasil sampai 0. Urutkan, lengkapi."
            )
        return self


def _kind(value: Any) -> str:
    rated = "actions" in value if isinstance(value, dict) else isinstance(value, RateScene)
    return "nilai" if rated else "pilih"


AnyScene = Annotated[
    Annotated[Scene, Tag("pilih")] | Annotated[RateScene, Tag("nilai")], Discriminator(_kind)
]
"""A scene; one with `actions` is rated."""


class Ending(Value):
    """How it ends: a tone, a debrief, and the acts whose rule on the scenario's date is cited.

    `holds` is what the debrief says of them, so that `check` finds one the law has overturned.
    """

    id: Slug
    tone: Tone
    title: Text
    text: tuple[Paragraph, ...] = Field(min_length=1)
    rules: tuple[Slug, ...] = Field(min_length=1)
    holds: tuple[Statement, ...] = ()
    tomorrow: Text

    @model_validator(mode="after")
    def _cites_what_it_holds(self) -> Self:
        require_cited(self.holds, self.rules, f"penutup {self.id}")
        return self
