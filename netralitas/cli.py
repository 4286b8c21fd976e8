"""The command line: wires the rooms together, holds no logic.

What asks the law stands in `law_commands`, what exchanges question banks in `exchange_commands`, what
brings people in `roster_commands`.

The office (`grader/`) adds `grade` and `report` through the entry point group `netralitas.commands`.
Every mistake of a user is one Indonesian sentence on stderr: exit 2 for a question that cannot be
answered as put, exit 1 for work that found faults.
"""

from __future__ import annotations

import logging
import sys
from contextlib import closing
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from . import content, erased, exchange_commands, item_commands, law_commands, roster_commands
from .i18n import _, number
from .roster_commands import BY
from .settings import settings
from .terminal import fail, opened, own_place, the_content, the_place

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help=_("Netralitas: pelatihan netralitas ASN."))  # fmt: skip
account_app = typer.Typer(no_args_is_help=True, help=_("Akun dan kode aktivasi."))
role_app = typer.Typer(no_args_is_help=True, help=_("Peran: trainer, agency, operator."))
db_app = typer.Typer(no_args_is_help=True, help=_("Basis data."))
app.add_typer(law_commands.app)
app.add_typer(item_commands.app)
app.add_typer(exchange_commands.app)
app.add_typer(roster_commands.app, name="roster")
app.add_typer(account_app, name="account")
app.add_typer(role_app, name="role")
app.add_typer(db_app, name="db")

Nip = Annotated[str, typer.Argument(help=_("NIP, spasi boleh"))]
RoleName = Annotated[str, typer.Argument(help=_("trainer, agency, atau operator"))]
UnitPath = Annotated[str, typer.Option(help=_("unit dengan ' / '; kosong berarti semua"))]


@app.command(help=_("Periksa semua isi: data/, quizzes/, modules/."))
def check(
    lengths: Annotated[
        bool, typer.Option("--sentences", help=_("sebut panjang kalimat tiap bagian saja"))
    ] = False,
) -> None:
    """Print every fault of the content with file, place and remedy; exit 1 when there is one."""
    from .check import faults, sentences, warnings  # noqa: PLC0415

    parts = content.gather(the_place())
    if lengths:
        told = _("{module:<28} {n:>5} kalimat, rata-rata {mean:>4} kata, terpanjang {longest}")
        for one in sentences(parts):
            mean = number(round(one.mean, 1))
            row = told.format(module=one.module, n=one.number, mean=mean, longest=one.longest)
            sys.stdout.write(row + "\n")
        return

    found = faults(parts)
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    for fault in warnings(parts):
        sys.stdout.write(_("peringatan: {fault}").format(fault=fault) + "\n")
    if found:
        fail(_("{n} kesalahan isi. Betulkan, lalu jalankan netralitas check lagi.").format(n=len(found)), 1)
    sys.stdout.write(_("Isi sehat.") + "\n")


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
    place = own_place()
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

    differing = deriving.write(own_place(), check=check_only)
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
    from .reading import ContentError  # noqa: PLC0415
    from .web.app import Site  # noqa: PLC0415  (loads tornado and voila: only for serving)

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    from .web.confine import exposed  # noqa: PLC0415
    from .web.copies import Copies  # noqa: PLC0415

    file = settings().store.removeprefix("sqlite:///")
    if exposed(settings().home) or exposed(Path(file).resolve()):
        fail(_("Basis data ada di dalam folder Python, yang dapat dibaca kernel. Atur NETRALITAS_HOME."), 1)
    # Before the store is opened: content with faults must not leave one behind.
    try:
        copies = Copies(content.sources())
    except ContentError as error:
        fail(f"{error}\n" + _("Situs tidak dijalankan karena isi belum sehat."), 1)
    with closing(copies), opened() as store:
        site = Site(ip=host, port=port, store=store, copies=copies)
        site.prepare(settings())
        if store.meta("uncounted"):
            store.recount(site.content.course)
        erased.again(settings().home, store, site.content.course, by=BY)
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
    course = the_content().course
    with opened() as store, Bar() as bar:
        task = bar.add_task(_("Menghitung ulang"), total=None)
        report = store.rebuild(course, on_learner=lambda _learner: bar.advance(task))
    sys.stdout.write(
        _("{learners} pembelajar dihitung ulang, {changed} baris berbeda, {figures} angka berbeda.").format(
            learners=report.learners, changed=report.rows_changed, figures=report.figures_changed
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


@db_app.command(
    "checkpoint", help=_("Jumlahkan hari yang sudah lewat agar laporan cepat; situs melakukannya sendiri.")
)
def db_checkpoint() -> None:
    """Make the checkpoints of completion figures that are due."""
    with opened() as store:
        made = store.checkpoint()
    sys.stdout.write(_("{n} titik jumlah dibuat.").format(n=made) + "\n")


@app.command(help=_("Gambar ulang data/figures dari data/figures.yaml."))
def figures(
    check_only: Annotated[bool, typer.Option("--check", help=_("hanya bandingkan"))] = False,
) -> None:
    """Write the figures, or with --check exit 1 when one differs."""
    from . import figures as drawing  # noqa: PLC0415

    place = own_place()
    known = the_content()
    differing = drawing.write(place, known.figures, known.law, check=check_only)
    if check_only and differing:
        fail(_("Gambar tidak sama dengan datanya: {names}. Jalankan netralitas figures.").format(
            names=", ".join(differing)), 1)  # fmt: skip


@app.command(help=_("Catat id yang terbit di data/ids.txt; id yang pernah ditarik tidak boleh dipakai lagi."))
def ids(
    check_only: Annotated[bool, typer.Option("--check", help=_("hanya bandingkan"))] = False,
) -> None:
    """Add new ids and mark vanished ones, or with --check exit 1 when the list is not up to date."""
    from . import ids as ledger  # noqa: PLC0415

    known = the_content()
    now = ledger.published(
        known.course, known.law, known.quizzes.values(), known.scenarios.values(), known.pledges.values()
    )
    path = own_place() / "data" / "ids.txt"
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


def _change_role(nip: str, role: str, unit: str, *, give: bool) -> None:
    digits = "".join(nip.split())
    with opened() as store:
        account = store.account_by_nip(digits)
        if account is None:
            fail(_("NIP itu tidak ada di daftar pegawai. Impor daftarnya dahulu."))
        (store.grant if give else store.revoke)(account.learner, role, unit or None, by=BY)
    sys.stdout.write((_("Peran diberikan.") if give else _("Peran dicabut.")) + "\n")
