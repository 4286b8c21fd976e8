"""Quizzes: what is asked, how it is scored, what a learner sees of it.

Pure. An item is *written once* in `quizzes/<slug>.yaml` and *scored once*, by `score`: the widget
and the hidden nbgrader test call the same function. `view` is the only thing that ever leaves for
a browser; before an item is answered it holds neither key nor feedback.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from .model import ChoiceId, Slug, Status, Text, Value
from .record import AnsweredError, Event, RefusedError
from .statements import Claim, Statement, require_cited

Kind = Literal["single_choice", "multiple_choice", "true_false"]
Depth = Literal["ingat", "terapkan", "timbang"]


class Choice(Value):
    """One option and the answer it gets: `feedback` speaks to who ticked (or missed) it."""

    id: ChoiceId
    text: Text
    feedback: Text


class Question(Value):
    """One item. `rules` are acts as they stood on `on`; `key` holds the ids of the right choices.

    `claims` are what the key rests on, `holds` what it says of each act, so that `check` finds a key the law
    has overturned.
    """

    id: Slug
    kind: Kind
    prompt: Text
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=8)
    key: tuple[ChoiceId, ...] = Field(min_length=1)
    explanation: Text
    rules: tuple[Slug, ...] = ()
    sources: tuple[Slug, ...] = ()
    on: date | None = None
    depth: Depth
    claims: tuple[Claim, ...] = ()
    holds: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) < len(ids):
            raise ValueError(
                f"soal {self.id}: huruf pilihan dipakai dua kali. Beri tiap pilihan huruf sendiri."
            )
        for letter in self.key:
            if letter not in ids:
                raise ValueError(
                    f"soal {self.id}: kunci '{letter}' tidak ada di pilihan {', '.join(ids)}. "
                    f"Tambahkan pilihan {letter} atau betulkan kunci."
                )
        if self.kind != "multiple_choice" and len(self.key) != 1:
            raise ValueError(f"soal {self.id}: jenis {self.kind} memerlukan tepat satu kunci.")
        if self.kind == "true_false" and len(ids) != 2:  # noqa: PLR2004  (benar and salah)
            raise ValueError(f"soal {self.id}: benar/salah memerlukan tepat dua pilihan.")
        if self.rules and self.on is None:
            raise ValueError(f"soal {self.id}: 'rules' memerlukan tanggal 'on'.")
        if not self.rules and not self.sources:
            raise ValueError(f"soal {self.id}: tidak menyebut 'rules' atau 'sources'. Sebut dasar kuncinya.")
        return self

    @model_validator(mode="after")
    def _claims_are_what_is_held(self) -> Self:
        require_cited(self.holds, self.rules, f"soal {self.id}")
        told = {claim for one in self.holds for claim in one.claims}
        if self.holds and told != set(self.claims):
            raise ValueError(
                f"soal {self.id}: 'claims' harus sama dengan isi 'holds': {', '.join(sorted(told))}. "
                f"Samakan keduanya."
            )
        return self

    def cases(self) -> tuple[tuple[str, date], ...]:
        """Return (act, day) of everything cited: the days `holds` names, else `on`."""
        if self.on is None:
            return ()
        told = [(act, one.on or self.on) for act in self.rules for one in self.holds if one.act == act]
        held = {act for act, _day in told}
        return (*told, *((act, self.on) for act in self.rules if act not in held))


class Quiz(Value):
    """A fixed quiz: all its items, shown in an order drawn from the attempt's seed."""

    format_version: Literal[1]
    id: Slug
    status: Status = "terbit"
    title: Text
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_id_twice(self) -> Self:
        ids = [question.id for question in self.questions]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"soal {name}: id dipakai dua kali. Beri tiap soal id sendiri.")
        return self

    @property
    def root(self) -> str:
        """The object id its attempts stand under."""
        return f"quiz/{self.id}"

    def question(self, name: str) -> Question:
        """Return the item of that id. Raises KeyError."""
        for question in self.questions:
            if question.id == name:
                return question
        raise KeyError(name)


def form(quiz: Quiz, seed: int) -> tuple[str, ...]:
    """Return the item ids of an attempt in their order; the same seed gives the same form anywhere."""
    names = [question.id for question in quiz.questions]
    # Mersenne twister and its shuffle are specified, so replay on another machine agrees.
    random.Random(f"{quiz.id}/{seed}").shuffle(names)  # noqa: S311  (order of items, not a secret)
    return tuple(names)


def score(question: Question, answer: Sequence[str]) -> float:
    """Return the score of an answer between 0 and 1, to four decimals.

    One choice and true/false: 1 for the key, else 0. Several choices: right ticks less wrong ticks,
    over the number of keys, never below 0. A blank scores 0, the key 1; unknown letters count as wrong.
    """
    ticked, key = set(answer), set(question.key)
    if question.kind != "multiple_choice":
        return 1.0 if ticked == key else 0.0
    return round(max(0, len(ticked & key) - len(ticked - key)) / len(key), 4)


def mark(scores: Sequence[float], items: int) -> int:
    """Return the mark 0–100 of an attempt, rounded half up; items without an answer score 0.

    The order of the scores never matters: they are added exactly before anything is rounded.
    """
    return int(100 * round(math.fsum(scores), 4) / items + 0.5)


