"""The course: which module an object belongs to, and which closed class a roster's jabatan."""

from __future__ import annotations

from pathlib import Path

import pytest

from netralitas import content

HERE = Path(__file__).parent
TOY = content.load(HERE / "course").course
REAL = content.load(HERE.parent).course


@pytest.mark.parametrize(
    ("jabatan", "expected"),
    [
        ("Guru", "fungsional"),
        ("GURU AHLI PERTAMA", "fungsional"),
        ("guru, SMP", "fungsional"),
        ("Tenaga (guru honorer)", "fungsional"),
        ("Gurunda", "lainnya"),
        ("Pengemudi", "lainnya"),
        ("", "lainnya"),
    ],
)
def test_a_jabatan_is_mapped_by_whole_words(jabatan: str, expected: str) -> None:
    assert TOY.post_class(jabatan) == expected


@pytest.mark.parametrize(
    ("jabatan", "expected"),
    [
        ("Kepala Dinas Pendidikan", "jpt"),
        ("Kepala Bidang Mutasi", "administrator"),
        ("Kepala Seksi Sarana", "pengawas"),
        ("Lurah", "kepala_wilayah"),
        ("Kepala Sekolah", "fungsional"),
        ("Dokter Ahli Muda", "fungsional"),
        ("Bendahara Pengeluaran", "pelaksana"),
        ("Juru Ukir", "lainnya"),
    ],
)
def test_the_real_classes_hold_what_offices_write(jabatan: str, expected: str) -> None:
    assert REAL.post_class(jabatan) == expected


def test_the_longest_word_decides() -> None:
    assert REAL.post_class("Sekretaris Dinas") == "administrator"
    assert REAL.post_class("Staf Ahli pada Kepala Bidang") == "administrator"


def test_every_class_but_the_rest_has_words() -> None:
    assert [post.id for post in REAL.posts if not post.words] == ["lainnya"]


def test_an_object_leads_to_its_module() -> None:
    assert TOY.module_of("quiz/contoh-kuis").slug == "contoh-kuis"
    assert TOY.module_of("scenario/contoh-cerita").slug == "contoh-kuis"
    assert TOY.module("contoh-kuis").minutes == 5


@pytest.mark.parametrize("root", ["quiz/lain", "scenario/contoh-kuis", "quiz/contoh-cerita", "", "quiz"])
def test_an_object_of_no_module_is_unknown(root: str) -> None:
    with pytest.raises(KeyError):
        TOY.module_of(root)
    with pytest.raises(KeyError):
        TOY.module("lain")
