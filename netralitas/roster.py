"""The roster: a table of who works where, read line by line; one fault anywhere and nobody comes in.

Pure: bytes and cells are handed in (`intake` opens the files). `Columns` maps exports of personnel systems.

    lines ─► records ─► cells ─► Reader ─┬─► Row
                                         └─► Fault(line, sentence)
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from . import nip as nips
from .i18n import _
from .model import Value

Jenis = Literal["pns", "cpns", "pppk"]
Zone = Literal["WIB", "WITA", "WIT"]

REQUIRED = ("nip", "nama", "instansi", "unit", "jabatan", "jenis")
OPTIONAL = ("zona", "kode_unit", "sejak")
SEPARATOR = " / "
"""Between the parts of a unit's path."""
_WHERE = ("instansi", "unit", "jabatan", "jenis", "zona", "kode_unit")
_FILLED = frozenset(("nama", "instansi", "jabatan"))

LONGEST = 200
MOST_COLUMNS = 1000
MOST_FAULTS = 1000
"""Reading stops there: who has so many has one cause to mend first."""
LARGEST_LINE = 1 << 20
_KEPT = 1 << 14
"""How many different places are remembered: a file goes through them one after the other."""
_JENIS: dict[str, Jenis] = {"pns": "pns", "cpns": "cpns", "pppk": "pppk"}
_ZONES: dict[str, Zone] = {"WIB": "WIB", "WITA": "WITA", "WIT": "WIT"}
_CALLED: dict[str, tuple[str, ...]] = {
    "nip": ("nip baru", "nip_baru", "nip/ni pppk", "nomor induk pegawai"),
    "nama": ("nama lengkap", "nama pegawai", "nama_lengkap", "nama_pegawai", "nama pns"),
    "instansi": ("nama instansi", "opd", "skpd", "perangkat daerah", "instansi kerja", "satuan kerja"),
    "unit": ("unit kerja", "unit organisasi", "unor", "unor nama", "nama unor", "unit_kerja", "bidang"),
    "jabatan": ("nama jabatan", "jabatan nama", "nama_jabatan"),
    "jenis": ("jenis pegawai", "status kepegawaian", "jenis kepegawaian", "status pegawai", "kedudukan"),
    "zona": ("zona waktu",),
    "kode_unit": ("kode unit", "id unor", "unor id", "kode unor"),
    "sejak": (),
}
"""What personnel systems and offices call our fields."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = (int, float)
_AS_NUMBER = re.compile(r"^\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)


class Fault(Value):
    """What is wrong in a line (1 is the header), with the remedy, in one Indonesian sentence."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("baris {line}: {text}").format(line=self.line, text=self.text)


class Where(NamedTuple):
    """What a line says of the place.

    `unit` is the path inside the instansi, empty for who stands directly under it.
    """

    instansi: str
    unit: str
    jabatan: str
    jenis: Jenis
    zone: Zone | None = None
    unit_code: str | None = None

    @property
    def path(self) -> str:
        """The whole path of the unit, the instansi first."""
        return path_of(self.instansi, self.unit)


class Row(NamedTuple):
    """One person. People at the same place share one `where`.

    `since` is the first day there, None where the file does not say.
    """

    line: int
    nip: str
    name: str
    where: Where
    since: date | None = None


class Named(NamedTuple):
    """A unit a file names: the first line that does, and what any of its lines says of it."""

    line: int
    zone: Zone | None
    code: str | None


class Columns(Value):
    """How the columns of an export become ours. Columns nobody names are passed over.

    `columns` names the export's column of each of our fields, `unit` those whose cells make the path,
    `constants` what stands in no column, `values` what a cell of a field means, `separator` what the export
    writes between the parts of a unit.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    unit: tuple[str, ...] = ()
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    separator: str = SEPARATOR

    @property
    def unknown(self) -> list[str]:
        """The fields it names that a roster does not have."""
        named = {**self.columns, **self.constants, **self.values}
        return sorted(set(named) - set(REQUIRED + OPTIONAL))

    def meaning(self, field: str, text: str) -> str:
        """Return what a cell of a field says in our words."""
        text = self.constants.get(field, text)
        text = self.values.get(field, {}).get(text, text)
        if field == "unit" and self.separator != SEPARATOR:
            return SEPARATOR.join(part.strip() for part in text.split(self.separator))
        return text


class Source(Protocol):
    """A roster as the store takes it: rows in pieces, as often as asked for; faults, and then no rows."""

    @property
    def faults(self) -> Sequence[Fault]:
        """What is wrong, by line."""

    @property
    def name(self) -> str:
        """What the file was called."""

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hex digits."""

    @property
    def units(self) -> Mapping[str, Named]:
        """Every unit people stand in, by its whole path, in the order of the file."""

    def chunks(self) -> Iterator[Sequence[Row]]:
        """Yield the rows in the order of the file."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A small file as read: either `rows` or `faults` is empty (both never)."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    name: str = ""
    digest: str = ""

    @property
    def units(self) -> Mapping[str, Named]:
        """Every unit people stand in, by its whole path, in the order of the file."""
        found: dict[str, Named] = {}
        for row in self.rows:
            _note(found, row.line, row.where)
        return found

    def chunks(self) -> Iterator[Sequence[Row]]:
        """Yield the rows in one piece."""
        yield self.rows


def _note(units: dict[str, Named], line: int, where: Where) -> None:
    """Note what a line says of its unit; what an earlier one said stays."""
    path, zone, code = where.path, where.zone, where.unit_code
    known = units.setdefault(path, Named(line, zone, code))
    if (zone and not known.zone) or (code and not known.code):
        units[path] = Named(known.line, known.zone or zone, known.code or code)


def path_of(instansi: str, unit: str) -> str:
    """Return the whole path of a unit, the instansi first; `unit` is empty for the instansi itself."""
    return f"{instansi}{SEPARATOR}{unit}" if unit else instansi


def instansi_of(path: str) -> str:
    """Return the instansi a unit's path starts with."""
    return path.split(SEPARATOR, maxsplit=1)[0]


