"""New content files: a commented skeleton for each kind, to be filled in; and the schemas editors read.

A skeleton is a YAML file beside this one. What must be filled in is empty there (`""`, `[]`, or a line
behind `#`), so that `netralitas check` names it; what may stay has its value. `SLUG` becomes the id.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from netralitas import ids
from netralitas.i18n import _
from netralitas.model import Slug


class Kind(NamedTuple):
    """Where a kind of file stands, and what its id begins with in `data/ids.txt`."""

    folder: str
    prefix: str


KINDS: Mapping[str, Kind] = {
    "rule": Kind("data/rules", "act"),
    "scenario": Kind("data/scenarios", "scenario"),
    "quiz": Kind("quizzes", "quiz"),
}
"""The kinds there is a skeleton of."""

_HERE = Path(__file__).parent
_SLUG: TypeAdapter[str] = TypeAdapter(Slug)


class NewError(ValueError):
    """A file that cannot be begun; the text is one Indonesian sentence."""


def skeleton(kind: str, slug: str) -> str:
    """Return the text of a new file. Raises KeyError for a kind that is not in KINDS."""
    if kind not in KINDS:
        raise KeyError(kind)
    return (_HERE / f"{kind}.yaml").read_text(encoding="utf-8").replace("SLUG", slug)


def write(root: Path, kind: str, slug: str) -> str:
    """Write a skeleton under the content folder `root` and return its path from there.

    Raises NewError for a slug that is none, one given up before, and a file that exists.
    """
    text = skeleton(kind, slug)
    try:
        _SLUG.validate_python(slug)
    except ValidationError:
        told = _("'{slug}' tidak dapat menjadi id. Pakai huruf kecil a–z, angka, dan tanda hubung, paling "
                 "banyak 80 huruf, misalnya foto-di-hajatan.")  # fmt: skip
        raise NewError(told.format(slug=slug)) from None
    ledger = root / "data" / "ids.txt"
    known = ledger.read_text(encoding="utf-8") if ledger.is_file() else ""
    if again := ids.reused(known, {f"{KINDS[kind].prefix}/{slug}"}):
        raise NewError(again[0])
    name = f"{KINDS[kind].folder}/{slug}.yaml"
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise NewError(_("{file} sudah ada. Pilih slug lain.").format(file=name)) from None
    return name
