"""FIGURE=rule: what the law says of every act on a day, in this process: the whole catalogue, day after day.

Measured for each act of each day: wall time of one call of `rules.rule`, in microseconds; and of one
`compare.listing`, which asks every act and sorts the answers, divided by the number of acts. The days are
drawn between YEARS[0] and YEARS[1] with SEED. Not measured: reading the content, printing, the server.

Bounded: DAYS days (default 300); at most MINUTES minutes (default 2). GOAL_US is what one act may take.
"""

from __future__ import annotations

import os
import random
import time
from datetime import date, timedelta

from bench.measure import OURS, bounded, headline, median, quantile, table
from netralitas.compare import listing
from netralitas.content import load
from netralitas.law import Law
from netralitas.rules import rule

DAYS = int(os.environ.get("DAYS", "300"))
SEED = int(os.environ.get("SEED", "20241127"))
MINUTES = float(os.environ.get("MINUTES", "2"))
YEARS = (date(2010, 1, 1), date(2027, 12, 31))
GOAL_US = 1000.0


def drawn(number: int, seed: int) -> list[date]:
    """Return so many days, the same for the same seed."""
    source = random.Random(seed)
    return [
        YEARS[0] + timedelta(days=source.randrange((YEARS[1] - YEARS[0]).days + 1)) for _ in range(number)
    ]


def answered(law: Law, days: list[date]) -> list[float]:
    """Return the microseconds of each act on each day."""
    found: list[float] = []
    for on in days:
        for act in law.acts:
            start = time.perf_counter_ns()
            rule(law, act, on=on)
            found.append((time.perf_counter_ns() - start) / 1000)
    return found


def listed(law: Law, days: list[date]) -> list[float]:
    """Return the microseconds of each day's listing by the number of acts."""
    found: list[float] = []
    for on in days:
        start = time.perf_counter_ns()
        listing(law, on=on)
        found.append((time.perf_counter_ns() - start) / 1000 / len(law.acts))
    return found


def main() -> None:
    """Print median and p95, and whether an act stays below the goal."""
    with bounded(60 * MINUTES):
        law, days = load().law, drawn(DAYS, SEED)
        answered(law, days[:1])
        took = {"rule": answered(law, days), "listing": listed(law, days)}
    headline("rule", f"{len(law.acts)} acts on each of {DAYS} days after one to warm up", SEED)
    rows = {
        f"{name}, {label}": {OURS: value}
        for name, values in took.items()
        for label, value in (("median", median(values)), ("p95", quantile(values, 0.95)))
    }
    table("one act, µs", rows)
    p95 = quantile(took["rule"], 0.95)
    print(f"goal: below {GOAL_US:,.0f} µs an act; p95 is {p95 / GOAL_US:.1%} of it")


if __name__ == "__main__":
    main()
