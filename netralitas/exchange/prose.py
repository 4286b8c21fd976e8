"""Prose on its way in and out: the markup of others becomes our plain text, our plain text becomes HTML.

    to_html(text)            our text, exactly: `from_html` brings back every character
    from_html(markup)        plain text with `*emphasis*` alone; scripts and all other markup are gone
    from_format(text, name)  the same by the name a file gives its format

Own scanner: `html.parser` takes quadratic time for hostile text in the Pythons we support. This one goes
forward only; what is never closed ends the text, as it does in a browser.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from netralitas.i18n import _

BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters XML 1.0 cannot bear; no file may bring or get them."""

_LONE_OR_OTHER = re.compile(r"(?P<lone>(?<=[^ \t\r\n]) (?=[^ \t\r\n]))|[ \t\r\n]")
# The widgets' own rule for emphasis (`rich` in common.js); what begins with white space is none.
_EMPHASIS = re.compile(r"\*((?!&#|<br>)[^\s*][^*]*)\*")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)|<[!?/]")
_REST_OF_TAG = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_STRONG_MARKDOWN = re.compile(r"(\*\*|__)(?=[^\s*_])([^*_\n]+)\1")

_STRONG = frozenset(("em", "i", "strong", "b"))
_PARAGRAPH = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"))
_LINE = frozenset(("div", "tr", "li"))
_UNTOLD = _STRONG | {"p", "br", "div", "span", "html", "body"}
_SILENT = frozenset(
    ("script", "style", "head", "title", "template", "iframe", "object", "embed", "noscript", "noembed",
     "noframes", "svg", "math", "textarea", "select", "xmp", "plaintext", "audio", "video")
)  # fmt: skip
_EMPTY = frozenset(("embed",))
"""Of the silent ones, what has no end tag."""


class Prose(NamedTuple):
    """A text of ours, and one Indonesian sentence for each thing its markup lost."""

    text: str
    lost: tuple[str, ...] = ()


def to_html(text: str) -> str:
    """Return our text as HTML that shows it alike and that `from_html` turns back into the same characters.

    White space a browser would swallow is written as references; so is a first `[` or `%`, which GIFT would
    take for a format or a weight.
    """
    spaced = _LONE_OR_OTHER.sub(_solid, html.escape(text, quote=False))
    marked = _EMPHASIS.sub(_emphasis, spaced)
    return f"&#{ord(marked[0])};{marked[1:]}" if marked[:1] in ("[", "%") else marked


def _solid(space: re.Match[str]) -> str:
    if space["lone"]:
        return " "
    return "<br>" if space[0] == "\n" else f"&#{ord(space[0])};"


def _emphasis(found: re.Match[str]) -> str:
    inner: str = found[1]
    # White space before the closing star would move behind it when read.
    return found[0] if inner.endswith((" ", "<br>", "&#32;", "&#9;", "&#13;")) else f"<em>{inner}</em>"


def from_format(text: str, name: str) -> Prose:
    """Return a text of a named format: `html`, `moodle` (HTML whose lines count), `plain` or `markdown`."""
    if name == "plain":
        return _unbarred(Prose(text.strip()))
    if name == "markdown":
        read = from_html(_STRONG_MARKDOWN.sub(r"*\2*", text), lines=True)
        return Prose(read.text, (_("format Markdown: hanya penekanan yang dibawa"), *read.lost))
    return from_html(text, lines=name == "moodle")


def from_html(markup: str, *, lines: bool = False) -> Prose:
    """Return what a reader of the markup would read; with `lines` a line break in it is one.

    Linear in the length of the markup. Never raises.
    """
    scan = _Scan(lines=lines)
    place = 0
    while place < len(markup):
        start = markup.find("<", place)
        if start < 0:
            scan.data(markup[place:])
            break
        scan.data(markup[place:start])
        place = _markup(markup, start, scan)
    return _unbarred(scan.prose())


def _markup(markup: str, start: int, scan: _Scan) -> int:
    """Take in what begins with `<` and return where to go on."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return scan.cut(markup) if end < 0 else end + 3
    tag = _TAG.match(markup, start)
    if tag is None:
        scan.data("<")
        return start + 1
    rest = _REST_OF_TAG.match(markup, tag.end())
    if rest is None:
        return scan.cut(markup)
    name = (tag["name"] or "").lower()
    scan.tag(name, end=bool(tag["end"]))
    if name not in _SILENT - _EMPTY or tag["end"]:
        return rest.end()
    close = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(markup, rest.end())
    return len(markup) if close is None else close.start()


def _unbarred(read: Prose) -> Prose:
    clean = BARRED.sub("", read.text)
    if clean == read.text:
        return read
    return Prose(clean.strip(), (*read.lost, _("tanda kendali dibuang")))


class _Scan:
    """The text so far. Spaces and breaks wait until something follows, so none stands at an end."""

    def __init__(self, *, lines: bool) -> None:
        self._lines = lines
        self._out: list[str] = []
        self._space = False
        self._breaks = 0
        self._strong = 0
        self._begun = 0
        self._gone: dict[str, None] = {}
        self._cut = False

    def prose(self) -> Prose:
        lost = []
        if self._gone:
            names = ", ".join(self._gone)
            lost.append(_("tag HTML dibuang: {names}").format(names=names))
        if self._cut:
            lost.append(_("HTML tidak ditutup: sisa teksnya dibuang"))
        return Prose("".join(self._out).strip(), tuple(lost))

    def data(self, text: str) -> None:
        place = 0
        for found in _REFERENCE.finditer(text):
            self._raw(text[place : found.start()])
            place = found.end()
            if found[0] == "&nbsp;":
                self._space = True
            else:
                self._emit(html.unescape(found[0]))
        self._raw(text[place:])

    def tag(self, name: str, *, end: bool) -> None:
        if name and name not in _UNTOLD and not end and len(self._gone) < 12:  # noqa: PLR2004  (enough to tell)
            self._gone[re.sub(r"[^a-z0-9:-]", "", name)[:20]] = None
        if name in _STRONG:
            self._close() if end else self._open()
        elif name == "br":
            self._break(self._breaks + 1)
        elif name in _PARAGRAPH:
            self._break(2)
        elif name in _LINE:
            self._break(1)
            if name == "li" and not end:
                self._emit("- ")

    def cut(self, markup: str) -> int:
        """Give up what follows."""
        self._cut = True
        return len(markup)

    def _raw(self, text: str) -> None:
        for number, line in enumerate(text.split("\n") if self._lines else [text]):
            if number:
                self._break(self._breaks + 1)
            words = _SPACES.sub(" ", line)
            self._space = self._space or words.startswith(" ")
            if inner := words.strip(" "):
                self._emit(inner)
                self._space = words.endswith(" ")

    def _break(self, number: int) -> None:
        self._breaks, self._space = max(self._breaks, number), False

    def _flush(self) -> None:
        if self._out and (self._breaks or self._space):
            self._out.append("\n" * self._breaks or " ")
        self._breaks, self._space = 0, False

    def _emit(self, text: str) -> None:
        if text:
            self._flush()
            self._out.append(text)

    def _open(self) -> None:
        self._strong += 1
        if self._strong == 1:
            self._flush()
            self._begun = len(self._out)

    def _close(self) -> None:
        self._strong = max(0, self._strong - 1)
        if self._strong:
            return
        inner = "".join(self._out[self._begun :])
        if inner.strip() and "*" not in inner:
            text = inner.lstrip()
            self._out[self._begun :] = [inner[: len(inner) - len(text)], f"*{text}*"]
        self._begun = len(self._out)
