"""Kernels without a site: a room of them on the toy course whose widget does what it is told."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from netralitas.content import load
from netralitas.store import Store
from netralitas.web.desk import Desk, Owner
from netralitas.web.kernels import Kernel, KernelRoom
from netralitas.web.ladder import Ladder, Paths, Snapshot
from netralitas.web.writer import Writer
from netralitas.widgets.learning import model_id

SLUG = "contoh-kuis"
QUIZ = model_id(f"quiz/{SLUG}")

# A widget that does what it is told: the ways a kernel can go wrong.
NAUGHTY = """
import ctypes, json, os, random, secrets, uuid
from netralitas.widgets import learning
def naughty(self, _widget, content, _buffers):
    what = content.get("do")
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
    if what == "numpy":
        import numpy
        self.send({"numpy": float(numpy.random.random())})
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


def prepend(folder: Path, source: str) -> None:
    path = folder / "modules" / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source, id=f"nakal{len(notebook.cells)}"))
    nbformat.write(notebook, path)


class Own:
    """A kernel room with one ladder."""

    def __init__(self, kernels: KernelRoom, ladder: Ladder) -> None:
        self.kernels, self.ladder = kernels, ladder

    async def join(self, who: Owner) -> Kernel:
        return await self.kernels.join(self.ladder, who)

    def awake(self, who: Owner) -> Kernel | None:
        return self.kernels.awake(self.ladder, who.learner)

    async def forker_pid(self) -> int:
        rung = self.ladder._rung
        assert isinstance(rung, Snapshot)
        return await (await rung.forker()).born


Test = Callable[[Own], Awaitable[None]]


async def within(place: Path, store: Store, test: Test, *, rung: str, cap: int) -> None:
    """Run a test with a room and a ladder of its own, and end both."""
    content = load(place)
    desk = partial(Desk, content, content.course.module(SLUG), store, Writer(store, lambda: content.course))
    homes = Path(tempfile.mkdtemp())
    own = Own(KernelRoom(cap), Ladder(Paths(place, place / "modules" / f"{SLUG}.ipynb", homes), desk, rung))
    try:
        await asyncio.wait_for(test(own), 120)
    finally:
        await own.kernels.stop()
        await own.ladder.end()
        shutil.rmtree(homes)


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
