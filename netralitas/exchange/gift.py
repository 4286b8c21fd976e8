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
    Option,
    category_path,
    category_title,
    packed,
    refused,
    shown,
    unpacked,
)
from .prose import BARRED, Prose, from_format, to_html

_SPECIAL = "\\~=#{}:"
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
# Escaped characters wait as control characters, which no text here may hold (BARRED): so all that is
# left to find is what means something.
_WAITING = {char: chr(number) for number, char in enumerate(f"{_SPECIAL}n", start=1)}
_BACK = {ord(waits): "\n" if char == "n" else char for char, waits in _WAITING.items()}
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,9})?)%")
_ID = re.compile(r"\[id:([^\]\n]{1,100})\]")
_TAG = re.compile(r"\[tag:([^\]\n]{1,200})\]")
_OURS, _OURS_QUIZ = "netralitas: {", "netralitas-kuis: {"
_CATEGORY = "$CATEGORY:"
_TRUE, _FALSE = frozenset(("T", "TRUE")), frozenset(("F", "FALSE"))
_PARTS_TRUE_FALSE = 3


class _Block(NamedTuple):
    """The lines of one question; comments are blank in `text`, so that lines can still be counted."""

    line: int
    text: str
    comments: tuple[str, ...]


class _WrongError(ValueError):
    """What refuses a file; `lines` is how far below the block's first line it stands."""

    def __init__(self, told: str, lines: int = 0) -> None:
        super().__init__(told)
        self.lines = lines


class _Reader:
    """Turns the parts of one question into our prose, and keeps each loss once."""

    def __init__(self) -> None:
        self.format = "moodle"
        self.lost: dict[str, None] = {}

    def prose(self, text: str) -> str:
        name, rest = self.split(text)
        read: Prose = from_format(rest.translate(_BACK), name)
        self.lost |= dict.fromkeys(read.lost)
        return read.text

    def split(self, text: str) -> tuple[str, str]:
        """Return the format a part names, or that of the question, and its text."""
        bare = text.strip()
        named = _FORMAT.match(bare)
        return (named[1], bare[named.end() :]) if named else (self.format, bare)


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
                raise _WrongError(told.format(n=MOST_IN_QUESTION))  # noqa: TRY301
            category, body = _split_category(block)
            if category:
                titles[category] = None
            if body.text.strip():
                found.append(_question(body))
        except _WrongError as error:
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
    reader = _Reader()
    own = _carried(block, _OURS, reader.lost)
    comments = "\n".join(block.comments)
    if "id" not in own and (named := _ID.search(comments)):
        own["id"] = named[1].strip()
    if tags := [shown(tag) for tag in _TAG.findall(comments)]:
        reader.lost[_("tag tidak dibawa: {names}").format(names=", ".join(tags[:12]))] = None
    clean = BARRED.sub("", block.text)
    if clean != block.text:
        reader.lost[_("tanda kendali dibuang")] = None
    name, prompt, answer = _cut(_ESCAPED.sub(lambda found: _WAITING[found[1]], clean))
    reader.format = reader.split(prompt)[0]
    answers, mark, general = (answer or "").rpartition("####")
    if not mark:
        answers, general = general, ""
    base = Foreign(
        line=block.line + len(block.text) - len(block.text.lstrip("\n")),
        qtype="description",
        name=shown(name.translate(_BACK)),
        prompt=reader.prose(prompt),
        general=reader.prose(general),
        own=own,
    )
    read = base if answer is None else _answered(base, answers.strip(), reader)
    return read.model_copy(update={"lost": tuple(reader.lost)})


