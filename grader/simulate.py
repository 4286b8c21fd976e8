"""Made-up learners go through the real engine into a store made for them.

    demo.roster_csv ─► accounts ─┐
    cohort.answering ─► judge.parse ─► judge.judge ─► store.append, a few hundred people to a batch

What is recorded is what a site would have recorded; only who answers is invented. Every NIP is born in
1900, and the store is marked as a demo: it says DEMO on each page and is never served beyond loopback.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from netralitas import demo, judge, roster
from netralitas.course import Course
from netralitas.i18n import _
from netralitas.quizzes import Quiz
from netralitas.record import Event, Given
from netralitas.store import Stamp, Store, StoreError

from .cohort import answering

WHEN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""The only moment of a simulated record: a clock would make every run another."""

_BATCH = 250
_FEWEST = 6  # the demo's roster begins with its officers and heads
_SESSION = "simulasi"


@dataclass(slots=True)
class _Person:
    """A made-up learner at work: what is recorded, and how many wrong tries each item has seen."""

    number: int
    learner: str
    dice: random.Random
    events: list[Event] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    tried: int = 0

    def event_id(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))


def simulate(
    store: Store,
    quiz: Quiz,
    course: Course,
    *,
    size: int,
    seed: int,
    on_event: Callable[[int], None] = lambda _events: None,
) -> int:
    """Let `size` made-up learners finish one attempt each; return the number of events recorded.

    `store` is empty, in today's schema, and its clock stands at WHEN. `on_event` is told how many events
    were just committed. Raises StoreError for a store that holds anybody, KeyError for a kind of item that
    nobody can make up.
    """
    people = _people(store, course, size=size, seed=seed)
    total = 0
    for start in range(0, size, _BATCH):
        total += _sit(store, quiz, course, people[start : start + _BATCH], seed=seed, on_event=on_event)
    return total


def _people(store: Store, course: Course, *, size: int, seed: int) -> list[_Person]:
    if store.people_under():
        raise StoreError(_("Penyimpanan ini sudah berisi orang; simulasi memerlukan penyimpanan kosong."))
    number = max(size, _FEWEST)
    # As the demo marks itself: `serve --demo` on this store finds its own people again.
    store.set_meta("demo_size", f"{seed} {number}")
    store.set_meta("demo", "1")
    rows = roster.parse(demo.roster_csv(seed=seed, people=number), made_up_allowed=True).rows
    store.import_roster(roster.Roster(rows=rows), course, today=WHEN.date(), by=demo.BY)
    learners = {person.nip: person.learner for person in store.people_under()}
    return [
        _Person(at, learners[row.nip], random.Random(f"{seed}/catatan/{at}"))  # noqa: S311  (no secrets)
        for at, row in enumerate(rows[:size])
    ]


def _sit(
    store: Store,
    quiz: Quiz,
    course: Course,
    people: Sequence[_Person],
    *,
    seed: int,
    on_event: Callable[[int], None],
) -> int:
    """Let some people finish an attempt, all one step at a time: each step is one batch."""
    _commit(store, course, people, [_opening(quiz, person) for person in people])
    for person in people:
        person.left = list(person.events[-1].result["form"])
    on_event(len(people))
    total, working = len(people), [person for person in people if person.left]
    while working:
        _commit(store, course, working, [_answer(quiz, person, seed) for person in working])
        on_event(len(working))
        total += len(working)
        for person in working:
            _advance(person)
        working = [person for person in working if person.left]
    return total


def _opening(quiz: Quiz, person: _Person) -> Given:
    given = _judged(quiz, person, {"kind": "open"})
    # As the site does: it draws seed and form when it commits.
    return given.model_copy(update={"result": judge.opening(quiz, person.dice.getrandbits(32))})


def _answer(quiz: Quiz, person: _Person, seed: int) -> Given:
    question = quiz.question(person.left[0])
    made = answering(question, seed=seed, person=person.number, tried=person.tried)
    message = {"kind": "answer", "item": question.id, "answer": made.answer}
    if getattr(question, "certainty", False):
        message["certainty"] = made.certainty
    return _judged(quiz, person, message)


def _judged(quiz: Quiz, person: _Person, message: dict[str, Any]) -> Given:
    parsed = judge.parse(message | {"event": person.event_id()})
    if isinstance(parsed, judge.Draft):
        raise TypeError(message["kind"])
    return judge.judge(quiz, person.events, parsed)


def _advance(person: _Person) -> None:
    if person.events[-1].result.get("again"):
        person.tried += 1
        return
    person.left, person.tried = person.left[1:], 0


def _commit(store: Store, course: Course, people: Sequence[_Person], batch: Sequence[Given]) -> None:
    stamps = [Stamp(person.learner, _SESSION, given) for person, given in zip(people, batch, strict=True)]
    for person, outcome in zip(people, store.append(stamps, course), strict=True):
        if not isinstance(outcome, Event):
            raise TypeError(f"not recorded: {outcome}")
        person.events.append(outcome)
