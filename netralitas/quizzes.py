"""Quizzes: what a learner sees of one, and the door to the rooms behind it.

    items.py     the kinds of question         scoring.py    `score`, the one function
    forms.py     `Quiz`, and the form drawn    attempts.py   events → attempts, answers judged
    limits.py    when one may begin or is over regrade.py    marks after a changed item

Pure. An item is *written once* in `quizzes/<slug>.yaml` and *scored once*, by `score`: the widget
and the hidden nbgrader test call the same function. `view` is the only thing that ever leaves for
a browser; before an item is answered it holds neither key nor feedback.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from .attempts import (
    Answered,
    Attempt,
    answer_event,
    attempts,
    counting,
    ends_at,
    mark,
    submit_event,
    worth,
)
from .cases import written
from .forms import Counts, Draw, Feedback, Quiz, form, settings, shuffled
from .i18n import _
from .items import (
    Choice,
    Classification,
    Column,
    Criterion,
    Depth,
    Kind,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    Question,
    Rating,
    Reply,
    Row,
    ShortText,
    SingleChoice,
    TrueFalse,
    Written,
)
from .limits import left, may_open, next_at, time_up
from .model import Certainty
from .record import Event
from .scoring import key_reply, score, tally, written_number

__all__ = [
    "Answered", "Attempt", "Certainty", "Choice", "Classification", "Column", "Counts", "Criterion",
    "Depth", "Draw", "Feedback", "Kind", "Matching", "MultipleChoice", "Number", "Ordering", "Question",
    "Quiz", "Rating", "Reply", "Row", "ShortText", "SingleChoice", "TrueFalse", "Written", "answer_event",
    "attempts", "counting", "form", "key_reply", "mark", "may_open", "score", "submit_event", "time_up",
    "verdict", "view", "words", "worth",
]  # fmt: skip


def view(
    quiz: Quiz,
    events: Sequence[Event],
    *,
    pass_mark: int,
    citations: dict[str, list[dict[str, str]]],
    draft: dict[str, Any] | None = None,
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the learner may see now: JSON for the widget's `view` trait.

    Keys: `title`, `items` (number of items of a form), `pass_mark`, `settings` (how it is sat, where not as
    usual), `status` (new | running | finished), `attempt`, `best` (mark or None), `counted` (the mark that
    counts), `attempts` (finished), `left` and `next_at` (attempts, earliest time; None without limit),
    `position`, `mark`, `ends_at`, `sure_wrong` (items sure and not right, once finished), `regraded`
    (attempts whose mark was computed anew), `reopened` (why one more attempt is allowed), `cases` (written;
    `typed`: their drafts by id), `questions`: those of the form in order, as `_shown` says. `citations` maps
    item id to rows of {text, article, since}.
    """
    done = attempts(quiz, events)
    counted = counting(quiz, done)
    base: dict[str, Any] = {
        "title": quiz.title,
        "items": quiz.size,
        "pass_mark": pass_mark,
        "settings": settings(quiz),
        "best": max((one.mark for one in done if one.finished), default=None),
        "counted": counted.mark if counted else None,
        "attempts": sum(1 for one in done if one.finished),
        "left": left(quiz, done),
    }
    if not done:
        return base | {"status": "new", "attempt": 0, "position": 0, "questions": [], "draft": None}
    attempt = done[-1]
    over = attempt.finished
    sure = [one for one in attempt.answers if one.certainty == "yakin"]
    wrong = [one for one in sure if verdict(quiz, attempt, one) != "benar"]
    return base | {
        "status": "finished" if over else "running",
        "attempt": attempt.number,
        "position": len(attempt.answers),
        "mark": attempt.mark if over else None,
        "next_at": _iso(next_at(quiz, done)) if over else None,
        "ends_at": None if over else _iso(ends_at(quiz, attempt)),
        "sure_wrong": len(wrong) if over and quiz.feedback != "none" else None,
        "regraded": [_anew(one) for one in done if one.regraded] if over else [],
        "reopened": {"reason": attempt.reopened.reason} if attempt.reopened else None,
        "questions": [_shown(quiz, attempt, name, citations.get(name, [])) for name in attempt.form],
        "cases": _cases(quiz, written(quiz, events), typed or {}) if over else [],
        "draft": draft if not over else None,
    }


