"""Commands about stories and quizzes: `play`, `flow`, `form`, `coverage`; `cli` adds them to the others."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .i18n import _
from .terminal import fail, near_to, opened, print_json, print_lines, the_content

if TYPE_CHECKING:
    from .scenarios import Scenario

app = typer.Typer()


@app.command(
    help=_("Mainkan semua skenario dengan bot: berapa nilai yang dapat diharapkan tanpa tahu apa-apa.")
)
def play(
    scenario: Annotated[str, typer.Argument(help=_("id skenario; kosong berarti semua"))] = "",
    bots: Annotated[bool, typer.Option("--bots", help=_("bot yang bermain"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Print what each bot can expect of each scenario, computed over all its positions."""
    from . import bots as playing  # noqa: PLC0415

    if not bots:
        fail(_("Baru bot yang dapat bermain. Tulis: netralitas play --bots."))
    stories = [_story(scenario)] if scenario else [*the_content().scenarios.values()]
    played = {story.id: playing.play(story) for story in stories}
    if as_json:
        print_json({name: [one._asdict() for one in rows] for name, rows in played.items()})
    for story in stories if not as_json else ():
        print_lines(playing.lines(story, played[story.id]))


@app.command(help=_("Jalan mana yang ditempuh pembelajar di suatu skenario: jumlah dan bagiannya."))
def flow(
    scenario: Annotated[str, typer.Argument(help=_("id skenario"))],
    out: Annotated[Path | None, typer.Option(help=_("berkas SVG yang ditulis"))] = None,
    first: Annotated[bool, typer.Option("--first", help=_("hanya jalan pertama tiap orang"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Count the ways learners took, print them, and draw them where a file is named."""
    from . import flow as ways  # noqa: PLC0415

    story = _story(scenario)
    with opened() as store:
        found = ways.count(story, chain.from_iterable(store.events_on(story.root)), first=first)
    if out is not None:
        try:
            out.write_text(ways.draw(found), encoding="utf-8")
        except OSError:
            fail(_("Berkas {file} tidak dapat ditulis. Periksa nama dan izinnya.").format(file=out))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_lines(ways.lines(found))


@app.command(help=_("Lembar soal yang diambil sebuah benih: soal dan pilihan menurut urutannya."))
def form(
    quiz: Annotated[str, typer.Argument(help=_("id kuis, misalnya 03-media-sosial"))],
    seed: Annotated[int, typer.Option(min=0, help=_("benih percobaan, dari peristiwa pembukaannya"))],
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Draw the form of a seed again, as the site drew it when the attempt was opened."""
    from . import forms  # noqa: PLC0415

    known = the_content().quizzes
    if quiz not in known:
        fail(
            _("Kuis '{name}' tidak ada. Yang terdekat: {near}.").format(name=quiz, near=near_to(quiz, known))
        )
    found = forms.printed(known[quiz], seed)
    if as_json:
        print_json(found)
        return
    for number, row in enumerate(found["items"], start=1):
        order = " ".join(part for part in (",".join(row["rows"]), ",".join(row["columns"])) if part)
        sys.stdout.write(f"{number:>3}  {row['id']}  {row['kind']}  {order}".rstrip() + "\n")


@app.command(
    help=_("Apa yang sudah dicakup cerita dan soal, menurut topik, peran, tahapan, perbuatan, sebab.")
)
def coverage(
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Print what the published content covers and what it promised; exit 1 where there is a hole."""
    from . import coverage as covering  # noqa: PLC0415

    known = the_content().published()
    found = covering.covered(known.course, known.law, known.scenarios.values(), known.quizzes.values())
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_lines(covering.lines(found))
    if found.holes:
        raise typer.Exit(1)


def _story(name: str) -> Scenario:
    known = the_content().scenarios
    if name not in known:
        near = near_to(name, known)
        fail(_("Skenario '{name}' tidak ada. Yang terdekat: {near}.").format(name=name, near=near))
    return known[name]
