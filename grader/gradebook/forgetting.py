"""A learner taken out of every gradebook and of every folder of the course."""

from __future__ import annotations

import shutil

from nbgrader.api import Gradebook, MissingEntry

from .course import CourseDir

_STEPS = ("submitted", "autograded", "feedback")


def forget(learner: str, course: CourseDir) -> bool:
    """Remove a learner's submissions, marks, comments and feedback; return whether there was anything."""
    gone = False
    for step in _STEPS:
        folder = course.work / step / learner
        gone = gone or folder.exists()
        shutil.rmtree(folder, ignore_errors=True)
    for place in (course, *course.owns()):
        gone = _forget(learner, place) or gone
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
