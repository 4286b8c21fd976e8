"""The display of one person, and the home page's list, without a server."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas.course import Module
from netralitas.record import Progress
from netralitas.web.app import _templates
from netralitas.web.display import Display
from netralitas.web.learner import Step, duration
from netralitas.web.practice import STEPS, told


@given(st.text())
def test_any_cookie_is_read_and_what_was_written_is_read_back(text: str) -> None:
    found = Display.of(text)
    assert Display.of(str(found)) == found


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 menit"), (59, "59 menit"), (60, "1 jam"), (100, "1 jam 40 menit")],
)
def test_a_time_is_told_as_people_tell_it(minutes: int, words: str) -> None:
    assert duration(minutes) == words


def test_practice_is_judged_as_a_quiz_is() -> None:
    one, many, sure = STEPS
    assert [told(one, ["b"]), told(one, ["a"])] == ["benar", "belum"]
    assert [told(many, given) for given in (["a", "c"], ["a"], ["a", "b", "c"], ["b"])] == [
        "benar",
        "sebagian",
        "sebagian",
        "belum",
    ]
    assert told(sure, ["ragu"]) == "benar"


def home(number: int, done: int) -> str:
    """The home page of a course of `number` modules, `done` of them completed."""
    steps = [
        Step(
            module=Module(slug=f"m{n}", title=f"Modul ke-{n}", summary="Isi.", minutes=15),
            progress=Progress(module=f"m{n}", status="completed" if n < done else "not_started"),
            parts=4,
            done=4 if n < done else 0,
            finished="18 Nov 2026, 10.00 WIB" if n < done else "",
        )
        for n in range(number)
    ]
    following = next((step for step in steps if step.progress.status != "completed"), None)
    account = SimpleNamespace(name="Contoh", jabatan="Guru", unit="Unit", instansi="Dinas Contoh")
    page = _templates().get_template("beranda.html.j2")
    frame = {
        "account": account,
        "held": set(),
        "path": "/",
        "demo": False,
        "display": Display(),
        "languages": {},
    }
    return page.render(
        **frame,
        asset=lambda name: f"/aset/{name}",
        xsrf=lambda: "",
        who="",
        steps=steps,
        following=following,
        state="completed" if done == number else "in_progress",
        next_part="",
        due={"day": "30 November 2026", "left": 0},
        minutes=15 * (number - done),
        duration=duration,
    )


@pytest.mark.parametrize(("number", "done"), [(1, 0), (1, 1), (11, 0), (11, 4), (11, 11)])
def test_the_list_serves_one_entry_and_eleven(number: int, done: int) -> None:
    page = home(number, done)
    rows = re.findall(r"<li class=\"(\w*)\"", page)
    assert len(rows) == number
    assert rows.count("done") == done
    assert page.count('aria-current="step"') == (done < number)
    assert f"{done} dari {number} bagian selesai" in page
    assert ("hari ini" in page) == (done < number)
    # One bar says nothing about one module.
    assert ("Kemajuan pelatihan" in page) == (number > 1)
