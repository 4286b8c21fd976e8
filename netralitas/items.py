"""Items: the kinds of question a quiz may ask, each a value of its own, told apart by `kind`.

    single_choice · multiple_choice · true_false     choices, key: letters
    matching                                         left, right, key: {left: right}
    classification                                   entries, categories, key: {entry: category}
    ordering                                         entries, key: letters in order
    rating                                           options, key: {option: step 1–4}
    number                                           key, tolerance, unit
    short_text                                       key: accepted texts, half
    written                                          criteria, model_answer; marked by people

Pure. How an answer is scored stands in `scoring.py`. The ids of rows and columns reach the browser, keys,
feedback and explanation only after the answer; so no order of ids may spell the key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    TypeAdapter,
    model_serializer,
    model_validator,
)

from .model import Certainty, ChoiceId, Slug, Text, Value
from .statements import Claim, Statement, require_cited

Kind = Literal[
    "single_choice", "multiple_choice", "true_false", "matching", "ordering", "classification", "number",
    "short_text", "rating", "written",
]  # fmt: skip
Depth = Literal["ingat", "terapkan", "timbang"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
STEPS = ("1", "2", "3", "4")
"""The steps of a rating, from sangat tidak tepat to sangat tepat."""

ColumnId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=20)]
"""A short name of what rows are matched with: `2`, `boleh`."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
Reply = tuple[str, ...] | Mapping[str, str] | str
"""An answer: letters (choices, ordering), a column for each row (matching, classification, rating), text."""


class Grown(Value):
    """A value that got fields after its first revision was recorded.

    A field of `LATER` that has its default is left out of the value's JSON: so it changes no fingerprint.
    """

    LATER: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_later_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = handler(self)
        plain = {name for name in self.LATER if getattr(self, name) == type(self).model_fields[name].default}
        return {name: value for name, value in told.items() if name not in plain}


class Choice(Value):
    """One option and the answer it gets: `feedback` speaks to who ticked (or missed) it."""

    id: ChoiceId
    text: Text
    feedback: Text


class Row(Value):
    """One entry of an ordering."""

    id: ChoiceId
    text: Text


class Column(Value):
    """What rows are matched with: a right side, a category."""

    id: ColumnId
    text: Text


class Level(Value):
    """What an answer does that earns so many points of a criterion."""

    points: int = Field(ge=0, le=20)
    text: Text


