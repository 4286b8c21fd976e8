"""The command line: wires the rooms together, holds no logic.

The office (`grader/`) adds `grade` and `report` through the entry point group `netralitas.commands`.
Every mistake of a user is one Indonesian sentence on stderr: exit 2 for a question that cannot be
answered as put, exit 1 for work that found faults.
"""

from __future__ import annotations

import difflib
import json
import logging
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from . import compare as comparing
from . import content, reading, rules
from . import impact as resting
from .i18n import ZONES, _
from .i18n import day as spoken_day
from .law import ACTORS, Actor, Law
from .settings import settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from .store import Store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help=_("Netralitas: pelatihan netralitas ASN."))  # fmt: skip
roster_app = typer.Typer(no_args_is_help=True, help=_("Daftar pegawai."))
account_app = typer.Typer(no_args_is_help=True, help=_("Akun dan kode aktivasi."))
role_app = typer.Typer(no_args_is_help=True, help=_("Peran: trainer, agency, operator."))
db_app = typer.Typer(no_args_is_help=True, help=_("Basis data."))
app.add_typer(roster_app, name="roster")
app.add_typer(account_app, name="account")
app.add_typer(role_app, name="role")
app.add_typer(db_app, name="db")

Nip = Annotated[str, typer.Argument(help=_("NIP, spasi boleh"))]
RoleName = Annotated[str, typer.Argument(help=_("trainer, agency, atau operator"))]
UnitPath = Annotated[str, typer.Option(help=_("unit dengan ' / '; kosong berarti semua"))]

BY = "baris perintah"
"""Who is named in the audit log for what the command line does."""


def fail(sentence: str, code: int = 2) -> NoReturn:
    """Say one sentence on stderr and leave with `code`."""
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(code)


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store of the settings in this version's schema: SQLite is migrated, PostgreSQL must be."""
    from .store import StoreError, open_store  # noqa: PLC0415  (rule and check need no database)

    try:
        store = open_store(settings().store)
        if store.engine.dialect.name == "sqlite":
            store.migrate()
        store.require_current()
    except StoreError as error:
        fail(str(error), 1)
    try:
        yield store
    except StoreError as error:
        fail(str(error), 1)
    finally:
        store.close()


@app.command(help=_("Periksa semua isi: data/, quizzes/, modules/."))
def check() -> None:
    """Print every fault of the content with file, place and remedy; exit 1 when there is one."""
    from .check import faults  # noqa: PLC0415

    found = faults(_place())
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    if found:
        fail(_("{n} kesalahan isi. Betulkan, lalu jalankan netralitas check lagi.").format(n=len(found)), 1)
    sys.stdout.write(_("Isi sehat.") + "\n")


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
    law = _content().law
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
    case = _Case(law, actor, _day(examined), _day(decided))
    if compare:
        _tell_changes(case, act, sorted(_needed(text, "--compare") for text in compare), as_json=as_json)
    elif every:
        _tell_listing(case, _needed(on), as_json=as_json)
    elif as_json:
        _json(case.answer(act, _needed(on)).model_dump(mode="json"))
    else:
        _tell(law, case.answer(act, _needed(on)))


@app.command(help=_("Apa yang bertumpu pada suatu naskah atau perbuatan: aturan, skenario, soal, modul."))
def impact(
    name: Annotated[str, typer.Argument(help=_("id naskah atau perbuatan, misalnya skb-2022"))],
    as_json: Annotated[bool, typer.Option("--json", help=_("keluarkan JSON"))] = False,
) -> None:
    """List what cites a source or an act, and count the learners whose completion rests on it."""
    known = _content()
    try:
        found = resting.impact(
            name,
            law=known.law,
            course=known.course,
            scenarios=known.scenarios.values(),
            quizzes=known.quizzes.values(),
        )
    except KeyError:
        near = _near(name, [*resting.act_names(known.law), *known.law.sources])
        fail(
            _("'{name}' bukan id naskah atau perbuatan. Yang terdekat: {near}.").format(name=name, near=near)
        )
    learners, why = _completed(found.modules)
    if as_json:
        _json(found.model_dump(mode="json") | {"learners": learners})
    else:
        _tell_impact(found, known, _("{n} pembelajar").format(n=learners) if learners is not None else why)


