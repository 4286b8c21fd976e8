"""Kernels: one a learner and module, confined, disposable; one booted ahead for each module.

    boot(slug)  process inside the boundary, cells run, no learner yet       ─► spare
    join(...)   the learner's kernel, or a spare bound to the learner        ─► Kernel.begin
    Kernel      relays comm messages between it and every tab that joined, and answers it at the desk

A kernel is started with an environment of four names, an empty home of its own and one inherited
socket. When it dies its tabs are told, and the next message starts another: state is replayed from
the store.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
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

CAP = 60
"""Most learners' kernels at once; the one longest idle makes room."""

IDLE = 300.0
"""Seconds without a tab and without a message after which a kernel is ended."""

TABS = 8
"""Most tabs of one learner in one module; the oldest makes room."""

BOOT = 60.0
"""Seconds a module's cells may take."""

WAITING = 256 * 1024
"""Bytes that may wait for a kernel before its senders are slowed."""

Bundle = dict[str, Any]
Listener = Callable[[dict[str, Any] | None], None]


class KernelFailedError(Exception):
    """Raised when a module's cells do not run; the text names notebook and fault."""


class Kernel:
    """A running kernel: its process, its desk, the tabs that joined."""

    def __init__(
        self, process: asyncio.subprocess.Process, end: socket.socket, desk: Desk, home: Path
    ) -> None:
        self.desk, self.used, self.alive = desk, time.monotonic(), True
        self._process, self._end, self._home = process, end, home
        self._listeners: list[Listener] = []
        self._ran: asyncio.Future[list[list[Bundle]]] = asyncio.get_running_loop().create_future()
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._serve(), name=f"kernel {process.pid}")

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def busy(self) -> bool:
        """Say whether a tab is joined."""
        return bool(self._listeners)

    async def outputs(self) -> list[list[Bundle]]:
        """Return what each code cell showed, as MIME bundles. Raises KernelFailedError."""
        return await asyncio.shield(self._ran)

    def begin(self, owner: Owner) -> None:
        """Give the kernel to a learner: its widgets ask the desk for the state."""
        self.desk.owner = owner
        self._write({"begin": {}})

    def join(self, listener: Listener) -> None:
        """Add a tab; it gets every message from now on, and None when the kernel ends."""
        self.used = time.monotonic()
        if not self.alive:
            listener(None)
            return
        self._listeners.append(listener)
        if len(self._listeners) > TABS:
            self._listeners.pop(0)(None)

    def leave(self, listener: Listener) -> None:
        """Take a tab away."""
        if listener in self._listeners:
            self._listeners.remove(listener)
        self.used = time.monotonic()

    async def send(self, model_id: str, content: dict[str, Any]) -> None:
        """Hand a custom message of a browser to a widget; waits while too much is waiting."""
        self.used = time.monotonic()
        self._write({"comm": {"comm_id": model_id, "data": {"method": "custom", "content": content}}})
        if self._writer is not None:
            with suppress(ConnectionError):
                await self._writer.drain()

    async def end(self) -> None:
        """End the process and tell the tabs."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def _write(self, frame: dict[str, Any]) -> None:
        if self._writer is not None:
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
                await self._heard(json.loads(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:  # noqa: BLE001
            # The store did not answer, or the kernel spoke nonsense: end it, and the tabs come back.
            _log.exception("kernel %s ended", self.pid)
        finally:
            await self._close()

    async def _heard(self, frame: dict[str, Any]) -> None:
        if "comm" in frame:
            for listener in tuple(self._listeners):
                listener(frame["comm"])
        elif "ask" in frame:
            self._write({"answer": await self.desk.answer(frame)})
        elif "ran" in frame and not self._ran.done():
            self._ran.set_result(frame["ran"])
        elif "failed" in frame and not self._ran.done():
            self._ran.set_exception(KernelFailedError(str(frame["failed"])))

    async def _close(self) -> None:
        self.alive = False
        if not self._ran.done():
            self._ran.set_exception(KernelFailedError("proses berakhir sebelum sel selesai"))
        self._ran.exception()
        for listener in tuple(self._listeners):
            listener(None)
        self._listeners.clear()
        if self._writer is not None:
            self._writer.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)


class KernelRoom:
    """All kernels of this server."""

    def __init__(self, place: Path, content: Content, store: Store, writer: Writer) -> None:
        self._place, self._content, self._store, self._writer = place, content, store, writer
        self._kernels: dict[tuple[str, str], asyncio.Task[Kernel]] = {}
        self._spares: dict[str, asyncio.Task[Kernel]] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="netralitas-"))
        self._reaper: asyncio.Task[None] | None = None
        self._boots = asyncio.Semaphore(os.cpu_count() or 1)

    def start(self) -> None:
        """Begin to end idle kernels; call inside the running loop."""
        self._reaper = asyncio.create_task(self._reap(), name="reaper")

    def running(self) -> dict[tuple[str, str], Kernel]:
        """Return the live kernels by learner and module."""
        found = {key: _result(task) for key, task in self._kernels.items()}
        return {key: kernel for key, kernel in found.items() if kernel is not None and kernel.alive}

    async def outputs(self, slug: str) -> list[list[Bundle]]:
        """Return what a module's cells show; the kernel that ran them stays as the spare.

        Raises KernelFailedError.
        """
        kernel = await asyncio.shield(self._spare(slug))
        return await kernel.outputs()

    async def join(self, slug: str, owner: Owner) -> Kernel:
        """Return the learner's kernel of a module, starting it when there is none alive.

        Raises KernelFailedError when the cells do not run.
        """
        key = (owner.learner, slug)
        task = self._kernels.get(key)
        # No await between looking and setting: two tabs at once must find one kernel.
        if task is None or (task.done() and not ((kernel := _result(task)) and kernel.alive)):
            task = self._kernels[key] = asyncio.create_task(self._hand_over(slug, owner), name=f"join {slug}")
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """End every kernel and forget the folders."""
        if self._reaper is not None:
            self._reaper.cancel()
        tasks = [*self._kernels.values(), *self._spares.values()]
        for task in tasks:
            task.cancel()
        kernels = [kernel for task in tasks if (kernel := _result(task))]
        await asyncio.gather(*(kernel.end() for kernel in kernels))
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spare(self, slug: str) -> asyncio.Task[Kernel]:
        """Return the boot of a module's spare, begun now when there is none that may still serve."""
        task = self._spares.get(slug)
        if task is None or (task.done() and not ((kernel := _result(task)) and kernel.alive)):
            module = self._content.course.module(slug)
            task = self._spares[slug] = asyncio.create_task(self._boot(module), name=f"boot {slug}")
        return task

    async def _hand_over(self, slug: str, owner: Owner) -> Kernel:
        await self._make_room()
        # Taken away before it is ready, so that two learners never get the same one.
        task = self._spare(slug)
        del self._spares[slug]
        kernel = _result(task) if task.done() else None
        if kernel is None or not kernel.alive:
            with suppress(KernelFailedError):
                kernel = await task
        if kernel is None or not kernel.alive:
            kernel = await self._boot(self._content.course.module(slug))
        kernel.begin(owner)
        self._spare(slug)
        return kernel

    async def _boot(self, module: Module) -> Kernel:
        """Start a process and return it when its cells have run. Raises KernelFailedError."""
        async with self._boots:
            return await self._booted(module)

    async def _booted(self, module: Module) -> Kernel:
        home = Path(tempfile.mkdtemp(prefix="k", dir=self._folder))
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
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
        kernel = Kernel(process, ours, Desk(self._content, module, self._store, self._writer), home)
        try:
            await asyncio.wait_for(kernel.outputs(), BOOT)
        except (KernelFailedError, TimeoutError) as error:
            await kernel.end()
            raise KernelFailedError(f"modules/{module.slug}.ipynb: {error or 'terlalu lama'}") from error
        return kernel

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
        # Boots on their way count too: a class that logs in at once must not start a class of processes.
        if len(self._kernels) > CAP and live:
            idle = [kernel for kernel in live if not kernel.busy]
            await min(idle or live, key=lambda kernel: kernel.used).end()

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(IDLE / 5)
            for kernel in self.running().values():
                if not kernel.busy and time.monotonic() - kernel.used > IDLE:
                    await kernel.end()


def _result(task: asyncio.Task[Kernel]) -> Kernel | None:
    """Return the kernel of a boot that has succeeded."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()
