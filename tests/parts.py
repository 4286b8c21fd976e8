"""The toy course with every part there is: a module, a pledge, an exam behind a gate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from netralitas.reading import read_yaml

TOY = Path(__file__).parent / "course"
MODULE, PLEDGE, EXAM = "contoh-kuis", "contoh-ikrar", "contoh-ujian"
PARTS = (
    {"slug": PLEDGE, "title": "Ikrar contoh", "part": "pledge", "pledge": PLEDGE},
    {"slug": EXAM, "title": "Ujian contoh", "part": "exam", "pass_mark": 60, "quiz": "contoh-jenis"},
)


def laid(place: Path) -> Path:
    """Lay it down; return its folder."""
    shutil.copytree(TOY, place)
    course = place / "data" / "course.yaml"
    told = read_yaml(course, place)
    told["modules"] = [told["modules"][0], *(one | {"summary": "Untuk tes.", "minutes": 5} for one in PARTS)]
    course.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    book = json.loads((place / "modules" / "contoh-jenis.ipynb").read_text(encoding="utf-8"))
    (place / "modules" / "contoh-jenis.ipynb").unlink()
    for slug, kind, name in ((PLEDGE, "pledge", PLEDGE), (EXAM, "quiz", "contoh-jenis")):
        code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
        code[0]["source"], code[1]["source"] = [f"from netralitas import {kind}"], [f'{kind}("{name}")']
        (place / "modules" / f"{slug}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return place
