"""Units found by part of their name."""

from __future__ import annotations

import pytest

from netralitas.web.picking import matching

PATHS = ("Dinas A", "Dinas A / SDN 1", "Dinas A / SDN 1 / Guru", "Dinas B / sdn 11", "Dinas B / SMPN 1")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("SDN", ["Dinas A / SDN 1", "Dinas B / sdn 11", "Dinas A / SDN 1 / Guru"]),
        ("guru dinas", ["Dinas A / SDN 1 / Guru"]),
        ("dinas b", ["Dinas B / SMPN 1", "Dinas B / sdn 11"]),
        ("puskesmas", []),
    ],
)
def test_every_word_is_in_the_path_and_names_come_before_places(typed: str, found: list[str]) -> None:
    assert list(matching(PATHS, typed)) == found
