"""The arrows between the rooms and what each room may touch, enforced by walking the syntax trees.

ROOMS is the table: for each room the rooms of netralitas it may import and the libraries it may use. A room
is a module of the package or one of its folders; a new one has no place until it stands here. An import for
type checking alone is an arrow too.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
BOOKS = sorted((ROOT / "modules").glob("*.ipynb"))
BOARDS = sorted((ROOT / "grader" / "dashboards").glob("*.ipynb"))


class Room(NamedTuple):
    """What a room may import: rooms of netralitas, and libraries besides Python's own."""

    rooms: frozenset[str]
    libraries: frozenset[str]


def room(rooms: frozenset[str] | set[str], *libraries: str) -> Room:
    return Room(frozenset(rooms), frozenset(libraries))


PURE = frozenset(
    (
        "model",
        "terms",
        "tables",
        "law",
        "rules",
        "compare",
        "statements",
        "impact",
        "cards",
        "cases",
        "published",
        "items",
        "scoring",
        "forms",
        "attempts",
        "limits",
        "regrade",
        "overriding",
        "quizzes",
        "pledges",
        "scenarios",
        "scenes",
        "conditions",
        "ratings",
        "explore",
        "bots",
        "sitters",
        "flow",
        "flow_picture",
        "pictures",
        "record",
        "tally",
        "due",
        "completion",
        "layouts",
        "masking",
        "disclosure",
        "reminders",
        "course",
        "glossary",
        "search",
        "ids",
        "judge",
        "tickets",
        "nip",
        "roster",
        "figures",
        "drawing",
        "wording",
        "coverage",
        "i18n",
    )
)
EVERYTHING = PURE | {
    "settings",
    "keys",
    "reading",
    "folders",
    "content",
    "check",
    "new",
    "exchange",
    "store",
    "codes",
    "erased",
    "intake",
    "uploads",
    "monthly",
    "reports",
    "sheets",
    "demo",
    "widgets",
    "web",
    "__init__",
}

ROOMS: dict[str, Room] = {
    **dict.fromkeys(PURE - {"i18n", "disclosure"}, room(PURE, "pydantic")),
    "i18n": room(set(), "babel"),
    "disclosure": room(set(), "numpy", "highspy"),
    "settings": room({"model", "i18n"}, "pydantic"),
    "keys": room(set()),
    "reading": room({"i18n", "model"}, "pydantic", "yaml"),
    "folders": room({"reading", "i18n"}, "yaml"),
    "content": room(PURE | {"reading", "folders"}, "pydantic"),
    "check": room(PURE | {"content", "reading", "settings"}, "nbformat", "pydantic"),
    "new": room(PURE, "pydantic"),
    "exchange": room({"quizzes", "items", "model", "reading", "i18n"}, "pydantic", "yaml", "defusedxml"),
    "catalogue": room({"i18n"}, "babel", "jinja2"),
    "store": room(
        {"record", "course", "due", "model", "nip", "published", "roster", "tally", "i18n"},
        "sqlalchemy",
        "alembic",
    ),
    "intake": room({"roster", "reading", "i18n"}, "openpyxl", "pydantic"),
    "uploads": room({"intake", "roster", "store", "course", "settings", "i18n", "model"}, "pydantic"),
    "reports": room({"completion", "course", "due", "i18n", "model", "roster", "store", "tally"}),
    "monthly": room({"tally", "course", "i18n", "model", "reports", "roster", "sheets", "store"}),
    "sheets": room({"layouts", "i18n", "roster", "paper"}, "openpyxl", "rich"),
    "paper": room({"i18n"}, "reportlab"),
    "codes": room({"roster", "i18n", "store"}),
    "erased": room({"course", "store"}),
    "demo": room({"roster", "course", "i18n", "store", "tally"}, "argon2"),
    "widgets": room(
        PURE | {"content"},
        *("anywidget", "ipywidgets", "traitlets", "comm", "IPython", "orjson", "jinja2", "pydantic"),
    ),
    "web": room(
        EVERYTHING | {"paper"},
        *("voila", "jupyter_server", "tornado", "traitlets", "jinja2", "markupsafe"),
        *("nbformat", "nbclient", "jupyter_client", "ipykernel", "argon2", "pydantic"),
        *("orjson", "uvloop", "brotli"),
    ),
    "terminal": room({"content", "reading", "i18n", "settings", "store"}, "typer"),
    "law_commands": room(PURE | {"content", "settings", "store", "terminal"}, "typer"),
    "item_commands": room(PURE | {"content", "check", "store", "terminal"}, "typer"),
    "roster_commands": room({"intake", "store", "i18n", "terminal"}, "typer", "rich"),
    "exchange_commands": room({"exchange", "reading", "i18n", "terminal"}, "typer"),
    "cli": room(
        EVERYTHING | {"terminal", "law_commands", "item_commands", "exchange_commands", "roster_commands"},
        "typer",
        "rich",
    ),
    "__init__": room({"widgets", "content"}),
    "grader": room(
        PURE
        | {
            "content",
            "keys",
            "reading",
            "store",
            "settings",
            "demo",
            "erased",
            "terminal",
            "reports",
            "sheets",
            "widgets",
            "__init__",
        },
        *("nbgrader", "nbformat", "pandas", "traitlets", "typer", "rich", "jupyter_client", "jupyter_core"),
        *("jupyter_server", "tornado", "openpyxl", "jinja2", "pydantic"),
    ),
}

FILES = sorted(path for name in ("netralitas", "grader") for path in (ROOT / name).rglob("*.py"))
by_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())


def parts_of(path: Path) -> list[str]:
    """`netralitas/store/base.py` → netralitas, store, base."""
    return [*path.relative_to(ROOT).with_suffix("").parts]


