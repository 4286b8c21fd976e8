"""The ladder: what cannot be forked is served another way, and a fault on one rung falls to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from netralitas.web import kernels
from netralitas.web.ladder import RUNGS
from tests.web.own import SLUG, Own, owner, prepend, told

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("rung", RUNGS)
def test_every_rung_serves_each_learner_a_kernel_of_their_own(room: Any, rung: str) -> None:
    async def test(own: Own) -> None:
        shown = await own.ladder.outputs()
        assert any("application/vnd.jupyter.widget-view+json" in bundle for cell in shown for bundle in cell)
        first, second = await own.join(owner(1)), await own.join(owner(2))
        answers = [await told(kernel, "who") for kernel in (first, second)]
        assert answers[0]["pid"] != answers[1]["pid"]
        assert answers[0]["random"] != answers[1]["random"]
        assert own.ladder.name == rung

    room(test, rung=rung)


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("fault", ["abort", "write"])
def test_no_rung_lets_a_cell_break_or_leave_anything(room: Any, rung: str, fault: str) -> None:
    async def test(own: Own) -> None:
        dying, sibling = await own.join(owner(1)), await own.join(owner(2))
        if fault == "abort":
            assert await told(dying, "abort") is None
        else:
            assert await told(dying, "write") == {"wrote": False}
            assert await told(dying, "eat") == {"ate": False}
        assert (await told(sibling, "who"))["pid"] == await sibling.born
        again = await own.join(owner(1))
        assert (await told(again, "who"))["pid"] == await again.born

    room(test, rung=rung)


@pytest.mark.parametrize(
    ("cell", "reason", "rung"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
         "utas", "late"),
        ("import os; kept = open(os.path.expanduser('~/catatan'), 'w')", "terbuka", "late"),
        ("import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=-1)",
         "terbuka", "late"),
        ("import random; dadu = random.Random(1)", "'dadu'", "late"),
        ("import numpy; dadu = numpy.random.default_rng(1)", "'dadu'", "late"),
        ("import asyncio; await asyncio.sleep(0); get_ipython().kernel.session", "kernel", "ipykernel"),
    ],
)  # fmt: skip
def test_a_module_that_must_not_be_forked_is_served_another_way(
    place: Path, room: Any, caplog: pytest.LogCaptureFixture, *, cell: str, reason: str, rung: str
) -> None:
    prepend(place, cell)

    async def test(own: Own) -> None:
        kernel = await own.join(owner(1))
        assert (await told(kernel, "who"))["pid"] == await kernel.born
        assert own.ladder.name == rung

    room(test)
    assert reason in caplog.text


def test_a_notebook_may_ask_to_begin_lower(place: Path, room: Any) -> None:
    path = place / "modules" / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["netralitas"] = {"rung": "websocket"}
    nbformat.write(notebook, path)

    async def test(own: Own) -> None:
        await own.join(owner(1))
        assert (own.ladder.name, own.ladder.lazy) == ("websocket", False)

    room(test)


def test_cells_that_fail_everywhere_are_told_and_not_tried_for_a_while(
    place: Path, room: Any, caplog: pytest.LogCaptureFixture
) -> None:
    prepend(place, "1 / 0")

    async def test(own: Own) -> None:
        with pytest.raises(kernels.KernelFailedError, match="ZeroDivisionError"):
            await own.join(owner(1))
        caplog.clear()
        with pytest.raises(kernels.KernelFailedError, match="ZeroDivisionError"):
            await own.join(owner(2))
        assert not caplog.records

    room(test)


def test_a_fault_before_the_first_cell_is_told_too(
    place: Path, room: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(own: Own) -> None:
        (place / "modules" / f"{SLUG}.ipynb").unlink()
        with pytest.raises(kernels.KernelFailedError, match="No such file"):
            await own.join(owner(1))

    room(test)
    assert "snapshot, so kernels are now: websocket (FileNotFoundError" in caplog.text


def test_numpy_draws_other_numbers_for_each_learner(place: Path, room: Any) -> None:
    prepend(place, "import numpy; numpy.random.seed(7)")

    async def test(own: Own) -> None:
        answers = [await told(await own.join(owner(n)), "numpy") for n in range(5)]
        assert len({answer["numpy"] for answer in answers}) == 5

    room(test)
