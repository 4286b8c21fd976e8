"""The ladder: five ways a notebook's kernels come to be, the lightest first; a fault leads to the next.

    snapshot    cells run once; a kernel is forked from that at a learner's first answer       ~3 MB, ~5 ms
    websocket   the same fork as soon as the page opens: the notebook asks for it, because a widget shows a
                learner what only a kernel knows ("netralitas": {"rung": "websocket"} in its metadata)
    late        forked from the base, runs the cells itself: cells leave what must not be forked
    ipykernel   a true ipykernel forked from the base (kernelspecs/netralitas)
    stock       a true ipykernel as a process of its own: no fork at all, any system

Each rung gives what the page is made of (`outputs`) and kernels. Falling is logged with its reason; only when
the last rung fails does a learner see a calm error page, and for RETRY seconds nobody tries again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ..settings import RungName
from .desk import Answers
from .forker import BOUNDARY, environment, shared
from .kernels import Kernel, KernelFailedError, Peer, result
from .provisioner import FORKED, STOCK, specs

_log = logging.getLogger(__name__)
_PACKAGE = Path(__file__).resolve().parent.parent

RUNGS: tuple[RungName, ...] = get_args(RungName)

BOOT = 60.0
"""Seconds a module's cells may take."""

BIRTH = 10.0
"""Seconds a fork may take."""

BIRTHS = 16
"""Most kernels of a module on their way at once: a class that begins together queues here."""

SPARES = 3
"""Kernels kept ready of a module somebody has begun; of one nobody came to yet, a single one."""

RESTOCK = 0.1
"""Seconds after a spare kernel was taken until the next is forked: the learner's answer goes first."""

RETRY = 60.0
"""Seconds before a module none of whose rungs held is tried again."""

Bundle = dict[str, Any]
Outputs = list[list[Bundle]]
MakeDesk = Callable[[], Answers]
T = TypeVar("T")


class Paths:
    """Where a notebook's processes may look: it, the content of `place`, `more`, a folder for their homes."""

    def __init__(self, place: Path, notebook: Path, homes: Path, *more: Path) -> None:
        self.place, self.notebook, self.homes = place, notebook, homes
        self.read = [str(path) for path in (_PACKAGE, notebook, place / "data", place / "quizzes", *more)]

    @property
    def name(self) -> str:
        """Return what the notebook is called in the log."""
        return f"{self.notebook.parent.name}/{self.notebook.name}"

    def asked(self) -> str:
        """Return the rung the notebook asks to begin with, the first where it asks for none that exists."""
        told = json.loads(self.notebook.read_text(encoding="utf-8"))["metadata"].get("netralitas", {})
        return told["rung"] if told.get("rung") in RUNGS else RUNGS[0]

    def home(self) -> Path:
        """Make an empty home."""
        return Path(tempfile.mkdtemp(prefix="k", dir=self.homes))

    def request(self, be: str, home: Path) -> dict[str, Any]:
        """Return what the base is asked for."""
        return {
            "be": be, "notebook": str(self.notebook), "read": self.read, "folder": str(home),
            "environment": environment(home, self.place),
        }  # fmt: skip


class Rung(Protocol):
    """One way."""

    lazy: bool
    """Whether a kernel can wait for the first answer."""

    async def outputs(self) -> Outputs:
        """Return the MIME bundles each code cell showed. Raises KernelFailedError."""

    async def kernel(self) -> Kernel:
        """Return a kernel without a learner whose cells have run. Raises KernelFailedError."""

    async def end(self) -> None:
        """End what this rung keeps for all."""


