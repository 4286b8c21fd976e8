"""One pair of functions for each kind: our item becomes a question others know, theirs becomes ours. Pure.

    Quiz      ──bank──►    Bank           by `OUT`, under our kinds
    Foreign   ──item──►    Taken          by `IN`, under Moodle's kinds

    choosing.py     single and multiple choice, true/false     multichoice, truefalse
    placing.py      matching, classification, rating           match
    sequencing.py   ordering                                   ordering
    typed.py        number, short text, written                numerical, shortanswer, essay

What only we know of an item stands in `Foreign.own`; what a reader sees (prompt, choices, key, explanation)
always comes from what the file shows, so that an edit made elsewhere counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from netralitas.i18n import _
from netralitas.model import revision
from netralitas.quizzes import Question, Quiz

from .bank import Bank, Foreign
from .choosing import choices_in, choices_out, true_false_in, true_false_out
from .common import SEEN, Taken
from .placing import classification_out, match_in, matching_out, rating_out
from .prose import BARRED
from .sequencing import ordering_in, ordering_out
from .typed import number_in, number_out, short_text_in, short_text_out, written_in, written_out


def bank(quiz: Quiz) -> Bank:
    """Return a quiz as others know it. Raises ValueError for what no file can hold."""
    places = [(_("kuis {id}").format(id=quiz.id), quiz.model_dump(mode="json", exclude={"questions"}))]
    places += [(_("soal {id}").format(id=one.id), one.model_dump(mode="json")) for one in quiz.questions]
    for where, dumped in places:
        if any(BARRED.search(text) for text in _strings(dumped)):
            told = _("{where}: memuat tanda kendali yang tidak dapat ditulis. Hapus tanda itu.")
            raise ValueError(told.format(where=where))
    own = quiz.model_dump(mode="json", exclude={"questions"}, exclude_defaults=True)
    return Bank(
        title=quiz.title,
        own=own | {"status": quiz.status, "revision": revision(quiz)},
        questions=tuple(OUT[question.kind](question) for question in quiz.questions),
    )


def item(foreign: Foreign) -> Taken:
    """Return the item of a question, without its id, and what the way cost it."""
    if foreign.qtype not in IN:
        told = _("jenis {kind} belum dapat dibawa; soal dilewati").format(kind=foreign.qtype)
        return Taken(None, (told,))
    taken = IN[foreign.qtype](foreign)
    if taken.raw is None:
        return taken
    own = {name: value for name, value in foreign.own.items() if name in _KNOWN}
    raw = {"kind": taken.raw.pop("kind"), "depth": own.pop("depth", ""), "prompt": foreign.prompt}
    raw |= taken.raw | {"explanation": foreign.general} | own
    if not own.get("rules") and not own.get("sources"):
        raw |= {"rules": [""], "on": own.get("on", ""), "claims": own.get("claims") or [""]}
    return Taken(raw, (*foreign.lost, *taken.lost))


def _strings(value: Any) -> Iterator[str]:
    """Yield every text of a dumped value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


_KNOWN = frozenset(Question.model_fields) - SEEN - {"id", "kind"}

OUT: Mapping[str, Callable[[Any], Foreign]] = {
    "single_choice": choices_out,
    "multiple_choice": choices_out,
    "true_false": true_false_out,
    "matching": matching_out,
    "classification": classification_out,
    "rating": rating_out,
    "ordering": ordering_out,
    "number": number_out,
    "short_text": short_text_out,
    "written": written_out,
}
"""How each of our kinds goes out."""

IN: Mapping[str, Callable[[Foreign], Taken]] = {
    "multichoice": choices_in,
    "truefalse": true_false_in,
    "match": match_in,
    "ordering": ordering_in,
    "numerical": number_in,
    "shortanswer": short_text_in,
    "essay": written_in,
}
"""How each of Moodle's kinds comes in."""
