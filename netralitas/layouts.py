"""What each report is in words: its title, its columns, where its figures come from.

Pure. `sheets` writes any report by its layout, in every form; so a new report is a layout and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from .completion import MEASURES
from .i18n import _, day, number

Report = Mapping[str, Any]
"""JSON-like: `report` (a key of LAYOUTS), `as_of`, `shared`, `command`, `digest`, `rows`, `total` or None."""

Kind = Literal["text", "count", "share", "points"]
HIDDEN = "–"
MOST_UNITS = 5
"""Units whose own deadline is named; the rest are counted."""


class Column(NamedTuple):
    """A field of the rows and its heading. A share is 0 to 1, points the difference of two shares."""

    key: str
    heading: str
    kind: Kind = "count"


class Layout(NamedTuple):
    """A report in words. The texts come first among the columns, the name of the row before all.

    `sheet` names the workbook's sheet, `total` its last line, `note` is what every form has to say, `bars`
    the column drawn as a chart (empty: none).
    """

    title: str
    sheet: str
    columns: tuple[Column, ...]
    origin: tuple[tuple[str, str], ...]
    total: str = ""
    note: str = ""
    bars: str = ""


def layout(report: Report) -> Layout:
    """Return what a report is in words."""
    return LAYOUTS[report["report"]](report)


def written(column: Column, value: Any) -> str:
    """Return a value of a column as people read it; what is hidden is an en dash."""
    if value is None:
        return HIDDEN
    if column.kind == "text":
        return str(value)
    if column.kind == "count":
        return number(value)
    percent = number(round(100 * value, 1))
    if column.kind == "share":
        return f"{percent} %"
    return f"+{percent}" if value > 0 else percent


def internal() -> str:
    """Return the sentence a report with small groups carries."""
    return _("Untuk pemakaian dalam kantor: memuat kelompok kecil, jangan dibagikan.")


def deadlines(report: Report) -> str:
    """Return by when people had to complete, with the units that have a day of their own."""
    units = report["deadlines"]["units"]
    told = [report["deadline"]] if report["deadline"] else []
    told += [f"{path}: {last}" for path, last in [*units.items()][:MOST_UNITS]]
    if len(units) > MOST_UNITS:
        told.append(_("{n} unit lain").format(n=number(len(units) - MOST_UNITS)))
    if report["deadlines"]["people"]:
        told.append(_("angkatan dan perpanjangan dihitung orang demi orang"))
    return "; ".join(told) or HIDDEN


def _heading(by: str) -> str:
    """Return what the groups of a shape are called."""
    first = {"instansi": _("Instansi"), "jabatan": _("Kelas jabatan"), "jenis": _("Jenis")}
    return first.get(by, _("Unit"))


def _group(report: Report) -> tuple[Column, ...]:
    """Return the column of the groups, where a report of answers tells them apart."""
    return (Column("group", _heading(report["by"]), "text"),) if report["by"] else ()


def _completion(report: Report) -> Layout:
    headings = (
        *(_("Orang"), _("Belum mulai"), _("Sedang berjalan"), _("Selesai"), _("Perlu diperbarui")),
        _("Terlambat"),
    )
    titles = {
        "completion": _("Penyelesaian pelatihan netralitas per {day}"),
        "overdue": _("Yang terlambat menyelesaikan pelatihan netralitas per {day}"),
    }
    hidden = _("akhir bulan, kelompok di bawah 5 orang disembunyikan")
    return Layout(
        title=titles[report["report"]].format(day=_day(report)),
        sheet=_("Penyelesaian"),
        columns=(
            Column("name", _heading(report["by"]), "text"),
            *(Column(*pair) for pair in zip(MEASURES, headings, strict=True)),
            Column("rate", _("Tingkat selesai"), "share"),
        ),
        origin=(
            (_("Berlaku per"), report["as_of"]),
            (_("Menurut yang diketahui pada"), report["known_on"]),
            (_("Cakupan"), report["under"] or _("semua")),
            (_("Versi aturan penyelesaian"), report["rule"]),
            (_("Versi isi"), report["content"]),
            (_("Tenggat"), deadlines(report)),
            (_("Bentuk"), hidden if report["shared"] else internal()),
            *_ending(report),
        ),
        total=_("Jumlah"),
        note="" if report["shared"] else internal(),
        bars="rate",
    )


def _gain(report: Report) -> Layout:
    method = _(
        "selisih berpasangan orang yang sama (tes awal dan ujian akhir yang pertama), selang kepercayaan "
        "{level} menurut t Student (1908, Biometrika 6, 1–25)"
    )
    return Layout(
        title=_("Dari tes awal ke ujian akhir per {day}").format(day=_day(report)),
        sheet=_("Kemajuan"),
        columns=(
            *_group(report),
            Column("name", _("Topik"), "text"),
            Column("people", _("Orang")),
            Column("before", _("Tes awal"), "share"),
            Column("after", _("Ujian akhir"), "share"),
            Column("gain", _("Selisih (poin persen)"), "points"),
            Column("low", _("Batas bawah"), "points"),
            Column("high", _("Batas atas"), "points"),
        ),
        origin=(
            (_("Berlaku per"), report["as_of"]),
            (_("Menurut yang diketahui pada"), report["known_on"]),
            (_("Tes awal"), report["before"]),
            (_("Ujian akhir"), report["after"]),
            _under(report),
            (_("Cara menghitung"), method.format(level=f"{number(100 * report['level'])} %")),
            (_("Versi isi"), report["content"]),
            (_("Bentuk"), _by_group(report)),
            *_figures(report),
            *_ending(report),
        ),
        total=_("Jumlah") if report["by"] else _("Semua topik"),
        note="" if report["shared"] else internal(),
    )


def _misconceptions(report: Report) -> Layout:
    return Layout(
        title=_("Jawaban salah yang sering dipilih per {day}").format(day=_day(report)),
        sheet=_("Salah paham"),
        columns=(
            *_group(report),
            Column("name", _("Soal"), "text"),
            Column("option", _("Yang dipilih"), "text"),
            Column("rules", _("Aturan"), "text"),
            Column("people", _("Penjawab")),
            Column("chose", _("Memilih ini")),
            Column("share", _("Bagian"), "share"),
            Column("sure", _("Yakin tapi salah")),
        ),
        origin=_of_answers(report),
        note="" if report["shared"] else internal(),
    )


def _items(report: Report) -> Layout:
    return Layout(
        title=_("Jawaban tiap soal per {day}").format(day=_day(report)),
        sheet=_("Soal"),
        columns=(
            *_group(report),
            Column("name", _("Soal"), "text"),
            Column("prompt", _("Pertanyaan"), "text"),
            Column("options", _("Pilihan (✓ kunci) dan bagian yang memilihnya"), "text"),
            Column("people", _("Penjawab")),
            Column("facility", _("Rata-rata skor"), "share"),
            Column("sure_wrong", _("Yakin tapi salah")),
        ),
        origin=_of_answers(report),
    )


def _of_answers(report: Report) -> tuple[tuple[str, str], ...]:
    return (
        (_("Berlaku per"), report["as_of"]),
        (_("Menurut yang diketahui pada"), report["known_on"]),
        _under(report),
        (_("Jawaban"), _("percobaan selesai pertama tiap orang, soal sebagaimana bunyinya sekarang")),
        (_("Versi isi"), report["content"]),
        (_("Bentuk"), _by_group(report)),
        *_figures(report),
        *_ending(report),
    )


def _under(report: Report) -> tuple[str, str]:
    """Return whose results they are: not those of who stood there then, whose places change."""
    under = report["under"]
    if under:
        return _("Cakupan"), _("{unit}, orang yang tercatat di sana sekarang").format(unit=under)
    return _("Cakupan"), _("semua, menurut tempatnya sekarang") if report["by"] else _("semua")


def _figures(report: Report) -> tuple[tuple[str, str], ...]:
    """Return how coarse the figures of a shared report are."""
    if not report["shared"]:
        return ()
    told = _("jumlah orang dibulatkan ke kelipatan 5, rata-rata sekasar itu juga dan baru dari 20 orang")
    return ((_("Angka"), told),)


def _by_group(report: Report) -> str:
    if not report["shared"]:
        return internal()
    return _("akhir bulan; orang masuk berkelompok paling sedikit 5; yang di bawah 5 tidak disebut")


def _ending(report: Report) -> tuple[tuple[str, str], ...]:
    return (_("Perintah"), report["command"]), (_("Sidik angka (SHA-256)"), report["digest"])


def _day(report: Report) -> str:
    return day(date.fromisoformat(report["as_of"]))


LAYOUTS: Mapping[str, Callable[[Report], Layout]] = {
    "completion": _completion,
    "overdue": _completion,
    "gain": _gain,
    "misconceptions": _misconceptions,
    "items": _items,
}
