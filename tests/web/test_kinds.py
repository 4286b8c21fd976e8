"""Forged answers of every kind, limits and forms, on a real server: refused, recorded, nothing scored."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from netralitas import content
from netralitas.forms import form
from netralitas.scoring import key_reply
from tests.site import Channel, Client, Site, learner_of
from tests.web.conftest import TOY

pytestmark = pytest.mark.slow
SLUG = "contoh-jenis"
ROOT = f"quiz/{SLUG}"
QUIZ = content.load(TOY).quizzes[SLUG]
FORGED: dict[str, list[Any]] = {
    "j01": [["b", "b"], ["b", "c"], ["z"], {"a": "1"}, "b", [], 1, None],
    "j02": [["a", "a"], ["a", "z"], "a", {"a": "b"}, list("abcdefghi")],
    "j03": [["a", "b"], "a", True],
    "j04": [{"a": "3"}, {"a": "3", "b": "2", "c": "9"}, {"a": "3", "b": "2", "c": 1}, ["a", "b"], "a"],
    "j05": [["b", "c", "d"], ["b", "b", "d", "a"], ["b", "c", "d", "a", "e"], {"a": "1"}],
    "j06": [{"a": "tidak", "b": "boleh", "c": "boleh", "d": "lain"}, dict.fromkeys("abcdefghijklm", "boleh")],
    "j07": ["banyak", "1588 rupiah", "", 1588, ["1"], "1" * 2001],
    "j08": ["...", "a" * 121, "a\x00b", ["a"], {"a": "b"}],
    "j09": [{"a": "1", "b": "4", "c": "5"}, {"a": "1", "b": "4", "c": "2", "d": "1"}, "1"],
    "j10": ["Tulisan."],
}


def sure(item: str) -> dict[str, str]:
    return {"certainty": "yakin"} if QUIZ.question(item).certainty else {}


def paced(tab: Channel, message: dict[str, Any]) -> dict[str, Any]:
    """Send and wait for the word; more than twenty messages a second would be refused unread."""
    time.sleep(0.06)
    return tab.do(ROOT, message)


def toy(tmp_path: Path, **fields: Any) -> Path:
    """The toy course with its quiz of all kinds sat in another way."""
    place = Path(shutil.copytree(TOY, tmp_path / "isi"))
    path = place / "quizzes" / f"{SLUG}.yaml"
    path.write_text(
        yaml.safe_dump(yaml.safe_load(path.read_text(encoding="utf-8")) | fields), encoding="utf-8"
    )
    return place


def test_forged_answers_are_refused_and_recorded_and_score_nothing(start: Callable[..., Site]) -> None:
    site = start(content=TOY)
    (nip,) = site.people(1)
    client = Client(site, nip)
    sent = 0
    for item, answers in FORGED.items():
        # A line is closed after twenty refusals.
        tab = client.channel(SLUG)
        if not sent:
            tab.do(ROOT, {"kind": "open"})
        for answer in answers:
            told = paced(tab, {"kind": "answer", "item": item, "answer": answer, **sure(item)})
            assert told["kind"] == "refused", (item, answer)
            sent += 1
        tab.close()
    tab = client.channel(SLUG)
    for bad in ({"certainty": "pasti"}, {"certainty": 1}, {}, {"certainty": "yakin", "score": 1}):
        assert paced(tab, {"kind": "answer", "item": "j01", "answer": ["b"], **bad})["kind"] == "refused"
    assert tab.do(ROOT, {"kind": "submit"})["kind"] == "refused"
    sent += 5
    assert tab.view(ROOT)["position"] == 0
    before = json.dumps(tab.view(ROOT))
    for secret in ("Bukti lebih dulu", "masa tenang", "tolerance", "Umpan", "explanation", "Ratna menulis"):
        assert secret not in before
    assert '"key"' not in before
    with site.store() as store:
        verbs = [event.verb for event in store.events_of(learner_of(store, nip))]
        assert verbs.count("refused") == sent
        assert verbs.count("answered") == 0
    # What stands is unharmed: the keys earn the full mark, twice sent they count once.
    for question in QUIZ.questions[:-1]:
        key = key_reply(question)
        message = {
            "kind": "answer", "item": question.id, "answer": [*key] if isinstance(key, tuple) else key,
            "event": str(uuid.uuid4()), **sure(question.id),
        }  # fmt: skip
        assert paced(tab, message)["kind"] == "receipt"
        assert paced(tab, message)["kind"] == "receipt"
    assert tab.view(ROOT)["mark"] == 100


def test_an_attempt_past_its_limit_or_in_its_pause_is_refused_and_recorded(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    one = [QUIZ.question("j03").model_dump(mode="json")]
    site = start(content=toy(tmp_path, attempts=2, cool_down=60, questions=one))
    (nip,) = site.people(1)
    tab = Client(site, nip).channel(SLUG)
    tab.do(ROOT, {"kind": "open"})
    tab.do(ROOT, {"kind": "answer", "item": "j03", "answer": ["b"]})
    assert tab.view(ROOT)["left"] == 1
    assert datetime.fromisoformat(tab.view(ROOT)["next_at"]) > datetime.now(UTC)
    assert tab.do(ROOT, {"kind": "open"})["kind"] == "refused"
    with site.store() as store:
        last = store.events_of(learner_of(store, nip))[-1]
    assert (last.verb, last.result) == ("refused", {"reason": "percobaan berikutnya belum waktunya"})


def test_the_form_in_the_store_is_the_one_its_seed_draws(start: Callable[..., Site], tmp_path: Path) -> None:
    draw = [{"depth": "ingat", "count": 2}, {"depth": "timbang", "count": 1}]
    place = toy(tmp_path, draw=draw)
    site = start(content=place)
    (nip,) = site.people(1)
    tab = Client(site, nip).channel(SLUG)
    tab.do(ROOT, {"kind": "open"})
    with site.store() as store:
        told = store.events_of(learner_of(store, nip))[-1].result
    quiz = content.load(place).quizzes[SLUG]
    assert told["form"] == [*form(quiz, told["seed"])]
    assert sorted(quiz.question(name).depth for name in told["form"]) == ["ingat", "ingat", "timbang"]
    assert [row["id"] for row in tab.view(ROOT)["questions"]] == told["form"]