@app.command(help=_("Mulai berkas isi baru dari kerangka: rule, scenario, atau quiz."))
def new(
    kind: Annotated[str, typer.Argument(help=_("rule, scenario, atau quiz"))],
    slug: Annotated[str, typer.Argument(help=_("id dan nama berkas, misalnya foto-di-hajatan"))],
) -> None:
    """Write a commented skeleton into the content and say the next step; never overwrite."""
    from . import new as skeletons  # noqa: PLC0415

    if kind not in skeletons.KINDS:
        fail(_("Jenis '{kind}' tidak dikenal. Pilih salah satu: {names}.").format(
            kind=kind, names=", ".join(skeletons.KINDS)))  # fmt: skip
    place = _place()
    try:
        name = skeletons.write(place, kind, slug)
    except skeletons.NewError as error:
        fail(str(error))
    except OSError:
        fail(_("Folder {place} tidak dapat ditulis. Periksa izinnya.").format(place=place), 1)
    steps = {
        "rule": _("Setelah sehat, tulis satu kasus bertanggal di tests/law/ dan catat di CHANGELOG.md."),
        "scenario": _("Setelah sehat, sebut di 'scenarios' modulnya di data/course.yaml."),
        "quiz": _("Setelah sehat, sebut di 'quiz' modulnya di data/course.yaml."),
    }
    told = _("{file} dibuat. Isi yang kosong; netralitas check menyebut satu per satu apa yang belum diisi.")
    sys.stdout.write(f"{told.format(file=place / name)}\n{steps[kind]}\n")


@app.command(help=_("Turunkan skema berkas isi untuk penyunting teks ke data/schemas."))
def schemas(
    check_only: Annotated[bool, typer.Option("--check", help=_("hanya bandingkan"))] = False,
) -> None:
    """Write the JSON Schemas, or with --check exit 1 when one differs."""
    from .new import schemas as deriving  # noqa: PLC0415

    differing = deriving.write(_place(), check=check_only)
    if check_only and differing:
        fail(_("Skema tidak sama dengan modelnya: {names}. Jalankan netralitas schemas.").format(
            names=", ".join(differing)), 1)  # fmt: skip


@app.command(help=_("Jalankan situs."))
def serve(
    host: Annotated[str, typer.Option(help=_("alamat yang didengarkan"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("nomor port; 0 memilih yang bebas"))] = 8866,
    demo: Annotated[bool, typer.Option("--demo", help=_("buat dan tampilkan orang-orang rekaan"))] = False,
) -> None:
    """Check the content, open the store, serve until stopped."""
    from . import demo as demos  # noqa: PLC0415
    from .check import faults  # noqa: PLC0415
    from .web.app import Site  # noqa: PLC0415  (loads tornado and voila: only for serving)

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    from .web.confine import exposed  # noqa: PLC0415

    # Before anything is made: content with faults must not leave a store behind.
    place = _place()
    if found := faults(place):
        for fault in found:
            sys.stderr.write(f"{fault}\n")
        fail(_("Situs tidak dijalankan karena isi belum sehat."), 1)
    file = settings().store.removeprefix("sqlite:///")
    if exposed(settings().home) or exposed(Path(file).resolve()):
        fail(_("Basis data ada di dalam folder Python, yang dapat dibaca kernel. Atur NETRALITAS_HOME."), 1)
    with opened() as store:
        site = Site(ip=host, port=port, store=store, place=place)
        site.prepare(settings())
        people = demos.make(store, site.content.course) if demo else []
        site.demo = store.meta("demo") == "1"
        if site.demo and host not in {"127.0.0.1", "localhost", "::1"}:
            fail(_("Basis data demo hanya boleh melayani mesin ini sendiri. Hapus --host."), 1)

        def ready(number: int) -> None:
            if not site.boundary:
                sys.stdout.write(_("PERINGATAN: tanpa Landlock, kernel berjalan tanpa pagar berkas.") + "\n")
            sys.stdout.write(_("Situs siap di http://{host}:{port}").format(host=host, port=number) + "\n")
            for person in people:
                sys.stdout.write(
                    _("  {role}: NIP {nip}, kata sandi {password}").format(
                        role=person.role, nip=person.nip, password=person.password
                    )
                    + "\n"
                )
            sys.stdout.write(_("Berhenti dengan Ctrl+C.") + "\n")
            sys.stdout.flush()

        site.run(ready)


@roster_app.command("import", help=_("Impor daftar pegawai dari CSV: semua atau tidak sama sekali."))
def roster_import(
    file: Annotated[Path, typer.Argument(help=_("berkas CSV"))],
    complete: Annotated[
        int | None,
        typer.Option(help=_("daftar lengkap: jumlah orang yang akan dikeluarkan, sebagai penegasan")),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help=_("terima orang rekaan (lahir 1900)"))] = False,
) -> None:
    """Read, check and import a roster; faults are told by line and nothing is imported."""
    from . import roster  # noqa: PLC0415

    try:
        data = file.read_bytes()
    except OSError:
        fail(_("Berkas {file} tidak terbaca. Periksa nama dan izinnya.").format(file=file))
    read = roster.parse(data, made_up_allowed=demo)
    if read.faults:
        for fault in read.faults:
            sys.stderr.write(f"{fault}\n")
        fail(_("{n} kesalahan; tidak satu pun diimpor.").format(n=len(read.faults)), 1)
    known = _content()
    with opened() as store:
        today = datetime.now(ZONES["WIB"]).date()
        report = store.import_roster(read, known.course, today=today, by=BY, complete=complete)
    sys.stdout.write(
        _("Baru {added}, berubah {changed}, pindah {moved}, tetap {unchanged}, keluar {ended}.").format(
            added=report.added, changed=report.changed, moved=report.moved,
            unchanged=report.unchanged, ended=report.ended,
        )
        + "\n"
    )  # fmt: skip
    if report.unmapped:
        sys.stdout.write(
            _("Jabatan yang dihitung «lainnya»: {names}.").format(names="; ".join(report.unmapped)) + "\n"
        )


