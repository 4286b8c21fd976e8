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
    category_path,
    category_title,
    packed,
    refused,
    shown,
    unpacked,
)
from .moodle_answers import (
    NOTHING_LOST,
    READ,
    Node,
    Reader,
    WrongError,
    answered,
    element,
    kind_written,
    rich,
    weight,
    written,
)

_MARK, _MARK_QUIZ = "netralitas:", "netralitas-kuis:"
_DECLARED = re.compile(r"""\A\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_MOST_DEEP = 12
_ROOT, _QUESTION = 1, 2
"""The depths at which `<quiz>` and its `<question>`s stand."""

_HEAD = frozenset(
    ("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "tags",
     "hint")
)  # fmt: skip
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


class _Handler(ContentHandler):
    """Builds one question after the other and hands it over when it ends."""

    def __init__(self, take: Callable[[Node], None]) -> None:
        super().__init__()
        self._take = take
        self._open: list[Node] = []
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
            raise WrongError(
                _("bukan Moodle XML: unsur pertamanya <{name}>, bukan <quiz>.").format(name=shown(name))
            )
        if depth > _MOST_DEEP:
            raise WrongError(_("unsur bersarang lebih dari {n} lapis.").format(n=_MOST_DEEP))
        if depth == _QUESTION:
            self._size, self._number = 0, self._number + 1
            if self._number > MOST_QUESTIONS:
                raise WrongError(_("lebih dari {n} soal. Bagi berkasnya.").format(n=MOST_QUESTIONS))
        node = Node(name, dict(attrs.items()), self.line)
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
            raise WrongError(_("soal lebih dari {n} tanda. Bagi atau pendekkan.").format(n=MOST_IN_QUESTION))


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

    def take(node: Node) -> None:
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
    except WrongError as error:
        raise refused(name, [(error.line or handler.line, str(error))]) from None
    except SAXParseException as error:
        told = _("XML tidak terbaca ({problem}). Betulkan atau ekspor ulang.")
        line = int(error.getLineNumber() or 1)
        raise refused(name, [(line, told.format(problem=error.getMessage()))]) from None
    if len(titles) > 1:
        lost.append(_("{n} kategori digabung menjadi satu kuis").format(n=len(titles)))
    title = next(iter(titles)) if len(titles) == 1 else ""
    return Bank(title=title, own=own, questions=tuple(found), lost=tuple(lost))


def _question(node: Node) -> Foreign:
    reader = Reader()
    own = _carried(node, reader)
    if "id" not in own and (idnumber := node.first("idnumber").text.strip()):
        own["id"] = shown(idnumber, 80)
    if any(node.all("shuffleanswers")):
        own["shuffle"] = node.first("shuffleanswers").true
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
    filled = answered(base, node, reader)
    return filled.model_copy(update={"lost": tuple(reader.lost)})


def _tell_settings(node: Node, reader: Reader) -> None:
    """Name what the question has and ours cannot have."""
    if (penalty := weight(node.first("penalty").text)) not in (None, 0.0):
        reader.lose(_("penalti percobaan ulang {n:g} tidak dibawa").format(n=penalty))
    if (grade := weight(node.first("defaultgrade").text)) not in (None, 1.0):
        reader.lose(_("bobot soal {n:g} tidak dibawa: di sini semua soal sama").format(n=grade))
    if any(node.first(name).text.strip() for name in _COMBINED):
        reader.lose(_("umpan balik gabungan (benar, sebagian, salah) tidak dibawa"))
    if hints := sum(1 for hint in node.all("hint") if hint.text.strip()):
        reader.lose(_("{n} petunjuk tidak dibawa").format(n=hints))
    known = READ | NOTHING_LOST | _HEAD | {*_COMBINED}
    if others := sorted({shown(one.name, 30) for one in node.inner if one.name not in known})[:12]:
        reader.lose(_("bagian tidak dibawa: {names}").format(names=", ".join(others)))


def _carried(node: Node, reader: Reader) -> dict[str, Any]:
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


def _written(question: Foreign) -> Iterator[str]:
    yield f'  <question type="{kind_written(question)}">'
    yield f"    <name>{element(question.name)}</name>"
    yield f"    {rich('questiontext', question.prompt)}"
    yield f"    {rich('generalfeedback', question.general)}"
    yield "    <defaultgrade>1</defaultgrade>"
    yield "    <penalty>0</penalty>"
    yield "    <hidden>0</hidden>"
    yield f"    <idnumber>{html.escape(question.name, quote=False)}</idnumber>"
    yield from (f"    {line}" for line in written(question))
    yield "    <tags>"
    for field, value in question.own.items():
        yield f"      <tag>{element(f'{_MARK}{field}={packed(value)}')}</tag>"
    yield "    </tags>"
    yield "  </question>"
