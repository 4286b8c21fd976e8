"""A quiz as it is written, and the form of it that a seed draws.

    Quiz + seed  ──form──►  item ids in their order      (the same on every machine)
    Quiz + seed  ──shuffled──►  the order of an item's options

Pure. With a blueprint (`draw`) a form takes exactly as many items as each of its rows asks for; a quiz
whose pool cannot give them is refused when it is read, so `form` never fails.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from .items import Depth, Grown, Item, Matching, Ordering, Question, Written
from .model import Slug, Status, Text, Value

Feedback = Literal["at_once", "after_submit", "tries", "none"]
Counts = Literal["best", "last", "first"]


class Draw(Value):
    """One row of a blueprint: `count` items that bear all tags the row names."""

    topic: Slug | None = None
    depth: Depth | None = None
    role: Text | None = None
    count: int = Field(ge=1, le=100)

    def fits(self, question: Question) -> bool:
        """Say whether an item may be drawn for this row."""
        return (
            question.scored
            and self.topic in (None, question.topic)
            and self.depth in (None, question.depth)
            and self.role in (None, question.role)
        )

    def __str__(self) -> str:
        named = {"topic": self.topic, "depth": self.depth, "role": self.role}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value) or "semua soal"


class Quiz(Grown):
    """A quiz: its items, shown in an order drawn from the attempt's seed, and how it is sat.

    `feedback`: `at_once` after each answer, `after_submit` once the last item is answered, `tries` at once
    with up to `tries` tries an item, each wrong one costing `penalty` of the item's point, `none` the mark
    alone. `attempts` is the
    most a learner may begin (None: no limit), `cool_down` the minutes between the end of one and the next.
    `counts` says which finished attempt's mark counts. `minutes` is the time shown; with `forced` an answer
    that reaches the server later ends the attempt instead. `draw` is the blueprint.
    """

    LATER: ClassVar[frozenset[str]] = frozenset(
        (
            "status",
            "feedback",
            "tries",
            "penalty",
            "attempts",
            "cool_down",
            "counts",
            "minutes",
            "forced",
            "draw",
        )
    )

    format_version: Literal[1]
    id: Slug
    status: Status = "terbit"
    title: Text
    questions: tuple[Item, ...] = Field(min_length=1)
    feedback: Feedback = "at_once"
    tries: int = Field(default=3, ge=2, le=5)
    penalty: float = Field(default=0.25, ge=0, le=1)
    attempts: int | None = Field(default=None, ge=1, le=100)
    cool_down: int = Field(default=0, ge=0, le=43_200)
    counts: Counts = "best"
    minutes: int | None = Field(default=None, ge=1, le=600)
    forced: bool = False
    draw: tuple[Draw, ...] = ()

    @model_validator(mode="after")
    def _no_id_twice(self) -> Self:
        ids = [question.id for question in self.questions]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"soal {name}: id dipakai dua kali. Beri tiap soal id sendiri.")
        return self

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.forced and self.minutes is None:
            raise ValueError("forced: memerlukan 'minutes'. Tulis waktunya atau hapus 'forced'.")
        if not any(question.scored for question in self.questions):
            raise ValueError("questions: semua soal dinilai orang. Tambahkan soal yang dinilai otomatis.")
        for question in self.questions:
            if question.hints and self.feedback != "tries":
                raise ValueError(
                    f"soal {question.id}: 'hints' hanya tampil bila kuis memakai 'feedback: tries'. "
                    "Atur kuisnya atau hapus petunjuknya."
                )
        return self

    @model_validator(mode="after")
    def _marked_alike(self) -> Self:
        if len({question.markers for question in self.questions if isinstance(question, Written)}) > 1:
            raise ValueError(
                "questions: kasus tertulis satu kuis harus menyebut 'markers' yang sama. Samakan semuanya."
            )
        return self

    @model_validator(mode="after")
    def _drawable(self) -> Self:
        for number, row in enumerate(self.draw, start=1):
            found = sum(row.fits(question) for question in self.questions)
            if found < row.count:
                raise ValueError(
                    f"draw baris {number} ({row}): meminta {row.count} soal, yang cocok hanya {found}. "
                    "Tambahkan soal atau kurangi 'count'."
                )
        wanted = sum(row.count for row in self.draw)
        if len(_drawn(self, list(self.questions))) < wanted:
            raise ValueError(
                f"draw: {wanted} soal tidak dapat diambil tanpa memakai satu soal dua kali. "
                "Tambahkan soal atau kurangi 'count'."
            )
        return self

    @property
    def root(self) -> str:
        """The object id its attempts stand under."""
        return f"quiz/{self.id}"

    @property
    def size(self) -> int:
        """The number of items of a form."""
        return sum(row.count for row in self.draw) or sum(question.scored for question in self.questions)

    @property
    def double(self) -> bool:
        """Say whether two people mark its written cases, each without seeing the other's marks."""
        return any(question.markers > 1 for question in self.questions if isinstance(question, Written))

    @property
    def rest(self) -> timedelta:
        """The time between the end of an attempt and the next."""
        return timedelta(minutes=self.cool_down)

    def question(self, name: str) -> Any:
        """Return the item of that id. Raises KeyError."""
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)


