"""`netralitas check`: each fault of tests/broken is told with file, place and remedy, and all at once."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from netralitas.check import faults
from netralitas.content import gather, load
from netralitas.reading import ContentError, explain
from netralitas.rules import rule
from tests.site import one_module

HERE = Path(__file__).parent
ROOT = HERE.parent
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
    assert faults(gather(place)) == []


def test_every_faulty_file_is_in_the_manifest_once() -> None:
    written = {path.relative_to(BROKEN).as_posix() for path in BROKEN.glob("*/*")}
    listed = [row["fault"] for row in FAULTS]
    assert written == set(listed)
    assert len(listed) == len(set(listed))


@by_fault
def test_a_fault_is_told_once_with_file_place_and_remedy(place: Path, row: dict[str, Any]) -> None:
    breaks(place, row["fault"])
    found = faults(gather(place))
    assert [fault.file for fault in found] == [row.get("file", row["at"])], [*map(str, found)]
    for words in row["says"]:
        assert words in found[0].message
    assert found[0].message.endswith(".")


PURE_SPEAKERS = (
    "conditions", "course", "law", "model", "pledges", "quizzes", "rules", "scenarios", "scenes",
    "statements", "tables", "terms",
)  # fmt: skip
"""Rooms whose ValueErrors an author reads."""

TOLD_ELSEWHERE = {
    "{id}: id sudah dipakai di data/statistics/{name}.csv. Beri id lain.":
        "test_two_statistics_files_may_not_share_an_id",
    "{where}: kunci bertumpu pada tingkat '{act}' yang hanya dicapai lewat peralihan peraturan disiplin "
    "(transitions di data/regimes.yaml). Ajarkan saja, dengan catatannya.":
        "test_a_level_reached_only_through_the_transition_is_not_graded",
    "tidak ditemukan. Arahkan NETRALITAS_CONTENT ke folder yang memuat data/.":
        "test_check_without_content_says_where_to_point",
    "berkas tidak ada. Buat berkas itu atau betulkan namanya.": "test_a_missing_file_is_a_fault",
    "berkas tidak terbaca. Periksa jenis dan izinnya.": "test_a_folder_in_place_of_a_file_is_a_fault",
    "isi tidak sah ({detail}). Betulkan.": "test_what_pydantic_says_is_known_or_told_whole",
}  # fmt: skip
"""Messages one faulty file cannot bring about, each with the test that does."""


def messages() -> Iterator[str]:
    """Every fault an author may be told: of the checks and loaders, and what models raise.

    Warnings have their own test (tests/check/test_lint.py).
    """
    package = ROOT / "netralitas"
    speaking = [package / name for name in ("content.py", "reading.py", "pictures.py")]
    speaking += (path for path in (package / "check").glob("*.py") if path.name != "lint.py")
    raising = [package / f"{name}.py" for name in PURE_SPEAKERS]
    for path in (*speaking, *raising):
        called = "_" if path in speaking else "ValueError"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {called, "ValueError"}:
                (text,) = node.args
                if isinstance(text, ast.JoinedStr):
                    yield "".join(p.value if isinstance(p, ast.Constant) else "{…}" for p in text.values)
                else:
                    assert isinstance(text, ast.Constant), ast.dump(text)
                    yield text.value


def test_every_message_has_its_faulty_file(tmp_path: Path) -> None:
    told: list[str] = []
    for number, row in enumerate(FAULTS):
        place = Path(shutil.copytree(TOY, tmp_path / f"{number}"))
        breaks(place, row["fault"])
        told += [fault.message for fault in faults(gather(place))]
    untold = []
    for message in messages():
        pattern = ".*".join(re.escape(part) for part in re.split(r"\{[^}]*\}", message))
        if not any(re.search(pattern, text, re.DOTALL) for text in told):
            untold.append(message)
    assert sorted(untold) == sorted(TOLD_ELSEWHERE)
    assert set(TOLD_ELSEWHERE.values()) <= set(globals())


def test_what_pydantic_says_is_known_or_told_whole() -> None:
    class Odd(BaseModel):
        when: timedelta

    with pytest.raises(ValidationError) as caught:
        Odd.model_validate({"when": "lama"})
    (told,) = explain(caught.value, {"when": "lama"})
    assert told.startswith("when: isi tidak sah (")
    assert told.endswith("). Betulkan.")


def test_load_refuses_with_every_fault_of_every_file(place: Path) -> None:
    breaks(
        place, "quizzes/kunci-di-luar-pilihan.yaml", "course/menit-nol.yaml", "rules/yaml-label-asing.yaml"
    )
    with pytest.raises(ContentError) as caught:
        load(place)
    assert sorted(map(str, caught.value.faults)) == sorted(map(str, faults(gather(place))))
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
    assert [fault.file for fault in faults(gather(place))] == [
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
    told = [fault.message.split(":")[0] for fault in faults(gather(place))]
    assert told == ["soal k01", "questions › k02 › explanation", "questions › k03 › choices › a › x"]


def test_a_file_that_does_not_load_hides_no_fault_of_another(place: Path) -> None:
    breaks(place, "rules/yaml-label-asing.yaml", "scenarios/jalan-anjuran-terpotong.yaml")
    assert [fault.file for fault in faults(gather(place))] == [
        "data/rules/contoh-larangan.yaml",
        "data/scenarios/contoh-cerita.yaml",
    ]


@pytest.mark.parametrize(
    "name", ["data/course.yaml", "data/sources.yaml", "data/regimes.yaml", "modules/contoh-kuis.ipynb"]
)
def test_a_missing_file_is_a_fault(place: Path, name: str) -> None:
    (place / name).unlink()
    assert [(fault.file, "berkas tidak ada" in fault.message) for fault in faults(gather(place))] == [
        (name, True)
    ]


def test_a_folder_in_place_of_a_file_is_a_fault(place: Path) -> None:
    (place / "quizzes" / "folder.yaml").mkdir(exist_ok=True)
    assert [str(fault) for fault in faults(gather(place))] == [
        "quizzes/folder.yaml, berkas tidak terbaca. Periksa jenis dan izinnya."
    ]


def test_two_acts_may_not_share_an_alias(place: Path) -> None:
    text = (place / "data/rules/contoh-larangan.yaml").read_text(encoding="utf-8")
    for name in ("contoh-larangan", "contoh-kedua"):
        made = text.replace("id: contoh-larangan", f"id: {name}\naliases: [nama-lama]")
        (place / f"data/rules/{name}.yaml").write_text(made, encoding="utf-8")
    assert [fault.file for fault in faults(gather(place))] == [
        "data/rules/contoh-kedua.yaml",
        "data/rules/contoh-larangan.yaml",
    ]


def test_two_statistics_files_may_not_share_an_id(place: Path) -> None:
    (place / "data/statistics").mkdir(exist_ok=True)
    text = (BROKEN / "statistics/bukan-bilangan.csv").read_text(encoding="utf-8").replace("sepuluh", "10")
    for name in ("awal", "kemudian"):
        (place / f"data/statistics/{name}.csv").write_text(text, encoding="utf-8")
    assert [str(fault) for fault in faults(gather(place))] == [
        "data/statistics/kemudian.csv, contoh-1: id sudah dipakai di data/statistics/awal.csv. Beri id lain."
    ]


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A copy of the real law with one real module, which a test may change."""
    return one_module(tmp_path / "asli")


