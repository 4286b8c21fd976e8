"""The module the servers are compared on: the real one, with what every one of them can show.

Solara's copy of the module knows questions with choices and stories whose every scene is a choice. So the
course is laid down once per run with MODULE alone, its items of other kinds and its stories with ratings
left out.

    COURSE   its folder, under build/
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from netralitas import content
from netralitas.reading import read_yaml
from netralitas.scenarios import RateScene
from tests.site import MODULE, one_module

PLACE = Path(__file__).parents[1] / "build" / "bench-course"
CHOICES = {"single_choice", "multiple_choice", "true_false"}


def laid(place: Path = PLACE) -> Path:
    """Lay the course down anew; return its folder."""
    shutil.rmtree(place, ignore_errors=True)
    one_module(place)
    known = content.load(place)
    told = [
        slug
        for slug in known.course.module(MODULE).scenarios
        if not any(isinstance(scene, RateScene) or scene.certainty for scene in known.scenarios[slug].scenes)
    ]
    course = place / "data" / "course.yaml"
    raw = read_yaml(course, place)
    raw["modules"][0]["scenarios"] = told
    course.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for slug in {*known.scenarios} - {*told}:
        (place / "data" / "scenarios" / f"{slug}.yaml").unlink()
    quiz = place / "quizzes" / f"{MODULE}.yaml"
    raw = read_yaml(quiz, place)
    raw.pop("draw", None)
    raw["questions"] = [one for one in raw["questions"] if one["kind"] in CHOICES]
    quiz.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    notebook = place / "modules" / f"{MODULE}.ipynb"
    book = json.loads(notebook.read_text(encoding="utf-8"))
    calls = {f'scenario("{slug}")' for slug in told}
    book["cells"] = [
        cell
        for cell in book["cells"]
        if not "".join(cell["source"]).startswith("scenario(") or "".join(cell["source"]) in calls
    ]
    notebook.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    return place


COURSE = laid()
