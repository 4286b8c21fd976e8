"""The course and its notebooks: what a module lists, and what its book holds and says."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import nbformat
from pydantic import ValidationError

from ..content import Parts
from ..course import Course, Module
from ..i18n import _
from ..model import Value
from ..reading import Fault, explain
from ..settings import RungName
from . import prose
from .fault import fault

_CALL = re.compile(r"""^(scenario|quiz|pledge|figure)\(["']([^"']*)["']\)""")


class _Book(Value):
    """What a notebook's metadata may say to Netralitas."""

    rung: RungName | None = None


def of_course(parts: Parts, allowed: prose.Known) -> Iterator[Fault]:
    """Check what modules list, that it is published, and the notebooks."""
    books = {path.name for path in (parts.place / "modules").glob("*.ipynb")}
    yield from _renewed(parts.course)
    for module in parts.course.modules if parts.course else ():
        yield from _listed(module, parts)
        books.add(f"{module.slug}.ipynb")
    for name in sorted(books):
        yield from _notebook(parts.place / "modules" / name, f"modules/{name}", parts, allowed)


def _renewed(course: Course | None) -> Iterator[Fault]:
    """Check that what has to be renewed is part of the course."""
    known = {module.slug for module in course.modules} if course else set()
    for slug in course.completion.renews if course else ():
        if slug not in known:
            told = _("completion › renews: bagian '{name}' tidak ada. Tulis slug salah satu modul.")
            yield fault("data/course.yaml", told, name=slug)


def _listed(module: Module, parts: Parts) -> Iterator[Fault]:
    file = "data/course.yaml"
    for slug in module.scenarios:
        if slug not in parts.scenarios:
            told = _(
                "modul {slug}: skenario '{name}' tidak ada. "
                "Tulis data/scenarios/{name}.yaml atau betulkan namanya."
            )
            yield fault(file, told, slug=module.slug, name=slug)
    if module.quiz and module.quiz not in parts.quizzes:
        told = _("modul {slug}: kuis '{name}' tidak ada. Tulis quizzes/{name}.yaml atau betulkan namanya.")
        yield fault(file, told, slug=module.slug, name=module.quiz)
    if module.pledge and module.pledge not in parts.pledges:
        told = _(
            "modul {slug}: ikrar '{name}' tidak ada. Tulis data/pledges/{name}.yaml atau betulkan namanya."
        )
        yield fault(file, told, slug=module.slug, name=module.pledge)
    if module.part == "exam" and not module.quiz:
        told = _("modul {slug}: ujian tanpa kuis. Tulis 'quiz' atau ubah 'part'.")
        yield fault(file, told, slug=module.slug)
    items = (
        *(parts.scenarios.get(slug) for slug in module.scenarios),
        parts.quizzes.get(module.quiz or ""),
        parts.pledges.get(module.pledge or ""),
    )
    for item in items:
        if item is not None and item.status != "terbit":
            told = _(
                "modul {slug}: '{name}' berstatus {status}. "
                "Pembelajar hanya mendapat yang terbit: terbitkan atau keluarkan dari modul."
            )
            yield fault(file, told, slug=module.slug, name=item.id, status=item.status)


def _notebook(path: Path, file: str, parts: Parts, allowed: prose.Known) -> Iterator[Fault]:
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        yield fault(
            file, _("berkas tidak ada. Buat buku catatannya atau betulkan slug modul di data/course.yaml.")
        )
        return
    except Exception:  # noqa: BLE001  (nbformat raises many kinds; each means: not a notebook)
        yield fault(file, _("bukan buku catatan Jupyter yang sah. Simpan ulang dari JupyterLab."))
        return
    yield from _metadata(notebook.metadata.get("netralitas", {}), file)
    for number, cell in enumerate(notebook.cells, start=1):
        where = _("sel {n}").format(n=number)
        if cell.cell_type != "code":
            yield from prose.of_text(cell.source, allowed, file, where)
            continue
        if cell.outputs or cell.execution_count:
            yield fault(file, _("sel {n}: menyimpan keluaran. Hapus sebelum menyimpan."), n=number)
        yield from _called(cell.source, parts, file, where)


def _metadata(told: Any, file: str) -> Iterator[Fault]:
    """Check what the notebook asks of the site: nothing but the rung it begins on."""
    try:
        _Book.model_validate(told)
    except ValidationError as error:
        for line in explain(error, told):
            yield fault(file, _("metadata netralitas: {told}"), told=line)


def _called(source: str, parts: Parts, file: str, where: str) -> Iterator[Fault]:
    """Check that what a cell shows is there."""
    known: dict[str, Container[str]] = {
        "scenario": parts.scenarios,
        "quiz": parts.quizzes,
        "pledge": parts.pledges,
        "figure": [one.id for one in parts.figures.figures] if parts.figures else (),
    }
    for kind, name in _CALL.findall(source):
        if name not in known[kind]:
            told = _('{where}: {kind}("{name}") tidak ada. Betulkan namanya atau tulis berkasnya.')
            yield fault(file, told, where=where, kind=kind, name=name)
