"""Question banks of others: GIFT and Moodle XML come in with a report of what was lost, ours go out whole.

    read("gift", data, name)  ──►  Bank  ──draft──►  Draft  ──text──►  quizzes/<slug>.yaml
    write("gift", quiz)       ──►  the text of a file others can read; read again it is the same quiz

Content of a file is judged, never run: what is malformed, too large or hostile refuses the whole file, with
line and reason. Reads and writes no file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from netralitas.quizzes import Quiz

from . import gift, kinds, moodle_xml
from .bank import MOST_BYTES, Bank, decoded
from .draft import Draft, Told, draft, slug_of, text

__all__ = ["FORMATS", "MOST_BYTES", "Bank", "Draft", "Told", "draft", "read", "slug_of", "text", "write"]


class Format(NamedTuple):
    """A format by its two directions: (text, name of the file) → Bank, Bank → text."""

    read: Callable[[str, str], Bank]
    write: Callable[[Bank], str]


FORMATS: Mapping[str, Format] = {
    "gift": Format(gift.read, gift.write),
    "moodle-xml": Format(moodle_xml.read, moodle_xml.write),
}
"""The formats by the names the command line knows."""


def read(name: str, data: bytes, file: str) -> Bank:
    """Return the questions of a file's bytes; `file` is how faults name it.

    Raises KeyError for an unknown format, ContentError with line and reason for a file that is refused.
    """
    form = FORMATS[name]
    return form.read(decoded(data, file), file)


def write(name: str, quiz: Quiz) -> str:
    """Return the text of a file of a format. Raises KeyError, and ValueError for what no file may bear."""
    return FORMATS[name].write(kinds.bank(quiz))