class Ladder:
    """One module of one generation; shares its rung among all learners."""

    def __init__(self, paths: Paths, make_desk: MakeDesk, first: str = RUNGS[0]) -> None:
        self._paths, self._make_desk = paths, make_desk
        # Where there is no fork, only the last is left.
        possible = RUNGS[0] if sys.platform == "linux" else RUNGS[-1]
        self._first = max(RUNGS.index(name) for name in (first, possible, paths.asked()))
        self._at = self._first
        self._rung: Rung = self._step()
        self._failed: tuple[float, KernelFailedError] | None = None
        self._births = asyncio.Semaphore(BIRTHS)

    @property
    def name(self) -> str:
        """Return the name of the rung it stands on."""
        return RUNGS[self._at]

    @property
    def notebook(self) -> str:
        """Return what its notebook is called in the log."""
        return self._paths.name

    @property
    def lazy(self) -> bool:
        """Say whether a kernel can wait for the learner's first answer."""
        return self._rung.lazy

    async def outputs(self) -> Outputs:
        """Return what the cells showed. Raises KernelFailedError when no rung holds."""
        return await self._try(lambda rung: rung.outputs())

    async def kernel(self) -> Kernel:
        """Return a new kernel without a learner. Raises KernelFailedError when no rung holds."""
        async with self._births:
            return await self._try(lambda rung: rung.kernel())

    async def _fall(self, rung: str, reason: str) -> None:
        """Leave a rung for the next, unless that has happened already."""
        if self.name != rung or self._at == len(RUNGS) - 1:
            return
        left, self._at = self._rung, self._at + 1
        self._rung = self._step()
        _log.warning("%s: %s, so kernels are now: %s (%s)", self._paths.name, rung, self.name, reason)
        await left.end()

    async def end(self) -> None:
        """End what it keeps."""
        await self._rung.end()

    async def _try(self, what: Callable[[Rung], Awaitable[T]]) -> T:
        if self._failed is not None and time.monotonic() - self._failed[0] < RETRY:
            raise self._failed[1]
        while True:
            name = self.name
            try:
                return await what(self._rung)
            except (KernelFailedError, OSError, TimeoutError) as error:
                if self.name != name:
                    continue
                if self._at < len(RUNGS) - 1:
                    await self._fall(name, str(error) or "terlalu lama")
                    continue
                told = KernelFailedError(f"{self._paths.name}: {error or 'terlalu lama'}")
                self._failed = (time.monotonic(), told)
                # From the top next time: what failed may have been the machine's fault.
                left, self._at = self._rung, self._first
                self._rung = self._step()
                await left.end()
                raise told from error

    def _step(self) -> Rung:
        make: dict[str, Callable[[], Rung]] = {
            "snapshot": lambda: Snapshot(self._paths, self._make_desk, lazy=True),
            "websocket": lambda: Snapshot(self._paths, self._make_desk, lazy=False),
            "late": lambda: Late(self._paths, self._make_desk),
            "ipykernel": lambda: Ipykernel(self._paths, self._make_desk, FORKED),
            "stock": lambda: Ipykernel(self._paths, self._make_desk, STOCK),
        }
        return make[self.name]()


class Forker(Peer):
    """The process of a module: its cells have run, and it forks a child for each socket handed over."""

    def __init__(self, end: socket.socket, home: Path) -> None:
        self.outputs: asyncio.Future[Outputs] = asyncio.get_running_loop().create_future()
        self._home = home
        super().__init__(end, "forker")

    def fork(self, desk: Answers) -> Kernel:
        """Return a new child. Raises OSError when the forker is gone."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._end, [b"f"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return Kernel(ours, desk)

    async def heard(self, frame: dict[str, Any]) -> None:
        """Keep what the cells showed, or why they did not run."""
        if "ran" in frame and not self.outputs.done():
            self.outputs.set_result(frame["ran"])
        elif "failed" in frame:
            self._never(str(frame["failed"]))
        else:
            await super().heard(frame)

    def gone(self) -> None:
        """Take its home away."""
        super().gone()
        self._never("proses berakhir sebelum sel selesai")
        shutil.rmtree(self._home, ignore_errors=True)

    def _never(self, reason: str) -> None:
        if not self.outputs.done():
            self.outputs.set_exception(KernelFailedError(reason))
            self.outputs.exception()


class Snapshot:
    """Kernels forked from one process whose cells have run; some are kept ready, so that no answer waits."""

    def __init__(self, paths: Paths, make_desk: MakeDesk, *, lazy: bool) -> None:
        self.lazy, self._paths, self._make_desk = lazy, paths, make_desk
        self._task: asyncio.Task[Forker] | None = None
        self._spares: list[asyncio.Task[Kernel]] = []
        self._kept = 1

    async def outputs(self) -> Outputs:
        """Return what the forker's cells showed."""
        shown = (await self.forker()).outputs.result()
        self._restock()
        return shown

    async def kernel(self) -> Kernel:
        """Return a spare kernel or fork one."""
        self._kept = SPARES
        spare = next((task for task in self._spares if task.done()), None)
        if spare is None:
            return await self._fork()
        self._spares.remove(spare)
        asyncio.get_running_loop().call_later(RESTOCK, self._restock)
        ready: Kernel | None = result(spare)
        return ready if ready is not None and ready.alive else await self._fork()

    def _restock(self) -> None:
        while self._task is not None and len(self._spares) < self._kept:
            self._spares.append(asyncio.create_task(self._fork(), name="spare"))

    async def _fork(self) -> Kernel:
        """Fork; a forker that died under us is replaced once."""
        for last in (False, True):
            forker = await self.forker()
            try:
                kernel = forker.fork(self._make_desk())
                try:
                    await asyncio.wait_for(asyncio.shield(kernel.born), BIRTH)
                except BaseException:
                    await kernel.end()
                    raise
            except (KernelFailedError, OSError, TimeoutError):
                await forker.end()
                if last:
                    raise
            else:
                break
        return kernel

    async def forker(self) -> Forker:
        """Return the living forker, making one when there is none. Raises KernelFailedError."""
        if self._task is None or (self._task.done() and not ((found := result(self._task)) and found.alive)):
            self._task = asyncio.create_task(self._boot(), name="boot")
        return await asyncio.shield(self._task)

    async def end(self) -> None:
        """End the forker and the spares; other children live on until they are not wanted."""
        tasks: list[asyncio.Task[Any]] = [*self._spares, *([self._task] if self._task else [])]
        self._task, self._spares = None, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(peer.end() for task in tasks if (peer := result(task)) is not None))

    async def _boot(self) -> Forker:
        home = self._paths.home()
        ours, theirs = socket.socketpair()
        forker = Forker(ours, home)
        try:
            with theirs:
                shared().fork(self._paths.request("snapshot", home), [theirs.fileno()])
            await asyncio.wait_for(asyncio.shield(forker.outputs), BOOT)
        except BaseException:
            await forker.end()
            raise
        return forker


