"""The learner's kernel: a notebook's cells run once, then nothing but comm messages over one socket.

    snapshot(notebook, control)  cells ─► {"ran"}, rehearsed, frozen; for each socket handed over: fork, serve
    alone(notebook, end)         cells ─► {"ran"}, then serve in this very process
    attend(fd)                   inside an ipykernel whose cells are run from outside: serve beside it

    serving:  ─► {"born": pid}
              ◄─ {"begin": state}   the learner has arrived: widgets take up where they stand
              ◄─ {"comm"}           a browser's message, to the widget it names
              ─► {"comm": …} to every tab;  {"ask": …} and wait for {"answer": …}

Cells know no learner, so every child of a snapshot starts equal and shares its memory; it costs a few
megabytes and milliseconds. There is no way to execute, complete or inspect anything over this socket. A
closed socket is the end of a process, so a server that dies leaves none behind.
"""

from __future__ import annotations

import asyncio
import gc
import io
import os
import random
import resource
import signal
import socket
import struct
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Protocol

import comm
import orjson
from comm.base_comm import BaseComm, CommManager
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import board
from .learning import begin, rehearsal
from .recorder import SiteRecorder, State

FRAME = struct.Struct("!I")
MAX_FRAME = 16 * 1024 * 1024
HEADROOM = 96 * 1024 * 1024
"""Bytes a learner's kernel may take beyond what it shares."""

REHEARSALS = 20
"""Times a module serves nobody before it is frozen: what Python makes or adapts at first use is shared."""

BEGINNING = 3
"""Frames of a rehearsal until its first activity has begun: arrival, message, the site's answer."""

Seal = Callable[[int], None]
"""Gives up what only the cells needed; told the bytes of address space the process may have from now on."""
Shown = list[list[dict[str, Any]]]
"""The MIME bundles each code cell showed."""


class CellsFailedError(Exception):
    """Raised when a cell fails or leaves what must not be forked; the text says which."""


