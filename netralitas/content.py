"""Content: `data/`, `quizzes/` and `modules/` become the objects of the pure rooms.

    root()  ──►  load(root)  ──►  Content   (or ContentError with every fault at once)

`root()` knows a checkout, an installed wheel (`netralitas/_content`) and NETRALITAS_CONTENT. A loader
refuses unknown and duplicate keys; a fault names file, place, what is wrong and what to do. Nothing
here writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .course import Course
from .i18n import _, day
from .model import Value
from .quizzes import Quiz
from .rules import Act, Law, Regimes, Source, rule
from .scenarios import Scenario

M = TypeVar("M", bound=BaseModel)


class Fault(Value):
    """One thing wrong in a content file, with its remedy inside `message` (Indonesian)."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.message}" if self.message else self.file


class ContentError(Exception):
    """Raised when content cannot be loaded; holds every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


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
    named = [f"{law.sources[basis.source].name} {basis.article}" for basis in answer.basis]
    return [
        {
            "act": found.title,
            "text": "; ".join(named),
            "since": day(version.first) if version else "",
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


def load(place: Path | None = None) -> Content:
    """Load everything under `place` (default: `root()`).

    Raises ContentError with every fault of every file.
    """
    place = place or root()
    faults: list[Fault] = []
    data = place / "data"
    course = _one(data / "course.yaml", place, Course, faults)
    sources = _sources(data / "sources.yaml", place, faults)
    regimes = _one(data / "regimes.yaml", place, Regimes, faults)
    acts = _folder(data / "rules", place, Act, faults)
    scenarios = _folder(data / "scenarios", place, Scenario, faults)
    quizzes = _folder(place / "quizzes", place, Quiz, faults)
    if faults or course is None or regimes is None:
        raise ContentError(faults)
    law = Law(acts=acts, sources=sources, regimes=regimes)
    return Content(course=course, law=law, quizzes=quizzes, scenarios=scenarios)


@cache
def current() -> Content:
    """Return the content of this process's root, loaded once. Raises ContentError."""
    return load(root())


def law() -> Law:
    """Return the law of this process's content."""
    return current().law


class _UniqueKeys(yaml.CSafeLoader):
    """A safe loader that refuses a key written twice and reads only `true` and `false` as booleans.

    YAML 1.1 would make a boolean of the key `on` and of choices `y` and `n`.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in entries if tag != "tag:yaml.org,2002:bool"]
        for letter, entries in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"baris {line}: kunci '{key}' ditulis dua kali. Hapus salah satunya.",
                key_node.start_mark,
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_UniqueKeys.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, place: Path) -> Any:
    """Return the content of a YAML file. Raises ContentError with one fault, named from `place`."""
    name = path.relative_to(place).as_posix()
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506  (a SafeLoader)
    except FileNotFoundError:
        fault = _("berkas tidak ada. Buat berkas itu atau betulkan namanya.")
    except UnicodeDecodeError:
        fault = _("bukan UTF-8. Simpan ulang sebagai UTF-8.")
    except yaml.constructor.ConstructorError as error:
        fault = str(error.problem)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        fault = _("baris {line}: YAML tidak terbaca ({problem}). Periksa lekukan dan tanda kutip.").format(
            line=line, problem=getattr(error, "problem", None) or error
        )
    raise ContentError([Fault(file=name, message=fault)]) from None


def _one(path: Path, place: Path, model: type[M], faults: list[Fault]) -> M | None:
    name = path.relative_to(place).as_posix()
    try:
        raw = read_yaml(path, place)
        return model.model_validate(raw)
    except ContentError as error:
        faults += error.faults
    except ValidationError as error:
        faults += [Fault(file=name, message=text) for text in explain(error, raw)]
    return None


def _folder(folder: Path, place: Path, model: type[M], faults: list[Fault]) -> dict[str, M]:
    found: dict[str, M] = {}
    for path in sorted(folder.glob("*.yaml")):
        value = _one(path, place, model, faults)
        if value is None:
            continue
        if value.id != path.stem:  # type: ignore[attr-defined]
            name = path.relative_to(place).as_posix()
            faults.append(Fault(file=name, message=_("id tidak sama dengan nama berkas. Samakan keduanya.")))
        found[path.stem] = value
    return found


def _sources(path: Path, place: Path, faults: list[Fault]) -> dict[str, Source]:
    class Sources(Value):
        format_version: int
        sources: tuple[Source, ...]

    loaded = _one(path, place, Sources, faults)
    return {source.id: source for source in loaded.sources} if loaded else {}


_REMEDIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "extra_forbidden": lambda _e: _("kunci ini tidak dikenal. Hapus atau betulkan ejaannya."),
    "missing": lambda _e: _("wajib diisi. Tambahkan."),
    "literal_error": lambda e: _("nilai '{input}' tidak dikenal. Pilih salah satu: {expected}.").format(
        input=e["input"], expected=e["ctx"]["expected"]
    ),
    "string_pattern_mismatch": lambda e: _("nilai '{input}' tidak sesuai pola {pattern}. Betulkan.").format(
        input=e["input"], pattern=e["ctx"]["pattern"]
    ),
    "string_type": lambda _e: _("harus berupa teks. Beri tanda kutip."),
    "value_error": lambda e: str(e["ctx"]["error"]),
}


def explain(error: ValidationError, raw: Any) -> Iterable[str]:
    """Return one Indonesian sentence for each thing a model refused, with its place in the file."""
    for row in error.errors():
        remedy = _REMEDIES.get(row["type"])
        told = (
            remedy(dict(row))
            if remedy
            else _("isi tidak sah ({detail}). Betulkan.").format(detail=row["msg"])
        )
        where = _place(row["loc"], raw)
        yield f"{where}: {told}" if where else told


def _place(loc: tuple[int | str, ...], raw: Any) -> str:
    """Return `questions k07 › key` rather than `questions 6 key`: an author knows ids, not numbers."""
    parts: list[str] = []
    here = raw
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        name = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
        if name:
            parts.append(str(name))
        else:
            parts.append(str(step + 1) if isinstance(step, int) else step)
    return " › ".join(parts)
