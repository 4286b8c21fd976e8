"""What every check says with: a fault with its values filled in, and the names acts answer to."""

from __future__ import annotations

from ..content import Parts
from ..i18n import _
from ..reading import Fault


def fault(file: str, message: str, **values: object) -> Fault:
    """Return a fault of a file, its message filled in."""
    return Fault(file=file, message=message.format(**values))


def dead(file: str, source: str, where: str) -> Fault:
    """Return the fault of citing a source that is not there."""
    told = _(
        "{where}: sumber '{id}' tidak ada di data/sources.yaml. Tambahkan sumbernya atau betulkan id-nya."
    )
    return fault(file, told, where=where, id=source)


def act_names(parts: Parts) -> list[str]:
    """Return every id and alias an act can be cited by; twice where two acts claim it."""
    return [*parts.acts, *(alias for act in parts.acts.values() if act for alias in act.aliases)]
