"""The item report for people: a table with bars for the terminal, and the items as CSV.

Pure; reads the document of `item_report` alone. A figure that does not exist is shown «–».
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from netralitas.flow import many
from netralitas.i18n import _, moment, number

from .advice import share
from .item_report import FIGURES
from .reliability import LEVEL

_BAR, _SHORT_BAR = 10, 6
_NARROW = 100
_NONE = "–"


def as_table(report: Mapping[str, Any], *, width: int, colour: bool = False) -> str:
    """Return the report for a terminal of `width` columns: items, options, reliability, what to look at."""
    sheet = io.StringIO()
    console = Console(file=sheet, width=width, force_terminal=colour, highlight=False)
    for line in _head(report):
        console.print(Text(line))
    console.print(_figures_table(report["items"], narrow=width < _NARROW))
    if any(item["options"] for item in report["items"]):
        console.print(_options_table(report["items"]))
    for line in (*_trust(report["reliability"], report["minimum"]), *_advice(report)):
        console.print(Text(line))
    return sheet.getvalue()


def as_csv(report: Mapping[str, Any]) -> str:
    """Return the items as CSV, one line each, headed like the JSON; warnings by their codes."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(("item", "revision", "current", "kind", *FIGURES, "warnings"))
    for item in report["items"]:
        told = " ".join(warning["code"] for warning in item["warnings"])
        named = (item["item"], item["revision"], int(item["current"]), item["kind"])
        figures = ("" if item[name] is None else item[name] for name in FIGURES)
        writer.writerow([*named, *figures, told])
    return sheet.getvalue()


def _head(report: Mapping[str, Any]) -> Iterable[str]:
    names = {
        "first": _("percobaan selesai pertama tiap orang"),
        "best": _("percobaan terbaik tiap orang"),
        "last": _("percobaan selesai terakhir tiap orang"),
        "all": _("semua percobaan selesai"),
    }
    if report["made_up"]:
        yield _("REKAAN: jawaban ini dari orang rekaan, bukan dari pegawai.")
    yield _("Analisis butir: {title} ({quiz})").format(title=report["title"], quiz=report["quiz"])
    yield _("Berdasarkan {n} percobaan ({which}).").format(
        n=number(report["attempts"]), which=names[report["attempts_used"]]
    )
    if report["as_of"]:
        yield _("Catatan sampai {moment}.").format(moment=moment(datetime.fromisoformat(report["as_of"])))
    if not report["meaningful"]:
        yield _(
            "Kurang dari {n} percobaan: angka di bawah belum berarti dan belum boleh dipakai menilai soal."
        ).format(n=report["minimum"])
    if report["attempts_used"] == "all":
        yield _(
            "Percobaan orang yang sama dihitung seolah-olah dari orang lain; daya beda dapat menyesatkan."
        )


def _figures_table(rows: Sequence[Mapping[str, Any]], *, narrow: bool) -> Table:
    """Return one line for each item; where there is little room, spread and point-biserial stay away."""
    bar = _SHORT_BAR if narrow else _BAR
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(_("Soal"))
    for heading in (_("Jawaban"), _("Mudah"), "", _("Tebakan"), _("Daya beda"), "", _("Efisiensi")):
        table.add_column(heading, justify="right" if heading else "left")
    for heading in (_("Yakin tapi salah"), *(() if narrow else (_("Sebaran"), _("r soal–nilai")))):
        table.add_column(heading, justify="right")
    for row in rows:
        found = row["discrimination"]
        cells = [
            many(row["answers"]),
            _percent(row["facility"]),
            _bar(row["facility"], bar),
            _percent(row["guess"]),
            _decimal(found),
            Text("◄", style="red") if found is not None and found < 0 else _bar(found, bar),
            _percent(row["efficiency"]),
            _percent(row["sure_wrong"]),
            *(() if narrow else (_decimal(row["sd"]), _decimal(row["point_biserial"]))),
        ]
        table.add_row(Text(_label(row)), *cells, style=None if row["current"] else "dim")
    return table


def _options_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(
        title=_("Pilihan, dan siapa yang memilihnya"),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for heading in (_("Soal"), _("Pilihan")):
        table.add_column(heading)
    for heading in (_("Dipilih"), _("Bagian"), "", _("Sepertiga terlemah"), _("Sepertiga terkuat")):
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        for place, one in enumerate(row["options"]):
            table.add_row(
                Text("" if place else _label(row)),
                f"{one['option']} {'✓' if one['right'] else ''}",
                many(one["count"]),
                _percent(one["share"]),
                _bar(one["share"], _SHORT_BAR),
                _percent(one["lower"]),
                _percent(one["upper"]),
            )
    return table


def _trust(found: Mapping[str, Any], minimum: int) -> Iterable[str]:
    """Yield what is known of the marks, or why nothing is."""
    if found["refused"] == "sheets":
        yield _(
            "Keandalan tidak dihitung: lembar pembelajar memuat soal yang berbeda-beda ({sheets} macam), dan "
            "tidak satu pun sama pada {n} percobaan. Daya beda tetap dapat dibaca: nilainya dibandingkan "
            "dengan kemudahan tiap soal."
        ).format(sheets=number(found["sheets"]), n=minimum)
        return
    if found["sheets"] > 1:
        yield _("Ada {sheets} macam lembar; keandalan dihitung dari yang terbanyak, {n} percobaan.").format(
            sheets=number(found["sheets"]), n=number(found["attempts"])
        )
    if found["mean"] is not None:
        yield _("Nilai: rata-rata {mean}, simpangan baku {sd}.").format(
            mean=_decimal(found["mean"], 1), sd=_decimal(found["sd"], 1)
        )
    if found["refused"] == "still":
        yield _("Keandalan tidak dapat dihitung: nilainya tidak beragam.")
        return
    yield _("Keandalan (alfa Cronbach): {alpha}, selang {level} dari {low} sampai {high}.").format(
        alpha=_decimal(found["alpha"]),
        level=share(LEVEL),
        low=_decimal(found["low"]),
        high=_decimal(found["high"]),
    )
    yield _("Galat baku pengukuran: {error} dari 100.").format(error=_decimal(found["error"], 1))


def _advice(report: Mapping[str, Any]) -> Iterable[str]:
    told = [f"{_label(row)}: {one['text']}" for row in report["items"] for one in row["warnings"]]
    yield ""
    if told:
        yield _("Perlu dilihat:")
        yield from (f"  {line}" for line in told)
    elif report["meaningful"]:
        yield _("Tidak ada soal yang mencurigakan.")
    if any(not row["current"] for row in report["items"]):
        yield _(
            "Baris bertanda lama memuat jawaban atas soal sebelum diubah; tidak digabung dengan yang baru."
        )


def _label(row: Mapping[str, Any]) -> str:
    if row["current"]:
        return str(row["item"])
    return _("{item} (lama {revision})").format(item=row["item"], revision=row["revision"][:6])


def _bar(value: float | None, width: int) -> str:
    full = round(width * (value or 0.0))
    return "" if value is None else "█" * full + "░" * (width - full)


def _percent(value: float | None) -> str:
    return _NONE if value is None else share(value)


def _decimal(value: float | None, digits: int = 2) -> str:
    """Return a number with all its decimals, so that columns stand straight, and this language's comma."""
    return _NONE if value is None else f"{value:.{digits}f}".replace(".", number(0.5)[1])
