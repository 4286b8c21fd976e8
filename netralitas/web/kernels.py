"""Kernels: one a learner and module, confined, disposable.

    join(...)     the learner's kernel, or a new one from the module's ladder ─► Kernel.begin
    Kernel        relays comm messages between it and every tab that joined, and answers it at the desk

A kernel has one socket and nothing else. When it dies its tabs are told, and the next message makes another:
state is replayed from the store. Reading a page needs none.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from ..widgets.loop import FRAME, MAX_FRAME
from .desk import Answers, Owner

if TYPE_CHECKING:
    from .ladder import Ladder

_log = logging.getLogger(__name__)

IDLE = 90.0
"""Seconds without a message after which a kernel is ended; the next message makes another."""

WARM = 150
"""Kernels that stay awake between messages; above, those longest idle sleep when another is made.

Waking costs a message milliseconds, a kernel awake costs megabytes. A class of this size never wakes one
twice, and a thousand learners take the memory of these.
"""

TABS = 8
"""Most tabs of one learner in one module; the oldest makes room."""

DEADLINE = 10.0
"""Seconds a kernel may be silent after a message before it is taken for stuck."""

WAITING = 256 * 1024
"""Bytes that may wait for a kernel before its senders are slowed."""

Listener = Callable[[dict[str, Any] | None], None]


class KernelFailedError(Exception):
    """Raised when a module's cells do not run or no kernel can be made; the text names the fault."""