class End(Protocol):
    """What a line needs of a socket."""

    def recv(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none when the other end is gone."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""


class Line:
    """The one socket: length-prefixed JSON frames, and questions that wait for their answer."""

    def __init__(self, end: End) -> None:
        self._end = end
        self._waiting: deque[dict[str, Any]] = deque()

    def send(self, frame: dict[str, Any]) -> None:
        """Send one frame."""
        data = orjson.dumps(frame)
        self._end.sendall(FRAME.pack(len(data)) + data)

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question and return its answer; frames that come between are kept for later."""
        self.send(question)
        while "answer" not in (frame := self._read()):
            self._waiting.append(frame)
        answer: dict[str, Any] = frame["answer"]
        return answer

    def next(self) -> dict[str, Any]:
        """Return the next frame of the site."""
        return self._waiting.popleft() if self._waiting else self._read()

    @property
    def waiting(self) -> bool:
        """Say whether a frame has been read already."""
        return bool(self._waiting)

    def _read(self) -> dict[str, Any]:
        (length,) = FRAME.unpack(self._exactly(FRAME.size))
        frame: dict[str, Any] = orjson.loads(self._exactly(length))
        return frame

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            part = self._end.recv(length - len(data))
            if not part:
                # The site is gone. Nothing here is worth saving, and no atexit hook may run.
                os._exit(0)
            data += part
        return bytes(data)


class LineComm(BaseComm):
    """A comm whose messages go over the process's line; before the learner has arrived, nobody hears them."""

    line: ClassVar[Line | None] = None

    def publish_msg(self, msg_type: str, data: Any = None, **_rest: Any) -> None:
        """Send a message of a widget to the tabs."""
        if msg_type == "comm_msg" and LineComm.line is not None:
            LineComm.line.send({"comm": {"comm_id": self.comm_id, "data": data}})


class Served:
    """The one learner of this process: frames in, to widgets and recorder."""

    def __init__(self, manager: CommManager, end: End, seal: Seal | None = None) -> None:
        self._manager, self._line, self._seal = manager, Line(end), seal
        self._line.send({"born": os.getpid()})

    def turn(self) -> None:
        """Wait for a frame and act on it, and on those that came while it was acted on."""
        self._heard(self._line.next())
        while self._line.waiting:
            self._heard(self._line.next())

    def _heard(self, frame: dict[str, Any]) -> None:
        if "begin" in frame:
            if self._seal is not None:
                self._seal(_address_space() + HEADROOM)
            _reseed()
            # The page shows all of this already: only what changes from here on is sent.
            begin(SiteRecorder(self._line.ask), State.of(frame["begin"]))
            board.begin(self._line.ask)
            LineComm.line = self._line
        elif "comm" in frame:
            target = self._manager.comms.get(frame["comm"]["comm_id"])
            if target is not None:
                target.handle_msg({"content": frame["comm"], "buffers": []})
            else:
                sys.stderr.write("netralitas: message for a widget that is not there\n")


def snapshot(notebook: Path, control: socket.socket, seal: Seal) -> None:
    """Be the forker of a notebook until the control socket closes; returns only when its cells fail.

    `seal` is called in each child before it says anything.
    """
    manager = _hooks()
    told = Line(control)
    told.send({"born": os.getpid()})
    try:
        shown = cells(notebook)
        _must_be_forkable(control.fileno())
    except CellsFailedError as fault:
        told.send({"failed": str(fault)})
        return
    told.send({"ran": shown})
    frames = rehearsal()
    for _ in range(REHEARSALS):
        _rehearse(manager, frames)
    # What is here now is shared with every child; a collection in a child must not touch it.
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    memory = _address_space() + HEADROOM
    while True:
        word, ends, _flags, _address = socket.recv_fds(control, 1, 1)
        if not word:
            os._exit(0)
        if os.fork() == 0:
            try:
                control.close()
                seal(memory)
                # The first beginning once more, so that most of the memory a first message writes to is this
                # process's own before a learner waits for it. All of it would cost more than it saves.
                _rehearse(manager, frames[:BEGINNING])
                _serve(manager, socket.socket(fileno=ends[0]))
            finally:
                # Neither atexit nor `__del__` of what was made before the fork may run.
                os._exit(1)
        os.close(ends[0])


def alone(notebook: Path, end: socket.socket, seal: Seal) -> None:
    """Run the cells and serve one learner in this process; returns only when the cells fail."""
    manager = _hooks()
    try:
        shown = cells(notebook)
    except CellsFailedError as fault:
        Line(end).send({"failed": str(fault)})
        return
    Line(end).send({"ran": shown})
    # Threads the cells left live on here, and their stacks; what is mapped now is not the learner's doing.
    seal(_address_space() + HEADROOM)
    _serve(manager, end)


def attend(number: int, seal: Seal) -> None:
    """Serve over an inherited descriptor, inside the running loop of an ipykernel.

    Called before the cells run, so that their widgets speak over this line; `seal` is called when the learner
    arrives, after the cells.
    """
    served = Served(_hooks(), socket.socket(fileno=number), seal)
    asyncio.get_running_loop().add_reader(number, served.turn)


def cells(notebook: Path) -> Shown:
    """Run the code cells; return the MIME bundles each showed. Raises CellsFailedError."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.colors = "NoColor"
    shown: Shown = []
    # `check` has validated the notebook; importing nbformat here would double the time to boot.
    for cell in orjson.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] != "code":
            continue
        shell.display_pub = publisher = CapturingDisplayPublisher()
        shell.display_trap.hook = CapturingDisplayHook(shell, publisher.outputs)
        result = shell.run_cell("".join(cell["source"]), store_history=False)
        fault = result.error_before_exec or result.error_in_exec
        if fault is not None:
            raise CellsFailedError(f"{type(fault).__name__}: {fault}")
        shown.append([output["data"] for output in publisher.outputs])
    return shown


def _hooks() -> CommManager:
    """Make every comm of this process one of its line, and return who holds them."""
    manager = CommManager()
    comm.create_comm = LineComm
    comm.get_comm_manager = lambda: manager
    return manager


def _serve(manager: CommManager, end: socket.socket) -> NoReturn:
    served = Served(manager, end)
    while True:
        served.turn()


def _rehearse(manager: CommManager, frames: list[dict[str, Any]]) -> None:
    """Serve nobody once; when a learner arrives, every widget begins anew."""
    served = Served(manager, _Stage(frames))
    for frame in frames:
        if "answer" not in frame:
            served.turn()
    LineComm.line = None


class _Stage:
    """Stands in for a socket at whose other end the frames wait and nobody listens."""

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        packed = (orjson.dumps(frame) for frame in frames)
        self.recv = io.BytesIO(b"".join(FRAME.pack(len(data)) + data for data in packed)).read

    def sendall(self, data: bytes) -> None:
        """Drop it."""


def _must_be_forkable(control: int) -> None:
    """Raise CellsFailedError when this process must not be forked: asked of the process, not of the author.

    A fork copies one thread only, whatever is open would be shared by all learners, and random numbers drawn
    from what was seeded before would be the same for all.
    """
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise CellsFailedError("sel-selnya meninggalkan utas (thread) yang berjalan")
    known = {0, 1, 2, control}
    listed = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    if any(number not in known and _open(number) for number in listed):
        raise CellsFailedError("sel-selnya meninggalkan berkas atau soket yang terbuka")
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        pass
    else:
        raise CellsFailedError("sel-selnya meninggalkan proses yang berjalan")
    numpy = sys.modules.get("numpy")
    seeded = (random.Random, *((numpy.random.Generator, numpy.random.RandomState) if numpy else ()))
    for name, value in InteractiveShell.instance().user_ns.items():
        if isinstance(value, seeded) and not isinstance(value, random.SystemRandom):
            raise CellsFailedError(f"'{name}' membuat angka acak yang akan sama bagi semua pembelajar")


def _reseed() -> None:
    """Give this learner random numbers of their own, whatever the cells seeded."""
    random.seed()
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(int.from_bytes(os.urandom(4)))


def _open(number: int) -> bool:
    """Say whether a descriptor is still open; the one that listed them is not."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _address_space() -> int:
    """Return the bytes of address space this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
