"""What a question of Moodle XML is answered with: read and written, kind by kind. Pure.

Where https://docs.moodle.org/en/Moodle_XML_format is silent, Moodle's own readers and writers count, those
of its question types included: plain text where they take it for plain (short answers), HTML elsewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from netralitas.i18n import _

from . import measures
from .bank import Foreign, Measure, Option, Pair, shown
from .prose import from_format, to_html

_FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
_NUMBER = re.compile(r"\A\s*-?[0-9]{1,6}(?:\.[0-9]{0,20})?\s*\Z")
_SHOWN = 6
_OTHER_GRADING = "RELATIVE_NEXT_EXCLUDE_LAST"
"""What Moodle takes for an ordering that says neither how many entries are shown nor how it is marked."""

READ = frozenset(
    ("answer", "single", "shuffleanswers", "subquestion", "usecase", "units", "unitgradingtype",
     "instructions", "selecttype", "selectcount", "gradingtype", "logical", "studentsee", "graderinfo",
     "responsetemplate", "attachments", "minwordlimit", "maxwordlimit")
)  # fmt: skip
"""Elements the readers below look at."""

NOTHING_LOST = frozenset(
    ("answernumbering", "showstandardinstruction", "shownumcorrect", "unitpenalty", "showunits", "unitsleft",
     "layouttype", "showgrading", "numberingstyle", "responseformat", "responserequired",
     "responsefieldlines", "attachmentsrequired", "maxbytes", "filetypeslist")
)  # fmt: skip
"""Elements that say how a question looks elsewhere, not what it asks."""


class WrongError(Exception):
    """What refuses a file while it is read; without a `line` it is the one the parser has reached."""

    def __init__(self, told: str, line: int = 0) -> None:
        super().__init__(told)
        self.line = line


class Node:
    """One element of a question; `<file>` keeps its name and size alone."""

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.pieces: list[str] = []
        self.inner: list[Node] = []
        self.size = 0

    def all(self, name: str) -> Iterator[Node]:
        """Return the elements of that name in it."""
        return (node for node in self.inner if node.name == name)

    def first(self, name: str) -> Node:
        """Return the first element of that name, an empty one where there is none."""
        return next(self.all(name), Node(name, {}, self.line))

    @property
    def own_text(self) -> str:
        """What stands in itself, between its elements."""
        return "".join(self.pieces)

    @property
    def text(self) -> str:
        """What stands in its `<text>`, or in itself: Moodle writes both."""
        return self.first("text").own_text if any(self.all("text")) else self.own_text

    @property
    def true(self) -> bool:
        """Whether it says yes."""
        return self.text.strip().lower() in ("1", "true")


class Reader:
    """Turns the texts of one question into our prose, and keeps each loss once."""

    def __init__(self) -> None:
        self.lost: dict[str, None] = {}

    def lose(self, *told: str) -> None:
        """Keep some losses."""
        self.lost |= dict.fromkeys(told)

    def prose(self, node: Node, format_name: str = "") -> str:
        """Return the text of an element, by the format it names where none is given."""
        named = node.attributes.get("format", "html")
        if not format_name and named not in _FORMATS:
            self.lose(_("format '{name}' tidak dikenal: dibaca sebagai HTML").format(name=shown(named)))
        for file in node.all("file"):
            told = _("berkas {name} ({n} KB) tidak dibawa")
            label = shown(file.attributes.get("name", "")) or _("tanpa nama")
            # Base64 takes four characters for three bytes.
            self.lose(told.format(name=label, n=-(-file.size * 3 // 4096)))
        read = from_format(node.text, format_name or _FORMATS.get(named, "html"))
        self.lose(*read.lost)
        return read.text


def weight(text: str) -> float | None:
    """Return the number of a setting, None where it is none."""
    return float(text) if _NUMBER.match(text) else None


def answered(base: Foreign, node: Node, reader: Reader) -> Foreign:
    """Return the question with its answers, as it is where we have no such kind. Raises WrongError."""
    # Moodle writes `matching` and reads both.
    kind = "match" if base.qtype == "matching" else base.qtype
    return _READERS[kind](base, node, reader).model_copy(update={"qtype": kind}) if kind in _READERS else base


def _fraction(answer: Node, reader: Reader) -> float:
    told = answer.attributes.get("fraction", "0")
    fraction = weight(told)
    if fraction is None:
        reader.lose(_("bobot '{text}' bukan angka: dihitung nol").format(text=shown(told, 20)))
    return (fraction or 0.0) / 100


def _options(node: Node, reader: Reader, format_name: str = "") -> tuple[Option, ...]:
    return tuple(
        Option(
            text=reader.prose(answer, format_name),
            fraction=_fraction(answer, reader),
            feedback=reader.prose(answer.first("feedback")),
        )
        for answer in node.all("answer")
    )


def _multichoice(base: Foreign, node: Node, reader: Reader) -> Foreign:
    # Moodle takes a question that does not say for one with a single answer.
    single = node.first("single").true or not any(node.all("single"))
    return base.model_copy(update={"single": single, "options": _options(node, reader)})


def _true_false(base: Foreign, node: Node, reader: Reader) -> Foreign:
    found = {option.text.lower(): option for option in _options(node, reader)}
    pair = tuple(found.get(word, Option(text=word)) for word in ("true", "false"))
    return base.model_copy(update={"single": True, "options": pair})


def _match(base: Foreign, node: Node, reader: Reader) -> Foreign:
    pairs = tuple(
        Pair(left=reader.prose(one), right=reader.prose(one.first("answer"), "html"))
        for one in node.all("subquestion")
    )
    return base.model_copy(update={"pairs": pairs})


def _ordering(base: Foreign, node: Node, reader: Reader) -> Foreign:
    """Entries in the order of the file: Moodle, too, passes over what their `fraction` says."""
    select, count = (
        ("selecttype", "selectcount") if any(node.all("selecttype")) else ("logical", "studentsee")
    )
    told = weight(node.first(count).text)
    everything = node.first(select).text.strip().upper() in ("ALL", "EXACT")
    grading = shown(node.first("gradingtype").text, 40) or _OTHER_GRADING
    options = tuple(
        Option(text=reader.prose(answer), feedback=reader.prose(answer.first("feedback")))
        for answer in node.all("answer")
    )
    number = 0 if everything else _SHOWN if told is None else int(told)
    return base.model_copy(update={"options": options, "shown": number, "grading": grading})


def _numerical(base: Foreign, node: Node, reader: Reader) -> Foreign:
    found = []
    for answer in node.all("answer"):
        any_other = answer.text.strip() in ("", "*")
        try:
            value = None if any_other else measures.number(answer.text)
            near = 0.0 if any_other else measures.tolerance(answer.first("tolerance").text)
        except ValueError as error:
            raise WrongError(str(error), answer.line) from None
        feedback = reader.prose(answer.first("feedback"))
        fraction = _fraction(answer, reader)
        found.append(Measure(value=value, tolerance=near, fraction=fraction, feedback=feedback))
    return base.model_copy(update={"measures": tuple(found), "unit": _unit(node, reader)})


def _unit(node: Node, reader: Reader) -> str:
    """Return the unit that is worth one; name what else is said of units."""
    units = {
        unit.first("unit_name").text.strip(): weight(unit.first("multiplier").text or "1")
        for unit in node.first("units").all("unit")
    }
    name = next((unit for unit, worth in units.items() if worth == 1), "")
    if others := [shown(unit, 20) for unit in units if unit != name][:12]:
        reader.lose(_("satuan lain tidak dibawa: {names}").format(names=", ".join(others)))
    if weight(node.first("unitgradingtype").text or "0") != 0:
        reader.lose(_("penalti satuan tidak dibawa"))
    if node.first("instructions").text.strip():
        reader.lose(_("petunjuk satuan tidak dibawa"))
    return name


def _shortanswer(base: Foreign, node: Node, reader: Reader) -> Foreign:
    if node.first("usecase").true:
        reader.lose(_("huruf besar dan kecil dibedakan di sana: di sini tidak"))
    return base.model_copy(update={"options": _options(node, reader, "plain")})


def _essay(base: Foreign, node: Node, reader: Reader) -> Foreign:
    if reader.prose(node.first("responsetemplate")):
        reader.lose(_("kerangka jawaban tidak dibawa"))
    if any(weight(node.first(name).text) for name in ("minwordlimit", "maxwordlimit")):
        reader.lose(_("batas jumlah kata tidak dibawa"))
    if weight(node.first("attachments").text):
        reader.lose(_("lampiran jawaban tidak dibawa"))
    return base.model_copy(update={"grader": reader.prose(node.first("graderinfo"))})


_READERS: dict[str, Callable[[Foreign, Node, Reader], Foreign]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "match": _match,
    "ordering": _ordering,
    "numerical": _numerical,
    "shortanswer": _shortanswer,
    "essay": _essay,
}
"""How the answers of each kind are read."""


def kind_written(question: Foreign) -> str:
    """Return Moodle's word for the kind, as its files write it."""
    return "matching" if question.qtype == "match" else question.qtype


