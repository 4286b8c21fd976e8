"""What a story remembers, and the conditions that ask for it: a closed form of YAML, no expressions.

    state:  {tekanan: {label: Tekanan, max: 3, shown: true}, lapor: {label: Sudah melapor}}
    needs:  {tekanan: ">=2", chose: [s1/a, s1/b], not: {lapor: 1}, any: [{…}, {…}]}

Every key of a condition must hold: the name of a variable with what it is compared to, `chose` (one of these
steps was taken), `not`, `any`, `all`. Pure: what holds is a function of values and facts.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cached_property
from typing import Annotated, Any, NamedTuple, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    RootModel,
    StringConstraints,
    model_validator,
)

from .model import Text, Value

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""The name of a variable."""

WORDS = ("chose", "not", "any", "all")
"""Keys of a condition that name no variable."""

_STEP = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z]$")
_BOUND = re.compile(r"^(>=|<=|>|<|=)? ?(-?\d{1,4})$")
_TESTS: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


class Variable(Value):
    """A small whole number; left as it is, a flag of 0 and 1. `shown`: the learner sees it with its label."""

    label: Text
    start: int = 0
    min: int = Field(default=0, ge=-20)
    max: int = Field(default=1, le=20)
    shown: bool = False

    @model_validator(mode="after")
    def _in_bounds(self) -> Self:
        if not self.min <= self.start <= self.max or self.min == self.max:
            raise ValueError(
                f"batasnya {self.min} sampai {self.max} dan mulainya {self.start}. "
                f"Betulkan min, max, atau start."
            )
        return self


def _signed(value: Any) -> Any:
    return f"{value:+d}" if isinstance(value, int) and not isinstance(value, bool) else value


Effect = Annotated[
    str,
    StringConstraints(pattern=r"^[=+-]\d{1,2}$"),
    BeforeValidator(_signed, json_schema_input_type=int | Annotated[str, Field(pattern=r"^[=+-]\d{1,2}$")]),
]
"""What a choice does to a variable: `1` or `+1` adds, `-1` takes away, `=0` sets."""


def changed(value: int, effect: str) -> int:
    """Return a variable's value after an effect; whether it is within bounds is for the caller to ask."""
    return int(effect[1:]) if effect[0] == "=" else value + int(effect)


class _Bound(NamedTuple):
    name: str
    sign: str
    value: int


class _Chose(NamedTuple):
    steps: frozenset[str]


class _Not(NamedTuple):
    condition: Condition


class _Some(NamedTuple):
    conditions: tuple[Condition, ...]
    every: bool


_Part = _Bound | _Chose | _Not | _Some


class Condition(RootModel[dict[str, Any]]):
    """A condition as its author wrote it, parsed once; ValueError says in Indonesian what is wrong."""

    model_config = {"frozen": True}

    @model_validator(mode="after")
    def _parses(self) -> Self:
        if not self.parts:
            raise ValueError("syaratnya kosong. Isi atau hapus.")
        return self

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """What must hold, each part for itself."""
        return tuple(_part(key, value) for key, value in self.root.items())

    def holds(self, values: Mapping[str, int], facts: Set[str]) -> bool:
        """Say whether it holds for these variables and steps taken (`s1/a`)."""
        return all(_holds(part, values, facts) for part in self.parts)

    def names(self) -> Iterator[str]:
        """Yield the variables it asks for."""
        for part in self.parts:
            if isinstance(part, _Bound):
                yield part.name
            for inner in _inner(part):
                yield from inner.names()

    def steps(self) -> Iterator[str]:
        """Yield the steps it asks for."""
        for part in self.parts:
            if isinstance(part, _Chose):
                yield from sorted(part.steps)
            for inner in _inner(part):
                yield from inner.steps()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the form authors write; what stands inside `not`, `any` and `all` is told by the check."""
        step = {"type": "string", "pattern": _STEP.pattern}
        inner = {"type": "object", "minProperties": 1}
        many = {"type": "array", "items": inner, "minItems": 1}
        return {
            "type": "object",
            "minProperties": 1,
            "properties": {
                "chose": {"anyOf": [step, {"type": "array", "items": step, "minItems": 1}]},
                "not": inner,
                "any": many,
                "all": many,
            },
            "additionalProperties": {
                "anyOf": [{"type": "integer"}, {"type": "string", "pattern": _BOUND.pattern}]
            },
        }


def _inner(part: _Part) -> tuple[Condition, ...]:
    if isinstance(part, _Not):
        return (part.condition,)
    return part.conditions if isinstance(part, _Some) else ()


def _holds(part: _Part, values: Mapping[str, int], facts: Set[str]) -> bool:
    if isinstance(part, _Bound):
        return _TESTS[part.sign](values[part.name], part.value)
    if isinstance(part, _Chose):
        return not part.steps.isdisjoint(facts)
    if isinstance(part, _Not):
        return not part.condition.holds(values, facts)
    held = (condition.holds(values, facts) for condition in part.conditions)
    return all(held) if part.every else any(held)


def _part(key: str, value: Any) -> _Part:
    if key == "chose":
        steps = [value] if isinstance(value, str) else value
        if not isinstance(steps, list) or not steps or not all(_is_step(step) for step in steps):
            raise ValueError("chose: tulis adegan dan huruf pilihannya, misalnya [s1/a, s2/b]. Betulkan.")
        return _Chose(frozenset(steps))
    if key == "not":
        return _Not(_nested(key, value))
    if key in {"any", "all"}:
        if not isinstance(value, list) or not value:
            raise ValueError(f"{key}: harus berupa daftar syarat. Tulis satu baris '-' tiap syarat.")
        return _Some(tuple(_nested(key, one) for one in value), every=key == "all")
    # `true` reads as 1 in Python, and no author means that.
    found = None if isinstance(value, bool) else _BOUND.match(str(value))
    if found is None:
        raise ValueError(
            f"{key}: '{value}' bukan syarat. Tulis bilangan, atau bilangan dengan >=, <=, >, < di depannya."
        )
    return _Bound(key, found[1] or "=", int(found[2]))


def _is_step(step: Any) -> bool:
    return isinstance(step, str) and _STEP.match(step) is not None


def _nested(key: str, value: Any) -> Condition:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"{key}: isinya harus syarat, misalnya {{tekanan: '>=2'}}. Betulkan.")
    return Condition(value)
