"""`netralitas grade …`: quizzes as nbgrader's assignments, from the source notebook to the learner's results.

Exit codes: 0 done, 1 drift, broken content or a difference the audit found, 2 a quiz that does not exist.
Submissions that were set aside are told one a line and end nothing.
"""
# nbgrader, nbformat and the store are imported inside the commands: `netralitas --help` loads this file.
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from netralitas import content
from netralitas.i18n import _, number
from netralitas.reading import ContentError
from netralitas.roster import SEPARATOR
from netralitas.terminal import fail, near_to, opened, the_content

if TYPE_CHECKING:
    from netralitas.quizzes import Quiz
    from netralitas.record import Event
    from netralitas.store import Store

    from .double import Agreed
    from .gradebook import CourseDir

grade = typer.Typer(help=_("Kuis sebagai tugas nbgrader."), no_args_is_help=True)

T = TypeVar("T")
_QUIZ = Annotated[str, typer.Argument(help=_("id kuis; tanpa ini semua kuis"))]


@grade.command(help=_("Turunkan buku catatan nbgrader dari tiap kuis."))
def build(
    check: Annotated[bool, typer.Option("--check", help=_("Hanya bandingkan; tidak menulis."))] = False,
) -> None:
    """Derive the nbgrader notebooks; with --check exit 1 where one differs."""
    from . import assignment, gradebook

    try:
        folders, course = content.sources(), gradebook.course_dir()
        differing = assignment.write(content.load().quizzes.values(), folders, course.kept, check)
    except (ContentError, gradebook.GradingError) as error:
        fail(str(error), 1)
    except OSError as error:
        told = _("{file}: tidak dapat ditulis. Periksa izin foldernya.")
        fail(told.format(file=error.filename or folders[-1]), 1)
    for path in differing:
        # Of one folder the path in it is enough, and reads the same on every machine.
        alone = len(folders) == 1 and path.is_relative_to(folders[0])
        name = path.relative_to(folders[0]) if alone else path
        if check:
            told = _("{file}: tidak sama dengan kuisnya. Jalankan `{command}` dan simpan hasilnya.")
            typer.echo(told.format(file=name, command=assignment.COMMAND), err=True)
        else:
            typer.echo(_("{file}: diperbarui.").format(file=name))
    if check and differing:
        raise typer.Exit(1)


@grade.command(help=_("Buat lembar kosong tiap kuis dan daftarkan di buku nilai."))
def release(
    quiz: _QUIZ = "",
    new: Annotated[bool, typer.Option("--new", help=_("hanya yang belum ada atau berubah"))] = False,
) -> None:
    """Run `nbgrader generate_assignment`; with --new only where the source is newer than the release."""
    from . import gradebook

    with course_alone() as course:
        for one in _progress(_("Lembar kosong"), quizzes(quiz)):
            if not new or course.outdated(one.id):
                gradebook.generate(one.id, course)
                typer.echo(_("{quiz}: lembar kosong dibuat.").format(quiz=one.id))


@grade.command(help=_("Tulis jawaban yang tercatat ke lembar tiap peserta, hanya yang berubah."))
def collect(quiz: _QUIZ = "") -> None:
    """Write submissions from the store, and the signed register; deal cases two people mark."""
    from . import double, grading

    with course_alone() as course, opened() as store:
        for one in quizzes(quiz):
            records = _progress(one.id, _present(store, one))
            _told(one, _("{quiz}: {n} lembar, {changed} berubah."), grading.collect(one, records, course))
            left = double.deal(one, course, grading.register(course).entries(one.id), _trainers(store))
            if left:
                told = _(
                    "{quiz}: {n} studi kasus belum punya dua penilai. Beri peran pelatih kepada orang lain."
                )
                typer.echo(told.format(quiz=one.id, n=len(left)), err=True)


@grade.command(
    help=_("Masukkan nilai ke buku nilai; dengan --audit hitung ulang lewat nbgrader dan bandingkan.")
)
def run(
    quiz: _QUIZ = "",
    audit: Annotated[
        bool, typer.Option("--audit", help=_("hitung ulang lewat nbgrader, bandingkan"))
    ] = False,
    workers: Annotated[int, typer.Option(help=_("proses pemeriksa; 0: sebanyak inti prosesor"))] = 0,
) -> None:
    """Enter marks, or audit those entered: then exit 1 where one differs."""
    from . import double, grading

    differing = 0
    with course_alone() as course:
        for one in quizzes(quiz):
            total = len(grading.register(course).entries(one.id))
            if not audit:
                steps = _progress(one.id, grading.run(one, course), total)
                _told(one, _("{quiz}: {n} lembar dinilai, {changed} berubah."), steps)
                double.lend(one, course, grading.register(course).entries(one.id))
                continue
            found = [*_progress(one.id, grading.audit(one, course, workers=workers), total)]
            _told(one, _("{quiz}: {n} lembar diperiksa ulang."), (step for step, _rest in found))
            for row in sorted(row for _step, rows in found for row in rows):
                differing += 1
                told = _("{learner}, {cell}: buku nilai {book}, pemeriksaan {audit}.")
                typer.echo(told.format(**row._asdict()), err=True)
    if differing:
        raise typer.Exit(1)


