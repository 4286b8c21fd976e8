"""A month's report stands once, whoever issues it at the same time, and its bytes stay."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial

from netralitas.store import EVERYBODY, Store

from .conftest import at_once

MONTH = date(2026, 2, 28)
UNIT = "Dinas Contoh"


def issue(store: Store, number: int, unit: str = UNIT) -> bool:
    return store.issue(
        MONTH, unit, by=f"petugas {number}", digest=f"{number}" * 64, total={"people": number},
        files={"csv": b"%d" % number},
    )  # fmt: skip


def test_of_two_who_issue_at_once_one_does_and_it_stays(store: Store, url: str) -> None:
    for _round in range(3):
        unit = f"{UNIT} {_round}"
        told = at_once(partial(issue, unit=unit), store, url, 6)
        assert sorted(told) == [False] * 5 + [True]
        (one,) = store.issued([unit])
        number = told.index(True)
        assert (one.by, one.total) == (f"petugas {number}", {"people": number})
        assert not issue(store, 9, unit)
        body = store.issued_file(one.id, "csv")
        assert body == b"%d" % number
        assert one.files == {"csv": hashlib.sha256(body).hexdigest()}
    assert [row.act for row in store.audit_rows(50)] == ["report.issued"] * 3


def test_each_unit_and_everybody_has_its_own(store: Store) -> None:
    assert issue(store, 1, EVERYBODY)
    assert issue(store, 1)
    assert {one.unit for one in store.issued()} == {EVERYBODY, UNIT}
    assert [one.unit for one in store.issued([UNIT])] == [UNIT]
