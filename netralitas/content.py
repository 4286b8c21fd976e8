"""Content: `data/`, `quizzes/` and `modules/` become the objects of the pure rooms.

    root()  ──►  gather(root)  ──►  Parts: what could be read, and every fault
                 built(parts)  ──►  Content   (or ContentError with those faults)
                 load(root)         both

`root()` knows a checkout, an installed wheel (`netralitas/_content`) and NETRALITAS_CONTENT, which may name
several folders (`folders.py`). A loader refuses unknown and duplicate keys; a fault names file, place, what
is wrong and what to do. Nothing here writes content.
"""

from __future__ import annotations

import atexit
import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, Field, RootModel, ValidationError

from . import folders
from .course import Course
from .figures import Figures
from .glossary import Glossary
from .i18n import _
from .law import Act, Law, Regimes, Source
from .model import Period, Value, first_day, last_day
from .pledges import Pledge
from .quizzes import Quiz
from .reading import ContentError, Fault, explain, read_yaml
from .rules import rule
from .scenarios import Scenario
from .tables import (
    Address,
    Calendar,
    Coverage,
    CrimeTable,
    Handling,
    Reference,
    SanctionTable,
    Statistic,
)
from .wording import Wording

M = TypeVar("M", bound=BaseModel)
S = TypeVar("S", Act, Pledge, Quiz, Scenario)


class Content(Value):
    """Everything the course holds."""

    course: Course
    law: Law
    quizzes: dict[str, Quiz]
    scenarios: dict[str, Scenario]
    pledges: dict[str, Pledge] = Field(default_factory=dict)
    pictures: dict[str, str] = Field(default_factory=dict)
    figures: Figures = Figures(format_version=1)
    glossary: Glossary = Glossary(format_version=1)

    def item(self, root: str) -> Quiz | Scenario | Pledge:
        """Return the quiz, scenario or pledge of a root object id. Raises KeyError."""
        kind, _sep, slug = root.partition("/")
        if kind == "pledge":
            return self.pledges[slug]
        return self.quizzes[slug] if kind == "quiz" else self.scenarios[slug]

    def published(self) -> Content:
        """Return it as learners get it: without what is not `terbit`: acts, scenarios, quizzes, pledges."""
        law = self.law.model_copy(update={"acts": _published(self.law.acts)})
        return self.model_copy(
            update={
                "law": law,
                "quizzes": _published(self.quizzes),
                "scenarios": _published(self.scenarios),
                "pledges": _published(self.pledges),
            }
        )

    def citations(self, root: str) -> dict[str, list[dict[str, str]]]:
        """Return what each item, ending or point of an object cites, resolved on its date.

        Rows of a point hold `text`. Rows of the others hold `act` (what it is about), `text` (source and
        article), `since` (an ISO day, or empty),
        `status` (dilarang, boleh, belum_pasti) and `level`.
        """
        item = self.item(root)
        if isinstance(item, Scenario):
            return {
                ending.id: [row for act in ending.rules for row in _cite(self.law, act, item.date)]
                for ending in item.endings
            }
        if isinstance(item, Pledge):
            return {
                point.id: [
                    {"text": f"{self.law.sources[one.source].name}: {one.article}"} for one in point.basis
                ]
                for point in item.points
            }
        return {
            question.id: [
                row for act in question.rules if question.on for row in _cite(self.law, act, question.on)
            ]
            for question in item.questions
        }


def _published(found: Mapping[str, S]) -> dict[str, S]:
    return {name: one for name, one in found.items() if one.status == "terbit"}


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
            "since": version.first.isoformat() if version and answer.verdict != "boleh" else "",
            "status": answer.verdict,
            "level": answer.level or "",
            "reviewed": found.reviewed_by or "",
        }
    ]


def sources() -> tuple[Path, ...]:
    """Return the folders content comes from, the last the author's own.

    NETRALITAS_CONTENT wins; then the wheel's own copy; then the checkout around this package.
    Raises ContentError when none of them holds a course.
    """
    package = Path(__file__).resolve().parent
    found = folders.named()
    for place in () if found else (package / "_content", package.parent):
        if (place / folders.COURSE).is_file():
            return (place.resolve(),)
    if any((place / folders.COURSE).is_file() for place in found):
        return tuple(place.resolve() for place in found)
    missing = found[-1] if found else package.parent
    raise ContentError(
        [Fault(file=str(missing / folders.COURSE),
               message=_("tidak ditemukan. Arahkan NETRALITAS_CONTENT ke folder yang memuat data/."))]
    )  # fmt: skip


def root() -> Path:
    """Return the folder that holds `data/`, `quizzes/` and `modules/`, of several folders laid together.

    Raises ContentError when there is none, or when the folders do not fit together.
    """
    every = sources()
    return every[0] if len(every) == 1 else _together(every)


