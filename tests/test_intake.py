"""Roster files of every sort: read in a stream, or refused by line with a remedy; nothing half-done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from netralitas import intake
from netralitas.intake import IntakeError, Spool
from netralitas.roster import MOST_FAULTS, Columns, Row

TODAY = date(2026, 3, 2)
HEADER = "nip,nama,instansi,unit,jabatan,jenis,sejak"
ONE = "190001172015031002,Sari Contoh,Dinas Contoh,SMPN Contoh 1,Guru Ahli Pertama,pns,"
TWO = "190012312022211004,Bayu Contoh,Dinas Contoh,Bidang A / Seksi B,Staf,PPPK,2026-01-15"
CELLS = [HEADER.split(","), ONE.split(","), TWO.split(",")]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def read(path: Path, content: bytes | str | None = None, columns: Columns | None = None) -> Spool:
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return intake.read(path, made_up_allowed=True, today=TODAY, columns=columns)


def rows(spool: Spool) -> list[Row]:
    return [row for piece in spool.chunks() for row in piece]


def book(path: Path, cells: list[list[object]]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in cells:
        sheet.append(row)
    made.save(path)
    return path


def told(spool: Spool) -> list[tuple[int, str]]:
    assert rows(spool) == []
    return [(fault.line, fault.text) for fault in spool.faults]


def test_a_csv_and_a_workbook_of_the_same_cells_give_the_same_people(place: Path) -> None:
    one = rows(read(place / "a.csv", "\n".join((HEADER, ONE, TWO))))
    two = rows(read(book(place / "a.xlsx", [*map(list, CELLS)])))
    assert one == two
    assert [row.since for row in one] == [None, date(2026, 1, 15)]


def test_rows_come_in_pieces_and_as_often_as_asked_for(place: Path) -> None:
    many = [
        ",".join(
            (f"19000117{2000 + n // 900}{n % 12 + 1:02}1{n % 900 + 1:03}", "A", "D", "U", "Guru", "pns", "")
        )
        for n in range(5000)
    ]
    seen: list[int] = []
    path = place / "a.csv"
    path.write_text("\n".join((HEADER, *many)), encoding="utf-8")
    with intake.read(path, made_up_allowed=True, today=TODAY, on_progress=seen.append) as spool:
        assert not spool.faults
        assert [len(piece) for piece in spool.chunks()] == [2000, 2000, 1000]
        assert len(rows(spool)) == spool.people == 5000
    assert sum(seen) == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (f"{HEADER}\n{ONE.replace('Sari', '=HYPERLINK(1)')}\n", 2, "rumus"),
        (f"{HEADER}\n{ONE.replace('Guru', '@SUM(A1)')}\n", 2, "rumus"),
        (f"{HEADER}\n{ONE}\n{TWO.replace('Bayu', 'Ba' + chr(0) + 'yu')}\n", 3, "tanda kendali"),
        (",".join(f"k{n}" for n in range(300)) + "\n" + ONE, 1, "300 kolom"),
        (f"{HEADER}\n{ONE}\n".encode() + TWO.replace("Bayu", "Bayú").encode("latin-1"), 3, "bukan UTF-8"),
        (f"{HEADER}\n{ONE}\n".encode("utf-16"), 1, "bukan UTF-8"),
        (f"{HEADER}\n{ONE}\n{ONE.replace('Sari Contoh', 'Orang Lain')}\n", 3, "sama dengan NIP di baris 2"),
        (f"{HEADER}\n{ONE}2026-03-03\n", 2, "belum tiba"),
        (f"{HEADER}\n{ONE}besok\n", 2, "YYYY-MM-DD"),
        (f"{HEADER}\n" + "x" * (1 << 20), 2, "1 MB"),
        ("", 1, "'nip' tidak ada"),
        (f"{HEADER}\n", 1, "tidak memuat satu orang"),
    ],
)
def test_a_bad_csv_names_line_and_remedy(place: Path, content: bytes | str, line: int, says: str) -> None:
    found = told(read(place / "a.csv", content))
    assert found[0][0] == line
    assert says in found[0][1]


def test_one_code_belongs_to_one_unit(place: Path) -> None:
    head = HEADER.replace("sejak", "kode_unit")
    found = told(read(place / "a.csv", f"{head}\n{ONE}U1\n{TWO.replace('2026-01-15', 'U1')}\n"))
    assert found == [(3, "Kode unit di baris 3 dipakai unit lain di baris 2; betulkan salah satunya.")]


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(place: Path) -> None:
    path = place / "a.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)  # no block of it is on the disk
    with pytest.raises(IntakeError, match="pecah per instansi"):
        read(path)


def test_reading_stops_after_so_many_faults(place: Path) -> None:
    found = told(read(place / "a.csv", HEADER + "\n" + "12,A,D,U,G,pns,\n" * 5000))
    assert len(found) == MOST_FAULTS + 1
    assert "belum diperiksa" in found[-1][1]


@pytest.mark.parametrize(
    ("cells", "line", "says"),
    [
        ([CELLS[0], ["=1+1", *CELLS[1][1:]]], 2, "rumus"),
        ([CELLS[0], CELLS[1], [190012312022211004, *CELLS[2][1:]]], 3, "bilangan"),
        ([["kolom"]], 1, "'nip' tidak ada"),
        ([], 1, "'nip' tidak ada"),
        ([[f"k{n}" for n in range(2000)]], 1, "kolom"),
    ],
)
def test_a_bad_workbook_names_line_and_remedy(
    place: Path, cells: list[list[object]], line: int, says: str
) -> None:
    found = told(read(book(place / "a.xlsx", cells)))
    assert found[0][0] == line
    assert says in found[0][1]


def bombs() -> Iterator[tuple[str, bytes]]:
    sheet = io.BytesIO()
    with (
        zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _number in range(600):
            part.write(b" " * (1 << 20))
    yield "sheet", sheet.getvalue()
    texts = io.BytesIO()
    with zipfile.ZipFile(texts, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", b" " * (101 << 20))
    yield "texts", texts.getvalue()
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as parts:
        for number in range(2001):
            parts.writestr(f"xl/{number}", b"")
    yield "many", many.getvalue()


def test_an_xlsx_bomb_is_measured_and_not_opened(place: Path) -> None:
    for _name, content in bombs():
        found = told(read(place / "bom.xlsx", content))
        assert found == [
            (1, "Berkas XLSX ini terlalu besar bila dibuka; simpan sebagai «CSV UTF-8», lalu impor lagi.")
        ]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


def test_entities_and_broken_workbooks_are_refused(place: Path) -> None:
    sound = book(place / "sound.xlsx", [*map(list, CELLS)])
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(place / "entities.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, ENTITIES if name.endswith("sheet1.xml") else old.read(name))
    for path in (place / "entities.xlsx", place / "torn.xlsx", place / "text.xlsx"):
        if path.name == "torn.xlsx":
            path.write_bytes(sound.read_bytes()[:-200])
        if path.name == "text.xlsx":
            path.write_text(HEADER, encoding="utf-8")
        found = told(read(path))
        assert "bukan XLSX yang utuh" in found[0][1], path.name


MAPPING = """
columns: {nip: NIP_BARU, nama: "NAMA PEGAWAI", jabatan: NAMA_JABATAN, jenis: KEDUDUKAN}
unit: [UNOR_INDUK, UNOR]
constants: {instansi: Dinas Contoh}
values: {jenis: {"01": pns, PPPK Penuh Waktu: pppk}}
separator: " - "
"""
EXPORT = """NO;NIP_BARU;NAMA PEGAWAI;GOL;NAMA_JABATAN;KEDUDUKAN;UNOR_INDUK;UNOR
1;190001172015031002;Sari Contoh;III/a;Guru Ahli Pertama;01;Bidang A - Seksi B;
2;190012312022211004;Bayu Contoh;IX;Staf;PPPK Penuh Waktu;Bidang C;Seksi D
"""


def test_a_mapping_reads_the_export_of_a_personnel_system(place: Path) -> None:
    (place / "peta.yaml").write_text(MAPPING, encoding="utf-8")
    mapping = intake.columns_of(place / "peta.yaml")
    found = rows(read(place / "a.csv", EXPORT, mapping))
    assert [(row.where.path, row.where.jenis) for row in found] == [
        ("Dinas Contoh / Bidang A / Seksi B", "pns"),
        ("Dinas Contoh / Bidang C / Seksi D", "pppk"),
    ]
    assert told(read(place / "a.csv", EXPORT.replace(";UNOR\n", ";LAIN\n"), mapping)) == [
        (1, "Kolom 'UNOR' yang disebut pemetaan tidak ada; betulkan pemetaannya.")
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("columns: {nik: NIK}", "'nik' tidak ada dalam daftar pegawai"),
        ("kolom: {}", "kunci ini tidak dikenal"),
        ("columns: [", "YAML tidak terbaca"),
    ],
)
def test_a_bad_mapping_is_named(place: Path, content: str, says: str) -> None:
    (place / "peta.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(IntakeError, match=says):
        intake.columns_of(place / "peta.yaml")


def test_a_missing_file_is_named(place: Path) -> None:
    with pytest.raises(IntakeError, match="tidak terbaca"):
        read(place / "tidak-ada.csv")
