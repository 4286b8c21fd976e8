from __future__ import annotations

from typing import Any

import pytest

from netralitas.published import CaseMark, CriterionMark


def _criterion(points: float | None) -> CriterionMark:
    return CriterionMark(text="Menyebut bukti", points=points, most=2)


@pytest.mark.parametrize(
    ("points", "level"),
    [(None, "menunggu"), (0, "belum"), (0.5, "sebagian"), (2, "terpenuhi"), (3, "terpenuhi")],
)
def test_points_tell_the_level(points: Any, level: str) -> None:
    assert _criterion(points).level == level


def test_a_case_has_points_once_every_criterion_has() -> None:
    half = CaseMark(case="k11", criteria=(_criterion(1), _criterion(None)))
    whole = CaseMark(case="k11", criteria=(_criterion(1), _criterion(0)))
    assert (half.points, half.most) == (None, 4)
    assert (whole.points, whole.most) == (1, 4)