def written(question: Foreign) -> Iterator[str]:
    """Yield the lines of what a question is answered with."""
    return _WRITERS[question.qtype](question)


def element(told: str) -> str:
    """Return a text as an element of its own."""
    # A parser would make a line end of a carriage return.
    return f"<text>{html.escape(told, quote=False).replace(chr(13), '&#13;')}</text>"


def rich(name: str, told: str) -> str:
    """Return a text of ours as HTML in an element of that name."""
    return f'<{name} format="html">{element(to_html(told))}</{name}>'


def _shuffled(question: Foreign) -> str:
    return f"<shuffleanswers>{'true' if question.own.get('shuffle') else 'false'}</shuffleanswers>"


def _choices_written(question: Foreign) -> Iterator[str]:
    yield f"<single>{'true' if question.single else 'false'}</single>"
    yield _shuffled(question)
    yield "<answernumbering>abc</answernumbering>"
    for option in question.options:
        yield _answer(option, to_html(option.text), "html")


def _true_false_written(question: Foreign) -> Iterator[str]:
    for option, word in zip(question.options, ("true", "false"), strict=True):
        yield _answer(option, word, "moodle_auto_format")


def _match_written(question: Foreign) -> Iterator[str]:
    yield _shuffled(question)
    for pair in question.pairs:
        right = f"<answer>{element(to_html(pair.right))}</answer>"
        yield f'<subquestion format="html">{element(to_html(pair.left))}{right}</subquestion>'


