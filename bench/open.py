"""FIGURE=open: one learner opens the module, begins the quiz and answers one question; each server in turn.

Measured for each open: CPU of the server's whole process tree, from before the page is asked for until a
second after the verdict; wall time until the quiz has begun and until the verdict; bytes of page and frames
over the line. Memory left is private memory before the first and after the last open, divided by their
number; all pages stay open meanwhile. Not measured: the client, scripts and styles (FIGURE=page), logging
in. The servers are in servers.py; Solara and stock Voilà keep answers in memory, ours writes them durably
first.

Bounded: ROUNDS opens each (default 8), one after the other, on loopback; at most MINUTES minutes (default
10). WITHOUT=solara leaves a server out. All servers end with the run.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import ExitStack
from typing import NamedTuple

from bench.measure import bounded, headline, median, memory, table
from bench.servers import Ours, Server, Solara, Stock, Tab

ROUNDS = int(os.environ.get("ROUNDS", "8"))
MINUTES = float(os.environ.get("MINUTES", "10"))
WITHOUT = os.environ.get("WITHOUT", "").split(",")


class Open(NamedTuple):
    """What one open cost: CPU seconds of the server, wall seconds, bytes received."""

    cpu: float
    begun: float
    verdict: float
    received: int


async def once(server: Server, tabs: list[Tab]) -> Open:
    before, start = server.meter.seconds(), time.perf_counter()
    tab = await server.open()
    tabs.append(tab)
    await tab.begin()
    begun = time.perf_counter() - start
    await tab.answer()
    verdict = time.perf_counter() - start
    # What the server still does for this open belongs to it; a second is enough for all of them.
    await asyncio.sleep(1)
    return Open(server.meter.seconds() - before, begun, verdict, tab.received)


async def measured(servers: list[Server]) -> tuple[dict[str, list[Open]], dict[str, float]]:
    """Return what every open cost, and the memory one left, by server."""
    tabs: list[Tab] = []
    found: dict[str, list[Open]] = {server.name: [] for server in servers}
    for server in servers:
        await once(server, tabs)
    before = {server.name: memory(server.pid).private for server in servers}
    for _round in range(ROUNDS):
        for server in servers:
            found[server.name].append(await once(server, tabs))
    left = {server.name: (memory(server.pid).private - before[server.name]) / ROUNDS for server in servers}
    for tab in tabs:
        tab.close()
    return found, left


def main() -> None:
    """Print medians, ratios and the load of the machine."""
    with bounded(60 * MINUTES), ExitStack() as stack:
        wanted = [Stock(), Solara(), Ours(learners=ROUNDS + 1)]
        servers = [stack.enter_context(one) for one in wanted if one.name not in WITHOUT]
        found, left = asyncio.run(measured(servers))
        how = servers[0].meter.how
    headline("open", f"{ROUNDS} opens each in turn after one to warm up, CPU by {how}")
    units = {
        "cpu": ("CPU of the server, ms", 1000),
        "begun": ("wall until the quiz has begun, ms", 1000),
        "verdict": ("wall until the verdict, ms", 1000),
        "received": ("page and frames over the line, KB", 1 / 1024),
    }
    rows = {
        title: {who: median([getattr(one, name) for one in opens]) * factor for who, opens in found.items()}
        for name, (title, factor) in units.items()
    }
    table("median of one open with one answer", rows | {"private memory left by one (mean), MB": left})


if __name__ == "__main__":
    main()
