"""What a table tells although it leaves it empty: the audit finds it, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas.completion import Group
from netralitas.disclosure import Audit, Knot, Terms, knots
from netralitas.masking import Sum

from .test_masking import Tables, attacked, everything, published


def hidden_of(sums: Collection[Sum], gone: Collection[object]) -> list[Terms]:
    found = [
        [*((one, 1) for one in parts if one in gone), *((one, -1) for one in (total,) if one in gone)]
        for total, parts, _rest in sums
    ]
    return [terms for terms in found if terms]


def told(
    cells: Mapping[str, int], sums: Collection[Sum], gone: Collection[str], floors: Mapping[str, int]
) -> set[str]:
    audit = Audit(cells, floors)
    return {cell for knot in knots(gone, hidden_of(sums, gone)) for cell in audit.told(knot, cells)}


def test_a_lone_empty_cell_and_two_that_are_at_their_floor_are_told() -> None:
    sums = [Sum("all", ("a", "b", "c"))]
    assert told({"all": 9, "a": 2, "b": 3, "c": 4}, sums, {"a"}, {}) == {"a"}
    assert told({"all": 9, "a": 2, "b": 3, "c": 4}, sums, {"a", "b"}, {}) == set()
    assert told({"all": 4, "a": 0, "b": 0, "c": 4}, sums, {"a", "b"}, {}) == {"a", "b"}
    assert told({"all": 6, "a": 1, "b": 1, "c": 4}, sums, {"a", "b"}, {"a": 1, "b": 1}) == {"a", "b"}
    assert told({"all": 6, "a": 1, "b": 1, "c": 4}, sums, {"a", "b", "all"}, {"a": 1, "b": 1}) == set()


def test_what_no_single_sum_tells_but_all_together_do_is_found() -> None:
    cells = {"a": 4, "b": 5, "c": 3, "ab": 9, "bc": 8, "ca": 7}
    sums = [Sum("ab", ("a", "b")), Sum("bc", ("b", "c"))]
    assert told(cells, sums, {"a", "b", "c"}, {}) == set()
    assert told(cells, [*sums, Sum("ca", ("c", "a"))], {"a", "b", "c"}, {}) == {"a", "b", "c"}


def test_cells_of_sums_apart_do_not_hang_together() -> None:
    found = knots("abcd", [[("a", 1), ("b", 1)], [("c", 1)]])
    assert sorted(sorted(knot.cells) for knot in found) == [["a", "b"], ["c"], ["d"]]
    assert [knot.sums for knot in found if "d" in knot.cells] == [[]]
    assert Audit({"d": 3}, {}).told(Knot(["d"], []), {"d"}) == []


@settings(max_examples=100)
@given(published(), st.data())
def test_the_audit_agrees_with_bounds_solved_another_way(
    tables: tuple[dict[str, Group], Tables], data: st.DataObject
) -> None:
    cells, sums, _small = everything(*tables)
    gone = data.draw(st.sets(st.sampled_from(sorted(cells, key=str)), min_size=1))
    floors = {cell: 1 for cell in cells if cell[1] == "people"}
    found = told(cells, sums, gone, floors)
    few = {cell for cell in gone if cells[cell] < 5}
    assert found & few == {cell for cell in attacked(cells, sums, gone, set()) if cell in gone}
