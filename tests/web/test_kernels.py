"""Forker and kernels: equal at birth, strangers to each other, and nobody suffers for another's fault."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netralitas.web import kernels
from netralitas.web.forker import shared
from tests.web.own import QUIZ, Own, gone, owner, told

pytestmark = pytest.mark.slow
SIBLINGS = 500 if os.environ.get("NETRALITAS_FULL") else 60


def test_siblings_share_no_id_no_random_number_and_no_descriptor(room: Any) -> None:
    async def test(own: Own) -> None:
        born = await asyncio.gather(*(own.join(owner(n)) for n in range(SIBLINGS)))
        answers = [await told(kernel, "who") for kernel in born]
        for name in ("pid", "random", "uuid"):
            assert len({answer[name] for answer in answers}) == SIBLINGS
        # Three standard ones and the one line.
        assert {len(answer["fds"]) for answer in answers} == {4}

    room(test)


def test_an_endless_loop_ends_at_the_deadline_while_siblings_answer(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "DEADLINE", 2.0)

    async def test(own: Own) -> None:
        stuck, sibling = await own.join(owner(1)), await own.join(owner(2))
        pid = await stuck.born
        ending = asyncio.create_task(told(stuck, "loop"))
        await asyncio.sleep(0)
        assert (await told(sibling, "who"))["pid"] == await sibling.born
        assert await ending is None
        assert await gone(pid)
        again = await own.join(owner(1))
        assert (await told(again, "who"))["pid"] != pid

    room(test)


@pytest.mark.parametrize("fault", ["abort", "kill"])
def test_a_kernel_that_dies_takes_nobody_with_it(room: Any, fault: str) -> None:
    async def test(own: Own) -> None:
        dying, sibling = await own.join(owner(1)), await own.join(owner(2))
        pid = await dying.born
        if fault == "kill":
            os.kill(pid, signal.SIGKILL)
        assert await told(dying, "abort") is None
        assert await gone(pid)
        assert (await told(sibling, "who"))["pid"] == await sibling.born
        assert own.awake(owner(1)) is None
        assert (await told(await own.join(owner(1)), "who"))["pid"] != pid

    room(test)


def test_a_handler_that_raises_ends_its_kernel_and_the_next_answers(room: Any) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        await kernel.send(QUIZ, {"do": "raise"})
        assert (await told(await own.join(owner(1)), "who"))["uuid"]

    room(test)


def test_kernels_outlive_their_forker_and_another_forks_the_next(room: Any) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        forker = await own.forker_pid()
        os.kill(forker, signal.SIGKILL)
        assert (await told(kernel, "who"))["pid"] == await kernel.born
        newborn = await own.join(owner(2))
        assert (await told(newborn, "who"))["pid"] == await newborn.born
        assert await own.forker_pid() != forker

    room(test)


def test_kernels_outlive_the_base_and_another_base_forks_the_next(room: Any) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        base = shared().pid
        assert base is not None
        os.kill(base, signal.SIGKILL)
        assert (await told(kernel, "who"))["pid"] == await kernel.born
        assert await gone(await own.forker_pid()) or True
        newborn = await own.join(owner(2))
        assert (await told(newborn, "who"))["pid"] == await newborn.born
        assert shared().pid != base

    room(test)


def test_a_kernel_can_neither_eat_the_machine_nor_leave_a_note(room: Any) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        assert await told(kernel, "eat") == {"ate": False}
        assert await told(kernel, "write") == {"wrote": False}

    room(test)


def test_a_sleeping_kernel_costs_nothing_and_troubles_no_tab(room: Any) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        heard: list[Any] = []
        kernel.join(heard.append)
        pid = await kernel.born
        await kernel.sleep()
        assert await gone(pid)
        assert heard == []
        assert own.kernels.running() == {}

    room(test)


def test_the_cap_puts_the_one_longest_idle_to_sleep(room: Any) -> None:
    async def test(own: Own) -> None:
        await asyncio.gather(*(own.join(owner(n)) for n in range(3)))
        for number in range(3, 9):
            await own.join(owner(number))
        assert len(own.kernels.running()) <= 4

    room(test, cap=3)


def test_above_the_warm_ones_who_is_idle_sleeps_and_who_works_does_not(
    room: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "WARM", 2)
    monkeypatch.setattr(kernels, "DEADLINE", 60.0)

    async def test(own: Own) -> None:
        working = await own.join(owner(1))
        stuck = asyncio.create_task(told(working, "loop"))
        await asyncio.sleep(0.2)
        for number in range(2, 8):
            idle = await own.join(owner(number))
            assert (await told(idle, "who"))["pid"] == await idle.born
        running = own.kernels.running()
        assert len(running) <= 3
        assert working in running.values()
        # Who sleeps has not left: the line in front of a full server still counts them.
        assert own.kernels.used().keys() == {owner(number).learner for number in range(1, 8)}
        stuck.cancel()

    room(test)


def test_after_a_rush_all_that_are_too_many_sleep_at_once(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "WARM", 2)

    async def test(own: Own) -> None:
        async def come(number: int) -> None:
            kernel = await own.join(owner(number))
            assert (await told(kernel, "who"))["pid"] == await kernel.born

        await asyncio.gather(*map(come, range(12)))
        last = await own.join(owner(12))
        # Nobody sends into a kernel that is going to sleep.
        assert len(own.kernels.running()) <= 3
        assert own.kernels.awake(own.ladder, owner(12).learner) is last

    room(test)


def test_a_kernel_takes_few_private_megabytes(
    room: Any, record_property: Callable[[str, object], None]
) -> None:
    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        await told(kernel, "who")
        rows = Path(f"/proc/{await kernel.born}/smaps_rollup").read_text().splitlines()
        private = sum(
            int(row.split()[1]) for row in rows if row.startswith(("Private_Dirty", "Private_Clean"))
        )
        record_property("private_kb", private)
        assert private < 5 * 1024, json.dumps(rows)

    room(test)
