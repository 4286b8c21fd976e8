"""Content: `data/`, `quizzes/` and `modules/` become the objects of the pure rooms.

    root()  ──►  gather(root)  ──►  Parts: what could be read, and every fault
                 load(root)    ──►  Content   (or ContentError with those faults)

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
from typing import Any, Literal, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .course import Course
from .i18n import _, day
from .model import Period, Value, first_day, last_day
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


class _UniqueKeys(yaml.CSafeLoader):
    """A safe loader that refuses a key written twice and reads only `true` and `false` as booleans.

    YAML 1.1 would make a boolean of the key `on` and of choices `y` and `n`.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in entries if tag != "tag:yaml.org,2002:bool"]
        for letter, entries in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


class _RefusedNodeError(yaml.YAMLError):
    """Raised at a node of sound YAML that has no place in a content file; the text is the whole fault."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _value in node.value:
        line = key_node.start_mark.line + 1
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            # What `{{ name }}` comes to.
            told = _("baris {line}: kunci bukan teks. Beri tanda kutip pada isi yang memuat kurung.")
            raise _RefusedNodeError(told.format(line=line))
        if key in seen:
            told = _("baris {line}: kunci '{key}' ditulis dua kali. Hapus salah satunya.")
            raise _RefusedNodeError(told.format(line=line, key=key))
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


def _timestamp(loader: _UniqueKeys, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        told = _("baris {line}: '{text}' tidak ada di kalender. Betulkan tanggalnya.")
        raise _RefusedNodeError(told.format(line=node.start_mark.line + 1, text=node.value)) from None


_UniqueKeys.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_UniqueKeys.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def read_yaml(path: Path, place: Path) -> Any:
    """Return the content of a YAML file. Raises ContentError with one fault, named from `place`."""
    name = path.relative_to(place).as_posix()
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506  (a SafeLoader)
    except FileNotFoundError:
        fault = _("berkas tidak ada. Buat berkas itu atau betulkan namanya.")
    except UnicodeDecodeError:
        fault = _("bukan UTF-8. Simpan ulang sebagai UTF-8.")
    except OSError:
        fault = _("berkas tidak terbaca. Periksa jenis dan izinnya.")
    except _RefusedNodeError as error:
        fault = str(error)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = _("baris {line}: ").format(line=mark.line + 1) if mark else ""
        fault = where + _("YAML tidak terbaca ({problem}). Periksa lekukan dan tanda kutip.").format(
            problem=getattr(error, "problem", None) or getattr(error, "reason", None) or error
        )
    raise ContentError([Fault(file=name, message=fault)]) from None


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


def _sentence(error: dict[str, Any]) -> str:
    """Return what a model of ours said, with a next step where it named none."""
    told = str(error["ctx"]["error"])
    return told if told.endswith(".") else _("{told}. Betulkan.").format(told=told)


def _few(error: dict[str, Any]) -> str:
    ctx = error["ctx"]
    return _("berisi {actual}, paling sedikit {least}. Tambahkan.").format(
        actual=ctx["actual_length"], least=ctx["min_length"]
    )


def _many(error: dict[str, Any]) -> str:
    ctx = error["ctx"]
    return _("berisi {actual}, paling banyak {most}. Kurangi.").format(
        actual=ctx["actual_length"], most=ctx["max_length"]
    )


_REMEDIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "extra_forbidden": lambda _e: _("kunci ini tidak dikenal. Hapus atau betulkan ejaannya."),
    "missing": lambda _e: _("wajib diisi. Tambahkan."),
    "literal_error": lambda e: _("nilai '{input}' tidak dikenal. Pilih salah satu: {expected}.").format(
        input=e["input"], expected=e["ctx"]["expected"].replace(" or ", _(" atau "))
    ),
    "string_pattern_mismatch": lambda e: _("nilai '{input}' tidak sesuai pola {pattern}. Betulkan.").format(
        input=e["input"], pattern=e["ctx"]["pattern"]
    ),
    "string_type": lambda _e: _("harus berupa teks. Beri tanda kutip."),
    "string_too_short": lambda _e: _("kosong. Isi."),
    "string_too_long": lambda e: _("lebih dari {most} huruf. Pendekkan.").format(most=e["ctx"]["max_length"]),
    "too_short": _few,
    "too_long": _many,
    "tuple_type": lambda _e: _("harus berupa daftar. Tulis di antara [ dan ], atau satu baris '-' tiap isi."),
    "model_type": lambda _e: _("harus berupa pasangan 'kunci: nilai'. Betulkan isinya."),
    "bool_type": lambda _e: _("harus true atau false. Betulkan."),
    "bool_parsing": lambda _e: _("harus true atau false. Betulkan."),
    "int_type": lambda _e: _("harus berupa bilangan bulat. Betulkan."),
    "int_parsing": lambda _e: _("harus berupa bilangan bulat. Betulkan."),
    "greater_than": lambda e: _("harus lebih dari {least}. Betulkan.").format(least=e["ctx"]["gt"]),
    "greater_than_equal": lambda e: _("paling kecil {least}. Betulkan.").format(least=e["ctx"]["ge"]),
    "less_than_equal": lambda e: _("paling besar {most}. Betulkan.").format(most=e["ctx"]["le"]),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        lambda _e: _("harus berupa tanggal YYYY-MM-DD. Betulkan."),
    ),
    "value_error": _sentence,
}


def explain(error: ValidationError, raw: Any) -> Iterable[str]:
    """Return one Indonesian sentence for each thing a model refused, with its place in the file."""
    rows = error.errors()
    for row in rows:
        # An entry that was refused is not missing as well.
        if row["type"] == "too_short" and any(_inside(other["loc"], row["loc"]) for other in rows):
            continue
        remedy = _REMEDIES.get(row["type"])
        told = (
            remedy(dict(row))
            if remedy
            else _("isi tidak sah ({detail}). Betulkan.").format(detail=row["msg"])
        )
        where = _place(row["loc"], raw)
        # A model's own sentence says its place already: «soal k07: …».
        last = where.rpartition(" › ")[2]
        said = row["type"] == "value_error" and last in re.split("[ ,:]", told) and not last.isdigit()
        yield f"{where}: {told}" if where and not said else told


def _inside(loc: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def _place(loc: tuple[int | str, ...], raw: Any) -> str:
    """Return `questions k07 › key` rather than `questions 6 key`: an author knows ids, not numbers."""
    parts: list[str] = []
    here = raw
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        entry = here if isinstance(step, int) and isinstance(here, dict) else {}
        name = entry.get("id") or entry.get("slug")
        if name:
            parts.append(str(name))
        else:
            parts.append(str(step + 1) if isinstance(step, int) else step)
    return " › ".join(parts)
