"""Uploads nobody came back for do not stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from netralitas import uploads
from netralitas.uploads import Upload
from netralitas.web.agency.work import Uploads


def test_a_file_is_swept_away_when_it_is_two_days_old(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    now = datetime.now(UTC)
    for age in (timedelta(hours=47), timedelta(hours=49)):
        number = kept.fresh()
        (kept.folder(number) / uploads.FILE).write_text("nip", encoding="utf-8")
        one = Upload(id=number, by=number, name="daftar.csv", asked=now - age, task="look", within=None)
        uploads.save(kept.folder(number), one)
    kept.sweep()
    assert [now - one.asked for one in kept._all()] == [timedelta(hours=47)]
    assert len([*kept.place.iterdir()]) == 1
