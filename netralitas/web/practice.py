"""What is practised: how to answer, with questions anybody can answer. Nothing of the law stands here.

A step is asked by its template; which answers are right is no secret, since nothing is counted.
"""

from __future__ import annotations

from typing import Literal

from ..model import Value


class Step(Value):
    """One thing to try: its name in the template, and the letters of a right answer."""

    name: Literal["satu", "banyak", "yakin"]
    key: frozenset[str]


STEPS = (
    Step(name="satu", key=frozenset("b")),
    Step(name="banyak", key=frozenset("ac")),
    # Any certainty is right: it is a question about oneself.
    Step(name="yakin", key=frozenset()),
)


def told(step: Step, given: list[str]) -> Literal["benar", "sebagian", "belum"]:
    """Return what is said of an answer, as the quiz says it."""
    ticked = frozenset(given)
    if not step.key or ticked == step.key:
        return "benar"
    return "sebagian" if ticked & step.key and len(step.key) > 1 else "belum"