class Attempt(Value):
    """An attempt as its events tell it: form drawn, answers given in order."""

    number: int
    form: tuple[str, ...]
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    last_seq: int

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """Answers by item id."""
        return dict(self.answers)

    @property
    def finished(self) -> bool:
        """Say whether every item of the form has its answer."""
        return len(self.answers) == len(self.form)


def attempts(quiz: Quiz, events: Sequence[Event]) -> tuple[Attempt, ...]:
    """Rebuild the attempts at a quiz from a learner's events, oldest first.

    Items the quiz no longer has are left out, so that an attempt can always be finished.
    """
    known = {question.id for question in quiz.questions}
    found: dict[int, Attempt] = {}
    for event in events:
        if event.root != quiz.root:
            continue
        if event.verb == "opened":
            drawn = tuple(name for name in event.result["form"] if name in known)
            found[event.attempt] = Attempt(number=event.attempt, form=drawn, answers=(), last_seq=event.seq)
        elif event.verb == "answered" and event.attempt in found:
            before = found[event.attempt]
            entry = (event.object.rsplit("/", 1)[-1], tuple(event.result["answer"]))
            if entry[0] not in before.form:
                found[event.attempt] = before.model_copy(update={"last_seq": event.seq})
                continue
            found[event.attempt] = before.model_copy(
                update={"answers": (*before.answers, entry), "last_seq": event.seq}
            )
    return tuple(found[number] for number in sorted(found) if found[number].form)


def attempt_mark(quiz: Quiz, attempt: Attempt) -> int:
    """Return the mark 0–100 of an attempt so far."""
    scores = [score(quiz.question(name), answer) for name, answer in attempt.answers]
    return mark(scores, len(attempt.form))


def answer_event(
    quiz: Quiz, events: Sequence[Event], *, item: str, answer: Sequence[str]
) -> tuple[dict[str, Any], Attempt]:
    """Judge an answer against the running attempt: return the event's result and the attempt it fits.

    Raises RefusedError when no attempt is open, the item is not in its form or already answered, the
    letters are unknown or doubled, or more than one is given where one is asked.
    """
    running = attempts(quiz, events)
    if not running or running[-1].finished:
        raise RefusedError("tidak ada percobaan yang sedang berjalan")
    attempt = running[-1]
    if item not in attempt.form:
        raise RefusedError("soal tidak ada di lembar ini")
    if item in attempt.given:
        raise AnsweredError("soal sudah dijawab")
    question = quiz.question(item)
    letters = [choice.id for choice in question.choices]
    if len(set(answer)) != len(answer) or not set(answer) <= set(letters) or not answer:
        raise RefusedError("pilihan tidak dikenal")
    if question.kind != "multiple_choice" and len(answer) != 1:
        raise RefusedError("hanya satu pilihan yang diminta")
    result: dict[str, Any] = {"answer": sorted(answer), "score": score(question, answer)}
    after = attempt.model_copy(update={"answers": (*attempt.answers, (item, tuple(result["answer"])))})
    if after.finished:
        result["mark"] = attempt_mark(quiz, after)
    return result, attempt


def view(
    quiz: Quiz,
    events: Sequence[Event],
    *,
    pass_mark: int,
    citations: dict[str, list[dict[str, str]]],
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the learner may see now: JSON for the widget's `view` trait.

    Keys: `title`, `items` (number of items), `pass_mark`, `status` (new | running | finished), `attempt`,
    `best` (mark or None), `position`, `mark`, `questions`: those of the form in order, each with
    `id, kind, prompt, choices`, and once answered `answer, score, verdict (benar | sebagian | belum),
    feedback, explanation, citations`. `citations` maps item id to rows of {text, article, since}.
    """
    done = attempts(quiz, events)
    best = max((attempt_mark(quiz, a) for a in done if a.finished), default=None)
    base: dict[str, Any] = {
        "title": quiz.title,
        "items": len(quiz.questions),
        "pass_mark": pass_mark,
        "best": best,
        "attempts": sum(1 for a in done if a.finished),
    }
    if not done:
        return base | {"status": "new", "attempt": 0, "position": 0, "questions": [], "draft": None}
    attempt = done[-1]
    given = attempt.given
    asked = [_shown(quiz.question(n), given.get(n), citations.get(n, [])) for n in attempt.form]
    return base | {
        "status": "finished" if attempt.finished else "running",
        "attempt": attempt.number,
        "position": len(attempt.answers),
        "mark": attempt_mark(quiz, attempt) if attempt.finished else None,
        "questions": asked,
        "draft": draft if not attempt.finished else None,
    }


def _shown(question: Question, answer: tuple[str, ...] | None, cited: list[dict[str, str]]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "prompt": question.prompt,
        "choices": [{"id": choice.id, "text": choice.text} for choice in question.choices],
        "answer": None,
    }
    if answer is None:
        return shown
    points = score(question, answer)
    # Feedback for what was ticked, and for what should have been: the rest says nothing new.
    told = [c for c in question.choices if c.id in answer or c.id in question.key]
    return shown | {
        "answer": list(answer),
        "score": points,
        "verdict": "benar" if points == 1 else "sebagian" if points > 0 else "belum",
        "key": list(question.key),
        "feedback": [{"id": c.id, "text": c.feedback, "right": c.id in question.key} for c in told],
        "explanation": question.explanation,
        "citations": cited,
    }
