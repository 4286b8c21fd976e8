"""Groups: a level of the tree, who stands above it, who stands nowhere."""

from __future__ import annotations

from grader.grouping import EVERYBODY, Groups, cut

PLACES = {"a": "Dinas A / Bidang / Seksi", "b": "Dinas A / Bidang", "c": "Dinas A", "d": "Dinas B / Bidang"}


def test_a_level_holds_who_stands_deeper_and_leaves_who_stands_above_where_they_are() -> None:
    assert cut(PLACES, 1) == {"a": "Dinas A", "b": "Dinas A", "c": "Dinas A", "d": "Dinas B"}
    assert cut(PLACES, 2) == PLACES | {"a": "Dinas A / Bidang"}
    assert cut(PLACES, None) == PLACES


def test_who_stands_nowhere_is_in_no_group_and_without_groups_with_everybody() -> None:
    found = [("d", 4), ("a", 1), ("b", 2), ("z", 9)]
    groups = Groups("instansi", cut(PLACES, 1))
    assert groups.parted(found) == {"Dinas A": [1, 2], "Dinas B": [4]}
    assert [*groups.parted(found)] == ["Dinas A", "Dinas B"]
    assert EVERYBODY.parted(found) == {"": [4, 1, 2, 9]}
    assert (groups.headed("x", {"n": 1}), EVERYBODY.headed("", {"n": 1})) == (
        {"group": "x", "n": 1},
        {"n": 1},
    )