@cache
def _together(every: tuple[Path, ...]) -> Path:
    """Lay folders together for as long as this process lives."""
    # A name of its own: a starting server takes away copies (`web/copies.py`) nobody has locked.
    place = Path(tempfile.mkdtemp(prefix="netralitas-bersama-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folders.lay(every, place)
    return place


class Parts(NamedTuple):
    """What could be read of a content folder. None stands for a file with faults: it is there, not usable.

    From `sanctions` on a file may be missing; it then holds nothing. `place`: the folder.
    """

    place: Path
    course: Course | None
    sources: dict[str, Source] | None
    regimes: Regimes | None
    acts: dict[str, Act | None]
    scenarios: dict[str, Scenario | None]
    quizzes: dict[str, Quiz | None]
    pledges: dict[str, Pledge | None]
    sanctions: SanctionTable | None
    crimes: CrimeTable | None
    handling: Handling | None
    calendars: dict[str, Calendar | None]
    statistics: dict[str, list[Statistic]]
    references: References | None
    coverage: Coverage | None
    faults: list[Fault]
    pictures: dict[str, str]
    figures: Figures | None
    wording: Wording | None
    glossary: Glossary | None


class References(RootModel[dict[Reference, tuple[Address, ...]]]):
    """The addresses behind the numbers of `references` (`data/references.yaml`)."""


def gather(place: Path) -> Parts:
    """Read every file under `place`, each for itself; what is wrong stands in `faults`. Never raises."""
    faults: list[Fault] = []
    data = place / "data"
    return Parts(
        place=place,
        course=_one(data / "course.yaml", place, Course, faults),
        sources=_sources(data / "sources.yaml", place, faults),
        regimes=_one(data / "regimes.yaml", place, Regimes, faults),
        acts=_folder(data / "rules", place, Act, faults),
        scenarios=_folder(data / "scenarios", place, Scenario, faults),
        quizzes=_folder(place / "quizzes", place, Quiz, faults),
        pledges=_folder(data / "pledges", place, Pledge, faults),
        sanctions=_maybe(data / "sanctions.yaml", place, SanctionTable(), faults),
        crimes=_maybe(data / "crimes.yaml", place, CrimeTable(format_version=1, crimes=()), faults),
        handling=_maybe(data / "handling.yaml", place, Handling(), faults),
        calendars=_folder(data / "calendars", place, Calendar, faults),
        statistics={
            path.stem: _table(path, place, faults) for path in sorted((data / "statistics").glob("*.csv"))
        },
        references=_maybe(data / "references.yaml", place, References({}), faults),
        coverage=_maybe(data / "coverage.yaml", place, Coverage(format_version=1, groups=()), faults),
        faults=faults,
        pictures=pictures(place),
        figures=_maybe(data / "figures.yaml", place, Figures(format_version=1), faults),
        wording=_maybe(data / "wording.yaml", place, Wording(format_version=1), faults),
        glossary=_maybe(data / "glossary.yaml", place, Glossary(format_version=1), faults),
    )


def _whole(found: dict[str, M | None]) -> dict[str, M]:
    return {name: value for name, value in found.items() if value is not None}


def lawful(parts: Parts, acts: dict[str, Act], sources: dict[str, Source], regimes: Regimes) -> Law:
    """Return the law of these acts, with all that was read beside them."""
    return Law(
        acts=acts,
        sources=sources,
        regimes=regimes,
        sanctions=parts.sanctions or SanctionTable(),
        crimes=parts.crimes.crimes if parts.crimes else (),
        handling=parts.handling or Handling(),
        calendars=_whole(parts.calendars),
        statistics=tuple(row for rows in parts.statistics.values() for row in rows),
        references=parts.references.root if parts.references else {},
    )


def load(place: Path | None = None) -> Content:
    """Load everything under `place` (default: `root()`).

    Raises ContentError with every fault of every file.
    """
    return built(gather(place or root()))


def built(parts: Parts) -> Content:
    """Return the content these parts make. Raises ContentError with their faults."""
    if parts.faults or parts.course is None or parts.sources is None or parts.regimes is None:
        raise ContentError(parts.faults)
    law = lawful(parts, _whole(parts.acts), parts.sources, parts.regimes)
    return Content(
        course=parts.course,
        law=law,
        quizzes=_whole(parts.quizzes),
        scenarios=_whole(parts.scenarios),
        pledges=_whole(parts.pledges),
        pictures=parts.pictures,
        figures=parts.figures or Figures(format_version=1),
        glossary=parts.glossary or Glossary(format_version=1),
    )


def pictures(place: Path) -> dict[str, str]:
    """Return the text of every picture of `data/pictures/` by its file name; `check` looks at them."""
    files = sorted((place / "data" / "pictures").glob("*.svg"))
    return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in files}


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


def _periods(value: BaseModel, above: str = "") -> Iterable[tuple[str, Period]]:
    """Yield the stretches of days that stand in the lists of a file, with their places."""
    for field in type(value).model_fields:
        entries = getattr(value, field)
        for number, one in enumerate(entries if isinstance(entries, tuple) else (), start=1):
            where = f"{above}{field} › {number}"
            if isinstance(one, Period):
                yield where, one
            elif isinstance(one, BaseModel):
                yield from _periods(one, f"{where} › ")


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


def _maybe(path: Path, place: Path, empty: M, faults: list[Fault]) -> M | None:
    """Read a file that may be missing."""
    return _one(path, place, type(empty), faults) if path.exists() else empty


def _table(path: Path, place: Path, faults: list[Fault]) -> list[Statistic]:
    """Read a statistics file; its sound lines, though others have faults."""
    name = path.relative_to(place).as_posix()
    try:
        lines = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    except UnicodeDecodeError:
        faults.append(Fault(file=name, message=_("bukan UTF-8. Simpan ulang sebagai UTF-8.")))
        return []
    if tuple(lines.fieldnames or ()) != tuple(Statistic.model_fields):
        told = _("baris 1: kolomnya harus {columns}. Betulkan kepala tabel.")
        columns = ", ".join(Statistic.model_fields)
        faults.append(Fault(file=name, message=told.format(columns=columns)))
        return []
    found: list[Statistic] = []
    for row in lines:
        where = _("baris {line}: ").format(line=lines.line_num)
        if None in row or None in row.values():
            told = _("jumlah kolomnya tidak cocok dengan kepala tabel. Betulkan tanda koma atau kutipnya.")
            faults.append(Fault(file=name, message=where + told))
            continue
        try:
            found.append(Statistic.model_validate(row))
        except ValidationError as error:
            faults += [Fault(file=name, message=where + text) for text in explain(error, row)]
    return found


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
