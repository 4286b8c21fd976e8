"""Puts the content into the wheel; everything else of the build stands in pyproject.toml.

`data/`, `modules/` and `quizzes/` go under `netralitas/_content` of the build, never of the source tree;
an editable install reads them from the checkout.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CONTENT = ("data", "modules", "quizzes")


def content() -> Iterator[str]:
    """Yield every content file from the root of the checkout, without hidden ones and their folders."""
    for folder in CONTENT:
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and not any(part.startswith((".", "__")) for part in inside.parts):
                yield inside.as_posix()


class BuildWithContent(build_py):
    """The build of the packages, and the content beside them."""

    def run(self) -> None:
        """Build; an editable install copies nothing."""
        super().run()
        if self.editable_mode:
            return
        # What an earlier build left would outlive its deletion from the checkout.
        shutil.rmtree(self._target(""), ignore_errors=True)
        for name in content():
            target = self._target(name)
            self.mkpath(str(target.parent))
            self.copy_file(str(ROOT / name), str(target), preserve_mode=False)

    def get_source_files(self) -> list[str]:
        """Return the content too, so that a source distribution holds it."""
        return [*super().get_source_files(), *content()]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return the content too."""
        built = super().get_outputs(include_bytecode)
        return built if self.editable_mode else [*built, *(str(self._target(name)) for name in content())]

    def _target(self, name: str) -> Path:
        return Path(self.build_lib) / "netralitas" / "_content" / name


setup(cmdclass={"build_py": BuildWithContent})
