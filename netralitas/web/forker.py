"""The base forker: one process a server with everything imported; all kernels are forked from it.

    server    BaseForker.fork(request, fds) ─► one packet: the request, and the sockets it is for
    base      python -m netralitas.web.forker FD: fork, and in the child
                snapshot   cells run, then a child for each socket handed over      widgets/loop.py
                alone      cells run for one learner                                widgets/loop.py
                ipykernel  a true ipykernel, connected by its file
    stock     python -m netralitas.web.forker -f FILE: that ipykernel as a process of its own

The base holds no secret, no store and no socket but its own; what it forks gets an environment of its own,
an empty home and the boundary the request names, before anything of a notebook runs. Requests wait in the
socket, so nobody waits for the base to be ready.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from . import confine

PACKET = 64 * 1024
"""Most bytes of a request."""
FDS = 4
BOUNDARY = "NETRALITAS_BOUNDARY"
"""Names the paths an ipykernel may read and write, as JSON; a trainer's own kernel has no boundary."""


def environment(home: Path, content: Path) -> dict[str, str]:
    """Return all of a kernel's environment: where it may look and nothing of the server's."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(home),
        "NETRALITAS_CONTENT": str(content),
        # numpy would begin a thread when it is imported, and what has threads is not forked.
        "OMP_NUM_THREADS": "1",
    }


class BaseForker:
    """The server's end. Safe from any thread; a base that died is replaced at the next request."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._turn = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Process id, None before the first request."""
        return self._process.pid if self._process else None

    def fork(self, request: dict[str, Any], fds: Sequence[int]) -> None:
        """Have a process forked that is what `request` says and holds `fds`. Raises OSError."""
        packet = json.dumps(request).encode()
        with self._turn:
            if self._process is not None and self._process.poll() is None:
                # A base that dies just now is found out by the socket.
                with suppress(OSError):
                    self._send(packet, fds)
                    return
            self._start()
            self._send(packet, fds)

    def stop(self) -> None:
        """End the base; what it forked goes when its own sockets close."""
        with self._turn:
            if self._end is not None:
                self._end.close()
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _send(self, packet: bytes, fds: Sequence[int]) -> None:
        if self._end is not None:
            socket.send_fds(self._end, [packet], list(fds))

    def _start(self) -> None:
        if self._end is not None:
            self._end.close()
        self._end, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-P", "-m", "netralitas.web.forker", str(theirs.fileno())],
                env=environment(Path(os.devnull), Path(os.devnull)),
                cwd="/",
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # A kernel's traceback may show an answer; each writes into its own home.
                stderr=subprocess.DEVNULL,
                # Ctrl-C in a terminal is for the server, which then ends the rest in order.
                start_new_session=True,
            )


@cache
def shared() -> BaseForker:
    """Return the one base of this process."""
    return BaseForker()


def base(control: socket.socket) -> NoReturn:
    """Fork what is asked for until the control socket closes."""
    from ..widgets import loop  # noqa: F401, PLC0415  (imported once, for every kernel)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        packet, fds, _flags, _address = socket.recv_fds(control, PACKET, FDS)
        if not packet:
            os._exit(0)
        if os.fork() == 0:
            try:
                confine.bound_to_parent()
                control.close()
                _become(json.loads(packet), fds)
            finally:
                os._exit(1)
        for number in fds:
            os.close(number)


def _become(request: dict[str, Any], fds: list[int]) -> None:
    """Be what was asked for; returns when it is over."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    if request["be"] == "ipykernel":
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with socket.socket(fileno=fds.pop(0)) as asker:
            asker.sendall(str(os.getpid()).encode())
        _place(fds, request["fds"])
        ipykernel(request["argv"])
        return
    from ..widgets import loop  # noqa: PLC0415

    end = socket.socket(fileno=fds[0])
    try:
        errors = os.open("galat.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(errors, 2)
        os.close(errors)
        confine.confine([Path(path) for path in request["read"]], [Path(request["folder"])])
        confine.shut()
        run = {"snapshot": loop.snapshot, "alone": loop.alone}[request["be"]]
        run(Path(request["notebook"]), end, confine.seal)
    except Exception as error:  # noqa: BLE001  (whoever waits at the other end is told)
        loop.Line(end).send({"failed": f"{type(error).__name__}: {error}"})


def _place(fds: list[int], wanted: list[int]) -> None:
    """Give descriptors the numbers they had where they came from."""
    high = [fcntl.fcntl(number, fcntl.F_DUPFD, 100) for number in fds]
    for number in fds:
        os.close(number)
    for number, name in zip(high, wanted, strict=True):
        os.dup2(number, name)
        os.close(number)


def ipykernel(argv: list[str]) -> None:
    """Be an ipykernel, inside the boundary the environment names, until it is shut down."""
    told = os.environ.pop(BOUNDARY, None)
    if told is not None:
        paths = json.loads(told)
        # Its own sockets are made inside; `attend` gives up making more before a cell runs.
        confine.confine([Path(path) for path in paths["read"]], [Path(path) for path in paths["write"]])
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  (heavy, and for two rungs only)

    IPKernelApp.launch_instance(argv)


def attend(number: int) -> None:
    """In an ipykernel of the site, before its cells: give up new sockets, serve over an inherited one."""
    from ..widgets import loop  # noqa: PLC0415

    confine.shut()
    loop.attend(number, confine.seal)


if __name__ == "__main__":
    if sys.argv[1] == "-f":
        ipykernel(sys.argv[1:])
    else:
        base(socket.socket(fileno=int(sys.argv[1])))
