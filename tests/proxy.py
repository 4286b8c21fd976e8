"""A line that fails: a TCP proxy in front of a site, on loopback, that breaks connections in five ways."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import Literal, get_args

Fault = Literal["drop", "reset", "half-open", "delay", "double"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
_RESET = struct.pack("ii", 1, 0)


class _Pair:
    """One connection: the browser's end, the site's end, and whether it still carries anything."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.mute = False
        self.late = 0.0

    def run(self, here: socket.socket, there: socket.socket) -> None:
        """Carry bytes one way until an end is closed."""
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                if (wait := self.late - time.monotonic()) > 0:
                    time.sleep(wait)
                if not self.mute:
                    there.sendall(data)
            if not self.mute:
                there.shutdown(socket.SHUT_WR)

    def close(self, *ends: socket.socket, reset: bool = False) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                # Who reads here holds the socket open until woken; the reset goes out when it lets go.
                end.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
                end.close()


class Proxy:
    """Listens on `port`; `fail` breaks what is connected now, and what comes afterwards is sound again."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: list[_Pair] = []
        self._muted: list[_Pair] = []
        self._silent = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, how: Fault) -> None:
        """Break every connection there is.

        `drop` and `reset` end it at both ends; `half-open` carries nothing more and tells nobody; `delay`
        holds everything back for two seconds; `double` ends it for the browser alone: the site has two then.
        """
        for pair in self._pairs:
            if how == "delay":
                pair.late = time.monotonic() + 2
            elif how == "half-open":
                pair.mute = True
                self._muted.append(pair)
            elif how == "double":
                pair.mute = True
                pair.close(pair.near, reset=True)
            else:
                pair.close(pair.near, pair.far, reset=how == "reset")
        if how != "delay":
            self._pairs = []

    def silence(self) -> None:
        """Carry nothing and tell nobody, not even whoever connects anew, until `mend`."""
        self._silent = True
        self.fail("half-open")

    def mend(self) -> None:
        """Let the network tell what half-open connections hide, that they are gone, and carry again."""
        self._silent = False
        for pair in self._muted:
            pair.close(pair.near, pair.far, reset=True)
        self._muted = []

    def close(self) -> None:
        """Stop, and end everything."""
        self.mend()
        self._listening.close()
        self.fail("drop")

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listening.accept()
                pair = _Pair(near, socket.create_connection(("127.0.0.1", self._target)))
                pair.mute = self._silent
                (self._muted if self._silent else self._pairs).append(pair)
                for ends in ((pair.near, pair.far), (pair.far, pair.near)):
                    threading.Thread(target=pair.run, args=ends, daemon=True).start()
