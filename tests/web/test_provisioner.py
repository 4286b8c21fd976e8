"""Ordinary ipykernels forked from the base: for nbclient, trainers and dashboards."""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from netralitas.web.forker import shared
from netralitas.web.provisioner import FORKED, ForkedProvisioner, specs
from tests.web.own import gone

pytestmark = pytest.mark.slow
CELLS = [
    "import os, pandas; os.getppid()",
    "pandas.DataFrame({'nilai': [70, 90]}).nilai.mean()",
    "print(os.environ['PENANDA']); os.getcwd()",
    "import subprocess; subprocess.run(['echo', 'halo'], capture_output=True, text=True).stdout",
]


def test_jupyter_finds_the_provisioner_by_its_entry_point() -> None:
    found = [
        one for one in entry_points(group="jupyter_client.kernel_provisioners") if "netralitas" in one.name
    ]
    assert [one.load() for one in found] == [ForkedProvisioner]


def test_a_notebook_runs_on_a_forked_ipykernel_and_nothing_is_left(tmp_path: Path) -> None:
    async def run() -> tuple[list[str], bool]:
        manager = AsyncKernelManager(kernel_name=FORKED, kernel_spec_manager=specs())
        await manager.start_kernel(cwd=str(tmp_path), env={**os.environ, "PENANDA": "ada"})
        pid = manager.provisioner.pid
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
        runner = NotebookClient(book, km=manager)
        runner.kc = client
        runner.reset_execution_trackers()
        for number, cell in enumerate(book.cells):
            await runner.async_execute_cell(cell, number)
        client.stop_channels()
        assert book.cells[2].outputs[0]["text"] == "ada\n"
        assert await manager.is_alive()
        await manager.shutdown_kernel()
        return [cell.outputs[-1]["data"]["text/plain"] for cell in book.cells], await gone(pid)

    told, ended = asyncio.run(run())
    assert told == [str(shared().pid), "np.float64(80.0)", f"'{tmp_path}'", "'halo\\n'"]
    assert ended
