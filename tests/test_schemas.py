"""The schemas of the content files: what loads is valid, what editors should mark is not, and none drifts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from netralitas.new import skeleton
from netralitas.new.schemas import FOLDER, MODELS, texts, write
from netralitas.reading import read_yaml

ROOT = Path(__file__).parents[1]
FILES = {
    "rule": "data/rules/*.yaml",
    "scenario": "data/scenarios/*.yaml",
    "quiz": "quizzes/*.yaml",
    "pledge": "data/pledges/*.yaml",
    "course": "data/course.yaml",
    "sources": "data/sources.yaml",
    "regimes": "data/regimes.yaml",
    "figures": "data/figures.yaml",
    "wording": "data/wording.yaml",
    "glossary": "data/glossary.yaml",
}
CONTENT = [
    pytest.param(kind, place, path, id=path.relative_to(ROOT).as_posix())
    for place in (ROOT, ROOT / "tests" / "course")
    for kind, pattern in FILES.items()
    for path in sorted(place.glob(pattern))
]
each = pytest.mark.parametrize("kind", MODELS)


def as_editors_read(node: Any) -> Any:
    """YAML as editors read it: a day is a text."""
    if isinstance(node, dict):
        return {key: as_editors_read(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_editors_read(entry) for entry in node]
    return node.isoformat() if isinstance(node, date) else node


def wrong(kind: str, value: Any) -> list[str]:
    schema = json.loads(texts()[f"{kind}.json"])
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft7Validator(schema, format_checker=FormatChecker()).iter_errors(value)
    ]


def read(path: Path) -> Any:
    return as_editors_read(read_yaml(path, ROOT))


def test_every_kind_of_file_has_content_to_be_tried_on() -> None:
    assert {param.values[0] for param in CONTENT} == set(MODELS)


@pytest.mark.parametrize(("kind", "place", "path"), CONTENT)
def test_all_content_is_valid(kind: str, place: Path, path: Path) -> None:
    assert wrong(kind, read(path)) == []


@each
def test_a_schema_is_one_and_holds_no_english(kind: str) -> None:
    schema = json.loads(texts()[f"{kind}.json"])
    Draft7Validator.check_schema(schema)

    def check(node: Any) -> None:
        if isinstance(node, dict):
            assert not [key for key in ("title", "description") if isinstance(node.get(key), str)]
            for value in node.values():
                check(value)

    check(schema)


@each
def test_unknown_and_missing_keys_are_marked(kind: str) -> None:
    path = next((ROOT / "tests" / "course").glob(FILES[kind]))
    value = read(path)
    assert len(wrong(kind, value | {"kunci_asing": 1})) == 1
    first = next(iter(value))
    assert len(wrong(kind, {key: entry for key, entry in value.items() if key != first})) == 1


@pytest.mark.parametrize(
    ("start", "sound"),
    [
        ("2022", True),
        (2022, True),
        ("2022-09", True),
        ("2022-09-22", True),
        ("22-09-2022", False),
        ("", False),
    ],
)
def test_a_period_starts_with_a_partial_date(start: object, sound: bool) -> None:
    value = read(ROOT / "tests/course/data/rules/contoh-larangan.yaml")
    value["versions"][0]["start"] = start
    assert (wrong("rule", value) == []) == sound


@pytest.mark.parametrize("end", ["open", "2024", 2024, "2024-12-31"])
def test_a_period_ends_or_is_open(end: object) -> None:
    value = read(ROOT / "tests/course/data/rules/contoh-larangan.yaml")
    value["versions"][0]["end"] = end
    assert wrong("rule", value) == []


@pytest.mark.parametrize("kind", ["rule", "scenario", "quiz"])
def test_the_blanks_of_a_skeleton_are_marked_in_the_editor(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "uji.yaml"
    path.write_text(skeleton(kind, "uji"), encoding="utf-8")
    told = wrong(kind, as_editors_read(read_yaml(path, tmp_path)))
    assert told
    assert not [line for line in told if "Additional properties" in line]


def test_the_committed_schemas_are_those_derived() -> None:
    assert write(ROOT, check=True) == []
    assert {path.name for path in (ROOT / FOLDER).iterdir()} == set(texts())


def test_write_mends_drift_and_check_only_tells(tmp_path: Path) -> None:
    names = [f"{FOLDER}/{name}" for name in texts()]
    assert write(tmp_path, check=True) == names
    assert not (tmp_path / FOLDER).exists()
    assert write(tmp_path, check=False) == names
    assert write(tmp_path, check=True) == []
    (tmp_path / names[0]).write_text("{}", encoding="utf-8")
    assert write(tmp_path, check=True) == names[:1]
