"""A skeleton is what its model asks for: every key known and shown, every blank named by the check."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from netralitas import conditions, forms, items, law, model, scenarios
from netralitas.check import faults
from netralitas.content import gather
from netralitas.new import KINDS, NewError, skeleton, write

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "course"
MODELS: dict[str, list[type[BaseModel]]] = {
    "rule": [law.Act, law.Version, law.ActRuling, law.Finding, law.Citation],
    "scenario": [
        scenarios.Scenario,
        scenarios.Scene,
        scenarios.Speaker,
        scenarios.ScenarioChoice,
        scenarios.Ending,
        scenarios.Passage,
        scenarios.Picture,
        scenarios.Branch,
        scenarios.RateScene,
        scenarios.Action,
        scenarios.Outcome,
        conditions.Variable,
    ],
    "quiz": [forms.Quiz, forms.Draw, *items.KINDS, items.Choice, items.Row, items.Column, items.Criterion],
}
WORDS: dict[str, list[Any]] = {
    "rule": [
        law.Target,
        law.Stage,
        law.Channel,
        law.Actor,
        law.Confidence,
        law.Verdict,
        law.Track,
        law.Level,
        model.Status,
    ],
    "scenario": [scenarios.Tone, model.Status],
    "quiz": [items.Kind, items.Depth, model.Certainty, forms.Feedback, forms.Counts, model.Status],
}
FILLED: dict[str, dict[str, Any]] = {
    "rule": {
        "title": "Judul",
        "summary": "Ringkasan",
        "target": "calon",
        "stage": "kampanye",
        "channel": "medsos",
        "start": "2022-01-01",
        "actors": "pns",
        "verdict": "dilarang",
        "track": "disiplin",
        "level": "berat",
        "source": "pp-contoh",
        "confidence": "strong",
    },
    "scenario": {
        "date": "2024-10-01",
        "role": "guru",
        "stage": "kampanye",
        "causes": "dianggap_lumrah",
        "skills": "menolak",
        "rules": "contoh-larangan",
    },
    "quiz": {
        "depth": "ingat",
        "key": ["a"],
        "rules": "contoh-larangan",
        "on": "2024-10-01",
        "claims": "act",
    },
}
"""What a blank is filled with, by its key; every other with a word."""

each = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "isi"))


def blanks(node: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the place of everything empty, as `netralitas check` names places."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key != "references":
                yield from blanks(value, (*where, key))
    elif isinstance(node, list):
        if not node:
            yield where
        for number, value in enumerate(node, start=1):
            name = value.get("id") if isinstance(value, dict) else None
            yield from blanks(value, (*where, name or str(number)))
    elif node == "":
        yield where


def asked(kind: str) -> set[str]:
    """Every place of a skeleton that is still to be filled in."""
    text = skeleton(kind, "uji")
    found = {" › ".join(where) for where in blanks(yaml.safe_load(text))}
    return found | ({"versions › 1 › start"} if kind == "rule" else set())


def filled(kind: str, text: str) -> Any:
    """A skeleton filled in by a diligent author."""

    def fill(node: Any, where: tuple[str, ...]) -> Any:
        if isinstance(node, dict):
            return {key: fill(value, (*where, key)) for key, value in node.items()}
        key = next(part for part in reversed(where) if not part.isdigit())
        if isinstance(node, list) and node:
            return [fill(value, (*where, str(number))) for number, value in enumerate(node, start=1)]
        if node not in ("", []) or key == "references":
            return node
        return FILLED[kind].get(key, "Isi")

    return fill(yaml.safe_load(re.sub(r"# (start:)", r"\1", text)), ())


@each
class TestSkeleton:
    def test_every_key_is_known_and_every_key_of_the_models_is_shown(self, kind: str) -> None:
        text = skeleton(kind, "uji")
        key = r'(?:- )?"?([a-z_]+)"?:(?: |$)'
        known = {name for model in MODELS[kind] for name in model.model_fields}
        assert known - set(re.findall(rf"^ *(?:# *)?{key}", text, re.MULTILINE)) == set()
        assert set(re.findall(rf"^ *{key}", text, re.MULTILINE)) - known == set()

    def test_every_word_of_a_closed_list_is_offered(self, kind: str) -> None:
        text = skeleton(kind, "uji")
        words = {word for values in WORDS[kind] for word in get_args(values)}
        assert {word for word in words if not re.search(rf"\b{word}\b", text)} == set()

    def test_the_check_names_exactly_what_is_to_be_filled_in(self, kind: str, place: Path) -> None:
        name = write(place, kind, "uji")
        told = faults(gather(place))
        assert {fault.file for fault in told} == {name}
        places = [fault.message.partition(": ")[0] for fault in told]
        assert sorted(places) == sorted(asked(kind))

    def test_filled_in_it_is_sound(self, kind: str, place: Path) -> None:
        path = place / write(place, kind, "uji")
        value = filled(kind, path.read_text(encoding="utf-8"))
        path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
        assert [str(fault) for fault in faults(gather(place))] == []

    def test_it_begins_as_a_draft(self, kind: str) -> None:
        assert yaml.safe_load(skeleton(kind, "uji"))["status"] == "draf"

    def test_the_first_line_leads_to_the_schema(self, kind: str) -> None:
        first = skeleton(kind, "uji").partition("\n")[0]
        relative = first.removeprefix("# yaml-language-server: $schema=")
        assert (ROOT / KINDS[kind].folder / relative).resolve() == ROOT / "data" / "schemas" / f"{kind}.json"
        assert (ROOT / KINDS[kind].folder / relative).is_file()

    def test_the_id_is_the_slug_and_nothing_else_is_left_to_replace(self, kind: str) -> None:
        text = skeleton(kind, "nama-baru")
        assert yaml.safe_load(text)["id"] == "nama-baru"
        assert "SLUG" not in text

    def test_comments_are_no_longer_than_a_line_of_the_house(self, kind: str) -> None:
        assert max(map(len, skeleton(kind, "uji").splitlines())) <= 120

    def test_an_existing_file_stays(self, kind: str, place: Path) -> None:
        path = place / write(place, kind, "uji")
        path.write_text("milik saya", encoding="utf-8")
        with pytest.raises(NewError, match="sudah ada"):
            write(place, kind, "uji")
        assert path.read_text(encoding="utf-8") == "milik saya"

    @pytest.mark.parametrize("slug", ["", "Besar", "dua kata", "../keluar", "a_b", "-a", "a" * 81, "a/b"])
    def test_a_slug_that_is_none_writes_nothing(self, kind: str, slug: str, place: Path) -> None:
        before = sorted(place.rglob("*"))
        with pytest.raises(NewError, match="tidak dapat menjadi id"):
            write(place, kind, slug)
        assert sorted(place.rglob("*")) == before

    def test_an_id_given_up_is_not_begun_again(self, kind: str, place: Path) -> None:
        gone = f"× {KINDS[kind].prefix}/uji\n"
        (place / "data" / "ids.txt").write_text(gone, encoding="utf-8")
        with pytest.raises(NewError, match="pernah dipakai"):
            write(place, kind, "uji")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        skeleton("modul", "uji")


def test_every_skeleton_has_a_kind() -> None:
    files = (ROOT / "netralitas" / "new").glob("*.yaml")
    assert {path.stem for path in files} == set(KINDS)
