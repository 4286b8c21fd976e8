"""What is installed is what was written: environments agree, versions are pinned, the wheel serves alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.request import urlopen

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from netralitas.demo import PASSWORD
from tests.site import Client, Site

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
FOR_TESTS = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["test"]]
CONTENT = ("data", "modules", "quizzes")
UNPINNED = {"pip", "setuptools", "wheel"}
"""The tools of an environment itself, which `pip freeze` leaves out."""
SOURCES = (*CONTENT, "netralitas", "grader", "setup.py", "pyproject.toml", "LICENSE", "README.md")


def bounds(requirements: list[Requirement]) -> dict[str, str]:
    return {canonicalize_name(one.name): str(one.specifier) for one in requirements}


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    for one in found:
        assert re.fullmatch(r"==[\w.]+", str(one.specifier)), f"{one} is no pin"
    return {canonicalize_name(one.name): Version(str(one.specifier)[2:]) for one in found}


class TestNames:
    def test_conda_users_get_the_same_names_and_bounds(self) -> None:
        environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
        *lines, extra = environment["dependencies"]
        # conda calls Brotli's Python binding by another name.
        listed = bounds([Requirement(line.replace("brotli-python", "brotli")) for line in lines])
        assert listed.pop("python") == PROJECT["project"]["requires-python"]
        listed.pop("pip")
        assert extra == {"pip": ["--editable ."]}
        # The language pack is no package of conda's: pip brings it with ours.
        needed = bounds(NEEDED)
        needed.pop("jupyterlab-language-pack-id-id")
        assert listed == needed
        assert environment["name"] == PROJECT["project"]["name"]

    @pytest.mark.parametrize("needed", [*NEEDED, *FOR_TESTS], ids=lambda needed: needed.name)
    def test_every_dependency_is_pinned_within_its_bounds(self, needed: Requirement) -> None:
        assert pins()[canonicalize_name(needed.name)] in needed.specifier

    def test_what_the_dependencies_need_is_pinned_too(self) -> None:
        pinned, seen = pins(), set()
        todo = [(one, extra) for one in (*NEEDED, *FOR_TESTS) for extra in {"", *one.extras}]
        while todo:
            needed, extra = todo.pop()
            name = canonicalize_name(needed.name)
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            assert name in pinned or name in UNPINNED, f"{name} is not in constraints.txt"
            for line in metadata.requires(name) or ():
                inner = Requirement(line)
                if inner.marker is None or inner.marker.evaluate({"extra": extra}):
                    todo += [(inner, one) for one in {"", *inner.extras}]

    def test_the_commands_of_the_office_are_announced(self) -> None:
        announced = PROJECT["project"]["entry-points"]["netralitas.commands"]
        found = {one.name: one.value for one in metadata.entry_points(group="netralitas.commands")}
        assert found == announced


def build(folder: Path) -> Path:
    """Build the wheel from a copy of the sources, so that nothing is written beside them."""
    source = folder / "sumber"
    source.mkdir()
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=skip)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), str(source)]
    if Version(metadata.version("setuptools")) >= Version("80"):
        command.append("--no-build-isolation")
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (source / "netralitas" / "_content").exists()
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Return the `bin` of a fresh environment with the libraries of this one and netralitas from the wheel.

    The libraries are linked, not downloaded, and not by a `.pth`: a confined kernel reads below its own
    environment only.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    (libraries,) = (folder / "lib").glob("python*/site-packages")
    skip = shutil.ignore_patterns("__editable__*", "netralitas-*")
    # nbconvert's own templates stand beside the libraries.
    for source, target in (
        (Path(sysconfig.get_path("purelib")), libraries),
        (Path(sys.prefix, "share", "jupyter", "nbconvert"), folder / "share" / "jupyter" / "nbconvert"),
    ):
        shutil.copytree(source, target, copy_function=_link, ignore=skip, dirs_exist_ok=True)
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    command += ["--no-deps", "--no-index", "--no-compile", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bin"


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_both_packages_and_the_content(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(tmp_path)) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        described = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "netralitas = netralitas.cli:main" in archive.read(described).decode()

    def files(*folders: str) -> set[str]:
        found = (path for name in folders for path in (ROOT / name).rglob("*") if path.is_file())
        names = {path.relative_to(ROOT).as_posix() for path in found}
        return {name for name in names if not re.search(r"(^|/)(\.|__pycache__)", name)}

    assert held == files("netralitas", "grader") | {f"netralitas/_content/{name}" for name in files(*CONTENT)}
    assert {"netralitas/py.typed", "netralitas/store/migrations/versions/0001_tables.py"} <= held
    assert "netralitas/_content/data/course.yaml" in held


@pytest.mark.slow
def test_an_installed_wheel_checks_answers_and_serves_from_an_empty_folder(tmp_path: Path) -> None:
    tools = install(build(tmp_path), tmp_path / "lingkungan")
    empty, home = tmp_path / "kosong", tmp_path / "rumah"
    empty.mkdir()
    environment = {
        "PATH": f"{tools}{os.pathsep}{os.defpath}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "NETRALITAS_HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            words, cwd=empty, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = Path(run(str(tools / "python"), "-c", "import netralitas; print(netralitas.__file__)").strip())
    assert where.is_relative_to(tmp_path / "lingkungan")
    assert run(str(tools / "netralitas"), "check") == "Isi sehat.\n"
    words = ("rule", "sosialisasi-medsos-calon", "--on", "2024-10-10", "--json")
    assert json.loads(run(str(tools / "netralitas"), *words))["level"] == "berat"

    site = subprocess.Popen(
        [str(tools / "netralitas"), "serve", "--demo", "--port", "0"],
        cwd=empty, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        url, learner, officer = announced(site)
        with urlopen(f"{url}/healthz", timeout=30) as answer:
            assert answer.status == 200
            assert json.load(answer)
        # Its cells ran in a confined kernel, so that kernel read the content inside the wheel.
        client = Client(cast("Site", SimpleNamespace(url=url)), learner, PASSWORD)
        client.post("/privasi")  # the notice is read once before the first module
        assert client.page()["widgets"]
        line = Client(client.site, officer, PASSWORD).channel("penyelesaian", at="/dasbor")
        assert "orang selesai" in line.ask("dasbor/penyelesaian/unit")
        line.close()
        site.terminate()
        assert site.wait(timeout=30) == 0
    finally:
        site.kill()
        site.communicate()
    assert list(empty.iterdir()) == []
    assert (home / "netralitas.db").is_file()


def announced(site: subprocess.Popen[str]) -> tuple[str, str, str]:
    """Read what `serve` prints until it is ready: the address, the demo's learner and its officer."""
    assert site.stdout is not None
    told: list[str] = []
    for line in site.stdout:
        told.append(line)
        if line.startswith("Berhenti"):
            text = "".join(told)
            nips = re.findall(r"(?:Pelajar|Petugas instansi): NIP (\d{18}),", text)
            (url,) = re.findall(r"http://127\.0\.0\.1:\d+", text)
            return url, nips[0], nips[1]
    pytest.fail("the site ended: " + "".join(told))
