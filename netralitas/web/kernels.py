"""Kernels: one a learner and module, forked from the module's forker, confined, disposable.

    forker(slug)  process inside the boundary, cells run once, no learner      one a module
    join(...)     the learner's kernel, or a child of the forker bound to them ─► Kernel.begin
    Kernel        relays comm messages between it and every tab that joined, and answers it at the desk

The forker is started with an environment of four names, an empty home of its own and one inherited
socket; a child gets one socket more and gives up the rest. When a kernel dies its tabs are told, and the
next message forks another: state is replayed from the store. Reading a page needs none.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..content import Content
from ..course import Module
from ..store import Store
from ..widgets.loop import FRAME, MAX_FRAME
from .desk import Desk, Owner
from .writer import Writer

_log = logging.getLogger(__name__)

CAP = 1000
"""Most learners' kernels at once; the one longest idle makes room."""

IDLE = 180.0
"""Seconds without a message after which a kernel is ended; the next message forks another."""

TABS = 8
"""Most tabs of one learner in one module; the oldest makes room."""

BOOT = 60.0
"""Seconds a module's cells may take."""

BIRTHS = 16
"""Most forks on their way at once."""

DEADLINE = 10.0
"""Seconds a kernel may be silent after a message before it is taken for stuck."""

WAITING = 256 * 1024
"""Bytes that may wait for a kernel before its senders are slowed."""

Bundle = dict[str, Any]
Listener = Callable[[dict[str, Any] | None], None]


class KernelFailedError(Exception):
    """Raised when a module's cells do not run or no kernel can be forked; the text names the fault."""


