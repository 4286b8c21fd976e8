"""The roster: a CSV of who works where, read whole or not at all.

Pure. `parse` answers with rows, or with every fault by line; a file with one fault gives no rows.

    bytes ─► text ─► header ─► cells by column ─► Row, or Fault(line, sentence)
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from . import nip as nips
from .i18n import _
from .model import Value

Jenis = Literal["pns", "cpns", "pppk"]
Zone = Literal["WIB", "WITA", "WIT"]

REQUIRED = ("nip", "nama", "instansi", "unit", "jabatan", "jenis")
OPTIONAL = ("zona", "kode_unit")
SEPARATOR = " / "
"""Between the parts of a unit's path."""

LONGEST = 200
_JENIS: dict[str, Jenis] = {"pns": "pns", "cpns": "cpns", "pppk": "pppk"}
_ZONES: dict[str, Zone] = {"WIB": "WIB", "WITA": "WITA", "WIT": "WIT"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_AS_NUMBER = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)


class Fault(Value):
    """What is wrong in a line (1 is the header), with the remedy, in one Indonesian sentence."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("baris {line}: {text}").format(line=self.line, text=self.text)


class Row(Value):
    """One person. `unit` is the path inside the instansi, empty for who stands directly under it."""

    line: int
    nip: str
    name: str
    instansi: str
    unit: str
    jabatan: str
    jenis: Jenis
    zone: Zone | None = None
    unit_code: str | None = None

    @property
    def path(self) -> str:
        """The whole path of the unit, the instansi first."""
        return f"{self.instansi}{SEPARATOR}{self.unit}" if self.unit else self.instansi


class Roster(Value):
    """A file as read: either `rows` or `faults` is empty (both never)."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()