def _anew(attempt: Attempt) -> dict[str, Any]:
    """Return how the mark of an attempt was computed anew; `reason` is None where it has been emptied."""
    told = attempt.regraded.model_dump(mode="json") if attempt.regraded else {}
    return {"attempt": attempt.number} | told


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _cases(quiz: Quiz, sent: Mapping[str, str | None], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the written cases, shown when the attempt is over.

    `text` is what was sent ('' where it has been emptied), None before; then `draft` is what is typed. The
    model answer shows once the case is sent, because nobody can send it twice.
    """
    return [
        {
            "id": one.id,
            "prompt": one.prompt,
            "criteria": [row.model_dump(mode="json") for row in one.criteria],
            "text": (sent[one.id] or "") if one.id in sent else None,
        }
        | ({"model_answer": one.model_answer} if one.id in sent else {"draft": typed.get(one.id, "")})
        for one in quiz.questions
        if isinstance(one, Written)
    ]


def _shown(quiz: Quiz, attempt: Attempt, name: str, cited: list[dict[str, str]]) -> dict[str, Any]:
    """Return what may be seen of an item now.

    Always `id, kind, prompt, answer` and what its kind is filled in with: `choices`, `rows`, `columns`,
    `unit`. `ask_certainty` where it is asked; `tries` after a wrong one. Told once it is answered (after the
    last answer, or never, where the quiz says so): `score, verdict (benar | sebagian | belum), key, right,
    feedback, explanation, citations, certainty`. Score and verdict are those of the record; `changed` where
    the item is not what was answered. Items without an answer when the time ran out tell nothing.
    """
    question: Question = quiz.question(name)
    entry = attempt.given.get(name)
    shown: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "prompt": question.prompt,
        "answer": None if entry is None else _as_sent(question, entry.answer),
    } | _asked(quiz, question, attempt.seed)
    if question.certainty:
        shown["ask_certainty"] = True
    if entry is None:
        return shown | _tries(quiz, question, attempt)
    if quiz.feedback == "none" or (quiz.feedback == "after_submit" and not attempt.finished):
        return shown
    shown |= _told(question, _shaped(question, entry.answer)) | {
        "verdict": verdict(quiz, attempt, entry),
        "score": entry.score,
        "explanation": question.explanation,
        "citations": cited,
    }
    if entry.certainty:
        shown["certainty"] = entry.certainty
    if entry.revision != question.fingerprint:
        # How many parts would be right today says nothing about the recorded score.
        shown.pop("right", None)
        shown["changed"] = True
    return shown


def verdict(quiz: Quiz, attempt: Attempt, entry: Answered) -> str:
    """Return how right an answer was, what its wrong tries cost aside: benar, sebagian or belum.

    What the record says holds; only where the cost of tries has hidden how right it was, the item is asked,
    if it is still the one that was answered.
    """
    question = quiz.question(entry.item)
    cost = quiz.penalty * len(attempt.tries(entry.item))
    told = min(1.0, round(entry.score + cost, 4)) if entry.score else 0.0
    if not cost or entry.answer is None or entry.revision != question.fingerprint:
        return _word(told)
    return _word(max(told, score(question, entry.answer)))


def _shaped(question: Question, answer: Reply | None) -> Reply:
    """Return an answer in the shape of its kind, blank where it is gone or the item was of another kind."""
    blank: Reply = ()
    if isinstance(question, Matching | Classification | Rating):
        blank = {}
    elif isinstance(question, Number | ShortText):
        blank = ""
    return answer if isinstance(answer, type(blank)) else blank


def _as_sent(question: Question, answer: Reply | None) -> Any:
    """Return an answer as a page reads it; where none can be shown, `{"gone": "deleted" | "changed"}`."""
    shaped = _shaped(question, answer)
    if shaped == "":
        return {"gone": "deleted" if answer is None else "changed"}
    return [*shaped] if isinstance(shaped, tuple) else shaped


def _asked(quiz: Quiz, question: Question, seed: int) -> dict[str, Any]:
    """Return what an item is filled in with, in the order of the attempt."""
    rows, columns = shuffled(quiz, question, seed)
    texts = {row.id: row.text for row in question.rows}
    listed = [{"id": name, "text": texts[name]} for name in rows]
    if isinstance(question, SingleChoice | MultipleChoice | TrueFalse):
        return {"choices": listed}
    if isinstance(question, Number):
        return {"unit": question.unit}
    if isinstance(question, Matching | Classification):
        heads = {column.id: column.text for column in question.columns}
        return {"rows": listed, "columns": [{"id": name, "text": heads[name]} for name in columns]}
    return {"rows": listed} if listed else {}


def _tries(quiz: Quiz, question: Question, attempt: Attempt) -> dict[str, Any]:
    """Return what wrong tries told: the last of them, how many are left, and a hint."""
    tried = attempt.tries(question.id)
    if not tried:
        return {}
    last = _shaped(question, tried[-1])
    return {
        "tries": {
            "used": len(tried),
            "left": quiz.tries - len(tried),
            "verdict": _word(score(question, last)),
            "answer": [*last] if isinstance(last, tuple) else last,
            "hint": question.hints[min(len(tried), len(question.hints)) - 1] if question.hints else None,
        }
    }


def _word(points: float) -> str:
    return "benar" if points == 1 else "sebagian" if points > 0 else "belum"


def _told(question: Question, answer: Reply) -> dict[str, Any]:
    """Return key and feedback of an answered item, and how many parts are right."""
    told: dict[str, Any] = {}
    if parts := tally(question, answer):
        told["right"] = {"n": parts[0], "of": parts[1]}
    if isinstance(question, SingleChoice | MultipleChoice | TrueFalse):
        # Feedback for what was ticked, and for what should have been: the rest says nothing new.
        rows = [c for c in question.choices if c.id in answer or c.id in question.key]
        told["feedback"] = [{"id": c.id, "text": c.feedback, "right": c.id in question.key} for c in rows]
        return told | {"key": [*question.key]}
    if isinstance(question, Matching | Classification | Rating):
        key = {row: str(column) for row, column in question.key.items()}
        given = answer if isinstance(answer, dict) else {}
        told["feedback"] = [
            {"id": row.id, "text": row.feedback, "right": given.get(row.id) == key[row.id]}
            for row in question.rows
            if isinstance(row, Choice)
        ]
        return told | {"key": key}
    if isinstance(question, Number):
        near = written_number(question.tolerance) if question.tolerance else None
        return told | {"feedback": [], "key": written_number(question.key), "tolerance": near}
    key_texts = [*question.key] if isinstance(question, Ordering | ShortText) else []
    return told | {"feedback": [], "key": key_texts}


def words(question: Question, answer: Reply | None) -> list[str]:
    """Return an answer in words, for a person who reads it."""
    if answer is None:
        return [_("jawaban sudah dihapus")]
    texts = {row.id: row.text for row in question.rows}
    heads = {column.id: column.text for column in question.columns}
    if isinstance(answer, str):
        return [answer]
    if isinstance(answer, dict):
        return [f"{texts.get(row, row)}: {heads.get(column, column)}" for row, column in answer.items()]
    given = [*answer] if isinstance(question, Ordering) else [one for one in texts if one in answer]
    return [texts.get(letter, letter) for letter in given]
