"""One save among several markers: made upon what stands, or refused; and who made it.

save     in one transaction in which nobody else changes the row
Journal  a line for each, beside the gradebook, whose tables stay nbgrader's
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry


def seen(row: Grade | Comment) -> str:
    """Return what a save is made upon: the value that stands."""
    if isinstance(row, Comment):
        return str(row.manual_comment or "")
    return f"{row.manual_score}/{row.extra_credit}"


JOURNAL = "penilai.jsonl"
"""What the journal of a gradebook is called."""


class TakenError(Exception):
    """Raised for a save made upon a value that stands no more."""


def save(book: Gradebook, table: type[Any], name: str, upon: object, take: Callable[[Any], None]) -> Any:
    """Change a row by `take` and return it, in one transaction in which nobody else changes it.

    What is not committed ends with the session. Raises MissingEntry where there is no such row, TakenError
    where its value is not the one it is made `upon`.
    """
    # Read anew: a row this session has seen before would keep its old value while it waits for the lock.
    wanted = book.db.query(table).filter(table.id == name).populate_existing().with_for_update()
    row = wanted.one_or_none()
    if row is None:
        raise MissingEntry(name)
    if seen(row) != upon:
        raise TakenError(name)
    take(row)
    book.db.commit()
    return row


class Journal:
    """Who saved what: a line of JSON each, beside the gradebook. Points are told, comments are not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, **told: str) -> None:
        """Add a line."""
        line = json.dumps({"at": datetime.now(UTC).isoformat()} | told, ensure_ascii=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def forget(self, who: str) -> bool:
        """Take a person's name out of their lines; return whether it was there. That they saved, stays.

        No line changes its length, so that others may add theirs meanwhile.
        """
        try:
            file = self._path.open("r+b")
        except FileNotFoundError:
            return False
        gone, at = False, 0
        with file:
            for line in file.read().splitlines(keepends=True):
                told = json.loads(line)
                if told["who"] == who and told["name"]:
                    file.seek(at)
                    blank = json.dumps(told | {"name": ""}, ensure_ascii=False).encode()
                    file.write(blank.ljust(len(line) - 1))
                    gone = True
                at += len(line)
        return gone

    def last(self, row: str) -> str:
        """Return the name of who saved a row last, empty where nobody is known."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ""
        return next(
            (str(told["name"]) for told in map(json.loads, reversed(lines)) if told["row"] == row), ""
        )
