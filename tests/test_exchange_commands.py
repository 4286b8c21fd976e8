"""`netralitas import` and `netralitas export`: what is printed, what is written, with which exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from netralitas import content, exchange
from netralitas.cli import app
from netralitas.quizzes import Quiz
from netralitas.reading import read_yaml

TOY = Path(__file__).parent / "course"
forms = pytest.mark.parametrize("form", exchange.FORMATS)


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NETRALITAS_CONTENT", str(TOY))
    content.current.cache_clear()
    yield
    content.current.cache_clear()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@forms
def test_export_and_import_give_the_same_quiz(form: str, tmp_path: Path) -> None:
    bank, quiz = tmp_path / "bank", tmp_path / "contoh-kuis.yaml"
    out = run("export", form, "contoh-kuis", "--to", bank)
    assert (out.exit_code, out.stdout) == (0, "")
    back = run("import", form, bank, "--to", quiz)
    assert (back.exit_code, back.stdout) == (0, "")
    assert back.stderr == f"3 soal dibawa, 0 dilewati.\n{quiz} ditulis.\n"
    assert Quiz.model_validate(read_yaml(quiz, tmp_path)) == content.current().quizzes["contoh-kuis"]


@forms
def test_without_a_file_both_print(form: str, tmp_path: Path) -> None:
    out = run("export", form, "contoh-kuis")
    assert out.stdout == exchange.write(form, content.current().quizzes["contoh-kuis"])
    bank = tmp_path / "bank"
    bank.write_text(out.stdout, encoding="utf-8")
    assert yaml.safe_load(run("import", form, bank).stdout)["id"] == "contoh-kuis"


def test_a_foreign_bank_becomes_a_draft_that_says_what_is_missing(tmp_path: Path) -> None:
    bank = tmp_path / "Bank Soal.gift"
    bank.write_text("::Satu::Boleh?{=Ya#Betul ~%20%Tidak}\n\nHanya teks.\n\nTulis.{}\n", encoding="utf-8")
    done = run("import", "gift", bank)
    raw = yaml.safe_load(done.stdout)
    assert (done.exit_code, raw["id"], raw["status"]) == (0, "bank-soal", "draf")
    written = "depth, criteria text, criteria points, model_answer, explanation, rules, on, claims"
    assert done.stderr.splitlines() == [
        "2 soal dibawa, 1 dilewati.",
        "Tidak terbawa:",
        "  soal 1 «Satu», baris 1: bobot sebagian tidak dibawa (b 20%): pilihan lain bernilai nol",
        "  soal 2, baris 3: jenis description belum dapat dibawa; soal dilewati",
        "Masih perlu ditulis penyusun; netralitas check menyebutnya juga:",
        "  kuis: belum diisi: title",
        "  soal k01: belum diisi: depth, choices b feedback, explanation, rules, on, claims",
        f"  soal k02: belum diisi: {written}",
    ]
    assert "  # bobot sebagian tidak dibawa (b 20%): pilihan lain bernilai nol\n  - id: k01\n" in done.stdout


def test_what_a_blank_hides_is_told_too(tmp_path: Path) -> None:
    bank = tmp_path / "bank.gift"
    bank.write_text("P?{=a =b ~c}", encoding="utf-8")
    assert "soal k01: jenis single_choice memerlukan tepat satu kunci." in run("import", "gift", bank).stderr


def test_the_id_may_be_chosen(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    bank.write_text("P?{T}", encoding="utf-8")
    done = run("import", "gift", bank, "--slug", "pilihan-saya")
    assert yaml.safe_load(done.stdout)["id"] == "pilihan-saya"
    wrong = run("import", "gift", bank, "--slug", "Bukan Id")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("'Bukan Id' tidak dapat menjadi id.")


@pytest.mark.parametrize("command", ["import", "export"])
def test_a_file_that_exists_stays(command: str, tmp_path: Path) -> None:
    bank, mine = tmp_path / "bank", tmp_path / "milik.yaml"
    bank.write_text("P?{T}", encoding="utf-8")
    mine.write_text("milik saya", encoding="utf-8")
    done = run(command, "gift", bank if command == "import" else "contoh-kuis", "--to", mine)
    assert done.exit_code == 2
    assert f"{mine} sudah ada. Pilih nama lain." in done.stderr
    assert mine.read_text(encoding="utf-8") == "milik saya"


def test_a_refused_file_writes_nothing(tmp_path: Path) -> None:
    bank, quiz = tmp_path / "bank.xml", tmp_path / "kuis.yaml"
    bank.write_text("<!DOCTYPE quiz []><quiz/>", encoding="utf-8")
    done = run("import", "moodle-xml", bank, "--to", quiz)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "bank.xml, baris 1: memuat DTD atau entitas. Hapus bagian <!DOCTYPE …>.\n"
        "Tidak satu soal pun diimpor.\n"
    )
    assert not quiz.exists()


def test_a_bank_without_a_question_of_ours_writes_nothing(tmp_path: Path) -> None:
    bank, quiz = tmp_path / "bank", tmp_path / "kuis.yaml"
    bank.write_text("Hanya teks.", encoding="utf-8")
    done = run("import", "gift", bank, "--to", quiz)
    assert done.exit_code == 1
    assert f"Tidak ada soal yang dapat dibawa dari {bank}." in done.stderr
    assert not quiz.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "qti", "x"], "Format 'qti' tidak dikenal. Pilih salah satu: gift, moodle-xml."),
        (["export", "qti", "contoh-kuis"], "Format 'qti' tidak dikenal. Pilih salah satu: gift, moodle-xml."),
        (["import", "gift", "tidak-ada"], "Berkas tidak-ada tidak terbaca. Periksa nama dan izinnya."),
        (
            ["export", "gift", "contoh-kusi"],
            "Kuis 'contoh-kusi' tidak dikenal. Yang terdekat: contoh-kuis, contoh-jenis.",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_sentence(arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", told + "\n")


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    done = run("export", "gift", "contoh-kuis", "--to", tmp_path / "tidak" / "ada")
    assert done.exit_code == 1
    assert "tidak dapat ditulis. Periksa folder dan izinnya." in done.stderr
