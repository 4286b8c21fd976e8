"""An officer's file: looked at, refused by line, brought in as looked at, or nothing at all."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from netralitas import content, uploads
from netralitas.course import Course
from netralitas.roster import MOST_FAULTS, Columns
from netralitas.store import Store, open_store
from netralitas.uploads import Task, Upload

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
HEADER = "nip,nama,instansi,unit,jabatan,jenis,sejak"
MINE = "Dinas Contoh / Bidang A"
COURSE = content.load(Path(__file__).parent / "course").course
Look = Callable[..., Upload]


def person(number: int, unit: str = "Bidang A", name: str = "", since: str = "") -> str:
    nip = f"190001{number % 28 + 1:02}{2000 + number // 900}031{number % 900 + 1:03}"
    return f"{nip},{name or f'Orang {number}'},Dinas Contoh,{unit},Guru,pns,{since}"


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'netralitas.db'}", clock=lambda: NOW)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def look(tmp_path: Path, store: Store) -> Look:
    """Work on a file as the process does; a task after a look goes on from what it said."""

    def go(
        file: bytes | Upload, name: str = "pegawai.csv", *, task: Task = "look", **asked: object
    ) -> Upload:
        folder = tmp_path / "unggahan"
        folder.mkdir(exist_ok=True)
        if isinstance(file, bytes):
            (folder / uploads.FILE).write_bytes(file)
            upload = Upload(
                id="a", by="petugas", name=name, asked=NOW, task=task, within=(MINE,), made_up=True
            )
        else:
            upload = file.but(task=task, stage="working")
        uploads.save(folder, upload.but(**asked))
        ended = uploads.work(folder, store, COURSE)
        assert uploads.load(folder) == ended
        return ended

    return go


def book(*rows: list[object]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to more than anybody's memory should be asked for."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["nip"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            with new.open(part.filename, "w", force_zip64=True) as file:
                file.write(old.read(part))
                if part.filename.endswith("sheet1.xml"):
                    for _mebibyte in range(600):
                        file.write(b" " * (1 << 20))
    return out.getvalue()


def test_a_file_is_looked_at_then_brought_in_as_it_was_looked_at(look: Look, store: Store) -> None:
    seen = look(csv_of(person(0), person(1)))
    assert (seen.stage, seen.counts["added"], seen.instansi) == ("changes", 2, ("Dinas Contoh",))
    assert [one.name for one in seen.changes] == ["Orang 0", "Orang 1"]
    assert store.people_under() == []
    done = look(seen, task="bring")
    assert (done.stage, done.number, done.changes) == ("done", 1, ())
    assert len(store.people_under()) == 2
    assert look(csv_of(person(0), person(1))).stage == "same"
    renamed = look(csv_of(person(0, name="Nama Lain"), person(1, unit="Bidang A / Seksi B")))
    assert [(one.kind, one.was or one.before) for one in renamed.changes] == [
        ("changed", "Orang 0"),
        ("moved", MINE),
    ]


def test_what_changed_since_the_look_is_looked_at_again(look: Look, store: Store) -> None:
    seen = look(csv_of(person(0)))
    look(look(csv_of(person(0), person(1))), task="bring")
    late = look(csv_of(person(0)), task="bring", counts=seen.counts)
    assert late.stage == "refused"
    assert "tinjau lagi" in late.said
    assert len(store.people_under()) == 2


def test_a_complete_list_names_who_leaves_and_asks_twice_above_a_tenth(look: Look, store: Store) -> None:
    look(look(csv_of(*(person(number) for number in range(20)))), task="bring")
    seen = look(csv_of(*(person(number) for number in range(17))), full=True)
    assert (seen.counts["ended"], seen.many) == (3, True)
    assert {one.name for one in seen.changes if one.kind == "ended"} == {"Orang 17", "Orang 18", "Orang 19"}
    assert look(seen, task="bring").said.startswith("Lebih dari 10 %")
    assert len(store.people_under()) == 20
    assert look(seen, task="bring", sure=True).stage == "done"
    assert len(store.people_under()) == 17
    assert not look(csv_of(*(person(number) for number in range(16))), full=True).many


def test_units_outside_are_refused_each_by_its_line(look: Look, store: Store) -> None:
    seen = look(csv_of(person(0), person(1, unit="Bidang C"), person(2), person(3, unit="Bidang C")))
    assert [fault.line for fault in seen.faults] == [3, 5]
    assert "di luar unit Anda" in seen.faults[0].text
    # Somebody who stands elsewhere is not drawn in, whatever the file says.
    look(look(csv_of(person(7, unit="Bidang C")), within=None), task="bring", within=None)
    drawn = look(csv_of(person(7)))
    assert (drawn.stage, drawn.said.split(":")[0]) == ("refused", "Baris 2")
    assert store.people_under([MINE]) == []


@pytest.mark.parametrize(
    ("file", "name", "line", "says"),
    [
        (csv_of(person(0), person(1, name="=1+1")), "a.csv", 3, "rumus"),
        (csv_of(person(0), person(1, name="A\0B")), "a.csv", 3, "tanda kendali"),
        (csv_of(person(0)) + b"\n" + person(1, name="Andr\u00e9").encode("latin-1"), "a.csv", 3, "UTF-8"),
        (csv_of(person(0), person(0, name="Nama Lain")), "a.csv", 3, "sama dengan NIP di baris 2"),
        (csv_of(person(0, since="2026-03-03")), "a.csv", 2, "belum tiba"),
        (book(HEADER.split(","), ["=1+1"] * 7), "a.xlsx", 2, "rumus"),
        (b"PK\x03\x04 bukan", "a.xlsx", 1, "XLSX yang utuh"),
        (b"", "a.csv", 1, "tidak ada"),
    ],
    ids=["formula", "nul", "encoding", "nip twice", "future", "xlsx formula", "no xlsx", "empty"],
)  # fmt: skip
def test_a_bad_file_is_told_by_line_and_changes_nothing(
    look: Look, store: Store, *, file: bytes, name: str, line: int, says: str
) -> None:
    seen = look(file, name)
    assert (seen.stage, seen.faults[0].line) == ("faults", line)
    assert says in " ".join(fault.text for fault in seen.faults)
    assert store.people_under() == store.imports() == []


def test_faults_are_told_in_the_language_their_officer_reads(look: Look) -> None:
    file = csv_of(person(0), person(1, name="=1+1"), "1,Orang,Dinas Contoh,Bidang A,Guru,pns,")
    seen = look(file, language="en")
    told = " ".join(fault.text for fault in seen.faults)
    assert "reads as a formula" in told
    assert "18 digits" in told
    refused = look(b"", task="undo", number=9, language="en")
    assert (refused.stage, "reload the list" in refused.said) == ("refused", True)
    # What comes next in the same process is Indonesian again.
    assert "rumus" in look(file).faults[0].text


def test_a_bomb_is_measured_and_not_opened(look: Look) -> None:
    began = time.monotonic()
    seen = look(bomb(), "bom.xlsx")
    assert (seen.stage, "terlalu besar" in seen.faults[0].text) == ("faults", True)
    assert time.monotonic() - began < 60


def test_faults_end_somewhere(look: Look) -> None:
    seen = look(csv_of(*(person(number, unit="Bidang C") for number in range(MOST_FAULTS + 50))))
    assert len(seen.faults) == MOST_FAULTS


@pytest.mark.parametrize("columns", [8, 300])
def test_an_unknown_header_asks_for_the_columns(look: Look, columns: int) -> None:
    names = ["No", "Nama Lengkap", "NIP Baru", "OPD", "Unor", "Nama Jabatan", "Status Pegawai"]
    more = [f"Lain {n}" for n in range(columns - len(names))]
    nip, name, instansi, unit, jabatan, *_rest = person(0).split(",")
    row = ",".join(["1", name, nip, instansi, unit, jabatan, "P3K", *["x"] * len(more)])
    seen = look(csv_of(row, header=",".join([*names, *more])))
    assert (seen.stage, len(seen.heads)) == ("columns", columns)
    mapping = Columns(
        columns={"nama": "Nama Lengkap", "nip": "NIP Baru", "instansi": "OPD", "jabatan": "Nama Jabatan",
                 "jenis": "Status Pegawai"},
        unit=("Unor",),
        values={"jenis": {"P3K": "pppk"}},
    )  # fmt: skip
    assert look(seen, columns=mapping).counts["added"] == 1


def test_an_import_is_taken_back_by_who_may(look: Look, store: Store) -> None:
    look(look(csv_of(person(0), person(1))), task="bring")
    refused = look(b"", task="undo", number=1, within=("Dinas Contoh / Bidang C",))
    assert (refused.stage, "di luar unit Anda" in refused.said) == ("refused", True)
    assert store.imports(within=("Dinas Contoh / Bidang C",)) == []
    undone = look(b"", task="undo", number=1)
    assert (undone.stage, store.people_under()) == ("undone", [])
    assert len(store.imports(within=(MINE,))) == 2


@pytest.mark.slow
def test_who_loses_the_caller_ends_and_has_changed_nothing(tmp_path: Path, store: Store) -> None:
    """The site is taken away in the middle of an import: the process goes with it, and so does its work."""
    folder = tmp_path / "unggahan"
    folder.mkdir()
    many = csv_of(*(person(number) for number in range(20_000)))
    (folder / uploads.FILE).write_bytes(many)
    (folder / uploads.COURSE).write_text(COURSE.model_dump_json(), encoding="utf-8")
    counts = {"added": 20_000, "changed": 0, "moved": 0, "unchanged": 0, "ended": 0}
    asked = Upload(id="a", by="petugas", name="a.csv", asked=NOW, task="bring", within=(MINE,), made_up=True)
    for wait in (True, False):
        uploads.save(folder, asked.but(counts=counts))
        process = subprocess.Popen(
            [sys.executable, "-m", "netralitas.uploads", str(folder)],
            env={**os.environ, "NETRALITAS_HOME": str(tmp_path)}, stdin=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin is not None
        if wait:
            # Somewhere between the first line and the last one.
            while not (known := uploads.load(folder)) or not known.read:
                assert process.poll() is None
            process.stdin.close()
            assert process.wait(60) == 1
            assert store.people_under() == store.imports() == []
        else:
            assert process.wait(300) == 0
            assert len(store.people_under()) == 20_000
            process.stdin.close()


def test_the_course_survives_its_way_to_the_process() -> None:
    assert Course.model_validate_json(COURSE.model_dump_json()) == COURSE
    assert date(2026, 3, 2) == NOW.date()
