"""What stands between the braces of a GIFT question: read and written, kind by kind. Pure.

Where https://docs.moodle.org/en/GIFT_format is silent, what Moodle's own reader does counts. An ordering is
not of that page: it is what Moodle's question type of that name (in its core since 4.4) reads and writes,
`{>4 ALL VERTICAL …` and one entry a line. No escape is resolved in such a line, so references stand there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from typing import NamedTuple

from netralitas.i18n import _

from . import measures
from .bank import Foreign, Measure, Option, Pair
from .prose import Prose, from_format, to_html

SPECIAL = "\\~=#{}:"
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
# Escaped characters wait as control characters, which no text here may hold (BARRED): so all that is
# left to find is what means something.
_WAITING = {char: chr(number) for number, char in enumerate(f"{SPECIAL}n", start=1)}
_BACK = {ord(waits): "\n" if char == "n" else char for char, waits in _WAITING.items()}
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,9})?)%")
_TRUE, _FALSE = frozenset(("T", "TRUE")), frozenset(("F", "FALSE"))
_PARTS_TRUE_FALSE = 3
_ORDERED = re.compile(r"\s*>\s*([0-9]{1,4})\b[ \t]*")
_ALL = re.compile("ALL|EXACT")
_GRADING = re.compile(
    "ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_NEXT_EXCLUDE_LAST|RELATIVE_NEXT_INCLUDE_LAST|"
    "RELATIVE_ONE_PREVIOUS_AND_NEXT|RELATIVE_ALL_PREVIOUS_AND_NEXT|RELATIVE_TO_CORRECT|RELATIVE|"
    "LONGEST_ORDERED_SUBSET|LONGEST_CONTIGUOUS_SUBSET"
)
_ORDER_WORD = re.compile(
    f"{_ALL.pattern}|{_GRADING.pattern}|RANDOM|REL|CONTIGUOUS|CONTIG|HORIZONTAL|HORI|H|VERTICAL|VERT|V|"
    "SHOW|TRUE|YES|HIDE|FALSE|NO|0|1|none|123|abc|ABCD|iii|IIII"
)
_OTHER_GRADING = "RELATIVE_NEXT_EXCLUDE_LAST"
"""What Moodle takes where a file says nothing."""


class WrongError(ValueError):
    """What refuses a file; `lines` is how far below the question's first line it stands."""

    def __init__(self, told: str, lines: int = 0) -> None:
        super().__init__(told)
        self.lines = lines


class Reader:
    """Turns the parts of one question into our prose, and keeps each loss once.

    `format` is the question's, `lines` how far below its first line the answers begin.
    """

    def __init__(self) -> None:
        self.format = "moodle"
        self.lines = 0
        self.lost: dict[str, None] = {}

    def prose(self, text: str) -> str:
        """Return a part in the format it names, or that of the question."""
        return self.told(*self.split(text))

    def told(self, name: str, text: str) -> str:
        """Return a text of a named format as ours."""
        read: Prose = from_format(text.translate(_BACK), name)
        self.lost |= dict.fromkeys(read.lost)
        return read.text

    def split(self, text: str, unnamed: str = "") -> tuple[str, str]:
        """Return the format a part names, or `unnamed`, or that of the question, and its text."""
        bare = text.strip()
        named = _FORMAT.match(bare)
        return (named[1], bare[named.end() :]) if named else (unnamed or self.format, bare)


class _Part(NamedTuple):
    """One answer, and how far below the question's first line it begins."""

    lines: int
    text: str


def waiting(text: str) -> str:
    """Return a text in which escaped characters mean nothing."""
    return _ESCAPED.sub(lambda found: _WAITING[found[1]], text)


def back(text: str) -> str:
    """Return a text with its escaped characters as themselves."""
    return text.translate(_BACK)


def escaped(text: str) -> str:
    """Return a text as HTML in which nothing is a sign of the format."""
    return _plain(to_html(text))


def _plain(text: str) -> str:
    return "".join(f"\\{char}" if char in SPECIAL else char for char in text).replace("\n", r"\n")


