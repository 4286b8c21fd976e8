"""The names a notebook cell calls: `scenario(slug)`, `quiz(slug)`, `pledge(slug)`, `figure(name)`, `cek()`.

    cell ──► widget, without a learner ──► the site says begin ──► recorder.state() ──► view

A widget draws and forwards. It knows its item and a recorder, both handed in; it judges by calling
the pure rooms, waits until the event is committed, and only then shows the verdict.
"""

from __future__ import annotations

from .cek import CekWidget, cek
from .figure import figure
from .learning import LearningWidget, pledge, quiz, scenario

__all__ = ["CekWidget", "LearningWidget", "cek", "figure", "pledge", "quiz", "scenario"]
