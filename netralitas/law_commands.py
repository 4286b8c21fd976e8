"""The commands that ask the law: `netralitas rule` and `netralitas impact`; `cli` adds them to the others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from . import compare as comparing
from . import content, rules
from . import impact as resting
from .i18n import _
from .i18n import day as spoken_day
from .law import Law
from .settings import settings
from .terminal import a_day, fail, near_to, print_json, print_lines, the_content
from .terms import ACTORS, Actor

app = typer.Typer()


@app.command(help=_("Apa kata aturan tentang suatu perbuatan pada suatu tanggal, atau tentang semuanya."))
def rule(  # noqa: PLR0917  (typer names them)
    act: Annotated[str, typer.Argument(help=_("id perbuatan, misalnya sosialisasi-medsos-calon"))] = "",
    on: Annotated[str, typer.Option(help=_("tanggal perbuatan, YYYY-MM-DD"))] = "",
    actor: Annotated[str, typer.Option(help=_("pelaku: {names}").format(names=", ".join(ACTORS)))] = "pns",
    examined: Annotated[str, typer.Option(help=_("tanggal pemeriksaan, YYYY-MM-DD"))] = "",
    decided: Annotated[str, typer.Option(help=_("tanggal putusan, YYYY-MM-DD"))] = "",
    every: Annotated[bool, typer.Option("--list", help=_("semua perbuatan pada tanggal itu"))] = False,
    compare: Annotated[
        tuple[str, str] | None, typer.Option(help=_("yang berubah di antara dua tanggal, YYYY-MM-DD"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """Answer for one act, list all acts of a day, or say what changed between two days."""
    law = the_content().law
    if actor not in ACTORS:
        fail(_("Pelaku '{actor}' tidak dikenal. Pilih salah satu: {names}.").format(
            actor=actor, names=", ".join(ACTORS)))  # fmt: skip
    if every and (act or compare):
        fail(_("--list menampilkan semua perbuatan. Hapus id perbuatan dan --compare, atau hapus --list."))
    if not every and not act:
        fail(_("Sebut id perbuatan, misalnya: netralitas rule sosialisasi-medsos-calon --on 2024-10-12. "
               "Semua perbuatan tampil dengan: netralitas rule --list --on 2024-10-12."))  # fmt: skip
    if compare and on:
        fail(_("--compare sudah memuat kedua tanggalnya. Hapus --on."))
    case = _Case(law, actor, a_day(examined), a_day(decided))
    if compare:
        _tell_changes(case, act, sorted(_needed(text, "--compare") for text in compare), as_json=as_json)
    elif every:
        _tell_listing(case, _needed(on), as_json=as_json)
    elif as_json:
        print_json(case.answer(act, _needed(on)).model_dump(mode="json"))
    else:
        _tell(law, case.answer(act, _needed(on)))


@app.command(
    help=_("Apa yang bertumpu pada suatu naskah atau perbuatan: aturan, skenario, soal, ikrar, modul.")
)
def impact(
    name: Annotated[str, typer.Argument(help=_("id naskah atau perbuatan, misalnya skb-2022"))],
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """List what cites a source or an act, and count the learners whose completion rests on it."""
    known = the_content()
    try:
        found = resting.impact(
            name,
            law=known.law,
            course=known.course,
            scenarios=known.scenarios.values(),
            quizzes=known.quizzes.values(),
            pledges=known.pledges.values(),
        )
    except KeyError:
        near = near_to(name, [*resting.act_names(known.law), *known.law.sources])
        fail(
            _("'{name}' bukan id naskah atau perbuatan. Yang terdekat: {near}.").format(name=name, near=near)
        )
    learners, why = _completed(found.modules)
    if as_json:
        print_json(found.model_dump(mode="json") | {"learners": learners})
    else:
        _tell_impact(found, known, _("{n} pembelajar").format(n=learners) if learners is not None else why)


class _Case(NamedTuple):
    """Who did it, and the later days that may matter."""

    law: Law
    actor: Actor
    examined: date | None
    decided: date | None

    def answer(self, act: str, on: date) -> rules.Answer:
        """Return what the law says; a mistake is told and ends the command."""
        try:
            return rules.rule(
                self.law, act, on=on, actor=self.actor, examined=self.examined, decided=self.decided
            )
        except KeyError:
            near = near_to(act, resting.act_names(self.law))
            fail(_("Perbuatan '{act}' tidak dikenal. Yang terdekat: {near}.").format(act=act, near=near))
        except ValueError as error:
            fail(_("Tanggal tidak cocok: {reason}.").format(reason=error))

    def listing(self, on: date) -> comparing.Listing:
        """Return all acts of a day; a mistake is told and ends the command."""
        try:
            return comparing.listing(
                self.law, on=on, actor=self.actor, examined=self.examined, decided=self.decided
            )
        except ValueError as error:
            fail(_("Tanggal tidak cocok: {reason}.").format(reason=error))


def _needed(text: str, option: str = "--on") -> date:
    """Return a day that has to be given."""
    found = a_day(text)
    if found is None:
        fail(_("Tanggal perbuatan kosong. Isi {option} dengan YYYY-MM-DD.").format(option=option))
    return found


def _tell_listing(case: _Case, on: date, *, as_json: bool) -> None:
    found = case.listing(on)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    print_lines([_("{on}, pelaku {actor}: {n} perbuatan").format(
        on=spoken_day(on), actor=found.actor, n=len(found.acts))])  # fmt: skip
    for _verdict, rows in groupby(found.acts, key=lambda row: row.verdict):
        print_lines(["", *(comparing.line(row) for row in rows)])
    if found.not_in_force:
        told = _("{n} perbuatan lain tidak berlaku pada tanggal itu dan tidak ditampilkan.")
        print_lines(["", told.format(n=found.not_in_force)])


def _tell_changes(case: _Case, name: str, days: list[date], *, as_json: bool) -> None:
    before, after = (case.answer(name, on) for on in days)
    act, names = case.law.act(name), {source.id: source.name for source in case.law.sources.values()}
    found = comparing.changes(before, after, regimes=case.law.regimes)
    told = [(change, comparing.sentences(change, names)) for change in found]
    if as_json:
        rows = [change.model_dump(mode="json") | {"told": [*texts]} for change, texts in told]
        print_json(
            {
                "act": act.id,
                "actor": case.actor,
                "before": f"{days[0]}",
                "after": f"{days[1]}",
                "changes": rows,
            }
        )
        return
    lines = [text for _change, texts in told for text in texts] or [_("Tidak ada yang berubah.")]
    if not before.in_force and not after.in_force:
        lines.append(_("Ketentuannya tidak berlaku pada kedua tanggal itu."))
    if not after.in_force and after.continued_by:
        lines.append(_("Dilanjutkan oleh: {names}").format(names=", ".join(after.continued_by)))
    if not act.reviewed_by:
        lines.append(_("Belum ditinjau ahli hukum."))
    head = _("{before} → {after}, pelaku {actor}").format(
        before=spoken_day(days[0]), after=spoken_day(days[1]), actor=case.actor
    )
    print_lines([f"{act.title} ({act.id})", head, *lines])


def _tell_impact(found: resting.Impact, known: content.Content, learners: str) -> None:
    acts = known.law.acts
    source = found.kind == "source"
    heads = {
        "rules": _("Perbuatan yang menyebutnya") if source else _("Perbuatan"),
        **({"regimes": _("Bagian data/regimes.yaml")} if source else {}),
        **({} if source else {"continued_by": _("Perbuatan yang melanjutkannya")}),
        "scenarios": _("Skenario"),
        "items": _("Soal kuis"),
        "points": _("Butir ikrar"),
        "modules": _("Modul"),
    }
    titles = {
        **{name: act.title for name, act in acts.items()},
        **{name: story.title for name, story in known.scenarios.items()},
        **{module.slug: module.title for module in known.course.modules},
    }
    lines = [f"{found.title} ({found.id})"]
    for field, head in heads.items():
        names: tuple[str, ...] = getattr(found, field)
        lines.append(f"{head}: {len(names)}")
        lines += [f"  {name} · {titles[name]}" if name in titles else f"  {name}" for name in names]
    print_lines([*lines, _("Penyelesaian yang bertumpu padanya: {learners}").format(learners=learners)])


def _completed(modules: Collection[str]) -> tuple[int | None, str]:
    """Return how many learners completed one of these modules, or None and why nobody can be counted.

    Asking makes no store and changes none.
    """
    from .store import StoreError, open_store  # noqa: PLC0415

    url = settings().store
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return None, _("tidak dihitung, karena basis data belum ada.")
    try:
        store = open_store(url)
    except StoreError as error:
        return None, _("tidak dihitung. {reason}").format(reason=error)
    try:
        store.require_current()
        return store.completed(modules), ""
    except StoreError as error:
        return None, _("tidak dihitung. {reason}").format(reason=error)
    finally:
        store.close()


def _tell(law: Law, answer: rules.Answer) -> None:
    """Print an answer for people."""
    act = law.act(answer.act)
    lines = [
        f"{act.title} ({answer.act})",
        _("Tanggal {on}, pelaku {actor}: {verdict}").format(
            on=answer.on, actor=answer.actor, verdict=comparing.verdict_words(answer.verdict)
        ),
    ]
    if not answer.in_force:
        lines.append(_("Naskahnya tidak berlaku pada tanggal itu."))
    for ruling in answer.rulings:
        lines.append(_("Jalur {track}, tingkat {level}").format(
            track=ruling.track or _("tidak disebut"), level=ruling.level or _("tidak disebut")))  # fmt: skip
        lines += [f"  - {kind}" for kind in ruling.sanctions]
    lines += [f"  {law.sources[b.source].name}, {b.article}" for b in answer.basis]
    lines += [f"! {caveat}" for caveat in answer.caveats]
    lines += [f"  {a.when}: {a.level}" for a in answer.alternatives]
    if answer.guide:
        lines.append(_("Pedoman: {names}").format(names=", ".join(answer.guide)))
    if answer.oversight:
        lines.append(_("Ditangani: {names}").format(names=", ".join(answer.oversight)))
    if answer.continued_by:
        lines.append(_("Dilanjutkan oleh: {names}").format(names=", ".join(answer.continued_by)))
    if not act.reviewed_by:
        lines.append(_("Belum ditinjau ahli hukum."))
    if act.status != "terbit":
        lines.append(_("Status {status}: belum tampil bagi pembelajar.").format(status=act.status))
    print_lines(lines)
