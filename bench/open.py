"""FIGURE=open: one learner opens the module page and gives one answer; by stock Voilà and by us, in turn.

Stock Voilà 0.5 serves the same notebook with its lab template and an ordinary kernel (the widgets record in
memory there). Ours is the full way: login apart, page, websocket, confined kernel, durable write. CPU is what
the server's whole process tree used, read from /proc before and after; the client is not in it. Bounded:
ROUNDS opens each, one after the other, on loopback; both servers end with the run.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import requests
import websocket

from netralitas import content
from netralitas.widgets.learning import model_id
from tests.site import MODULE, Client, Site, frame, free_port

ROUNDS = int(os.environ.get("ROUNDS", "8"))
QUIZ = f"quiz/{MODULE}"
UNITS = {
    "cpu": ("CPU of the server, ms", 1000),
    "wall": ("wall until the receipt, ms", 1000),
    "memory": ("private memory left, MB", 1),
    "received": ("page and frames, KB", 1 / 1024),
}


class Open(NamedTuple):
    """What one open cost: CPU seconds of the server, wall seconds, megabytes left behind, bytes received."""

    cpu: float
    wall: float
    memory: float
    received: int


def tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def cpu(pid: int) -> float:
    """Return CPU seconds of a process tree, in nanosecond steps: the scheduler's own count of each task."""
    total = 0
    for process in tree(pid):
        for task in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text(encoding="ascii").split()[0])
            except OSError:
                continue
    return total / 1e9


def private(pid: int) -> float:
    """Return private megabytes of a process tree."""
    total = 0
    for process in tree(pid):
        try:
            rows = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) for row in rows if row.startswith("Private_"))
    return total / 1024


def measured(pid: int, once: Callable[[], int]) -> Open:
    cpu_before, memory_before, start = cpu(pid), private(pid), time.perf_counter()
    received = once()
    wall = time.perf_counter() - start
    # What the server still does for this open belongs to it; a second is enough for both.
    time.sleep(1)
    return Open(cpu(pid) - cpu_before, wall, private(pid) - memory_before, received)


@contextmanager
def stock() -> Iterator[tuple[int, str]]:
    """Serve the module by stock Voilà; give its pid and address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "JUPYTER_CONFIG_DIR": home, "IPYTHONDIR": home}
        command = [
            str(Path(sys.executable).parent / "voila"), str(content.root() / "modules" / f"{MODULE}.ipynb"),
            "--no-browser", f"--port={port}", "--template=lab",
        ]  # fmt: skip
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _turn in range(300):
                try:
                    requests.get(f"{address}/voila/static/none", timeout=5)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield process.pid, address
        finally:
            process.terminate()
            process.wait(timeout=30)


def open_stock(address: str) -> int:
    """Open the page by stock Voilà and press «Mulai kuis»; return the bytes of page and frames."""
    session = requests.Session()
    page = session.get(address, timeout=60)
    found = re.search(r'"kernelId":\s*"([0-9a-f-]+)"', page.text)
    assert found, "stock Voilà shows no kernel"
    line = websocket.create_connection(
        f"{address.replace('http', 'ws')}/api/kernels/{found[1]}/channels", timeout=30, origin=address
    )
    message = frame(
        model_id(QUIZ), {"method": "custom", "content": {"kind": "open", "event": str(uuid.uuid4())}}
    )
    header = message["header"] | {"session": uuid.uuid4().hex, "username": "", "date": "2026-01-01T00:00:00Z"}
    line.send(json.dumps(message | {"header": header, "buffers": []}))
    received = len(page.content)
    while True:
        data = line.recv()
        received += len(data)
        text = data if isinstance(data, str) else bytes(data).decode("utf-8", "replace")
        if '"receipt"' in text:
            break
    line.close()
    return received


def open_ours(client: Client) -> int:
    """Open our page and press «Mulai kuis»; return the bytes of page and frames."""
    tab = client.channel()
    assert tab.do(QUIZ, {"kind": "open"})["kind"] == "receipt"
    received = sum(len(json.dumps(content)) for content in tab.received)
    tab.close()
    return received + client.received


def main() -> None:
    """Print medians, ratios and the load of the machine."""
    with tempfile.TemporaryDirectory() as home, stock() as (stock_pid, address):
        site = Site(Path(home)).start()
        try:
            nips = site.people(ROUNDS + 1)
            clients = [Client(site, nip) for nip in nips]
            assert site.process is not None
            pid = site.process.pid
            open_stock(address)
            open_ours(clients.pop())
            rows: dict[str, list[Open]] = {"stock": [], "ours": []}
            for client in clients:
                rows["stock"].append(measured(stock_pid, lambda: open_stock(address)))
                rows["ours"].append(measured(pid, lambda client=client: open_ours(client)))  # type: ignore[misc]
        finally:
            site.stop()
    print(f"FIGURE=open, {ROUNDS} opens each in turn, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    print(f"{'median of one open with one answer':<38}{'stock':>12}{'ours':>12}{'ratio':>10}")
    for name, (title, factor) in UNITS.items():
        a, b = (
            statistics.median(getattr(one, name) for one in rows[who]) * factor for who in ("stock", "ours")
        )
        print(f"{title:<38}{a:>12.1f}{b:>12.1f}{a / b:>9.0f}×")


if __name__ == "__main__":
    main()
