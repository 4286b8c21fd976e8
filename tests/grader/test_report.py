from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli import report
from grader.submission import counting
from netralitas import content
from netralitas.completion import MEASURES
from netralitas.i18n import ZONES
from netralitas.quizzes import Quiz
from netralitas.record import Event, Given
from netralitas.roster import parse
from netralitas.settings import settings
from netralitas.store import Stamp, Store, open_store

AS_OF = datetime(2026, 1, 5, 8, 30, tzinfo=ZONES["WIB"])


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
    return lambda *words: CliRunner().invoke(report, ["completion", "--internal", *words])


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
    total = found["total"]
    assert [total[name] for name in MEASURES] == [4, 2, 1, 1, 0, 0]
    assert total["rate"] == 0.25
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


def test_command_writes_json_of_today_under_the_rule_in_force(run: Any) -> None:
    told = run("--by", "jenis", "--format", "json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["rule"], found["by"], found["total"]["people"]) == ("7", "jenis", 4)
    today = datetime.now(ZONES["WIB"]).date().isoformat()
    assert (found["as_of"], found["known_on"], found["shared"]) == (today, today, False)


def test_what_is_shared_is_of_a_month_s_end_and_hides_small_groups(store: Store) -> None:
    words = ["completion", "--format", "json", "--as-of"]
    found = json.loads(CliRunner().invoke(report, [*words, "2026-01-31"]).stdout)
    assert found["total"]["people"] is None
    told = CliRunner().invoke(report, [*words, "2026-01-30"])
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "--internal" in told.stderr


def test_command_shows_a_table_of_instansi_unless_told_otherwise(run: Any) -> None:
    assert "Dinas Contoh A" in run().stdout


@pytest.mark.parametrize("words", [("--by", "nip"), ("--format", "xml")])
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
