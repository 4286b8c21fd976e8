"""The boundary around a kernel: Landlock, a seccomp filter, limits; then ipykernel inside it.

    python -m netralitas.web.confine --desk FD --read PATH… --write PATH… --content PATH -f FILE

Run by the kernel room as the kernel's own process. Before anything of IPython is imported it gives up,
for ever and for all its children:

- every file but the ones named (interpreter, libraries, content: read; its own empty home and
  connection folder: write), so no store, no secret, no other kernel's folder;
- connecting over TCP, and making Unix sockets (a PostgreSQL server on this machine is out of reach);
- gaining privileges; being read through /proc or ptrace by siblings; memory beyond a limit.

Landlock is Linux's own; no maintained binding covers its network rules (CONTRIBUTING.md), so the three
system calls stand here. `available()` tells the site, which says at start when there is no boundary.
Only the standard library is imported at the top: what is loaded later is already confined.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import resource
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_RULE_PATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_FS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_CONNECT_TCP = 1 << 1
_SCOPE_ABSTRACT_UNIX, _SCOPE_SIGNAL = 1 << 0, 1 << 1

MEMORY_LIMIT = 4 * 1024**3
"""Address space of a kernel in bytes (private memory is a small part of it)."""

FILES_LIMIT = 256

# What a Python process reads outside its own tree.
SYSTEM_READ = (
    "/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/os-release", "/dev/urandom", "/dev/random", "/proc/meminfo",
    "/proc/stat", "/proc/cpuinfo", "/sys/devices/system/cpu",
)  # fmt: skip


def available() -> int:
    """Return the Landlock ABI version of this machine, 0 where there is none."""
    if platform.system() != "Linux":
        return 0
    return max(0, int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def confine(read: Sequence[Path], write: Sequence[Path], *, abi: int) -> None:
    """Give up everything but the named paths, for this process and its children.

    Paths that do not exist are left out. Raises OSError when the kernel refuses a step: a kernel that
    cannot be confined must not run.
    """
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))
    if abi:
        _landlock(read, write, abi)
    _no_unix_sockets()


def _landlock(read: Sequence[Path], write: Sequence[Path], abi: int) -> None:
    handled = _FS_BY_ABI[max(version for version in _FS_BY_ABI if version <= abi)]
    network = _CONNECT_TCP if abi >= 4 else 0  # noqa: PLR2004  (ABI versions of the kernel's manual)
    scoped = _SCOPE_ABSTRACT_UNIX | _SCOPE_SIGNAL if abi >= 6 else 0  # noqa: PLR2004
    attributes = struct.pack("=QQQ", handled, network, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8  # noqa: PLR2004
    ruleset = _check(_LIBC.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)))
    everything = handled & ~_EXECUTE
    for paths, access in ((read, _READ), (write, everything)):
        for path in paths:
            _allow(ruleset, path, access & handled)
    _allow(ruleset, Path("/dev/null"), (_READ_FILE | _WRITE_FILE) & handled)
    # /proc/self is this process alone; the rule holds the folder itself, not the name.
    _allow(ruleset, Path("/proc/self").resolve(), (_READ_FILE | _READ_DIR) & handled)
    _check(_LIBC.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
    os.close(ruleset)


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = struct.pack("=Qi", access if path.is_dir() else access & _FILE_ONLY, handle)
        _check(_LIBC.syscall(_ADD_RULE, ruleset, _RULE_PATH, rule, ctypes.c_uint32(0)))
    finally:
        os.close(handle)


def _no_unix_sockets() -> None:
    """Refuse `socket(AF_UNIX, …)`; socketpair and inherited sockets go on working."""
    numbers = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
    if platform.machine() not in numbers:
        return
    arch, call = numbers[platform.machine()]
    load, jump_equal, give = 0x20, 0x15, 0x06
    kill, refuse, allow = 0x80000000, 0x00050000 | 13, 0x7FFF0000
    program = [
        (load, 0, 0, 4), (jump_equal, 1, 0, arch), (give, 0, 0, kill),
        (load, 0, 0, 0), (jump_equal, 0, 3, call),
        (load, 0, 0, 16), (jump_equal, 0, 1, socket.AF_UNIX), (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]  # fmt: skip
    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(buffer))
    _check(_LIBC.prctl(_PR_SET_SECCOMP, 2, header, 0, 0))


def _check(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_LIMIT, FILES_LIMIT))


def main(argv: Sequence[str] | None = None) -> None:
    """Confine this process, then be an ipykernel whose widgets record over the desk socket."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--desk", type=int, required=True)
    parser.add_argument("--read", type=Path, action="append", default=[])
    parser.add_argument("--write", type=Path, action="append", default=[])
    parser.add_argument("--content", required=True)
    parser.add_argument("-f", dest="connection", required=True)
    given = parser.parse_args(argv)
    _limits()
    system = [Path(path) for path in SYSTEM_READ]
    python = [Path(path).resolve() for path in (sys.prefix, sys.base_prefix)]
    confine([*system, *python, *given.read], given.write, abi=available())
    desk = socket.socket(fileno=given.desk)
    desk.set_inheritable(False)
    os.environ["NETRALITAS_CONTENT"] = given.content
    _be_kernel(given.connection, desk)


def _be_kernel(connection: str, desk: socket.socket) -> None:
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  (only after the boundary stands)

    from ..widgets.learning import listen  # noqa: PLC0415
    from ..widgets.recorder import SiteRecorder  # noqa: PLC0415

    app = IPKernelApp.instance()
    app.initialize(["-f", connection, "--HistoryManager.enabled=False", "--log-level=ERROR", "--quiet"])
    listen(SiteRecorder(desk))
    app.start()


if __name__ == "__main__":
    main()
