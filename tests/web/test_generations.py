"""New content is shown beside the old: learners finish on theirs, faults change nothing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netralitas.content import load
from netralitas.demo import PASSWORD
from netralitas.web.copies import _copied
from tests.site import MODULE, Client, Site
from tests.web.own import SLUG

pytestmark = pytest.mark.slow
TOY = Path(__file__).parent.parent / "course"
QUIZ = f"quiz/{SLUG}"
TITLE = "title: "


@pytest.fixture
def edited(start: Callable[..., Site], tmp_path: Path) -> Any:
    """A site on a copy of the toy course, and a way to edit its quiz."""
    place = tmp_path / "isi"
    shutil.copytree(TOY, place)
    path = place / "quizzes" / f"{SLUG}.yaml"

    def edit(change: Callable[[str], str]) -> None:
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return start(content=place), edit


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.3)


def retitle(text: str) -> str:
    head, _sep, rest = text.partition(TITLE)
    return f"{head}{TITLE}Kuis yang baru\n{rest.partition(chr(10))[2]}"


def title(client: Client) -> str:
    page = client.page(SLUG)
    return str(next(w["state"]["view"]["title"] for w in page["widgets"] if w["state"]["object"] == QUIZ))


def processes(site: Site) -> int:
    return len(site.kernel_pids())


def test_learners_finish_on_the_old_content_while_new_pages_show_the_new(edited: Any) -> None:
    site, edit = edited
    first, second = (Client(site, nip) for nip in site.people(2))
    old = first.channel(SLUG)
    assert old.do(QUIZ, {"kind": "open"})["kind"] == "receipt"
    before = old.view(QUIZ)["title"]
    edit(retitle)
    until(lambda: title(second) == "Kuis yang baru")
    item = old.view(QUIZ)["questions"][0]
    told = old.do(QUIZ, {"kind": "answer", "item": item["id"], "answer": [item["choices"][0]["id"]]})
    assert told["kind"] == "receipt"
    assert old.view(QUIZ)["title"] == before
    # The same learner's next page is of the new content and knows the answer.
    assert title(first) == "Kuis yang baru"
    new = first.channel(SLUG)
    assert new.view(QUIZ)["position"] == 1
    both = processes(site)
    old.close()
    until(lambda: processes(site) < both)
    item = new.view(QUIZ)["questions"][1]
    told = new.do(QUIZ, {"kind": "answer", "item": item["id"], "answer": [item["choices"][0]["id"]]})
    assert told["kind"] == "receipt"


def test_content_with_faults_changes_nothing_and_the_operator_is_told(edited: Any) -> None:
    site, edit = edited
    reader = Client(site, site.people(1)[0])
    before = title(reader)
    edit(lambda text: text.replace(TITLE, "judul: ", 1))
    operator = Client(site, site.officer("operator"), password=PASSWORD)
    until(lambda: "Isi baru belum ditampilkan" in operator.get("/operator").text)
    assert "judul" in operator.get("/operator").text
    assert title(reader) == before
    edit(lambda text: retitle(text.replace("judul: ", TITLE, 1)))
    until(lambda: title(reader) == "Kuis yang baru")
    assert "Isi baru belum ditampilkan" not in operator.get("/operator").text


def test_what_a_killed_server_left_is_swept_and_nothing_of_a_living_one(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    killed, living = start(TMPDIR=str(shared)), start(TMPDIR=str(shared))
    killed.kill()
    old = time.time() - 3600
    left = list(shared.iterdir())
    for folder in left:
        os.utime(folder, (old, old))
    assert len(left) == 2
    killed.restart()
    (kept,) = set(left) & set(shared.iterdir())
    assert (kept / next(kept.iterdir())).is_dir()
    assert Client(living, living.people(1)[0]).get(f"/modul/{MODULE}").status_code == 200
    killed.stop()
    living.stop()
    assert list(shared.iterdir()) == []


def test_what_is_not_published_is_not_shown(tmp_path: Path) -> None:
    source, place = Path(shutil.copytree(TOY, tmp_path / "isi")), tmp_path / "salinan"
    act = source / "data/rules/contoh-larangan.yaml"
    draft = act.read_text(encoding="utf-8").replace(
        "id: contoh-larangan", "id: contoh-baru\nstatus: ditinjau"
    )
    act.with_name("contoh-baru.yaml").write_text(draft, encoding="utf-8")
    assert set(load(source).law.acts) == {"contoh-larangan", "contoh-baru"}
    assert set(_copied((source,), place).law.acts) == {"contoh-larangan"}
