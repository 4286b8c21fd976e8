"""The toy course with every part there is: a pre-test, a module, a pledge, an exam behind a gate."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from netralitas.reading import read_yaml

TOY = Path(__file__).parent / "course"
BEFORE, MODULE, PLEDGE, EXAM = "contoh-awal", "contoh-kuis", "contoh-ikrar", "contoh-ujian"
PRETEST: dict[str, Any] = {
    "slug": BEFORE, "title": "Tes awal contoh", "part": "pretest", "pass_mark": 0, "required": False,
    "quiz": BEFORE,
}  # fmt: skip
PROMISE: dict[str, Any] = {"slug": PLEDGE, "title": "Halaman ikrar", "part": "pledge", "pledge": PLEDGE}
FINAL: dict[str, Any] = {
    "slug": EXAM, "title": "Ujian contoh", "part": "exam", "pass_mark": 60, "quiz": "contoh-jenis",
}  # fmt: skip
SAT_ONCE = {"title": "Soal tes awal", "feedback": "none", "counts": "first", "attempts": 1}


def laid(place: Path) -> Path:
    """Lay it down; return its folder."""
    shutil.copytree(TOY, place)
    course = place / "data" / "course.yaml"
    told = read_yaml(course, place)
    more = [one | {"summary": "Untuk tes.", "minutes": 5} for one in (PRETEST, PROMISE, FINAL)]
    told["modules"] = [more[0], told["modules"][0], *more[1:]]
    _written(course, told)
    quiz = read_yaml(place / "quizzes" / "contoh-kuis.yaml", place)
    _written(place / "quizzes" / f"{BEFORE}.yaml", quiz | {"id": BEFORE} | SAT_ONCE)
    book = json.loads((place / "modules" / "contoh-jenis.ipynb").read_text(encoding="utf-8"))
    (place / "modules" / "contoh-jenis.ipynb").unlink()
    for part in more:
        kind = "pledge" if "pledge" in part else "quiz"
        for cell, text in zip(
            book["cells"],
            (f"# {part['title']}", f"from netralitas import {kind}", f'{kind}("{part[kind]}")'),
            strict=True,
        ):
            cell["source"] = [text]
        (place / "modules" / f"{part['slug']}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return place


def renew(place: Path) -> None:
    """Have a new version of the rule ask for the pledge again."""
    course = place / "data" / "course.yaml"
    told = read_yaml(course, place)
    rule = told["completion"]
    _written(
        course,
        told
        | {
            "completion": rule
            | {
                "version": "2",
                "start": date(2026, 1, 2),
                "renews": [PLEDGE],
                "because": "Pilkada berikutnya dimulai.",
                "earlier": [{"version": rule["version"], "start": rule["start"]}],
            }
        },
    )


def _written(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
