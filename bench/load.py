"""FIGURE=load: many learners on pages of ours, each answering or opening now and then; nothing may be lost.

Each of LEARNERS has the page and its websocket open and does something at a random moment every 30–90
seconds for MINUTES: two times in ten they open the page anew, else they act in the quiz or a story, picked
at random: begin (again, when it is finished), answer the open question, or choose in the scene. As on a
page, an answer or a choice comes after its draft: the tick is sent 0.4 s after it was made, the answer when
the learner has pressed the button, so it is the draft that wakes a sleeping kernel. A beginning has no tick
before it, wakes the kernel itself, and is counted in a row of its own: in a short run most are beginnings. A
message without a receipt within 30 seconds counts as an error; the page is then opened anew and the same
event sent once more, as a browser would.

Measured: time from answer, or from beginning, to receipt (the verdict comes before it), time of an opening,
errors, CPU of the server's process tree for each answer, and the most memory its tree held: private and PSS,
summed every tenth of the run, process by process with pauses, because reading them holds them up; and what
the machine had less to give, every second, others' doings included. Afterwards the store is read: LOST counts
events acknowledged that are not in it, doubled those that count twice, and every learner's chain is verified;
the run fails on any. Not measured: logging in, scripts and styles.

Then Solara: the same number of learners with a page open, the quiz begun and one question answered, as many
as fit into three quarters of the memory there is and into SOLARA_MINUTES (default 5); memory only, and if
fewer, that is said and the sum for all is an extrapolation.

One asyncio process is the client of all. Bounded: LEARNERS (default 200) for MINUTES (default 2), all on
loopback; LEARNERS=1000 MINUTES=10 is the full amount. WITHOUT=solara leaves Solara out. SEED repeats the
learners' choices and moments. All servers end with the run.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import secrets
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.course import COURSE
from bench.measure import (
    Memory,
    available,
    bounded,
    headline,
    memory,
    quantile,
    table,
)
from bench.servers import QUIZ, Ours, Solara, Tab, WidgetTab, quiz_answer
from netralitas import content
from tests.site import MODULE

LEARNERS = int(os.environ.get("LEARNERS", "200"))
MINUTES = float(os.environ.get("MINUTES", "2"))
SOLARA_MINUTES = float(os.environ.get("SOLARA_MINUTES", "5"))
SEED = int(os.environ.get("SEED", secrets.randbits(32)))
WITHOUT = os.environ.get("WITHOUT", "").split(",")
PAUSE = (30.0, 90.0)
PRESSED = (0.5, 4.0)
"""Seconds from a tick's draft to the answer."""
REOPENS = 0.2
"""How often a learner opens the page anew instead of acting."""
PATIENCE = 30.0
GENTLE = 0.02
"""Seconds between two processes whose memory is read while learners answer."""
AT_ONCE = 8
"""Pages opened at one time while the learners arrive."""


@dataclass
class Tally:
    """What happened: seconds each thing took, ids acknowledged by learner, errors by kind."""

    answers: list[float] = field(default_factory=list)
    begins: list[float] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    again: int = 0


@dataclass
class Peak:
    """The most a server's tree held while somebody looked."""

    private: float = 0
    pss: float = 0
    processes: int = 0
    machine: float = 0
    looks: int = 0

    def look(self, found: Memory) -> None:
        self.private, self.pss = max(self.private, found.private), max(self.pss, found.pss)
        self.processes, self.looks = max(self.processes, found.processes), self.looks + 1


