from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader import report as reports
from grader.cli import report
from grader.submission import counting
from netralitas import content
from netralitas.course import Course
from netralitas.i18n import ZONES
from netralitas.quizzes import Quiz
from netralitas.record import Event, Given
from netralitas.roster import parse
from netralitas.settings import settings
from netralitas.store import Stamp, Store, open_store

AS_OF = datetime(2026, 11, 24, 8, 30, tzinfo=ZONES["WIB"])


@pytest.fixture(scope="session")
def course() -> Course:
    """Return a course of two required modules and one that is not."""
    modules = [
        {"slug": slug, "title": slug, "summary": slug, "minutes": 5, "required": slug != "tambahan"}
        for slug in ("satu", "dua", "tambahan")
    ]
    return Course.model_validate(
        {
            "format_version": 1,
            "version": "1",
            "title": "Contoh",
            "completion": {"version": "7", "start": "2026-01-01", "pass_mark": 70},
            "tags": {name: [] for name in ("roles", "stages", "depths", "causes", "skills")},
            "posts": [],
            "modules": modules,
        }
    )


def _person(number: int, instansi: str, **statuses: str) -> Any:
    return {
        "learner": f"{number:032x}",
        "instansi": instansi,
        "unit": f"{instansi} / Bidang {number % 2}",
        "post_class": "pelaksana" if number % 3 else "lainnya",
        "jenis": "pns" if number < 4 else "pppk",
        "progress": list(statuses.items()),
    }


ROWS = [
    _person(1, "Dinas Contoh B"),
    _person(2, "Dinas Contoh A", satu="completed", dua="completed"),
    _person(3, "Dinas Contoh A", satu="completed"),
    _person(4, "Dinas Contoh A", satu="not_started"),
    _person(5, "Dinas Contoh A", tambahan="in_progress"),
    _person(6, "=Dinas [red]C", satu="completed", dua="completed", tambahan="in_progress"),
]


def _document(course: Course, by: reports.By = "instansi", rows: Any = ROWS) -> dict[str, Any]:
    return reports.document(reports.completion(rows, by, course), by=by, rule="7", as_of=AS_OF)


def _row(name: str, people: int, *counts: int, rate: float) -> dict[str, Any]:
    fields = ("not_started", "in_progress", "completed")
    return {"name": name, "people": people, **dict(zip(fields, counts, strict=True)), "rate": rate}


def test_everybody_counts_also_who_never_started(course: Course) -> None:
    assert _document(course) == {
        "as_of": "2026-11-24T08:30:00+07:00",
        "rule": "7",
        "by": "instansi",
        "rows": [
            _row("=Dinas [red]C", 1, 0, 0, 1, rate=1.0),
            _row("Dinas Contoh A", 4, 1, 2, 1, rate=0.25),
            _row("Dinas Contoh B", 1, 1, 0, 0, rate=0.0),
        ],
        "total": {"people": 6, "not_started": 2, "in_progress": 2, "completed": 2, "rate": 0.3333},
    }


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("unit", ["=Dinas [red]C / Bidang 0", "Dinas Contoh A / Bidang 0", "Dinas Contoh A / Bidang 1",
                  "Dinas Contoh B / Bidang 1"]),
        ("jabatan", ["lainnya", "pelaksana"]),
        ("jenis", ["pns", "pppk"]),
    ],
)  # fmt: skip
def test_rows_are_sorted_by_name_in_every_cut(course: Course, by: reports.By, names: list[str]) -> None:
    found = _document(course, by)
    assert [row["name"] for row in found["rows"]] == names
    assert found["total"]["people"] == sum(row["people"] for row in found["rows"]) == 6


def test_empty_roster_has_a_total_of_nobody(course: Course) -> None:
    found = _document(course, rows=[])
    assert found["rows"] == []
    assert found["total"] == {"people": 0, "not_started": 0, "in_progress": 0, "completed": 0, "rate": 0.0}
    assert "Jumlah" in reports.as_table(found, width=120)


def test_document_is_plain_json(course: Course) -> None:
    found = _document(course)
    assert json.loads(json.dumps(found)) == found


def test_table_speaks_indonesian_and_takes_no_markup_from_names(course: Course) -> None:
    text = reports.as_table(_document(course), width=160)
    assert "per 24 Nov 2026, 08.30 WIB (aturan 7)" in text
    for word in ("Instansi", "Belum mulai", "Sedang berjalan", "Selesai", "33,3 %", "[red]", "Jumlah"):
        assert word in text
    assert "\x1b" not in text


def test_table_writes_rates_with_a_comma(course: Course) -> None:
    done = {"satu": "completed", "dua": "completed"}
    rows = [_person(number, "Dinas Contoh", **(done if number < 7 else {})) for number in range(23)]
    assert "30,4 %" in reports.as_table(_document(course, rows=rows), width=160)


