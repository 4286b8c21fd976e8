"""`netralitas cohort …`: made-up learners, and the item report on them.

Exit codes: 0 done, 1 a store that cannot be made, 2 something in the command that does not fit.
"""
# The store and pandas are imported inside the commands: `netralitas --help` loads this file.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from netralitas.i18n import _, number
from netralitas.settings import settings
from netralitas.terminal import fail, the_content

from .cli import put_items, the_quiz

if TYPE_CHECKING:
    from netralitas.quizzes import Quiz

cohort = typer.Typer(help=_("Pembelajar rekaan, untuk menguji soal dan laporan."), no_args_is_help=True)

_MOST = 20_000


@cohort.callback()
def _cohort() -> None:
    """Keep `cohort` a group while it has one command."""


@cohort.command(help=_("Suruh pembelajar rekaan mengerjakan kuis, lalu laporkan butirnya."))
def simulate(  # noqa: PLR0917  (typer names them)
    size: Annotated[int, typer.Option(min=1, max=_MOST, help=_("berapa orang rekaan"))] = 500,
    seed: Annotated[int, typer.Option(min=0, help=_("benih; benih sama, laporan sama"))] = 7,
    quiz: Annotated[str, typer.Option(help=_("id kuis; kosong berarti kuis pertama"))] = "",
    store: Annotated[
        Path | None, typer.Option(help=_("berkas basis data baru; kosong berarti sementara"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
    sheet: Annotated[Path | None, typer.Option("--csv", help=_("tulis butirnya ke berkas CSV ini"))] = None,
) -> None:
    """Fill a fresh store with made-up attempts and report on their items."""
    asked = the_quiz(quiz)
    if store is not None:
        _require_fresh(store)
    with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
        report = _simulated(store or Path(folder) / "simulasi.db", asked, size=size, seed=seed)
    put_items(report, as_json=as_json, sheet=sheet)


def _require_fresh(file: Path) -> None:
    """Refuse the site's own store, under whatever name, and any file that is there already."""
    own = settings().store.removeprefix("sqlite:///")
    if file.resolve() == Path(own).resolve():
        told = _(
            "{file} ialah basis data situs ini. Simulasi tidak boleh menulis ke sana; pilih berkas lain."
        )
        fail(told.format(file=file))
    if file.exists():
        fail(
            _("Berkas {file} sudah ada. Simulasi memerlukan berkas baru; pilih nama lain.").format(file=file)
        )


def _simulated(file: Path, quiz: Quiz, *, size: int, seed: int) -> dict[str, Any]:
    from netralitas.store import StoreError, open_store

    from . import item_report, simulate

    begun = time.monotonic()
    try:
        with closing(open_store(f"sqlite:///{file}", clock=lambda: simulate.WHEN)) as store:
            store.migrate()
            with Bar(console=Console(file=sys.stderr)) as bar:
                task = bar.add_task(_("Orang rekaan menjawab"), total=size * (1 + len(quiz.questions)))
                total = simulate.simulate(
                    store, quiz, the_content().course, size=size, seed=seed,
                    on_event=lambda events: bar.advance(task, events),
                )  # fmt: skip
                bar.update(task, total=total, completed=total)
            report = item_report.document(quiz, store.events_on(quiz.root), which="first", made_up=True)
    except StoreError as error:
        fail(str(error), 1)
    except KeyError as error:
        fail(_("Kuis {quiz} memuat jenis soal {kind}, yang belum dapat dijawab orang rekaan.").format(
            quiz=quiz.id, kind=error.args[0]))  # fmt: skip
    told = _("{people} orang rekaan, benih {seed}: {events} peristiwa dalam {seconds} detik.").format(
        people=number(size),
        seed=seed,
        events=number(total),
        seconds=number(round(time.monotonic() - begun, 1)),
    )
    sys.stderr.write(told + "\n")
    return report