class Criterion(Grown):
    """One line of a rubric and the points it is worth; `levels` say how far it is met, the best first."""

    LATER: ClassVar[frozenset[str]] = frozenset(("levels",))

    text: Text
    points: int = Field(ge=1, le=20)
    levels: tuple[Level, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _from_all_to_nothing(self) -> Self:
        steps = [level.points for level in self.levels]
        falling = all(above > below for above, below in pairwise(steps))
        if steps and (steps[0] != self.points or steps[-1] != 0 or not falling):
            raise ValueError(
                f"kriteria «{self.text}»: 'levels' harus turun dari {self.points} poin sampai 0. "
                "Betulkan poin atau urutannya."
            )
        return self

    def reached(self, points: float) -> str:
        """Return the text of the best level so many points reach; empty where there are no levels."""
        return next((level.text for level in self.levels if points >= level.points), "")


class Question(Grown):
    """What every item has. `rules` are acts as they stood on `on`.

    `claims` are what the key rests on, `holds` what it says of each act, so that `check` finds a key the law
    has overturned.
    `shuffle` draws the order of the options anew for each attempt; `topic` (a module) and `role` are what a
    blueprint draws by; `certainty` asks how sure the learner is; `hints` are shown one after each wrong try.
    """

    LATER: ClassVar[frozenset[str]] = frozenset(("holds", "shuffle", "topic", "role", "certainty", "hints"))

    id: Slug
    kind: Kind
    prompt: Text
    explanation: Text
    rules: tuple[Slug, ...] = ()
    sources: tuple[Slug, ...] = ()
    on: date | None = None
    depth: Depth
    claims: tuple[Claim, ...] = ()
    holds: tuple[Statement, ...] = ()
    shuffle: bool = False
    topic: Slug | None = None
    role: Text | None = None
    certainty: bool = False
    hints: tuple[Text, ...] = Field(default=(), max_length=4)

    @model_validator(mode="after")
    def _founded(self) -> Self:
        if self.rules and self.on is None:
            raise ValueError(f"soal {self.id}: 'rules' memerlukan tanggal 'on'.")
        if not self.rules and not self.sources:
            raise ValueError(f"soal {self.id}: tidak menyebut 'rules' atau 'sources'. Sebut dasar kuncinya.")
        return self

    @model_validator(mode="after")
    def _claims_are_what_is_held(self) -> Self:
        require_cited(self.holds, self.rules, f"soal {self.id}")
        told = {claim for one in self.holds for claim in one.claims}
        if self.holds and told != set(self.claims):
            raise ValueError(
                f"soal {self.id}: 'claims' harus sama dengan isi 'holds': {', '.join(sorted(told))}. "
                f"Samakan keduanya."
            )
        return self

    def cases(self) -> tuple[tuple[str, date], ...]:
        """Return (act, day) of everything cited: the days `holds` names, else `on`."""
        if self.on is None:
            return ()
        told = [(act, one.on or self.on) for act in self.rules for one in self.holds if one.act == act]
        held = {act for act, _day in told}
        return (*told, *((act, self.on) for act in self.rules if act not in held))

    @property
    def scored(self) -> bool:
        """Say whether `score` judges it; only a written case waits for people."""
        return True

    @property
    def rows(self) -> tuple[Choice | Row, ...]:
        """What is ticked, placed, sorted or rated; empty where a learner types."""
        return ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """What rows are matched with; empty where there is nothing to match."""
        return ()

    def _letters_once(self) -> None:
        ids = [row.id for row in self.rows]
        if len(set(ids)) < len(ids):
            raise ValueError(
                f"soal {self.id}: huruf pilihan dipakai dua kali. Beri tiap pilihan huruf sendiri."
            )


class _Choices(Question):
    """Tick one or several; `key` holds the ids of the right choices."""

    choices: tuple[Choice, ...] = Field(min_length=2, max_length=8)
    key: tuple[ChoiceId, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._letters_once()
        ids = [choice.id for choice in self.choices]
        for letter in self.key:
            if letter not in ids:
                raise ValueError(
                    f"soal {self.id}: kunci '{letter}' tidak ada di pilihan {', '.join(ids)}. "
                    f"Tambahkan pilihan {letter} atau betulkan kunci."
                )
        self._sized()
        return self

    def _sized(self) -> None:
        """Raise ValueError where the number of keys or choices does not fit the kind."""
        if len(self.key) != 1:
            raise ValueError(f"soal {self.id}: jenis {self.kind} memerlukan tepat satu kunci.")

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The choices."""
        return self.choices


class SingleChoice(_Choices):
    """One of several is right."""

    kind: Literal["single_choice"]


class MultipleChoice(_Choices):
    """Some of several are right."""

    kind: Literal["multiple_choice"]

    def _sized(self) -> None:
        """Any number of keys fits."""


class TrueFalse(_Choices):
    """A statement holds or it does not."""

    kind: Literal["true_false"]

    def _sized(self) -> None:
        super()._sized()
        if len(self.choices) != 2:  # noqa: PLR2004  (benar and salah)
            raise ValueError(f"soal {self.id}: benar/salah memerlukan tepat dua pilihan.")


class _Placed(Question):
    """A column for each row; `key` names it."""

    key: dict[ChoiceId, ColumnId]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._letters_once()
        columns = [column.id for column in self.columns]
        if len(set(columns)) < len(columns):
            raise ValueError(f"soal {self.id}: id kolom dipakai dua kali. Beri tiap kolom id sendiri.")
        _keyed(self.id, self.key, [row.id for row in self.rows], columns)
        return self


class Matching(_Placed):
    """Each entry on the left belongs to one on the right; what is left over on the right distracts."""

    kind: Literal["matching"]
    left: tuple[Choice, ...] = Field(min_length=2, max_length=8)
    right: tuple[Column, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _hidden(self) -> Self:
        used = [self.key[row.id] for row in self.left]
        if len(set(used)) < len(used):
            raise ValueError(
                f"soal {self.id}: dua isi kiri punya pasangan yang sama. Pakai jenis classification."
            )
        _unspelled(self.id, used)
        return self

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The left side."""
        return self.left

    @property
    def columns(self) -> tuple[Column, ...]:
        """The right side."""
        return self.right


class Classification(_Placed):
    """Each entry belongs into one category."""

    kind: Literal["classification"]
    entries: tuple[Choice, ...] = Field(min_length=2, max_length=12)
    categories: tuple[Column, ...] = Field(min_length=2, max_length=6)

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The entries."""
        return self.entries

    @property
    def columns(self) -> tuple[Column, ...]:
        """The categories."""
        return self.categories


class Ordering(Question):
    """Entries are put into the order of `key`, first things first."""

    kind: Literal["ordering"]
    entries: tuple[Row, ...] = Field(min_length=3, max_length=8)
    key: tuple[ChoiceId, ...]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._letters_once()
        if sorted(self.key) != sorted(entry.id for entry in self.entries):
            raise ValueError(
                f"soal {self.id}: kunci tidak memuat tiap isi tepat sekali. "
                "Tulis semua huruf menurut urutannya."
            )
        _unspelled(self.id, self.key)
        return self

    @property
    def rows(self) -> tuple[Row, ...]:
        """The entries."""
        return self.entries


class Rating(Question):
    """Every option is rated on four steps; `key` holds the experts' step of each."""

    kind: Literal["rating"]
    options: tuple[Choice, ...] = Field(min_length=2, max_length=8)
    key: dict[ChoiceId, Annotated[int, Field(ge=1, le=4)]]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._letters_once()
        given = {row: str(step) for row, step in self.key.items()}
        _keyed(self.id, given, [row.id for row in self.options], STEPS)
        return self

    @property
    def rows(self) -> tuple[Choice, ...]:
        """The options."""
        return self.options


class Number(Question):
    """A number is asked; at most `tolerance` from `key` is right. `unit` stands behind the field."""

    kind: Literal["number"]
    key: Finite
    tolerance: Finite = Field(default=0.0, ge=0)
    unit: Annotated[str, StringConstraints(max_length=20)] = ""


class ShortText(Question):
    """A word or a few; `key` are the accepted texts, `half` those worth half."""

    kind: Literal["short_text"]
    key: tuple[Text, ...] = Field(min_length=1, max_length=20)
    half: tuple[Text, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told = [folded(text) for text in (*self.key, *self.half)]
        if not all(told):
            raise ValueError(f"soal {self.id}: jawaban yang diterima hanya tanda baca. Tulis hurufnya.")
        if len(set(told)) < len(told):
            raise ValueError(f"soal {self.id}: jawaban yang diterima tertulis dua kali. Hapus salah satunya.")
        return self


class Written(Question):
    """A case answered in prose and marked by people by its rubric; never scored here.

    With two `markers` each marks without seeing the other. Points of a criterion that differ by at most `gap`
    are averaged; where they differ more, a third marker decides.
    """

    LATER: ClassVar[frozenset[str]] = Question.LATER | {"markers", "gap"}

    kind: Literal["written"]
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=8)
    model_answer: Text
    markers: Literal[1, 2] = 1
    gap: float = Field(default=1, ge=0, le=20, allow_inf_nan=False)

    @model_validator(mode="after")
    def _compared(self) -> Self:
        if self.markers == 1 and "gap" in self.model_fields_set:
            raise ValueError(
                f"soal {self.id}: 'gap' hanya berlaku bila 'markers: 2'. "
                "Tambahkan 'markers: 2' atau hapus 'gap'."
            )
        return self

    @property
    def scored(self) -> bool:
        """No function judges prose."""
        return False


Item = Annotated[
    SingleChoice | MultipleChoice | TrueFalse | Matching | Ordering | Classification | Number | ShortText
    | Rating | Written,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS: tuple[type[Question], ...] = (
    SingleChoice, MultipleChoice, TrueFalse, Matching, Ordering, Classification, Number, ShortText, Rating,
    Written,
)  # fmt: skip
_ITEM: TypeAdapter[Any] = TypeAdapter(Item)


def item(raw: object) -> Any:
    """Return the item of a mapping, of the class its `kind` names. Raises ValidationError."""
    return _ITEM.validate_python(raw)


def folded(text: str) -> str:
    """Return a text as it is compared: NFKC, small letters, words and figures alone with one space between.

    Punctuation and white space of any kind only part words: «PP No. 94/2021» and «pp no 94 2021» are equal.
    """
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # A combining mark belongs to its letter; without it «é» typed in two ways would differ.
    return " ".join(re.findall(r"\w+", small.replace("_", " ")))


def _keyed(name: str, key: Mapping[str, str], rows: Iterable[str], columns: Iterable[str]) -> None:
    rows, columns = list(rows), list(columns)
    if set(key) != set(rows):
        raise ValueError(
            f"soal {name}: kunci harus menyebut tepat {', '.join(rows)}. Lengkapi atau betulkan kunci."
        )
    for row, column in key.items():
        if column not in columns:
            raise ValueError(
                f"soal {name}: kunci '{row}: {column}' tidak ada di {', '.join(columns)}. Betulkan kunci."
            )


def _unspelled(name: str, order: Iterable[str]) -> None:
    """Refuse ids that stand in the order of the key: a browser could read the key from them."""
    order = list(order)
    if order == sorted(order):
        raise ValueError(f"soal {name}: urutan id membocorkan kunci. Tukar id-nya supaya tidak berurutan.")