def _cut(text: str) -> tuple[str, str, str | None]:
    """Return name, prompt and what stands in braces, None where there are none. Raises _WrongError."""
    text = text.rstrip()
    name, begin = "", len(text) - len(text.lstrip())
    if text.startswith("::", begin):
        end = text.find("::", begin + 2)
        if end < 0:
            raise _WrongError(_("judul '::' tidak ditutup. Tambahkan '::'."), text.count("\n", 0, begin))
        name, begin = text[begin + 2 : end], end + 2
    opening, closing = text.find("{", begin), text.find("}", begin)
    if opening < 0 and closing < 0:
        return name, text[begin:], None
    wrong = _unbalanced(text, opening, closing)
    if wrong is not None:
        told = _(
            "kurung kurawal tidak berpasangan. Tulis satu pasang tiap soal; di dalam teks dahului dengan \\."
        )
        raise _WrongError(told, text.count("\n", 0, wrong))
    after = text[closing + 1 :]
    blank = "_____" if after.strip() else ""
    return name, f"{text[begin:opening]}{blank}{after}", text[opening + 1 : closing]


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


def _answered(base: Foreign, answer: str, reader: _Reader) -> Foreign:
    """Return the question with its answers; of which kind it is follows from their signs."""
    if not answer:
        return base.model_copy(update={"qtype": "essay"})
    if answer.startswith("#"):
        return base.model_copy(update={"qtype": "numerical"})
    if "~" in answer:
        return _multichoice(base, answer, reader)
    if "=" in answer and "->" in answer:
        return base.model_copy(update={"qtype": "match"})
    head = answer.partition("#")[0].strip()
    if head in _TRUE | _FALSE:
        return _truefalse(base, answer, reader)
    return base.model_copy(update={"qtype": "shortanswer"})


def _multichoice(base: Foreign, answer: str, reader: _Reader) -> Foreign:
    first, *parts = answer.replace("=", "~=").split("~")
    told = [part.strip() for part in ([first] if first.strip() else []) + parts]
    options = tuple(_option(part, reader) for part in told if part)
    return base.model_copy(update={"qtype": "multichoice", "single": "=" in answer, "options": options})


def _option(part: str, reader: _Reader) -> Option:
    fraction, text = (1.0, part[1:]) if part.startswith("=") else (0.0, part)
    if weight := _WEIGHT.match(text):
        text = text[weight.end() :]
        fraction = float(weight[1]) / 100
    text, _mark, feedback = text.partition("#")
    return Option(text=reader.prose(text), fraction=fraction, feedback=reader.prose(feedback))


def _truefalse(base: Foreign, answer: str, reader: _Reader) -> Foreign:
    """`{T#for who erred#for who was right}`; the first option is true, the second false."""
    parts = [*answer.split("#", _PARTS_TRUE_FALSE - 1), "", ""][:_PARTS_TRUE_FALSE]
    wrong, right = Option(text="-", feedback=reader.prose(parts[1])), reader.prose(parts[2])
    good = Option(text="-", fraction=1.0, feedback=right)
    options = (good, wrong) if parts[0].strip() in _TRUE else (wrong, good)
    return base.model_copy(update={"qtype": "truefalse", "single": True, "options": options})


def _escaped(text: str) -> str:
    """Return a text as HTML in which nothing is a sign of the format."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in to_html(text))


def _written(question: Foreign) -> str:
    head = f"// [id:{question.name}] {_OURS[:-1]}{packed(question.own)}"
    general = f"####{_escaped(question.general)}"
    stem = f"::{_escaped(question.name)}::[html]{_escaped(question.prompt)}"
    return f"{head}\n{stem}{{{_ANSWERS[question.qtype](question, general)}}}\n"


def _choices_written(question: Foreign, general: str) -> str:
    lines = [
        f"\t{_sign(option, single=question.single)}{_escaped(option.text)}#{_escaped(option.feedback)}"
        for option in question.options
    ]
    return "\n".join(["", *lines, f"\t{general}", ""])


def _sign(option: Option, *, single: bool) -> str:
    if single or not option.fraction:
        return "=" if option.fraction else "~"
    return f"~%{_percent(option.fraction)}%"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.5f}".rstrip("0").rstrip(".")


def _true_false_written(question: Foreign, general: str) -> str:
    good, bad = question.options if question.options[0].fraction else question.options[::-1]
    word = "TRUE" if question.options[0].fraction else "FALSE"
    return f"{word}#{_escaped(bad.feedback)}#{_escaped(good.feedback)}{general}"


_ANSWERS = {"multichoice": _choices_written, "truefalse": _true_false_written}
"""How the answers of each kind are written."""
