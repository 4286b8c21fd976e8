"""A toy quiz of ten items in three kinds, a toy content root around it, and recorded learners."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from netralitas import content
from netralitas.quizzes import Question, Quiz, answer_event, form
from netralitas.record import Event
from tests.grader.office import SIZE, Office, copied, furnish, peopled
from tests.store.conftest import cluster  # noqa: F401  (a fixture)

SLUG = "contoh-nilai"
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
Answers = Mapping[str, tuple[str, ...]]


def _item(number: int, kind: str, letters: str, key: str) -> dict[str, Any]:
    name = f"k{number:02d}"
    return {
        "id": name,
        "kind": kind,
        "prompt": f"Pernyataan {name}?",
        "choices": [{"id": x, "text": f"pilihan {x}", "feedback": f"umpan-{name}-{x}"} for x in letters],
        "key": list(key),
        "explanation": f"penjelasan-{name}",
        "sources": ["uu-contoh"],
        "depth": "terapkan",
    }


_ITEMS = [
    *((number, "single_choice", "abcd", "abcd"[number - 1]) for number in range(1, 5)),
    (5, "multiple_choice", "abcd", "ab"),
    (6, "multiple_choice", "abcde", "ace"),
    (7, "multiple_choice", "abcdef", "abdef"),
    (8, "multiple_choice", "abcdefgh", "abcefgh"),
    (9, "true_false", "ab", "a"),
    (10, "true_false", "ab", "b"),
]


@pytest.fixture(scope="session")
def quiz() -> Quiz:
    return Quiz.model_validate(
        {
            "format_version": 1,
            "id": SLUG,
            "title": "Kuis contoh",
            "questions": [_item(*row) for row in _ITEMS],
        }
    )


@pytest.fixture
def place(tmp_path: Path, quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the root of a content that holds one module and the toy quiz."""
    root = tmp_path / "isi"
    module = {"slug": SLUG, "title": "Contoh", "summary": "Contoh.", "minutes": 5, "quiz": SLUG}
    lists = {name: [] for name in ("roles", "stages", "depths", "causes", "skills")}
    rule = {"version": "7", "start": "2026-01-01", "pass_mark": 70}
    course = {
        "format_version": 1,
        "version": "1",
        "title": "Contoh",
        "completion": rule,
        "tags": lists,
        "posts": [],
        "modules": [module],
    }
    periods = ("guides", "asn_law", "discipline", "transitions", "oversight", "sanctions", "unbound")
    regimes = {"format_version": 1} | {name: [] for name in periods}
    files = {
        "data/course.yaml": course,
        "data/sources.yaml": {"format_version": 1, "sources": []},
        "data/regimes.yaml": regimes,
        f"quizzes/{SLUG}.yaml": quiz.model_dump(mode="json"),
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
    monkeypatch.setenv("NETRALITAS_CONTENT", str(root))
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path / "rumah"))
    content.current.cache_clear()
    yield root
    content.current.cache_clear()


@pytest.fixture(scope="session")
def record(quiz: Quiz) -> Callable[..., list[Event]]:
    """Return a function that records attempts as the site does: (seed, answers by item) each."""

    def recorded(learner: str, *sittings: tuple[int, Answers]) -> list[Event]:
        events: list[Event] = []

        def commit(verb: str, name: str, attempt: int, after: int, result: dict[str, Any]) -> None:
            seq = len(events) + 1
            raw = f"{learner}/{seq}"
            events.append(
                Event.model_validate(
                    {
                        "id": str(uuid.UUID(bytes=uuid.uuid5(uuid.NAMESPACE_URL, raw).bytes, version=4)),
                        "verb": verb,
                        "object": name,
                        "attempt": attempt,
                        "after": after,
                        "revision": "0" * 16,
                        "result": result,
                        "learner": learner,
                        "site": "uji",
                        "seq": seq,
                        "received_at": START + timedelta(minutes=seq),
                        "session": "uji",
                        "chain": "",
                    }
                )
            )

        for attempt, (seed, answers) in enumerate(sittings, 1):
            drawn = form(quiz, seed)
            commit("opened", quiz.root, attempt, 0, {"seed": seed, "form": list(drawn)})
            for name in drawn:
                if name in answers:
                    result, running = answer_event(quiz, events, item=name, answer=answers[name])
                    commit("answered", f"{quiz.root}/{name}", attempt, running.last_seq, result)
        return events

    return recorded


def _right(question: Question) -> tuple[str, ...]:
    return question.key


def _wrong(question: Question) -> tuple[str, ...]:
    return next((choice.id,) for choice in question.choices if choice.id not in question.key)


def _scant(question: Question) -> tuple[str, ...]:
    return question.key[:1] if question.kind == "multiple_choice" else _wrong(question)


def _greedy(question: Question) -> tuple[str, ...]:
    return (*question.key, *_wrong(question)) if question.kind == "multiple_choice" else question.key


_MANNERS = {"right": _right, "wrong": _wrong, "scant": _scant, "greedy": _greedy}


@pytest.fixture(scope="session")
def answered(quiz: Quiz) -> Callable[[str], Answers]:
    """Return a function that answers every item in one manner.

    `right`: the key; `wrong`: a choice outside it; `scant`: one right tick where several are asked, else
    wrong; `greedy`: the key, and a wrong tick beside it where several are asked.
    """
    return lambda manner: {question.id: _MANNERS[manner](question) for question in quiz.questions}


@pytest.fixture(scope="session")
def learners(record: Any, answered: Any) -> dict[str, list[Event]]:
    """Return five recorded learners: perfect, scant, greedy, all wrong, better the second time."""
    nearly = answered("right") | {"k02": ("a",), "k08": ("a",)}
    sittings = [
        [(11, answered("right"))],
        [(2**53 - 1, answered("scant"))],
        [(0, answered("greedy"))],
        [(4, answered("wrong"))],
        [(5, answered("scant")), (6, nearly), (7, answered("wrong"))],
    ]
    return {f"{number:032x}": record(f"{number:032x}", *row) for number, row in enumerate(sittings, 1)}


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office nobody works in; see `office`."""
    return furnish(tmp_path_factory.mktemp("kantor"))


@pytest.fixture
def office(furnished: Office, tmp_path: Path) -> Iterator[Office]:
    """Return an office of the test's own, with SIZE learners."""
    yield peopled(copied(furnished, tmp_path), SIZE)
    content.current.cache_clear()
