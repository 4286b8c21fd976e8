from __future__ import annotations

import ast
import json
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import canonical, source_notebook
from grader.sheet import LARGEST, SetAsideError, Sheet, literal, read
from grader.submission import counting, sheet, submitted_notebook
from netralitas.quizzes import Quiz


@pytest.fixture(scope="session")
def sound(quiz: Quiz, learners: Any) -> tuple[bytes, Sheet]:
    events = learners[f"{2:032x}"]
    found = counting(quiz, events)
    assert found is not None
    given_ = sheet(quiz, events, found)
    return canonical(submitted_notebook(source_notebook(quiz), given_)).encode(), given_


def test_what_was_submitted_is_read_back(quiz: Quiz, sound: tuple[bytes, Sheet]) -> None:
    raw, given_ = sound
    assert read(raw, quiz) == given_
    assert read(raw, quiz).digest == given_.digest


def test_any_other_answer_is_another_sheet(quiz: Quiz, sound: tuple[bytes, Sheet]) -> None:
    _raw, given_ = sound
    others = [
        given_._replace(values=(None, *given_.values[1:])),
        given_._replace(values=given_.values[::-1]),
        given_._replace(form={"seed": 1, "attempt": 1}),
        given_._replace(texts={"k11": "isi"}),
    ]
    assert len({given_.digest, *(other.digest for other in others)}) == 5


def test_a_source_in_lines_is_the_same(quiz: Quiz, sound: tuple[bytes, Sheet]) -> None:
    raw, given_ = sound
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    assert read(json.dumps(notebook).encode(), quiz) == given_


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[]", b"null", b'{"nbformat": 4, "cells": 7}', b"1" * 9])
def test_what_is_no_notebook_is_set_aside(quiz: Quiz, raw: bytes) -> None:
    with pytest.raises(SetAsideError):
        read(raw, quiz)


def test_what_is_too_large_is_not_parsed(quiz: Quiz) -> None:
    with pytest.raises(SetAsideError, match="lebih dari 4 MB"):
        read(b"[" * (LARGEST + 1), quiz)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('jawaban_01 = ("k01", "b")', ("k01", "b")),
        ("jawaban_01 = None  # kosong", None),
        ("jawaban_01 = (\n  'k02',\n  ('a', 'c'), 1)", ("k02", ("a", "c"), 1)),
        ("jawaban_01 = ('k03', {'a': '2'})", ("k03", {"a": "2"})),
    ],
)
def test_a_literal_is_read(source: str, value: object) -> None:
    assert literal(source) == ("jawaban_01", value)


@pytest.mark.parametrize(
    "source",
    [
        "", "jawaban_01", "jawaban_01 == 1", "a = b = 1", "a, b = 1, 2", "a.b = 1", "a[0] = 1", "a: int = 1",
        "a += 1", "a = b", "a = f()", "a = [x for x in y]", "a = lambda: 1", "a = (yield)", "%ls", "!ls",
        "a = 9**9**9", "a = f'{x}'", "a = 'x' * 10**9", "%%bash\nls", "a = 1\nb = 2", "import os",
        "a = " + "(" * 500, "a = " + "-" * 15_000 + "1", "a = 1" + " " * 20_000, "a = " + "9" * 5_000,
        "a = '\x00'", "a = {{}: 1}",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_executed(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"."):
            literal(source)


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(source: str) -> None:
    try:
        _name, value = literal(source)
    except ValueError:
        return
    ast.literal_eval(repr(value))
