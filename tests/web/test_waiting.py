"""A full server asks newcomers to wait, in order of coming; who is at work is never asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from netralitas.web import waiting
from netralitas.web.kernels import KernelRoom
from netralitas.web.waiting import Queue
from tests.site import Client, Site


class Room:
    """Who used a kernel last when."""

    cap = 2

    def __init__(self) -> None:
        self.learners: dict[str, float] = {}

    def used(self) -> dict[str, float]:
        return self.learners


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def set_to(seconds: float) -> None:
        monkeypatch.setattr(waiting.time, "monotonic", lambda: seconds)

    set_to(1000)
    return set_to


def test_nobody_waits_while_there_is_room(room: Room, at: Any) -> None:
    queue = Queue(cast("KernelRoom", room))
    room.learners["a"] = 1000
    assert [queue.ask(who) for who in "abcd"] == [0, 0, 0, 0]


def test_a_full_room_gives_places_in_order_of_coming(room: Room, at: Any) -> None:
    queue = Queue(cast("KernelRoom", room))
    room.learners |= {"a": 1000, "b": 1000}
    assert [queue.ask(who) for who in "cdec"] == [1, 2, 3, 1]
    # Who is at work is let in; one who leaves makes room for the first in line alone.
    assert queue.ask("a") == 0
    at(1019)
    for who in "cde":
        queue.ask(who)
    at(1031)
    room.learners["b"] = 1031
    assert [queue.ask(who) for who in "dcde"] == [2, 0, 1, 2]
    # The one let in keeps the place before the first answer, and when the page is loaded again.
    assert queue.ask("c") == 0
    assert queue.ask("d") == 1


def test_who_stops_asking_gives_the_place_up(room: Room, at: Any) -> None:
    queue = Queue(cast("KernelRoom", room))
    room.learners |= {"a": 1025, "b": 1025}
    assert [queue.ask(who) for who in "cd"] == [1, 2]
    at(1015)
    assert queue.ask("d") == 2
    at(1026)
    assert queue.ask("d") == 1


@pytest.mark.slow
def test_the_waiting_page_tells_the_place_and_opens_by_itself(start: Callable[..., Site]) -> None:
    site = start(NETRALITAS_CAP="1")
    first, second, third = (Client(site, nip) for nip in site.people(3))
    first.channel().do("quiz/03-media-sosial", {"kind": "open"})
    for client, place in ((second, 1), (third, 2)):
        answer = client.get("/modul/03-media-sosial")
        assert answer.status_code == 503
        assert f"urutan <b>{place}</b>" in answer.text
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.text
        assert answer.headers["Retry-After"] == "5"
    assert first.get("/modul/03-media-sosial").status_code == 200
    assert second.get("/").status_code == 200