class Single(ABC):
    """A rung on which each kernel runs the cells itself; one is made and ended for the page."""

    lazy = False

    def __init__(self, paths: Paths, make_desk: MakeDesk) -> None:
        self._paths, self._make_desk = paths, make_desk

    async def outputs(self) -> Outputs:
        """Return what the cells of a kernel nobody gets showed."""
        kernel = await self.kernel()
        await kernel.end()
        return kernel.shown

    @abstractmethod
    async def kernel(self) -> Kernel:
        """Return a kernel of its own whose cells have run."""

    async def end(self) -> None:  # noqa: B027  (a rung need not keep anything)
        """Nothing is kept."""


class Late(Single):
    """Forked from the base; our own loop."""

    async def kernel(self) -> Kernel:
        """Fork and wait until the cells have run."""
        home = self._paths.home()
        ours, theirs = socket.socketpair()
        kernel = Kernel(ours, self._make_desk())
        kernel.clear = lambda: asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
        try:
            with theirs:
                shared().fork(self._paths.request("alone", home), [theirs.fileno()])
            await asyncio.wait_for(asyncio.shield(kernel.born), BOOT)
        except BaseException:
            await kernel.end()
            raise
        return kernel


class Ipykernel(Single):
    """A true ipykernel: its cells are executed from here, its learner is served over the one socket."""

    def __init__(self, paths: Paths, make_desk: MakeDesk, spec: str) -> None:
        super().__init__(paths, make_desk)
        self._spec = spec

    async def kernel(self) -> Kernel:
        """Start, execute the cells, and let go of all but the one socket."""
        home = self._paths.home()
        manager = AsyncKernelManager(
            kernel_name=self._spec, kernel_spec_manager=specs(), transport="ipc",
            connection_file=str(home / "k.json"),
        )  # fmt: skip
        ours, theirs = socket.socketpair()
        kernel = Kernel(ours, self._make_desk())

        async def clear() -> None:
            with suppress(Exception):
                await manager.shutdown_kernel(now=True)
            shutil.rmtree(home, ignore_errors=True)

        kernel.clear = clear
        try:
            with theirs:
                theirs.set_inheritable(True)
                boundary = {"read": self._paths.read, "write": [str(home)]}
                await manager.start_kernel(
                    env=environment(home, self._paths.place) | {BOUNDARY: json.dumps(boundary)},
                    cwd=str(home),
                    pass_fds=(theirs.fileno(),),
                    stderr=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                )
                kernel.shown = await asyncio.wait_for(self._run(manager, theirs.fileno()), BOOT)
            await asyncio.wait_for(asyncio.shield(kernel.born), BIRTH)
        except BaseException as error:
            await kernel.end()
            if isinstance(error, CellExecutionError):
                raise KernelFailedError(f"{error.ename}: {error.evalue}") from None
            if isinstance(error, RuntimeError):
                raise KernelFailedError(str(error)) from error
            raise
        return kernel

    async def _run(self, manager: AsyncKernelManager, line: int) -> Outputs:
        """Execute the cells and return what they showed."""
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=BOOT)
            notebook = nbformat.read(self._paths.notebook, as_version=4)
            attend = f"from netralitas.web.forker import attend\nattend({line})\ndel attend"
            notebook.cells.insert(0, nbformat.v4.new_code_cell(attend))
            runner = NotebookClient(notebook, km=manager, timeout=BOOT, store_widget_state=False)
            runner.kc = client
            runner.reset_execution_trackers()
            for number, cell in enumerate(notebook.cells):
                await runner.async_execute_cell(cell, number)
        finally:
            client.stop_channels()
        return [
            [output["data"] for output in cell.outputs if "data" in output]
            for cell in notebook.cells[1:]
            if cell.cell_type == "code"
        ]
