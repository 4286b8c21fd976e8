"""A forced time ends an attempt on a real server: nobody comes back, and the server may be away meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from netralitas import content, judge
from netralitas.record import Event
from netralitas.store import Stamp, open_store
from tests.site import Client, Site, learner_of
from tests.web.test_kinds import QUIZ, ROOT, SLUG, toy

pytestmark = pytest.mark.slow


def begun(site: Site, place: Path, nip: str, *, ago: timedelta) -> str:
    """Let a learner open an attempt and answer its first item some time ago; return who."""
    known = content.load(place)
    quiz, then = known.quizzes[SLUG], datetime.now(UTC) - ago
    with_clock = open_store(f"sqlite:///{site.home / 'netralitas.db'}", clock=lambda: then)
    learner = learner_of(with_clock, nip)
    opened: Any = judge.parse({"kind": "open", "event": "11111111-1111-4111-8111-111111111111"})
    given = judge.judge(quiz, [], opened).model_copy(update={"result": judge.opening(quiz, 1)})
    (event,) = with_clock.append([Stamp(learner, "uji", given)], known.course)
    assert isinstance(event, Event)
    sent: dict[str, Any] = {"kind": "answer", "event": "22222222-2222-4222-8222-222222222222"}
    answered: Any = judge.parse(sent | {"item": "j03", "answer": ["a"]})
    with_clock.append([Stamp(learner, "uji", judge.judge(quiz, [event], answered))], known.course)
    with_clock.close()
    return learner


def handed_in(site: Site, learner: str) -> Event:
    """Wait until the server has ended the attempt."""
    deadline = time.monotonic() + 60
    with site.store() as store:
        while time.monotonic() < deadline:
            last = store.events_of(learner)[-1]
            if last.verb == "submitted":
                assert store.verify_chains() == []
                return last  # type: ignore[no-any-return]
            time.sleep(0.1)
    raise AssertionError("the attempt was not handed in")


def test_the_server_hands_in_what_is_overdue_also_after_it_was_away(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    two = [QUIZ.question(item).model_dump(mode="json") for item in ("j03", "j07")]
    place = toy(tmp_path, minutes=1, forced=True, cool_down=30, questions=two)
    site = start(content=place)
    one, other = site.people(2)
    first = begun(site, place, one, ago=timedelta(seconds=55))
    assert handed_in(site, first).result == {"mark": 50}
    site.stop()
    second = begun(site, place, other, ago=timedelta(minutes=90))
    site.start()
    assert handed_in(site, second).result == {"mark": 50}
    # The pause began when the time was over, so this learner may go on.
    tab = Client(site, other).channel(SLUG)
    assert tab.view(ROOT)["status"] == "finished"
    assert tab.do(ROOT, {"kind": "open"})["kind"] == "receipt"
    assert tab.view(ROOT)["status"] == "running"
    # This one has to wait, and a button pressed too late is no fault.
    tab = Client(site, one).channel(SLUG)
    late = tab.do(ROOT, {"kind": "submit"})
    assert (late["kind"], late["moved"]) == ("receipt", True)
    assert tab.do(ROOT, {"kind": "open"})["kind"] == "refused"
