"""Days and periods: partial dates never claim a day that is not certain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from netralitas.model import Period, Value, canonical, first_day, last_day, revision


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2022-09-22", date(2022, 9, 22), date(2022, 9, 22)),
        ("2023-09", date(2023, 9, 1), date(2023, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_a_partial_date_spans_the_days_it_allows(partial: str, first: date, last: date) -> None:
    assert (first_day(partial), last_day(partial)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "22-09-2022", "2022-9-2", "2022-13", "2023-02-29", "open", "2022-09-22 "]
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the calendar's own words differ)
        first_day(text)


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_a_whole_date_is_its_own_first_and_last_day(day: date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.integers(1000, 9999), st.integers(1, 12))
def test_the_days_of_a_month_lie_inside_its_year(year: int, month: int) -> None:
    partial = f"{year}-{month:02d}"
    assert first_day(f"{year}") <= first_day(partial) <= last_day(partial) <= last_day(f"{year}")


def test_a_period_holds_its_first_and_its_last_day() -> None:
    period = Period(start="2020-09-10", end="2021-08-30")
    assert [period.covers(day) for day in (date(2020, 9, 9), date(2020, 9, 10))] == [False, True]
    assert [period.covers(day) for day in (date(2021, 8, 30), date(2021, 8, 31))] == [True, False]


def test_an_open_period_never_ends() -> None:
    period = Period(start="2022-09-22", end="open")
    assert period.last is None
    assert period.covers(date.max)


def test_a_partial_start_counts_from_the_last_day_it_allows() -> None:
    period = Period(start="2023-09", end="open")
    assert not period.covers(date(2023, 9, 29))
    assert period.covers(date(2023, 9, 30))


def test_a_partial_end_is_over_after_the_first_day_it_allows() -> None:
    period = Period(start="2018-02-02", end="2023-09")
    assert period.covers(date(2023, 9, 1))
    assert not period.covers(date(2023, 9, 2))


@pytest.mark.parametrize("text", ["start: 2022-09-22\nend: open", 'start: "2022-09-22"\nend: "open"'])
def test_a_date_may_be_written_with_or_without_quotes(text: str) -> None:
    assert Period.model_validate(yaml.safe_load(text)).first == date(2022, 9, 22)


def test_a_year_without_quotes_is_read_as_a_year() -> None:
    assert Period.model_validate(yaml.safe_load("start: 2022\nend: open")).first == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("start", "end"), [("2022-09-22", "2022-09-21"), ("2022", "2022"), ("2022-09", "2022-09")]
)
def test_a_period_that_holds_no_certain_day_is_refused(start: str, end: str) -> None:
    with pytest.raises(ValidationError, match="sebelum mulai"):
        Period(start=start, end=end)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.integers(-10, 4010))
def test_a_period_covers_a_day_exactly_between_its_ends(first: date, length: int, offset: int) -> None:
    period = Period(start=first.isoformat(), end=(first + timedelta(length)).isoformat())
    assert period.covers(first + timedelta(offset)) is (0 <= offset <= length)


class Thing(Value):
    name: str
    size: int = 0


def test_a_value_cannot_change_and_refuses_an_unknown_key() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Thing(name="a").name = "b"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Thing.model_validate({"name": "a", "nama": "b"})


@pytest.mark.parametrize("data", [{"b": 1, "a": [1, {"d": 2, "c": 3}]}])
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(data: dict[str, Any]) -> None:
    turned = dict(reversed(list(data.items())))
    assert canonical(data) == canonical(turned) == b'{"a":[1,{"c":3,"d":2}],"b":1}'


def test_a_revision_is_sixteen_hex_digits_and_follows_the_content() -> None:
    one, same, other = Thing(name="a"), Thing(name="a", size=0), Thing(name="é")
    assert revision(one) == revision(same) != revision(other)
    assert len(revision(one)) == 16
    assert set(revision(one)) <= set("0123456789abcdef")