@account_app.command("code", help=_("Buat kode aktivasi untuk satu NIP atau semua orang suatu unit."))
def account_code(
    out: Annotated[Path, typer.Option(help=_("berkas CSV yang ditulis (hanya Anda yang dapat membacanya)"))],
    nip: Annotated[str, typer.Argument(help=_("NIP"))] = "",
    unit: Annotated[str, typer.Option(help=_("unit, dengan ' / '"))] = "",
) -> None:
    """Write codes to a file of mode 0600; earlier codes of the same people become void."""
    from .codes import write_codes  # noqa: PLC0415

    if bool(nip) == bool(unit):
        fail(_("Sebut satu NIP atau satu --unit."))
    with opened() as store:
        try:
            number = write_codes(store, out, nip=nip, unit=unit, by=BY)
        except FileExistsError:
            fail(_("Berkas {file} sudah ada. Pilih nama lain.").format(file=out))
        except LookupError as error:
            fail(str(error.args[0]))
    sys.stdout.write(_("{n} kode ditulis ke {file}.").format(n=number, file=out) + "\n")


@role_app.command("grant", help=_("Beri peran; tanpa --unit berlaku untuk semua."))
def role_grant(nip: Nip, role: RoleName, unit: UnitPath = "") -> None:
    """Give a role, noted in the audit log."""
    _change_role(nip, role, unit, give=True)


@role_app.command("revoke", help=_("Cabut peran."))
def role_revoke(nip: Nip, role: RoleName, unit: UnitPath = "") -> None:
    """Take a role away, noted in the audit log."""
    _change_role(nip, role, unit, give=False)


@role_app.command("list", help=_("Tampilkan semua peran."))
def role_list(nip: Annotated[str, typer.Argument(help=_("NIP; kosong berarti semua"))] = "") -> None:
    """Show who holds which role."""
    table = Table(_("Peran"), _("Nama"), _("Unit"))
    digits = "".join(nip.split())
    with opened() as store:
        for held in store.roles():
            if digits not in ("", held.nip):
                continue
            table.add_row(held.role, held.name, held.unit or _("semua"))
    Console().print(table)


@app.command(help=_("Hitung ulang kemajuan dari catatan kejadian."))
def rebuild() -> None:
    """Replay every event into the projections and say what differed."""
    course = _content().course
    with opened() as store, Bar() as bar:
        task = bar.add_task(_("Menghitung ulang"), total=None)
        report = store.rebuild(course, on_learner=lambda _learner: bar.advance(task))
    sys.stdout.write(
        _("{learners} pembelajar dihitung ulang, {changed} baris berbeda.").format(
            learners=report.learners, changed=report.rows_changed
        )
        + "\n"
    )


@db_app.command("upgrade", help=_("Bawa basis data ke skema versi ini."))
def db_upgrade() -> None:
    """Migrate the store; PostgreSQL is migrated only this way."""
    from .store import StoreError, open_store  # noqa: PLC0415

    try:
        store = open_store(settings().store)
        store.migrate()
        store.close()
    except StoreError as error:
        fail(str(error), 1)
    sys.stdout.write(_("Basis data siap.") + "\n")


@app.command(help=_("Gambar ulang data/figures dari statistik."))
def figures(
    check_only: Annotated[bool, typer.Option("--check", help=_("hanya bandingkan"))] = False,
) -> None:
    """Write the figures, or with --check exit 1 when one differs."""
    from . import figures as drawing  # noqa: PLC0415

    differing = drawing.write(_place(), check=check_only)
    if check_only and differing:
        fail(_("Gambar tidak sama dengan statistiknya: {names}. Jalankan netralitas figures.").format(
            names=", ".join(differing)), 1)  # fmt: skip


