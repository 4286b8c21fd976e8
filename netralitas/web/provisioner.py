"""The kernel provisioner `netralitas-forked`: ordinary ipykernels, forked from a base with all imports done.

Named by `kernelspecs/netralitas/kernel.json`; whoever starts that kernel by jupyter_client, nbclient or
JupyterLab gets a true ipykernel in a fraction of the time. Only how the process begins is ours; connection
files, ports and shutting down are `LocalProvisioner`'s.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .forker import shared

SPECS = Path(__file__).parent / "kernelspecs"
FORKED, STOCK = "netralitas", "netralitas-stok"
BIRTH = 20.0
"""Seconds a fork may take; the first waits for the base to import."""


def specs() -> KernelSpecManager:
    """Return a manager that knows our kernels besides those of the machine."""
    manager = KernelSpecManager()
    manager.kernel_dirs = [str(SPECS), *manager.kernel_dirs]
    return manager


class ForkedProcess:
    """What `LocalProvisioner` wants of a process, for one that is no child of ours. Linux only.

    A handle (pidfd) is held, so a number that has been given to another process is never signalled.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, None
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it runs, 0 afterwards: only its parent learns the true code."""
        if self._handle < 0:
            return 0
        ended, _write, _other = select.select([self._handle], [], [], 0)
        return 0 if ended else None

    def wait(self) -> int:
        """Wait for its end and let go of it."""
        if self._handle >= 0:
            select.select([self._handle], [], [])
            os.close(self._handle)
            self._handle = -1
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal. Raises ProcessLookupError when it has ended."""
        if self._handle < 0:
            raise ProcessLookupError
        signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkedProvisioner(LocalProvisioner):
    """Has the kernel forked instead of started."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork an ipykernel with the environment, folder and descriptors it was to be started with."""
        environment = dict(kwargs.get("env") or os.environ)
        home = Path(kwargs.get("cwd") or Path.cwd()).resolve()
        ours, theirs = socket.socketpair()
        kept = tuple(kwargs.get("pass_fds", ()))
        with ours, theirs:
            ours.setblocking(False)
            shared().fork(
                {
                    "be": "ipykernel", "argv": cmd[cmd.index("-f"):], "fds": list(kept),
                    "environment": environment, "folder": str(home),
                },
                [theirs.fileno(), *kept],
            )  # fmt: skip
            theirs.close()
            told = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 32), BIRTH)
            # Declared as a Popen; all of it that is used stands above.
            self.process = cast("Any", ForkedProcess(int(told)))
        self.pid, self.cwd = int(told), home
        return self.connection_info