class Peer:
    """A process at the other end of a socket: frames are read until it closes."""

    def __init__(self, end: socket.socket, name: str) -> None:
        end.setblocking(False)
        self.alive = True
        self.born: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._end = end
        self._handle: int | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._serve(), name=name)

    async def end(self) -> None:
        """End the process."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def heard(self, frame: dict[str, Any]) -> None:
        """Take a frame of the process."""
        if "failed" in frame:
            self._unborn(str(frame["failed"]))
        elif "born" in frame and not self.born.done():
            # The handle, not the number: a number can belong to somebody else by the time we kill it.
            with suppress(ProcessLookupError, AttributeError):
                self._handle = os.pidfd_open(int(frame["born"]))
            self.born.set_result(int(frame["born"]))

    def gone(self) -> None:
        """Settle what waits for the process."""
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = None
        self._unborn("proses berakhir sebelum siap")

    def write(self, frame: dict[str, Any]) -> None:
        """Send a frame to the process."""
        if self._writer is not None and self.alive:
            data = orjson.dumps(frame)
            self._writer.write(FRAME.pack(len(data)) + data)

    def _unborn(self, reason: str) -> None:
        if not self.born.done():
            self.born.set_exception(KernelFailedError(reason))
            # Whoever waits for it hears it; nobody may be waiting.
            self.born.exception()

    async def _serve(self) -> None:
        try:
            reader, self._writer = await asyncio.open_unix_connection(sock=self._end, limit=MAX_FRAME)
            self._writer.transport.set_write_buffer_limits(WAITING)
            while True:
                (length,) = FRAME.unpack(await reader.readexactly(FRAME.size))
                if length > MAX_FRAME:
                    break
                await self.heard(orjson.loads(await reader.readexactly(length)))
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

    def __init__(self, end: socket.socket, desk: Answers) -> None:
        self.desk, self.used = desk, time.monotonic()
        self.shown: list[list[dict[str, Any]]] = []
        """What its cells showed, where it ran them itself."""
        self.clear: Callable[[], Coroutine[Any, Any, None]] | None = None
        """Puts away what else belongs to it, when it is gone."""
        self._listeners: list[Listener] = []
        self._watch: asyncio.TimerHandle | None = None
        self._quiet = False
        self._clearing: asyncio.Task[None] | None = None
        super().__init__(end, "kernel")

    @property
    def at_work(self) -> bool:
        """Say whether a message is being answered."""
        return self._watch is not None and not self._watch.cancelled()

    async def begin(self, owner: Owner) -> None:
        """Give the kernel to a learner, with the state they stand in. Raises what the store raises."""
        # A spare one has waited for its learner; that was no idleness of theirs.
        self.used = time.monotonic()
        self.desk.owner = owner
        self.write({"begin": await self.desk.state(owner)})

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

    async def end(self) -> None:
        """End the process and put away what belongs to it."""
        await super().end()
        if self._clearing is not None:
            await self._clearing

    async def sleep(self) -> None:
        """End an idle kernel without troubling its tabs: their next message makes another."""
        self._quiet = True
        # At once: who sends while it ends is given another, and nobody else puts it to sleep.
        self.alive = False
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
        elif "ran" in frame:
            self.shown = frame["ran"]
        else:
            await super().heard(frame)

    def gone(self) -> None:
        """Tell the tabs, unless it fell asleep."""
        if self._watch is not None:
            self._watch.cancel()
        super().gone()
        if self.clear is not None:
            self._clearing = asyncio.create_task(self.clear(), name="clear")
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


Key = tuple[str, "Ladder"]
"""A learner and what makes the kernels of a module."""


class KernelRoom:
    """All learners' kernels of this server: `cap` at most, and WARM where nobody is at work.

    Those longest idle make room.
    """

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self._asleep: dict[str, float] = {}
        self._rooms: set[asyncio.Task[None]] = set()
        self._kernels: dict[Key, asyncio.Task[Kernel]] = {}
        self._reaper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to end idle kernels; call inside the running loop."""
        self._reaper = asyncio.create_task(self._reap(), name="reaper")

    def running(self) -> dict[Key, Kernel]:
        """Return the live kernels by learner and ladder."""
        found = {key: result(task) for key, task in self._kernels.items()}
        return {key: kernel for key, kernel in found.items() if kernel is not None and kernel.alive}

    def used(self) -> dict[str, float]:
        """Return when each learner last used a kernel, those put to sleep lately included."""
        now = time.monotonic()
        self._asleep = {who: at for who, at in self._asleep.items() if now - at < IDLE}
        return self._asleep | {who: kernel.used for (who, _ladder), kernel in self.running().items()}

    def awake(self, ladder: Ladder, learner: str) -> Kernel | None:
        """Return the learner's kernel of a module when one lives already."""
        task = self._kernels.get((learner, ladder))
        kernel = result(task) if task is not None else None
        return kernel if kernel is not None and kernel.alive else None

    async def join(self, ladder: Ladder, owner: Owner) -> Kernel:
        """Return the learner's kernel of a module, making one when there is none alive.

        Raises KernelFailedError when no rung of the ladder gives one.
        """
        key = (owner.learner, ladder)
        task = self._kernels.get(key)
        # No await between looking and setting: two tabs at once must find one kernel.
        if task is None or (task.done() and self.awake(ladder, owner.learner) is None):
            task = self._kernels[key] = asyncio.create_task(self._make(ladder, owner), name="join")
        return await asyncio.shield(task)

    async def end(self, ladders: set[Ladder]) -> None:
        """End every kernel of these ladders."""
        tasks = [self._kernels.pop(key) for key in list(self._kernels) if key[1] in ladders]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(kernel.end() for task in tasks if (kernel := result(task))))

    async def forget(self, learner: str) -> None:
        """End every kernel of a learner, because what stands has changed behind it; their tabs come back."""
        tasks = [self._kernels.pop(key) for key in list(self._kernels) if key[0] == learner]
        await asyncio.gather(*(kernel.end() for task in tasks if (kernel := result(task))))

    async def stop(self) -> None:
        """End every kernel."""
        if self._reaper is not None:
            self._reaper.cancel()
        await asyncio.gather(*self._rooms)
        await self.end({ladder for _learner, ladder in self._kernels})

    async def _make(self, ladder: Ladder, owner: Owner) -> Kernel:
        # Beside it: nobody's answer waits for another's kernel to end.
        room = asyncio.create_task(self._make_room(), name="room")
        self._rooms.add(room)
        room.add_done_callback(self._rooms.discard)
        kernel = await ladder.kernel()
        try:
            await kernel.begin(owner)
        except BaseException:
            # The store did not answer: a kernel without a learner must not stay.
            await kernel.end()
            raise
        return kernel

    async def _make_room(self) -> None:
        live = self.running()
        for key in [key for key, task in self._kernels.items() if task.done() and key not in live]:
            del self._kernels[key]
        idle = {key: kernel for key, kernel in live.items() if not kernel.at_work}
        # Those on their way count too.
        number = len(self._kernels)
        tired = _longest_idle(idle, number - min(WARM, self.cap))
        if number - len(tired) > self.cap:
            tired = _longest_idle(live, number - self.cap)
        self._asleep |= {key[0]: live[key].used for key in tired}
        await asyncio.gather(*(live[key].sleep() for key in tired))

    async def _reap(self) -> None:
        while True:
            await asyncio.sleep(IDLE / 5)
            for kernel in self.running().values():
                if time.monotonic() - kernel.used > IDLE:
                    await kernel.sleep()


def _longest_idle(kernels: dict[Key, Kernel], number: int) -> list[Key]:
    return heapq.nsmallest(number, kernels, key=lambda key: kernels[key].used)


def result(task: asyncio.Task[Any]) -> Any:
    """Return what a task that has succeeded made, else None."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()
