"""What every figure measures with: CPU and memory of a server's whole process tree, and the printing.

    Meter(pid)    CPU seconds: a control group of the server's own where one can be made, else /proc
    memory(pid)   megabytes, from smaps_rollup: private (nobody else maps them), and PSS (shared ones divided)
    bounded(s)    a run that ends after s seconds, on Ctrl-C, on SIGTERM
    guarded(pid)  a server that ends even if this process is killed outright

A control group counts every process that ever was in it, also one that died between two readings. Without
the right to make one, the living are read from the scheduler's own count (schedstat, nanoseconds) and those
that died and were waited for from cutime and cstime (clock ticks); threads that ended are then missing. Which
of the two was used is printed. The client is never in it. Nothing here starts a server.
"""

from __future__ import annotations

import itertools
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

OURS = "ours"
_GROUPS = ("cpuacct", "cpu,cpuacct", "", "unified")
"""Where control groups may be mounted under /sys/fs/cgroup: those that count nanoseconds first."""
_COUNTER = itertools.count()
_WATCH = """
import os, sys
import psutil
kept = {}
for line in sys.stdin:
    with __import__("contextlib").suppress(psutil.Error):
        one = psutil.Process(int(line))
        kept[one.pid] = one
found = [*kept.values()]
for one in kept.values():
    with __import__("contextlib").suppress(psutil.Error):
        found += one.children(recursive=True)
for one in found:
    with __import__("contextlib").suppress(psutil.Error):
        one.kill()
"""
_watcher: list[subprocess.Popen[str]] = []


class Memory(NamedTuple):
    """Megabytes of a process tree, and how many processes it has."""

    private: float
    pss: float
    processes: int


def tree(pid: int) -> list[psutil.Process]:
    """Return a process and all that descend from it; none when it is gone."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def memory(pid: int, *, pause: float = 0.0) -> Memory:
    """Return what a process tree holds in memory; `pause` seconds between two processes.

    Adding up a process's pages costs the machine about a millisecond and holds that process up: a thousand
    in one go would be seen in whatever is timed meanwhile.
    """
    private = pss = processes = 0
    for process in tree(pid):
        try:
            rows = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        processes += 1
        time.sleep(pause)
        for row in rows:
            if row.startswith("Private_"):
                private += int(row.split()[1])
            elif row.startswith("Pss:"):
                pss += int(row.split()[1])
    return Memory(private / 1024, pss / 1024, processes)


def available() -> float:
    """Return the megabytes this machine can still give."""
    return float(psutil.virtual_memory().available) / 2**20


class Meter:
    """CPU of a process tree: every process of it now, and every one they start."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._group = self._made()
        self.how = f"control group, {self._file().name}" if self._group else "schedstat, cutime and cstime"

    def seconds(self) -> float:
        """Return the CPU seconds used so far; only differences mean something."""
        if self._group is None:
            return self._read()
        text = self._file().read_text(encoding="ascii").split()
        return int(text[0]) / 1e9 if len(text) == 1 else int(text[text.index("usage_usec") + 1]) / 1e6

    def close(self) -> None:
        """Take the control group away; its processes have ended."""
        for _turn in range(100 if self._group else 0):
            with suppress(OSError):
                self._group.rmdir()  # type: ignore[union-attr]
                return
            time.sleep(0.02)

    def _file(self) -> Path:
        assert self._group is not None
        found = self._group / "cpuacct.usage"
        return found if found.exists() else self._group / "cpu.stat"

    def _made(self) -> Path | None:
        """Return a new control group with the whole tree in it, or None where that is not allowed."""
        own: dict[str, str] = {}
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _number, kinds, path = line.split(":", 2)
            own |= dict.fromkeys([kinds, *kinds.split(",")], path.lstrip("/"))
        for name in _GROUPS:
            kind = "cpuacct" if "cpuacct" in name else ""
            above = Path("/sys/fs/cgroup", name, own.get(kind, ""))
            group = above / f"netralitas-bench-{os.getpid()}-{next(_COUNTER)}"
            if not (above / "cgroup.procs").exists():
                continue
            try:
                group.mkdir()
            except OSError:
                continue
            try:
                for process in tree(self._pid):
                    (group / "cgroup.procs").write_text(str(process.pid), encoding="ascii")
            except OSError:
                # A group with somebody in it stays; it costs nothing.
                with suppress(OSError):
                    group.rmdir()
                continue
            if any((group / file).exists() for file in ("cpuacct.usage", "cpu.stat")):
                return group
        return None

    def _read(self) -> float:
        total = 0.0
        ticks = os.sysconf("SC_CLK_TCK")
        for process in tree(self._pid):
            with suppress(OSError):
                stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
                total += (int(stat[13]) + int(stat[14])) / ticks
            for task in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                with suppress(OSError):
                    total += int(task.read_text(encoding="ascii").split()[0]) / 1e9
        return total


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End what runs inside after so many seconds, on SIGTERM and on a closed terminal, as Ctrl-C does."""

    def late(*_signal: object) -> None:
        # Not an Exception: whoever waits for a socket would take it for theirs.
        raise SystemExit(f"the run took longer than its {seconds:.0f} s; the servers have ended")

    def asked(*_signal: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, late)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit("interrupted; the servers have ended")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def guarded(pid: int) -> None:
    """Have a server's tree killed when this process ends in a way that leaves it no time to."""
    if not _watcher:
        _watcher.append(
            # In a session of its own, so that Ctrl-C does not reach it before it has seen the end.
            subprocess.Popen(
                [sys.executable, "-c", _WATCH], stdin=subprocess.PIPE, text=True, start_new_session=True
            )
        )
    pipe = _watcher[0].stdin
    assert pipe is not None
    pipe.write(f"{pid}\n")
    pipe.flush()


def end(pid: int, stop: Callable[[], object]) -> None:
    """Stop a server in its own way, then whatever of its tree is still there."""
    left = tree(pid)
    try:
        stop()
    finally:
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=10)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of all values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def median(values: Sequence[float]) -> float:
    """Return the median; not-a-number when there is nothing."""
    return statistics.median(values) if values else float("nan")


def headline(figure: str, told: str, seed: object = None) -> None:
    """Print what was run and on what."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    drawn = "" if seed is None else f", seed {seed}"
    print(f"\nFIGURE={figure}, {told}{drawn}; load {load}, {os.cpu_count()} cores, {time.strftime('%F %T')}")


def table(title: str, rows: Mapping[str, Mapping[str, float]], *, against: str = OURS) -> None:
    """Print a row for each thing measured: what each server took, and each one's ratio to ours."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    others = [name for name in names if name != against] if against in names else []
    print(
        f"{title:<44}" + "".join(f"{name:>12}" for name in names) + "".join(f"{n:>12}" for n in _over(others))
    )
    for label, row in rows.items():
        values = "".join(f"{_number(row.get(name)):>12}" for name in names)
        ratios = "".join(f"{_ratio(row.get(name), row.get(against)):>12}" for name in others)
        print(f"{label:<44}{values}{ratios}")


def _over(names: Sequence[str]) -> list[str]:
    return [f"{name}÷" for name in names]


def _number(value: float | None) -> str:
    if value is None or value != value:  # noqa: PLR0124  (not-a-number is unequal to itself)
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}"


def _ratio(value: float | None, base: float | None) -> str:
    if value is None or not base or value != value or base != base:  # noqa: PLR0124
        return "–"
    return f"{value / base:.1f}×"