class Learner:
    """One learner: a page that is open, and what they do next."""

    def __init__(self, server: Ours, name: str, seed: str, tally: Tally) -> None:
        self._server, self._name, self._tally = server, name, tally
        self._random = random.Random(seed)
        self._roots = [
            QUIZ,
            *(f"scenario/{slug}" for slug in content.load(COURSE).course.module(MODULE).scenarios),
        ]
        self._tab: WidgetTab | None = None

    async def open(self) -> None:
        """Open the page, in place of the one that is open."""
        self.close()
        start = time.perf_counter()
        self._tab = await self._server.open_as(self._name)
        self._tally.opens.append(time.perf_counter() - start)

    def close(self) -> None:
        if self._tab is not None:
            self._tab.close()
            self._tab = None

    async def live(self, until: float) -> None:
        """Act at random moments until the time is over."""
        pause = self._random.uniform(0, PAUSE[1])
        while time.monotonic() + pause < until:
            await asyncio.sleep(pause)
            try:
                if self._tab is None or self._random.random() < REOPENS:
                    await self.open()
                else:
                    await self._act()
            except Exception as error:  # noqa: BLE001  (whatever goes wrong is counted, and the others go on)
                self._tally.errors[type(error).__name__] += 1
                self.close()
            pause = self._random.uniform(*PAUSE)

    async def _act(self) -> None:
        assert self._tab is not None
        root = self._random.choice(self._roots)
        message = {"event": str(uuid.uuid4())} | self._message(self._tab.view(root))
        times = self._tally.begins if message["kind"] == "open" else self._tally.answers
        if message["kind"] != "open":
            ticked = {name: value for name, value in message.items() if name not in {"event", "kind"}}
            await self._tab.send(root, {"kind": "draft", "value": ticked})
            await asyncio.sleep(self._random.uniform(*PRESSED))
        start = time.perf_counter()
        try:
            told = await self._tab.do(root, message, PATIENCE)
        except (TimeoutError, ConnectionError) as error:
            self._tally.errors[f"{type(error).__name__}, sent again"] += 1
            self._tally.again += 1
            await self.open()
            told = await self._tab.do(root, message, PATIENCE)
        times.append(time.perf_counter() - start)
        if told["kind"] == "receipt" and not told.get("moved"):
            self._tally.acknowledged.setdefault(self._name, []).append(message["event"])
        else:
            self._tally.errors["moved" if told.get("moved") else told["kind"]] += 1

    def _message(self, view: dict[str, Any]) -> dict[str, Any]:
        choice = self._random.randrange(8)
        if view["status"] != "running":
            return {"kind": "open"}
        if "questions" in view:
            return quiz_answer(view, choice)
        letters = [one["id"] for one in view["scene"]["choices"]]
        return {"kind": "choose", "scene": view["scene"]["id"], "choice": letters[choice % len(letters)]}


async def watched(pid: int, peak: Peak, seconds: float, free: float) -> None:
    """Look at the memory of a server until cancelled."""
    every = max(10.0, seconds / 10)
    looked = time.monotonic()
    while True:
        await asyncio.sleep(1)
        peak.machine = max(peak.machine, free - available())
        if time.monotonic() - looked >= every:
            peak.look(await asyncio.to_thread(memory, pid, pause=GENTLE))
            looked = time.monotonic()


async def loaded(server: Ours, tally: Tally, peak: Peak) -> tuple[float, float]:
    """Let all learners arrive and live; return CPU seconds of the server and of the clients meanwhile."""
    free = available()
    learners = [
        Learner(server, name, f"{SEED}/{number}", tally) for number, name in enumerate(server.learners)
    ]
    gate = asyncio.Semaphore(AT_ONCE)

    async def arrive(one: Learner) -> None:
        async with gate:
            await one.open()

    await asyncio.gather(*map(arrive, learners))
    # How long they took to arrive all at once is FIGURE=burst; here counts what follows.
    tally.opens.clear()
    watch = asyncio.create_task(watched(server.pid, peak, 60 * MINUTES, free))
    before, own = server.meter.seconds(), time.process_time()
    until = time.monotonic() + 60 * MINUTES
    await asyncio.gather(*(one.live(until) for one in learners))
    used = server.meter.seconds() - before, time.process_time() - own
    peak.look(await asyncio.to_thread(memory, server.pid))
    watch.cancel()
    for one in learners:
        one.close()
    return used


def kept(server: Ours, tally: Tally) -> dict[str, float]:
    """Compare what was acknowledged with what stands in the store."""
    lost = doubled = stored = 0
    with server.site.store() as store:
        for learner in server.learners:
            events = store.events_of(learner)
            ids = [event.id for event in events]
            stored += len(ids)
            lost += len(set(tally.acknowledged.get(learner, [])) - set(ids))
            counted = [
                (event.object, event.attempt) for event in events if event.verb in {"answered", "opened"}
            ]
            doubled += len(ids) - len(set(ids)) + len(counted) - len(set(counted))
        broken = len(store.verify_chains())
    acknowledged = sum(map(len, tally.acknowledged.values()))
    return {
        "acknowledged": acknowledged, "stored": stored, "LOST": lost, "doubled": doubled,
        "broken chains": broken,
    }  # fmt: skip


