"""The office's commands in processes of their own: the steps a trainer asks for, one at a time.

The site never imports the office; it starts its commands as anybody on the command line would, with the
site's own environment. They may be ended anywhere and done again.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT = 40
"""Lines of a step that are shown: the last ones."""
_SLOWER = 10  # learners come first
COMMANDS: dict[str, Sequence[tuple[str, ...]]] = {
    "collect": (("release", "--new"), ("collect",), ("run",), ("agree",)),
    "publish": (("agree",), ("publish",)),
}
"""What each step does, as arguments of `netralitas grade`."""


@dataclass(slots=True)
class Step:
    """A step somebody asked for: what it said so far, and how it ended (`code` None while it runs)."""

    name: str
    by: str
    began: datetime
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    ended: datetime | None = None
    code: int | None = None


class Steps:
    """The steps of one server; the last one is remembered."""

    def __init__(self) -> None:
        self.last: Step | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, name: str, by: str) -> bool:
        """Begin a step, False while another runs. Raises KeyError for a step there is not."""
        commands = COMMANDS[name]
        if self._task is not None and not self._task.done():
            return False
        self.last = Step(name, by, datetime.now(UTC))
        self._task = asyncio.create_task(self._go(self.last, commands))
        return True

    async def _go(self, step: Step, commands: Sequence[tuple[str, ...]]) -> None:
        code = 1
        try:
            for command in commands:
                code = await run(("grade", *command), step.lines)
                if code:
                    break
        finally:
            step.ended, step.code = datetime.now(UTC), code


async def started(*words: str, **pipes: Any) -> asyncio.subprocess.Process:
    """Start Python with these words, behind the learners."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: os.nice(_SLOWER),
        **pipes,
    )


async def run(words: Sequence[str], lines: deque[str]) -> int:
    """Run `netralitas` with these words; add what it says as it says it; return its exit code."""
    process = await started(
        *("-c", "from netralitas.cli import main; main()", *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None  # noqa: S101  (a pipe was asked for)
    async for line in process.stdout:
        lines.append(line.decode(errors="replace").rstrip())
    return await process.wait()
