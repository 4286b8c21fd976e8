"""The boundary around a kernel: Landlock, a seccomp filter, limits.

Drawn by a kernel's own process before a cell runs. It gives up, for ever and for all its children:

- every file but the ones named (interpreter, libraries, content: read; its own empty home:
  write), so no store, no secret, no other kernel's folder;
- new sockets of every kind and io_uring (a PostgreSQL server on this machine is out of reach);
- gaining privileges; being read through /proc or ptrace by siblings; memory beyond a limit.

Landlock is Linux's own; no maintained binding covers its network rules (CONTRIBUTING.md), so the three
system calls stand here. `available()` tells the site, which says at start when there is no boundary.
Elsewhere than on Linux there is none, and kernels are processes like any other.
"""

from __future__ import annotations

import ctypes
import errno
import mimetypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_LIBC = ctypes.CDLL(None, use_errno=True)
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_RULE_PATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_FS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 1 << 0 | 1 << 1
_SCOPE_ABSTRACT_UNIX, _SCOPE_SIGNAL = 1 << 0, 1 << 1

# Classic BPF, and what seccomp answers.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _REFUSE, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_X32, _MSG_FASTOPEN = 0x40000000, 0x20000000
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


class _Calls(NamedTuple):
    """Numbers of system calls of one machine; `flagged` come with the argument that holds MSG flags."""

    seccomp: int
    refused: tuple[int, ...]
    ignored: tuple[int, ...]
    flagged: tuple[tuple[int, int], ...]


# socket, socketpair, connect, io_uring_*; truncate, chown*, setxattr*; ptrace, process_vm_*, bpf,
# perf_event_open, userfaultfd, add_key…keyctl, unshare, setns, mount, umount, open_by_handle_at,
# process_madvise. Then chmod*.
_CALLS = {
    "x86_64": _Calls(
        317,
        (41, 53, 42, 425, 426, 427, 76, 92, 94, 260, 188, 189, 101, 310, 311, 321, 298, 323, 248, 249, 250,
         272, 308, 165, 166, 304, 440),
        (90, 91, 268, 452),
        ((44, 3), (46, 2), (307, 3)),
    ),
    "aarch64": _Calls(
        277,
        (198, 199, 203, 425, 426, 427, 45, 54, 55, 5, 6, 117, 270, 271, 280, 241, 282, 217, 218, 219, 97, 268,
         40, 39, 265, 440),
        (52, 53, 452),
        ((206, 3), (211, 2), (269, 3)),
    ),
}  # fmt: skip

MEMORY_LIMIT = 4 * 1024**3
"""Address space of a kernel in bytes (private memory is a small part of it)."""

CPU_LIMIT = 120
"""Seconds of processor time of one learner's kernel; an answer takes milliseconds."""

FILES_LIMIT = 256
FILE_LIMIT = 4 * 1024**2
"""Bytes a file may grow to; a kernel keeps nothing."""

# What a Python process reads outside its own tree.
SYSTEM_READ = (
    "/usr/lib", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache",
    "/etc/localtime", "/etc/os-release", "/dev/urandom", "/dev/random", "/proc/meminfo",
    "/proc/stat", "/proc/cpuinfo", "/sys/devices/system/cpu", *mimetypes.knownfiles,
)  # fmt: skip


def exposed(path: Path) -> bool:
    """Say whether a kernel could read `path` because it lies inside the interpreter or the libraries."""
    return any(path.is_relative_to(place) for place in _python())


def available() -> int:
    """Return the Landlock ABI version of this machine, 0 where there is no boundary to be had."""
    if platform.system() != "Linux" or platform.machine() not in _CALLS:
        return 0
    return max(0, int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def confine(read: Sequence[Path], write: Sequence[Path]) -> None:
    """Give up files but the named paths, connections, privileges and being looked into.

    For this process and its children; to be followed by `shut`. Interpreter and libraries stay readable,
    paths that do not exist are left out. Raises OSError when the machine refuses a step: a kernel that cannot
    be confined must not run.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_LIMIT, FILES_LIMIT))
    if platform.system() != "Linux":
        return
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))
    if abi := available():
        _landlock([*(Path(path) for path in SYSTEM_READ), *_python(), *read], write, abi)


def shut() -> None:
    """Give up the system calls no cell needs, in every thread: new sockets above all. Raises OSError."""
    if platform.system() == "Linux" and platform.machine() in _CALLS:
        _filter()


def bound_to_parent() -> None:
    """Die with the parent: a cell that loops while its server dies must not outlive it."""
    if platform.system() == "Linux":
        _check(_LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def seal(memory: int) -> None:
    """Give up writing anywhere and signals to siblings: a learner's kernel keeps nothing.

    Its processor time is limited, and its address space to `memory` bytes.
    """
    if abi := available():
        handled = _FS_BY_ABI[max(version for version in _FS_BY_ABI if version <= abi)] & ~_READ
        ruleset = _ruleset(handled, abi)
        _check(_LIBC.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
        os.close(ruleset)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _ruleset(handled: int, abi: int) -> int:
    network = _TCP if abi >= 4 else 0  # noqa: PLR2004  (ABI versions of the kernel's manual)
    scoped = _SCOPE_ABSTRACT_UNIX | _SCOPE_SIGNAL if abi >= 6 else 0  # noqa: PLR2004
    attributes = struct.pack("=QQQ", handled, network, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8  # noqa: PLR2004
    return _check(_LIBC.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)))


def _landlock(read: Sequence[Path], write: Sequence[Path], abi: int) -> None:
    handled = _FS_BY_ABI[max(version for version in _FS_BY_ABI if version <= abi)]
    ruleset = _ruleset(handled, abi)
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


def _filter() -> None:
    """Refuse the system calls no loop over one socket needs: new sockets, io_uring, other processes, mounts.

    Landlock has no rules for UDP, MPTCP, TCP fast open, Unix sockets and changes of mode or owner.
    """
    machine = platform.machine()
    calls = _CALLS[machine]
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCH[machine]), (_GIVE, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        program += [(_AT_LEAST, 0, 1, _X32), (_GIVE, 0, 0, _KILL)]
    for number in calls.refused:
        program += [(_EQUAL, 0, 1, number), (_GIVE, 0, 0, _REFUSE | errno.EACCES)]
    for number in calls.ignored:
        # IPython copies a file with its mode into its home; it is told yes.
        program += [(_EQUAL, 0, 1, number), (_GIVE, 0, 0, _REFUSE)]
    for number, argument in calls.flagged:
        program += [
            (_EQUAL, 0, 3, number), (_LOAD, 0, 0, 16 + 8 * argument), (_ANY_BIT, 0, 1, _MSG_FASTOPEN),
            (_GIVE, 0, 0, _REFUSE | errno.EACCES), (_LOAD, 0, 0, 0),
        ]  # fmt: skip
    program.append((_GIVE, 0, 0, _ALLOW))
    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(buffer))
    # 1: a filter; 1: for all threads there are, or it answers with one that could not be brought along.
    if _check(_LIBC.syscall(calls.seccomp, ctypes.c_uint(1), ctypes.c_uint(1), header)):
        raise OSError(errno.EACCES, "seccomp")


def _check(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return int(result)


def _python() -> list[Path]:
    return [Path(path).resolve() for path in (sys.prefix, sys.base_prefix)]
