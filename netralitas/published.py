"""What trainers gave back of a learner's quiz: the mark, points by criterion of each written case, comments.

Pure values, as the store keeps them and the results page shows them. They hold neither key nor test.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .model import Value

Level = Literal["terpenuhi", "sebagian", "belum", "menunggu"]


class CriterionMark(Value):
    """Points for one criterion of a rubric; None while nobody has marked it.

    `reached` is the text of the level these points reach. It and `comment` may be empty.
    """

    text: str
    points: float | None
    most: float
    comment: str = ""
    reached: str = ""

    @property
    def level(self) -> Level:
        """How far the criterion is met."""
        if self.points is None:
            return "menunggu"
        return "terpenuhi" if self.points >= self.most else "sebagian" if self.points > 0 else "belum"


class CaseMark(Value):
    """A written case, by its item id, and its rubric. `markers`: how many people the points came from."""

    case: str
    criteria: tuple[CriterionMark, ...]
    markers: int = 1

    @property
    def points(self) -> float | None:
        """The points of all criteria, None while one is not marked."""
        given = [one.points for one in self.criteria]
        return None if None in given else sum(points for points in given if points is not None)

    @property
    def most(self) -> float:
        """The most there is to earn."""
        return sum(one.most for one in self.criteria)


class Published(Value):
    """What is given back: the attempt that counts, its mark 0–100 as the gradebook has it, the written cases.

    `overridden`: a person changed the mark of a slot.
    """

    attempt: int = Field(ge=1)
    mark: int = Field(ge=0, le=100)
    overridden: bool = False
    cases: tuple[CaseMark, ...] = ()

    def without_comments(self) -> Published:
        """Return it with nothing left of what a trainer wrote."""
        cases = tuple(
            case.model_copy(
                update={"criteria": tuple(one.model_copy(update={"comment": ""}) for one in case.criteria)}
            )
            for case in self.cases
        )
        return self.model_copy(update={"cases": cases})
