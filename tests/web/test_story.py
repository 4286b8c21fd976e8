"""A story with memory through a real server: forged frames are refused, recorded, and change nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_story import STORY, with_story
from tests.site import NETRALITAS, Client, Site, learner_of

pytestmark = pytest.mark.slow
MODULE, ROOT = "contoh-kuis", f"scenario/{STORY}"
SURE = {"certainty": "yakin"}
RATED = {"kind": "rate", "scene": "s3", "ratings": {"a": 4, "b": 1, "c": 2, "d": 3}, **SURE}
FORGED: list[dict[str, Any]] = [
    {"kind": "choose", "scene": "s3", "choice": "a", **SURE},
    {"kind": "choose", "scene": "s1", "choice": "a"},
    {"kind": "choose", "scene": "s4", "choice": "a"},
    {"kind": "choose", "scene": "s3", "choice": "z", **SURE},
    {"kind": "choose", "scene": "s3", "choice": 1},
    RATED | {"ratings": {"a": 4}},
    RATED | {"ratings": {"a": 4, "b": 1, "c": 2, "z": 3}},
    RATED | {"ratings": {"a": "4", "b": 1, "c": 2, "d": 3}},
    RATED | {"ratings": {"a": 9, "b": 1, "c": 2, "d": 3}},
    RATED | {"certainty": "pasti"},
    RATED | {"certainty": None},
    RATED | {"score": 1.0},
    {"kind": "rated", "scene": "s3", "ratings": RATED["ratings"]},
]


def test_forged_frames_change_nothing_and_a_story_is_counted_by_its_flow(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    place = with_story(tmp_path / "isi")
    site = start(content=place)
    nip = site.people(1)[0]
    tab = Client(site, nip).channel(MODULE)
    # The condition of this choice does not hold: the learner did not refuse the evening before.
    tab.do(ROOT, {"kind": "open"})
    tab.do(ROOT, {"kind": "choose", "scene": "s1", "choice": "b"})
    assert tab.do(ROOT, {"kind": "choose", "scene": "s2", "choice": "d", **SURE})["kind"] == "refused"
    tab.do(ROOT, {"kind": "choose", "scene": "s2", "choice": "b", **SURE})
    before = tab.view(ROOT)
    assert before["scene"]["id"] == "s3"
    for message in FORGED:
        assert tab.do(ROOT, message)["kind"] == "refused", message
        assert tab.view(ROOT) == before
    assert tab.do(ROOT, RATED)["kind"] == "receipt"
    assert tab.view(ROOT)["scene"]["id"] == "s4"
    assert tab.do(ROOT, RATED)["kind"] == "refused"
    tab.close()
    with site.store() as store:
        events = store.events_of(learner_of(store, nip))
        verbs = [event.verb for event in events]
        assert verbs.count("refused") == len(FORGED) + 2
        assert [verb for verb in verbs if verb != "refused"] == ["opened", "chose", "chose", "rated"]
        assert all(set(event.result) == {"reason"} for event in events if event.verb == "refused")
        assert [event for own in store.events_on(ROOT) for event in own] == events
    picture = tmp_path / "alur.svg"
    done = subprocess.run(
        [NETRALITAS, "flow", STORY, "--all", "--out", str(picture), "--json"],
        env=site.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["learners"], told["runs"], told["ended"]) == (1, 1, 0)
    assert picture.read_text(encoding="utf-8").startswith("<svg")
