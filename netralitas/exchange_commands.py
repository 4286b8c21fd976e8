"""The commands that bring and take question banks: `netralitas import` and `netralitas export`."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import exchange
from .i18n import _
from .reading import ContentError
from .terminal import fail, the_content

app = typer.Typer()

FormatName = Annotated[str, typer.Argument(metavar="FORMAT", help=_("gift atau moodle-xml"))]
To = Annotated[Path | None, typer.Option(help=_("berkas baru yang ditulis; tanpa ini tampil di layar"))]


@app.command("import", help=_("Ubah bank soal GIFT atau Moodle XML menjadi kerangka kuis, dengan laporan."))
def bring(
    form: FormatName,
    file: Annotated[Path, typer.Argument(help=_("berkas bank soal (UTF-8)"))],
    to: To = None,
    slug: Annotated[str, typer.Option(help=_("id kuis; tanpa ini dari berkasnya"))] = "",
) -> None:
    """Print or write the quiz, and say on stderr what was lost and what an author must still write."""
    _known(form)
    try:
        with file.open("rb") as source:
            # One byte more than is allowed tells that there are more; the rest is never in memory.
            data = source.read(exchange.MOST_BYTES + 1)
    except OSError:
        fail(_("Berkas {file} tidak terbaca. Periksa nama dan izinnya.").format(file=file))
    if slug and exchange.slug_of(slug) != slug:
        told = _("'{slug}' tidak dapat menjadi id. Pakai huruf kecil a–z, angka, dan tanda hubung, paling "
                 "banyak 80 huruf, misalnya foto-di-hajatan.")  # fmt: skip
        fail(told.format(slug=slug))
    try:
        bank = exchange.read(form, data, file.name)
    except ContentError as error:
        fail("\n".join([str(error), _("Tidak satu soal pun diimpor.")]), 1)
    found = exchange.draft(bank, slug=slug, fallback=(to or file).stem)
    _report(found)
    if not found.taken:
        fail(_("Tidak ada soal yang dapat dibawa dari {file}.").format(file=file), 1)
    _out(exchange.text(found), to)


@app.command("export", help=_("Tulis satu kuis sebagai GIFT atau Moodle XML; kuncinya ikut."))
def take(
    form: FormatName,
    quiz: Annotated[str, typer.Argument(help=_("id kuis, misalnya 03-media-sosial"))],
    to: To = None,
) -> None:
    """Print or write a quiz in a format others read; imported again it is the same."""
    _known(form)
    quizzes = the_content().quizzes
    if quiz not in quizzes:
        near = difflib.get_close_matches(quiz, quizzes, n=3, cutoff=0.3) or sorted(quizzes)[:3]
        told = _("Kuis '{quiz}' tidak dikenal. Yang terdekat: {near}.")
        fail(told.format(quiz=quiz, near=", ".join(near)))
    try:
        text = exchange.write(form, quizzes[quiz])
    except ValueError as error:
        fail(str(error), 1)
    _out(text, to)


def _known(form: str) -> None:
    if form not in exchange.FORMATS:
        names = ", ".join(exchange.FORMATS)
        fail(_("Format '{form}' tidak dikenal. Pilih salah satu: {names}.").format(form=form, names=names))


def _out(text: str, to: Path | None) -> None:
    """Write a new file, or print; a file that exists stays."""
    if to is None:
        sys.stdout.write(text)
        return
    try:
        with to.open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        fail(_("{file} sudah ada. Pilih nama lain.").format(file=to))
    except OSError:
        fail(_("Berkas {file} tidak dapat ditulis. Periksa folder dan izinnya.").format(file=to), 1)
    sys.stderr.write(_("{file} ditulis.").format(file=to) + "\n")


def _report(found: exchange.Draft) -> None:
    lines = [_("{n} soal dibawa, {left} dilewati.").format(n=found.taken, left=found.left_out)]
    if found.lost:
        lines += [_("Tidak terbawa:"), *(f"  {told}" for told in found.lost)]
    if found.gaps:
        lines += [_("Masih perlu ditulis penyusun; netralitas check menyebutnya juga:")]
        lines += [f"  {told}" for told in found.gaps]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
