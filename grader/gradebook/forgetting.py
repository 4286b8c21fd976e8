"""A person taken out of every gradebook, of every folder of the course, and of what tells who marked."""

from __future__ import annotations

import shutil

from nbgrader.api import Gradebook, MissingEntry

from .course import CourseDir
from .saving import JOURNAL, Journal

_STEPS = ("submitted", "autograded", "feedback")


def forget(learner: str, course: CourseDir) -> bool:
    """Remove a person's submissions, marks, comments and feedback, and their name where they marked others.

    Return whether there was anything.
    """
    gone = False
    for step in _STEPS:
        folder = course.work / step / learner
        gone = gone or folder.exists()
        shutil.rmtree(folder, ignore_errors=True)
    for place in (course, *course.owns()):
        gone = _forget(learner, place) or gone
    for journal in (course.work / JOURNAL, *course.hidden.glob(f"*/{JOURNAL}")):
        gone = Journal(journal).forget(learner) or gone
    return gone


def _forget(learner: str, course: CourseDir) -> bool:
    if course.has_gradebook:
        with Gradebook(course.db_url) as book:
            try:
                book.remove_student(learner)
            except MissingEntry:
                return False
            return True
    return False
