"""FIGURE=burst: twenty learners open the module at one moment, begin the quiz and answer one question each.

Measured for each burst: time until the last of them has a verdict, the median learner's time, and CPU of the
server's whole process tree for all of them. The clients are one asyncio process beside the server on the
same cores; its own CPU is printed, because it takes some of the time. Not measured: scripts and styles
(FIGURE=page), logging in.

Bounded: ROUNDS bursts (default 3) of LEARNERS (default 20) for each server in turn, on loopback; each server
is started anew for each burst, so that none carries an earlier burst's kernels. At most MINUTES minutes
(default 10). WITHOUT=solara leaves a server out. All servers end with the run.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import NamedTuple

from bench.measure import bounded, headline, median, memory, table
from bench.servers import Ours, Server, Solara, Stock

LEARNERS = int(os.environ.get("LEARNERS", "20"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MINUTES = float(os.environ.get("MINUTES", "10"))
WITHOUT = os.environ.get("WITHOUT", "").split(",")


class Burst(NamedTuple):
    """What one burst took: seconds until the last verdict and the median one, CPU seconds, megabytes more."""

    last: float
    usual: float
    cpu: float
    client: float
    memory: float


async def burst(server: Server) -> Burst:
    # The first visit ever warms a server; it is nobody's of the twenty.
    first = await server.open()
    await first.begin()
    before, held = server.meter.seconds(), memory(server.pid).private
    start, own = time.perf_counter(), time.process_time()

    async def learner() -> float:
        tab = await server.open()
        await tab.begin()
        await tab.answer()
        took = time.perf_counter() - start
        tabs.append(tab)
        return took

    tabs = [first]
    took = await asyncio.gather(*(learner() for _learner in range(LEARNERS)))
    client = time.process_time() - own
    await asyncio.sleep(1)
    cpu, more = server.meter.seconds() - before, memory(server.pid).private - held
    for tab in tabs:
        tab.close()
    return Burst(max(took), median(took), cpu, client, more)


def main() -> None:
    """Print medians, ratios and the load of the machine."""
    found: dict[str, list[Burst]] = {}
    how = ""
    with bounded(60 * MINUTES):
        for _round in range(ROUNDS):
            for one in (Stock(), Solara(), Ours(learners=LEARNERS + 1)):
                if one.name not in WITHOUT:
                    with one as server:
                        found.setdefault(server.name, []).append(asyncio.run(burst(server)))
                        how = server.meter.how
    headline("burst", f"{LEARNERS} learners at once, {ROUNDS} bursts each in turn, CPU by {how}")
    units = {
        "last": "seconds until the last verdict",
        "usual": "seconds until the median verdict",
        "cpu": "CPU seconds of the server for all",
        "memory": "private memory more, MB",
        "client": "CPU seconds of the clients themselves",
    }
    rows = {
        title: {who: median([getattr(one, name) for one in bursts]) for who, bursts in found.items()}
        for name, title in units.items()
    }
    table(f"median of {ROUNDS} bursts", rows)


if __name__ == "__main__":
    main()
