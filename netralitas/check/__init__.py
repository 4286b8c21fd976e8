"""The author's linter behind `netralitas check`: every fault of the content at once.

Loading finds what is broken in itself; here stands what is wrong between files: a citation that leads
nowhere, a scene nobody can reach, a rule that did not hold on the scenario's date, a key that rests on
a claim nobody has verified, a key the law has overturned since. A file that does not load is told once,
and nothing is said of what it would have held; all other files are checked all the same.
"""

from __future__ import annotations

from itertools import chain

from ..content import Parts, lawful
from ..law import Law
from ..reading import Fault
from . import course, figures, glossary, items, law, lint, prose, stories
from .lint import Sentences

__all__ = ["Sentences", "faults", "sentences", "warnings"]


def faults(parts: Parts) -> list[Fault]:
    """Return every fault of the content that was gathered, in the order of files."""
    known, allowed = _sound(parts), prose.known(parts)
    found = chain(
        parts.faults,
        law.of_acts(parts),
        law.of_tables(parts),
        law.of_statistics(parts),
        law.of_references(parts),
        law.of_grounds(parts),
        items.of_drafts(parts),
        law.of_coverage(parts),
        prose.of_content(parts, allowed),
        course.of_course(parts, allowed),
        glossary.of_glossary(parts, allowed),
        stories.of_pictures(parts),
        figures.of_figures(parts, known),
        *(items.of_scenario(name, one, parts, known) for name, one in parts.scenarios.items() if one),
        *(items.of_pledge(name, one, parts) for name, one in parts.pledges.items() if one),
        *(items.of_quiz(name, one, parts, known) for name, one in parts.quizzes.items() if one),
    )
    return sorted(found, key=lambda fault: fault.file)


def warnings(parts: Parts) -> list[Fault]:
    """Return what is no fault and yet worth a second look, in the order of files."""
    return sorted(lint.of_content(parts), key=lambda fault: fault.file)


def sentences(parts: Parts) -> list[Sentences]:
    """Return how long the sentences of each part of the course are, in its order."""
    return list(lint.sentences(parts))


def _sound(parts: Parts) -> Law | None:
    """Return the law as far as it can be asked: without acts that cite what is not there."""
    if (
        parts.sources is None
        or parts.regimes is None
        or any(law.of_regimes(parts.regimes, parts.sources.keys()))
    ):
        return None
    acts = {
        name: act
        for name, act in parts.acts.items()
        if act and all(source in parts.sources for _where, source in law.cited(act))
    }
    return lawful(parts, acts, parts.sources, parts.regimes)
