"""Kernels: one a learner and module, confined, disposable; one booted ahead for each module.

    boot(slug)  process inside the boundary, cells run, no learner yet       ─► spare
    join(...)   the learner's kernel, or a spare bound to the learner        ─► Kernel.begin
    Kernel      relays comm messages between it and every tab that joined

A kernel is started with an environment of four names, an empty home of its own and one inherited
socket (the desk); its connection file stands in a folder only it may read. When it dies its tabs are
told, and the next message starts another: state is replayed from the store.
"""

from __future__ import annotations

import asyncio
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

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from voila.execute import VoilaExecutor

from ..content import Content
from ..course import Module
from ..store import Store
from ..widgets.learning import BEGIN
from .desk import Desk, Owner
from .writer import Writer

_log = logging.getLogger(__name__)

CAP = 60
"""Most learners' kernels at once; the one longest idle makes room."""

IDLE = 300.0
"""Seconds without a tab and without a message after which a kernel is ended."""

RELAYED = frozenset({"comm_msg"})
Listener = Callable[[dict[str, Any] | None], None]


class KernelFailedError(Exception):
    """Raised when a module's cells do not run."""


class _Manager(AsyncKernelManager):
    """Starts `netralitas.web.confine` instead of a kernel spec's command."""

    def __init__(self, argv: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._argv = argv

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one command learners' kernels run."""
        return KernelSpec(argv=self._argv, display_name="Netralitas", language="python")


class Kernel:
    """A running kernel: its client, its desk, the tabs that joined."""

    def __init__(
        self, slug: str, manager: _Manager, executor: VoilaExecutor, desk: Desk, desk_socket: socket.socket
    ) -> None:
        self.slug, self.desk = slug, desk
        self._manager, self._executor = manager, executor
        self._serve = asyncio.create_task(desk.serve(desk_socket), name=f"desk {slug}")
        self._listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[Any]] = []
        self.used = time.monotonic()
        self.alive = True

    @property
    def pid(self) -> int | None:
        """Process id, for tests and `healthz`."""
        pid: int | None = getattr(self._manager.provisioner, "pid", None)
        return pid

    @property
    def notebook(self) -> nbformat.NotebookNode:
        """The module's notebook with the outputs of its cells."""
        return self._executor.nb

    @property
    def busy(self) -> bool:
        """Say whether a tab is joined."""
        return bool(self._listeners)

    async def run_cells(self) -> None:
        """Connect and run the notebook's cells. Raises what nbclient raises."""
        self._executor.kc = await self._executor.async_start_new_kernel_client()
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                await self._executor.async_execute_cell(cell, index, store_history=False)

    def begin(self, owner: Owner) -> None:
        """Give the kernel to a learner: its widgets ask the desk for the state."""
        self.desk.owner = owner
        self._tasks = [asyncio.create_task(self._relay()), asyncio.create_task(self._watch())]
        self._send("comm_open", {"comm_id": BEGIN, "target_name": BEGIN, "data": {}})

    def join(self, listener: Listener) -> None:
        """Add a tab; it gets every message from now on, and None when the kernel ends."""
        self._listeners.add(listener)
        self.used = time.monotonic()

    def leave(self, listener: Listener) -> None:
        """Take a tab away."""
        self._listeners.discard(listener)
        self.used = time.monotonic()

    def send(self, model_id: str, content: dict[str, Any]) -> None:
        """Hand a custom message of a browser to a widget."""
        self.used = time.monotonic()
        data = {"method": "custom", "content": content}
        self._send("comm_msg", {"comm_id": model_id, "data": data})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        client = self._executor.kc
        client.shell_channel.send(client.session.msg(kind, content))

    async def _relay(self) -> None:
        while True:
            message = await self._executor.kc.get_iopub_msg()
            if message["msg_type"] in RELAYED:
                for listener in tuple(self._listeners):
                    listener(message["content"])
            elif message["msg_type"] == "error":
                _log.error("kernel of %s: %s", self.slug, message["content"].get("ename"))

    async def _watch(self) -> None:
        # The desk's socket closes with the process: no polling.
        await asyncio.wait([self._serve])
        await self.end()

    async def end(self) -> None:
        """End the process and tell the tabs."""
        if not self.alive:
            return
        self.alive = False
        for listener in tuple(self._listeners):
            listener(None)
        for task in (*self._tasks, self._serve):
            if task is not asyncio.current_task():
                task.cancel()
        with suppress(Exception):
            self._executor.kc.stop_channels()
        with suppress(Exception):
            await self._manager.shutdown_kernel(now=True)
        shutil.rmtree(Path(self._manager.connection_file).parent, ignore_errors=True)


