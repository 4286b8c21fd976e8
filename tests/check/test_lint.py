"""What `netralitas check` warns of: one planted text per warning, and none where nothing is planted."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from netralitas.check import faults, warnings
from netralitas.content import gather

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "course"

LISTS = {
    "format_version": 1,
    "longest_sentence": 22,
    "avoid": [{"words": "dalam rangka", "instead": "«untuk»"}],
    "absolute": ["selalu"],
    "names": ["Partai Sungguhan"],
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of the toy course with lists of its own."""
    copied = Path(shutil.copytree(TOY, tmp_path / "isi"))
    (copied / "data/wording.yaml").write_text(yaml.safe_dump(LISTS), encoding="utf-8")
    return copied


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")


def in_quiz(place: Path, change: Callable[[dict[str, Any]], None]) -> None:
    changed(place / "quizzes/contoh-kuis.yaml", change)


def in_story(place: Path, change: Callable[[dict[str, Any]], None]) -> None:
    changed(place / "data/scenarios/contoh-cerita.yaml", change)


def prompt(text: str) -> Callable[[Path], None]:
    return lambda place: in_quiz(place, lambda raw: raw["questions"][0].update(prompt=text))


def options(*texts: str, key: str = "a", items: int = 1) -> Callable[[Path], None]:
    """Give the toy quiz single choice items with these options."""

    def change(raw: dict[str, Any]) -> None:
        first, *rest = raw["questions"]
        rows = [{"id": "abcd"[n], "text": text, "feedback": f"Umpan {n}."} for n, text in enumerate(texts)]
        copies = [first | {"id": f"p{n:02d}", "choices": rows, "key": [key]} for n in range(items)]
        raw["questions"] = [*copies, *rest]

    return lambda place: in_quiz(place, change)


def scene(**told: Any) -> Callable[[Path], None]:
    return lambda place: in_story(place, lambda raw: raw["scenes"][0].update(told))


def easy(place: Path) -> None:
    """Make every ending of the toy story the good one."""

    def change(raw: dict[str, Any]) -> None:
        for one in raw["scenes"]:
            for choice in one["choices"]:
                choice["next"] = choice["next"].replace("kurang", "baik")
        raw["endings"] = [one for one in raw["endings"] if one["id"] == "baik"]

    in_story(place, change)


def notebook(place: Path) -> None:
    path = next((place / "modules").glob("*.ipynb"))
    book = json.loads(path.read_text(encoding="utf-8"))
    book["cells"][0]["source"] = "Kegiatan ini dalam rangka netralitas."
    path.write_text(json.dumps(book), encoding="utf-8")


SAME = ("Menolak ajakan itu dengan sopan hari ini", "Menolak ajakan itu dengan sopan hari itu", "Diam")
PLANTED: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "long sentence": (prompt(f"Apakah {'kata ' * 25}ini?"), "quizzes/", "k01: kalimat 27 kata"),
    "words to avoid": (prompt("Ini dalam rangka apa?"), "quizzes/contoh-kuis.yaml", "hindari «dalam rangka»"),
    "words to avoid in a notebook": (notebook, "modules/", "sel 1: hindari «dalam rangka»"),
    "real name": (prompt("Siapa dari Partai Sungguhan?"), "quizzes/contoh-kuis.yaml", "nama sungguhan"),
    "key in one place": (options("Satu", "Dua", "Tiga", items=8), "quizzes/", "berada di tempat ke-1"),
    "longest is the key": (
        options("Pilihan terpanjang", "Dua", "Tiga", items=8), "quizzes/", "terpanjang adalah kunci di 8",
    ),
    "options alike": (options(*SAME), "quizzes/", "soal p00: pilihan a dan b hampir sama"),
    "absolute word": (options("Selalu", "Kadang", "Jarang"), "quizzes/", "soal p00, pilihan a: kata mutlak"),
    "long scene": (
        scene(narration=["Kata pendek saja di sini. " * 13]), "data/scenarios/", "adegan s1: 68 kata",
    ),
    "choices alike": (
        lambda place: in_story(
            place,
            lambda raw: [
                choice.update(text=text)
                for choice, text in zip(raw["scenes"][0]["choices"], SAME, strict=False)
            ],
        ),
        "data/scenarios/",
        "adegan s1: pilihan a dan b hampir sama",
    ),
    "a bot plays well": (easy, "data/scenarios/", "bot «menebak» mencapai 1, ahlinya 1"),
    "one pair named too often": (
        lambda place: in_quiz(
            place,
            lambda raw: [
                one.update(explanation="Paslon 2. " * 6) or one.update(prompt="Paslon 1 dan Paslon 3?")
                for one in raw["questions"]
            ],
        ),
        "data/scenarios",
        "pasangan nomor 2 disebut 18 dari 24 kali",
    ),
}  # fmt: skip


def test_nothing_is_warned_of_in_the_toy_course(place: Path) -> None:
    assert [*map(str, warnings(gather(place)))] == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_text_is_warned_of_and_no_fault(place: Path, name: str) -> None:
    plant, file, words = PLANTED[name]
    plant(place)
    assert faults(gather(place)) == []
    found = [one for one in warnings(gather(place)) if words in one.message]
    assert found, [*map(str, warnings(gather(place)))]
    assert all(one.file.startswith(file) and one.message.endswith(".") for one in found)


def test_every_warning_is_planted_once(tmp_path: Path) -> None:
    told: list[str] = []
    for number, (plant, _file, _words) in enumerate(PLANTED.values()):
        copied = Path(shutil.copytree(TOY, tmp_path / f"{number}"))
        (copied / "data/wording.yaml").write_text(yaml.safe_dump(LISTS), encoding="utf-8")
        plant(copied)
        told += [one.message for one in warnings(gather(copied))]
    tree = ast.parse((ROOT / "netralitas/check/lint.py").read_text(encoding="utf-8"))
    texts = [
        ast.literal_eval(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
    ]
    whole = [text for text in texts if text.endswith(".")]
    assert len(whole) == 11
    for text in whole:
        pattern = ".*".join(re.escape(part) for part in re.split(r"\{[^}]*\}", text))
        assert any(re.search(pattern, one, re.DOTALL) for one in told), text


def test_the_course_itself_has_no_warning() -> None:
    assert [*map(str, warnings(gather(ROOT)))] == []
