"""Folders of content laid together: they add up, the last course counts, an id met twice names both files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from netralitas import check, content, folders
from netralitas.reading import ContentError
from netralitas.web import copies
from tests.site import NETRALITAS

TOY = Path(__file__).parent / "course"
OWN_QUIZ = "quizzes/ujian-instansi.yaml"


@pytest.fixture
def agency(tmp_path: Path) -> Path:
    """An agency's own folder: a course that names ours and its own quiz, one more source."""
    place = tmp_path / "instansi"
    files = {
        OWN_QUIZ: (TOY / "quizzes/contoh-kuis.yaml")
        .read_text(encoding="utf-8")
        .replace("id: contoh-kuis", "id: ujian-instansi"),
        "modules/ujian-instansi.ipynb": (TOY / "modules/contoh-kuis.ipynb")
        .read_text(encoding="utf-8")
        .replace('quiz(\\"contoh-kuis\\")', 'quiz(\\"ujian-instansi\\")'),
        "data/course.yaml": (TOY / "data/course.yaml").read_text(encoding="utf-8")
        + "  - slug: ujian-instansi\n    title: Ujian instansi\n    summary: Bank sendiri.\n    minutes: 5\n"
        + "    part: exam\n    quiz: ujian-instansi\n",
        "data/sources.yaml": "format_version: 1\nsources:\n  - id: surat-instansi\n"
        "    title: Surat Instansi\n    subject: Bank ujian sendiri\n"
        "    start: '2025-01-01'\n    end: open\n    status: Berlaku\n"
        "    confidence: strong\n",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def laid(tmp_path: Path, *every: Path) -> Path:
    place = tmp_path / "bersama"
    place.mkdir()
    folders.lay(every, place)
    return place


def test_two_folders_add_up_and_the_last_course_counts(tmp_path: Path, agency: Path) -> None:
    place = laid(tmp_path, TOY, agency)
    assert check.faults(content.gather(place)) == []
    known = content.load(place)
    assert [one.slug for one in known.course.modules] == ["contoh-kuis", "contoh-jenis", "ujian-instansi"]
    assert {"contoh-kuis", "ujian-instansi"} <= known.quizzes.keys()
    assert {"pp-contoh", "surat-instansi"} <= known.law.sources.keys()


def test_one_folder_is_laid_as_it_is(tmp_path: Path) -> None:
    place = laid(tmp_path, TOY)
    before = {path.relative_to(folder): path.read_bytes() for folder, path in folders.files([TOY])}
    assert {path.relative_to(place): path.read_bytes() for _one, path in folders.files([place])} == before


def test_an_id_met_twice_names_both_files(tmp_path: Path, agency: Path) -> None:
    shutil.copy(TOY / "quizzes/contoh-kuis.yaml", agency / "quizzes/contoh-kuis.yaml")
    text = (agency / "data/sources.yaml").read_text(encoding="utf-8")
    (agency / "data/sources.yaml").write_text(text.replace("surat-instansi", "pp-contoh"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        laid(tmp_path, TOY, agency)
    told = {fault.file: fault.message for fault in caught.value.faults}
    for name in ("quizzes/contoh-kuis.yaml", "data/sources.yaml"):
        assert str(TOY / name) in told[name]
        assert str(agency / name) in told[name]
    assert told["data/sources.yaml"].startswith("pp-contoh ada di ")


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path, agency: Path) -> None:
    (agency / "data/sources.yaml").write_text("sources: [", encoding="utf-8")
    with pytest.raises(ContentError, match="YAML tidak terbaca"):
        laid(tmp_path, TOY, agency)


def test_every_command_reads_them_together(agency: Path) -> None:
    def run(*words: str, path: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"NETRALITAS_CONTENT": path}
        return subprocess.run(
            [NETRALITAS, *words], env=environment, capture_output=True, text=True, check=False
        )

    both = os.pathsep.join(map(str, (TOY, agency)))
    assert run("check", path=both).stdout.endswith("Isi sehat.\n")
    assert '"ujian-instansi"' in run("form", "ujian-instansi", "--seed", "1", "--json", path=both).stdout
    # What authors begin goes into their own folder.
    assert run("new", "quiz", "bank-dua", path=both).returncode == 0
    assert (agency / "quizzes/bank-dua.yaml").is_file()
    twice = run("check", path=os.pathsep.join(map(str, (TOY, TOY.parent / "course"))) + os.pathsep + str(TOY))
    assert twice.returncode == 1
    assert "Satu id hanya boleh satu berkas" in twice.stderr
    assert "Traceback" not in twice.stderr


def test_a_starting_server_leaves_what_is_laid_together(agency: Path) -> None:
    place = content._together((TOY, agency))
    os.utime(place, (0, 0))
    copies._sweep()
    assert (place / folders.COURSE).is_file()
