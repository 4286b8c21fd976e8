"""Module pages: rendered once a generation by Voilà's exporter, then filled for each learner.

    notebook ─ what its cells showed (the ladder) ─ VoilaExporter + our template ─► Rendered (kept)
    Rendered + learner's events ─ shown() ─► the page, without any kernel

The kept page has no word of a learner in it; names and states are put in by the outer template.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
from voila.exporter import VoilaExporter

from ..i18n import _
from ..model import Value
from ..widgets.learning import model_id
from .ladder import Ladder

_VIEW = "application/vnd.jupyter.widget-view+json"


class Slot(Value):
    """A widget's place on a page."""

    id: str
    root: str
    widget: str


class Rendered(Value):
    """A module's page without a learner."""

    body: str
    slots: tuple[Slot, ...]


async def render(notebook: Path, module_roots: tuple[str, ...], ladder: Ladder) -> Rendered:
    """Return the page of a module. Raises KernelFailedError when its cells do not run on any rung."""
    shown = await ladder.outputs()
    return await asyncio.to_thread(_rendered, notebook, module_roots, shown)


def _rendered(path: Path, module_roots: tuple[str, ...], shown: list[list[dict[str, object]]]) -> Rendered:
    outputs = iter(shown)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("display_data", data) for data in next(outputs)]
    parts = _exporter().generate_from_notebook_node(notebook, extra_context={"_": _})

    async def joined() -> str:
        return "".join([part async for part, _resources in parts])

    body = asyncio.run(joined())
    known = {model_id(root): root for root in module_roots}
    ids = [
        output["data"][_VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if _VIEW in output.get("data", {})
    ]
    slots = tuple(Slot(id=name, root=known[name], widget=known[name].partition("/")[0]) for name in ids)
    return Rendered(body=body, slots=slots)


def _exporter() -> VoilaExporter:
    here = Path(__file__).parent / "templates"
    return VoilaExporter(
        template_name="modul",
        extra_template_basedirs=[str(here / "voila")],
        extra_template_paths=[str(here / "voila" / "modul")],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        base_url="/",
    )