async def crowd(server: Solara, peak: Peak) -> int:
    """Open as many pages of Solara as are wanted and fit; return how many."""
    tabs: list[Tab] = []
    free, start = available(), time.monotonic()
    while len(tabs) < LEARNERS and available() > free / 4 and time.monotonic() - start < 60 * SOLARA_MINUTES:
        tab: Tab = await server.open()
        tabs.append(tab)
        await tab.begin()
        await tab.answer()
    peak.machine = free - available()
    peak.look(await asyncio.to_thread(memory, server.pid))
    open_still = sum(not tab.closed for tab in tabs)
    for tab in tabs:
        tab.close()
    return open_still


def show(tally: Tally, cpu: float, client: float, facts: dict[str, float], how: str) -> None:
    """Print what the learners of ours met."""
    headline("load", f"{LEARNERS} learners for {MINUTES:g} min, every {PAUSE[0]:g}–{PAUSE[1]:g} s", SEED)
    print(f"{'ours, milliseconds':<28}{'number':>9}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}")
    for name, values in (
        ("answer to receipt", tally.answers),
        ("beginning to receipt", tally.begins),
        ("page and websocket", tally.opens),
    ):
        parts = (
            "".join(f"{quantile(values, share) * 1000:>9.1f}" for share in (0.5, 0.95, 0.99, 1))
            if values
            else ""
        )
        print(f"{name:<28}{len(values):>9}{parts}")
    print("  ".join(f"{name} {number:g}" for name, number in facts.items()))
    print(f"errors {sum(tally.errors.values())} {dict(tally.errors) or ''}  sent again {tally.again}")
    each = 1000 * cpu / max(1, len(tally.answers) + len(tally.begins))
    share = 100 * cpu / (60 * MINUTES)
    print(
        f"CPU of the server {cpu:.1f} s ({share:.1f} % of a core, by {how}), {each:.1f} ms an answer,"
        f"\nbeginnings, drafts and openings included; CPU of the clients {client:.1f} s"
    )


def main() -> None:
    """Print latencies, losses and memory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * LEARNERS + 512)), hard))
    tally = Tally()
    peaks = {"ours": Peak()}
    base: dict[str, Memory] = {}
    with bounded(60 * (2 * MINUTES + SOLARA_MINUTES + 5)):
        with Ours(learners=LEARNERS) as ours:
            base["ours"] = memory(ours.pid)
            cpu, client = asyncio.run(loaded(ours, tally, peaks["ours"]))
            facts = kept(ours, tally)
            show(tally, cpu, client, facts, ours.meter.how)
        fit = LEARNERS
        if "solara" not in WITHOUT:
            peaks["solara"] = Peak()
            with Solara() as solara:
                base["solara"] = memory(solara.pid)
                fit = asyncio.run(crowd(solara, peaks["solara"]))
    every = {"ours": LEARNERS, "solara": fit}
    if fit < LEARNERS:
        print(f"solara: only {fit} of {LEARNERS} pages were opened; its sums for all are extrapolated")
    rows: dict[str, dict[str, float]] = {
        "learners with a page open": dict(every),
        "processes, most": {name: peak.processes for name, peak in peaks.items()},
        "server alone, private, MB": {name: found.private for name, found in base.items()},
    }
    for kind in ("private", "pss"):
        more = {n: (getattr(p, kind) - getattr(base[n], kind)) / max(1, every[n]) for n, p in peaks.items()}
        whole = {n: getattr(base[n], kind) + LEARNERS * more[n] for n in peaks}
        rows[f"most of the tree, {kind}, MB, for {LEARNERS}"] = whole
        rows[f"of it for each learner, {kind}, MB"] = more
    rows["machine had less by at most, MB"] = {name: peak.machine for name, peak in peaks.items()}
    table("memory", rows)
    if facts["LOST"] or facts["doubled"] or facts["broken chains"]:
        raise SystemExit("FAILED: the record is not what was acknowledged")


if __name__ == "__main__":
    main()