def _ordering_written(question: Foreign) -> Iterator[str]:
    yield "<layouttype>VERTICAL</layouttype>"
    yield "<selecttype>ALL</selecttype>"
    yield f"<selectcount>{len(question.options)}</selectcount>"
    yield f"<gradingtype>{question.grading}</gradingtype>"
    yield "<showgrading>SHOW</showgrading>"
    yield "<numberingstyle>none</numberingstyle>"
    yield "<shownumcorrect>0</shownumcorrect>"
    for place, option in enumerate(question.options, start=1):
        yield f'<answer fraction="{place}" format="html">{element(to_html(option.text))}</answer>'


def _numerical_written(question: Foreign) -> Iterator[str]:
    for one in question.measures:
        if one.value is not None:
            near = f"<tolerance>{measures.written(one.tolerance)}</tolerance>"
            yield _answer(Option(text="-", fraction=1.0), measures.written(one.value), "plain_text", near)
    if question.unit:
        name = html.escape(question.unit, quote=False).replace("\r", "&#13;")
        yield f"<units><unit><multiplier>1</multiplier><unit_name>{name}</unit_name></unit></units>"
    yield "<unitgradingtype>0</unitgradingtype>"
    # Moodle's numbers for «a unit may be typed» and «no unit».
    yield f"<showunits>{0 if question.unit else 3}</showunits>"
    yield "<unitsleft>0</unitsleft>"


def _shortanswer_written(question: Foreign) -> Iterator[str]:
    yield "<usecase>0</usecase>"
    for option in question.options:
        yield _answer(option, option.text, "plain_text")


def _essay_written(question: Foreign) -> Iterator[str]:
    yield "<responseformat>editor</responseformat>"
    yield "<responserequired>1</responserequired>"
    yield "<responsefieldlines>15</responsefieldlines>"
    yield "<attachments>0</attachments>"
    yield "<attachmentsrequired>0</attachmentsrequired>"
    yield rich("graderinfo", question.grader or "")
    yield rich("responsetemplate", "")


def _answer(option: Option, told: str, kind: str, more: str = "") -> str:
    percent = f"{100 * option.fraction:.5f}".rstrip("0").rstrip(".")
    feedback = rich("feedback", option.feedback)
    return f'<answer fraction="{percent}" format="{kind}">{element(told)}{feedback}{more}</answer>'


_WRITERS: dict[str, Callable[[Foreign], Iterator[str]]] = {
    "multichoice": _choices_written,
    "truefalse": _true_false_written,
    "match": _match_written,
    "ordering": _ordering_written,
    "numerical": _numerical_written,
    "shortanswer": _shortanswer_written,
    "essay": _essay_written,
}
"""How the answers of each kind are written."""