class Peer:
    """A process at the other end of a socket: frames are read until it closes."""

    def __init__(self, end: socket.socket, name: str) -> None:
        end.setblocking(False)
        self.alive = True
        self._end = end
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._serve(), name=name)

    async def end(self) -> None:
        """End the process."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def heard(self, frame: dict[str, Any]) -> None:
        """Take a frame of the process."""
        raise NotImplementedError

    def gone(self) -> None:
        """Settle what waits for the process."""
        raise NotImplementedError

    def write(self, frame: dict[str, Any]) -> None:
        """Send a frame to the process."""
        if self._writer is not None and self.alive:
            data = json.dumps(frame).encode()
            self._writer.write(FRAME.pack(len(data)) + data)

    async def _serve(self) -> None:
        try:
            reader, self._writer = await asyncio.open_connection(sock=self._end, limit=MAX_FRAME)
            self._writer.transport.set_write_buffer_limits(WAITING)
            while True:
                (length,) = FRAME.unpack(await reader.readexactly(FRAME.size))
                if length > MAX_FRAME:
                    break
                await self.heard(json.loads(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:  # noqa: BLE001
            # The store did not answer, or the process spoke nonsense: end it, and the tabs come back.
            _log.exception("%s ended", self._task.get_name())
        finally:
            self.alive = False
            self.gone()
            if self._writer is not None:
                self._writer.close()


class Kernel(Peer):
    """A learner's kernel: its desk, and the tabs that joined."""

    def __init__(self, end: socket.socket, desk: Desk) -> None:
        self.desk, self.used = desk, time.monotonic()
        self.born: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._listeners: list[Listener] = []
        self._handle: int | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._quiet = False
        super().__init__(end, "kernel")

    def begin(self, owner: Owner) -> None:
        """Give the kernel to a learner: its widgets ask the desk for the state."""
        self.desk.owner = owner
        self.write({"begin": {}})

    def join(self, listener: Listener) -> None:
        """Add a tab; it gets every message from now on, and None when the kernel dies."""
        if not self.alive:
            listener(None)
        elif listener not in self._listeners:
            self._listeners.append(listener)
            if len(self._listeners) > TABS:
                self._listeners.pop(0)(None)

    def leave(self, listener: Listener) -> None:
        """Take a tab away."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    async def send(self, model_id: str, content: dict[str, Any]) -> None:
        """Hand a custom message of a browser to a widget; waits while too much is waiting."""
        self.used = time.monotonic()
        self.write({"comm": {"comm_id": model_id, "data": {"method": "custom", "content": content}}})
        self._expect()
        if self._writer is not None:
            with suppress(ConnectionError):
                await self._writer.drain()

    async def sleep(self) -> None:
        """End an idle kernel without troubling its tabs: their next message forks another."""
        self._quiet = True
        await self.end()

    async def heard(self, frame: dict[str, Any]) -> None:
        """Relay what widgets say, answer what they ask."""
        if self._watch is not None:
            self._watch.cancel()
        if "comm" in frame:
            for listener in tuple(self._listeners):
                listener(frame["comm"])
        elif "ask" in frame:
            self.write({"answer": await self.desk.answer(frame)})
            self._expect()
        elif "born" in frame and not self.born.done():
            # The handle, not the number: a number can belong to somebody else by the time we kill it.
            self._handle = os.pidfd_open(int(frame["born"]))
            self.born.set_result(int(frame["born"]))

    def gone(self) -> None:
        """Tell the tabs, unless it fell asleep."""
        if self._watch is not None:
            self._watch.cancel()
        self._kill()
        if not self.born.done():
            self.born.set_exception(KernelFailedError("kernel berakhir sebelum lahir"))
            self.born.exception()
        for listener in () if self._quiet else tuple(self._listeners):
            listener(None)
        self._listeners.clear()

    def _expect(self) -> None:
        """Give the kernel until the deadline to say anything."""
        if self._watch is not None:
            self._watch.cancel()
        self._watch = asyncio.get_running_loop().call_later(DEADLINE, self._stuck)

    def _stuck(self) -> None:
        _log.error("a kernel was silent for %.0f s and is ended", DEADLINE)
        self._task.cancel()

    def _kill(self) -> None:
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = None


class Forker(Peer):
    """The process of a module: its cells have run, and it forks a child for each socket handed over."""

    def __init__(self, process: asyncio.subprocess.Process, end: socket.socket, home: Path) -> None:
        self.outputs: asyncio.Future[list[list[Bundle]]] = asyncio.get_running_loop().create_future()
        self._process, self._home = process, home
        super().__init__(end, f"forker {process.pid}")

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def fork(self, desk: Desk) -> Kernel:
        """Return a new child. Raises KernelFailedError when the forker is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._end, [b"f"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise KernelFailedError("forker tidak menjawab") from error
        return Kernel(ours, desk)

    async def heard(self, frame: dict[str, Any]) -> None:
        """Keep what the cells showed, or why they did not run."""
        if "ran" in frame and not self.outputs.done():
            self.outputs.set_result(frame["ran"])
        elif "failed" in frame and not self.outputs.done():
            self.outputs.set_exception(KernelFailedError(str(frame["failed"])))

    def gone(self) -> None:
        """Take the process and its home away."""
        if not self.outputs.done():
            self.outputs.set_exception(KernelFailedError("proses berakhir sebelum sel selesai"))
            self.outputs.exception()
        with suppress(ProcessLookupError):
            self._process.kill()
        shutil.rmtree(self._home, ignore_errors=True)


class KernelRoom:
    """All kernels of this server."""

    def __init__(self, place: Path, content: Content, store: Store, writer: Writer) -> None:
        self._place, self._content, self._store, self._writer = place, content, store, writer
        self._kernels: dict[tuple[str, str], asyncio.Task[Kernel]] = {}
        self._forkers: dict[str, asyncio.Task[Forker]] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="netralitas-"))
        self._reaper: asyncio.Task[None] | None = None
        # A class that begins at once queues here, not in a forker's socket.
        self._births = asyncio.Semaphore(BIRTHS)

    def start(self) -> None:
        """Begin to end idle kernels; call inside the running loop."""
        self._reaper = asyncio.create_task(self._reap(), name="reaper")

    def running(self) -> dict[tuple[str, str], Kernel]:
        """Return the live kernels by learner and module."""
        found = {key: _result(task) for key, task in self._kernels.items()}
        return {key: kernel for key, kernel in found.items() if kernel is not None and kernel.alive}

    async def outputs(self, slug: str) -> list[list[Bundle]]:
        """Return what each code cell of a module showed, as MIME bundles. Raises KernelFailedError."""
        return (await self._forker(slug)).outputs.result()

    def awake(self, slug: str, learner: str) -> Kernel | None:
        """Return the learner's kernel of a module when one lives already."""
        task = self._kernels.get((learner, slug))
        kernel = _result(task) if task is not None else None
        return kernel if kernel is not None and kernel.alive else None

    async def join(self, slug: str, owner: Owner) -> Kernel:
        """Return the learner's kernel of a module, forking it when there is none alive.

        Raises KernelFailedError when the cells do not run.
        """
        key = (owner.learner, slug)
        task = self._kernels.get(key)
        # No await between looking and setting: two tabs at once must find one kernel.
        if task is None or (task.done() and self.awake(slug, owner.learner) is None):
            task = self._kernels[key] = asyncio.create_task(self._fork(slug, owner), name=f"join {slug}")
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """End every process and forget the folders."""
        if self._reaper is not None:
            self._reaper.cancel()
        tasks = [*self._kernels.values(), *self._forkers.values()]
        for task in tasks:
            task.cancel()
        found = [peer for task in tasks if (peer := _result(task))]
        await asyncio.gather(*(peer.end() for peer in found))
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _fork(self, slug: str, owner: Owner) -> Kernel:
        await self._make_room()
        module = self._content.course.module(slug)
        for last in (False, True):
            forker = await self._forker(slug)
            try:
                async with self._births:
                    kernel = forker.fork(Desk(self._content, module, self._store, self._writer))
                    await asyncio.wait_for(asyncio.shield(kernel.born), DEADLINE)
            except (KernelFailedError, TimeoutError) as error:
                # The forker died under us: one more, from nothing.
                await forker.end()
                if last:
                    raise KernelFailedError(f"modules/{slug}.ipynb: {error}") from error
            else:
                break
        kernel.begin(owner)
        return kernel

    async def _forker(self, slug: str) -> Forker:
        """Return the living forker of a module, booting one when there is none."""
        task = self._forkers.get(slug)
        if task is None or (task.done() and not ((forker := _result(task)) and forker.alive)):
            module = self._content.course.module(slug)
            task = self._forkers[slug] = asyncio.create_task(self._boot(module), name=f"boot {slug}")
        return await asyncio.shield(task)

    async def _boot(self, module: Module) -> Forker:
        """Start a forker and return it when its cells have run. Raises KernelFailedError."""
        home = Path(tempfile.mkdtemp(prefix="k", dir=self._folder))
        ours, theirs = socket.socketpair()
        with theirs, (home / "galat.txt").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *self._argv(module, home, theirs.fileno()),
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC", "HOME": str(home)},
                cwd=home,
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                # Not the server's log: a widget's traceback may show an answer.
                stderr=errors,
            )
        forker = Forker(process, ours, home)
        try:
            await asyncio.wait_for(asyncio.shield(forker.outputs), BOOT)
        except (KernelFailedError, TimeoutError) as error:
            await forker.end()
            raise KernelFailedError(f"modules/{module.slug}.ipynb: {error or 'terlalu lama'}") from error
        return forker

    def _argv(self, module: Module, home: Path, end: int) -> list[str]:
        notebook = self._place / "modules" / f"{module.slug}.ipynb"
        package = Path(__file__).resolve().parent.parent
        read = [package, notebook, *(self._place / name for name in ("data", "quizzes"))]
        allowed = [word for path in read for word in ("--read", str(path))]
        return [
            sys.executable, "-P", "-m", "netralitas.web.confine", "--desk", str(end), *allowed,
            "--write", str(home), "--content", str(self._place), str(notebook),
        ]  # fmt: skip

    async def _make_room(self) -> None:
        for key in [key for key, task in self._kernels.items() if task.done() and key not in self.running()]:
            del self._kernels[key]
        live = self.running().values()
        # Forks on their way count too.
        if len(self._kernels) > CAP and live:
            await min(live, key=lambda kernel: kernel.used).sleep()

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(IDLE / 5)
            for kernel in self.running().values():
                if time.monotonic() - kernel.used > IDLE:
                    await kernel.sleep()


def _result(task: asyncio.Task[Any]) -> Any:
    """Return what a task that has succeeded made, else None."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()
