"""`netralitas report items` and `netralitas cohort simulate`."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli import report
from grader.cohort_cli import cohort
from grader.simulate import WHEN
from netralitas.masking import rounded
from netralitas.roster import instansi_of
from netralitas.settings import settings
from netralitas.store import open_store
from netralitas.tally import end_of_month

from .conftest import SLUG


def simulate(*words: str) -> Any:
    return CliRunner().invoke(cohort, ["simulate", *words])


def items(*words: str) -> Any:
    return CliRunner().invoke(report, ["items", *words])


@pytest.fixture
def filled(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store of 40 made-up people, which the site's settings name."""
    file = tmp_path / "rekaan.db"
    told = simulate("--size", "40", "--store", str(file))
    assert told.exit_code == 0, told.output
    monkeypatch.setenv("NETRALITAS_STORE", f"sqlite:///{file}")
    return file


def test_simulation_and_report_say_the_same_of_the_same_store(filled: Path) -> None:
    assert items(SLUG, "--json").stdout == simulate("--size", "40", "--json").stdout


def test_the_same_seed_prints_the_same_and_another_another(place: Path) -> None:
    first = simulate("--size", "30", "--seed", "7")
    assert first.exit_code == 0, first.output
    assert first.stdout == simulate("--size", "30", "--seed", "7", "--quiz", SLUG).stdout
    assert first.stdout != simulate("--size", "30", "--seed", "8").stdout
    assert first.stdout.startswith("REKAAN")
    assert "30 orang rekaan, benih 7: 330 peristiwa" in first.stderr


def test_a_report_holds_nothing_of_a_person(filled: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "butir.csv"
    told = items(SLUG, "--attempts", "all", "--json", "--csv", str(sheet))
    text = told.stdout + items(SLUG).stdout + sheet.read_text(encoding="utf-8")
    with closing(open_store(settings().store)) as store:
        for person in store.people_under():
            for secret in (person.nip, person.name, person.learner):
                assert secret not in text
    assert json.loads(told.stdout)["attempts_used"] == "all"


def test_what_is_shared_is_of_one_unit_and_says_how_it_was_asked(filled: Path, tmp_path: Path) -> None:
    month, sheet = end_of_month(WHEN.date()).isoformat(), tmp_path / "soal.json"
    with closing(open_store(settings().store)) as store:
        unit = Counter(instansi_of(person.unit) for person in store.people_under()).most_common(1)[0][0]
        answered = sum(1 for _own in store.events_on(f"quiz/{SLUG}", [unit]))
    told = items("--shared", "--as-of", month, "--unit", unit, "--format", "json", "--out", str(sheet))
    assert told.exit_code == 0, told.output
    found = json.loads(sheet.read_text(encoding="utf-8"))
    assert (found["report"], found["under"]) == ("items", unit)
    assert {row["people"] for row in found["rows"]} == {rounded(answered)}
    for words, sentence in (
        (("--unit", unit), "tambahkan --shared"),
        (("--shared", "--csv", str(sheet)), "pakai --format"),
        ((), "Sebut kuisnya"),
    ):
        wrong = items(*words)
        assert (wrong.exit_code, sentence in wrong.stderr) == (2, True)
    assert "tidak ada" in items("--shared", "--unit", "Dinas Lain").stderr


@pytest.mark.parametrize("kind", ["items", "misconceptions"])
def test_groups_say_what_each_unit_says_and_a_day_knows_what_it_knew(filled: Path, kind: str) -> None:
    def told(*words: str) -> Any:
        shared = ("--shared",) if kind == "items" else ()
        done = CliRunner().invoke(report, [kind, *shared, "--format", "json", *words])
        return json.loads(done.stdout) if done.exit_code == 0 else done.stderr

    month = end_of_month(WHEN.date()).isoformat()
    by = told("--as-of", month, "--by", "instansi")
    with closing(open_store(settings().store)) as store:
        names = sorted({instansi_of(person.unit) for person in store.people_under()})
        answered = {one: sum(1 for _own in store.events_on(f"quiz/{SLUG}", [one])) for one in names}
    assert [one for one in names if rounded(answered[one])] == sorted({row["group"] for row in by["rows"]})
    for name in names:
        alone = told("--as-of", month, "--unit", name)["rows"]
        assert [row for row in by["rows"] if row["group"] == name] == [
            {"group": name, **row} for row in alone
        ]
    assert (by["by"], by["known_on"]) == ("instansi", month)
    assert "akhir bulan" in told("--as-of", month, "--known-on", WHEN.date().isoformat())
    assert "jenis, 2, 3" in told("--by", "nip")
    if kind == "misconceptions":
        before = told("--internal", "--as-of", month, "--known-on", "2026-01-01")
        assert (before["known_on"], before["rows"]) == ("2026-01-01", [])
        assert len(told("--internal", "--as-of", month, "--by", "unit")["rows"]) > len(by["rows"])
    else:
        wrong = items(SLUG, "--known-on", month)
        assert (wrong.exit_code, "tambahkan --shared" in wrong.stderr) == (2, True)


def test_csv_alone_prints_nothing(filled: Path, tmp_path: Path) -> None:
    told = items(SLUG, "--csv", str(tmp_path / "butir.csv"))
    assert (told.exit_code, told.stdout) == (0, "")
    assert (tmp_path / "butir.csv").read_bytes().startswith(b"item,revision,current,kind,answers,")


def test_csv_that_cannot_be_written_is_one_sentence(filled: Path, tmp_path: Path) -> None:
    told = items(SLUG, "--csv", str(filled / "butir.csv"))
    assert told.exit_code == 1
    assert "Pilih berkas lain dengan --csv." in told.stderr


@pytest.mark.parametrize(
    ("words", "told"), [(("kuis-lain",), SLUG), ((SLUG, "--attempts", "worst"), "first, best")]
)
def test_what_does_not_exist_is_one_sentence_and_exit_2(
    place: Path, words: tuple[str, ...], told: str
) -> None:
    found = items(*words)
    assert found.exit_code == 2
    assert told in found.stderr
    assert found.stderr.count("\n") == 1


def test_the_sites_own_store_is_never_written_to(place: Path, tmp_path: Path) -> None:
    own = Path(settings().store.removeprefix("sqlite:///"))
    link = tmp_path / "lain"
    link.symlink_to(own.parent, target_is_directory=True)
    for file in (own, link / own.name):
        told = simulate("--size", "6", "--store", str(file))
        assert told.exit_code == 2
        assert "basis data situs ini" in told.stderr
        assert not own.exists()


def test_a_file_that_is_there_is_refused(place: Path, tmp_path: Path) -> None:
    file = tmp_path / "ada.db"
    file.write_text("penting", encoding="utf-8")
    told = simulate("--size", "6", "--store", str(file))
    assert told.exit_code == 2
    assert "sudah ada" in told.stderr
    assert file.read_text(encoding="utf-8") == "penting"


def test_the_site_keeps_no_trace_of_a_simulation(place: Path) -> None:
    assert simulate("--size", "6").exit_code == 0
    assert not Path(settings().store.removeprefix("sqlite:///")).exists()


def test_a_kind_nobody_can_make_up_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader import item_kinds  # noqa: PLC0415

    rest = {kind: manner for kind, manner in item_kinds.KINDS.items() if kind != "true_false"}
    monkeypatch.setattr(item_kinds, "KINDS", rest)
    told = simulate("--size", "6")
    assert told.exit_code == 2
    assert "jenis soal true_false" in told.stderr
