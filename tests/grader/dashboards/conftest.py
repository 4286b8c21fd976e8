"""A class of made-up people who have sat a quiz, and a part drawn for their trainer as its kernel does it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from grader import simulate
from netralitas import content
from netralitas.demo import EDUCATION
from netralitas.store import Store, open_store
from netralitas.web.board_desk import BOARDS, BoardDesk
from netralitas.web.board_tables import View
from netralitas.web.desk import Owner
from netralitas.widgets.board import Draw, Shown, Tables
from tests.site import MODULE

SIZE = 60


class Clock:
    """A clock that stands where it is put."""

    now = simulate.WHEN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    known = content.current()
    with closing(open_store(f"sqlite:///{tmp_path}/a.db", clock=clock)) as opened:
        opened.migrate()
        simulate.simulate(opened, known.quizzes[MODULE], known.course, size=SIZE, seed=7)
        yield opened


@pytest.fixture
def shown(store: Store) -> Callable[..., Shown]:
    """Draw a part for a trainer of EDUCATION; the course's last day was the tenth of January."""
    who = next(one.learner for one in store.people_under([EDUCATION]))
    store.grant(who, "trainer", EDUCATION, "uji")
    desk = BoardDesk(BOARDS["kelas"], View(store, content.current(), date(2026, 1, 10)))
    desk.owner = Owner(learner=who, session="uji")

    def draw(part: Draw, **question: str) -> Shown:
        return part(Tables(lambda asked: asyncio.run(desk.answer(asked))), question)

    return draw
