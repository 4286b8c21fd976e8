"""Arbitrary quizzes of our model, and how a file of a format is read in one step."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from netralitas import exchange
from netralitas.exchange.prose import BARRED
from netralitas.quizzes import Quiz
from netralitas.reading import read_yaml

SIGNS = r"\~=#{}:%[]*<>&/->$_" + "\n\t \r\u00a0\u0085\u2028abcT" + "\U0001f5f3é"
characters = st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=("Cs", "Cc")))
words = st.text(characters, min_size=1, max_size=30)
texts = st.one_of(
    words,
    st.sampled_from(
        ["[html] a", "%50% b", "//c", "::d::", "*e*", "**f**", "*g *", "* h*", "a\n\n*b*\n", "&amp;", "&lt;",
         "<script>x</script>", "a  b", "#### x", "$CATEGORY: x", "\\n", "\\\\", "T", "a -> b", "]]>", "_____"]
    ),
).filter(lambda text: bool(text.strip()) and not BARRED.search(text))  # fmt: skip
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)


@st.composite
def questions(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["single_choice", "multiple_choice", "true_false"]))
    number = 2 if kind == "true_false" else draw(st.integers(2, 8))
    letters = draw(st.permutations("abcdefghyn"))[:number]
    choices = [{"id": letter, "text": draw(texts), "feedback": draw(texts)} for letter in letters]
    if kind == "true_false" and draw(st.booleans()):
        for choice, word in zip(choices, ("Benar", "Salah"), strict=True):
            choice["text"] = word
    keys = draw(st.integers(1, number)) if kind == "multiple_choice" else 1
    raw: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "prompt": draw(texts),
        "choices": choices,
        "key": draw(st.permutations(letters))[:keys],
        "explanation": draw(texts),
        "depth": draw(st.sampled_from(["ingat", "terapkan", "timbang"])),
    }
    if draw(st.booleans()):
        act = draw(slugs)
        held = {"act": act, "verdict": "dilarang", "track": "disiplin", "level": "berat"}
        raw |= {"rules": [act], "on": str(draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))))}
        raw |= draw(
            st.sampled_from([{}, {"claims": ["act"]}, {"claims": ["level", "act", "track"], "holds": [held]}])
        )
    else:
        raw |= {"sources": draw(st.lists(slugs, min_size=1, max_size=3))}
    return raw


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    names = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    return Quiz.model_validate(
        {
            "format_version": 1,
            "id": draw(slugs),
            "status": draw(st.sampled_from(["draf", "ditinjau", "terbit"])),
            "title": draw(texts),
            "questions": [draw(questions(name)) for name in names],
        }
    )


def drafted(form: str, text: str | bytes, **more: str) -> exchange.Draft:
    data = text if isinstance(text, bytes) else text.encode()
    return exchange.draft(exchange.read(form, data, "asing"), **more)


def from_text(found: exchange.Draft, folder: Path) -> Quiz:
    """The quiz that the loader reads from the text a draft becomes."""
    path = folder / "kuis.yaml"
    path.write_text(exchange.text(found), encoding="utf-8", newline="\n")
    return Quiz.model_validate(read_yaml(path, folder))
