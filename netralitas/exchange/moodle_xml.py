"""Moodle XML: read into a Bank, written from one. Pure.

The format is described at https://docs.moodle.org/en/Moodle_XML_format; where that page is silent, what
Moodle's own reader and writer do counts. What only we know stands in tags, `netralitas:<field>=<JSON>`, one
for each field, and for the quiz in the `info` of its category; other readers keep or pass over them.

defusedxml refuses DTDs and with them every entity; what nests or grows beyond a bank's measure is refused
while it is read, and the content of `<file>` is never kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from netralitas.i18n import _

from .bank import (
    MOST_IN_QUESTION,
    MOST_QUESTIONS,
    Bank,
    Foreign,
    Option,
    category_path,
    category_title,
    packed,
    refused,
    shown,
    unpacked,
)
from .prose import from_format, to_html

_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_MARK, _MARK_QUIZ = "netralitas:", "netralitas-kuis:"
_DECLARED = re.compile(r"""\A\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_NUMBER = re.compile(r"\A\s*-?[0-9]{1,6}(?:\.[0-9]{0,20})?\s*\Z")
_MOST_DEEP = 12
_ROOT, _QUESTION = 1, 2
"""The depths at which `<quiz>` and its `<question>`s stand."""

_READ = frozenset(
    ("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "idnumber", "single", "answer",
     "tags", "shuffleanswers")
)  # fmt: skip
_NOTHING_LOST = frozenset(("hidden", "answernumbering", "showstandardinstruction", "shownumcorrect"))
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


class _WrongError(Exception):
    """What refuses a file while it is read; the line is the parser's."""


class _Node:
    """One element of a question; `<file>` keeps its name and size alone."""

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.pieces: list[str] = []
        self.inner: list[_Node] = []
        self.size = 0

    def all(self, name: str) -> Iterator[_Node]:
        return (node for node in self.inner if node.name == name)

    def first(self, name: str) -> _Node:
        """Return the first element of that name, an empty one where there is none."""
        return next(self.all(name), _Node(name, {}, self.line))

    @property
    def own_text(self) -> str:
        return "".join(self.pieces)

    @property
    def text(self) -> str:
        """What stands in its `<text>`, or in itself: Moodle writes both."""
        return self.first("text").own_text if any(self.all("text")) else self.own_text