class KernelRoom:
    """All kernels of this server."""

    def __init__(
        self, place: Path, content: Content, store: Store, writer: Writer, *, spares: int = 1
    ) -> None:
        self._place, self._content, self._store, self._writer = place, content, store, writer
        self._spares_wanted = spares
        self._kernels: dict[tuple[str, str], asyncio.Task[Kernel]] = {}
        self._spares: dict[str, list[asyncio.Task[Kernel]]] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="netralitas-"))
        self._reaper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to end idle kernels; call inside the running loop."""
        self._reaper = asyncio.create_task(self._reap())

    def running(self) -> dict[tuple[str, str], Kernel]:
        """Return the live kernels by learner and module."""
        return {
            key: task.result()
            for key, task in self._kernels.items()
            if task.done() and not task.cancelled() and task.exception() is None and task.result().alive
        }

    async def executed(self, slug: str) -> nbformat.NotebookNode:
        """Return a module's notebook with its outputs; the kernel that ran it becomes a spare."""
        task = self._boot_task(slug)
        self._spares.setdefault(slug, []).append(task)
        return (await asyncio.shield(task)).notebook

    async def join(self, slug: str, owner: Owner) -> Kernel:
        """Return the learner's kernel of a module, starting it when there is none alive.

        Raises KernelFailedError when the cells do not run.
        """
        key = (owner.learner, slug)
        task = self._kernels.get(key)
        if task is not None and task.done() and (task.exception() is not None or not task.result().alive):
            task = None
        if task is None:
            await self._make_room()
            task = self._kernels[key] = asyncio.create_task(self._hand_over(slug, owner))
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """End every kernel and forget the folders."""
        if self._reaper is not None:
            self._reaper.cancel()
        waiting = [task for tasks in self._spares.values() for task in tasks]
        for task in (*self._kernels.values(), *waiting):
            with suppress(Exception):
                await (await task).end()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _hand_over(self, slug: str, owner: Owner) -> Kernel:
        waiting = self._spares.setdefault(slug, [])
        kernel = None
        while waiting and (kernel is None or not kernel.alive):
            kernel = await waiting.pop(0)
        if kernel is None or not kernel.alive:
            kernel = await self._boot_task(slug)
        kernel.begin(owner)
        if len(waiting) < self._spares_wanted:
            waiting.append(self._boot_task(slug))
        return kernel

    def _boot_task(self, slug: str) -> asyncio.Task[Kernel]:
        return asyncio.create_task(self._boot(self._content.course.module(slug)), name=f"boot {slug}")

    async def _boot(self, module: Module) -> Kernel:
        notebook = nbformat.read(self._place / "modules" / f"{module.slug}.ipynb", as_version=4)
        folder = Path(tempfile.mkdtemp(prefix="k", dir=self._folder))
        home = folder / "home"
        home.mkdir()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        manager = _Manager(self._argv(folder, theirs.fileno()), connection_file=str(folder / "kernel.json"))
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}
        await manager.start_kernel(env=environment, cwd=str(home), pass_fds=(theirs.fileno(),))
        theirs.close()
        desk = Desk(self._content, module, self._store, self._writer)
        executor = VoilaExecutor(notebook, km=manager, timeout=60, log=_log)
        kernel = Kernel(module.slug, manager, executor, desk, ours)
        try:
            await kernel.run_cells()
        except Exception as error:
            await kernel.end()
            told = f"{getattr(error, 'ename', type(error).__name__)}: {getattr(error, 'evalue', error)}"
            raise KernelFailedError(f"modules/{module.slug}.ipynb: {told}") from error
        return kernel

    def _argv(self, folder: Path, desk: int) -> list[str]:
        read = [Path(__file__).resolve().parent.parent, *(self._place / n for n in ("data", "quizzes"))]
        allowed = [word for path in read for word in ("--read", str(path))]
        return [
            sys.executable, "-P", "-m", "netralitas.web.confine", "--desk", str(desk), *allowed,
            "--write", str(folder), "--content", str(self._place), "-f", "{connection_file}",
        ]  # fmt: skip

    async def _make_room(self) -> None:
        live = self.running()
        if len(live) < CAP:
            return
        idle = sorted((k for k in live.values() if not k.busy), key=lambda kernel: kernel.used)
        oldest = idle[0] if idle else min(live.values(), key=lambda kernel: kernel.used)
        await oldest.end()

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(IDLE / 5)
            for key, kernel in self.running().items():
                if not kernel.busy and time.monotonic() - kernel.used > IDLE:
                    await kernel.end()
                    self._kernels.pop(key, None)
