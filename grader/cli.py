"""`netralitas report …`, and `grade` of `grade_cli`: found by netralitas through its entry points.

Exit codes: 0 done, 1 drift or broken content, 2 something in the command that does not exist.
"""
# pandas, nbformat and the store are imported inside the commands: `netralitas --help` loads this file.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from netralitas import content
from netralitas.i18n import ZONES, _, number
from netralitas.reading import ContentError
from netralitas.settings import settings

from .grade_cli import grade

if TYPE_CHECKING:
    from netralitas.course import Course
    from netralitas.quizzes import Quiz
    from netralitas.record import Event
    from netralitas.store import Store

    from .grouping import Groups

__all__ = ["grade", "put_items", "report", "the_quiz"]

report = typer.Typer(help=_("Laporan penyelesaian dan soal."), no_args_is_help=True)

_BROAD = 160
_TELL = 5_000
"""After so many people a report says how far it is."""
T = TypeVar("T", bound=str)
R = TypeVar("R")


By = Annotated[str, typer.Option(help=_("instansi, unit, jabatan, jenis, atau tingkat unit 2–6."))]
Apart = Annotated[
    str,
    typer.Option("--by", help=_("pisahkan menurut instansi, unit, jabatan, jenis, atau tingkat unit 2–6.")),
]
Form = Annotated[str, typer.Option("--format", help=_("table, csv, json, xlsx, pdf, atau html."))]
Out = Annotated[Path | None, typer.Option(help=_("Tulis ke berkas ini, bukan ke layar."))]
AsOf = Annotated[str, typer.Option(help=_("berlaku per hari ini (YYYY-MM-DD); bawaannya akhir bulan lalu"))]
KnownOn = Annotated[str, typer.Option(help=_("menurut yang diketahui pada hari ini (YYYY-MM-DD)"))]
Unit = Annotated[str, typer.Option(help=_("hanya unit ini dan di bawahnya, dengan ' / '"))]
Internal = Annotated[
    bool, typer.Option("--internal", help=_("semua angka, hari apa saja: untuk di dalam kantor saja"))
]

_Quiz = Annotated[str, typer.Argument(help=_("id kuis; kosong berarti semua kuis selain ujian akhir"))]


@report.command(help=_("Hitung penyelesaian semua orang di daftar pegawai."))
def completion(
    *,
    by: By = "instansi",
    form: Form = "table",
    out: Out = None,
    as_of: AsOf = "",
    known_on: KnownOn = "",
    unit: Unit = "",
    internal: Internal = False,
) -> None:
    """Count everybody on the roster on a day; small groups are hidden unless it stays in the office."""
    found = _completion(by=by, as_of=as_of, known_on=known_on, unit=unit, internal=internal)
    _put_report(found, form, out)


@report.command(help=_("Hitung siapa yang terlambat: kelompok yang belum selesai sesudah tenggat."))
def overdue(
    *,
    by: By = "unit",
    form: Form = "table",
    out: Out = None,
    as_of: AsOf = "",
    known_on: KnownOn = "",
    unit: Unit = "",
    internal: Internal = False,
) -> None:
    """Count who has not completed after their deadline."""
    from netralitas import reports

    found = _completion(by=by, as_of=as_of, known_on=known_on, unit=unit, internal=internal)
    if not reports.dated(found):
        _stop(
            _("Belum ada tenggat. Atur NETRALITAS_DEADLINE, atau tenggat sebuah unit atau angkatan."), code=2
        )
    _put_report(reports.overdue(found), form, out)


@report.command(help=_("Bandingkan tes awal dengan ujian akhir, per topik, dengan selang kepercayaan 95 %."))
def gain(
    *,
    by: Apart = "",
    form: Form = "table",
    out: Out = None,
    as_of: AsOf = "",
    known_on: KnownOn = "",
    unit: Unit = "",
    internal: Internal = False,
) -> None:
    """Compare the pre-test with the exam of the same people, topic by topic."""
    from . import gain as gains

    known = _content(content.current)
    slugs = [_quiz_of(known.course, part) for part in ("pretest", "exam")]
    quizzes = (known.quizzes[slugs[0]], known.quizzes[slugs[1]])

    day, known_day = _report_days(as_of, known_on, internal=internal)

    def ask(store: Store) -> dict[str, Any]:
        before, after = (_records(store, one, unit) for one in quizzes)
        return gains.document(
            known.course, quizzes, (before, after), as_of=day, known_on=known_day, shared=not internal,
            under=unit, groups=_groups(store, by, unit), command=_command(),
        )  # fmt: skip

    _put_report(_asked(ask), form, out)