def inside(path: str, tops: Iterable[str]) -> bool:
    """Say whether a unit is one of `tops` or stands under one."""
    return any(path == top or path.startswith(top + SEPARATOR) for top in tops)


def strays(rows: Iterable[Row], tops: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each row whose unit is outside of `tops`."""
    allowed = tuple(tops)
    for row in rows:
        if not inside(row.where.path, allowed):
            yield Fault(
                line=row.line,
                text=_("Unit «{path}» di luar unit Anda; hapus barisnya atau betulkan unitnya.").format(
                    path=row.where.path
                ),
            )


def upwards(path: str) -> Iterator[str]:
    """Yield a unit's path and the paths above it, the instansi last."""
    while path:
        yield path
        path = path.rpartition(SEPARATOR)[0]


def neutral(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula: an apostrophe goes in front of one.

    Every CSV writer of the house passes its text cells through here.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def parse(data: bytes, *, made_up_allowed: bool, today: date = date.max) -> Roster:
    """Read a roster CSV (UTF-8 with or without BOM, comma or semicolon, columns in any order).

    Never raises: whatever is wrong stands in `faults`, all of it at once, sorted by line. Invented
    people (born 1900) are faults unless `made_up_allowed`.
    """
    reader = Reader(made_up_allowed=made_up_allowed, today=today)
    rows = tuple(reader.rows(records(data.splitlines(keepends=True))))
    faults = reader.sorted_faults()
    return Roster(faults=faults) if faults else Roster(rows=rows)


class LineError(Exception):
    """Raised where a file cannot be read on; holds the one fault."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.fault = Fault(line=line, text=text)


def records(lines: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each CSV record that is not blank. Raises LineError."""
    told = _decoded(lines)
    first = next(told, "")
    delimiter = ";" if ";" in first else ","
    reader = csv.reader(_before(first, told), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise LineError(
            start, _("Tanda kutip di baris ini tidak ditutup; betulkan atau hapus tanda kutipnya.")
        ) from None


def _before(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) >= LARGEST_LINE:
            raise LineError(
                number, _("Baris ini lebih dari 1 MB; periksa tanda kutip dan akhir baris berkasnya.")
            )
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise LineError(
                number,
                _("Baris ini bukan UTF-8 (mungkin Latin-1); simpan sebagai «CSV UTF-8», lalu impor lagi."),
            ) from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def header_cells(cells: Sequence[object]) -> tuple[str, ...]:
    """Return a header's cells as people read them, without empty ones at its end."""
    names = [_clean(_text(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def own_header(names: Iterable[str]) -> bool:
    """Say whether a header names our own columns, all that are required and no others."""
    found = {name.casefold() for name in names}
    return set(REQUIRED) <= found <= set(REQUIRED + OPTIONAL)


def guessed(names: Sequence[str]) -> dict[str, str]:
    """Return which column of an export probably means which of our fields; each column once."""
    found: dict[str, str] = {}
    for field, words in _CALLED.items():
        for word in (field, *words):
            fitting = next((one for one in names if one.casefold() == word), None)
            if fitting is not None and fitting not in found.values():
                found[field] = fitting
                break
    return found


def _clean(cell: str) -> str:
    """Return a cell in NFC with single spaces, without invisible format characters."""
    if not cell.isascii():
        cell = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
        cell = unicodedata.normalize("NFC", cell)
    return " ".join(cell.split())


class Reader:
    """Makes rows of cells and collects faults; give it every record of a file in order.

    `columns` maps an export's columns; without it the header names ours. `today` is the last day of `sejak`.
    """

    def __init__(self, *, made_up_allowed: bool, today: date, columns: Columns | None = None) -> None:
        self.made_up_allowed = made_up_allowed
        self.today = today
        self.mapping = columns
        self.faults: list[Fault] = []
        self.people = 0
        self.units: dict[str, Named] = {}
        self._width = 0
        self._places: dict[str, tuple[int, ...]] = {}
        self._shared: tuple[int, ...] = ()
        self._places_read: dict[tuple[str, ...], Where] = {}
        self._lines: dict[int, int] = {}
        self._said: dict[tuple[str, str], tuple[str, int]] = {}

    def rows(self, found: Iterator[tuple[int, Sequence[object]]]) -> Iterator[Row]:
        """Yield the person of each record; stops where the file cannot be read on."""
        try:
            self.header([_text(cell) for cell in next(found, (1, []))[1]])
            if self.faults:
                return
            for number, cells in found:
                row = self.line(number, cells)
                if row is not None:
                    self.people += 1
                    yield row
                if len(self.faults) >= MOST_FAULTS:
                    self.fault(number, _("Masih ada baris lain yang belum diperiksa; betulkan ini dahulu."))
                    return
        except LineError as error:
            self.faults.append(error.fault)
        if not self.faults and not self.people:
            self.fault(1, _("Berkas tidak memuat satu orang pun; isi baris-baris di bawah kepala kolom."))

    def sorted_faults(self) -> tuple[Fault, ...]:
        """Return the faults by line."""
        return tuple(sorted(self.faults, key=lambda found: found.line))

    def fault(self, line: int, text: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(line=line, text=text))

    def header(self, cells: Sequence[str]) -> None:
        """Read the header: where each of our fields stands."""
        names = [name.casefold() for name in header_cells(cells)]
        self._width = len(names)
        if len(names) > (MOST_COLUMNS if self.mapping else 10 * len(REQUIRED + OPTIONAL)):
            self.fault(
                1,
                _("Kepala kolom berisi {count} kolom; sisakan kolom daftar pegawai, atau pakai pemetaan.")
                .format(count=len(names)),
            )  # fmt: skip
        elif self.mapping is None:
            self._own_header(names)
        else:
            self._mapped_header(names, self.mapping)
        self._shared = tuple(index for field in _WHERE for index in self._places.get(field, ()))

    def _own_header(self, names: list[str]) -> None:
        for name in REQUIRED:
            if name not in names:
                self.fault(1, _("Kolom '{name}' tidak ada; tambahkan pada kepala kolom.").format(name=name))
        for name in dict.fromkeys(names):
            if name not in REQUIRED + OPTIONAL:
                self.fault(
                    1,
                    _("Kolom '{name}' tidak dikenal; hapus, atau pakai salah satu dari {known}.").format(
                        name=name[:40], known=", ".join(REQUIRED + OPTIONAL)
                    ),
                )
            elif names.count(name) > 1:
                self.fault(1, _("Kolom '{name}' ada dua kali; hapus salah satunya.").format(name=name))
        self._places = {name: (index,) for index, name in enumerate(names)}

    def _mapped_header(self, names: list[str], mapping: Columns) -> None:
        wanted: dict[str, tuple[str, ...]] = {field: (name,) for field, name in mapping.columns.items()}
        if mapping.unit:
            wanted["unit"] = mapping.unit
        for field in REQUIRED:
            wanted.setdefault(field, () if field in mapping.constants else (field,))
        for field, sources in wanted.items():
            keys = [_clean(source).casefold() for source in sources]
            for source, key in zip(sources, keys, strict=True):
                if names.count(key) != 1:
                    told = (
                        _("Kolom '{name}' ada dua kali; hapus salah satunya.")
                        if key in names
                        else _("Kolom '{name}' yang disebut pemetaan tidak ada; betulkan pemetaannya.")
                    )
                    self.fault(1, told.format(name=source[:40]))
            self._places[field] = tuple(names.index(key) for key in keys if key in names)

    def line(self, number: int, raw: Sequence[object]) -> Row | None:
        """Read one record; None where it has a fault."""
        width = len(raw)
        while width > self._width and raw[width - 1] in ("", None):
            width -= 1
        if width != self._width:
            self.fault(
                number,
                _(
                    "Baris berisi {count} kolom, seharusnya {expected}; periksa pemisah dan tanda kutipnya."
                ).format(count=width, expected=self._width),
            )
            return None
        before = len(self.faults)
        cells = [cell if cell.__class__ is str else _text(cell) for cell in raw]
        where = self._where(number, cells)
        name = self._cell(number, "nama", cells)
        digits = self._nip(number, self._cell(number, "nip", cells), raw)
        since = self._since(number, self._cell(number, "sejak", cells))
        if where is None or digits is None or len(self.faults) > before:
            return None
        return Row(number, digits, name, where, since)

    def _where(self, number: int, cells: Sequence[str]) -> Where | None:
        """Return what a record says of the place; many lines share the same cells, which are read once."""
        key = tuple([cells[index] for index in self._shared])
        known = self._places_read.get(key)
        if known is None:
            before = len(self.faults)
            known = self._read_where(number, {name: self._cell(number, name, cells) for name in _WHERE})
            if known is None or len(self.faults) > before:
                return None
            _note(self.units, number, known)
            if len(self._places_read) >= _KEPT:
                self._places_read.clear()
            self._places_read[key] = known
        return known

    def _read_where(self, number: int, cell: Mapping[str, str]) -> Where | None:
        unit = self._unit(number, cell["instansi"], cell["unit"])
        jenis = _JENIS.get(cell["jenis"].casefold())
        if jenis is None:
            self.fault(number, _("Jenis kepegawaian harus pns, cpns, atau pppk."))
            return None
        zone = _ZONES.get(cell["zona"].upper())
        if zone is None and cell["zona"]:
            self.fault(number, _("Zona waktu harus WIB, WITA, WIT, atau kosong."))
        code = cell["kode_unit"] or None
        found = Where(cell["instansi"], unit, cell["jabatan"], jenis, zone, code)
        path = found.path
        self._agrees(number, path, "zona", zone)
        self._agrees(number, path, "kode_unit", code)
        if code is not None:
            self._one_unit(number, found.instansi, path, code)
        return found

    def _cell(self, number: int, field: str, cells: Sequence[str]) -> str:
        """Return one of our fields of a record, translated where a mapping explains it; notes its faults."""
        places = self._places.get(field, ())
        if len(places) == 1:
            text = _clean(cells[places[0]])
        else:
            text = SEPARATOR.join([part for index in places if (part := _clean(cells[index]))])
        if self.mapping is not None:
            text = self.mapping.meaning(field, text)
        if not text:
            if field in _FILLED:
                self.fault(number, _("Kolom '{name}' kosong; isi.").format(name=field))
        elif len(text) > LONGEST or text[0] in "=@" or not text.isprintable():
            self._text_faults(number, field, text)
        return text

    def _text_faults(self, number: int, field: str, text: str) -> None:
        if len(text) > LONGEST:
            self.fault(
                number,
                _("Kolom '{name}' lebih dari {most} huruf; pendekkan.").format(name=field, most=LONGEST),
            )
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
            self.fault(
                number, _("Kolom '{name}' memuat tanda kendali; ketik ulang isinya.").format(name=field)
            )
        if text.startswith(("=", "@")):
            self.fault(
                number,
                _("Kolom '{name}' diawali '=' atau '@' sehingga terbaca sebagai rumus; tulis isinya.")
                .format(name=field),
            )  # fmt: skip

    def _nip(self, number: int, text: str, raw: Sequence[object]) -> str | None:
        # Spreadsheets mark a number kept as text with an apostrophe, and spoil one that is not.
        text = text.removeprefix("'")
        spoiled = [index for index in self._places.get("nip", ()) if isinstance(raw[index], _NUMBER)]
        try:
            nip = nips.parse("" if spoiled else text)
        except ValueError as error:
            self.fault(number, _spoiled() if spoiled or _AS_NUMBER.match(text) else str(error))
            return None
        if nip.made_up and not self.made_up_allowed:
            self.fault(
                number, _("NIP dengan tahun lahir 1900 milik orang rekaan; hanya diterima dengan --demo.")
            )
        first = self._lines.setdefault(int(nip.digits), number)
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

    def _one_unit(self, number: int, instansi: str, path: str, code: str) -> None:
        said, line = self._said.setdefault((instansi, f"kode {code}"), (path, number))
        if said != path:
            self.fault(
                number,
                _("Kode unit di baris {line} dipakai unit lain di baris {first}; betulkan salah satunya.")
                .format(line=number, first=line),
            )  # fmt: skip

    def _since(self, number: int, text: str) -> date | None:
        if not text:
            return None
        try:
            # Python reads other forms of ISO 8601, too: without its hyphens the day is none.
            since = date.fromisoformat(text[:10] if text[4:8:3] == "--" else "")
        except ValueError:
            self.fault(number, _("Kolom 'sejak' bukan tanggal YYYY-MM-DD; tulis misalnya 2026-03-01."))
            return None
        if since > self.today:
            self.fault(number, _("Kolom 'sejak' menyebut hari yang belum tiba; impor lagi pada hari itu."))
        return since


def _spoiled() -> str:
    return _("NIP sudah diubah pengolah angka menjadi bilangan; jadikan kolom teks, lalu isi ulang.")


def _text(cell: object) -> str:
    """Return a cell of a spreadsheet as it would stand in a CSV."""
    return "" if cell is None else str(cell)
