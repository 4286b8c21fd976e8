"""A kernel that lies: limits are asked of the record and the server's clock, whatever it says it judged."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from netralitas import content, demo, roster
from netralitas.content import Content
from netralitas.quizzes import Quiz
from netralitas.store import Store, open_store
from netralitas.web.deadlines import SITE, Deadlines
from netralitas.web.desk import Desk, Owner
from netralitas.web.writer import Writer
from tests.web.conftest import TOY

SLUG = "contoh-kuis"
ROOT = f"quiz/{SLUG}"
DAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RIGHT = {"k01": ["b"], "k02": ["a", "d"], "k03": ["a"]}


class Clock:
    """The server's clock, turned by hand."""

    def __init__(self) -> None:
        self.now = DAY

    def __call__(self) -> datetime:
        return self.now

    def at(self, minutes: float) -> None:
        self.now = DAY + timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'uji.db'}", clock=clock)
    opened.migrate()
    yield opened
    opened.close()


class Liar:
    """A kernel that commits whatever it likes for its learner."""

    def __init__(self, store: Store, known: Content, learner: str) -> None:
        self.store, self.learner, self.quiz = store, learner, known.quizzes[SLUG]
        self.writer = Writer(store, lambda: known.course)
        self.desk = Desk(known, known.course.module(SLUG), store, self.writer)
        self.desk.owner = Owner(learner=learner, session="sesi")
        self.deadlines = Deadlines(store, self.writer, lambda: [self.quiz])

    async def commit(self, verb: str, item: str = "", **fields: Any) -> dict[str, Any]:
        events = self.store.events_of(self.learner, [ROOT])
        revised = self.quiz.question(item) if item else self.quiz
        given = {
            "id": str(uuid.uuid4()),
            "verb": verb,
            "object": f"{ROOT}/{item}" if item else ROOT,
            "attempt": max((e.attempt for e in events if e.verb == "opened"), default=0) + (verb == "opened"),
            "after": 0 if verb == "opened" else max((e.seq for e in events), default=0),
            "revision": revised.fingerprint,
            "result": {},
        }
        return await self.desk.answer({"ask": "commit", "given": given | fields})

    async def sit(self, mark: int = 0) -> None:
        """Begin and end an attempt."""
        assert "event" in await self.commit("opened")
        for item, answer in RIGHT.items():
            told = {"answer": answer, "score": 1.0} | ({"mark": mark} if item == "k03" else {})
            assert "event" in await self.commit("answered", item, result=told)

    def verbs(self) -> list[str]:
        return [event.verb for event in self.store.events_of(self.learner)]


Test = Callable[[Liar], Awaitable[None]]


def lie(store: Store, test: Test, **fields: Any) -> None:
    """Run a test with a lying kernel on the toy quiz, sat in another way."""
    known = content.load(TOY)
    quiz = Quiz.model_validate(known.quizzes[SLUG].model_dump(mode="json") | fields)
    known = known.model_copy(update={"quizzes": {**known.quizzes, SLUG: quiz}})
    rows = roster.parse(demo.roster_csv(seed=1, people=6), made_up_allowed=True)
    store.import_roster(rows, known.course, today=date(2026, 3, 2), by="uji")

    async def run() -> None:
        liar = Liar(store, known, store.people_under()[0].learner)
        liar.writer.start()
        try:
            await test(liar)
        finally:
            await liar.writer.stop()

    asyncio.run(run())
    assert store.verify_chains() == []


def test_no_attempt_past_the_limit(store: Store) -> None:
    async def test(liar: Liar) -> None:
        await liar.sit()
        await liar.sit()
        assert await liar.commit("opened") == {"refused": "percobaan sudah habis"}
        # Nor by naming another number.
        for attempt in (1, 2, 4, 9):
            assert await liar.commit("opened", attempt=attempt) == {"moved": True}
        assert liar.verbs().count("opened") == 2

    lie(store, test, attempts=2)


def test_no_attempt_before_the_pause_is_over_by_the_servers_clock(store: Store, clock: Clock) -> None:
    async def test(liar: Liar) -> None:
        await liar.sit()
        clock.at(59.9)
        late = (DAY + timedelta(days=3)).isoformat()
        assert await liar.commit("opened", given_at=late) == {
            "refused": "percobaan berikutnya belum waktunya"
        }
        clock.at(60)
        assert "event" in await liar.commit("opened")

    lie(store, test, cool_down=60)


def test_no_attempt_beside_one_that_runs(store: Store) -> None:
    async def test(liar: Liar) -> None:
        assert "event" in await liar.commit("opened")
        assert await liar.commit("opened") == {"refused": "percobaan sebelumnya belum selesai"}

    lie(store, test)


def test_of_many_at_once_only_as_many_begin_as_may(store: Store) -> None:
    async def test(liar: Liar) -> None:
        told = await asyncio.gather(*(liar.commit("opened") for _one in range(8)))
        assert sum("event" in one for one in told) == 1
        assert liar.verbs() == ["opened"]

    lie(store, test, attempts=1)


