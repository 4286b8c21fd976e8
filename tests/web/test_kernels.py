"""Forker and kernels: equal at birth, strangers to each other, and nobody suffers for another's fault."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from netralitas.content import Content, load
from netralitas.store import Store, open_store
from netralitas.web import kernels
from netralitas.web.desk import Owner
from netralitas.web.kernels import Kernel, KernelRoom
from netralitas.web.writer import Writer
from netralitas.widgets.learning import model_id

pytestmark = pytest.mark.slow
TOY = Path(__file__).parent.parent / "course"
SLUG = "contoh-kuis"
QUIZ = model_id(f"quiz/{SLUG}")
SIBLINGS = 500 if os.environ.get("NETRALITAS_FULL") else 60

# A widget that does what it is told: the ways a kernel can go wrong.
NAUGHTY = """
import ctypes, json, os, random, secrets, uuid
from netralitas.widgets import learning
def naughty(self, _widget, content, _buffers):
    what = content["do"]
    if what == "loop":
        while True: pass
    if what == "abort":
        os.abort()
    if what == "raise":
        raise RuntimeError("rahasia")
    if what == "eat":
        try:
            kept = bytearray(200 * 1024 * 1024)
            self.send({"ate": True})
        except MemoryError:
            self.send({"ate": False})
        return
    if what == "write":
        try:
            open(os.path.expanduser("~/catatan"), "w")
            self.send({"wrote": True})
        except OSError:
            self.send({"wrote": False})
        return
    links = []
    for number in range(256):
        try:
            os.fstat(number)
            links.append(number)
        except OSError:
            pass
    self.send({"pid": os.getpid(), "random": random.random(), "uuid": str(uuid.uuid4()), "fds": links})
learning.LearningWidget._received = naughty
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The naughty course."""
    folder = tmp_path / "isi"
    shutil.copytree(TOY, folder)
    prepend(folder, NAUGHTY)
    return folder


def prepend(folder: Path, source: str) -> None:
    path = folder / "modules" / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source, id=f"nakal{len(notebook.cells)}"))
    nbformat.write(notebook, path)


@pytest.fixture
def room(place: Path, tmp_path: Path) -> Iterator[Callable[[Callable[[KernelRoom], Awaitable[None]]], None]]:
    """Run a test inside a loop with a kernel room of its own on the naughty course."""
    store = open_store(f"sqlite:///{tmp_path / 'uji.db'}")
    store.migrate()

    def run(test: Callable[[KernelRoom], Awaitable[None]]) -> None:
        asyncio.run(within(load(place), store, place, test))

    yield run
    store.close()


async def within(
    content: Content, store: Store, place: Path, test: Callable[[KernelRoom], Awaitable[None]]
) -> None:
    own = KernelRoom(place, content, store, Writer(store, content.course))
    try:
        await asyncio.wait_for(test(own), 120)
    finally:
        await own.stop()


def owner(number: int) -> Owner:
    return Owner(learner=f"{number:032x}", session="0" * 16)


async def told(kernel: Kernel, what: str) -> Any:
    """Tell a kernel's widget what to do; return what it says, None when it dies instead."""
    said: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def heard(content: dict[str, Any] | None) -> None:
        if said.done():
            return
        if content is None:
            said.set_result(None)
        elif content["data"].get("method") == "custom":
            said.set_result(content["data"]["content"])

    kernel.join(heard)
    await kernel.send(QUIZ, {"do": what})
    answer = await asyncio.wait_for(said, 30)
    kernel.leave(heard)
    return answer


def test_siblings_share_no_id_no_random_number_and_no_descriptor(room: Any) -> None:
    async def test(own: KernelRoom) -> None:
        born = await asyncio.gather(*(own.join(SLUG, owner(n)) for n in range(SIBLINGS)))
        answers = [await told(kernel, "who") for kernel in born]
        for name in ("pid", "random", "uuid"):
            assert len({answer[name] for answer in answers}) == SIBLINGS
        # Three standard ones and the one line.
        assert {len(answer["fds"]) for answer in answers} == {4}

    room(test)