def test_csv_neutralises_formulas_and_leaves_totals_to_the_reader(course: Course) -> None:
    rows = list(csv.DictReader(io.StringIO(reports.as_csv(_document(course)))))
    assert list(rows[0]) == ["name", "people", "not_started", "in_progress", "completed", "rate"]
    assert [row["name"] for row in rows] == ["'=Dinas [red]C", "Dinas Contoh A", "Dinas Contoh B"]
    assert rows[1]["rate"] == "0.25"


ROSTER = """nip,nama,instansi,unit,jabatan,jenis
190001012020011001,Contoh Satu,Dinas Contoh A,Bidang Satu,Staf,pns
190001022020011002,Contoh Dua,Dinas Contoh A,Bidang Satu,Camat,pns
190001032020011003,Contoh Tiga,Dinas Contoh A,,Juru Sihir,cpns
190001042021211004,Contoh Empat,Dinas Contoh B,,Guru,pppk
"""


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    """Return the store of the settings, with four people of whom nobody has begun."""
    with closing(open_store(settings().store)) as opened:
        opened.migrate()
        roster = parse(ROSTER.encode(), made_up_allowed=True)
        opened.import_roster(roster, content.current().course, today=AS_OF.date(), by="uji")
        yield opened


@pytest.fixture
def run(store: Store) -> Any:
    return lambda *words: CliRunner().invoke(report, ["completion", *words])


def _commit(store: Store, events: list[Event]) -> None:
    stamps = [
        Stamp(event.learner, "uji", Given.model_validate(event.model_dump(include=set(Given.model_fields))))
        for event in events
    ]
    outcomes = store.append(stamps, content.current().course)
    assert all(isinstance(outcome, Event) for outcome in outcomes)


def test_command_counts_what_the_store_recorded(
    run: Any, store: Store, quiz: Quiz, record: Any, answered: Any
) -> None:
    done, tried, opened_only, _none = (person.learner for person in store.people_under())
    _commit(store, record(done, (1, answered("wrong")), (2, answered("right"))))
    _commit(store, record(tried, (1, answered("wrong"))))
    _commit(store, record(opened_only, (1, {})))
    found = json.loads(run("--format", "json").stdout)
    assert found["total"] == {"people": 4, "not_started": 2, "in_progress": 1, "completed": 1, "rate": 0.25}
    found = json.loads(run("--format", "json", "--by", "jabatan").stdout)
    assert {row["name"] for row in found["rows"]} >= {"lainnya"}
    # What was recorded comes back as the attempt the gradebook gets.
    best = counting(quiz, store.events_of(done, [quiz.root]))
    assert best is not None
    assert (best.number, best.seed) == (2, 2)


def test_report_holds_nothing_of_a_person(run: Any) -> None:
    for form in ("table", "csv", "json"):
        text = run("--by", "unit", "--format", form).stdout
        assert "Contoh Satu" not in text
        assert "1900" not in text


def test_store_of_another_schema_is_told(place: Path) -> None:
    told = CliRunner().invoke(report, ["completion"])
    assert told.exit_code == 1
    assert "netralitas db upgrade" in told.stderr


def test_command_writes_json_of_now_under_the_rule_in_force(run: Any) -> None:
    told = run("--by", "jenis", "--format", "json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert list(found) == ["as_of", "rule", "by", "rows", "total"]
    assert (found["rule"], found["by"], found["total"]["people"]) == ("7", "jenis", 4)
    as_of = datetime.fromisoformat(found["as_of"])
    assert as_of.tzinfo is not None
    assert abs((datetime.now(UTC) - as_of).total_seconds()) < 60


def test_command_shows_a_table_of_instansi_unless_told_otherwise(run: Any) -> None:
    assert "Dinas Contoh A" in run().stdout


@pytest.mark.parametrize("words", [("--by", "nip"), ("--format", "xlsx")])
def test_unknown_cut_or_format_is_one_sentence_and_exit_2(run: Any, words: tuple[str, str]) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert f"'{words[1]}' tidak dikenal. Pilih salah satu: " in told.stderr
    assert told.stderr.count("\n") == 1


def test_out_replaces_the_file_whole(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "laporan" / "hasil.csv"
    out.parent.mkdir()
    out.write_text("lama" * 10_000, encoding="utf-8")
    told = run("--format", "csv", "--out", str(out))
    assert (told.exit_code, told.stdout) == (0, "")
    assert out.read_bytes().startswith(b"name,people,")
    assert b"lama" not in out.read_bytes()
    assert [path.name for path in out.parent.iterdir()] == ["hasil.csv"]


def test_out_that_cannot_be_written_leaves_the_old_one_and_says_so(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "hasil.json"
    out.write_text("lama", encoding="utf-8")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    told = run("--format", "json", "--out", str(out))
    assert told.exit_code == 1
    assert "hasil.json: tidak dapat ditulis" in told.stderr
    assert out.read_text(encoding="utf-8") == "lama"
    assert [path.name for path in tmp_path.glob(".hasil*")] == []


def test_help_of_the_commands_loads_no_pandas() -> None:
    code = "import sys, grader.cli; sys.exit(bool({'pandas', 'nbformat', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
