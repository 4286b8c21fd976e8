"""nbgrader's configuration: the course directory mapped onto our folders.

nbgrader executes this file when started in this folder or when JUPYTER_CONFIG_PATH names it.
"""

from grader.gradebook import configure, course_dir

configure(get_config(), course_dir())  # type: ignore[name-defined]  # noqa: F821  (nbgrader's loader gives it)