@report.command(
    help=_("Sebut pilihan salah yang sering dipilih, yang diyakini lebih dahulu, dengan aturannya.")
)
def misconceptions(
    quiz: _Quiz = "",
    *,
    by: Apart = "",
    form: Form = "table",
    out: Out = None,
    as_of: AsOf = "",
    known_on: KnownOn = "",
    unit: Unit = "",
    internal: Internal = False,
) -> None:
    """Tell the wrong options people choose, those they are sure of first."""
    from . import misconceptions as wrong

    known, asked = _content(content.current), _quizzes(quiz)
    day, known_day = _report_days(as_of, known_on, internal=internal)

    def ask(store: Store) -> dict[str, Any]:
        return wrong.document(
            ((one, _records(store, one, unit)) for one in asked), known.law.acts, as_of=day,
            known_on=known_day, content=known.course.version, shared=not internal, under=unit,
            groups=_groups(store, by, unit), command=_command(),
        )  # fmt: skip

    _put_report(_asked(ask), form, out)


@report.command(help=_("Hitung angka tiap soal sebuah kuis: kemudahan, daya beda, pengecoh, keandalan."))
def items(
    quiz: _Quiz = "",
    attempts: Annotated[str, typer.Option(help=_("percobaan mana: first, best, last, atau all"))] = "first",
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
    sheet: Annotated[Path | None, typer.Option("--csv", help=_("tulis butirnya ke berkas CSV ini"))] = None,
    *,
    shared: Annotated[
        bool, typer.Option("--shared", help=_("yang boleh dibagikan; hanya untuk ini opsi di bawah"))
    ] = False,
    by: Apart = "",
    form: Form = "table",
    out: Out = None,
    as_of: AsOf = "",
    known_on: KnownOn = "",
    unit: Unit = "",
) -> None:
    """Report on the items of a quiz as its learners answered them, for authors or to be shared."""
    if shared:
        if as_json or sheet is not None or attempts != "first":
            _stop(_("--shared tidak bersama --attempts, --json, atau --csv; pakai --format."), code=2)
        _put_report(_shared_items(quiz, by, as_of, known_on, unit), form, out)
        return
    if out is not None or as_of or known_on or by or unit or form != "table":
        told = _("{options}, dan --unit hanya bersama --shared; tambahkan --shared.")
        _stop(told.format(options="--by, --format, --out, --as-of, --known-on"), code=2)
    if not quiz:
        _stop(_("Sebut kuisnya, atau tambahkan --shared untuk semua kuis."), code=2)
    from . import item_report
    from .sittings import WHICH

    asked = the_quiz(quiz)
    which = _one_of("--attempts", attempts, WHICH)
    found = _asked(
        lambda store: item_report.document(
            asked, store.events_on(asked.root), which=which, made_up=store.meta("demo") == "1"
        )
    )
    put_items(found, as_json=as_json, sheet=sheet)


def _shared_items(quiz: str, by: str, as_of: str, known_on: str, unit: str) -> dict[str, Any]:
    from . import item_shares

    asked, version = _quizzes(quiz), _content(content.current).course.version
    day, known_day = _report_days(as_of, known_on, internal=False)
    return _asked(
        lambda store: item_shares.document(
            ((one, _records(store, one, unit)) for one in asked), as_of=day, known_on=known_day,
            content=version, under=unit, groups=_groups(store, by, unit), command=_command(),
        )
    )  # fmt: skip


def _groups(store: Store, by: str, unit: str) -> Groups:
    """Return the group of everybody who stands in a unit now (empty: anywhere)."""
    from netralitas.reports import ATTRIBUTES, SHAPES, level_of

    from .grouping import EVERYBODY, Groups, cut

    if not by:
        return EVERYBODY
    shape, paths = _one_of("--by", by, SHAPES), [unit] if unit else None
    if shape in ATTRIBUTES:
        return Groups(shape, store.places(ATTRIBUTES[shape], paths))
    return Groups(shape, cut(store.places("unit", paths), level_of(shape)))


def _quizzes(slug: str) -> list[Quiz]:
    """Return the quiz of that id; for an empty one all, but not the exam's, whose answers are kept apart."""
    if slug:
        return [the_quiz(slug)]
    known = _content(content.current)
    return [known.quizzes[one.quiz] for one in known.course.modules if one.quiz and one.part != "exam"]


def _records(store: Store, quiz: Quiz, unit: str) -> Iterator[list[Event]]:
    """Yield each learner's events on a quiz; where that takes long, tell now and then how far it is."""
    if unit:
        store.unit(unit)
    for people, events in enumerate(store.events_on(quiz.root, [unit] if unit else None), 1):
        if people % _TELL == 0:
            told = _("{quiz}: {n} orang sudah dibaca")
            typer.echo(told.format(quiz=quiz.title, n=number(people)), err=True)
        yield events


