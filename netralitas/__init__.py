"""Netralitas: the names a notebook cell may call.

`scenario(slug)`, `quiz(slug)` and `pledge(slug)` show a widget, `figure(name)` a picture drawn from the
statistics, `cek()` the form of Cek Netralitas.
They are found when first asked for (PEP 562), so importing a pure room, the store or the command line
loads no widget library.
"""

from __future__ import annotations

from typing import Any

__all__ = ["cek", "figure", "pledge", "quiz", "scenario"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import widgets  # noqa: PLC0415  (that is the point of resolving lazily)

        return getattr(widgets, name)
    raise AttributeError(f"module 'netralitas' has no attribute '{name}'")