@app.command(help=_("Catat id yang terbit di data/ids.txt; id yang pernah ditarik tidak boleh dipakai lagi."))
def ids(
    check_only: Annotated[bool, typer.Option("--check", help=_("hanya bandingkan"))] = False,
) -> None:
    """Add new ids and mark vanished ones, or with --check exit 1 when the list is not up to date."""
    from . import ids as ledger  # noqa: PLC0415

    known = _content()
    now = ledger.published(known.course, known.law, known.quizzes.values(), known.scenarios.values())
    path = _place() / "data" / "ids.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if again := ledger.reused(text, now):
        fail("\n".join(f"data/ids.txt: {line}" for line in again), 1)
    if (fresh := ledger.updated(text, now)) == text:
        return
    if check_only:
        fail(_("data/ids.txt tidak sama dengan isi. Jalankan netralitas ids dan simpan hasilnya."), 1)
    path.write_text(fresh, encoding="utf-8")


def main() -> None:
    """Run the command line with the office's commands added."""
    for entry in entry_points(group="netralitas.commands"):
        app.add_typer(entry.load(), name=entry.name)
    app()


def _content() -> content.Content:
    try:
        return content.current()
    except reading.ContentError as error:
        fail(str(error), 1)


def _place() -> Path:
    try:
        return content.root()
    except reading.ContentError as error:
        fail(str(error), 1)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        fail(_("Tanggal '{text}' bukan tanggal YYYY-MM-DD. Tulis misalnya 2024-10-12.").format(text=text))


def _change_role(nip: str, role: str, unit: str, *, give: bool) -> None:
    digits = "".join(nip.split())
    with opened() as store:
        account = store.account_by_nip(digits)
        if account is None:
            fail(_("NIP itu tidak ada di daftar pegawai. Impor daftarnya dahulu."))
        (store.grant if give else store.revoke)(account.learner, role, unit or None, by=BY)
    sys.stdout.write((_("Peran diberikan.") if give else _("Peran dicabut.")) + "\n")


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
            near = _near(act, resting.act_names(self.law))
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
    found = _day(text)
    if found is None:
        fail(_("Tanggal perbuatan kosong. Isi {option} dengan YYYY-MM-DD.").format(option=option))
    return found


def _near(name: str, known: Iterable[str]) -> str:
    """Return the ids most like `name`; always some."""
    names = [*known]
    return ", ".join(difflib.get_close_matches(name, names, n=3, cutoff=0.3) or sorted(names)[:3])


def _json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _lines(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _tell_listing(case: _Case, on: date, *, as_json: bool) -> None:
    found = case.listing(on)
    if as_json:
        _json(found.model_dump(mode="json"))
        return
    _lines([_("{on}, pelaku {actor}: {n} perbuatan").format(
        on=spoken_day(on), actor=found.actor, n=len(found.acts))])  # fmt: skip
    for _verdict, rows in groupby(found.acts, key=lambda row: row.verdict):
        _lines(["", *(comparing.line(row) for row in rows)])
    if found.not_in_force:
        told = _("{n} perbuatan lain tidak berlaku pada tanggal itu dan tidak ditampilkan.")
        _lines(["", told.format(n=found.not_in_force)])


def _tell_changes(case: _Case, name: str, days: list[date], *, as_json: bool) -> None:
    before, after = (case.answer(name, on) for on in days)
    act, names = case.law.act(name), {source.id: source.name for source in case.law.sources.values()}
    found = comparing.changes(before, after, regimes=case.law.regimes)
    told = [(change, comparing.sentences(change, names)) for change in found]
    if as_json:
        rows = [change.model_dump(mode="json") | {"told": [*texts]} for change, texts in told]
        _json(
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
    _lines([f"{act.title} ({act.id})", head, *lines])


def _tell_impact(found: resting.Impact, known: content.Content, learners: str) -> None:
    acts = known.law.acts
    source = found.kind == "source"
    heads = {
        "rules": _("Perbuatan yang menyebutnya") if source else _("Perbuatan"),
        **({"regimes": _("Bagian data/regimes.yaml")} if source else {}),
        **({} if source else {"continued_by": _("Perbuatan yang melanjutkannya")}),
        "scenarios": _("Skenario"),
        "items": _("Soal kuis"),
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
    _lines([*lines, _("Penyelesaian yang bertumpu padanya: {learners}").format(learners=learners)])


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
    sys.stdout.write("\n".join(lines) + "\n")
