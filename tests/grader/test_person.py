"""`netralitas person`: everything of one person out, away from store and gradebook, and away again."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from grader import gradebook, grading
from grader.gradebook.saving import JOURNAL, Journal
from netralitas import erased
from tests.grader.office import NETRALITAS, SLUG, Office, learners

pytestmark = pytest.mark.slow


def person(office: Office, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [NETRALITAS, "person", *words], env=office.environment, cwd=office.home, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def traces(folder: Path, learner: str) -> list[str]:
    """The files that name a learner by their path or inside."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != erased.FILE]
    return [
        str(path.relative_to(folder))
        for path in found
        if learner in str(path.relative_to(folder)) or learner.encode() in path.read_bytes()
    ]


def test_a_person_is_exported_erased_and_erased_again_after_a_restore(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    course = office.settle_in(monkeypatch)
    for step in ("collect", "run", "publish"):
        office.do(step, SLUG)
    with office.store() as store:
        learner, other = learners(store)[:2]
        account = store.account(learner)
        assert account is not None
    out = tmp_path / "dia.json"
    person(office, "export", account.nip, "--out", str(out))
    told = json.loads(out.read_text(encoding="utf-8"))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert told["tersimpan"]["account"][0]["name"] == account.name
    assert any("melapor" in row["text"] for row in told["tersimpan"]["typed"])
    assert told["buku nilai"][SLUG]["tes-01"]["score"] is not None
    assert "sudah ada" in person(office, "export", account.nip, "--out", str(out), code=2)

    saved = shutil.copy(office.home / "netralitas.db", tmp_path / "cadangan.db")
    assert "--sure" in person(office, "erase", account.nip, code=1)
    with office.store() as store:
        assert store.account(learner) is not None
        assert not store.erased()
    journal = Journal(office.home / "grader" / JOURNAL)
    journal.note(who=learner, name=account.name, row="a", seen="1/None")
    assert "1 orang dihapus; buku nilai 1 orang" in person(office, "erase", account.nip, "--sure")
    assert "tidak ada di daftar" in person(office, "erase", account.nip, "--sure", code=2)
    assert account.name not in (office.home / "grader" / JOURNAL).read_text(encoding="utf-8")
    (office.home / "grader" / JOURNAL).unlink()
    # Nothing brings them back: not the next collect, and not the register.
    for step in ("collect", "run", "publish"):
        office.do(step, SLUG)
    assert traces(office.home / "grader", learner) == []
    assert learner not in gradebook.marks(SLUG, course)
    assert other in gradebook.marks(SLUG, course)
    assert learner not in grading.register(course).entries(SLUG)

    shutil.copy(saved, office.home / "netralitas.db")
    for rest in ("-wal", "-shm"):
        (office.home / f"netralitas.db{rest}").unlink(missing_ok=True)
    with office.store() as store:
        assert store.account_by_nip(account.nip) is not None
    assert "1 orang dihapus" in person(office, "erase", "--again")
    with office.store() as store:
        assert store.account_by_nip(account.nip) is None
    assert "0 orang dihapus" in person(office, "erase", "--again")


def test_two_nips_become_one(office: Office) -> None:
    with office.store() as store:
        first, second = (store.account(one) for one in learners(store)[:2])
    assert first is not None
    assert second is not None
    assert "catatan jawaban" in person(office, "merge", first.nip, second.nip, code=1)
    person(office, "erase", second.nip, "--sure")
    assert "tidak ada di daftar" in person(office, "merge", first.nip, second.nip, code=2)
