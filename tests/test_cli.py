"""The command line: what it prints, where, and with which exit code; mistakes are one Indonesian sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import stat
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner, Result

from netralitas import content, forms, judge, rules
from netralitas.cli import BY, app
from netralitas.law import ACTORS
from netralitas.record import Event, Progress
from netralitas.regrade import regrading
from netralitas.store import Stamp, Store, open_store
from netralitas.store.progress import progress_row
from netralitas.store.tables import progress

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "course"
HEADER = "nip,nama,instansi,unit,jabatan,jenis\n"
NIPS = ["190001012020011001", "190001012020011002", "190001012020011003"]

for entry in entry_points(group="netralitas.commands"):
    app.add_typer(entry.load(), name=entry.name)

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of this test alone, and the toy course."""
    for name in [name for name in os.environ if name.startswith("NETRALITAS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NETRALITAS_HOME", str(tmp_path / "rumah"))
    monkeypatch.setenv("NETRALITAS_CONTENT", str(TOY))
    content.current.cache_clear()
    yield tmp_path / "rumah"
    content.current.cache_clear()


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real course instead."""
    monkeypatch.setenv("NETRALITAS_CONTENT", str(ROOT))


def run(*words: object) -> Result:
    """Run a command; an exception that is no exit fails the test, as a user would see a traceback."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def sentence(done: Result, code: int) -> str:
    """Expect exit `code`, nothing on stdout and one sentence on stderr; return it."""
    assert done.exit_code == code, done.output
    assert done.stdout == ""
    assert done.stderr.endswith(".\n")
    assert done.stderr.count("\n") == 1
    return str(done.stderr).strip()


def asked(*words: str) -> dict[str, Any]:
    done = run("rule", *words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def people(*rows: tuple[str, str, str], jabatan: str = "Guru") -> str:
    """A roster of (nip, name, unit)."""
    return HEADER + "".join(f"{nip},{name},Dinas Contoh,{unit},{jabatan},pns\n" for nip, name, unit in rows)


THREE = people(*((nip, f"Orang {i}", "Bidang A") for i, nip in enumerate(NIPS)))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "daftar.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def imported(file: Callable[[str], Path]) -> None:
    assert run("roster", "import", file(THREE), "--demo").exit_code == 0


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the home, to look into."""
    home.mkdir(exist_ok=True)
    with closing(open_store(f"sqlite:///{home}/netralitas.db")) as opened:
        yield opened


@pytest.mark.usefixtures("real")
class TestRule:
    def test_the_answer_has_exactly_these_keys(self) -> None:
        answer = asked("sosialisasi-medsos-calon", "--on", "2024-10-10")
        assert [*answer] == [
            *("act", "on", "actor", "in_force", "rulings", "track", "level", "basis", "confidence"),
            *("guide", "oversight", "caveats", "alternatives", "continued_by", "verdict"),
        ]
        for ruling in answer["rulings"]:
            assert [*ruling] == ["track", "level", "sanctions", "basis", "confidence"]
            assert [*ruling["confidence"]] == ["act", "track", "level"]
        for basis in answer["basis"]:
            assert [*basis] == ["source", "article"]
        assert set(answer["oversight"]) <= set(get_args(rules.Body))
        assert answer["verdict"] in get_args(rules.Verdict)

    def test_an_act_in_force_tells_level_track_and_articles(self) -> None:
        answer = asked("sosialisasi-medsos-calon", "--on", "2024-10-10")
        assert (answer["in_force"], answer["actor"], answer["on"]) == (True, "pns", "2024-10-10")
        assert (answer["level"], answer["track"], answer["verdict"]) == ("berat", ["disiplin"], "dilarang")
        assert answer["guide"] == ["skb-2022"]
        assert answer["basis"]

    def test_a_case_across_two_codes_lists_both_until_it_is_dated(self) -> None:
        answer = asked("kegiatan-keberpihakan", "--on", "2020-10-10")
        assert answer["level"] is None
        assert len(answer["alternatives"]) == 2
        for alternative in answer["alternatives"]:
            assert [*alternative] == ["when", "level", "basis", "sanctions"]
        decided = asked("kegiatan-keberpihakan", "--on", "2020-10-10", "--decided", "2021-01-10")
        assert decided["alternatives"] == []
        assert decided["level"] == answer["alternatives"][0]["level"]

    def test_a_level_of_the_transition_is_marked_and_no_other_is(self) -> None:
        days = ("--on", "2020-07-01", "--examined", "2021-09-15")
        answer = asked("surat-dukungan-ktp", *days)
        assert [row["transitional"] for row in answer["rulings"]] == [True]
        assert any("tidak dijawab oleh naskahnya" in text for text in answer["caveats"])
        assert "transitional" not in asked("pakai-fasilitas-negara", *days)["rulings"][0]

    def test_an_act_out_of_force_is_an_answer_not_a_mistake(self) -> None:
        answer = asked("medsos-2020", "--on", "2024-10-10")
        assert not answer["in_force"]
        assert (answer["guide"], answer["verdict"]) == (["skb-2022"], "belum_pasti")
        assert answer["oversight"]
        assert answer["continued_by"]

    @pytest.mark.parametrize("actor", ACTORS)
    def test_every_actor_gets_an_answer(self, actor: str) -> None:
        assert asked("sosialisasi-medsos-calon", "--on", "2024-10-10", "--actor", actor)["actor"] == actor

    def test_an_unknown_act_is_exit_2_with_the_nearest_ids(self) -> None:
        told = sentence(run("rule", "sosialisasi-medsos-kalon", "--on", "2024-10-10", "--json"), 2)
        assert told.startswith("Perbuatan 'sosialisasi-medsos-kalon' tidak dikenal.")
        assert "sosialisasi-medsos-calon" in told

    def test_an_act_like_no_other_still_gets_ids(self) -> None:
        told = sentence(run("rule", "zzzz", "--on", "2024-10-10"), 2)
        assert set(told.rstrip(".").rpartition(": ")[2].split(", ")) <= content.law().acts.keys()

    @pytest.mark.parametrize("on", ["2024-13-10", "2024-02-30", "10/10/2024", "besok", "20241010", ""])
    def test_a_bad_date_is_exit_2(self, on: str) -> None:
        assert "YYYY-MM-DD" in sentence(run("rule", "sosialisasi-medsos-calon", "--on", on), 2)

    @pytest.mark.parametrize("option", ["--examined", "--decided"])
    def test_a_date_before_the_act_is_exit_2(self, option: str) -> None:
        words = ("rule", "sosialisasi-medsos-calon", "--on", "2024-10-10", option, "2024-10-09")
        assert sentence(run(*words), 2).startswith("Tanggal tidak cocok")

    def test_an_unknown_actor_is_exit_2_with_the_six(self) -> None:
        told = sentence(run("rule", "sosialisasi-medsos-calon", "--on", "2024-10-10", "--actor", "polisi"), 2)
        assert ", ".join(ACTORS) in told

    def test_people_read_verdict_level_articles_and_caveats(self) -> None:
        done = run("rule", "sosialisasi-medsos-calon", "--on", "2024-10-10")
        for words in ("tidak boleh", "Jalur disiplin, tingkat berat", "PP 94/2021, Pasal 5 huruf n", "! "):
            assert words in done.stdout

    def test_without_an_act_it_says_what_to_do(self) -> None:
        told = sentence(run("rule", "--on", "2024-10-10"), 2)
        assert told.startswith("Sebut id perbuatan")
        assert "--list" in told

    def test_without_a_day_it_says_what_to_do(self) -> None:
        assert "Isi --on" in sentence(run("rule", "sosialisasi-medsos-calon"), 2)


@pytest.mark.usefixtures("real")
class TestRuleList:
    def test_every_act_in_force_is_one_line_and_the_others_are_counted(self) -> None:
        done = run("rule", "--list", "--on", "2024-10-10")
        assert (done.exit_code, done.stderr) == (0, "")
        rows = [line for line in done.stdout.splitlines() if " · " in line]
        acts = {row.rpartition("(")[2].rstrip(")") for row in rows}
        assert len(acts) == len(rows)
        assert acts < content.law().acts.keys()
        assert f"{len(content.law().acts) - len(acts)} perbuatan lain tidak berlaku" in done.stdout
        assert {row.partition(" · ")[0] for row in rows} <= {"tidak boleh", "belum pasti", "boleh"}

    def test_json_holds_the_same_acts(self) -> None:
        listed = json.loads(run("rule", "--list", "--on", "2024-10-10", "--json").stdout)
        assert [*listed] == ["on", "actor", "acts", "not_in_force"]
        for row in listed["acts"]:
            assert [*row] == ["act", "title", "verdict", "track", "level", "reason"]
            alone = asked(row["act"], "--on", "2024-10-10")
            assert (alone["verdict"], alone["track"]) == (row["verdict"], row["track"])
        assert len(listed["acts"]) + listed["not_in_force"] == len(content.law().acts)

    def test_a_day_without_any_act_is_an_answer(self) -> None:
        done = run("rule", "--list", "--on", "1990-01-01")
        assert done.exit_code == 0
        assert "0 perbuatan" in done.stdout

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--list",), "Isi --on"),
            (("--list", "--on", "besok"), "YYYY-MM-DD"),
            (("--list", "--on", "2024-10-10", "--actor", "polisi"), "Pelaku 'polisi'"),
            (("--list", "--on", "2024-10-10", "--decided", "2024-10-09"), "Tanggal tidak cocok"),
            (("sosialisasi-medsos-calon", "--list", "--on", "2024-10-10"), "hapus --list"),
            (("--list", "--compare", "2024-10-10", "2025-10-10"), "hapus --list"),
        ],
        ids=str,
    )
    def test_a_mistake_is_one_sentence(self, words: tuple[str, ...], told: str) -> None:
        assert told in sentence(run("rule", *words), 2)


@pytest.mark.usefixtures("real")
class TestRuleCompare:
    def test_what_changed_is_told_in_sentences(self) -> None:
        done = run("rule", "kegiatan-keberpihakan", "--compare", "2020-10-10", "2024-10-10")
        assert (done.exit_code, done.stderr) == (0, "")
        for words in (
            "10 Oktober 2020 → 10 Oktober 2024, pelaku pns",
            "Hukumannya dahulu tingkat sedang atau tingkat berat (bergantung pada tanggal",
            "Peraturan disiplin dahulu PP 53/2010, kemudian PP 94/2021.",
            "Yang menangani dahulu KASN dan Bawaslu, kemudian BKN, Kementerian PANRB, dan Bawaslu.",
        ):
            assert words in done.stdout

    def test_the_order_of_the_days_does_not_matter(self) -> None:
        words = ("rule", "kegiatan-keberpihakan", "--compare")
        assert (
            run(*words, "2024-10-10", "2020-10-10").stdout == run(*words, "2020-10-10", "2024-10-10").stdout
        )

    def test_json_holds_both_sides_and_the_sentences(self) -> None:
        done = run("rule", "medsos-2020", "--compare", "2020-10-10", "2024-10-10", "--json")
        found = json.loads(done.stdout)
        assert [*found] == ["act", "actor", "before", "after", "changes"]
        assert (found["before"], found["after"]) == ("2020-10-10", "2024-10-10")
        first = found["changes"][0]
        assert first == {
            "field": "force",
            "before": ["berlaku"],
            "after": ["tidak_berlaku"],
            "told": ["Ketentuannya dahulu berlaku, kemudian tidak berlaku."],
        }
        assert all(row["told"] for row in found["changes"])

    def test_nothing_changed_is_said(self) -> None:
        done = run("rule", "unggah-foto-calon", "--compare", "2024-10-10", "2024-10-10")
        assert "Tidak ada yang berubah." in done.stdout

    def test_an_act_that_ended_names_those_that_continue_it(self) -> None:
        done = run("rule", "medsos-2020", "--compare", "2020-10-10", "2024-10-10")
        continued = asked("medsos-2020", "--on", "2024-10-10")["continued_by"]
        assert f"Dilanjutkan oleh: {', '.join(continued)}\n" in done.stdout

    def test_an_act_in_force_on_neither_day_is_said_too(self) -> None:
        done = run("rule", "unggah-foto-calon", "--compare", "2005-01-01", "2005-02-01")
        assert "Tidak ada yang berubah." in done.stdout
        assert "tidak berlaku pada kedua tanggal itu" in done.stdout

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--compare", "2020-10-10", "2024-10-10"), "Sebut id perbuatan"),
            (("unggah-foto-kalon", "--compare", "2020-10-10", "2024-10-10"), "unggah-foto-calon"),
            (("unggah-foto-calon", "--compare", "2020-10-10", "2024-13-10"), "YYYY-MM-DD"),
            (("unggah-foto-calon", "--compare", "2020-10-10", ""), "Isi --compare"),
            (("unggah-foto-calon", "--compare", "2020-10-10", "2024-10-10", "--on", "2024-10-10"), "--on"),
        ],
        ids=str,
    )
    def test_a_mistake_is_one_sentence(self, words: tuple[str, ...], told: str) -> None:
        assert told in sentence(run("rule", *words), 2)


class TestImpact:
    def test_what_rests_on_an_act_is_listed_and_no_store_is_made(self, home: Path) -> None:
        done = run("impact", "contoh-larangan")
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            "Perbuatan contoh (contoh-larangan)",
            "Perbuatan: 1",
            "  contoh-larangan · Perbuatan contoh",
            "Perbuatan yang melanjutkannya: 0",
            "Skenario: 2",
            "  contoh-cerita · Cerita contoh",
            "  contoh-tekanan · Pesan dari Pak Contoh",
            "Soal kuis: 2",
            "  contoh-kuis/k01",
            "  contoh-kuis/k02",
            "Butir ikrar: 0",
            "Modul: 1",
            "  contoh-kuis · Modul contoh",
            "Penyelesaian yang bertumpu padanya: tidak dihitung, karena basis data belum ada.",
        ]
        assert not (home / "netralitas.db").exists()

    @pytest.mark.usefixtures("imported")
    @pytest.mark.parametrize(
        ("name", "counted"), [("contoh-larangan", 2), ("uu-contoh", 2), ("pp-contoh", 2)]
    )
    def test_learners_who_completed_are_counted_and_not_named(
        self, name: str, counted: int, store: Store
    ) -> None:
        first, second, third = (person.learner for person in store.people_under())
        rows = [(first, "completed"), (second, "completed"), (third, "in_progress")]
        with store.writing() as connection:
            for learner, status in rows:
                found = Progress.model_validate({"module": "contoh-kuis", "status": status})
                connection.execute(progress.insert(), progress_row(learner, found))
        done = run("impact", name)
        assert f"Penyelesaian yang bertumpu padanya: {counted} pembelajar\n" in done.stdout
        assert "Orang" not in done.stdout
        assert first not in run("impact", name, "--json").stdout
        assert json.loads(run("impact", name, "--json").stdout)["learners"] == counted
        assert store.completed([]) == store.completed(["modul-lain"]) == 0
        assert store.completed(["contoh-kuis", "modul-lain"]) == counted

    def test_json_without_a_store_counts_nobody(self) -> None:
        found = json.loads(run("impact", "pp-contoh", "--json").stdout)
        assert [*found] == [
            *("id", "kind", "title", "rules", "continued_by", "regimes", "scenarios", "items", "points"),
            "modules",
            "learners",
        ]
        assert (found["kind"], found["learners"]) == ("source", None)

    def test_a_store_of_an_older_schema_is_left_as_it_is(self, store: Store) -> None:
        assert store.state() == "empty"
        assert "netralitas db upgrade" in run("impact", "pp-contoh").stdout
        assert store.state() == "empty"

    def test_a_store_that_does_not_answer_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NETRALITAS_STORE", "mysql://root@localhost/x")
        done = run("impact", "pp-contoh")
        assert done.exit_code == 0
        assert "tidak dihitung. " in done.stdout

    @pytest.mark.usefixtures("real")
    @pytest.mark.parametrize(
        ("name", "near"),
        [("skb-2202", "skb-2022"), ("unggah-foto-kalon", "unggah-foto-calon"), ("zzzz", ", ")],
    )
    def test_an_unknown_id_is_exit_2_with_the_nearest_ids(self, name: str, near: str) -> None:
        told = sentence(run("impact", name), 2)
        assert told.startswith(f"'{name}' bukan id naskah atau perbuatan.")
        assert near in told


class TestPlay:
    def test_bots_play_every_story(self) -> None:
        done = run("play", "--bots")
        assert (done.exit_code, done.stderr) == (0, "")
        assert [line for line in done.stdout.splitlines() if line[0] != " "] == [
            "Cerita contoh (contoh-cerita)",
            "Pesan dari Pak Contoh (contoh-tekanan)",
        ]
        assert done.stdout.count("menebak") == 2

    def test_json_names_bots_scores_and_endings(self) -> None:
        found = json.loads(run("play", "contoh-cerita", "--bots", "--json").stdout)
        assert [row["bot"] for row in found["contoh-cerita"]] == [
            "guesser",
            "sure_wrong",
            "longest",
            "expert",
        ]
        assert found["contoh-cerita"][0]["endings"] == {"baik": 0.375, "kurang": 0.625}

    def test_a_mistake_is_one_sentence(self) -> None:
        assert "netralitas play --bots" in sentence(run("play"), 2)
        assert "contoh-cerita" in sentence(run("play", "contoh-cerito", "--bots"), 2)

    def test_a_warning_is_printed_and_fails_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = Path(shutil.copytree(TOY, tmp_path / "isi"))
        path = place / "data" / "scenarios" / "contoh-cerita.yaml"
        text = (
            path.read_text(encoding="utf-8").replace("next: kurang", "next: baik").split("  - id: kurang")[0]
        )
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("NETRALITAS_CONTENT", str(place))
        done = run("check")
        assert done.exit_code == 0
        assert (
            "peringatan: data/scenarios/contoh-cerita.yaml, bot «menebak» mencapai 1, ahlinya 1."
            in done.stdout
        )
        assert done.stdout.endswith("Isi sehat.\n")


class TestFlow:
    def test_a_story_nobody_played_is_told_and_drawn(self, tmp_path: Path) -> None:
        picture = tmp_path / "alur.svg"
        done = run("flow", "contoh-cerita", "--out", picture)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.startswith("Cerita contoh (contoh-cerita): < 5 pembelajar, < 5 kali dijalani")
        assert "Pilihan s1 a" in done.stdout
        assert picture.read_text(encoding="utf-8").startswith("<svg")

    def test_a_mistake_is_one_sentence(self, tmp_path: Path) -> None:
        assert "contoh-tekanan" in sentence(run("flow", "contoh-tekan"), 2)
        assert "tidak dapat ditulis" in sentence(
            run("flow", "contoh-cerita", "--out", tmp_path / "tidak-ada" / "alur.svg"), 2
        )

    def test_small_groups_are_shown_of_made_up_people_alone(self, store: Store) -> None:
        assert "basis data demo" in sentence(run("flow", "contoh-cerita", "--all"), 2)
        store.set_meta("demo", "1")
        assert "0 pembelajar, 0 kali dijalani" in run("flow", "contoh-cerita", "--all").stdout
        told = json.loads(run("flow", "contoh-cerita", "--json").stdout)
        assert (told["exact"], told["learners"], told["scenes"][0]["came"]) == (False, None, None)


RIGHT: dict[str, Any] = {"k01": ["b"], "k02": ["a", "d"], "k03": ["a"]}


def sat(store: Store, nip: str, answers: dict[str, Any], slug: str = "contoh-kuis") -> str:
    """Let a learner answer a quiz of today's content as a site would record it; return who it was."""
    known = content.load(Path(os.environ["NETRALITAS_CONTENT"]))
    quiz, account = known.quizzes[slug], store.account_by_nip(nip)
    assert account is not None
    sent = [
        {"kind": "open"},
        *({"kind": "answer", "item": item, "answer": answers[item]} for item in answers),
    ]
    for message in sent:
        parsed: Any = judge.parse({"event": str(uuid.uuid4()), **message})
        given = judge.judge(quiz, store.events_of(account.learner), parsed)
        if given.verb == "opened":
            given = given.model_copy(update={"result": judge.opening(quiz, 1)})
        (outcome,) = store.append([Stamp(account.learner, "uji", given)], known.course)
        assert isinstance(outcome, Event)
    return account.learner


@pytest.mark.usefixtures("imported")
class TestRegrade:
    @pytest.fixture
    def edit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
        """Change a line of the quiz in a copy of the toy course, as an author does."""
        place = Path(shutil.copytree(TOY, tmp_path / "isi"))
        monkeypatch.setenv("NETRALITAS_CONTENT", str(place))

        def change(old: str, new: str) -> None:
            path = place / "quizzes" / "contoh-kuis.yaml"
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            content.current.cache_clear()

        return change

    def test_it_lists_and_changes_nothing_then_a_named_person_records_it(
        self, store: Store, edit: Callable[[str, str], None]
    ) -> None:
        one, two = sat(store, NIPS[0], RIGHT | {"k01": ["a"]}), sat(store, NIPS[1], RIGHT)
        edit("key: [b]", "key: [a]")
        before = [*store.events_on("quiz/contoh-kuis")]
        done = run("regrade", "contoh-kuis")
        assert (done.exit_code, done.stderr) == (0, "")
        assert f"{one} · percobaan 1 · nilai 67 → 100 · k01 0 → 1" in done.stdout
        assert f"{two} · percobaan 1 · nilai 100 → 67 · k01 1 → 0" in done.stdout
        assert "contoh-kuis: 2 percobaan dari 2 pembelajar berubah (naik 1, turun 1)." in done.stdout
        assert "Belum ada yang diubah." in done.stdout
        assert not any(nip in done.stdout for nip in NIPS)
        assert "Orang" not in done.stdout
        assert [*store.events_on("quiz/contoh-kuis")] == before

        words = ("--by", NIPS[2], "--reason", "Kunci k01 keliru.")
        assert "Belum ada yang diubah." in run("regrade", "contoh-kuis", *words).stdout
        assert [*store.events_on("quiz/contoh-kuis")] == before
        done = run("regrade", "contoh-kuis", *words, "--yes")
        assert done.stdout.endswith("2 percobaan dinilai ulang.\n")
        who = store.account_by_nip(NIPS[2])
        assert who is not None
        for learner, mark in ((one, 100), (two, 67)):
            last = store.events_of(learner)[-1]
            assert (last.verb, last.said, last.result["by"]) == ("regraded", "Kunci k01 keliru.", who.learner)
            assert store.progress_of(learner)["contoh-kuis"].mark == mark
        assert store.verify_chains() == []
        assert "0 baris berbeda" in run("rebuild").stdout
        assert [(row.who, row.act, row.subject) for row in store.audit_rows(1)] == [
            (who.learner, "quiz.regraded", "quiz/contoh-kuis")
        ]
        # Once more, or after a break: there is nothing left to do.
        done = run("regrade", "contoh-kuis", *words, "--yes")
        assert done.stdout.startswith("contoh-kuis: 0 percobaan dari 0 pembelajar berubah")
        assert store.events_of(one)[-1].seq == 5

    def test_a_break_in_the_middle_is_taken_up_again(
        self, store: Store, edit: Callable[[str, str], None]
    ) -> None:
        learners = [sat(store, nip, RIGHT) for nip in NIPS]
        edit("key: [b]", "key: [a]")
        quiz, course = content.current().quizzes["contoh-kuis"], content.current().course
        decide = partial(regrading, quiz, by=learners[0], reason="Putus di tengah.")
        store.amend(learners[1], quiz.root, decide, course, session="perintah")
        done = run("regrade", "contoh-kuis", "--yes", "--by", learners[0], "--reason", "Lanjutan.")
        assert done.stdout.endswith("2 percobaan dinilai ulang.\n")
        said = [[e.said for e in store.events_of(me) if e.verb == "regraded"] for me in learners]
        assert said == [["Lanjutan."], ["Putus di tengah."], ["Lanjutan."]]

    @pytest.mark.slow
    @pytest.mark.parametrize(("reply", "verb"), [(b"y\n", "regraded"), (b"\n", "answered")])
    def test_in_a_terminal_it_asks_once(
        self, store: Store, edit: Callable[[str, str], None], reply: bytes, verb: str
    ) -> None:
        me = sat(store, NIPS[0], RIGHT)
        edit("key: [b]", "key: [a]")
        ours, theirs = pty.openpty()
        words = ["netralitas", "regrade", "contoh-kuis", "--by", me, "--reason", "Kunci keliru."]
        words[0] = str(Path(sys.executable).parent / words[0])
        with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, text=True) as process:
            os.write(ours, reply)
            out, _err = process.communicate(timeout=120)
        os.close(ours)
        os.close(theirs)
        assert out.count("Catat perubahan ini?") == 1
        assert store.events_of(me)[-1].verb == verb

    def test_a_mistake_is_one_sentence(self, edit: Callable[[str, str], None]) -> None:
        assert "contoh-kuis" in sentence(run("regrade", "contoh-kuiz"), 2)
        assert "--by dan --reason" in sentence(run("regrade", "contoh-kuis", "--yes", "--by", NIPS[0]), 2)
        words = ("--reason", "Ada.", "--yes")
        assert "daftar pegawai" in sentence(run("regrade", "contoh-kuis", "--by", "siapa", *words), 2)
        long = run("regrade", "contoh-kuis", "--by", NIPS[0], "--reason", "x" * 501)
        assert "satu baris" in sentence(long, 2)
        edit("title:", "status: draf\ntitle:")
        assert "belum terbit" in sentence(run("regrade", "contoh-kuis"), 2)

    @pytest.mark.usefixtures("edit")
    def test_content_with_faults_regrades_nobody(self, tmp_path: Path) -> None:
        (tmp_path / "isi" / "modules" / "contoh-kuis.ipynb").unlink()
        assert "Isi belum sehat" in sentence(run("regrade", "contoh-kuis"), 1)


@pytest.mark.usefixtures("imported")
class TestEmptyTyped:
    def test_what_one_person_typed_goes_and_scores_stay(self, store: Store) -> None:
        typed = {"j07": "1.588", "j08": "cuti"}
        one, two = (sat(store, nip, typed, "contoh-jenis") for nip in NIPS[:2])
        done = run("empty-typed", NIPS[0], "--by", NIPS[2], "--yes")
        assert done.stdout == "2 jawaban yang diketik dihapus.\n"
        assert [event.said for event in store.events_of(one)[1:]] == [None, None]
        assert [event.said for event in store.events_of(two)[1:]] == ["1.588", "cuti"]
        assert store.verify_chains() == []
        assert run("empty-typed", "--everybody", "--by", NIPS[2], "--yes").stdout.startswith("2 jawaban")

    def test_nothing_goes_by_mistake(self) -> None:
        assert "--everybody" in sentence(run("empty-typed", "--by", NIPS[0], "--yes"), 2)
        assert "--everybody" in sentence(run("empty-typed", NIPS[0], "--everybody"), 2)
        assert "tidak dapat kembali" in sentence(run("empty-typed", NIPS[0]), 2)


class TestNew:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A copy of the toy course to write into."""
        place = Path(shutil.copytree(TOY, tmp_path / "isi"))
        monkeypatch.setenv("NETRALITAS_CONTENT", str(place))
        return place

    @pytest.mark.parametrize(
        ("kind", "file"),
        [
            ("rule", "data/rules/uji-baru.yaml"),
            ("scenario", "data/scenarios/uji-baru.yaml"),
            ("quiz", "quizzes/uji-baru.yaml"),
        ],
    )
    def test_a_file_is_begun_and_the_next_step_said(self, kind: str, file: str, place: Path) -> None:
        done = run("new", kind, "uji-baru")
        assert (done.exit_code, done.stderr) == (0, "")
        assert (place / file).is_file()
        assert f"{place / file} dibuat." in done.stdout
        assert "netralitas check" in done.stdout
        checked = run("check")
        assert checked.exit_code == 1
        assert f"{file}, title: kosong. Isi." in checked.stdout
        assert "sudah ada" in sentence(run("new", kind, "uji-baru"), 2)

    @pytest.mark.parametrize(
        ("words", "told"),
        [(("modul", "uji"), "rule, scenario, quiz"), (("rule", "Uji Baru"), "tidak dapat menjadi id")],
        ids=str,
    )
    def test_a_mistake_writes_nothing(self, words: tuple[str, ...], told: str, place: Path) -> None:
        before = sorted(place.rglob("*"))
        assert told in sentence(run("new", *words), 2)
        assert sorted(place.rglob("*")) == before


class TestSchemas:
    def test_they_are_written_and_then_do_not_drift(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NETRALITAS_CONTENT", str(shutil.copytree(TOY, tmp_path / "isi")))
        assert "netralitas schemas" in sentence(run("schemas", "--check"), 1)
        assert run("schemas").exit_code == 0
        done = run("schemas", "--check")
        assert (done.exit_code, done.output) == (0, "")


class TestRoster:
    def test_people_are_counted_and_unmapped_jabatan_named(self, file: Callable[[str], Path]) -> None:
        text = THREE.replace("Guru", "Juru Ukir", 1)
        done = run("roster", "import", file(text), "--demo")
        assert done.exit_code == 0
        assert done.stdout.splitlines() == [
            "Baru 3, berubah 0, pindah 0, tetap 0, keluar 0.",
            "Jabatan yang dihitung «lainnya»: Juru Ukir.",
            "Nomor impor: 1.",
        ]

    def test_faults_are_told_by_line_and_nobody_comes_in(
        self, file: Callable[[str], Path], store: Store
    ) -> None:
        text = (
            THREE + "19000101202001100,Kurang,Dinas Contoh,A,Guru,pns\nx,=Rumus,Dinas Contoh,A,Guru,honorer\n"
        )
        done = run("roster", "import", file(text), "--demo")
        assert (done.exit_code, done.stdout) == (1, "")
        *told, last = done.stderr.splitlines()
        assert [line.partition(":")[0] for line in told] == ["baris 5", "baris 6", "baris 6", "baris 6"]
        assert all(line.endswith(".") for line in told)
        assert last == "4 kesalahan; tidak satu pun diimpor."
        assert "19000101202001100" not in done.stderr
        assert store.state() == "empty"

    @pytest.mark.usefixtures("imported")
    def test_a_file_imported_twice_changes_nothing(self, file: Callable[[str], Path], store: Store) -> None:
        before = (store.people_under(), store.audit_rows())
        done = run("roster", "import", file(THREE), "--demo")
        assert done.stdout == "Baru 0, berubah 0, pindah 0, tetap 3, keluar 0.\n"
        assert (store.people_under(), store.audit_rows()) == before

    @pytest.mark.usefixtures("imported")
    def test_who_is_absent_stays(self, file: Callable[[str], Path], store: Store) -> None:
        text = people((NIPS[0], "Orang 0", "Bidang B"))
        assert run("roster", "import", file(text), "--demo").stdout.startswith(
            "Baru 0, berubah 0, pindah 1, tetap 0, keluar 0."
        )
        assert len(store.people_under()) == 3

    @pytest.mark.usefixtures("imported")
    def test_a_complete_list_asks_for_the_number_that_leaves(
        self, file: Callable[[str], Path], store: Store
    ) -> None:
        path = file(people((NIPS[0], "Orang 0", "Bidang A")))
        told = sentence(run("roster", "import", path, "--demo", "--complete", "0"), 1)
        assert "2 orang" in told
        assert len(store.people_under()) == 3
        # That is more than a tenth, so it asks once more.
        told = sentence(run("roster", "import", path, "--demo", "--complete", "2"), 1)
        assert "10 %" in told
        look = run("roster", "import", path, "--demo", "--complete", "0", "--dry")
        assert look.stdout == "Baru 0, berubah 0, pindah 0, tetap 1, keluar 2.\n"
        assert len(store.people_under()) == 3
        done = run("roster", "import", path, "--demo", "--complete", "2", "--sure")
        assert done.stdout.startswith("Baru 0, berubah 0, pindah 0, tetap 1, keluar 2.\n")
        assert [person.nip for person in store.people_under()] == NIPS[:1]
        assert run("roster", "undo", "2").stdout == "Impor dibatalkan; 2 orang kembali seperti semula.\n"
        assert len(store.people_under()) == 3
        assert "dibatalkan" in run("roster", "list").stdout
        assert "sudah dibatalkan" in sentence(run("roster", "undo", "2"), 1)

    def test_invented_people_need_demo(self, file: Callable[[str], Path]) -> None:
        done = run("roster", "import", file(THREE))
        assert done.exit_code == 1
        assert "--demo" in done.stderr

    def test_a_file_that_is_not_there_is_one_sentence(self, tmp_path: Path) -> None:
        assert "tidak terbaca" in sentence(run("roster", "import", tmp_path / "tiada.csv"), 2)

    def test_broken_content_is_told_before_anybody_comes_in(
        self, file: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = Path(shutil.copytree(TOY, tmp_path / "isi"))
        (place / "data" / "course.yaml").write_text("a: [", encoding="utf-8")
        monkeypatch.setenv("NETRALITAS_CONTENT", str(place))
        done = run("roster", "import", file(THREE), "--demo")
        assert done.exit_code == 1
        assert "data/course.yaml, baris" in done.stderr


@pytest.mark.usefixtures("imported")
class TestRoles:
    def test_a_role_given_and_taken_stands_in_the_audit(self, store: Store) -> None:
        assert run("role", "grant", NIPS[0], "trainer", "--unit", "Dinas Contoh / Bidang A").exit_code == 0
        assert run("role", "grant", NIPS[0], "operator").exit_code == 0
        learner = store.people_under()[0].learner
        assert [(r.role, r.unit) for r in store.roles_of(learner)] == [
            ("trainer", "Dinas Contoh / Bidang A"),
            ("operator", None),
        ]
        listed = run("role", "list").stdout
        assert "trainer" in listed
        assert "Orang 0" in listed
        assert NIPS[0] not in listed
        assert run("role", "revoke", NIPS[0], "operator").exit_code == 0
        assert [r.role for r in store.roles_of(learner)] == ["trainer"]
        noted = [(row.who, row.act, row.subject, row.detail["role"]) for row in store.audit_rows()[:3]]
        assert noted == [
            (BY, "role.revoked", learner, "operator"),
            (BY, "role.granted", learner, "operator"),
            (BY, "role.granted", learner, "trainer"),
        ]

    @pytest.mark.parametrize(
        ("words", "code", "told"),
        [
            (("190001012020011009", "trainer"), 2, "NIP itu tidak ada"),
            (("abc", "trainer"), 2, "NIP itu tidak ada"),
            (
                (NIPS[0], "raja"),
                1,
                "Peran 'raja' tidak dikenal; pakai salah satu dari trainer, agency, operator",
            ),
            ((NIPS[0], "agency", "--unit", "Dinas Lain"), 1, "Dinas Lain"),
        ],
    )
    @pytest.mark.parametrize("command", ["grant", "revoke"])
    def test_a_mistake_changes_nothing(
        self, command: str, words: tuple[str, ...], code: int, told: str, store: Store
    ) -> None:
        before = store.audit_rows()
        assert told in sentence(run("role", command, *words), code)
        assert (store.roles(), store.audit_rows()) == ((), before)


@pytest.mark.usefixtures("imported")
class TestAccounts:
    def test_a_code_is_written_for_one_person_or_a_unit(self, tmp_path: Path, store: Store) -> None:
        assert run("account", "code", NIPS[0], "--out", tmp_path / "a.csv").exit_code == 0
        done = run("account", "code", "--unit", "Dinas Contoh", "--out", tmp_path / "b.csv")
        assert done.stdout.startswith("3 kode ditulis ke ")
        assert stat.S_IMODE((tmp_path / "b.csv").stat().st_mode) == 0o600
        rows = list(csv.DictReader(io.StringIO((tmp_path / "b.csv").read_text(encoding="utf-8"))))
        assert sorted(row["nip"] for row in rows) == NIPS
        assert not [row["kode"] for row in rows if row["kode"] in done.stdout]
        # The later code made the first one void.
        (first,) = csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8")))
        assert store.redeem_code(NIPS[0], first["kode"], "hash") is None

    @pytest.mark.parametrize(
        "words", [(), (NIPS[0], "--unit", "Dinas Contoh"), ("190001012020011009",)], ids=str
    )
    def test_a_mistake_writes_no_file(self, words: tuple[str, ...], tmp_path: Path) -> None:
        sentence(run("account", "code", *words, "--out", tmp_path / "a.csv"), 2)
        assert not (tmp_path / "a.csv").exists()

    def test_an_existing_file_stays(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("lama", encoding="utf-8")
        told = sentence(run("account", "code", NIPS[0], "--out", tmp_path / "a.csv"), 2)
        assert "sudah ada" in told
        assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "lama"


@pytest.mark.usefixtures("imported")
class TestReport:
    def test_json_counts_everybody_on_the_roster(self) -> None:
        done = run("report", "completion", "--internal", "--format", "json")
        report = json.loads(done.stdout)
        counts = dict.fromkeys(("in_progress", "completed", "renew", "overdue"), 0)
        counts |= {"people": 3, "not_started": 3, "rate": 0.0}
        assert (report["rule"], report["by"]) == ("1", "instansi")
        assert report["rows"] == [{"name": "Dinas Contoh"} | counts]
        assert report["total"] == {"name": ""} | counts

    @pytest.mark.parametrize(
        ("by", "name"),
        [
            ("instansi", "Dinas Contoh"),
            ("unit", "Dinas Contoh / Bidang A"),
            ("jabatan", "fungsional"),
            ("jenis", "pns"),
        ],
    )
    def test_people_are_counted_by_any_field(self, by: str, name: str, tmp_path: Path) -> None:
        out = tmp_path / "laporan.json"
        assert (
            run("report", "completion", "--internal", "--by", by, "--format", "json", "--out", out).stdout
            == ""
        )
        assert [row["name"] for row in json.loads(out.read_text(encoding="utf-8"))["rows"]] == [name]

    @pytest.mark.parametrize("words", [("--by", "umur"), ("--format", "xml")])
    def test_an_unknown_word_is_exit_2_with_the_known_ones(self, words: tuple[str, ...]) -> None:
        assert "Pilih salah satu" in sentence(run("report", "completion", *words), 2)

    @pytest.mark.parametrize("form", ["table", "csv"])
    def test_no_form_names_a_person(self, form: str) -> None:
        done = run("report", "completion", "--internal", "--format", form)
        assert "Dinas Contoh" in done.stdout
        assert "Orang 0" not in done.stdout
        assert not [nip for nip in NIPS if nip in done.stdout]


@pytest.mark.usefixtures("imported")
def test_rebuild_says_how_many_were_replayed() -> None:
    assert "3 pembelajar dihitung ulang, 0 baris berbeda, 0 angka berbeda." in run("rebuild").stdout


def test_a_new_store_is_made_by_db_upgrade(store: Store) -> None:
    assert run("db", "upgrade").stdout == "Basis data siap.\n"
    assert store.state() == "current"


@pytest.mark.parametrize("words", [("rebuild",), ("role", "list"), ("db", "upgrade")], ids=str)
def test_a_store_of_another_kind_is_refused_with_one_sentence(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRALITAS_STORE", "mysql://root@localhost/x")
    sentence(run(*words), 1)


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Every command with its help."""
    for name, command in group.commands.items():
        yield (*path, name), command.help
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))