def test_an_attempt_sent_again_is_the_one_that_stands(store: Store) -> None:
    async def test(liar: Liar) -> None:
        same = {"id": str(uuid.uuid4()), "attempt": 1}
        first = await liar.commit("opened", **same)
        assert await liar.commit("opened", **same) == first
        assert liar.verbs() == ["opened"]

    lie(store, test, attempts=1)


def test_an_answer_after_the_forced_time_ends_the_attempt_instead(store: Store, clock: Clock) -> None:
    async def test(liar: Liar) -> None:
        await liar.commit("opened")
        clock.at(10)
        assert "event" in await liar.commit("answered", "k01", result={"answer": ["b"], "score": 1.0})
        clock.at(10.01)
        answer = {"answer": ["a", "d"], "score": 1.0, "mark": 100}
        assert await liar.commit("answered", "k02", result=answer) == {"moved": True}
        last = liar.store.events_of(liar.learner)[-1]
        assert (last.verb, last.session, last.result) == ("submitted", SITE, {"mark": 33})
        # Nor afterwards, when it knows where the attempt stands.
        assert await liar.commit("answered", "k02", result=answer) == {"moved": True}
        assert liar.verbs() == ["opened", "answered", "submitted"]

    lie(store, test, minutes=10, forced=True)


def test_who_begins_anew_after_the_time_was_over_ends_the_old_one_first(store: Store, clock: Clock) -> None:
    async def test(liar: Liar) -> None:
        await liar.commit("opened")
        clock.at(11)
        assert await liar.commit("opened") == {"moved": True}
        assert await liar.commit("opened") == {"refused": "percobaan sudah habis"}
        assert liar.verbs() == ["opened", "submitted"]

    lie(store, test, minutes=10, forced=True, attempts=1)


def test_a_quiz_without_a_forced_time_is_not_handed_in(store: Store) -> None:
    async def test(liar: Liar) -> None:
        await liar.commit("opened")
        told = await liar.commit("submitted", result={"mark": 100})
        assert told == {"refused": "kuis ini tidak dibatasi waktu"}
        assert await liar.commit("regraded", result={"mark": 100}) == {
            "refused": "kata kerja ini bukan milik pembelajar"
        }

    lie(store, test, minutes=10)


class TestDeadlines:
    """Nobody comes back: the site looks by itself."""

    def test_an_overdue_attempt_is_handed_in_once_with_what_it_has(self, store: Store, clock: Clock) -> None:
        async def test(liar: Liar) -> None:
            await liar.commit("opened")
            await liar.commit("answered", "k01", result={"answer": ["b"], "score": 1.0})
            clock.at(10)
            await liar.deadlines.look()
            assert liar.verbs() == ["opened", "answered"]
            clock.at(10.01)
            for _look in range(3):
                await liar.deadlines.look()
            assert liar.verbs() == ["opened", "answered", "submitted"]
            assert liar.store.progress_of(liar.learner)[SLUG].mark == 33
            # Another server, or this one after a restart, has nothing left to do.
            await Deadlines(liar.store, liar.writer, lambda: [liar.quiz]).look()
            assert liar.verbs().count("submitted") == 1

        lie(store, test, minutes=10, forced=True)

    def test_two_servers_looking_at_once_write_it_once(self, store: Store, clock: Clock) -> None:
        async def test(liar: Liar) -> None:
            await liar.commit("opened")
            clock.at(30)
            others = [Deadlines(liar.store, liar.writer, lambda: [liar.quiz]) for _one in range(4)]
            await asyncio.gather(*(one.look() for one in others))
            assert liar.verbs() == ["opened", "submitted"]

        lie(store, test, minutes=10, forced=True)

    def test_what_was_finished_or_is_in_time_is_left_alone(self, store: Store, clock: Clock) -> None:
        async def test(liar: Liar) -> None:
            await liar.sit(mark=100)
            clock.at(9)
            await liar.commit("opened")
            clock.at(15)
            await liar.deadlines.look()
            assert "submitted" not in liar.verbs()
            clock.at(19.01)
            await liar.deadlines.look()
            assert liar.verbs()[-1] == "submitted"
            assert liar.store.progress_of(liar.learner)[SLUG].mark == 100

        lie(store, test, minutes=10, forced=True)

    def test_a_time_that_is_only_shown_ends_nothing(self, store: Store, clock: Clock) -> None:
        async def test(liar: Liar) -> None:
            await liar.commit("opened")
            clock.at(9999)
            await liar.deadlines.look()
            assert liar.verbs() == ["opened"]
            # The same quiz, forced from now on.
            liar.quiz = liar.quiz.model_copy(update={"forced": True})
            await liar.deadlines.look()
            assert liar.verbs() == ["opened", "submitted"]

        lie(store, test, minutes=10)

    def test_an_attempt_opened_as_the_clock_stood_still_is_not_passed_over(
        self, store: Store, clock: Clock
    ) -> None:
        async def test(liar: Liar) -> None:
            await liar.commit("opened")
            clock.at(10)
            await liar.deadlines.look()
            clock.now += timedelta(microseconds=1)
            await liar.deadlines.look()
            assert liar.verbs() == ["opened", "submitted"]

        lie(store, test, minutes=10, forced=True)
