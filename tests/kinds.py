"""Items of every kind and answers to them, drawn by hypothesis: for tests of scoring, view and judgement."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from netralitas import items
from netralitas.items import STEPS, Kind, Question, Reply, folded
from netralitas.scoring import written_number

SCORED = tuple(kind for kind in get_args(Kind) if kind != "written")
LETTERS = "abcdefgh"
WORDS = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=3, max_size=12).filter(str.strip)


def base(name: str, kind: str) -> dict[str, Any]:
    return {
        "id": name,
        "kind": kind,
        "prompt": "Soal?",
        "explanation": "Penjelasan.",
        "sources": ["uu-contoh"],
        "depth": "terapkan",
    }


def rows(letters: str, *, feedback: bool = True) -> list[dict[str, str]]:
    told = {"feedback": "Umpan."} if feedback else {}
    return [{"id": letter, "text": f"Isi {letter}"} | told for letter in letters]


@st.composite
def raw_items(draw: st.DrawFn, name: str = "k01", kind: str | None = None) -> dict[str, Any]:
    """A sound item of any kind that is scored, as a file holds it."""
    kind = kind or draw(st.sampled_from(SCORED))
    raw = base(name, kind)
    letters = LETTERS[: draw(st.integers(3, 6))]
    if kind in {"single_choice", "multiple_choice", "true_false"}:
        letters = letters[:2] if kind == "true_false" else letters
        most = len(letters) if kind == "multiple_choice" else 1
        key = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True))
        raw |= {"choices": rows(letters), "key": key}
    elif kind == "matching":
        columns = [str(n) for n in range(1, len(letters) + 1 + draw(st.integers(0, 2)))]
        used = draw(
            st.permutations(columns).map(lambda p: p[: len(letters)]).filter(lambda u: u != sorted(u))
        )
        right = [{"id": one, "text": f"Kolom {one}"} for one in columns]
        raw |= {"left": rows(letters), "right": right, "key": dict(zip(letters, used, strict=True))}
    elif kind == "classification":
        columns = ["boleh", "tidak", "ragu"][: draw(st.integers(2, 3))]
        places = {letter: draw(st.sampled_from(columns)) for letter in letters}
        heads = [{"id": one, "text": f"Golongan {one}"} for one in columns]
        raw |= {"entries": rows(letters), "categories": heads, "key": places}
    elif kind == "ordering":
        key = draw(st.permutations(list(letters)).filter(lambda p: p != sorted(p)))
        raw |= {"entries": rows(letters, feedback=False), "key": key}
    elif kind == "rating":
        raw |= {"options": rows(letters), "key": {letter: draw(st.integers(1, 4)) for letter in letters}}
    elif kind == "number":
        value = draw(st.integers(-10_000_000, 10_000_000)) / 100
        raw |= {"key": value, "tolerance": draw(st.integers(0, 500)) / 100, "unit": "orang"}
    else:
        texts = draw(st.lists(WORDS, min_size=2, max_size=4, unique_by=folded))
        raw |= {"key": texts[:1], "half": texts[1:]}
    return raw


def questions(name: str = "k01", kind: str | None = None) -> st.SearchStrategy[Question]:
    return raw_items(name, kind).map(items.item)


@st.composite
def replies(draw: st.DrawFn, question: Any) -> Reply:
    """An answer the page lets a learner give."""
    letters = [row.id for row in question.rows]
    if question.kind == "ordering":
        return tuple(draw(st.permutations(letters)))
    if question.kind in {"single_choice", "multiple_choice", "true_false"}:
        most = len(letters) if question.kind == "multiple_choice" else 1
        return tuple(sorted(draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True))))
    if letters:
        columns = [one.id for one in question.columns] or list(STEPS)
        return {letter: draw(st.sampled_from(columns)) for letter in letters}
    if question.kind == "number":
        near = question.key + draw(st.integers(-600, 600)) / 100
        return written_number(near)
    return draw(st.sampled_from([*question.key, *question.half]) | WORDS).strip()


ANYTHING: st.SearchStrategy[Any] = (
    st.lists(st.text("abcdxz1", max_size=2), max_size=9).map(tuple)
    | st.dictionaries(st.text("abcdxz", max_size=2), st.text("1234abx", max_size=3), max_size=9)
    | st.text(max_size=140)
)
"""Answers nobody could give by the page, and some they could."""


@st.composite
def other_secrets(draw: st.DrawFn, question: Question) -> Question:
    """The same item to the eye, with another key, other feedback and explanation."""
    raw = question.model_dump(mode="json")
    raw["explanation"] = draw(WORDS)
    for name in ("choices", "left", "entries", "options"):
        for row in raw.get(name, []):
            if "feedback" in row:
                row["feedback"] = draw(WORDS)
    key = raw["key"]
    if question.kind in {"single_choice", "multiple_choice", "true_false"}:
        letters = [row.id for row in question.rows]
        most = len(letters) if question.kind == "multiple_choice" else 1
        raw["key"] = draw(st.lists(st.sampled_from(letters), min_size=1, max_size=most, unique=True))
    elif question.kind == "matching":
        ids = [column.id for column in question.columns]
        used = draw(st.permutations(ids).map(lambda p: p[: len(key)]).filter(lambda u: u != sorted(u)))
        raw["key"] = dict(zip([row.id for row in question.rows], used, strict=True))
    elif question.kind == "classification":
        raw["key"] = {row: draw(st.sampled_from([one.id for one in question.columns])) for row in key}
    elif question.kind == "ordering":
        raw["key"] = draw(st.permutations(key).filter(lambda p: p != sorted(p)))
    elif question.kind == "rating":
        raw["key"] = {row: draw(st.integers(1, 4)) for row in key}
    elif question.kind == "number":
        raw |= {"key": draw(st.integers(0, 99)), "tolerance": draw(st.integers(0, 9))}
    else:
        raw |= {"key": [draw(WORDS)], "half": []}
    return items.item(raw)  # type: ignore[no-any-return]
