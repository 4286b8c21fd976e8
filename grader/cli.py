"""`netralitas grade …` and `netralitas report …`, found by netralitas through its entry point.

Exit codes: 0 done, 1 drift or broken content, 2 something in the command that does not exist.
"""
# pandas, nbformat and the store are imported inside the commands: `netralitas --help` loads this file.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from netralitas import content
from netralitas.i18n import ZONES, _
from netralitas.reading import ContentError
from netralitas.settings import settings

if TYPE_CHECKING:
    from .report import By

grade = typer.Typer(help=_("Kuis sebagai tugas nbgrader."), no_args_is_help=True)
report = typer.Typer(help=_("Laporan penyelesaian."), no_args_is_help=True)

_BROAD = 160
T = TypeVar("T", bound=str)
R = TypeVar("R")


@grade.callback()
def _grade() -> None:
    """Keep `grade` a group while it has one command."""


@report.callback()
def _report() -> None:
    """Keep `report` a group while it has one command."""


@grade.command(help=_("Turunkan buku catatan nbgrader dari tiap kuis."))
def build(
    check: Annotated[bool, typer.Option("--check", help=_("Hanya bandingkan; tidak menulis."))] = False,
) -> None:
    """Derive the nbgrader notebooks; with --check exit 1 where one differs."""
    from . import assignment

    root = _content(content.root)
    try:
        differing = _content(lambda: assignment.write(root, check))
    except OSError as error:
        _stop(_("{file}: tidak dapat ditulis. Periksa izin foldernya.").format(file=error.filename or root))
    for name in differing:
        if check:
            told = _("{file}: tidak sama dengan kuisnya. Jalankan `{command}` dan simpan hasilnya.")
            typer.echo(told.format(file=name, command=assignment.COMMAND), err=True)
        else:
            typer.echo(_("{file}: diperbarui.").format(file=name))
    if check and differing:
        raise typer.Exit(1)


@report.command(help=_("Hitung penyelesaian semua orang di daftar pegawai."))
def completion(
    by: Annotated[str, typer.Option(help=_("instansi, unit, jabatan, atau jenis."))] = "instansi",
    form: Annotated[str, typer.Option("--format", help=_("table, csv, atau json."))] = "table",
    out: Annotated[Path | None, typer.Option(help=_("Tulis ke berkas ini, bukan ke layar."))] = None,
) -> None:
    """Count everybody on the roster by one of its fields."""
    from . import report as reports

    shapes: dict[str, Callable[[dict[str, Any]], str]] = {
        "table": lambda found: reports.as_table(found, width=_width(out)),
        "csv": reports.as_csv,
        "json": lambda found: json.dumps(found, ensure_ascii=False, indent=2) + "\n",
    }
    field = _one_of("--by", by, reports.FIELDS)
    shape = shapes[_one_of("--format", form, tuple(shapes))]
    _put(shape(_completion(field)), out)


def _completion(by: By) -> dict[str, Any]:
    from netralitas.store import StoreError, open_store

    from . import report as reports

    course = _content(content.current).course
    try:
        with closing(open_store(settings().store)) as store:
            store.require_current()
            frame = reports.completion(store.completion_rows(), by, course)
    except StoreError as error:
        _stop(str(error))
    return reports.document(frame, by=by, rule=course.completion.version, as_of=datetime.now(ZONES["WIB"]))


def _put(text: str, out: Path | None) -> None:
    from .files import write_text

    if out is None:
        typer.echo(text.encode(), nl=False)  # bytes: the CSV brings its own line ends
        return
    try:
        write_text(out, text)
    except OSError as error:
        _stop(
            _("{file}: tidak dapat ditulis ({reason}). Pilih berkas lain dengan --out.").format(
                file=out, reason=os.strerror(error.errno or 0)
            )
        )


def _width(out: Path | None) -> int:
    return shutil.get_terminal_size().columns if out is None and sys.stdout.isatty() else _BROAD


def _one_of(option: str, given: str, known: tuple[T, ...]) -> T:
    if given not in known:
        told = _("{option} '{given}' tidak dikenal. Pilih salah satu: {known}.")
        _stop(told.format(option=option, given=given, known=", ".join(known)), code=2)
    return known[[*known].index(given)]


def _content(call: Callable[[], R]) -> R:
    try:
        return call()
    except ContentError as error:
        _stop(str(error))


def _stop(sentence: str, *, code: int = 1) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
