"""`netralitas roster …`: people in from a file, what was imported, and taking an import back."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from .i18n import ZONES, _, moment
from .terminal import fail, opened, print_lines, the_content

if TYPE_CHECKING:
    from .intake import Spool
    from .store import ImportReport

app = typer.Typer(no_args_is_help=True, help=_("Daftar pegawai."))

BY = "baris perintah"
"""Who is named in the audit log for what the command line does."""


@app.command("import", help=_("Impor daftar pegawai dari CSV atau XLSX: semua atau tidak sama sekali."))
def import_(  # noqa: PLR0917  (typer takes options as they come)
    file: Annotated[Path, typer.Argument(help=_("berkas CSV atau XLSX"))],
    complete: Annotated[
        int | None,
        typer.Option(help=_("daftar lengkap: jumlah orang yang akan dikeluarkan, sebagai penegasan")),
    ] = None,
    sure: Annotated[
        bool, typer.Option("--sure", help=_("tegaskan sekali lagi bila lebih dari 10 % akan keluar"))
    ] = False,
    columns: Annotated[
        Path | None, typer.Option(help=_("pemetaan kolom (YAML) untuk ekspor sistem kepegawaian"))
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help=_("tinjau saja: tidak ada yang diimpor"))] = False,
    demo: Annotated[bool, typer.Option("--demo", help=_("terima orang rekaan (lahir 1900)"))] = False,
) -> None:
    """Read, check and import a roster; faults are told by line and nothing is imported."""
    today = datetime.now(ZONES["WIB"]).date()
    course = the_content().course
    with _read(file, columns, demo=demo) as read:
        if read.faults:
            for fault in read.faults:
                sys.stderr.write(f"{fault}\n")
            fail(_("{n} kesalahan; tidak satu pun diimpor.").format(n=len(read.faults)), 1)
        with opened() as store:
            if dry:
                report = store.preview_roster(read, course, today=today, full=complete is not None)
            else:
                with _bar() as bar:
                    task = bar.add_task(_("Mengimpor"), total=read.people)
                    report = store.import_roster(
                        read, course, today=today, by=BY, complete=complete, sure=sure,
                        on_rows=lambda count: bar.advance(task, count),
                    )  # fmt: skip
    _tell(report)


@app.command("list", help=_("Tampilkan impor terakhir dengan nomornya."))
def list_() -> None:
    """Show the last imports."""
    table = Table(_("Nomor"), _("Kapan"), _("Berkas"), _("Oleh"), _("Keadaan"))
    with opened() as store:
        for row in store.imports():
            state = _("dibatalkan") if row["undone_at"] else _("berlaku")
            table.add_row(str(row["id"]), moment(row["at"]), row["file"], row["who"], state)
    Console().print(table)


@app.command("undo", help=_("Batalkan satu impor menurut nomornya."))
def undo(number: Annotated[int, typer.Argument(help=_("nomor impor"))]) -> None:
    """Take an import back; the days before today stay as they were known."""
    today = datetime.now(ZONES["WIB"]).date()
    with opened() as store:
        report = store.undo_import(number, the_content().course, today=today, by=BY)
    sys.stdout.write(_("Impor dibatalkan; {n} orang kembali seperti semula.").format(n=report.changed) + "\n")


def _read(file: Path, columns: Path | None, *, demo: bool) -> Spool:
    from . import intake  # noqa: PLC0415  (only roster commands open files of people)

    today = datetime.now(ZONES["WIB"]).date()
    try:
        mapping = intake.columns_of(columns) if columns else None
        size = file.stat().st_size if file.is_file() else 0
        with _bar() as bar:
            task = bar.add_task(_("Membaca"), total=size or None)
            return intake.read(
                file, made_up_allowed=demo, today=today, columns=mapping,
                on_progress=lambda count: bar.advance(task, count),
            )  # fmt: skip
    except intake.IntakeError as error:
        fail(str(error))


def _bar() -> Bar:
    return Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _tell(report: ImportReport) -> None:
    told = _("Baru {added}, berubah {changed}, pindah {moved}, tetap {unchanged}, keluar {ended}.")
    lines = [told.format(**report.counts)]
    if report.unmapped:
        lines.append(_("Jabatan yang dihitung «lainnya»: {names}.").format(names="; ".join(report.unmapped)))
    if report.number:
        lines.append(_("Nomor impor: {number}.").format(number=report.number))
    print_lines(lines)
