"""Module pages: rendered once by Voilà's exporter, then filled for each learner.

    notebook ─ cells run in a confined kernel ─ VoilaExporter + our template ─► Rendered (kept)
    Rendered + learner's events ─ shown() ─► the page, without any kernel

The kept page has no word of a learner in it; names and states are put in by the outer template. Content is
read when the server starts, so page, cells and items are of one version until it starts again.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
from voila.exporter import VoilaExporter

from ..i18n import _
from ..model import Value
from ..widgets.learning import model_id
from .kernels import KernelRoom

_VIEW = "application/vnd.jupyter.widget-view+json"


class Slot(Value):
    """A widget's place on a page."""

    id: str
    root: str
    module: str


class Rendered(Value):
    """A module's page without a learner."""

    body: str
    slots: tuple[Slot, ...]


class PageRoom:
    """Keeps one rendered page a module."""

    def __init__(self, place: Path, kernels: KernelRoom) -> None:
        self._place, self._kernels = place, kernels
        self._pages: dict[str, asyncio.Task[Rendered]] = {}

    async def page(self, slug: str, module_roots: tuple[str, ...]) -> Rendered:
        """Return the page of a module, rendering it the first time.

        Raises KernelFailedError when its cells do not run.
        """
        task = self._pages.get(slug)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._pages[slug] = asyncio.create_task(self._render(slug, module_roots))
        return await asyncio.shield(task)

    async def _render(self, slug: str, module_roots: tuple[str, ...]) -> Rendered:
        outputs = iter(await self._kernels.outputs(slug))
        notebook = nbformat.read(self._place / "modules" / f"{slug}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.v4.new_output("display_data", data) for data in next(outputs)]
        parts = _exporter().generate_from_notebook_node(notebook, extra_context={"_": _})
        body = "".join([part async for part, _resources in parts])
        known = {model_id(root): root for root in module_roots}
        shown = [
            output["data"][_VIEW]["model_id"]
            for cell in notebook.cells
            for output in cell.get("outputs", [])
            if _VIEW in output.get("data", {})
        ]
        slots = tuple(Slot(id=name, root=known[name], module=known[name].partition("/")[0]) for name in shown)
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
