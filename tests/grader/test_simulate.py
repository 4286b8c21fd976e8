"""Made-up learners leave the record a site would have left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.cohort import traits
from grader.item_report import document
from grader.simulate import WHEN, simulate
from grader.submission import counting
from netralitas import content
from netralitas.nip import MADE_UP_YEAR
from netralitas.quizzes import Quiz
from netralitas.store import Store, StoreError, open_store


@pytest.fixture
def store(place: Path, tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'simulasi.db'}", clock=lambda: WHEN)) as opened:
        opened.migrate()
        yield opened


def run(store: Store, quiz: Quiz, *, size: int, seed: int = 7, **more: Any) -> dict[str, Any]:
    simulate(store, quiz, content.current().course, size=size, seed=seed, **more)
    return document(quiz, store.events_on(quiz.root), which="first", made_up=True)


def test_everybody_finishes_one_attempt_through_the_engine(store: Store, quiz: Quiz) -> None:
    told: list[int] = []
    found = run(store, quiz, size=12, on_event=told.append)
    records = list(store.events_on(quiz.root))
    assert found["attempts"] == len(records) == 12
    assert sum(told) == 12 * 11
    assert store.verify_chains() == []
    assert all(counting(quiz, events) for events in records)
    assert store.rebuild(content.current().course).rows_changed == 0


def test_made_up_people_are_marked_as_such(store: Store, quiz: Quiz) -> None:
    run(store, quiz, size=8)
    assert store.meta("demo") == "1"
    assert store.real_people() == 0
    assert all(person.nip.startswith(str(MADE_UP_YEAR)) for person in store.people_under())


def test_a_store_that_holds_anybody_is_refused(store: Store, quiz: Quiz) -> None:
    run(store, quiz, size=6)
    with pytest.raises(StoreError, match="sudah berisi orang"):
        run(store, quiz, size=6)


def test_a_wrong_try_is_followed_by_another(
    store: Store, quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader import simulate as module  # noqa: PLC0415

    judged, seen = module._judged, set()

    def with_tries(quiz: Quiz, person: Any, message: dict[str, Any]) -> Any:
        given = judged(quiz, person, message)
        wrong = message["kind"] == "answer" and given.result["score"] < 1 and "mark" not in given.result
        if wrong and (person.number, message["item"]) not in seen:
            seen.add((person.number, message["item"]))
            # As a quiz with tries records it: under no item of the form, so that it stays open here too.
            return given.model_copy(
                update={"object": f"{quiz.root}/coba", "result": given.result | {"again": True}}
            )
        return given

    monkeypatch.setattr(module, "_judged", with_tries)
    found = run(store, quiz, size=10)
    assert seen
    assert found["attempts"] == 10
    assert [row["answers"] for row in found["items"]] == [10] * 10


def test_the_report_finds_what_the_model_put_in(store: Store, quiz: Quiz) -> None:
    found = run(store, quiz, size=300)
    rows = {row["item"]: row for row in found["items"] if row["kind"] == "single_choice"}
    hard = sorted(rows, key=lambda name: traits(7, name).difficulty)
    assert hard == sorted(rows, key=lambda name: -rows[name]["facility"])
    assert all(row["discrimination"] > 0 for row in found["items"])
    assert 0 < found["reliability"]["low"] < found["reliability"]["alpha"] < found["reliability"]["high"]


def test_the_same_seed_gives_the_same_report_bit_for_bit(place: Path, tmp_path: Path, quiz: Quiz) -> None:
    def once(name: str, seed: int) -> str:
        with closing(open_store(f"sqlite:///{tmp_path / name}", clock=lambda: WHEN)) as opened:
            opened.migrate()
            return json.dumps(run(opened, quiz, size=60, seed=seed))

    first = once("a.db", 7)
    assert once("b.db", 7) == first
    assert once("c.db", 8) != first
