"""A bank of questions as the world knows them, between a file format and our quizzes. Pure.

    file ──gift.read, moodle_xml.read──►  Bank  ──draft.draft──►  Draft: quiz, losses, gaps
    Quiz ──kinds.bank──►  Bank  ──gift.write, moodle_xml.write──►  file

Texts here are ours already: plain, with `*emphasis*`. `own` holds what only we know of a question (id, depth,
rules, …); a file carries it where other readers pass over it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import Field

from netralitas.i18n import _
from netralitas.model import Value
from netralitas.reading import ContentError, Fault

MOST_BYTES = 8 * 1024 * 1024
MOST_QUESTIONS = 2000
MOST_IN_QUESTION = 100_000
"""Characters of one question, pictures not counted."""
MOST_FAULTS = 20
_MOST_OWN = MOST_IN_QUESTION
_OWN_DEPTH = 5


class Option(Value):
    """An answer to choose, type or put in order, what it is worth (1 is all of the point) and its reply."""

    text: str
    fraction: float = 0.0
    feedback: str = ""


class Pair(Value):
    """Two sides that belong together; one without a left side only distracts."""

    left: str = ""
    right: str = ""


class Measure(Value):
    """A number that is taken for an answer, `tolerance` on either side; without a value it is any other."""

    value: float | None = None
    tolerance: float = 0.0
    fraction: float = 1.0
    feedback: str = ""


class Foreign(Value):
    """One question. `qtype` is Moodle's word for its kind; `lost` are sentences of what was left behind.

    What the kinds are answered with: `options` (several choices, one choice with `single`, texts to type,
    entries in their order), `pairs` or `measures`. `unit` stands behind a number and `grader` helps who marks
    an essay: None where the format cannot say. `shown` is how many entries of an ordering are drawn (0: all),
    `grading` Moodle's word for how it is marked.
    """

    line: int = 0
    qtype: str
    name: str = ""
    prompt: str = ""
    general: str = ""
    single: bool = False
    options: tuple[Option, ...] = ()
    pairs: tuple[Pair, ...] = ()
    measures: tuple[Measure, ...] = ()
    unit: str | None = None
    grader: str | None = None
    shown: int = 0
    grading: str = ""
    own: dict[str, Any] = Field(default_factory=dict)
    lost: tuple[str, ...] = ()


class Bank(Value):
    """A file's questions. `own` is what only we know of the quiz; `title` what others may see of it."""

    title: str = ""
    own: dict[str, Any] = Field(default_factory=dict)
    questions: tuple[Foreign, ...] = ()
    lost: tuple[str, ...] = ()


def refused(name: str, faults: list[tuple[int, str]]) -> ContentError:
    """Return the error that refuses a file: one fault a line, at most MOST_FAULTS of them."""
    told = [
        Fault(file=name, message=_("baris {line}: {told}").format(line=line, told=told))
        for line, told in faults[:MOST_FAULTS]
    ]
    if more := len(faults) - len(told):
        told.append(Fault(file=name, message=_("dan {n} kesalahan lain.").format(n=more)))
    return ContentError(told)


def decoded(data: bytes, name: str) -> str:
    """Return the text of a file of UTF-8, each line end one character. Raises ContentError, with the line."""
    if len(data) > MOST_BYTES:
        told = _("lebih dari {n} MB. Bagi berkasnya, atau hapus gambar di dalamnya.")
        raise ContentError([Fault(file=name, message=told.format(n=MOST_BYTES // 1024**2))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(name, [(line, _("bukan UTF-8. Simpan ulang sebagai UTF-8."))]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def packed(own: dict[str, Any]) -> str:
    """Return what only we know as JSON on one line."""
    return json.dumps(own, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Any:
    """Return what `packed` wrote. Raises ValueError for what it cannot have written."""
    if len(text) > _MOST_OWN:
        raise ValueError(_("terlalu panjang"))
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError(_("terlalu dalam")) from None
    if _deep(found, _OWN_DEPTH):
        raise ValueError(_("terlalu dalam"))
    return found


def _deep(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (most == 0 or any(_deep(one, most - 1) for one in inner))


def shown(text: str, most: int = 60) -> str:
    """Return a text of a file as it may stand in a report: one short line of printable characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def category_title(path: str) -> str:
    """Return the last part of a category's path; Moodle doubles a slash inside a part."""
    parts = re.split(r"(?<!/)/(?!/)", path.strip())
    return parts[-1].replace("//", "/").strip()


def category_path(title: str) -> str:
    """Return the path of a category of that title, on one line."""
    return "$course$/top/" + " ".join(title.split()).replace("/", "//")
