"""Two markers' points: what counts, and how far they agree."""

from __future__ import annotations

import pytest

from grader.agreement import Said, Settled, disputed, kappa, settled

NOBODY = Said()
# Two psychologists rate the anxiety of twenty people from 1 to 6: data `anxiety` of the R package irr (0.84),
# in whose manual `kappa2(anxiety[,1:2], "squared")` is the example; irr gives 0.297.
ANXIETY = list(
    zip(
        (3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3),
        (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
        strict=True,
    )
)


def said(points: float, comment: str = "") -> Said:
    return Said(points=points, comment=comment)


def test_kappa_is_that_of_a_published_example() -> None:
    assert round(kappa(ANXIETY) or 0, 3) == 0.297
    # What the points are counted from, and in which steps, does not matter.
    assert kappa([(one / 2 - 3, other / 2 - 3) for one, other in ANXIETY]) == pytest.approx(kappa(ANXIETY))


@pytest.mark.parametrize(
    ("pairs", "value"),
    [([(0, 0), (3, 3), (1, 1)], 1.0), ([(0, 2), (2, 0)], -1.0), ([(0, 0), (0, 2), (2, 0), (2, 2)], 0.0),
     ([(2, 2), (2, 2)], None), ([], None)],
)  # fmt: skip
def test_kappa_at_its_ends_and_where_it_has_no_value(
    pairs: list[tuple[float, float]], value: float | None
) -> None:
    assert kappa(pairs) == value


def test_equal_points_count_and_a_small_difference_is_averaged() -> None:
    assert settled(said(2, "Bagus."), said(2, "Bagus."), NOBODY, 1) == Settled(
        points=2, comment="Bagus.", how="sama"
    )
    assert settled(said(3, "Jelas."), said(2, "Sebut tanggalnya."), NOBODY, 1) == Settled(
        points=2.5, comment="Jelas.\nSebut tanggalnya.", how="rata-rata"
    )


def test_a_dispute_waits_for_the_third_whose_word_counts() -> None:
    first, second = said(3, "Jelas."), said(0)
    assert disputed(first, second, 1)
    assert settled(first, second, NOBODY, 1) is None
    assert settled(first, second, said(1, "Ragu."), 1) == Settled(
        points=1, comment="Ragu.", how="penilai ketiga"
    )
    # Where nothing is averaged, any difference is a dispute.
    assert disputed(said(1), said(0.5), 0)
    assert not disputed(said(1), said(0), 1)


def test_who_has_not_marked_is_waited_for() -> None:
    for first, second in ((NOBODY, said(2)), (said(2), NOBODY), (NOBODY, NOBODY)):
        assert settled(first, second, said(2), 1) is None
        assert not disputed(first, second, 0)
