"""What every command does alike: mistakes in one sentence, content, store, names and days, lines and JSON."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from . import content, reading
from .i18n import _
from .settings import settings

if TYPE_CHECKING:
    from .store import Store


def fail(sentence: str, code: int = 2) -> NoReturn:
    """Say one sentence on stderr and leave with `code`."""
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(code)


def the_content() -> content.Content:
    """Return the content; its faults are told and end the command."""
    try:
        return content.current()
    except reading.ContentError as error:
        fail(str(error), 1)


def the_place() -> Path:
    """Return the folder of the content; that there is none is told and ends the command."""
    try:
        return content.root()
    except reading.ContentError as error:
        fail(str(error), 1)


def own_place() -> Path:
    """Return the folder authors write into: of several the last, the agency's own."""
    try:
        return content.sources()[-1]
    except reading.ContentError as error:
        fail(str(error), 1)


def a_day(text: str) -> date | None:
    """Return a day written YYYY-MM-DD, None for an empty text; anything else is told and ends the command."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        fail(_("Tanggal '{text}' bukan tanggal YYYY-MM-DD. Tulis misalnya 2024-10-12.").format(text=text))


def print_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print texts, each on its line."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store of the settings in this version's schema: SQLite is migrated, PostgreSQL must be."""
    from .store import StoreError, open_store  # noqa: PLC0415  (rule and check need no database)

    try:
        store = open_store(settings().store)
        if store.engine.dialect.name == "sqlite":
            store.migrate()
        store.require_current()
    except StoreError as error:
        fail(str(error), 1)
    try:
        yield store
    except StoreError as error:
        fail(str(error), 1)
    finally:
        store.close()


def near_to(name: str, known: Iterable[str]) -> str:
    """Return the ids most like `name`; always some."""
    names = [*known]
    return ", ".join(difflib.get_close_matches(name, names, n=3, cutoff=0.3) or sorted(names)[:3])
