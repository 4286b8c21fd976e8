"""Figures: that what they are filled in from is there, and may be put side by side."""

from __future__ import annotations

from collections.abc import Iterator

from .. import figures
from ..content import Parts
from ..i18n import _
from ..law import Law
from ..reading import Fault
from .fault import fault


def of_figures(parts: Parts, law: Law | None) -> Iterator[Fault]:
    """Check every figure against the tables."""
    if parts.figures is None or law is None:
        return
    for one in parts.figures.figures:
        for told in figures.faults(one, law):
            yield fault("data/figures.yaml", _("gambar {name}: {told}"), name=one.id, told=told)
