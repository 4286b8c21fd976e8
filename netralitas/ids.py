"""Published ids: a list that only grows, so that an id never means two things.

`data/ids.txt` holds every id that was ever published, one a line: `quiz/03-media-sosial/k07`,
`scenario/like-unggahan/s1`, `act/unggah-foto-calon`, `module/03-media-sosial`. One that the content no
longer has is marked `×` and may not come back: events of learners still speak of it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from .course import Course
from .i18n import _
from .law import Law
from .pledges import Pledge
from .quizzes import Quiz
from .scenarios import Scenario

GONE = "× "


def published(
    course: Course,
    law: Law,
    quizzes: Iterable[Quiz],
    scenarios: Iterable[Scenario],
    pledges: Iterable[Pledge] = (),
) -> set[str]:
    """Return the ids a content uses now."""
    found = {f"module/{module.slug}" for module in course.modules}
    for act in law.acts.values():
        found |= {f"act/{name}" for name in (act.id, *act.aliases)}
    for quiz in quizzes:
        found |= {quiz.root, *(f"{quiz.root}/{question.id}" for question in quiz.questions)}
    for story in scenarios:
        places = [*(scene.id for scene in story.scenes), *(ending.id for ending in story.endings)]
        found |= {story.root, *(f"{story.root}/{place}" for place in places)}
    for pledge in pledges:
        found |= {pledge.root, *(f"{pledge.root}/{point.id}" for point in pledge.points)}
    return found


def updated(text: str, now: set[str]) -> str:
    """Return the list with new ids added and vanished ones marked; what is marked stays marked."""
    lines = {line for line in text.splitlines() if line}
    gone = {line.removeprefix(GONE) for line in lines if line.startswith(GONE)}
    known = {line.removeprefix(GONE) for line in lines}
    rows = {name: f"{GONE}{name}" if name in gone or name not in now else name for name in known | now}
    return "".join(f"{rows[name]}\n" for name in sorted(rows))


def reused(text: str, now: set[str]) -> list[str]:
    """Return one sentence for each id that was given up and is used again."""
    gone = {line.removeprefix(GONE) for line in text.splitlines() if line.startswith(GONE)}
    told = _("id {id} pernah dipakai dan sudah ditarik. Beri id yang belum pernah dipakai.")
    return [told.format(id=name) for name in sorted(gone & now)]
