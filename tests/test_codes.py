"""Activation codes on file: for its owner's eyes, never over another file, no formula in a cell."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from netralitas import content, roster
from netralitas.codes import write_codes
from netralitas.store import Store, open_store

COURSE = content.load(Path(__file__).parent / "course").course
NIP = "190001012020011001"
LINES = (
    "nip,nama,instansi,unit,jabatan,jenis",
    f"{NIP},Sari Contoh,Dinas Contoh,Bidang A,Guru,pns",
    "190001012020011002,+62 Contoh,Dinas Contoh,Bidang A / Seksi B,Guru,pns",
    "190001012020011003,Bayu Contoh,-Dinas Minus,,Guru,pns",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.sqlite", clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    opened.migrate()
    found = roster.parse("\n".join(LINES).encode(), made_up_allowed=True)
    opened.import_roster(found, COURSE, today=date(2026, 3, 2), by="test")
    yield opened
    opened.close()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_file_is_for_its_owner_alone(store: Store, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_codes(store, tmp_path / "kode.csv", nip=NIP, unit="", by="test")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "kode.csv").stat().st_mode) == 0o600


def test_one_nip_gives_one_code_that_opens_the_account(store: Store, tmp_path: Path) -> None:
    spaced = f"{NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}"
    assert write_codes(store, tmp_path / "kode.csv", nip=spaced, unit="", by="test") == 1
    (row,) = rows(tmp_path / "kode.csv")
    assert (row["nip"], row["nama"], row["unit"]) == (NIP, "Sari Contoh", "Dinas Contoh / Bidang A")
    assert store.redeem_code(NIP, row["kode"], "hash") is not None


def test_a_unit_gives_codes_for_everybody_under_it(store: Store, tmp_path: Path) -> None:
    assert write_codes(store, tmp_path / "a.csv", nip="", unit="Dinas Contoh", by="test") == 2
    assert (
        write_codes(store, tmp_path / "b.csv", nip="", unit="Dinas Contoh / Bidang A / Seksi B", by="x") == 1
    )
    codes = [row["kode"] for row in rows(tmp_path / "a.csv")]
    assert len(set(codes)) == 2


def test_no_cell_is_a_formula(store: Store, tmp_path: Path) -> None:
    write_codes(store, tmp_path / "a.csv", nip="", unit="Dinas Contoh", by="test")
    write_codes(store, tmp_path / "b.csv", nip="", unit="-Dinas Minus", by="test")
    cells = {cell for name in "ab" for row in rows(tmp_path / f"{name}.csv") for cell in row.values()}
    assert {"'+62 Contoh", "'-Dinas Minus"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_an_existing_file_is_left_alone_and_no_code_is_made(store: Store, tmp_path: Path) -> None:
    (tmp_path / "kode.csv").write_text("milik orang lain", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_codes(store, tmp_path / "kode.csv", nip=NIP, unit="", by="test")
    assert (tmp_path / "kode.csv").read_text(encoding="utf-8") == "milik orang lain"
    assert "code.issued" not in {row.act for row in store.audit_rows()}


@pytest.mark.parametrize(("nip", "unit"), [("190001012020011009", ""), ("abc", ""), ("", "Dinas Lain")])
def test_nobody_meant_is_one_sentence_and_no_file(store: Store, tmp_path: Path, nip: str, unit: str) -> None:
    with pytest.raises((LookupError, ValueError)) as caught:
        write_codes(store, tmp_path / "kode.csv", nip=nip, unit=unit, by="test")
    told = str(caught.value.args[0])
    assert told.endswith(".")
    assert "190001012020011009" not in told
    assert not (tmp_path / "kode.csv").exists()


def test_each_code_stands_in_the_audit_without_a_nip(store: Store, tmp_path: Path) -> None:
    write_codes(store, tmp_path / "kode.csv", nip="", unit="Dinas Contoh", by="test")
    issued = [row for row in store.audit_rows() if row.act == "code.issued"]
    assert [row.who for row in issued] == ["test", "test"]
    assert all("1900" not in f"{row.subject}{row.detail}" for row in issued)
