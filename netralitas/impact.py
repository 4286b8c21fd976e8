"""Impact: what of the course rests on a source or on an act, so that an author knows what to read again.

Pure. An item rests on an act when it cites it, and on a source when the version of a cited act that
holds the item's day names the source: what an older version named is not counted for a later day. A point of
a pledge has no day and cites sources alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Literal

from .course import Course
from .law import Act, Law, Regimes, Version
from .model import Value
from .pledges import Pledge
from .quizzes import Question, Quiz
from .scenarios import Scenario

Rests = Callable[[str, date], bool]
"""Whether what is said of an act (id or alias) on a day rests on what is asked about."""


class Impact(Value):
    """What rests on `id`. Items of a quiz are named `<quiz>/<item>`, points of a pledge `<pledge>/<point>`.

    `rules` are the acts that name a source in any version, or the act itself; `continued_by` the acts that
    continue an act; `regimes` the lists of `data/regimes.yaml` that name a source.
    """

    id: str
    kind: Literal["source", "act"]
    title: str
    rules: tuple[str, ...]
    continued_by: tuple[str, ...]
    regimes: tuple[str, ...]
    scenarios: tuple[str, ...]
    items: tuple[str, ...]
    points: tuple[str, ...]
    modules: tuple[str, ...]


def impact(
    name: str,
    *,
    law: Law,
    course: Course,
    scenarios: Iterable[Scenario],
    quizzes: Iterable[Quiz],
    pledges: Iterable[Pledge],
) -> Impact:
    """Return what rests on a source or an act; an alias counts as its act. Raises KeyError.

    An id that names both is read as the act.
    """
    told = _of_act(law, law.act(name)) if name in act_names(law) else _of_source(law, name)
    asked = told["id"]

    def rests(act: str, on: date) -> bool:
        found = law.act(act)
        version = found.on(on)
        if told["kind"] == "act":
            return found.id == asked
        return version is not None and asked in cited(version)

    stories = tuple(story.id for story in scenarios if _story_rests(story, rests))
    items = tuple(
        f"{quiz.id}/{question.id}"
        for quiz in quizzes
        for question in quiz.questions
        if _question_rests(question, rests) or (told["kind"] == "source" and asked in question.sources)
    )
    points = tuple(
        f"{pledge.id}/{point.id}"
        for pledge in pledges
        for point in pledge.points
        if told["kind"] == "source" and asked in {pledge.origin, *(one.source for one in point.basis)}
    )
    asking, promised = ({name.partition("/")[0] for name in names} for names in (items, points))
    modules = tuple(
        module.slug
        for module in course.modules
        if module.quiz in asking or module.pledge in promised or set(module.scenarios) & set(stories)
    )
    found = {"scenarios": stories, "items": items, "points": points, "modules": modules}
    return Impact.model_validate(told | found)


def act_names(law: Law) -> tuple[str, ...]:
    """Return every id and alias an act answers to."""
    return (*law.acts, *(alias for act in law.acts.values() for alias in act.aliases))


def cited(version: Version) -> frozenset[str]:
    """Return the sources a version names: its articles, and the codes its findings are limited to."""
    findings = [finding for ruling in version.rulings for finding in ruling.findings]
    named = (one.source for one in chain(version.basis, *(finding.basis for finding in findings)))
    return frozenset((*named, *(finding.code for finding in findings if finding.code)))


def _of_act(law: Law, act: Act) -> dict[str, object]:
    names = {act.id, *act.aliases}
    after = tuple(sorted(other.id for other in law.acts.values() if names & set(other.continues)))
    return {
        "id": act.id,
        "kind": "act",
        "title": act.title,
        "rules": (act.id,),
        "continued_by": after,
        "regimes": (),
    }


def _of_source(law: Law, name: str) -> dict[str, object]:
    source = law.sources[name]
    naming = (act.id for act in law.acts.values() if any(name in cited(one) for one in act.versions))
    return {
        "id": name,
        "kind": "source",
        "title": source.title,
        "rules": tuple(sorted(naming)),
        "continued_by": (),
        "regimes": tuple(dict.fromkeys(where for where, one in _ruling(law.regimes) if one == name)),
    }


def _ruling(regimes: Regimes) -> Iterator[tuple[str, str]]:
    """Yield (list, source) for every source the regimes name."""
    yield from (("guides", entry.source) for entry in regimes.guides)
    yield from (("asn_law", entry.source) for entry in regimes.asn_law)
    yield from (("discipline", entry.source) for entry in regimes.discipline)
    yield from (("transitions", code) for step in regimes.transitions for code in (step.before, step.after))
    yield from (("sanctions", entry.code) for entry in regimes.sanctions if entry.code)
    yield from (("unbound", one.source) for entry in regimes.unbound for one in entry.basis)


def _story_rests(story: Scenario, rests: Rests) -> bool:
    return any(rests(act, story.date) for ending in story.endings for act in ending.rules)


def _question_rests(question: Question, rests: Rests) -> bool:
    return any(rests(act, on) for act, on in question.cases())