class _Handler(ContentHandler):
    """Builds one question after the other and hands it over when it ends."""

    def __init__(self, take: Callable[[_Node], None]) -> None:
        super().__init__()
        self._take = take
        self._open: list[_Node] = []
        self._size = 0
        self._number = 0

    @property
    def line(self) -> int:
        """The line that is being read."""
        return int(self._locator.getLineNumber() or 1)  # type: ignore[attr-defined]

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the name is SAX's)
        """Open an element where one may stand."""
        depth = len(self._open) + 1
        if depth == _ROOT and name != "quiz":
            raise _WrongError(
                _("bukan Moodle XML: unsur pertamanya <{name}>, bukan <quiz>.").format(name=shown(name))
            )
        if depth > _MOST_DEEP:
            raise _WrongError(_("unsur bersarang lebih dari {n} lapis.").format(n=_MOST_DEEP))
        if depth == _QUESTION:
            self._size, self._number = 0, self._number + 1
            if self._number > MOST_QUESTIONS:
                raise _WrongError(_("lebih dari {n} soal. Bagi berkasnya.").format(n=MOST_QUESTIONS))
        node = _Node(name, dict(attrs.items()), self.line)
        self._grow(len(name) + sum(len(key) + len(value) for key, value in node.attributes.items()))
        if depth > _QUESTION:
            self._open[-1].inner.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Close it; a question goes out."""
        node = self._open.pop()
        if len(self._open) == _ROOT and name == "question":
            self._take(node)

    def characters(self, content: str) -> None:
        """Keep the text of a question; of a file only how much it is."""
        if len(self._open) < _QUESTION:
            return
        node = self._open[-1]
        if node.name == "file":
            node.size += len(content)
            return
        self._grow(len(content))
        node.pieces.append(content)

    def _grow(self, more: int) -> None:
        self._size += more
        if self._size > MOST_IN_QUESTION:
            raise _WrongError(_("soal lebih dari {n} tanda. Bagi atau pendekkan.").format(n=MOST_IN_QUESTION))


def read(text: str, name: str) -> Bank:
    """Return the questions of a file. Raises ContentError with the line and the reason."""
    declared = _DECLARED.match(text[:1000])
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        told = _("pengodean {name} tidak dapat dibaca. Simpan ulang sebagai UTF-8.")
        raise refused(name, [(1, told.format(name=shown(declared[1])))])
    found: list[Foreign] = []
    lost: list[str] = []
    titles: dict[str, None] = {}
    own: dict[str, Any] = {}

    def take(node: _Node) -> None:
        if node.attributes.get("type") != "category":
            found.append(_question(node))
            return
        titles[category_title(node.first("category").text)] = None
        told = node.first("info").text.strip()
        if told.startswith(_MARK_QUIZ):
            own.update(_unpacked(told.removeprefix(_MARK_QUIZ), "info", lost) or {})

    handler = _Handler(take)
    try:
        # Bytes, so that the declaration is read as it was meant: UTF-8.
        parseString(text.encode(), handler, forbid_dtd=True)
    except DefusedXmlException:
        told = _("memuat DTD atau entitas. Hapus bagian <!DOCTYPE …>.")
        raise refused(name, [(handler.line, told)]) from None
    except _WrongError as error:
        raise refused(name, [(handler.line, str(error))]) from None
    except SAXParseException as error:
        told = _("XML tidak terbaca ({problem}). Betulkan atau ekspor ulang.")
        line = int(error.getLineNumber() or 1)
        raise refused(name, [(line, told.format(problem=error.getMessage()))]) from None
    if len(titles) > 1:
        lost.append(_("{n} kategori digabung menjadi satu kuis").format(n=len(titles)))
    title = next(iter(titles)) if len(titles) == 1 else ""
    return Bank(title=title, own=own, questions=tuple(found), lost=tuple(lost))


class _Reader:
    """Turns the texts of one question into our prose, and keeps each loss once."""

    def __init__(self) -> None:
        self.lost: dict[str, None] = {}

    def lose(self, *told: str) -> None:
        self.lost |= dict.fromkeys(told)

    def prose(self, node: _Node) -> str:
        """Return the text of an element, by the format it names."""
        named = node.attributes.get("format", "html")
        if named not in _FORMATS:
            self.lose(_("format '{name}' tidak dikenal: dibaca sebagai HTML").format(name=shown(named)))
        for file in node.all("file"):
            told = _("berkas {name} ({n} KB) tidak dibawa")
            label = shown(file.attributes.get("name", "")) or _("tanpa nama")
            # Base64 takes four characters for three bytes.
            self.lose(told.format(name=label, n=-(-file.size * 3 // 4096)))
        read = from_format(node.text, _FORMATS.get(named, "html"))
        self.lose(*read.lost)
        return read.text


def _question(node: _Node) -> Foreign:
    reader = _Reader()
    own = _carried(node, reader)
    if "id" not in own and (idnumber := node.first("idnumber").text.strip()):
        own["id"] = shown(idnumber, 80)
    _tell_settings(node, reader)
    kind = shown(node.attributes.get("type", "")) or "?"
    base = Foreign(
        line=node.line,
        qtype=kind,
        name=shown(node.first("name").text),
        prompt=reader.prose(node.first("questiontext")),
        general=reader.prose(node.first("generalfeedback")),
        own=own,
    )
    filled = _READERS[kind](base, node, reader) if kind in _READERS else base
    return filled.model_copy(update={"lost": tuple(reader.lost)})


def _tell_settings(node: _Node, reader: _Reader) -> None:
    """Name what the question has and ours cannot have."""
    if (penalty := _number(node.first("penalty").text)) not in (None, 0.0):
        reader.lose(_("penalti percobaan ulang {n:g} tidak dibawa").format(n=penalty))
    if (grade := _number(node.first("defaultgrade").text)) not in (None, 1.0):
        reader.lose(_("bobot soal {n:g} tidak dibawa: di sini semua soal sama").format(n=grade))
    if _true(node.first("shuffleanswers")):
        reader.lose(_("pengacakan pilihan tidak dibawa"))
    if any(node.first(name).text.strip() for name in _COMBINED):
        reader.lose(_("umpan balik gabungan (benar, sebagian, salah) tidak dibawa"))
    if hints := sum(1 for hint in node.all("hint") if hint.text.strip()):
        reader.lose(_("{n} petunjuk tidak dibawa").format(n=hints))
    known = _READ | _NOTHING_LOST | {*_COMBINED, "hint"}
    if others := sorted({shown(one.name, 30) for one in node.inner if one.name not in known})[:12]:
        reader.lose(_("bagian tidak dibawa: {names}").format(names=", ".join(others)))


def _carried(node: _Node, reader: _Reader) -> dict[str, Any]:
    """Return what we once wrote into the tags; name the tags of others."""
    own: dict[str, Any] = {}
    foreign: list[str] = []
    lost: list[str] = []
    for tag in node.first("tags").all("tag"):
        told = tag.text.strip()
        if not told.startswith(_MARK):
            foreign.append(shown(told))
            continue
        field, _sign, value = told.removeprefix(_MARK).partition("=")
        try:
            own[field] = unpacked(value)
        except ValueError:
            # Moodle shortens a tag to fifty characters.
            lost.append(_("tag netralitas:{field} terpotong dan diabaikan").format(field=shown(field, 30)))
    reader.lose(*lost)
    if foreign:
        reader.lose(_("tag tidak dibawa: {names}").format(names=", ".join(foreign[:12])))
    return own


def _unpacked(text: str, where: str, lost: list[str]) -> dict[str, Any] | None:
    try:
        found = unpacked(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    lost.append(_("catatan netralitas di {where} tidak terbaca dan diabaikan").format(where=where))
    return None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.match(text) else None


def _true(node: _Node) -> bool:
    return node.text.strip().lower() in ("1", "true")


def _options(node: _Node, reader: _Reader) -> tuple[Option, ...]:
    found = []
    for answer in node.all("answer"):
        fraction = _number(answer.attributes.get("fraction", "0"))
        if fraction is None:
            reader.lose(_("bobot '{text}' bukan angka: dihitung nol").format(
                text=shown(answer.attributes["fraction"], 20)))  # fmt: skip
        text, feedback = reader.prose(answer), reader.prose(answer.first("feedback"))
        found.append(Option(text=text, fraction=(fraction or 0.0) / 100, feedback=feedback))
    return tuple(found)


def _multichoice(base: Foreign, node: _Node, reader: _Reader) -> Foreign:
    # Moodle takes a question that does not say for one with a single answer.
    single = _true(node.first("single")) or not any(node.all("single"))
    return base.model_copy(update={"single": single, "options": _options(node, reader)})


def _true_false(base: Foreign, node: _Node, reader: _Reader) -> Foreign:
    found = {option.text.lower(): option for option in _options(node, reader)}
    pair = tuple(found.get(word, Option(text=word)) for word in ("true", "false"))
    return base.model_copy(update={"single": True, "options": pair})


_READERS: dict[str, Callable[[Foreign, _Node, _Reader], Foreign]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
}
"""How the answers of each kind are read."""


def write(bank: Bank) -> str:
    """Return the text of a file; every text stands in it as HTML."""
    told = html.escape(f"{_MARK_QUIZ}{packed(bank.own)}", quote=False)
    path = html.escape(category_path(bank.title), quote=False)
    head = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<quiz>",
        '  <question type="category">',
        f"    <category><text>{path}</text></category>",
        f'    <info format="plain_text"><text>{told}</text></info>',
        "  </question>",
    ]
    questions = [line for question in bank.questions for line in _written(question)]
    return "\n".join([*head, *questions, "</quiz>", ""])


def _text(text: str) -> str:
    return f"<text>{html.escape(text, quote=False)}</text>"


def _rich(name: str, text: str) -> str:
    return f'<{name} format="html">{_text(to_html(text))}</{name}>'


def _written(question: Foreign) -> Iterator[str]:
    yield f'  <question type="{question.qtype}">'
    yield f"    <name>{_text(question.name)}</name>"
    yield f"    {_rich('questiontext', question.prompt)}"
    yield f"    {_rich('generalfeedback', question.general)}"
    yield "    <defaultgrade>1</defaultgrade>"
    yield "    <penalty>0</penalty>"
    yield "    <hidden>0</hidden>"
    yield f"    <idnumber>{html.escape(question.name, quote=False)}</idnumber>"
    yield from (f"    {line}" for line in _WRITERS[question.qtype](question))
    yield "    <tags>"
    for field, value in question.own.items():
        yield f"      <tag>{_text(f'{_MARK}{field}={packed(value)}')}</tag>"
    yield "    </tags>"
    yield "  </question>"


def _choices_written(question: Foreign) -> Iterator[str]:
    yield f"<single>{'true' if question.single else 'false'}</single>"
    yield "<shuffleanswers>false</shuffleanswers>"
    yield "<answernumbering>abc</answernumbering>"
    for option in question.options:
        yield _answer(option, _text(to_html(option.text)), "html")


def _true_false_written(question: Foreign) -> Iterator[str]:
    for option, word in zip(question.options, ("true", "false"), strict=True):
        yield _answer(option, _text(word), "moodle_auto_format")


def _answer(option: Option, text: str, kind: str) -> str:
    percent = f"{100 * option.fraction:.5f}".rstrip("0").rstrip(".")
    told = _rich("feedback", option.feedback)
    return f'<answer fraction="{percent}" format="{kind}">{text}{told}</answer>'


_WRITERS: dict[str, Callable[[Foreign], Iterator[str]]] = {
    "multichoice": _choices_written,
    "truefalse": _true_false_written,
}
"""How the answers of each kind are written."""
