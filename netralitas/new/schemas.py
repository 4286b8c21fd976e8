"""JSON Schemas of the content files, for editors: derived from the models, committed under `data/schemas/`.

    Act, Scenario, Quiz, …  ──texts──►  rule.json, scenario.json, …  ──write──►  data/schemas/

A schema knows keys, types, closed lists and patterns; what holds between entries and files is told by
`netralitas check`. Names and docstrings of the models stay out: they are English and change often.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from netralitas.course import Course
from netralitas.figures import Figures
from netralitas.glossary import Glossary
from netralitas.law import Act, Regimes, Source
from netralitas.model import Period, Value
from netralitas.pledges import Pledge
from netralitas.quizzes import Quiz
from netralitas.scenarios import Scenario
from netralitas.wording import Wording


class SourceList(Value):
    """The whole of `data/sources.yaml`."""

    format_version: Literal[1]
    sources: tuple[Source, ...]


MODELS: Mapping[str, type[BaseModel]] = {
    "rule": Act,
    "scenario": Scenario,
    "quiz": Quiz,
    "pledge": Pledge,
    "course": Course,
    "sources": SourceList,
    "regimes": Regimes,
    "figures": Figures,
    "wording": Wording,
    "glossary": Glossary,
}
"""What each schema describes."""

FOLDER = "data/schemas"

# Draft 7 is what editors know best; the models need nothing newer.
_DRAFT = "http://json-schema.org/draft-07/schema#"
_PARTIAL = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_YEAR = {"type": "integer", "minimum": 1000, "maximum": 9999}


def texts() -> dict[str, str]:
    """Return the text of every schema by its file name."""
    return {
        f"{name}.json": json.dumps(_schema(model), ensure_ascii=False, indent=2) + "\n"
        for name, model in MODELS.items()
    }


def write(root: Path, *, check: bool) -> list[str]:
    """Write every schema into `data/schemas/`; return the paths that were not as derived.

    With `check` nothing is written, so that an empty list means: no drift.
    """
    stale: list[str] = []
    for name, text in texts().items():
        path = root / FOLDER / name
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        stale.append(f"{FOLDER}/{name}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    return stale


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = _bare(model.model_json_schema())
    dated = {one.__name__ for one in _below(Period)}
    for name, definition in found.get("$defs", {}).items():
        if name in dated:
            # A period takes a year without quotes too.
            definition["properties"]["start"] = {"anyOf": [_PARTIAL, _YEAR]}
            definition["properties"]["end"] = {"anyOf": [{"const": "open"}, _PARTIAL, _YEAR]}
    return {"$schema": _DRAFT} | found


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in model.__subclasses__():
        yield one
        yield from _below(one)


def _bare(node: Any) -> Any:
    """Return a schema without the models' English titles and descriptions; a key so named is a mapping."""
    if isinstance(node, dict):
        english = {key for key in ("title", "description") if isinstance(node.get(key), str)}
        return {key: _bare(value) for key, value in node.items() if key not in english}
    return [_bare(entry) for entry in node] if isinstance(node, list) else node