def test_an_endless_loop_ends_at_the_deadline_while_siblings_answer(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "DEADLINE", 2.0)

    async def test(own: KernelRoom) -> None:
        stuck, sibling = await own.join(SLUG, owner(1)), await own.join(SLUG, owner(2))
        pid = await stuck.born
        ending = asyncio.create_task(told(stuck, "loop"))
        await asyncio.sleep(0)
        assert (await told(sibling, "who"))["pid"] == await sibling.born
        assert await ending is None
        assert await gone(pid)
        again = await own.join(SLUG, owner(1))
        assert (await told(again, "who"))["pid"] != pid

    room(test)


@pytest.mark.parametrize("fault", ["abort", "kill"])
def test_a_kernel_that_dies_takes_nobody_with_it(room: Any, fault: str) -> None:
    async def test(own: KernelRoom) -> None:
        dying, sibling = await own.join(SLUG, owner(1)), await own.join(SLUG, owner(2))
        pid = await dying.born
        if fault == "kill":
            os.kill(pid, signal.SIGKILL)
        assert await told(dying, "abort") is None
        assert await gone(pid)
        assert (await told(sibling, "who"))["pid"] == await sibling.born
        assert own.awake(SLUG, owner(1).learner) is None
        assert (await told(await own.join(SLUG, owner(1)), "who"))["pid"] != pid

    room(test)


def test_a_handler_that_raises_ends_its_kernel_and_the_next_answers(room: Any) -> None:
    async def test(own: KernelRoom) -> None:
        kernel = await own.join(SLUG, owner(1))
        await kernel.send(QUIZ, {"do": "raise"})
        assert (await told(await own.join(SLUG, owner(1)), "who"))["uuid"]

    room(test)


def test_kernels_outlive_their_forker_and_another_forks_the_next(room: Any) -> None:
    async def test(own: KernelRoom) -> None:
        kernel = await own.join(SLUG, owner(1))
        forker = (await own._forker(SLUG)).pid
        os.kill(forker, signal.SIGKILL)
        assert (await told(kernel, "who"))["pid"] == await kernel.born
        newborn = await own.join(SLUG, owner(2))
        assert (await told(newborn, "who"))["pid"] == await newborn.born
        assert (await own._forker(SLUG)).pid != forker

    room(test)


def test_a_kernel_can_neither_eat_the_machine_nor_leave_a_note(room: Any) -> None:
    async def test(own: KernelRoom) -> None:
        kernel = await own.join(SLUG, owner(1))
        assert await told(kernel, "eat") == {"ate": False}
        assert await told(kernel, "write") == {"wrote": False}

    room(test)


def test_a_sleeping_kernel_costs_nothing_and_troubles_no_tab(room: Any) -> None:
    async def test(own: KernelRoom) -> None:
        kernel = await own.join(SLUG, owner(1))
        heard: list[Any] = []
        kernel.join(heard.append)
        pid = await kernel.born
        await kernel.sleep()
        assert await gone(pid)
        assert heard == []
        assert own.running() == {}

    room(test)


def test_the_cap_puts_the_one_longest_idle_to_sleep(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "CAP", 3)

    async def test(own: KernelRoom) -> None:
        await asyncio.gather(*(own.join(SLUG, owner(n)) for n in range(3)))
        for number in range(3, 9):
            await own.join(SLUG, owner(number))
        assert len(own.running()) <= 4

    room(test)


def test_a_kernel_takes_few_private_megabytes(
    room: Any, record_property: Callable[[str, object], None]
) -> None:
    async def test(own: KernelRoom) -> None:
        kernel = await own.join(SLUG, owner(1))
        await told(kernel, "who")
        rows = Path(f"/proc/{await kernel.born}/smaps_rollup").read_text().splitlines()
        private = sum(
            int(row.split()[1]) for row in rows if row.startswith(("Private_Dirty", "Private_Clean"))
        )
        record_property("private_kb", private)
        assert private < 5 * 1024, json.dumps(rows)

    room(test)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            "utas",
        ),
        ("import os; kept = open(os.path.expanduser('~/catatan'), 'w')", "terbuka"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_module_that_must_not_be_forked_says_why(place: Path, room: Any, cell: str, told: str) -> None:
    prepend(place, cell)

    async def test(own: KernelRoom) -> None:
        with pytest.raises(kernels.KernelFailedError, match=told):
            await own.join(SLUG, owner(1))

    room(test)


async def gone(pid: int) -> bool:
    """Say whether a process has ended; one that was killed gets a moment."""
    for _turn in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        await asyncio.sleep(0.05)
    return False
