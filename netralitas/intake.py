"""Roster files: CSV or XLSX, read in a stream and kept in pieces until the store takes them.

    file ─► CSV lines │ XLSX rows ─► roster.Reader ─► pieces in a temporary file ─► store.import_roster

A file is checked whole before anybody comes in, and memory holds one piece at a time. XLSX files are measured
before they are opened: what they claim to unpack to is all that is ever read.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pydantic import ValidationError

from . import reading
from .i18n import _
from .roster import (
    LARGEST_LINE,
    MOST_COLUMNS,
    Columns,
    Fault,
    LineError,
    Named,
    Reader,
    Row,
    header_cells,
    records,
)

LARGEST = 1 << 30
"""Bytes of a file at most: a CSV of everybody in the civil service."""
LARGEST_SHEET = 1 << 29
LARGEST_TEXTS = 100 << 20
"""What an XLSX may unpack to, and its table of texts, which is read whole."""
MOST_PARTS = 2000
PIECE = 2000
STEP = 1 << 16
"""Bytes between two words on how far reading is; each word may cost more than a line."""

Records = Generator[tuple[int, Sequence[object]]]
Progress = Callable[[int], object]
"""Called with the number of bytes or rows read since the last call."""


class IntakeError(Exception):
    """Raised for a file that cannot be read at all; the text is one Indonesian sentence."""


class Spool:
    """A roster file as read: `faults`, or rows in pieces, as often as asked for. Close it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.digest = ""
        self.people = 0
        self.units: Mapping[str, Named] = {}
        self.faults: tuple[Fault, ...] = ()
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)

    def add(self, rows: Sequence[Row]) -> None:
        """Keep one piece."""
        self.people += len(rows)
        # Plain tuples: a class in every row would be a third of the file. A shared place is written once.
        pickle.dump([tuple(row) for row in rows], self._file, pickle.HIGHEST_PROTOCOL)

    def chunks(self) -> Iterator[Sequence[Row]]:
        """Yield the rows in the order of the file; nothing where there are faults."""
        if self.faults:
            return
        self._file.seek(0)
        while True:
            try:
                # Written above by this process; nobody else has the file.
                piece = pickle.load(self._file)  # noqa: S301
            except EOFError:
                return
            yield [Row._make(cells) for cells in piece]

    def close(self) -> None:
        """Forget the rows."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(
    path: Path,
    *,
    made_up_allowed: bool,
    today: date,
    columns: Columns | None = None,
    name: str = "",
    on_progress: Progress | None = None,
) -> Spool:
    """Read a roster file; what is wrong with lines stands in its `faults`. Raises IntakeError.

    `name` is what people call the file; its ending says how it is read.
    """
    called = name or path.name
    spool = Spool(called)
    reader = Reader(made_up_allowed=made_up_allowed, today=today, columns=columns)
    tell = on_progress or (lambda _read: None)
    try:
        _small_enough(path)
        spool.digest = _digest(path)
        found = _sheet(path, tell) if called.lower().endswith(".xlsx") else _csv(path, tell)
        with closing(found):
            rows = reader.rows(found)
            while piece := list(islice(rows, PIECE)):
                spool.add(piece)
    except OSError:
        spool.close()
        raise _unread(called) from None
    except BaseException:
        spool.close()
        raise
    spool.units, spool.faults = reader.units, reader.sorted_faults()
    return spool


def heads(path: Path, name: str = "") -> tuple[str, ...]:
    """Return the header of a roster file as it stands there. Raises IntakeError, LineError."""
    called = name or path.name
    try:
        _small_enough(path)
        found = _sheet(path, int) if called.lower().endswith(".xlsx") else _csv(path, int)
        with closing(found):
            return header_cells(next(found, (1, []))[1])
    except OSError:
        raise _unread(called) from None


def columns_of(path: Path) -> Columns:
    """Return the column mapping in a YAML file. Raises IntakeError."""
    try:
        raw = reading.read_yaml(path, path.parent)
        mapping = Columns.model_validate(raw)
    except reading.ContentError as error:
        raise IntakeError(str(error)) from None
    except ValidationError as error:
        raise IntakeError("\n".join(f"{path.name}, {told}" for told in reading.explain(error, raw))) from None
    if mapping.unknown:
        raise IntakeError(
            _("{file}: kolom '{name}' tidak ada dalam daftar pegawai; betulkan pemetaannya.").format(
                file=path.name, name=mapping.unknown[0]
            )
        )
    return mapping


def _unread(name: str) -> IntakeError:
    return IntakeError(_("Berkas {file} tidak terbaca. Periksa nama dan izinnya.").format(file=name))


def _small_enough(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise IntakeError(_("Berkas lebih dari 1 GB; pecah per instansi, lalu impor satu per satu."))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _csv(path: Path, tell: Progress) -> Records:
    with path.open("rb") as file:
        yield from records(_lines(file, tell))


def _lines(file: IO[bytes], tell: Progress) -> Iterator[bytes]:
    told = 0
    while line := file.readline(LARGEST_LINE):
        told += len(line)
        if told >= STEP:
            tell(told)
            told = 0
        yield line
    tell(told)


def _sheet(path: Path, tell: Progress) -> Records:
    """Yield the rows of a workbook's first sheet that are not blank. Raises LineError."""
    from openpyxl import load_workbook  # noqa: PLC0415  (only where somebody brings a workbook)

    try:
        _measure(path)
        # The file itself: by its path openpyxl would ask for an ending.
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            # What a sheet says of its size is often wrong, and may be a million columns.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
                tell(1)
                if any(cell.value not in (None, "") for cell in cells):
                    yield number, _values(number, cells)
    except (LineError, OSError):
        raise
    except Exception:  # noqa: BLE001  (openpyxl raises whatever its parts raise)
        raise LineError(
            1, _("Berkas ini bukan XLSX yang utuh; simpan ulang sebagai XLSX atau «CSV UTF-8».")
        ) from None


def _measure(path: Path) -> None:
    """Raise LineError for a workbook that would unpack to more than a roster can be."""
    with zipfile.ZipFile(path) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    texts = max((size for name, size in sizes.items() if name.endswith("sharedStrings.xml")), default=0)
    if sum(sizes.values()) > LARGEST_SHEET or texts > LARGEST_TEXTS or len(sizes) > MOST_PARTS:
        raise LineError(
            1, _("Berkas XLSX ini terlalu besar bila dibuka; simpan sebagai «CSV UTF-8», lalu impor lagi.")
        )


def _values(number: int, cells: Sequence[Any]) -> list[object]:
    if any(cell.data_type == "f" for cell in cells):
        raise LineError(number, _("Baris ini memuat rumus; tempel sebagai nilai, lalu simpan lagi."))
    return [cell.value for cell in cells]
