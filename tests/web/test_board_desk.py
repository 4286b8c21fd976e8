"""What a dashboard's kernel may ask for: tables of its own, of the looker's subtree, noted each time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from netralitas import content, demo, reports
from netralitas.demo import EDUCATION, HEALTH
from netralitas.store import Store, open_store
from netralitas.web.board_desk import BOARDS, BoardDesk
from netralitas.web.board_tables import View
from netralitas.web.desk import Owner
from tests.site import learner_of

FIELD = f"{EDUCATION} / Bidang Contoh Pendidikan Dasar"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/a.db")) as opened:
        opened.migrate()
        demo.make(opened, content.current().course)
        yield opened


@pytest.fixture
def officer(store: Store) -> str:
    return next(held.learner for held in store.roles() if held.role == "agency")


def asked(store: Store, who: str, name: Any = "completion", **arguments: Any) -> dict[str, Any]:
    desk = BoardDesk(BOARDS["penyelesaian"], View(store, content.current(), date(2026, 1, 1)))
    desk.owner = Owner(learner=who, session="uji")
    return asyncio.run(desk.answer({"ask": "table", "name": name, "arguments": arguments}))


def test_a_table_is_the_report_and_stands_in_the_audit_log(store: Store, officer: str) -> None:
    table = asked(store, officer, under=FIELD, by="3")["table"]
    today = date.fromisoformat(table["as_of"])
    report = reports.completion(
        store, content.current().course, as_of=today, by="3", shared=False, under=FIELD,
        deadline=date(2026, 1, 1),
    )  # fmt: skip
    assert table["digest"] == report["digest"]
    assert table["total"]["people"] > 0
    noted = store.audit_rows(1)[0]
    assert (noted.who, noted.act, noted.subject) == (officer, "melihat_dasbor_penyelesaian", FIELD)
    assert noted.detail["table"] == "completion"


@pytest.mark.parametrize("under", [HEALTH, None, "", "Dinas", EDUCATION + "x", f"{EDUCATION} / Tidak Ada", 7])
def test_what_is_outside_the_subtree_is_refused_without_a_name(
    store: Store, officer: str, under: Any
) -> None:
    before = store.audit_rows(1)
    told = asked(store, officer, under=under)
    assert told.keys() == {"refused"}
    assert HEALTH not in told["refused"]
    assert store.audit_rows(1) == before


@pytest.mark.parametrize(
    "name",
    ["people", "event", "__class__", "../netralitas.db", "completion; DROP TABLE event", "", None, 7, []],
)
def test_a_table_that_is_not_of_this_dashboard_is_refused(store: Store, officer: str, name: Any) -> None:
    assert asked(store, officer, name, under=EDUCATION).keys() == {"refused"}


@pytest.mark.parametrize(
    "arguments",
    [{"by": "nip"}, {"as_of": "besok"}, {"shared": "entah"}, {"months": 10**9}, {"url": "sqlite://"}],
)
def test_arguments_that_do_not_fit_are_refused(store: Store, officer: str, arguments: dict[str, Any]) -> None:
    assert asked(store, officer, under=EDUCATION, **arguments).keys() == {"refused"}


def test_a_role_that_is_taken_back_holds_at_once(store: Store, officer: str) -> None:
    assert "table" in asked(store, officer, under=EDUCATION)
    store.revoke(officer, "agency", EDUCATION, "uji")
    assert asked(store, officer, under=EDUCATION).keys() == {"refused"}


def test_another_role_has_no_tables(store: Store) -> None:
    trainer = next(held.learner for held in store.roles() if held.role == "trainer")
    learner = learner_of(store, next(p.nip for p in store.people_under(None)))
    assert asked(store, trainer, under=EDUCATION).keys() == {"refused"}
    assert asked(store, learner, under=EDUCATION).keys() == {"refused"}


def test_a_kernel_without_an_owner_gets_nothing(store: Store) -> None:
    desk = BoardDesk(BOARDS["penyelesaian"], View(store, content.current(), None))
    asking = {"ask": "table", "name": "places", "arguments": {}}
    assert asyncio.run(desk.answer(asking)).keys() == {"refused"}