def neutral(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula: an apostrophe goes in front of one.

    Every CSV writer of the house passes its text cells through here.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def parse(data: bytes, *, made_up_allowed: bool) -> Roster:
    """Read a roster CSV (UTF-8 with or without BOM, comma or semicolon, columns in any order).

    Never raises: whatever is wrong stands in `faults`, all of it at once, sorted by line. Invented
    people (born 1900) are faults unless `made_up_allowed`.
    """
    fault = _not_utf8(data)
    if fault is not None:
        return Roster(faults=(fault,))
    lines = _records(data.decode("utf-8-sig"))
    reader = _Reader(made_up_allowed)
    try:
        header = next(lines, (1, []))[1]
        reader.header(header)
        if not reader.faults:
            for number, cells in lines:
                reader.line(number, cells)
    except csv.Error:
        reader.fault(
            reader.last + 1, _("Tanda kutip di baris ini tidak ditutup; betulkan atau hapus tanda kutipnya.")
        )
    if not reader.faults and not reader.rows:
        reader.fault(1, _("Berkas tidak memuat satu orang pun; isi baris-baris di bawah kepala kolom."))
    if reader.faults:
        return Roster(faults=tuple(sorted(reader.faults, key=lambda found: found.line)))
    return Roster(rows=tuple(reader.rows))


def _not_utf8(data: bytes) -> Fault | None:
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return Fault(
                line=number,
                text=_(
                    "Baris ini bukan UTF-8 (mungkin Latin-1); simpan sebagai «CSV UTF-8», lalu impor lagi."
                ),
            )
    return None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each record that is not blank."""
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _clean(cell: str) -> str:
    """Return a cell in NFC with single spaces, without invisible format characters."""
    kept = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFC", kept).split())


class _Reader:
    """Collects rows and faults while lines come in."""

    def __init__(self, made_up_allowed: bool) -> None:
        self.made_up_allowed = made_up_allowed
        self.rows: list[Row] = []
        self.faults: list[Fault] = []
        self.columns: list[str] = []
        self.last = 1
        self._people: dict[str, int] = {}
        self._said: dict[tuple[str, str], tuple[str, int]] = {}

    def fault(self, line: int, text: str) -> None:
        self.faults.append(Fault(line=line, text=text))

    def header(self, cells: list[str]) -> None:
        self.columns = [_clean(cell).casefold() for cell in cells]
        while self.columns and not self.columns[-1]:
            self.columns.pop()
        for name in REQUIRED:
            if name not in self.columns:
                self.fault(1, _("Kolom '{name}' tidak ada; tambahkan pada kepala kolom.").format(name=name))
        for name in dict.fromkeys(self.columns):
            if name not in REQUIRED + OPTIONAL:
                self.fault(
                    1,
                    _("Kolom '{name}' tidak dikenal; hapus, atau pakai salah satu dari {known}.").format(
                        name=name[:40], known=", ".join(REQUIRED + OPTIONAL)
                    ),
                )
            elif self.columns.count(name) > 1:
                self.fault(1, _("Kolom '{name}' ada dua kali; hapus salah satunya.").format(name=name))

    def line(self, number: int, raw: list[str]) -> None:
        self.last = number
        cells = [_clean(cell) for cell in raw]
        while len(cells) > len(self.columns) and not cells[-1]:
            cells.pop()
        if len(cells) != len(self.columns):
            self.fault(
                number,
                _(
                    "Baris berisi {count} kolom, seharusnya {expected}; periksa pemisah dan tanda kutipnya."
                ).format(count=len(cells), expected=len(self.columns)),
            )
            return
        before = len(self.faults)
        row = self._row(number, dict(zip(self.columns, cells, strict=True)))
        if len(self.faults) == before and row is not None:
            self.rows.append(row)

    def _row(self, number: int, cell: dict[str, str]) -> Row | None:
        self._texts(number, cell)
        digits = self._nip(number, cell["nip"])
        unit = self._unit(number, cell["instansi"], cell["unit"])
        jenis = _JENIS.get(cell["jenis"].casefold())
        if jenis is None:
            self.fault(number, _("Jenis kepegawaian harus pns, cpns, atau pppk."))
        zone = _ZONES.get(cell.get("zona", "").upper())
        if zone is None and cell.get("zona"):
            self.fault(number, _("Zona waktu harus WIB, WITA, WIT, atau kosong."))
        if jenis is None or digits is None:
            return None
        row = Row(
            line=number,
            nip=digits,
            name=cell["nama"],
            instansi=cell["instansi"],
            unit=unit,
            jabatan=cell["jabatan"],
            jenis=jenis,
            zone=zone,
            unit_code=cell.get("kode_unit") or None,
        )
        self._agrees(number, row.path, "zona", row.zone)
        self._agrees(number, row.path, "kode_unit", row.unit_code)
        return row

    def _texts(self, number: int, cell: dict[str, str]) -> None:
        for name in ("nama", "instansi", "jabatan"):
            if not cell[name]:
                self.fault(number, _("Kolom '{name}' kosong; isi.").format(name=name))
        for name, text in cell.items():
            if len(text) > LONGEST:
                self.fault(
                    number,
                    _("Kolom '{name}' lebih dari {most} huruf; pendekkan.").format(name=name, most=LONGEST),
                )
            if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
                self.fault(
                    number, _("Kolom '{name}' memuat tanda kendali; ketik ulang isinya.").format(name=name)
                )
        if cell["nama"].startswith(("=", "@")):
            self.fault(
                number, _("Nama diawali '=' atau '@' sehingga terbaca sebagai rumus; tulis namanya saja.")
            )

    def _nip(self, number: int, text: str) -> str | None:
        # Spreadsheets mark a number kept as text with an apostrophe, and spoil one that is not.
        text = text.removeprefix("'")
        if _AS_NUMBER.match(text):
            self.fault(
                number,
                _("NIP sudah diubah pengolah angka menjadi bilangan; jadikan kolom teks, lalu isi ulang."),
            )
            return None
        try:
            nip = nips.parse(text)
        except ValueError as error:
            self.fault(number, str(error))
            return None
        if nip.made_up and not self.made_up_allowed:
            self.fault(
                number, _("NIP dengan tahun lahir 1900 milik orang rekaan; hanya diterima dengan --demo.")
            )
        first = self._people.setdefault(nip.digits, number)
        if first != number:
            self.fault(
                number,
                _(
                    "NIP di baris {line} sama dengan NIP di baris {first}; hapus atau betulkan salah satunya."
                ).format(line=number, first=first),
            )
        return nip.digits

    def _unit(self, number: int, instansi: str, unit: str) -> str:
        if SEPARATOR in instansi:
            self.fault(number, _("Nama instansi tidak boleh memuat ' / '; tulis bagiannya di kolom unit."))
        parts = unit.split(SEPARATOR) if unit else []
        if any(not part or part != part.strip("/ ") for part in parts):
            self.fault(
                number, _("Unit memuat bagian kosong di antara ' / '; tulis misalnya «Bidang A / Seksi B».")
            )
        # Some offices repeat the instansi in front of the unit.
        if parts and parts[0] == instansi:
            parts = parts[1:]
        return SEPARATOR.join(parts)

    def _agrees(self, number: int, path: str, column: str, value: str | None) -> None:
        if value is None:
            return
        said, line = self._said.setdefault((path, column), (value, number))
        if said != value:
            self.fault(
                number,
                _("Kolom '{column}' unit ini berbeda di baris {first} dan baris {line}; samakan.").format(
                    column=column, first=line, line=number
                ),
            )
