"""What every value of the house shares: frozen, no unknown keys, dates through time.

Pure. A *value* is a pydantic model that cannot change after it was made and refuses a key it
does not know, so that a typing error in a content file is a fault and never silence.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""Indonesian, ASCII, hyphenated: the name of a file and of the thing in it."""

ChoiceId = Annotated[str, StringConstraints(pattern=r"^[a-z]$")]
"""One small letter; `check` reads them as strings, so `y` and `n` are never booleans."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Prose for people, never empty."""

Certainty = Literal["yakin", "ragu", "menebak"]
"""How sure a learner says to be; never part of a score."""

Status = Literal["draf", "ditinjau", "terbit"]
"""How far authors are: a draft, being read by a second person, published. Only `terbit` is shown to learners;
a file that says nothing was published before there was a status. A lawyer's review is another thing."""

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class Value(BaseModel):
    """Base of all values: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @cached_property
    def fingerprint(self) -> str:
        """The first 16 hex digits of SHA-256 over the canonical value; made once: a value never changes."""
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).hexdigest()[:16]


def first_day(partial: str) -> date:
    """Return the first day a date written `YYYY`, `YYYY-MM` or `YYYY-MM-DD` allows.

    Raises ValueError for anything else.
    """
    year, month, day = _parts(partial)
    return date(year, month or 1, day or 1)


def last_day(partial: str) -> date:
    """Return the last day a date written `YYYY`, `YYYY-MM` or `YYYY-MM-DD` allows.

    Raises ValueError for anything else.
    """
    year, month, day = _parts(partial)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(partial: str) -> tuple[int, int | None, int | None]:
    match = _PARTIAL.match(partial)
    if match is None:
        raise ValueError(f"tanggal '{partial}' bukan YYYY, YYYY-MM, atau YYYY-MM-DD")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


class Period(Value):
    """From `start` to `end`, both days included; `end: open` means still running.

    A partial start counts only from the last day it allows, a partial end counts as over after
    the first day it allows, so that a rule is never claimed for a day that is not certain.
    """

    start: str
    end: str | Literal["open"]

    @model_validator(mode="before")
    @classmethod
    def _dates_as_text(cls, data: Any) -> Any:
        # YAML reads 2022-09-22 as a date and 2022 as a number.
        if isinstance(data, dict):
            return data | {key: str(data[key]) for key in ("start", "end") if key in data}
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"berakhir {self.end} sebelum mulai {self.start}")
        return self

    @property
    def first(self) -> date:
        """First day that is certain."""
        return last_day(self.start)

    @property
    def last(self) -> date | None:
        """Last day that is certain, None while open."""
        return None if self.end == "open" else first_day(self.end)

    def covers(self, day: date) -> bool:
        """Say whether `day` certainly lies inside."""
        return self.first <= day and (self.last is None or day <= self.last)


# Made once: an encoder of its own takes as long as a small event.
_canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=str
).encode


def canonical(data: Any) -> bytes:
    """Return one byte form of JSON-like data, equal for equal data on every machine."""
    return _canonical(data).encode()


def revision(item: Value) -> str:
    """Return the revision of an item: its fingerprint.

    It covers key and explanation, so it never goes to a browser.
    """
    return item.fingerprint
