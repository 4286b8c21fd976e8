"""Conditions: a closed form, parsed once, true exactly where every key of it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from netralitas.conditions import Condition, Effect, Variable, changed

VALUES = {"tekanan": 2, "bukti": 0}
FACTS = frozenset({"s1/a"})


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ({"tekanan": 2}, True),
        ({"tekanan": "2"}, True),
        ({"tekanan": "=1"}, False),
        ({"tekanan": ">=2"}, True),
        ({"tekanan": ">2"}, False),
        ({"tekanan": "<=1"}, False),
        ({"tekanan": "< 3"}, True),
        ({"tekanan": ">=2", "bukti": 1}, False),
        ({"chose": "s1/a"}, True),
        ({"chose": ["s1/b", "s1/a"]}, True),
        ({"chose": ["s1/b"]}, False),
        ({"not": {"bukti": 1}}, True),
        ({"any": [{"bukti": 1}, {"tekanan": 2}]}, True),
        ({"all": [{"bukti": 1}, {"tekanan": 2}]}, False),
        ({"any": [{"not": {"any": [{"bukti": 0}]}}]}, False),
    ],
)
def test_a_condition_holds_where_every_key_of_it_holds(written: dict[str, Any], holds: bool) -> None:
    assert Condition.model_validate(written).holds(VALUES, FACTS) is holds


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"tekanan": None},
        {"tekanan": True},
        {"tekanan": "banyak"},
        {"tekanan": "2; import os"},
        {"tekanan": ["2"]},
        {"chose": []},
        {"chose": ["s1"]},
        {"chose": "s1/ab"},
        {"not": {}},
        {"any": []},
        {"all": [1]},
    ],
)
def test_anything_else_is_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(written)


def test_a_condition_says_what_it_asks_for_however_deep() -> None:
    condition = Condition.model_validate(
        {"any": [{"not": {"bukti": 1, "chose": ["s2/b", "s1/a"]}}, {"tekanan": ">1"}]}
    )
    assert [*condition.names()] == ["bukti", "tekanan"]
    assert [*condition.steps()] == ["s1/a", "s2/b"]


@settings(deadline=None)
@given(st.integers(-20, 20), st.integers(-20, 20))
def test_an_effect_adds_takes_away_or_sets(value: int, by: int) -> None:
    effect = TypeAdapter(Effect).validate_python
    assert changed(value, effect(by)) == value + by
    assert changed(value, effect(f"={abs(by)}")) == abs(by)


@pytest.mark.parametrize("written", ["1", "x", "+", "*2", True, 1.5, None, "=999"])
def test_what_is_no_effect_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Effect).validate_python(written)


@pytest.mark.parametrize(
    ("start", "low", "high"), [(3, 0, 2), (-1, 0, 2), (0, 0, 0), (0, 0, 21), (0, -21, 1)]
)
def test_a_variable_outside_its_bounds_is_refused(start: int, low: int, high: int) -> None:
    with pytest.raises(ValidationError):
        Variable(label="Uji", start=start, min=low, max=high)
