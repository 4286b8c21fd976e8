"""Module pages: rendered once a generation by Voilà's exporter, then filled for each learner.

    notebook ─ what its cells showed (the ladder) ─ VoilaExporter + our template ─► Rendered (kept)
    Rendered + learner's events ─ shown() ─► the page, without any kernel

The kept page has no word of a learner in it; names and states are put in by the outer template.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

import nbformat
from voila.exporter import VoilaExporter

from .. import search
from ..i18n import _
from ..model import Value
from ..widgets.learning import model_id
from .ladder import Ladder

_log = logging.getLogger(__name__)
_VIEW = "application/vnd.jupyter.widget-view+json"
_EMPTY = "<!-- polos {} -->"


class Slot(Value):
    """A widget's place on a page."""

    id: str
    root: str
    widget: str


class Rendered(Value):
    """A module's page without a learner."""

    body: str
    slots: tuple[Slot, ...]

    def filled(self, plain: Mapping[str, str]) -> str:
        """Return the page with what stands in a slot until its widget is drawn, HTML by its id."""
        body = self.body
        for name, shown in plain.items():
            body = body.replace(_EMPTY.format(name), shown)
        return body


async def render(notebook: Path, roots: tuple[str, ...], ladder: Ladder) -> Rendered:
    """Return the page of a notebook whose widgets stand for `roots`.

    Raises KernelFailedError when its cells do not run on any rung.
    """
    shown = await ladder.outputs()
    return await asyncio.to_thread(_rendered, notebook, roots, shown)


def _rendered(path: Path, roots: tuple[str, ...], shown: list[list[dict[str, object]]]) -> Rendered:
    outputs = iter(shown)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("display_data", data) for data in next(outputs)]
    known = {model_id(root): root for root in roots}
    plain = {name: _EMPTY.format(name) for name, root in known.items() if root.startswith("pledge/")}
    context = {"_": _, "activities": known.keys(), "plain": plain}
    parts = _exporter().generate_from_notebook_node(notebook, extra_context=context)

    async def joined() -> str:
        return "".join([part async for part, _resources in parts])

    body = asyncio.run(joined())
    slots = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            name = data.get(_VIEW, {}).get("model_id")
            if root := known.get(name):
                slots.append(Slot(id=name, root=root, widget=root.partition("/")[0]))
            elif name and "text/html" not in data:
                told = "%s/%s, sel %s: kegiatan atau widget ini tidak dikenal situs; halaman menyebutnya"
                _log.error(told, path.parent.name, path.name, cell.get("id", "?"))
    return Rendered(body=body, slots=tuple(slots))


def headings(path: Path) -> tuple[str, ...]:
    """Return the headings of a module's notebook, in its order."""
    cells = nbformat.read(path, as_version=4).cells
    return tuple(search.headings(cell.source for cell in cells if cell.cell_type == "markdown"))


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
