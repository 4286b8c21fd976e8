"""Parts of the course: the exam is shut until every required module is done; the pledge is recorded."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import websocket

from netralitas import content
from netralitas.record import Given
from netralitas.store import open_store
from netralitas.web.desk import Desk, Owner
from netralitas.web.writer import Writer
from tests.parts import EXAM, MODULE, PLEDGE, laid
from tests.site import Client, Site, finish, frame, learner_of, sit

pytestmark = pytest.mark.slow
QUIZ = "quiz/contoh-jenis"
ROOT = f"pledge/{PLEDGE}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid(tmp_path_factory.mktemp("bagian") / "isi")


@pytest.fixture(scope="module")
def parts(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("situs"), content=place).start()
    yield running
    running.stop()


def words(client: Client, path: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def test_an_exam_is_shut_on_the_page_and_on_the_line_until_the_modules_are_done(
    parts: Site, place: Path
) -> None:
    nip = parts.people(1)[0]
    client, known = Client(parts, nip), content.load(place)
    told = words(client, f"/modul/{EXAM}")
    assert "Belum terbuka" in told
    assert "Yang masih tersisa, 1 modul: Modul contoh" in told
    assert "Terbuka setelah 1 modul lagi selesai" in words(client, "/")
    cookies = "; ".join(f"{one.name}={one.value}" for one in client.http.cookies)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(
            f"{parts.url.replace('http', 'ws')}/modul/{EXAM}/saluran",
            cookie=cookies, origin=parts.url, timeout=20,
        )  # fmt: skip
    # Nor by another part's line.
    line = client.channel(MODULE)
    other = Client(parts, parts.people(1)[0])
    finish(other, known, MODULE)
    exam = other.channel(EXAM)
    line.raw(
        frame(exam.ids[QUIZ], {"method": "custom", "content": {"kind": "open", "event": str(uuid.uuid4())}})
    )
    line.do(f"scenario/{known.course.module(MODULE).scenarios[0]}", {"kind": "open"})
    with parts.store() as store:
        assert store.events_of(learner_of(store, nip), [QUIZ]) == []
    finish(client, known, MODULE)
    sit(client.channel(EXAM), known.quizzes["contoh-jenis"])
    with parts.store() as store:
        assert store.progress_of(learner_of(store, nip))[EXAM].status == "completed"


def test_a_kernel_that_opens_a_shut_exam_all_the_same_is_refused(place: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'uji.db'}")
    store.migrate()
    known = content.load(place)
    learner = "0" * 32

    async def test() -> dict[str, object]:
        writer = Writer(store, lambda: known.course)
        writer.start()
        desk = Desk(known, known.course.module(EXAM), store, writer)
        desk.owner = Owner(learner=learner, session="0" * 16)
        given = Given(
            id=str(uuid.uuid4()), verb="opened", object=QUIZ, attempt=1, after=0,
            revision=known.quizzes["contoh-jenis"].fingerprint, result={},
        )  # fmt: skip
        try:
            return await desk.answer({"ask": "commit", "given": given.model_dump(mode="json")})
        finally:
            await writer.stop()

    assert asyncio.run(test()) == {"refused": "bagian ini belum terbuka"}
    store.close()


def test_a_pledge_is_recorded_point_by_point_and_outlives_the_page(parts: Site, place: Path) -> None:
    nip = parts.people(1)[0]
    client, known = Client(parts, nip), content.load(place)
    first, second = (point.id for point in known.pledges[PLEDGE].points)
    tab = client.channel(PLEDGE)
    assert tab.do(ROOT, {"kind": "pledge", "point": second})["kind"] == "refused"
    assert tab.do(ROOT, {"kind": "pledge", "point": first})["kind"] == "receipt"
    assert "Butir diikrarkan 1 dari 2" in words(client, "/hasil")
    again = client.channel(PLEDGE)
    assert [bool(one["at"]) for one in again.view(ROOT)["points"]] == [True, False]
    assert again.do(ROOT, {"kind": "pledge", "point": first})["moved"]
    assert again.do(ROOT, {"kind": "pledge", "point": second})["kind"] == "receipt"
    assert again.view(ROOT)["status"] == "finished"
    assert re.search(r"Diikrarkan pada \d+ \w+ \d{4}", words(client, "/hasil"))
    with parts.store() as store:
        learner = learner_of(store, nip)
        assert [one.verb for one in store.events_of(learner, [ROOT])] == ["refused", "pledged", "pledged"]
        assert store.progress_of(learner)[PLEDGE].status == "completed"
        assert store.verify_chains() == []
        assert store.rebuild(known.course).rows_changed == 0
