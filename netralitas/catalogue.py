"""The catalogue's template: every text a person may see, gathered from code, pages and scripts.

    python -m netralitas.catalogue           write netralitas/locale/netralitas.pot
    python -m netralitas.catalogue --check   exit 1 when that file is not what the sources say

Message ids are the Indonesian texts. The file is sorted and holds neither dates nor line numbers, so
that it changes only when a text does. A translation is `locale/<language>/LC_MESSAGES/netralitas.po`.
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
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from .i18n import _

COMMAND = "python -m netralitas.catalogue"
TEMPLATE = Path("netralitas/locale/netralitas.pot")

_HEADER = """\
# Texts of Netralitas; message ids are the Indonesian texts themselves.
# Derived: written by `{command}`, never by hand.
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
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return _HEADER.format(command=COMMAND) + body.getvalue().decode()


def main(argv: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Write the template, or with --check compare it; return the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=_("Kumpulkan semua teks antarmuka."))
    parser.add_argument("--check", action="store_true", help=_("hanya bandingkan; tidak menulis"))
    check: bool = parser.parse_args(argv).check
    root = root or Path(__file__).resolve().parent.parent
    path, made = root / TEMPLATE, template(root)
    if path.is_file() and path.read_text(encoding="utf-8") == made:
        return 0
    if check:
        told = _("{file}: tidak sama dengan teks di kode. Jalankan `{command}` dan simpan hasilnya.")
        sys.stderr.write(told.format(file=TEMPLATE.as_posix(), command=COMMAND) + "\n")
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