def room_of(path: Path) -> str:
    package, name = parts_of(path)[:2]
    return "grader" if package == "grader" else name


def imports(path: Path) -> Iterator[str]:
    """Yield the full names of the modules a file imports, wherever in it."""
    parts = parts_of(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join([*(parts[: -node.level] if node.level else ()), *filter(None, [node.module])])
            if module in {"netralitas", "grader"}:
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


def calls(path: Path) -> Iterator[str]:
    """Yield the last names of everything a file calls: `Path(x).write_text(y)` → Path, write_text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


@by_file
def test_every_file_stands_in_a_known_room(path: Path) -> None:
    assert room_of(path) in ROOMS


@by_file
def test_a_room_imports_only_what_stands_below_it(path: Path) -> None:
    own, allowed = room_of(path), ROOMS[room_of(path)]
    for name in imports(path):
        top, _dot, rest = name.partition(".")
        if top == "netralitas":
            inner = rest.partition(".")[0]
            target = inner if (ROOT / "netralitas" / inner).exists() or inner in ROOMS else "__init__"
            assert target in allowed.rooms | {own}, f"{own} → {name}"
        elif top == "grader":
            assert own == "grader", f"{own} → {name}"
        else:
            assert top in allowed.libraries | sys.stdlib_module_names, f"{own} → {name}"


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_room_reads_no_file_and_no_clock(name: str) -> None:
    path = ROOT / "netralitas" / f"{name}.py"
    # i18n reads the catalogues once; figures reads and writes on the command line's behalf.
    touches_files = name in {"i18n", "figures"}
    used = {module.partition(".")[0] for module in imports(path)}
    forbidden = {
        "os",
        "sqlite3",
        "socket",
        "subprocess",
        "shutil",
        "tempfile",
        "time",
        "threading",
        "asyncio",
    }
    assert used & (forbidden | (set() if touches_files else {"pathlib"})) == set()
    clocks = {"now", "utcnow", "today"}
    files = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink"}
    assert set(calls(path)) & (clocks | (set() if touches_files else files)) == set()


def test_the_exchange_is_handed_what_it_reads() -> None:
    files = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink", "urlopen"}
    paths = [path for path in FILES if parts_of(path)[:2] == ["netralitas", "exchange"]]
    assert paths
    for path in paths:
        assert set(calls(path)) & files == set(), path
        assert {module.partition(".")[0] for module in imports(path)} & {"os", "pathlib", "urllib"} == set()


@pytest.mark.parametrize("name", ["content", "check"])
def test_who_reads_content_writes_nothing(name: str) -> None:
    writing = {
        "write_text",
        "write_bytes",
        "open",
        "mkdir",
        "unlink",
        "rename",
        "replace_with",
        "touch",
        "dump",
    }
    files = [path for path in FILES if parts_of(path)[:2] == ["netralitas", name]]
    assert files
    for path in files:
        assert set(calls(path)) & writing == set(), path


@by_file
def test_only_the_store_speaks_sql(path: Path) -> None:
    used = {name.partition(".")[0] for name in imports(path)}
    if used & {"sqlite3", "sqlalchemy", "psycopg", "alembic"}:
        assert room_of(path) == "store"


@by_file
def test_only_the_gradebook_speaks_to_nbgrader(path: Path) -> None:
    if "nbgrader" in {name.partition(".")[0] for name in imports(path)}:
        assert parts_of(path)[:2] == ["grader", "gradebook"]


@pytest.mark.parametrize("book", [*BOOKS, *BOARDS], ids=lambda path: path.name)
def test_a_notebook_imports_only_what_draws_it_and_defines_nothing(book: Path) -> None:
    allowed = "grader.dashboards" if book in BOARDS else "netralitas"
    cells: list[dict[str, Any]] = json.loads(book.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    for cell in code:
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} == {allowed}
            if isinstance(node, ast.ImportFrom):
                assert node.module == allowed


NIP_LIKE = re.compile(r"(?<!\d)\d{8} ?\d{6} ?\d ?\d{3}(?!\d)")


def test_the_pattern_knows_a_nip() -> None:
    assert NIP_LIKE.search("NIP 190001012020011001.")
    assert NIP_LIKE.search("19000101 202001 1 001")
    assert not NIP_LIKE.search("1900010120200110012")


def test_content_names_no_nip() -> None:
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    files += [*(ROOT / "quizzes").rglob("*.yaml"), *BOOKS]
    assert files
    assert [path.name for path in files if NIP_LIKE.search(path.read_text(encoding="utf-8"))] == []


def loaded(module: str) -> set[str]:
    """Return the top-level names a fresh interpreter holds after importing `module`."""
    code = f"import sys, json, {module}; print(json.dumps([*sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("netralitas.rules", {"ipywidgets", "anywidget", "IPython", "yaml", "sqlalchemy", "tornado"}),
        ("netralitas.content", {"ipywidgets", "anywidget", "IPython", "nbformat", "sqlalchemy", "tornado"}),
        ("netralitas.store", {"ipywidgets", "anywidget", "IPython", "tornado", "voila", "yaml", "pandas"}),
        (
            "netralitas.cli",
            {"ipywidgets", "anywidget", "IPython", "tornado", "voila", "sqlalchemy", "pandas"},
        ),
        ("grader.cli", {"ipywidgets", "anywidget", "tornado", "voila", "sqlalchemy", "pandas", "nbgrader"}),
        ("netralitas.widgets", {"pandas", "sqlalchemy", "voila", "jupyter_server", "altair", "nbgrader"}),
    ],
)
def test_importing_a_room_loads_no_more_than_it_needs(module: str, absent: set[str]) -> None:
    names = loaded(module)
    assert module.partition(".")[0] in names
    assert names & absent == set()
