"""`netralitas check`: each fault of tests/broken is told with file, place and remedy, and all at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from netralitas.check import faults
from netralitas.content import load
from netralitas.reading import ContentError

HERE = Path(__file__).parent
TOY, BROKEN = HERE / "course", HERE / "broken"
FAULTS: list[dict[str, Any]] = yaml.safe_load((BROKEN / "faults.yaml").read_text(encoding="utf-8"))
NETRALITAS = str(Path(sys.executable).parent / "netralitas")

by_fault = pytest.mark.parametrize("row", FAULTS, ids=lambda row: row["fault"])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of the toy course that a test may break."""
    return Path(shutil.copytree(TOY, tmp_path / "isi"))


def breaks(place: Path, *names: str) -> None:
    """Put faulty files of tests/broken where the manifest says."""
    for row in FAULTS:
        if row["fault"] in names:
            (place / row["at"]).parent.mkdir(exist_ok=True)
            shutil.copyfile(BROKEN / row["fault"], place / row["at"])


def netralitas(place: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NETRALITAS_")}
    environment |= {"NETRALITAS_CONTENT": str(place), "NETRALITAS_HOME": str(home), "HOME": str(home)}
    return subprocess.run(
        [NETRALITAS, *words], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_toy_course_has_no_fault(place: Path) -> None:
    assert faults(place) == []


def test_every_faulty_file_is_in_the_manifest_once() -> None:
    written = {path.relative_to(BROKEN).as_posix() for path in BROKEN.glob("*/*")}
    listed = [row["fault"] for row in FAULTS]
    assert written == set(listed)
    assert len(listed) == len(set(listed))


@by_fault
def test_a_fault_is_told_once_with_file_place_and_remedy(place: Path, row: dict[str, Any]) -> None:
    breaks(place, row["fault"])
    found = faults(place)
    assert [fault.file for fault in found] == [row.get("file", row["at"])], [*map(str, found)]
    for words in row["says"]:
        assert words in found[0].message
    assert found[0].message.endswith(".")


def test_load_refuses_with_every_fault_of_every_file(place: Path) -> None:
    breaks(
        place, "quizzes/kunci-di-luar-pilihan.yaml", "course/menit-nol.yaml", "rules/yaml-label-asing.yaml"
    )
    with pytest.raises(ContentError) as caught:
        load(place)
    assert sorted(map(str, caught.value.faults)) == sorted(map(str, faults(place)))
    assert len(caught.value.faults) == 3


def test_faults_of_many_files_are_told_together(place: Path) -> None:
    breaks(
        place,
        "course/modul-menyebut-kuis-hilang.yaml",
        "modules/keluaran-tersimpan.ipynb",
        "quizzes/kunci-di-luar-pilihan.yaml",
        "regimes/pedoman-mati.yaml",
        "rules/lanjutan-mati.yaml",
        "scenarios/adegan-tak-tercapai.yaml",
    )
    assert [fault.file for fault in faults(place)] == [
        "data/course.yaml",
        "data/regimes.yaml",
        "data/rules/contoh-larangan.yaml",
        "data/scenarios/contoh-cerita.yaml",
        "modules/contoh-kuis.ipynb",
        "quizzes/contoh-kuis.yaml",
    ]


def test_faults_of_one_file_are_told_together(place: Path) -> None:
    path = place / "quizzes" / "contoh-kuis.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("key: [b]", "key: [e]"),
        ("    explanation: Penjelasan k02.\n", ""),
        ("k03 a}", "k03 a, x: 1}"),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    told = [fault.message.split(":")[0] for fault in faults(place)]
    assert told == ["soal k01", "questions › k02 › explanation", "questions › k03 › choices › a › x"]


def test_a_file_that_does_not_load_hides_no_fault_of_another(place: Path) -> None:
    breaks(place, "rules/yaml-label-asing.yaml", "scenarios/jalan-anjuran-terpotong.yaml")
    assert [fault.file for fault in faults(place)] == [
        "data/rules/contoh-larangan.yaml",
        "data/scenarios/contoh-cerita.yaml",
    ]


@pytest.mark.parametrize(
    "name", ["data/course.yaml", "data/sources.yaml", "data/regimes.yaml", "modules/contoh-kuis.ipynb"]
)
def test_a_missing_file_is_a_fault(place: Path, name: str) -> None:
    (place / name).unlink()
    assert [(fault.file, "berkas tidak ada" in fault.message) for fault in faults(place)] == [(name, True)]


def test_a_folder_in_place_of_a_file_is_a_fault(place: Path) -> None:
    (place / "quizzes" / "folder.yaml").mkdir()
    assert [str(fault) for fault in faults(place)] == [
        "quizzes/folder.yaml, berkas tidak terbaca. Periksa jenis dan izinnya."
    ]


def test_two_acts_may_not_share_an_alias(place: Path) -> None:
    text = (place / "data/rules/contoh-larangan.yaml").read_text(encoding="utf-8")
    for name in ("contoh-larangan", "contoh-kedua"):
        made = text.replace("id: contoh-larangan", f"id: {name}\naliases: [nama-lama]")
        (place / f"data/rules/{name}.yaml").write_text(made, encoding="utf-8")
    assert [fault.file for fault in faults(place)] == [
        "data/rules/contoh-kedua.yaml",
        "data/rules/contoh-larangan.yaml",
    ]


def test_two_statistics_files_may_not_share_an_id(place: Path) -> None:
    (place / "data/statistics").mkdir()
    text = (BROKEN / "statistics/bukan-bilangan.csv").read_text(encoding="utf-8").replace("sepuluh", "10")
    for name in ("awal", "kemudian"):
        (place / f"data/statistics/{name}.csv").write_text(text, encoding="utf-8")
    assert [str(fault) for fault in faults(place)] == [
        "data/statistics/kemudian.csv, contoh-1: id sudah dipakai di data/statistics/awal.csv. Beri id lain."
    ]


def test_check_reads_every_file_of_the_law(place: Path) -> None:
    breaks(
        place,
        "crimes/sumber-mati.yaml",
        "handling/id-dua-kali.yaml",
        "references/bukan-alamat.yaml",
        "sanctions/kode-mati.yaml",
        "coverage/berkas-hilang.yaml",
    )
    assert [fault.file for fault in faults(place)] == [
        "data/coverage.yaml",
        "data/crimes.yaml",
        "data/handling.yaml",
        "data/references.yaml",
        "data/sanctions.yaml",
    ]


def test_check_lists_every_fault_and_exits_1(place: Path, tmp_path: Path) -> None:
    breaks(place, "quizzes/kunci-di-luar-pilihan.yaml", "scenarios/adegan-tak-tercapai.yaml")
    done = netralitas(place, tmp_path / "rumah", "check")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [str(fault) for fault in faults(place)]
    assert done.stderr.startswith("2 kesalahan isi.")


def test_check_of_sound_content_exits_0(place: Path, tmp_path: Path) -> None:
    done = netralitas(place, tmp_path / "rumah", "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Isi sehat.\n", "")


def test_check_without_content_says_where_to_point(tmp_path: Path) -> None:
    done = netralitas(tmp_path / "kosong", tmp_path / "rumah", "check")
    assert done.returncode == 1
    assert "data/course.yaml, tidak ditemukan. Arahkan NETRALITAS_CONTENT" in done.stderr


def test_serve_refuses_broken_content_and_makes_no_store(place: Path, tmp_path: Path) -> None:
    breaks(place, "quizzes/kunci-di-luar-pilihan.yaml", "scenarios/adegan-tak-tercapai.yaml")
    done = netralitas(place, tmp_path / "rumah", "serve", "--demo", "--port", "0")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        *(str(fault) for fault in faults(place)),
        "Situs tidak dijalankan karena isi belum sehat.",
    ]
    assert not (tmp_path / "rumah" / "netralitas.db").exists()
