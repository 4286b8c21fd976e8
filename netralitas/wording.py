"""Wording: what is to be noticed in a text before anybody reads it.

    data/wording.yaml ──► Wording        text ──sentences──► too long?   ──found──► words to avoid, names

Pure. Lists are data, because taste and names change; how a text is cut and compared is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from typing import Literal

from pydantic import Field

from .model import Text, Value

# A stop ends a sentence before a space, unless it ends an abbreviation or a number of a list.
_END = re.compile(r"(?<=[.!?…])[»\"”)]*\s+(?=[«\"“(]*[A-Z0-9ÀÉ])")
_SHORT = re.compile(r"(?:\b(?:No|Nn|Ny|Tn|dr|Dr|Drs|Ir|H|Hj|dll|dsb|hlm|a\.n|u\.p|S\.\w+|M\.\w+)\.|^\d+\.)$")
_TAG = re.compile(r"<[^>]*>|\]\([^)]*\)|[*_`#>|\[\]]")

ALIKE = 0.92
"""Likeness of two options above which they are taken for one, from 0 to 1."""
_LONG_ENOUGH = 25


class Avoided(Value):
    """Words to avoid and what to write in their place."""

    words: Text
    instead: Text


class Wording(Value):
    """What learners' texts are read for (`data/wording.yaml`)."""

    format_version: Literal[1]
    longest_sentence: int = Field(default=30, ge=5)
    avoid: tuple[Avoided, ...] = ()
    absolute: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()


def plain(text: str) -> str:
    """Return a text without markup, paragraphs kept apart."""
    return _TAG.sub(" ", text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, markup left out.

    A heading, a line of a list, and a part of a citation before «·» is a sentence of its own.
    """
    found: list[str] = []
    for line in plain(text).replace(" · ", "\n").splitlines():
        parts: list[str] = []
        for part in _END.split(line.strip()):
            if parts and _SHORT.search(parts[-1]):
                parts[-1] += f" {part}"
            else:
                parts.append(part)
        found += [part for part in parts if length(part)]
    return found


def length(sentence: str) -> int:
    """Return the number of words: what holds a letter or a digit."""
    return sum(any(sign.isalnum() for sign in word) for word in sentence.split())


def too_long(text: str, wording: Wording) -> list[str]:
    """Return the sentences longer than wanted."""
    return [one for one in sentences(text) if length(one) > wording.longest_sentence]


def avoided(text: str, wording: Wording) -> list[Avoided]:
    """Return the words to avoid that a text holds."""
    return [one for one in wording.avoid if _holds(text.casefold(), one.words)]


def absolute(text: str, wording: Wording) -> list[str]:
    """Return the absolute words a text holds."""
    return [words for words in wording.absolute if _holds(text.casefold(), words)]


def named(text: str, wording: Wording) -> list[str]:
    """Return the real names a text holds."""
    return [name for name in wording.names if _holds(text, name)]


def alike(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of every two texts that can hardly be told apart; short ones always can."""
    for (a, one), (b, other) in combinations(enumerate(texts), 2):
        if min(len(one), len(other)) >= _LONG_ENOUGH:
            matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
            if matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE:
                yield a, b


def _holds(text: str, words: str) -> bool:
    # Most texts hold none of the words: looking for the letters first is many times cheaper.
    return words in text and _apart(words).search(text) is not None


@cache
def _apart(words: str) -> re.Pattern[str]:
    """Return the pattern of words that stand by themselves."""
    before = r"\b" if words[0].isalnum() else ""
    return re.compile(rf"{before}{re.escape(words)}\b")