def the_quiz(slug: str) -> Quiz:
    """Return the quiz of that id, the course's first for an empty one; an unknown one ends the command."""
    known = _content(content.current)
    slugs = [module.quiz for module in known.course.modules if module.quiz] + sorted(known.quizzes)
    if not slugs:
        _stop(_("Isi tidak memuat kuis."), code=2)
    return known.quizzes[_one_of("QUIZ", slug or slugs[0], tuple(dict.fromkeys(slugs)))]


def put_items(found: dict[str, Any], *, as_json: bool, sheet: Path | None) -> None:
    """Put an item report where it was asked for: a CSV file, JSON or a table on the screen."""
    from . import item_table

    if sheet is not None:
        _put(item_table.as_csv(found), sheet, "--csv")
    if as_json:
        _put(json.dumps(found, ensure_ascii=False, indent=2) + "\n", None)
    elif sheet is None:
        _put(item_table.as_table(found, width=_width(None), colour=sys.stdout.isatty()), None)


def _completion(*, by: str, as_of: str, known_on: str, unit: str, internal: bool) -> dict[str, Any]:
    from netralitas import reports
    from netralitas.terminal import a_day

    shape = _one_of("--by", by, reports.SHAPES)
    course = _content(content.current).course
    day, known = _report_day(as_of, internal=internal), a_day(known_on)

    def ask(store: Store) -> dict[str, Any]:
        return reports.completion(
            store, course, as_of=day, known_on=known, by=shape, shared=not internal, under=unit or None,
            deadline=settings().deadline, command=_command(),
        )  # fmt: skip

    return _asked(ask)


def _asked(ask: Callable[[Store], R]) -> R:
    """Return what is asked of the store of the settings; whatever cannot be ends the command."""
    from netralitas.reports import ReportError
    from netralitas.store import StoreError, open_store

    try:
        with closing(open_store(settings().store)) as store:
            store.require_current()
            return ask(store)
    except ReportError as error:
        _stop(str(error), code=2)
    except StoreError as error:
        _stop(str(error))


def _report_day(as_of: str, *, internal: bool) -> date:
    """Return the day a report is true on: the one asked for, else today or, shared, the last month's end."""
    from netralitas.tally import last_month_end
    from netralitas.terminal import a_day

    today = datetime.now(ZONES["WIB"]).date()
    return a_day(as_of) or (today if internal else last_month_end(today))


def _report_days(as_of: str, known_on: str, *, internal: bool) -> tuple[date, date | None]:
    """Return the day a report of answers is true on, and the one whose knowledge it has (None: the same).

    Inside the office that is today's, where no other is asked for.
    """
    from netralitas.terminal import a_day

    today = datetime.now(ZONES["WIB"]).date()
    return _report_day(as_of, internal=internal), a_day(known_on) or (today if internal else None)


def _quiz_of(course: Course, part: str) -> str:
    found = next((module.quiz for module in course.modules if module.part == part and module.quiz), None)
    if found is None:
        _stop(
            _("Kursus ini tidak memuat tes awal dan ujian akhir; laporan ini membandingkan keduanya."), code=2
        )
    return found


def _command() -> str:
    """Return the command as it was typed, without the file it is written to."""
    words = sys.argv[1:]
    where = words.index("--out") if "--out" in words else len(words)
    return shlex.join(["netralitas", *words[:where], *words[where + 2 :]])


def _put_report(found: dict[str, Any], form: str, out: Path | None) -> None:
    from netralitas import sheets

    which = _one_of("--format", form, ("table", *sheets.FORMS))
    if which == "table":
        _put(sheets.as_table(found, width=_width(out)), out)
        return
    try:
        made = sheets.FORMS[which](found)
    except ValueError as error:
        _stop(str(error), code=2)
    if isinstance(made, bytes) and out is None:
        _stop(_("Bentuk {form} ditulis ke berkas: sebut --out.").format(form=which), code=2)
    _put(made, out)


def _put(text: str | bytes, out: Path | None, option: str = "--out") -> None:
    from .files import write_bytes

    content = text.encode() if isinstance(text, str) else text
    if out is None:
        typer.echo(content, nl=False)  # bytes: the CSV brings its own line ends
        return
    try:
        write_bytes(out, content)
    except OSError as error:
        _stop(
            _("{file}: tidak dapat ditulis ({reason}). Pilih berkas lain dengan {option}.").format(
                file=out, reason=os.strerror(error.errno or 0), option=option
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
