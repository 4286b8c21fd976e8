"""What all kinds of question share on their way out and in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from netralitas.i18n import _
from netralitas.quizzes import Question

from .bank import Foreign, shown

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SEEN = frozenset(
    ("prompt", "explanation", "choices", "key", "left", "right", "entries", "categories", "options",
     "tolerance", "half")
)  # fmt: skip
"""Fields of an item that every reader sees, each in its kinds."""

NEAR = 0.001
FULL = 1 - NEAR
"""What counts as all of the point; files round their weights."""

_MOST_QUOTED = 12


class Taken(NamedTuple):
    """An item as a mapping, blanks where an author must write; None where the kind cannot be taken."""

    raw: dict[str, Any] | None
    lost: tuple[str, ...] = ()


def out(question: Question, more: dict[str, Any], **kind: Any) -> Foreign:
    """Return what every kind has in common; `own` says what no reader sees, `more` what is the kind's own."""
    own = question.model_dump(mode="json", exclude=set(SEEN), exclude_defaults=True)
    return Foreign(
        name=question.id, prompt=question.prompt, general=question.explanation, own=own | more, **kind
    )


def quoted(texts: Iterable[str]) -> str:
    """Return some texts of a file as they may stand in a report, blank ones left out."""
    told = [shown(text) for text in texts if text]
    more = ", …" if len(told) > _MOST_QUOTED else ""
    return ", ".join(f"«{text}»" for text in told[:_MOST_QUOTED]) + more


def unreplied(replies: Iterable[str]) -> tuple[str, ...]:
    """Return the loss of replies for which a kind has no place, in words an author can copy."""
    texts = quoted(replies)
    return (_("umpan balik tidak dibawa: {texts}").format(texts=texts),) if texts else ()


def noted(foreign: Foreign, field: str, number: int) -> list[str] | None:
    """Return the names we once noted, None where they are not `number` texts."""
    known = foreign.own.get(field)
    fits = isinstance(known, list) and len(known) == number and all(isinstance(one, str) for one in known)
    return known if fits else None


def letters(foreign: Foreign, number: int) -> tuple[list[str], tuple[str, ...]]:
    """Return a letter for each row, and the loss where those we knew no longer fit."""
    known = noted(foreign, "letters", number)
    if known and len(set(known)) == number and set(known) <= set(LETTERS):
        return list(known), ()
    lost = (_("jumlah pilihan berubah: huruf pilihan diberikan ulang"),) if "letters" in foreign.own else ()
    return list(LETTERS[:number]), lost


def unspelled(texts: Sequence[str], names: Sequence[str], first: int) -> list[str]:
    """Return a name for each text by the alphabet, so that names do not tell the order of the texts.

    The first `first` texts stand in the order of the key; where the alphabet agrees with it, names are dealt
    backwards, unless `first` is 0: no key. `names` are sorted and as many as the texts.
    """
    by_alphabet = sorted(range(len(texts)), key=lambda place: (texts[place].casefold(), place))

    def dealt(names: Sequence[str]) -> list[str]:
        given = dict(zip(by_alphabet, names, strict=True))
        return [given[place] for place in range(len(texts))]

    told = dealt(names)
    return dealt(names[::-1]) if first and told[:first] == sorted(told[:first]) else told