class TestForm:
    def test_it_prints_items_and_options_in_their_order(self) -> None:
        done = run("form", "contoh-kuis", "--seed", 7)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [
            "  1  k03  true_false  a,b",
            "  2  k01  single_choice  a,b,c",
            "  3  k02  multiple_choice  a,b,c,d",
        ]

    def test_json_is_the_same_to_the_byte_and_names_the_revision(self) -> None:
        first, second = (run("form", "contoh-jenis", "--seed", 2**53, "--json").stdout for _ in range(2))
        assert first == second
        told = json.loads(first)
        quiz = content.load(TOY).quizzes["contoh-jenis"]
        assert told["revision"] == quiz.fingerprint
        assert tuple(row["id"] for row in told["items"]) == forms.form(quiz, 2**53)
        assert all(row["columns"] for row in told["items"] if row["kind"] == "matching")

    def test_an_unknown_quiz_is_told_with_the_nearest(self) -> None:
        assert "Kuis 'contoh-kuiz' tidak ada. Yang terdekat: contoh-kuis" in sentence(
            run("form", "contoh-kuiz", "--seed", 1), 2
        )


def test_every_command_and_group_has_help() -> None:
    tree = typer.main.get_command(app)
    assert isinstance(tree, TyperGroup)
    found = dict(commands(tree))
    known = {
        ("rule",),
        ("impact",),
        ("form",),
        ("new",),
        ("schemas",),
        ("serve",),
        ("roster", "import"),
        ("grade", "build"),
        ("report", "completion"),
    }
    assert known <= found.keys()
    assert [path for path, told in found.items() if not told] == []


@pytest.mark.parametrize("words", [(), ("roster",), ("rule", "--help")], ids=str)
def test_the_installed_command_explains_itself(words: tuple[str, ...], home: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "netralitas"), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "NETRALITAS_HOME": str(home)},
    )
    assert "Usage: netralitas" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not home.exists()
