"""The learner's kernel: forked from a notebook whose cells have run, then nothing but comm messages.

    run(notebook, control):  cells in IPython's shell, once ─► {"ran": outputs}        (or {"failed"})
                             memory frozen; for each socket the site hands over: fork
    child, over its socket:  ─► {"born": pid}
                             ◄─ {"begin"}   the learner has arrived: widgets ask for their state
                             ◄─ {"comm"}    a browser's message, to the widget it names
                             ─► {"comm": …} to every tab;  {"ask": …} and wait for {"answer": …}

Cells know no learner, so every child starts equal and shares the forker's memory; it costs a few megabytes
and milliseconds. There is no way to execute, complete or inspect anything after the cells; no ports, threads
or ZMQ. A closed socket is the end of a process, so a server that dies leaves none behind.
"""

from __future__ import annotations

import gc
import json
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
from typing import Any, ClassVar, NoReturn

import comm
from comm.base_comm import BaseComm, CommManager
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .learning import begin
from .recorder import SiteRecorder

FRAME = struct.Struct("!I")
MAX_FRAME = 16 * 1024 * 1024
HEADROOM = 96 * 1024 * 1024
"""Bytes a learner's kernel may take beyond what it shares."""


class Line:
    """The one socket: length-prefixed JSON frames, and questions that wait for their answer."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._waiting: deque[dict[str, Any]] = deque()

    def send(self, frame: dict[str, Any]) -> None:
        """Send one frame."""
        data = json.dumps(frame).encode()
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

    def _read(self) -> dict[str, Any]:
        (length,) = FRAME.unpack(self._exactly(FRAME.size))
        frame: dict[str, Any] = json.loads(self._exactly(length))
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
    """A comm whose messages go over the child's line; before there is one, nobody hears them."""

    line: ClassVar[Line | None] = None

    def publish_msg(self, msg_type: str, data: Any = None, **_rest: Any) -> None:
        """Send a message of a widget to the tabs."""
        if msg_type == "comm_msg" and LineComm.line is not None:
            LineComm.line.send({"comm": {"comm_id": self.comm_id, "data": data}})


def run(notebook: Path, control: socket.socket, seal: Callable[[int], None]) -> None:
    """Be the forker of a notebook until the control socket closes; returns only when the cells fail.

    `seal` is called in each child, with the bytes of address space it may have, before it says anything: it
    gives up what only the forker needed.
    """
    manager = CommManager()
    comm.create_comm = LineComm
    comm.get_comm_manager = lambda: manager
    outputs = _cells(notebook)
    told = Line(control)
    if isinstance(outputs, list) and (unfit := _unfit(control.fileno())):
        outputs = unfit
    if isinstance(outputs, str):
        told.send({"failed": outputs})
        return
    told.send({"ran": outputs})
    # What is here now is shared with every child; a collection in a child must not touch it.
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + HEADROOM
    while True:
        word, ends, _flags, _address = socket.recv_fds(control, 1, 1)
        if not word:
            os._exit(0)
        if os.fork() == 0:
            try:
                control.close()
                _live(manager, socket.socket(fileno=ends[0]), memory, seal)
            finally:
                # Neither atexit nor `__del__` of what was made before the fork may run.
                os._exit(1)
        os.close(ends[0])


def _unfit(control: int) -> str | None:
    """Say why this process must not be forked, None when it may: asked of the process, not of the author.

    A fork copies one thread only, and whatever is open would be shared by all learners.
    """
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return "sel-selnya meninggalkan utas (thread) yang berjalan"
    known = {0, 1, 2, control}
    listed = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    strange = [number for number in listed if number not in known and _open(number)]
    return "sel-selnya meninggalkan berkas atau soket yang terbuka" if strange else None


def _open(number: int) -> bool:
    """Say whether a descriptor is still open; the one that listed them is not."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _live(manager: CommManager, end: socket.socket, memory: int, seal: Callable[[int], None]) -> NoReturn:
    """Be a learner's kernel."""
    random.seed()
    seal(memory)
    line = LineComm.line = Line(end)
    line.send({"born": os.getpid()})
    while True:
        frame = line.next()
        if "begin" in frame:
            begin(SiteRecorder(line.ask))
        elif "comm" in frame:
            _deliver(manager, frame["comm"])


def _cells(notebook: Path) -> list[list[dict[str, Any]]] | str:
    """Run the code cells; return the MIME bundles each showed, or what went wrong."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.colors = "NoColor"
    shown: list[list[dict[str, Any]]] = []
    # `check` has validated the notebook; importing nbformat here would double the time to boot.
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        shell.display_pub = publisher = CapturingDisplayPublisher()
        shell.display_trap.hook = CapturingDisplayHook(shell, publisher.outputs)
        result = shell.run_cell("".join(cell["source"]), store_history=False)
        fault = result.error_before_exec or result.error_in_exec
        if fault is not None:
            return f"{type(fault).__name__}: {fault}"
        shown.append([output["data"] for output in publisher.outputs])
    return shown


def _deliver(manager: CommManager, message: dict[str, Any]) -> None:
    target = manager.comms.get(message["comm_id"])
    if target is not None:
        target.handle_msg({"content": message, "buffers": []})
    else:
        sys.stderr.write("netralitas: message for a widget that is not there\n")
