"""Content: `data/`, `quizzes/` and `modules/` become the objects of the pure rooms.

    root()  ──►  gather(root)  ──►  Parts: what could be read, and every fault
                 load(root)    ──►  Content   (or ContentError with those faults)

`root()` knows a checkout, an installed wheel (`netralitas/_content`) and NETRALITAS_CONTENT. A loader
refuses unknown and duplicate keys; a fault names file, place, what is wrong and what to do. Nothing
here writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from .course import Course
from .i18n import _, day
from .law import Act, Law, Regimes, Source
from .model import Period, Value, first_day, last_day
from .quizzes import Quiz
from .reading import ContentError, Fault, explain, read_yaml
from .rules import rule
from .scenarios import Scenario

M = TypeVar("M", bound=BaseModel)


class Content(Value):
    """Everything the course holds."""

    course: Course
    law: Law
    quizzes: dict[str, Quiz]
    scenarios: dict[str, Scenario]

    def item(self, root: str) -> Quiz | Scenario:
        """Return the quiz or scenario of a root object id. Raises KeyError."""
        kind, _sep, slug = root.partition("/")
        return self.quizzes[slug] if kind == "quiz" else self.scenarios[slug]

    def citations(self, root: str) -> dict[str, list[dict[str, str]]]:
        """Return what each item or ending of an object cites, resolved on its date.

        Rows hold `act` (what it is about), `text` (source and article), `since` (the day in Indonesian, or
        empty), `status` (dilarang, boleh, belum_pasti) and `level`.
        """
        item = self.item(root)
        if isinstance(item, Scenario):
            return {
                ending.id: [row for act in ending.rules for row in _cite(self.law, act, item.date)]
                for ending in item.endings
            }
        return {
            question.id: [
                row for act in question.rules if question.on for row in _cite(self.law, act, question.on)
            ]
            for question in item.questions
        }


def _cite(law: Law, act: str, on: Any) -> list[dict[str, str]]:
    answer = rule(law, act, on=on)
    found = law.act(act)
    version = found.on(on)
    articles: dict[str, list[str]] = {}
    for basis in answer.basis:
        articles.setdefault(law.sources[basis.source].name, []).append(basis.article)
    return [
        {
            "act": found.title,
            "text": "; ".join(f"{name}: {', '.join(named)}" for name, named in articles.items()),
            # What is allowed has no day it began on.
            "since": day(version.first) if version and answer.verdict != "boleh" else "",
            "status": answer.verdict,
            "level": answer.level or "",
            "reviewed": found.reviewed_by or "",
        }
    ]


def root() -> Path:
    """Return the folder that holds `data/`, `quizzes/` and `modules/`.

    NETRALITAS_CONTENT wins; then the wheel's own copy; then the checkout around this package.
    Raises ContentError when there is none.
    """
    package = Path(__file__).resolve().parent
    named = os.environ.get("NETRALITAS_CONTENT")
    for place in [Path(named)] if named else [package / "_content", package.parent]:
        if (place / "data" / "course.yaml").is_file():
            return place.resolve()
    missing = Path(named) if named else package.parent
    raise ContentError(
        [Fault(file=str(missing / "data" / "course.yaml"),
               message=_("tidak ditemukan. Arahkan NETRALITAS_CONTENT ke folder yang memuat data/."))]
    )  # fmt: skip


class Parts(NamedTuple):
    """What could be read of a content folder. None stands for a file with faults: it is there, not usable."""

    course: Course | None
    sources: dict[str, Source] | None
    regimes: Regimes | None
    acts: dict[str, Act | None]
    scenarios: dict[str, Scenario | None]
    quizzes: dict[str, Quiz | None]
    faults: list[Fault]


def gather(place: Path) -> Parts:
    """Read every file under `place`, each for itself; what is wrong stands in `faults`. Never raises."""
    faults: list[Fault] = []
    data = place / "data"
    return Parts(
        course=_one(data / "course.yaml", place, Course, faults),
        sources=_sources(data / "sources.yaml", place, faults),
        regimes=_one(data / "regimes.yaml", place, Regimes, faults),
        acts=_folder(data / "rules", place, Act, faults),
        scenarios=_folder(data / "scenarios", place, Scenario, faults),
        quizzes=_folder(place / "quizzes", place, Quiz, faults),
        faults=faults,
    )


def _whole(found: dict[str, M | None]) -> dict[str, M]:
    return {name: value for name, value in found.items() if value is not None}


def load(place: Path | None = None) -> Content:
    """Load everything under `place` (default: `root()`).

    Raises ContentError with every fault of every file.
    """
    place = place or root()
    parts = gather(place)
    if parts.faults or parts.course is None or parts.sources is None or parts.regimes is None:
        raise ContentError(parts.faults)
    law = Law(acts=_whole(parts.acts), sources=parts.sources, regimes=parts.regimes)
    return Content(
        course=parts.course, law=law, quizzes=_whole(parts.quizzes), scenarios=_whole(parts.scenarios)
    )


@cache
def current() -> Content:
    """Return the content of this process's root, loaded once. Raises ContentError."""
    return load(root())