def form(quiz: Quiz, seed: int) -> tuple[str, ...]:
    """Return the item ids of an attempt in their order; the same seed gives the same form anywhere.

    Written cases are in no form, because nothing scores them.
    """
    # Mersenne twister and its shuffle are specified, so replay on another machine agrees.
    drawing = random.Random(f"{quiz.id}/{seed}")  # noqa: S311  (order of items, not a secret)
    if not quiz.draw:
        names = [question.id for question in quiz.questions if question.scored]
    else:
        pool = list(quiz.questions)
        drawing.shuffle(pool)
        names = _drawn(quiz, pool)
    drawing.shuffle(names)
    return tuple(names)


def _drawn(quiz: Quiz, pool: Sequence[Question]) -> list[str]:
    """Return the items the blueprint takes from a pool in this order, as many as it can.

    Each place of the form takes the first item that fits; one that finds none takes another place's item
    when that place has a further one to take (augmenting paths), so a quota fails only when it must.
    """
    places = [row for row in quiz.draw for _ in range(row.count)]
    taken: dict[str, int] = {}

    def take(place: int, seen: set[str]) -> bool:
        for question in pool:
            if question.id in seen or not places[place].fits(question):
                continue
            seen.add(question.id)
            if question.id not in taken or take(taken[question.id], seen):
                taken[question.id] = place
                return True
        return False

    for place in range(len(places)):
        take(place, set())
    return sorted(taken, key=lambda name: taken[name])


def shuffled(quiz: Quiz, question: Question, seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of an item's rows and columns in the order an attempt shows them.

    Options move where the item says `shuffle`. The entries of an ordering and the right side of a matching
    always do, and never stand in the order of the key.
    """
    rows = [row.id for row in question.rows]
    columns = [column.id for column in question.columns]
    if not question.shuffle and not isinstance(question, Ordering | Matching):
        return tuple(rows), tuple(columns)
    drawing = random.Random(f"{quiz.id}/{seed}/{question.id}")  # noqa: S311  (no secret)
    if question.shuffle or isinstance(question, Ordering):
        drawing.shuffle(rows)
    if isinstance(question, Matching):
        drawing.shuffle(columns)
        _unsort(columns, [question.key[row] for row in rows])
    if isinstance(question, Ordering):
        _unsort(rows, question.key)
    return tuple(rows), tuple(columns)


def _unsort(names: list[str], key: Sequence[str]) -> None:
    """Swap the first two names of the key where all of them stand in its order."""
    if [name for name in names if name in key] == list(key):
        first, second = names.index(key[0]), names.index(key[1])
        names[first], names[second] = names[second], names[first]


def printed(quiz: Quiz, seed: int) -> dict[str, Any]:
    """Return the form of a seed for people and machines: items in order, each with its options in order."""
    items = []
    for name in form(quiz, seed):
        rows, columns = shuffled(quiz, quiz.question(name), seed)
        items.append({"id": name, "kind": quiz.question(name).kind, "rows": [*rows], "columns": [*columns]})
    return {"quiz": quiz.id, "revision": quiz.fingerprint, "seed": seed, "items": items}


def settings(quiz: Quiz) -> dict[str, Any]:
    """Return how a quiz is sat, where it is not as usual; the blueprint stays out."""
    told: Mapping[str, Any] = quiz.model_dump(mode="json", exclude={"questions", "draw"})
    known = {name: value for name, value in told.items() if name in quiz.LATER}
    return known | ({"tries": quiz.tries, "penalty": quiz.penalty} if quiz.feedback == "tries" else {})
