"""Folders of content laid together: an agency's own beside ours, in one format.

    NETRALITAS_CONTENT=/a:/b  ──named──►  /a, /b  ──lay──►  one folder, as if somebody had written it so

Files add up; tables that stand in several folders (`data/sources.yaml`, …) are joined entry by entry. An id
met twice is a fault that names both files; `data/course.yaml` is that of the last folder that has one, and so
is what is derived. Everybody else reads one folder and knows nothing of this.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from .i18n import _
from .reading import ContentError, Fault, read_yaml

PARTS = ("data", "modules", "quizzes")
"""What a folder of content holds."""
COURSE = "data/course.yaml"
_DERIVED = ("data/figures/", "data/schemas/", "data/ids.txt")


def named() -> tuple[Path, ...]:
    """Return the folders NETRALITAS_CONTENT names, none where it names none."""
    told = os.environ.get("NETRALITAS_CONTENT", "")
    return tuple(Path(one) for one in told.split(os.pathsep) if one)


def files(folders: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield (folder, file) of every file of content, the folders in their order."""
    for folder in folders:
        for part in PARTS:
            yield from ((folder, path) for path in sorted((folder / part).rglob("*")) if path.is_file())


def lay(folders: Sequence[Path], place: Path) -> None:
    """Lay the content of these folders into an empty one.

    Raises ContentError with every id that is met twice, and every table that cannot be read.
    """
    faults: list[Fault] = []
    found: dict[str, list[Path]] = {}
    for folder, path in files(folders):
        found.setdefault(path.relative_to(folder).as_posix(), []).append(path)
    for name, paths in found.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if len(paths) == 1 or name == COURSE or _derived(name):
            shutil.copy2(paths[-1], target)
        elif target.parent == place / "data" and target.suffix == ".yaml":
            faults += _joined(name, paths, place, folders)
        else:
            told = _("ada di {first} dan {second}. Satu id hanya boleh satu berkas: beri nama lain.")
            faults += [Fault(file=name, message=told.format(first=paths[0], second=paths[1]))]
    if faults:
        raise ContentError(faults)


def _derived(name: str) -> bool:
    return name.startswith(_DERIVED) or (name.startswith("quizzes/") and name.count("/") > 1)


def _joined(name: str, paths: Sequence[Path], place: Path, folders: Sequence[Path]) -> Iterator[Fault]:
    """Write a table that stands in several folders; yield what stands in two of them."""
    whole: Any = {}
    places: dict[str, Path] = {}
    for path in paths:
        folder = next(one for one in folders if path.is_relative_to(one))
        try:
            told = read_yaml(path, folder)
        except ContentError as error:
            yield from error.faults
            continue
        if not isinstance(told, dict):
            continue
        entries = set(_entries(told))
        for entry in sorted(entries):
            if entry in places:
                text = _("{id} ada di {first} dan {second}. Beri id lain di salah satunya.")
                yield Fault(file=name, message=text.format(id=entry, first=places[entry], second=path))
        places |= dict.fromkeys(entries, path)
        whole = _sum(whole, told)
    (place / name).write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _entries(told: dict[str, Any]) -> Iterator[str]:
    """Yield the ids a table gives: of the entries of its lists, else its own keys that hold something."""
    for key, value in told.items():
        if isinstance(value, list):
            yield from (str(one["id"]) for one in value if isinstance(one, dict) and "id" in one)
            if _one_thing(value):
                yield str(key)
        elif isinstance(value, dict):
            yield from map(str, value)


def _one_thing(value: list[Any]) -> bool:
    """Say whether a list is what one key stands for (addresses of a reference), not a list of entries."""
    return bool(value) and all(isinstance(one, str) and "://" in one for one in value)


def _sum(whole: Any, more: Any) -> Any:
    """Return two tables as one: lists one after the other, mappings key by key, else the later."""
    if isinstance(whole, dict) and isinstance(more, dict):
        return whole | {
            key: _sum(whole[key], value) if key in whole else value for key, value in more.items()
        }
    if isinstance(whole, list) and isinstance(more, list):
        return [*whole, *(one for one in more if one not in whole)]
    return more