def law() -> Law:
    """Return the law of this process's content."""
    return current().law


def _one(path: Path, place: Path, model: type[M], faults: list[Fault]) -> M | None:
    name = path.relative_to(place).as_posix()
    try:
        raw = read_yaml(path, place)
        value = model.model_validate(raw)
    except ContentError as error:
        faults += error.faults
        return None
    except ValidationError as error:
        faults += [Fault(file=name, message=text) for text in explain(error, raw)]
        return None
    wrong = [f"{where}: {told}" for where, one in _periods(value) if (told := _days(one.start, one.end))]
    faults += [Fault(file=name, message=text) for text in wrong]
    return None if wrong else value


def _periods(value: BaseModel) -> Iterable[tuple[str, Period]]:
    """Yield the stretches of days that stand in the lists of a file, with their places."""
    for field in type(value).model_fields:
        entries = getattr(value, field)
        for number, one in enumerate(entries if isinstance(entries, tuple) else (), start=1):
            if isinstance(one, Period):
                yield f"{field} › {number}", one


def _days(start: str | None, end: str) -> str:
    """Return what is wrong with two partial dates, empty when nothing is."""
    try:
        first = last_day(start) if start else None
        last = None if end == "open" else first_day(end)
    except ValueError:
        return _("'start' atau 'end' bukan YYYY, YYYY-MM, atau YYYY-MM-DD. Betulkan.")
    if first and last and last < first:
        return _("berakhir {end} sebelum mulai {start}. Betulkan salah satunya.").format(start=start, end=end)
    return ""


def _folder(folder: Path, place: Path, model: type[M], faults: list[Fault]) -> dict[str, M | None]:
    found: dict[str, M | None] = {}
    for path in sorted(folder.glob("*.yaml")):
        value = found[path.stem] = _one(path, place, model, faults)
        if value is not None and value.id != path.stem:  # type: ignore[attr-defined]
            told = _("id '{id}' tidak sama dengan nama berkas. Samakan keduanya.").format(id=value.id)  # type: ignore[attr-defined]
            faults.append(Fault(file=path.relative_to(place).as_posix(), message=told))
    return found


class _Sources(Value):
    format_version: Literal[1]
    sources: tuple[Source, ...]


def _sources(path: Path, place: Path, faults: list[Fault]) -> dict[str, Source] | None:
    loaded = _one(path, place, _Sources, faults)
    if loaded is None:
        return None
    found: dict[str, Source] = {}
    wrong: list[str] = []
    for source in loaded.sources:
        if source.id in found:
            wrong.append(
                _("sumber {id}: id dipakai dua kali. Beri tiap sumber id sendiri.").format(id=source.id)
            )
        found[source.id] = source
        if told := _days(source.start, source.end):
            wrong.append(_("sumber {id}: {told}").format(id=source.id, told=told))
    name = path.relative_to(place).as_posix()
    faults += [Fault(file=name, message=text) for text in wrong]
    return None if wrong else found
