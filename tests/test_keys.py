"""A key is made once and read by its owner alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from netralitas.keys import made_once


def test_all_who_ask_at_once_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "satu.key"
    with ThreadPoolExecutor(8) as pool:
        found = {*pool.map(lambda _n: made_once(path), range(32))}
    assert [len(key) for key in found] == [32]
    assert made_once(path) in found
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["satu.key"]
