"""A part of a dashboard: closed messages only, answers marked for one tab, tables only where a site is."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from netralitas.widgets import board
from netralitas.widgets.board import BoardWidget, Question, Shown, Tables


def draw(tables: Tables, question: Question) -> Shown:
    if question.get("jatuh"):
        raise ValueError("rahasia")
    return Shown(html=f"<p>{tables('angka')['n']}</p>", files={"a.csv": lambda: b"1,2"})


@pytest.fixture
def widget() -> BoardWidget:
    made = BoardWidget("uji/bagian", draw)
    made.begin(lambda asked: {"table": {"n": 7}} if asked["name"] == "angka" else {"refused": "x"})
    return made


def told(widget: BoardWidget, message: Any) -> list[Any]:
    """Send a message as a browser does; return what comes back."""
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]  # noqa: ARG005
    widget._handle_custom_msg(message, [])
    return sent


def test_an_answer_bears_the_mark_of_who_asked(widget: BoardWidget) -> None:
    asked = {"mark": "m1", "question": {}}
    assert told(widget, {"kind": "ask", **asked}) == [{"mark": "m1", "kind": "answer", "html": "<p>7</p>"}]
    data = base64.b64encode(b"1,2").decode()
    assert told(widget, {"kind": "file", "file": "a.csv", **asked}) == [
        {"mark": "m1", "kind": "file", "name": "a.csv", "data": data}
    ]


@pytest.mark.parametrize(
    "message",
    [
        None, [], "ask", {"kind": "ask"}, {"kind": "exec", "mark": "m", "question": {}},
        {"kind": "ask", "mark": "", "question": {}}, {"kind": "ask", "mark": "m" * 41, "question": {}},
        {"kind": "ask", "mark": "m", "question": {"unit": 7}}, {"kind": "ask", "mark": "m", "question": []},
        {"kind": "ask", "mark": "m", "question": {"unit": "x" * 601}},
        {"kind": "ask", "mark": "m", "question": {str(n): "x" for n in range(21)}},
        {"kind": "ask", "mark": "m", "question": {}, "code": "1"},
    ],
)  # fmt: skip
def test_what_is_no_message_gets_no_answer(widget: BoardWidget, message: Any) -> None:
    assert told(widget, message) == []


def test_a_fault_is_told_without_its_words(widget: BoardWidget, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(widget, {"kind": "ask", "mark": "m", "question": {"jatuh": "1"}}) == [
        {"mark": "m", "kind": "failed"}
    ]
    assert told(widget, {"kind": "file", "mark": "m", "question": {}, "file": "../a"}) == [
        {"mark": "m", "kind": "failed"}
    ]
    assert "rahasia" in capsys.readouterr().err


def test_a_table_is_asked_for_once_while_a_page_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    tables = Tables(lambda question: asked.append(question) or {"table": 1})  # type: ignore[func-returns-value]
    assert [tables("a", x=1), tables("a", x=1), tables("a", x=2)] == [1, 1, 1]
    assert len(asked) == 2
    monkeypatch.setattr(board, "FRESH", 0.0)
    tables("a", x=1)
    assert len(asked) == 3


def test_state_from_a_browser_is_ignored(widget: BoardWidget) -> None:
    widget.set_state({"object": "lain"})
    assert widget.object == "dasbor/uji/bagian"


def test_without_a_site_it_says_so() -> None:
    (answer,) = told(BoardWidget("uji/lain", draw), {"kind": "ask", "mark": "m", "question": {}})
    assert "Pratinjau" in answer["html"]