def answered(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """Return the question with its answers; its kind follows from their signs. Raises WrongError."""
    bare = answer.strip()
    return next(read for fits, read in _READERS if fits(bare))(base, answer, reader)


def _parts(answer: str, reader: Reader) -> list[_Part]:
    """Return what stands between equals signs, without a blank first part."""
    found = []
    lines = reader.lines
    for text in answer.split("="):
        blank = len(text) - len(text.lstrip())
        found.append(_Part(lines + text.count("\n", 0, blank), text.strip()))
        lines += text.count("\n")
    return found if found[0].text else found[1:]


def _essay(base: Foreign, _answer: str, _reader: Reader) -> Foreign:
    return base.model_copy(update={"qtype": "essay"})


def _multichoice(base: Foreign, answer: str, reader: Reader) -> Foreign:
    first, *parts = answer.replace("=", "~=").split("~")
    told = [part.strip() for part in ([first] if first.strip() else []) + parts]
    options = tuple(_option(part, reader) for part in told if part)
    return base.model_copy(update={"qtype": "multichoice", "single": "=" in answer, "options": options})


def _option(part: str, reader: Reader) -> Option:
    right = part.startswith("=")
    fraction, text, feedback = _weighed(part[1:] if right else part, 1.0 if right else 0.0, reader)
    return Option(text=reader.prose(text), fraction=fraction, feedback=feedback)


def _weighed(part: str, fraction: float, reader: Reader) -> tuple[float, str, str]:
    """Return the weight an answer names, or `fraction`, the answer as it stands, and what it is answered."""
    if weight := _WEIGHT.match(part):
        part = part[weight.end() :]
        fraction = float(weight[1]) / 100
    text, _mark, feedback = part.partition("#")
    return fraction, text, reader.prose(feedback)


def _truefalse(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """`{T#for who erred#for who was right}`; the first option is true, the second false."""
    parts = [*answer.split("#", _PARTS_TRUE_FALSE - 1), "", ""][:_PARTS_TRUE_FALSE]
    wrong, right = Option(text="-", feedback=reader.prose(parts[1])), reader.prose(parts[2])
    good = Option(text="-", fraction=1.0, feedback=right)
    options = (good, wrong) if parts[0].strip() in _TRUE else (wrong, good)
    return base.model_copy(update={"qtype": "truefalse", "single": True, "options": options})


def _match(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """`{=left -> right}`; Moodle's right side has no format, and what it draws of it is HTML without tags."""
    pairs = []
    for part in _parts(answer, reader):
        left, arrow, right = part.text.partition("->")
        if not arrow:
            told = _(
                "pasangan tanpa '->'. Tulis =kiri -> kanan, dan dahului tanda = di dalam teks dengan \\."
            )
            raise WrongError(told, part.lines)
        pairs.append(Pair(left=reader.prose(left), right=reader.told("html", right)))
    return base.model_copy(update={"qtype": "match", "pairs": tuple(pairs)})


def _ordering(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """`{>count words` and one entry a line; what follows the words is an entry already."""
    begun = _ORDERED.match(answer)
    head, _end, lines = answer[begun.end() if begun else 0 :].partition("\n")
    rest = head.split()
    words = [*takewhile(_ORDER_WORD.fullmatch, rest)]
    told = [" ".join(rest[len(words) :]), *lines.split("\n")]
    options = tuple(Option(text=reader.told("moodle", line)) for line in told if line.strip())
    grading = next(filter(_GRADING.fullmatch, words), _OTHER_GRADING)
    shown = 0 if any(map(_ALL.fullmatch, words)) or not begun else int(begun[1])
    more = {"qtype": "ordering", "options": options, "shown": shown, "grading": grading}
    return base.model_copy(update=more)


def _numerical(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """`{#3:2}`, `{#1..5}`, or several after equals signs; what follows a tilde is for all other answers."""
    told, tilde, others = answer.replace("#", "", 1).partition("~")
    found = [_measured(part, reader) for part in _parts(told, reader)]
    if not found:
        raise WrongError(_("soal bilangan tanpa jawaban. Tulis jawabannya sesudah tanda #."), reader.lines)
    if tilde:
        _fraction, _text, feedback = _weighed(others, 0.0, reader)
        found.append(Measure(fraction=0.0, feedback=feedback))
    return base.model_copy(update={"qtype": "numerical", "measures": tuple(found)})


def _measured(part: _Part, reader: Reader) -> Measure:
    fraction, text, feedback = _weighed(part.text, 1.0, reader)
    bare = back(text).strip()
    low, dots, high = bare.partition("..")
    try:
        if bare == "*":
            return Measure(fraction=fraction, feedback=feedback)
        if dots:
            value, tolerance = measures.span(low, high)
        else:
            named, _colon, margin = bare.partition(":")
            value, tolerance = measures.number(named), measures.tolerance(margin)
    except ValueError as error:
        raise WrongError(str(error), part.lines) from None
    return Measure(value=value, tolerance=tolerance, fraction=fraction, feedback=feedback)


def _shortanswer(base: Foreign, answer: str, reader: Reader) -> Foreign:
    """`{=one =two}`; an answer is what is typed, so it is plain whatever the question is."""
    options = []
    for part in _parts(answer, reader):
        fraction, text, feedback = _weighed(part.text, 1.0, reader)
        plain = reader.told(*reader.split(text, "plain"))
        options.append(Option(text=plain, fraction=fraction, feedback=feedback))
    return base.model_copy(update={"qtype": "shortanswer", "options": tuple(options)})


_READERS: tuple[tuple[Callable[[str], object], Callable[[Foreign, str, Reader], Foreign]], ...] = (
    (lambda bare: not bare, _essay),
    (_ORDERED.match, _ordering),
    (lambda bare: bare.startswith("#"), _numerical),
    (lambda bare: "~" in bare, _multichoice),
    (lambda bare: "=" in bare and "->" in bare, _match),
    (lambda bare: bare.partition("#")[0].strip() in _TRUE | _FALSE, _truefalse),
    (lambda _bare: True, _shortanswer),
)
"""The signs of each kind, in the order Moodle asks for them, and how its answers are read."""


def written(question: Foreign) -> str:
    """Return what stands between the braces, general feedback included."""
    return _WRITERS[question.qtype](question, f"####{escaped(question.general)}")


def _lines(lines: list[str], general: str) -> str:
    return "\n".join(["", *(f"\t{line}" for line in lines), f"\t{general}", ""])


def _choices_written(question: Foreign, general: str) -> str:
    told = [
        f"{_sign(option, single=question.single)}{escaped(option.text)}#{escaped(option.feedback)}"
        for option in question.options
    ]
    return _lines(told, general)


def _sign(option: Option, *, single: bool) -> str:
    if single or not option.fraction:
        return "=" if option.fraction else "~"
    return f"~%{_percent(option.fraction)}%"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.5f}".rstrip("0").rstrip(".")


def _true_false_written(question: Foreign, general: str) -> str:
    good, bad = question.options if question.options[0].fraction else question.options[::-1]
    word = "TRUE" if question.options[0].fraction else "FALSE"
    return f"{word}#{escaped(bad.feedback)}#{escaped(good.feedback)}{general}"


def _match_written(question: Foreign, general: str) -> str:
    return _lines([f"={escaped(one.left)} -> {escaped(one.right)}" for one in question.pairs], general)


def _ordering_written(question: Foreign, general: str) -> str:
    head = f">{len(question.options)} ALL VERTICAL {question.grading} SHOW none"
    return "\n".join([head, *(_entry(option.text) for option in question.options), general, ""])


def _entry(text: str) -> str:
    """Return a text on a line of its own: no comment, not blank, without any sign of the format."""
    told = to_html(text)
    if told[0] in "/0":  # `//` begins a comment, and Moodle takes a line of a nought for none.
        told = f"&#{ord(told[0])};{told[1:]}"
    return re.sub(r"[\\~={}:]|#(?=#)", lambda found: f"&#{ord(found[0])};", told)


def _numerical_written(question: Foreign, general: str) -> str:
    told = [
        f"{measures.written(one.value)}:{measures.written(one.tolerance)}"
        for one in question.measures
        if one.value is not None
    ]
    return f"#{told[0]}{general}"


def _shortanswer_written(question: Foreign, general: str) -> str:
    told = [f"=%{_percent(option.fraction)}%{_typed(option.text)}#" for option in question.options]
    return _lines(told, general)


def _typed(text: str) -> str:
    """Return a text as it is typed; what plain text of the format cannot hold is written as HTML."""
    if "->" in text or "\r" in text:
        return f"[html]{escaped(text)}"
    return f"{'[plain]' if _FORMAT.match(text) else ''}{_plain(text)}"


def _essay_written(_question: Foreign, general: str) -> str:
    return general


_WRITERS: dict[str, Callable[[Foreign, str], str]] = {
    "multichoice": _choices_written,
    "truefalse": _true_false_written,
    "match": _match_written,
    "ordering": _ordering_written,
    "numerical": _numerical_written,
    "shortanswer": _shortanswer_written,
    "essay": _essay_written,
}
"""How the answers of each kind are written."""
