"""The catalogues: every text a person may see, gathered from code, pages and scripts, and its translations.

    python -m netralitas.catalogue           write netralitas/locale/netralitas.pot and each netralitas.po
    python -m netralitas.catalogue --check   exit 1 when a file is not what the sources say

Message ids are the Indonesian texts. The files are sorted and hold neither dates nor line numbers, so that
they change only when a text does. `locale/<language>/LC_MESSAGES/netralitas.po` holds the texts pages may
show; what is new stands there empty, to be translated by hand, and what is gone is taken out. The command
line and the linter of authors speak Indonesian alone.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from .i18n import _

COMMAND = "python -m netralitas.catalogue"
TEMPLATE = Path("netralitas/locale/netralitas.pot")
LANGUAGES = ("en",)
SPEAK_INDONESIAN = (
    "grader/", "netralitas/check/", "netralitas/exchange/", "netralitas/new/", "netralitas/store/",
    "netralitas/bots.py", "netralitas/catalogue.py", "netralitas/cli.py", "netralitas/codes.py",
    "netralitas/content.py", "netralitas/demo.py", "netralitas/exchange_commands.py", "netralitas/flow.py",
    "netralitas/folders.py", "netralitas/layouts.py", "netralitas/sitters.py",
    "netralitas/ids.py", "netralitas/impact.py", "netralitas/item_commands.py",
    "netralitas/law_commands.py", "netralitas/paper.py", "netralitas/pictures.py", "netralitas/reading.py",
    "netralitas/reminders.py", "netralitas/reports.py",
    "netralitas/roster_commands.py",
    "netralitas/settings.py", "netralitas/sheets.py", "netralitas/terminal.py", "netralitas/uploads.py",
)  # fmt: skip
"""Where texts are for who runs or writes the course at a terminal; everything else can reach a page."""
ON_PAGES = (
    "netralitas/reports.py", "netralitas/store/accounts.py", "netralitas/store/cohorts.py",
    "netralitas/store/deadlines.py", "netralitas/store/figures.py", "netralitas/store/imports.py",
    "netralitas/store/messages.py", "netralitas/store/tree.py", "netralitas/store/units.py",
)  # fmt: skip
"""What reaches a page all the same: why the store or a report refuses what was asked there."""

_HEADER = """\
# Texts of Netralitas; message ids are the Indonesian texts themselves.
# {told}
msgid ""
msgstr ""
"Project-Id-Version: netralitas\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class _Kind(NamedTuple):
    """Files that hold texts, and what calls one there."""

    pattern: str
    method: str | Callable[..., Any]
    keywords: Mapping[str, tuple[int, ...] | None]
    options: Mapping[str, Any]


_PYTHON = {"_": None, "ngettext": (1, 2)}
_PAGE = _PYTHON | {"gettext": None}
_SCRIPT = {"t": None, "tf": None}
_KINDS = (
    _Kind("netralitas/**/*.py", "python", _PYTHON, {}),
    _Kind("grader/**/*.py", "python", _PYTHON, {}),
    # Without silent=false a page that does not parse would quietly lose its texts.
    _Kind("netralitas/web/templates/**/*.j2", babel_extract, _PAGE, {"silent": "false"}),
    _Kind("netralitas/widgets/*.j2", babel_extract, _PAGE, {"silent": "false"}),
    _Kind("netralitas/widgets/*.js", "javascript", _SCRIPT, {"parse_template_string": True}),
    _Kind("netralitas/web/static/*.js", "javascript", _SCRIPT, {"parse_template_string": True}),
)


def texts(root: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield (path from `root`, message id) of every text; a pair of ids where there is a plural."""
    for kind in _KINDS:
        for path in sorted(root.glob(kind.pattern)):
            name = path.relative_to(root).as_posix()
            with path.open("rb") as file:
                found = extract(kind.method, file, kind.keywords, options=kind.options)
                for _line, message, _comments, _context in found:
                    yield name, message


def template(root: Path) -> str:
    """Return the text of the `.pot` file for the sources under `root`."""
    catalogue = Catalog(charset="utf-8")
    for name, message in texts(root):
        catalogue.add(message, locations=[(name, 0)])
    return _text(catalogue, f"Derived: written by `{COMMAND}`, never by hand.")


def shown(name: str) -> bool:
    """Say whether texts of a file can reach a page, and so are translated."""
    return name in ON_PAGES or not name.startswith(SPEAK_INDONESIAN)


def translation(root: Path, language: str) -> str:
    """Return the text of a language's `.po` file: what pages may show, translated as far as it was."""
    known = read_po(io.BytesIO(_read(root / _po(language)).encode()), locale=language)
    catalogue = Catalog(charset="utf-8", locale=language)
    for name, message in texts(root):
        if shown(name):
            before = known.get(message)
            catalogue.add(message, before.string if before else None, locations=[(name, 0)])
    return _text(catalogue, f"Ids are written by `{COMMAND}`, translations by hand.")


def _text(catalogue: Catalog, told: str) -> str:
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return _HEADER.format(told=told) + body.getvalue().decode()


def _po(language: str) -> Path:
    return TEMPLATE.parent / language / "LC_MESSAGES" / "netralitas.po"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main(argv: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Write the template, or with --check compare it; return the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=_("Kumpulkan semua teks antarmuka."))
    parser.add_argument("--check", action="store_true", help=_("hanya bandingkan; tidak menulis"))
    check: bool = parser.parse_args(argv).check
    root = root or Path(__file__).resolve().parent.parent
    made = {TEMPLATE: template(root), **{_po(name): translation(root, name) for name in LANGUAGES}}
    stale = {path: text for path, text in made.items() if _read(root / path) != text}
    for path, text in stale.items():
        if check:
            told = _("{file}: tidak sama dengan teks di kode. Jalankan `{command}` dan simpan hasilnya.")
            sys.stderr.write(told.format(file=path.as_posix(), command=COMMAND) + "\n")
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