def rewritten(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def amended(place: Path, act: str, last: str, first: str, **finding: str) -> None:
    """End the last version of an act and begin another, as an author does when the law changes."""
    path = place / f"data/rules/{act}.yaml"
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    ended = value["versions"][-1]
    begun = yaml.safe_load(yaml.safe_dump(ended)) | {"start": first}
    ended["end"] = last
    begun["rulings"][0]["findings"][0] |= finding
    value["versions"].append(begun)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


class TestOverturned:
    """A key the law has overturned is told with its file and row, what it says and what the law says now."""

    STORY, QUIZ = "data/scenarios/like-unggahan.yaml", "quizzes/03-media-sosial.yaml"

    def told(self, place: Path, *files: str) -> list[str]:
        """Return file and row of every fault, or of those in some files: content grows, these stay."""
        found = [fault for fault in faults(gather(place)) if not files or fault.file in files]
        return [f"{fault.file}, {fault.message.split(':')[0]}" for fault in found]

    def test_a_new_version_lists_every_item_and_ending_that_no_longer_agrees(self, real: Path) -> None:
        amended(real, "interaksi-akun-pemenangan-calon", "2024-10-09", "2024-10-10", level="sedang")
        assert self.told(real, self.STORY, self.QUIZ) == [
            f"{self.STORY}, penutup tuntas",
            f"{self.STORY}, penutup jejak",
            f"{self.QUIZ}, soal k01",
            f"{self.QUIZ}, soal k02",
            f"{self.QUIZ}, soal k11",
        ]
        assert all(
            "'interaksi-akun-pemenangan-calon' pada" in fault.message for fault in faults(gather(real))
        )
        message = next(one.message for one in faults(gather(real)) if "soal k01" in one.message)
        assert message.startswith(
            "soal k01: 'interaksi-akun-pemenangan-calon' pada 10 Oktober 2024 disebut tingkat berat, "
            "sedangkan aturannya kini tingkat sedang."
        )
        assert "samakan dengan aturan" in message

    def test_a_version_after_their_days_lists_nothing(self, real: Path) -> None:
        amended(real, "interaksi-akun-pemenangan-calon", "2025-12-31", "2026-01-01", level="sedang")
        assert self.told(real) == []

    def test_an_act_that_is_allowed_from_a_day_on_lists_the_items_of_later_days(self, real: Path) -> None:
        path = real / "data/rules/unggah-foto-calon.yaml"
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        value["versions"][-1]["end"] = "2024-11-10"
        allowed = {"start": "2024-11-11", "end": "open", "actors": ["pns"], "verdict": "boleh"}
        value["versions"].append(allowed)
        path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
        assert self.told(real, self.QUIZ) == [f"{self.QUIZ}, soal k05"]
        message = next(one.message for one in faults(gather(real)) if one.file == self.QUIZ)
        assert "disebut tidak boleh, sedangkan aturannya kini boleh" in message

    def test_another_track_is_told(self, real: Path) -> None:
        rewritten(
            real / "data/rules/unggah-foto-bakal-calon.yaml",
            ("track: kode_etik", "track: administratif"),
        )
        story = "data/scenarios/foto-di-hajatan.yaml"
        assert set(self.told(real, story)) == {
            f"{story}, penutup {name}" for name in ("terjaga", "terbuka", "nama-tertinggal", "terseret")
        }
        assert any(
            "disebut kode etik, sedangkan aturannya kini administratif" in str(f)
            for f in faults(gather(real))
        )


OLD_LETTER = """\
    rules: [surat-dukungan-ktp]
    "on": 2020-07-01
    claims: [act, track, level]
    holds:
      - {act: surat-dukungan-ktp, verdict: dilarang, track: disiplin, level: berat, examined: 2021-09-15,
         decided: 2021-10-15}
"""
LAST_ITEM = """\
    rules: [sosialisasi-medsos-calon]
    "on": 2024-11-17
    claims: [act, track, level]
    holds:
      - {act: sosialisasi-medsos-calon, verdict: dilarang, track: disiplin, level: berat}
"""


def test_a_level_reached_only_through_the_transition_is_not_graded(real: Path) -> None:
    """PP 94/2021 Pasal 40 ayat (3): examined after the change; ayat (4): before, and decided after."""
    days = {"on": date(2020, 7, 1), "examined": date(2021, 9, 15), "decided": date(2021, 10, 15)}
    answer = rule(load(real).law, "surat-dukungan-ktp", **days)
    assert {row.confidence.level for row in answer.rulings} == {"strong"}
    quiz = real / "quizzes/03-media-sosial.yaml"
    rewritten(quiz, (LAST_ITEM, OLD_LETTER))
    told = (
        "soal k10: kunci bertumpu pada tingkat 'surat-dukungan-ktp' yang hanya dicapai lewat peralihan "
        "peraturan disiplin (transitions di data/regimes.yaml). Ajarkan saja, dengan catatannya."
    )
    refused = [("quizzes/03-media-sosial.yaml", told)]
    assert [(fault.file, fault.message) for fault in faults(gather(real))] == refused
    rewritten(quiz, ("examined: 2021-09-15", "examined: 2020-08-01"))
    assert [(fault.file, fault.message) for fault in faults(gather(real))] == refused


def test_act_and_track_of_such_a_case_and_the_level_of_the_older_code_are_graded(real: Path) -> None:
    quiz = real / "quizzes/03-media-sosial.yaml"
    rewritten(quiz, (LAST_ITEM, OLD_LETTER))
    rewritten(quiz, ("level: berat, examined: 2021-09-15", "examined: 2021-09-15"))
    text = quiz.read_text(encoding="utf-8")
    head, item = text.split("  - id: k10")
    loose = item.replace("[act, track, level]", "[act, track]", 1)
    quiz.write_text(f"{head}  - id: k10{loose}", encoding="utf-8")
    assert faults(gather(real)) == []
    older = item.replace("disiplin, examined: 2021-09-15,\n         decided: 2021-10-15",
                         "disiplin, level: sedang, examined: 2020-08-01, decided: 2020-09-01")  # fmt: skip
    assert older != item
    quiz.write_text(f"{head}  - id: k10{older}", encoding="utf-8")
    assert faults(gather(real)) == []


def test_an_undated_case_of_the_transition_has_no_level_to_be_graded(real: Path) -> None:
    rewritten(real / "quizzes/03-media-sosial.yaml", (LAST_ITEM, OLD_LETTER.partition("    holds")[0]))
    (fault,) = faults(gather(real))
    assert fault.message.startswith("soal k10: kunci bertumpu pada 'level' dari 'surat-dukungan-ktp'")


def test_what_is_not_published_may_stand_beside_the_course_and_is_not_shown(place: Path) -> None:
    names = ("rules/contoh-larangan", "scenarios/contoh-cerita")
    for name in names:
        text = (place / f"data/{name}.yaml").read_text(encoding="utf-8")
        slug = name.split("/")[1]
        draft = text.replace(f"id: {slug}", f"id: {slug}-baru\nstatus: draf", 1)
        (place / f"data/{name}-baru.yaml").write_text(draft, encoding="utf-8")
    assert faults(gather(place)) == []
    known = load(place)
    assert set(known.law.acts) == {"contoh-larangan", "contoh-larangan-baru"}
    assert set(known.published().law.acts) == {"contoh-larangan"}
    assert set(known.published().scenarios) == {"contoh-cerita", "contoh-tekanan"}
    assert known.published().quizzes == known.quizzes


def test_check_reads_every_file_of_the_law(place: Path) -> None:
    breaks(
        place,
        "crimes/sumber-mati.yaml",
        "handling/id-dua-kali.yaml",
        "references/bukan-alamat.yaml",
        "sanctions/kode-mati.yaml",
        "coverage/berkas-hilang.yaml",
    )
    assert [fault.file for fault in faults(gather(place))] == [
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
    assert done.stdout.splitlines() == [str(fault) for fault in faults(gather(place))]
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
        *(str(fault) for fault in faults(gather(place))),
        "Situs tidak dijalankan karena isi belum sehat.",
    ]
    assert not (tmp_path / "rumah" / "netralitas.db").exists()
