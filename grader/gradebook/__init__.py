"""The gradebook: the only room that knows nbgrader, its folders, its commands, its autograder, its tables.

course   our folders as nbgrader's course directory; release, stock autograde
forgetting   a learner taken out of it all
scores   marks given at answer time into the gradebook, without a kernel; what stands there out again
own      a gradebook for each who marks blind, and what they agreed on
formgrader   nbgrader's Formgrader for several markers; loaded by Jupyter
audit    the same submissions once more through nbgrader's own autograder, in limited kernels
"""

from .audit import audited
from .course import (
    CourseDir,
    GradingError,
    autograde,
    configure,
    course_dir,
    environment,
    generate,
    put,
    submit,
)
from .forgetting import forget
from .own import lend, settle
from .scores import Cell, Found, Wanted, alone, enter, found, marks

__all__ = [
    "Cell",
    "CourseDir",
    "Found",
    "GradingError",
    "Wanted",
    "alone",
    "audited",
    "autograde",
    "configure",
    "course_dir",
    "enter",
    "environment",
    "forget",
    "found",
    "generate",
    "lend",
    "marks",
    "put",
    "settle",
    "submit",
]
