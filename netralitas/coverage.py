"""What the course covers: stories and items by topic, depth, role, stage, act, cause and skill; the holes.

    course, law, scenarios, quizzes  ──covered──►  Covered  ──►  lines, holes

Pure. Promised is: each word of the closed lists of `course.yaml` in a story, each topic at each depth in an
item, each act in a story or an item that is forbidden on the day of the content, beyond doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from .course import Course
from .i18n import _
from .law import Law
from .model import Value
from .pledges import Pledge
from .quizzes import Quiz
from .rules import rule
from .scenarios import Scenario

Axis = Literal["roles", "stages", "causes", "skills", "acts", "topics"]


class Count(Value):
    """How many stories and items hold a word."""

    stories: int = 0
    items: int = 0


class Covered(Value):
    """Counts by axis and word, items by topic and depth, stories by role and stage, kinds of items.

    `points` are the sources each point of a pledge cites, by `<pledge>/<point>`; nothing is promised of them.
    `holes` are the promised cells nobody holds, as (axis, word) or (topic, depth).
    """

    counts: dict[Axis, dict[str, Count]]
    depths: dict[str, dict[str, int]]
    roles: dict[str, dict[str, int]]
    kinds: dict[str, int]
    points: dict[str, tuple[str, ...]]
    holes: tuple[tuple[str, str], ...]


def covered(
    course: Course,
    law: Law,
    scenarios: Iterable[Scenario],
    quizzes: Iterable[Quiz],
    pledges: Iterable[Pledge],
) -> Covered:
    """Count what stories and items hold, and list what pledges rest on."""
    stories = list(scenarios)
    # An item is about what it says, else about the module of its quiz.
    items = [
        (question.topic or _module(course, quiz.root), question)
        for quiz in quizzes
        for question in quiz.questions
    ]
    told: dict[Axis, Counter[str]] = {
        "roles": Counter(story.role for story in stories),
        "stages": Counter(story.stage for story in stories),
        "causes": Counter(cause for story in stories for cause in set(story.causes)),
        "skills": Counter(skill for story in stories for skill in set(story.skills)),
        "acts": Counter(act for story in stories for act in {a for e in story.endings for a in e.rules}),
        "topics": Counter(topic for story in stories if (topic := _module(course, story.root))),
    }
    asked: dict[Axis, Counter[str]] = {
        "roles": Counter(question.role for _topic_, question in items if question.role),
        "stages": Counter(),
        "causes": Counter(),
        "skills": Counter(),
        "acts": Counter(act for _topic_, question in items for act in set(question.rules)),
        "topics": Counter(topic for topic, _question in items if topic),
    }
    words = _promised(course, law)
    counts: dict[Axis, dict[str, Count]] = {
        axis: {
            word: Count(stories=told[axis][word], items=asked[axis][word])
            for word in dict.fromkeys((*words[axis], *told[axis], *asked[axis]))
        }
        for axis in words
    }
    depths = {
        topic: {
            depth: sum(1 for of, question in items if (of, question.depth) == (topic, depth))
            for depth in course.tags.depths
        }
        for topic in words["topics"]
    }
    roles = {
        role: {
            stage: sum(1 for story in stories if (story.role, story.stage) == (role, stage))
            for stage in course.tags.stages
        }
        for role in map(str, course.tags.roles)
    }
    kinds = Counter(question.kind for _topic_, question in items)
    holes = (*_empty(counts, words), *((t, d) for t, row in depths.items() for d, n in row.items() if not n))
    points = {
        f"{pledge.id}/{point.id}": tuple(dict.fromkeys(one.source for one in point.basis))
        for pledge in pledges
        for point in pledge.points
    }
    return Covered(
        counts=counts,
        depths=depths,
        roles=roles,
        kinds=dict(kinds.most_common()),
        points=points,
        holes=holes,
    )


def lines(found: Covered) -> list[str]:
    """Return the counts as lines for a terminal, the holes last."""
    titles: Mapping[Axis, str] = {
        "topics": _("Topik"), "roles": _("Peran"), "stages": _("Tahapan"), "causes": _("Sebab"),
        "skills": _("Keterampilan"), "acts": _("Perbuatan"),
    }  # fmt: skip
    told: list[str] = []
    for axis, title in titles.items():
        told += ["", f"{title:<44}{_('cerita'):>8}{_('soal'):>8}"]
        told += [f"  {word:<42}{one.stories:>8}{one.items:>8}" for word, one in found.counts[axis].items()]
    told += _crossed(_("Topik × kedalaman (soal)"), found.depths)
    told += _crossed(_("Peran × tahapan (cerita)"), found.roles)
    told += ["", _("Jenis soal: {kinds}").format(kinds=", ".join(f"{k} {n}" for k, n in found.kinds.items()))]
    told += ["", _("Butir ikrar: {n}").format(n=len(found.points))]
    told += [f"  {point:<42}  {', '.join(sources)}" for point, sources in found.points.items()]
    if found.holes:
        told += ["", _("Belum ada ({n}):").format(n=len(found.holes))]
        told += [f"  {first} × {second}" for first, second in found.holes]
    else:
        told += ["", _("Semua yang dijanjikan ada.")]
    return told[1:]


def _crossed(title: str, rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    yield ""
    yield title
    heads = list(next(iter(rows.values()), {}))
    wide = [max(len(head), 4) for head in heads]
    yield f"  {'':<26}" + "".join(f" {head:>{w}}" for head, w in zip(heads, wide, strict=True))
    for name, row in rows.items():
        yield f"  {name:<26}" + "".join(f" {row[head]:>{w}}" for head, w in zip(heads, wide, strict=True))


def _promised(course: Course, law: Law) -> dict[Axis, list[str]]:
    """Return the words each axis promises."""
    on = date.fromisoformat(course.version)
    return {
        "roles": [str(role) for role in course.tags.roles],
        "stages": list(course.tags.stages),
        "causes": list(course.tags.causes),
        "skills": list(course.tags.skills),
        "acts": [name for name, act in law.acts.items() if act.status == "terbit" and _sure(law, name, on)],
        "topics": [module.slug for module in course.modules if module.scenarios],
    }


def _sure(law: Law, name: str, on: date) -> bool:
    """Say whether an act is forbidden on a day beyond doubt."""
    answer = rule(law, name, on=on)
    return answer.in_force and answer.verdict == "dilarang" and answer.confidence == "strong"


def _empty(
    counts: Mapping[Axis, Mapping[str, Count]], words: Mapping[Axis, Iterable[str]]
) -> Iterator[tuple[str, str]]:
    for axis, promised in words.items():
        for word in promised:
            one = counts[axis][word]
            if not (one.stories or (axis == "acts" and one.items)):
                yield axis, word


def _module(course: Course, root: str) -> str | None:
    """Return the module a quiz or story belongs to, None where it waits for one."""
    try:
        return course.module_of(root).slug
    except KeyError:
        return None
