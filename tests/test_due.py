"""The most particular deadline wins; an extension gives time and never takes it."""

from __future__ import annotations

from datetime import date

import pytest

from netralitas.due import Deadlines, Due

MAY, JUNE, JULY, AUGUST = (date(2026, month, 10) for month in (5, 6, 7, 8))
ALL = Deadlines(
    site=MAY,
    units={"Dinas / Bidang": JUNE, "Dinas": JULY},
    cohorts={"a": AUGUST, "x": MAY},
    extensions={"x": JUNE},
)


@pytest.mark.parametrize(
    ("learner", "path", "due"),
    [
        ("b", "Lain", Due(MAY, "site")),
        ("b", None, Due(MAY, "site")),
        ("b", "Dinas", Due(JULY, "unit")),
        ("b", "Dinas / Bidang / Seksi", Due(JUNE, "unit")),
        # A name that only begins alike is no unit above.
        ("b", "Dinas / Bidang Lain", Due(JULY, "unit")),
        ("a", "Dinas / Bidang", Due(AUGUST, "cohort")),
        ("x", "Dinas", Due(JUNE, "learner")),
    ],
)
def test_the_most_particular_wins(learner: str, path: str | None, due: Due) -> None:
    assert ALL.of(learner, path) == due


def test_an_extension_never_takes_time_and_extends_nothing_where_nothing_is_due() -> None:
    assert ALL._replace(extensions={"a": MAY}).of("a", "Dinas") == Due(AUGUST, "cohort")
    assert Deadlines(extensions={"a": MAY}).of("a", "Dinas") is None


def test_late_is_who_comes_after_the_last_day() -> None:
    assert [Due(JUNE, "site").over(day) for day in (MAY, JUNE, JULY)] == [False, False, True]
    assert ALL.personal == {"a", "x"}
