"""Arbitrary quizzes of our model, and how a file of a format is read in one step."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st

from netralitas import exchange
from netralitas.exchange.prose import BARRED
from netralitas.items import Kind, folded
from netralitas.quizzes import Quiz
from netralitas.reading import read_yaml

SIGNS = r"\~=#{}:%[]*<>&/->$_" + "\n\t \r\u00a0\u0085\u2028abcT" + "\U0001f5f3é"
characters = st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=("Cs", "Cc")))
words = st.text(characters, min_size=1, max_size=30)
texts = st.one_of(
    words,
    st.sampled_from(
        ["[html] a", "%50% b", "//c", "::d::", "*e*", "**f**", "*g *", "* h*", "a\n\n*b*\n", "&amp;", "&lt;",
         "<script>x</script>", "a  b", "#### x", "$CATEGORY: x", "\\n", "\\\\", "T", "a -> b", "]]>", "_____",
         "a\rb", "0", "//0"]
    ),
).filter(lambda text: bool(text.strip()) and not BARRED.search(text))  # fmt: skip
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


columns = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
SCORED = tuple(kind for kind in get_args(Kind) if kind != "written")


def rows(draw: st.DrawFn, least: int, most: int, *, feedback: bool = True) -> list[dict[str, Any]]:
    letters = draw(st.permutations("abcdefghijklynoz"))[: draw(st.integers(least, most))]
    replies = {"feedback": draw(texts)} if feedback else {}
    return [{"id": letter, "text": draw(texts)} | replies for letter in letters]


def heads(draw: st.DrawFn, least: int, most: int) -> list[dict[str, Any]]:
    names = draw(st.lists(columns, min_size=least, max_size=most, unique=True))
    return [{"id": name, "text": draw(texts)} for name in names]


def chosen(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    choices = rows(draw, 2, 2 if kind == "true_false" else 8)
    if kind == "true_false" and draw(st.booleans()):
        for choice, word in zip(choices, ("Benar", "Salah"), strict=True):
            choice["text"] = word
    letters = [choice["id"] for choice in choices]
    keys = draw(st.integers(1, len(letters))) if kind == "multiple_choice" else 1
    return {"choices": choices, "key": draw(st.permutations(letters))[:keys]}


def matching(draw: st.DrawFn) -> dict[str, Any]:
    left = rows(draw, 2, 8)
    right = heads(draw, len(left), 10)
    used = draw(st.permutations([one["id"] for one in right]))[: len(left)]
    key = zip([row["id"] for row in left], used if used != sorted(used) else used[::-1], strict=True)
    return {"left": left, "right": right, "key": dict(key)}


def classification(draw: st.DrawFn) -> dict[str, Any]:
    entries, categories = rows(draw, 2, 12), heads(draw, 2, 6)
    names = st.sampled_from([one["id"] for one in categories])
    return {"entries": entries, "categories": categories, "key": {row["id"]: draw(names) for row in entries}}


def ordering(draw: st.DrawFn) -> dict[str, Any]:
    entries = rows(draw, 3, 8, feedback=False)
    key = draw(st.permutations([row["id"] for row in entries]))
    return {"entries": entries, "key": key if key != sorted(key) else key[::-1]}


def number(draw: st.DrawFn) -> dict[str, Any]:
    finite = st.floats(allow_nan=False, allow_infinity=False)
    tolerance = draw(st.floats(0, allow_nan=False, allow_infinity=False))
    return {"key": draw(finite), "tolerance": tolerance, "unit": draw(st.just("") | texts)[:20]}


def short_text(draw: st.DrawFn) -> dict[str, Any]:
    typed = st.lists(texts.filter(folded), min_size=1, max_size=6, unique_by=folded)
    told = draw(typed)
    cut = draw(st.integers(1, len(told)))
    return {"key": told[:cut], "half": told[cut:]}


def answered(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """The fields that are a kind's own."""
    if kind == "rating":
        options = rows(draw, 2, 8)
        return {"options": options, "key": {row["id"]: draw(st.integers(1, 4)) for row in options}}
    if kind == "written":
        criteria = draw(st.lists(st.tuples(texts, st.integers(1, 20)), min_size=1, max_size=8))
        told = [{"text": text, "points": points} for text, points in criteria]
        if draw(st.booleans()):
            row = told[0]
            row["levels"] = [{"points": one, "text": draw(texts)} for one in (row["points"], 0)]
        return {"criteria": told, "model_answer": draw(texts)}
    own = {
        "matching": matching,
        "classification": classification,
        "ordering": ordering,
        "number": number,
        "short_text": short_text,
    }
    return own[kind](draw) if kind in own else chosen(draw, kind)


@st.composite
def questions(draw: st.DrawFn, name: str, kind: str) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "prompt": draw(texts),
        "explanation": draw(texts),
        "depth": draw(st.sampled_from(["ingat", "terapkan", "timbang"])),
    } | answered(draw, kind)
    if draw(st.booleans()):
        act = draw(slugs)
        held = {"act": act, "verdict": "dilarang", "track": "disiplin", "level": "berat"}
        raw |= {"rules": [act], "on": str(draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))))}
        raw |= draw(
            st.sampled_from([{}, {"claims": ["act"]}, {"claims": ["level", "act", "track"], "holds": [held]}])
        )
    else:
        raw |= {"sources": draw(st.lists(slugs, min_size=1, max_size=3))}
    later = {"shuffle": True, "certainty": True, "topic": draw(slugs), "role": draw(texts)}
    later |= {"hints": draw(st.lists(texts, min_size=1, max_size=4))}
    return raw | {field: later[field] for field in draw(st.sets(st.sampled_from(sorted(later))))}


@st.composite
def quizzes(draw: st.DrawFn, first: str | None = None) -> Quiz:
    """Quizzes of any kinds and settings; with `first` their first item is of that kind."""
    names = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    kinds = [draw(st.sampled_from(SCORED)) for _name in names]
    told = [
        draw(questions(name, kind)) for name, kind in zip(names, [first or kinds[0], *kinds[1:]], strict=True)
    ]
    if first == "written":  # which nobody scores: a quiz needs an item besides
        told.append(draw(questions("k-lain", "true_false")))
    settings = draw(st.sampled_from([{}, {"counts": "last", "attempts": 3}, {"minutes": 9, "forced": True}]))
    if any("hints" in one for one in told):
        settings = settings | {"feedback": "tries", "penalty": 0.5}
    return Quiz.model_validate(
        {
            "format_version": 1,
            "id": draw(slugs),
            "status": draw(st.sampled_from(["draf", "ditinjau", "terbit"])),
            "title": draw(texts),
            "questions": told,
        }
        | settings
    )


def drafted(form: str, text: str | bytes, **more: str) -> exchange.Draft:
    data = text if isinstance(text, bytes) else text.encode()
    return exchange.draft(exchange.read(form, data, "asing"), **more)


def from_text(found: exchange.Draft, folder: Path) -> Quiz:
    """The quiz that the loader reads from the text a draft becomes."""
    path = folder / "kuis.yaml"
    path.write_text(exchange.text(found), encoding="utf-8", newline="\n")
    return Quiz.model_validate(read_yaml(path, folder))
