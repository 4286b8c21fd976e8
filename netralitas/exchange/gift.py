"""GIFT, the text format of Moodle and many others: read into a Bank, written from one. Pure.

The format is described at https://docs.moodle.org/en/GIFT_format; where that page is silent, what Moodle's
own reader does counts: a blank line ends a question, the last `####` begins the general feedback, a question
without `=` among its `~` takes several answers. What only we know stands in a comment, which every reader
passes over: `// [id:k01] netralitas: {…}` before a question, `// netralitas-kuis: {…}` at the head.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

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
from .gift_answers import Reader, WrongError, answered, back, escaped, waiting, written
from .prose import BARRED

_ID = re.compile(r"\[id:([^\]\n]{1,100})\]")
_TAG = re.compile(r"\[tag:([^\]\n]{1,200})\]")
_OURS, _OURS_QUIZ = "netralitas: {", "netralitas-kuis: {"
_CATEGORY = "$CATEGORY:"


class _Block(NamedTuple):
    """The lines of one question; comments are blank in `text`, so that lines can still be counted."""

    line: int
    text: str
    comments: tuple[str, ...]


class _Cut(NamedTuple):
    """A question's parts: `answer` is what stands in braces, `lines` how far below its first line."""

    name: str
    prompt: str
    answer: str | None = None
    lines: int = 0


def read(text: str, name: str) -> Bank:
    """Return the questions of a file. Raises ContentError with line and reason of everything wrong."""
    found: list[Foreign] = []
    faults: list[tuple[int, str]] = []
    lost: dict[str, None] = {}
    titles: dict[str, None] = {}
    own: dict[str, Any] = {}
    for block in _blocks(text):
        own |= _carried(block, _OURS_QUIZ, lost)
        try:
            if len(block.text) > MOST_IN_QUESTION:
                told = _("soal lebih dari {n} tanda. Bagi atau pendekkan.")
                raise WrongError(told.format(n=MOST_IN_QUESTION))  # noqa: TRY301
            category, body = _split_category(block)
            if category:
                titles[category] = None
            if body.text.strip():
                found.append(_question(body))
        except WrongError as error:
            faults.append((block.line + error.lines, str(error)))
        if len(found) > MOST_QUESTIONS:
            faults.append((block.line, _("lebih dari {n} soal. Bagi berkasnya.").format(n=MOST_QUESTIONS)))
        if len(found) > MOST_QUESTIONS or len(faults) > MOST_QUESTIONS:
            break
    if faults:
        raise refused(name, faults)
    if len(titles) > 1:
        lost[_("{n} kategori digabung menjadi satu kuis").format(n=len(titles))] = None
    title = next(iter(titles)) if len(titles) == 1 else ""
    return Bank(title=title, own=own, questions=tuple(found), lost=tuple(lost))


def write(bank: Bank) -> str:
    """Return the text of a file; every text stands in it as HTML, escaped."""
    head = [f"// {_OURS_QUIZ[:-1]}{packed(bank.own)}", f"{_CATEGORY} {category_path(bank.title)}", ""]
    return "\n".join([*head, *(_written(question) for question in bank.questions)])


def _blocks(text: str) -> Iterator[_Block]:
    """Yield what stands between blank lines."""
    lines: list[str] = []
    comments: list[str] = []
    # One line after the other, so that memory holds one question.
    for number, line in enumerate(chain(io.StringIO(text, newline="\n"), ("\n\n",)), start=1):
        bare = line.strip()
        if bare.startswith("//"):
            comments.append(bare[2:])
            lines.append("")
        elif bare:
            lines.append(line.removesuffix("\n"))
        elif lines:
            yield _Block(number - len(lines), "\n".join(lines), tuple(comments))
            lines, comments = [], []


def _split_category(block: _Block) -> tuple[str, _Block]:
    """Return the title of the category a block begins with, or nothing, and the rest of the block."""
    rest = block.text.lstrip()
    if not rest.startswith(_CATEGORY):
        return "", block
    line, _end, body = rest.partition("\n")
    before = block.text.count("\n") - body.count("\n")
    return category_title(line.removeprefix(_CATEGORY)), block._replace(text=body, line=block.line + before)


def _carried(block: _Block, mark: str, lost: dict[str, None]) -> dict[str, Any]:
    """Return what we once wrote into a comment of the block."""
    for comment in block.comments:
        place = comment.find(mark)
        if place < 0:
            continue
        try:
            found: dict[str, Any] = unpacked(comment[place + len(mark) - 1 :])
        except ValueError:
            lost[_("catatan netralitas tidak terbaca dan diabaikan")] = None
        else:
            return found
    return {}


def _question(block: _Block) -> Foreign:
    reader = Reader()
    own = _carried(block, _OURS, reader.lost)
    comments = "\n".join(block.comments)
    if "id" not in own and (named := _ID.search(comments)):
        own["id"] = named[1].strip()
    if tags := [shown(tag) for tag in _TAG.findall(comments)]:
        reader.lost[_("tag tidak dibawa: {names}").format(names=", ".join(tags[:12]))] = None
    clean = BARRED.sub("", block.text)
    if clean != block.text:
        reader.lost[_("tanda kendali dibuang")] = None
    cut = _cut(waiting(clean))
    reader.format, reader.lines = reader.split(cut.prompt)[0], cut.lines
    answers, mark, general = (cut.answer or "").rpartition("####")
    if not mark:
        answers, general = general, ""
    base = Foreign(
        line=block.line + len(block.text) - len(block.text.lstrip("\n")),
        qtype="description",
        name=shown(back(cut.name)),
        prompt=reader.prose(cut.prompt),
        general=reader.prose(general),
        own=own,
    )
    filled = base if cut.answer is None else answered(base, answers, reader)
    return filled.model_copy(update={"lost": tuple(reader.lost)})


def _cut(text: str) -> _Cut:
    """Return the parts of a question. Raises WrongError."""
    text = text.rstrip()
    name, begin = "", len(text) - len(text.lstrip())
    if text.startswith("::", begin):
        end = text.find("::", begin + 2)
        if end < 0:
            raise WrongError(_("judul '::' tidak ditutup. Tambahkan '::'."), text.count("\n", 0, begin))
        name, begin = text[begin + 2 : end], end + 2
    opening, closing = text.find("{", begin), text.find("}", begin)
    if opening < 0 and closing < 0:
        return _Cut(name, text[begin:])
    wrong = _unbalanced(text, opening, closing)
    if wrong is not None:
        told = _(
            "kurung kurawal tidak berpasangan. Tulis satu pasang tiap soal; di dalam teks dahului dengan \\."
        )
        raise WrongError(told, text.count("\n", 0, wrong))
    after = text[closing + 1 :]
    blank = "_____" if after.strip() else ""
    prompt = f"{text[begin:opening]}{blank}{after}"
    return _Cut(name, prompt, text[opening + 1 : closing], text.count("\n", 0, opening))


def _unbalanced(text: str, opening: int, closing: int) -> int | None:
    """Return the place of the first brace without its partner; a question has one pair."""
    if opening < 0 or 0 <= closing < opening:
        return closing
    if closing < 0:
        return opening
    second = text.find("{", opening + 1)
    further = text.find("}", closing + 1)
    others = [place for place in (second, further) if place >= 0]
    return min(others) if others else None


def _written(question: Foreign) -> str:
    head = f"// [id:{question.name}] {_OURS[:-1]}{packed(question.own)}"
    stem = f"::{escaped(question.name)}::[html]{escaped(question.prompt)}"
    return f"{head}\n{stem}{{{written(question)}}}\n"
