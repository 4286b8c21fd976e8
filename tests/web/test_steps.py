"""Steps a trainer asks for: one at a time, told as they go, and their end remembered."""

from __future__ import annotations

import asyncio

import pytest

from netralitas.web import steps
from netralitas.web.steps import Steps

pytestmark = pytest.mark.slow


async def ended(one: Steps) -> steps.Step:
    assert one.last is not None
    while one.last.code is None:
        await asyncio.sleep(0.05)
    return one.last


def test_a_step_that_fails_says_why_and_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ("publish", "kuis-yang-tidak-ada")
    monkeypatch.setitem(steps.COMMANDS, "publish", (told, told))

    async def go() -> None:
        found = Steps()
        assert found.start("publish", "Bu Pelatih")
        assert not found.start("publish", "Pak Lain")
        step = await ended(found)
        assert (step.code, step.by) == (2, "Bu Pelatih")
        assert "tidak dikenal" in " ".join(step.lines)
        assert len([line for line in step.lines if "tidak dikenal" in line]) == 1
        with pytest.raises(KeyError):
            found.start("rm", "Bu Pelatih")

    asyncio.run(go())
