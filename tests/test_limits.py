"""One more attempt: allowed by a person, where none may begin; nothing that stands goes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netralitas import content
from netralitas.attempts import attempts, counting
from netralitas.judge import Answer, Open, judge
from netralitas.limits import left, may_open, next_at, reopening
from netralitas.quizzes import Quiz, key_reply, view
from netralitas.record import Event, RefusedError
from netralitas.widgets.recorder import MemoryRecorder

NOW = datetime.now(UTC)
QUIZ = content.load(Path(__file__).parent / "course").quizzes["contoh-kuis"]


def sat(quiz: Quiz, site: MemoryRecorder) -> list[Event]:
    """An attempt brought to its end."""
    opened = Open(kind="open", event=str(uuid.uuid4()))
    site.commit(judge(quiz, site.state().events, opened), quiz)
    for name in attempts(quiz, site.state().events)[-1].form:
        question = quiz.question(name)
        said = Answer(
            kind="answer", event=str(uuid.uuid4()), item=name, answer=key_reply(question),
            certainty="yakin" if question.certainty else None,
        )  # fmt: skip
        site.commit(judge(quiz, site.state().events, said), quiz)
    return site.state().events


def limited(**limits: int) -> Quiz:
    return QUIZ.model_copy(update=limits)


def reopened(quiz: Quiz, site: MemoryRecorder, reason: str = "Listrik padam.") -> list[Event]:
    (given,) = reopening(quiz, site.state().events, by="f" * 32, reason=reason, now=NOW)
    site.commit(given, quiz)
    return site.state().events


@pytest.mark.parametrize("limits", [{"attempts": 1}, {"cool_down": 600}, {"attempts": 2, "cool_down": 600}])
def test_a_reopening_allows_one_more_attempt_and_what_stands_stays(limits: dict[str, int]) -> None:
    quiz, site = limited(**limits), MemoryRecorder()
    before = sat(quiz, site)
    with pytest.raises(RefusedError):
        may_open(quiz, before, NOW)
    after = reopened(quiz, site)
    may_open(quiz, after, NOW)
    assert next_at(quiz, attempts(quiz, after)) is None
    was, now = attempts(quiz, before)[-1], attempts(quiz, after)[-1]
    assert now.reopened is not None
    assert (now.reopened.by, now.reopened.reason) == ("f" * 32, "Listrik padam.")
    assert (now.record, now.mark, now.ended_at) == (was.record, was.mark, was.ended_at)
    shown = view(quiz, after, pass_mark=70, citations={})
    assert shown["reopened"] == {"reason": "Listrik padam."}
    assert counting(quiz, attempts(quiz, after)) == now
    # It is used up by the next.
    sat(quiz, site)
    assert left(quiz, attempts(quiz, site.state().events)) == (
        None if quiz.attempts is None else quiz.attempts - 1
    )
    assert view(quiz, site.state().events, pass_mark=70, citations={})["reopened"] is None
    reopened(quiz, site)


def test_there_is_nothing_to_reopen_where_an_attempt_runs_or_may_begin() -> None:
    quiz, site = limited(attempts=1), MemoryRecorder()

    def refused(one: Quiz, now: datetime = NOW) -> None:
        with pytest.raises(RefusedError):
            reopening(one, site.state().events, by="f" * 32, reason="x", now=now)

    refused(quiz)
    site.commit(judge(quiz, [], Open(kind="open", event=str(uuid.uuid4()))), quiz)
    refused(quiz)
    site = MemoryRecorder()
    sat(quiz, site)
    refused(QUIZ)
    refused(limited(cool_down=60), NOW + timedelta(days=1))
    reopened(quiz, site)
    refused(quiz)