@grade.command(help=_("Samakan nilai dua penilai; beda yang jauh diserahkan kepada penilai ketiga."))
def agree(quiz: _QUIZ = "") -> None:
    """Settle what two people marked, hand disputes to a third, print how far they agree."""
    from . import double, grading

    wanted = [one for one in quizzes(quiz) if one.double]
    if not wanted:
        return
    with course_alone() as course, opened() as store:
        for one in wanted:
            entries = grading.register(course).entries(one.id)
            found = double.agree(one, course, entries, _trainers(store))
            if found.changed:
                counts = {name: n for name, n in found._asdict().items() if name != "agreements"}
                store.note("netralitas grade agree", "marks.agreed", one.root, counts)
            _agreed(one, found)


@grade.command(help=_("Kembalikan nilai, tingkat, dan komentar ke halaman hasil peserta."))
def publish(quiz: _QUIZ = "") -> None:
    """Write what the gradebook has to give back into the store."""
    from . import grading

    with course_alone() as course, opened() as store:
        for one in quizzes(quiz):
            marks = grading.publish(one, course)
            changed = store.publish(one.root, marks, by="netralitas grade publish")
            told = _("{quiz}: {n} hasil, {changed} berubah.")
            typer.echo(told.format(quiz=one.id, n=len(marks), changed=changed))


def _agreed(quiz: Quiz, found: Agreed) -> None:
    """Print how many cases are settled and how far their markers agree, criterion by criterion."""
    told = _("{quiz}: {settled} studi kasus disepakati ({changed} berubah), {waiting} menunggu.")
    typer.echo(told.format(quiz=quiz.id, **found._asdict()))
    if found.third:
        told = _("{quiz}: {third} diserahkan kepada penilai ketiga.")
        typer.echo(told.format(quiz=quiz.id, third=found.third))
    if found.alone:
        told = _("{quiz}: {alone} menunggu penilai ketiga. Beri peran pelatih kepada orang lain.")
        typer.echo(told.format(quiz=quiz.id, alone=found.alone), err=True)
    for one in found.agreements:
        if one.sheets:
            value = _("belum dapat dihitung") if one.kappa is None else number(round(one.kappa, 2))
            told = _("{quiz}, {case}, kriteria {number}: kappa {value} dari {sheets} lembar.")
            words = {"quiz": quiz.id, "value": value} | one._asdict()
            typer.echo(told.format(**words))


def _trainers(store: Store) -> Callable[[str], set[str]]:
    """Return a function that tells which trainers may mark a learner: those of their unit, or of all."""
    held = [(one.learner, one.unit) for one in store.roles() if one.role == "trainer"]

    def of(learner: str) -> set[str]:
        account = store.account(learner)
        unit = f"{account.unit if account else None}{SEPARATOR}"
        return {who for who, place in held if place is None or unit.startswith(f"{place}{SEPARATOR}")}

    return of


def quizzes(slug: str = "") -> list[Quiz]:
    """Return the quiz of that id, all published ones for an empty one."""
    known = the_content().published().quizzes
    if slug and slug not in known:
        told = _("Kuis '{given}' tidak dikenal. Yang mirip: {known}.")
        fail(told.format(given=slug, known=near_to(slug, known)))
    return [known[slug]] if slug else [known[name] for name in sorted(known)]


def _present(store: Store, quiz: Quiz) -> Iterator[list[Event]]:
    """Yield the events of each learner on a quiz, but of who was erased."""
    gone = store.erased()
    return (own for own in store.events_on(quiz.root) if own[0].learner not in gone)


@contextmanager
def course_alone() -> Iterator[CourseDir]:
    """Hold the course directory; whatever it or nbgrader says is told and ends the command."""
    from . import gradebook
    from .register import RegisterError

    try:
        course = gradebook.course_dir()
        with gradebook.alone(course):
            yield course
    except (gradebook.GradingError, RegisterError, ContentError) as error:
        fail(str(error), 1)


def _told(quiz: Quiz, line: str, steps: Iterable[object]) -> None:
    """Print how many there were and how many changed; each that was left out with its reason."""
    from .grading import Step

    done = [step for step in steps if isinstance(step, Step)]
    graded = [step for step in done if not step.reason]
    for step in done:
        if step.reason:
            told = _("{quiz}, {learner}: disisihkan, {reason}.")
            typer.echo(told.format(quiz=quiz.id, learner=step.learner, reason=step.reason), err=True)
    changed = sum(step.changed for step in graded)
    typer.echo(line.format(quiz=quiz.id, n=len(graded), changed=changed))


def _progress(title: str, rows: Iterable[T], total: int | None = None) -> Iterable[T]:
    """Pass rows on, with a bar on the terminal where there is one."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(rows, title, total, console=console, transient=True, disable=not console.is_terminal)
