"""The roster: read whole in any office's dialect of CSV, or refused by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas.roster import Roster, neutral, parse

HEADER = "nip,nama,instansi,unit,jabatan,jenis\n"
ONE = "190001172015031002,Sari Contoh,Dinas Contoh,SMPN Contoh 1,Guru Ahli Pertama,pns\n"
TWO = "190012312022211004,Bayu Contoh,Dinas Contoh,Bidang A / Seksi B,Staf,PPPK\n"


def read(text: str, **options: bool) -> Roster:
    return parse(text.encode(), **({"made_up_allowed": True} | options))


def faults(text: str) -> list[tuple[int, str]]:
    found = read(text)
    assert not found.rows
    return [(fault.line, fault.text) for fault in found.faults]


def test_a_plain_file_gives_its_people() -> None:
    found = read(HEADER + ONE + TWO)
    assert not found.faults
    assert [(row.name, row.where.path, row.where.jenis) for row in found.rows] == [
        ("Sari Contoh", "Dinas Contoh / SMPN Contoh 1", "pns"),
        ("Bayu Contoh", "Dinas Contoh / Bidang A / Seksi B", "pppk"),
    ]
    assert [row.line for row in found.rows] == [2, 3]


def test_bom_semicolons_crlf_and_blank_lines_make_no_difference() -> None:
    plain = HEADER + ONE + TWO
    excel = "\ufeff" + plain.replace(",", ";").replace("\n", "\r\n") + ";;;;;\r\n\r\n"
    assert read(excel) == read(plain)


def test_columns_may_stand_in_any_order_and_letter_case() -> None:
    swapped = "JENIS,Nama,nip,unit,instansi,jabatan\npns,Sari Contoh,190001172015031002,SMPN Contoh 1,"
    assert read(swapped + "Dinas Contoh,Guru Ahli Pertama\n") == read(HEADER + ONE)


def test_spaces_are_put_in_order() -> None:
    messy = ONE.replace("Sari Contoh", "  Sari\u00a0  Contoh\u200b ").replace(
        "190001172015031002", "19000117 201503 1 002"
    )
    assert read(HEADER + messy) == read(HEADER + ONE)


def test_the_instansi_repeated_before_the_unit_is_dropped() -> None:
    repeated = ONE.replace("SMPN Contoh 1", "Dinas Contoh / SMPN Contoh 1")
    assert read(HEADER + repeated) == read(HEADER + ONE)


def test_who_has_no_unit_stands_under_the_instansi() -> None:
    assert read(HEADER + ONE.replace("SMPN Contoh 1", "")).rows[0].where.path == "Dinas Contoh"


def test_zone_and_code_are_optional() -> None:
    found = read(
        HEADER.replace("\n", ",zona,kode_unit\n")
        + ONE.replace("\n", ",wita,U-1\n")
        + TWO.replace("\n", ",,\n")
    )
    assert [(row.where.zone, row.where.unit_code) for row in found.rows] == [("WITA", "U-1"), (None, None)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("190001172015031002", "19000117201503100", "17 angka"),
        ("190001172015031002", "19000117201503100X", "huruf"),
        ("190001172015031002", "190002302015031002", "Tanggal lahir"),
        ("190001172015031002", "1.90001E+17", "pengolah angka"),
        ("Sari Contoh", "=Sari", "rumus"),
        ("Sari Contoh", "@Sari", "rumus"),
        ("Sari Contoh", " =Sari", "rumus"),
        ("Sari Contoh", "", "'nama' kosong"),
        ("Sari Contoh", "S" * 201, "200 huruf"),
        ("Sari Contoh", "Sari\x00", "tanda kendali"),
        ("Dinas Contoh", "", "'instansi' kosong"),
        ("Dinas Contoh", "Dinas / Bidang", "kolom unit"),
        ("SMPN Contoh 1", "A / / B", "bagian kosong"),
        (",pns", ",honorer", "pns, cpns, atau pppk"),
        (",pns", ",pns,lebih", "7 kolom"),
        (",pns", "", "5 kolom"),
        ("Sari Contoh", '"Sari', "kutip"),
    ],
)
def test_a_bad_line_is_named(old: str, new: str, says: str) -> None:
    found = faults(HEADER + TWO + ONE.replace(old, new))
    assert len(found) == 1
    assert found[0][0] == 3
    assert says in found[0][1]


def test_all_faults_are_told_at_once_and_nothing_is_read() -> None:
    found = faults(
        HEADER
        + ONE
        + ONE.replace("190001172015031002", "12").replace("Sari", "=Sari")
        + TWO.replace("PPPK", "x")
    )
    assert [line for line, _text in found] == [3, 3, 4]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (HEADER.replace(",unit", ""), "'unit' tidak ada"),
        (HEADER.replace("jenis", "jenis,gaji"), "'gaji' tidak dikenal"),
        (HEADER.replace("jenis", "jenis,nama"), "'nama' ada dua kali"),
        ("", "'nip' tidak ada"),
    ],
)
def test_a_bad_header_is_named(header: str, says: str) -> None:
    assert any(line == 1 and says in text for line, text in faults(header))


def test_a_file_without_people_is_a_fault() -> None:
    assert faults(HEADER)[0][0] == 1


def test_latin_1_is_told_by_line() -> None:
    data = (HEADER + ONE + TWO.replace("Bayu", "André")).encode("latin-1")
    found = parse(data, made_up_allowed=True)
    assert [fault.line for fault in found.faults] == [3]
    assert "UTF-8" in found.faults[0].text


def test_the_same_nip_twice_names_both_lines_and_not_the_nip() -> None:
    ((line, text),) = faults(HEADER + ONE + TWO + ONE)
    assert line == 4
    assert "baris 4" in text
    assert "baris 2" in text
    assert "190001172015031002" not in text


def test_a_unit_has_one_zone() -> None:
    wide = HEADER.replace("\n", ",zona\n")
    other = ONE.replace("190001172015031002", "190001172015031003")
    ((line, text),) = faults(wide + ONE.replace("\n", ",WIB\n") + other.replace("\n", ",WIT\n"))
    assert line == 3
    assert "baris 2" in text
    assert faults(wide + ONE.replace("\n", ",WAT\n"))[0][0] == 2


def test_made_up_people_need_leave() -> None:
    found = read(HEADER + ONE, made_up_allowed=False)
    assert [fault.line for fault in found.faults] == [2]
    assert read(HEADER + ONE.replace("1900", "1985"), made_up_allowed=False).rows


def test_a_line_is_counted_where_it_begins() -> None:
    folded = ONE.replace("Sari Contoh", '"Sari\nContoh"')
    found = read(HEADER + folded + TWO)
    assert [(row.line, row.name) for row in found.rows] == [(2, "Sari Contoh"), (4, "Bayu Contoh")]


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert parse(data, made_up_allowed=True).faults


@given(st.text(max_size=20))
def test_any_name_is_read_or_told(name: str) -> None:
    cell = '"' + name.replace('"', '""') + '"'
    found = parse((HEADER + ONE.replace("Sari Contoh", cell)).encode(errors="replace"), made_up_allowed=True)
    assert bool(found.rows) != bool(found.faults)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@x", "\tx", "\rx"])
def test_a_formula_is_neutral_in_csv(text: str) -> None:
    assert neutral(text) == "'" + text


def test_other_text_stays() -> None:
    assert neutral("Sari = Contoh") == "Sari = Contoh"
    assert neutral("") == ""
