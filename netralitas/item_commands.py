"""The commands about stories, quizzes and what was answered; `cli` adds them to the others."""

from __future__ import annotations

import sys
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import content
from .i18n import _
from .terminal import fail, near_to, opened, print_json, print_lines, the_content, the_place

if TYPE_CHECKING:
    from .quizzes import Quiz
    from .scenarios import Scenario
    from .store import Store

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
    exact: Annotated[
        bool, typer.Option("--all", help=_("kelompok kecil juga; hanya untuk orang rekaan (basis data demo)"))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Count the ways learners took, print them, and draw them where a file is named."""
    from . import flow as ways  # noqa: PLC0415
    from .flow_picture import draw  # noqa: PLC0415

    story = _story(scenario)
    with opened() as store:
        if exact and store.meta("demo") != "1":
            fail(_("--all hanya untuk basis data demo; kelompok kecil pegawai tidak disebut. Hapus --all."))
        events = chain.from_iterable(store.events_on(story.root))
        found = ways.count(story, events, first=first, exact=exact)
    if out is not None:
        try:
            out.write_text(draw(found), encoding="utf-8")
        except OSError:
            fail(_("Berkas {file} tidak dapat ditulis. Periksa nama dan izinnya.").format(file=out))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_lines(ways.lines(found))


@app.command(help=_("Lembar soal yang diambil sebuah benih: soal dan pilihan menurut urutannya."))
def form(
    quiz: Annotated[str, typer.Argument(help=_("id kuis, misalnya 03-media-sosial"))],
    seed: Annotated[
        int | None, typer.Option(min=0, help=_("benih percobaan, dari peristiwa pembukaannya"))
    ] = None,
    bots: Annotated[
        int | None, typer.Option(min=1, max=10_000, help=_("berapa lembar dikerjakan bot: benih 0, 1, …"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Draw the form of a seed again, as the site drew it, or let bots sit as many forms."""
    from . import forms, sitters  # noqa: PLC0415

    known = the_content().quizzes
    if quiz not in known:
        fail(
            _("Kuis '{name}' tidak ada. Yang terdekat: {near}.").format(name=quiz, near=near_to(quiz, known))
        )
    if (seed is None) == (bots is None):
        fail(_("Sebut --seed atau --bots, salah satu."))
    if bots is not None:
        marks = sitters.sat(known[quiz], range(bots))
        if as_json:
            print_json(sitters.figures(marks))
        else:
            print_lines(sitters.lines(known[quiz], marks))
        return
    found = forms.printed(known[quiz], seed or 0)
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
    found = covering.covered(
        known.course, known.law, known.scenarios.values(), known.quizzes.values(), known.pledges.values()
    )
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_lines(covering.lines(found))
    if found.holes:
        raise typer.Exit(1)


@app.command(
    help=_("Nilai ulang percobaan yang soalnya berubah sesudah dijawab; tanpa --yes hanya menampilkan.")
)
def regrade(
    quiz: Annotated[str, typer.Argument(help=_("id kuis, misalnya 03-media-sosial"))],
    by: Annotated[str, typer.Option(help=_("siapa yang menilai ulang: NIP atau id pembelajar"))] = "",
    reason: Annotated[str, typer.Option(help=_("alasannya; pelajar membacanya"))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("catat perubahannya"))] = False,
) -> None:
    """List what today's quiz would change of recorded marks; record it only when a named person says so."""
    from . import regrade as regrading  # noqa: PLC0415
    from .overriding import LONGEST_REASON  # noqa: PLC0415

    reason = reason.strip()
    named = bool(by and reason)
    if yes and not named:
        fail(_("--yes memerlukan --by dan --reason. Sebut siapa yang menilai ulang dan alasannya."))
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        fail(_("--reason harus satu baris, paling banyak {n} huruf. Singkatkan.").format(n=LONGEST_REASON))
    asked, course = _sound(quiz), the_content().course
    with opened() as store:
        who = _account(store, by) if by else ""
        reviews = {own[0].learner: regrading.review(asked, own) for own in store.events_on(asked.root)}
        found = [
            (learner, one, regrading.completion(one, store.progress_of(learner), asked, course))
            for learner, one in reviews.items()
            if one.told
        ]
        print_lines(regrading.lines(asked, found))
        todo = [learner for learner, one, _meaning in found if one.changes]
        if not todo:
            return
        if not yes and not (named and sys.stdin.isatty() and typer.confirm(_("Catat perubahan ini?"))):
            print_lines([_("Belum ada yang diubah. Untuk mencatatnya: --by NIP --reason ALASAN --yes.")])
            return
        store.note(who, "quiz.regraded", asked.root, {"learners": len(todo)})
        decide = partial(regrading.regrading, asked, by=who, reason=reason)
        done = [store.amend(learner, asked.root, decide, course, session="perintah") for learner in todo]
    print_lines([_("{n} percobaan dinilai ulang.").format(n=sum(map(len, done)))])


@app.command("empty-typed", help=_("Hapus teks yang diketik pelajar sebagai jawaban; skor dan nilai tetap."))
def empty_typed(
    person: Annotated[str, typer.Argument(help=_("NIP atau id pembelajar"))] = "",
    everybody: Annotated[bool, typer.Option("--everybody", help=_("dari semua orang"))] = False,
    by: Annotated[str, typer.Option(help=_("siapa yang menghapus: NIP atau id pembelajar"))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("hapus sekarang"))] = False,
) -> None:
    """Empty what one person, or everybody, typed as answers; events, scores and marks stay."""
    if bool(person) == everybody:
        fail(_("Sebut satu orang atau --everybody."))
    if not (yes and by):
        fail(_("Teks yang dihapus tidak dapat kembali. Untuk menghapusnya: --by NIP --yes."))
    with opened() as store:
        learner = _account(store, person) if person else None
        gone = store.empty_typed(learner, by=_account(store, by))
    print_lines([_("{n} jawaban yang diketik dihapus.").format(n=gone)])


def _sound(name: str) -> Quiz:
    """Return a published quiz of content without faults; anything else is told and ends the command."""
    from .check import faults  # noqa: PLC0415

    known = the_content().published().quizzes
    if name not in known:
        near = near_to(name, known)
        fail(
            _("Kuis '{name}' tidak ada atau belum terbit. Yang terdekat: {near}.").format(
                name=name, near=near
            )
        )
    if faults(content.gather(the_place())):
        fail(_("Isi belum sehat, jadi tidak ada yang dinilai ulang. Jalankan netralitas check."), 1)
    return known[name]


def _account(store: Store, person: str) -> str:
    """Return the learner id of a NIP or of itself; nobody is told and ends the command."""
    account = store.account_by_nip(person) or store.account(person)
    if account is None:
        fail(_("Orang itu tidak ada di daftar pegawai. Tulis NIP-nya atau id pembelajarnya."))
    return account.learner


def _story(name: str) -> Scenario:
    known = the_content().scenarios
    if name not in known:
        near = near_to(name, known)
        fail(_("Skenario '{name}' tidak ada. Yang terdekat: {near}.").format(name=name, near=near))
    return known[name]
