"""`netralitas person …`: one person's data out, away, or two accounts made one.

It stands with the office, because the gradebook is the office's; everything else is the store's.
Exit codes: 0 done, 1 what stands in the way of it, 2 nobody by that NIP.
"""
# The store and nbgrader are imported inside the commands: `netralitas --help` loads this file.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netralitas.i18n import _
from netralitas.settings import settings
from netralitas.terminal import fail, opened, print_lines, the_content

from .grade_cli import course_alone, quizzes

if TYPE_CHECKING:
    from netralitas.store import Store

person = typer.Typer(help=_("Data satu orang: keluarkan, hapus, gabungkan."), no_args_is_help=True)

BY = "netralitas person"
"""Who is named in the audit log."""
_WHO = Annotated[str, typer.Argument(help=_("NIP, atau id pembelajar"))]


@person.command(help=_("Tulis semua yang tersimpan tentang satu orang ke berkas JSON."))
def export(
    who: _WHO,
    out: Annotated[Path, typer.Option(help=_("berkas yang ditulis (hanya Anda yang dapat membacanya)"))],
) -> None:
    """Write the rows of every table, and what the gradebook holds."""
    from . import grading

    with course_alone() as course, opened() as store:
        learner = _learner(store, who)
        told = {
            "dibuat": datetime.now(UTC).isoformat(),
            "tersimpan": store.dossier(learner),
            "buku nilai": grading.held(learner, quizzes(), course),
        }
        store.note(BY, "person.exported", learner, {})
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fail(_("Berkas {file} sudah ada. Pilih nama lain.").format(file=out))
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=2)
    print_lines([_("Ditulis ke {file}.").format(file=out)])


@person.command(help=_("Hapus satu orang: akun, riwayat penempatan, tulisan, buku nilai. Angka tetap."))
def erase(
    who: Annotated[str, typer.Argument(help=_("NIP, atau id pembelajar; kosong dengan --again"))] = "",
    sure: Annotated[bool, typer.Option("--sure", help=_("ya, hapus; tidak dapat dibatalkan"))] = False,
    again: Annotated[
        bool, typer.Option("--again", help=_("sesudah cadangan dipulihkan: hapus lagi yang pernah dihapus"))
    ] = False,
) -> None:
    """Erase one person, or everybody of the list again; without --sure only say what would go."""
    from netralitas import erased

    from . import grading

    if again == bool(who):
        fail(_("Sebut satu orang, atau --again."))
    home, course = settings().home, the_content().course
    with course_alone() as place, opened() as store:
        if who:
            learner = _learner(store, who)
            if not sure:
                rows = {name: len(found) for name, found in store.dossier(learner).items()}
                print_lines(f"{name}: {number}" for name, number in rows.items())
                fail(_("Belum ada yang dihapus. Ulangi dengan --sure; ini tidak dapat dibatalkan."), 1)
            # On the list first: what ends here halfway is done by --again.
            erased.note(home, learner)
        everybody = erased.listed(home) if again else (learner,)
        gone = [one for one in everybody if store.erase(one, course, by=BY)]
        books = [one for one in everybody if grading.forget(one, quizzes(), place)]
    told = _("{n} orang dihapus; buku nilai {books} orang dibersihkan.")
    print_lines([told.format(n=len(gone), books=len(books))])


@person.command(help=_("Gabungkan dua akun satu orang, misalnya PPPK yang menjadi PNS dengan NIP baru."))
def merge(
    old: Annotated[str, typer.Argument(help=_("NIP lama"))],
    new: Annotated[str, typer.Argument(help=_("NIP baru, yang berlaku seterusnya"))],
) -> None:
    """Keep the record under the new NIP; the account that is left over is erased."""
    with opened() as store:
        store.merge(_learner(store, old), _learner(store, new), the_content().course, by=BY)
    print_lines([_("Digabung: catatannya kini di bawah NIP baru.")])


def _learner(store: Store, who: str) -> str:
    account = store.account_by_nip(who) or store.account(who)
    if account is None or account.learner in store.erased():
        fail(_("Orang itu tidak ada di daftar pegawai. Tulis NIP-nya atau id pembelajarnya."))
    return account.learner
