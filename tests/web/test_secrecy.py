"""What a browser gets before the answer does not depend on the key; what a kernel can reach is its own."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from netralitas.reading import read_yaml
from tests.site import Client, Site, frame

pytestmark = pytest.mark.slow
TOY = Path(__file__).parent.parent / "course"
SLUG = "contoh-kuis"
QUIZ = f"quiz/{SLUG}"
STORY = "scenario/contoh-cerita"


def other_keys(place: Path) -> None:
    """Turn keys, explanations, feedback and consequences of a course into others of their kind."""
    path = place / "quizzes" / f"{SLUG}.yaml"
    quiz = read_yaml(path, place)
    for question in quiz["questions"]:
        letters = [choice["id"] for choice in question["choices"]]
        question["key"] = [next(letter for letter in letters if letter not in question["key"])]
        question["explanation"] = (
            "Penjelasan yang sama sekali lain dan jauh lebih panjang daripada yang tadi."
        )
        for choice in question["choices"]:
            choice["feedback"] = "Umpan balik lain."
    path.write_text(yaml.safe_dump(quiz, allow_unicode=True), encoding="utf-8")
    path = place / "data" / "scenarios" / "contoh-cerita.yaml"
    story = read_yaml(path, place)
    for scene in story["scenes"]:
        for choice in scene["choices"]:
            choice["consequence"] = (
                "Akibat lain yang jauh lebih panjang daripada akibat yang tadi tertulis di sini."
            )
    for ending in story["endings"]:
        ending["text"] = ["Penutup lain."]
    path.write_text(yaml.safe_dump(story, allow_unicode=True, default_flow_style=False), encoding="utf-8")


def blurred(text: str) -> str:
    """Take ids, tokens, seeds and times out of what was sent."""
    text = re.sub(r'name="_xsrf" value="[^"]+"', "TOKEN", unescape(text))
    text = re.sub(r'"generation":"[0-9a-f]{16}"', "GENERATION", text)
    # What the browser calls the learner, and how long the session lasts.
    text = re.sub(r'"who":"[0-9a-f]{16}"|data-who="[0-9a-f]{16}" data-left="\d+"', "WHO", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)


def in_one_order(content: dict[str, Any]) -> str:
    """Write a frame with the questions in the order of their ids: the seed is drawn anew for each attempt."""
    view = content["data"].get("state", {}).get("view", {})
    if view.get("questions"):
        view["questions"] = sorted(view["questions"], key=lambda question: question["id"])
    return blurred(json.dumps(content))


def traffic(site: Site, nip: str) -> list[str]:
    """Return everything a learner gets from the login to the moment before the first answer."""
    client = Client(site, nip)
    sent = [blurred(client.get(path).text) for path in ("/", f"/modul/{SLUG}", "/hasil")]
    tab = client.channel(SLUG)
    tab.do(QUIZ, {"kind": "open"})
    tab.do(STORY, {"kind": "open"})
    item = tab.view(QUIZ)["questions"][0]
    draft = {"item": "k01", "answer": [item["choices"][0]["id"]]}
    tab.send(QUIZ, {"kind": "draft", "value": draft})
    tab.do(STORY, {"kind": "open"})
    return [*sent, *(in_one_order(content) for content in tab.received)]


def test_contents_that_differ_only_in_keys_give_the_same_traffic(
    start: Callable[..., Site], tmp_path: Path
) -> None:
    places = [tmp_path / "satu", tmp_path / "dua"]
    for place in places:
        shutil.copytree(TOY, place)
    other_keys(places[1])
    seen = []
    for place in places:
        site = start(content=place)
        seen.append(traffic(site, site.people()[0]))
        site.stop()
    assert seen[0] == seen[1]
    assert len(seen[0]) > 6
    # The comparison can fail: once answered, they differ.
    assert "Umpan balik" not in "".join(seen[0])


ATTACK = """
import json, os, pathlib, socket, sqlite3, subprocess
from IPython.display import HTML
found = {}
def attempt(name, function):
    try:
        found[name] = repr(function())[:400]
    except BaseException as error:
        found[name] = "ditolak: " + type(error).__name__
attempt("store", lambda: open(STORE, "rb").read(16))
attempt("sqlite", lambda: sqlite3.connect(STORE).execute("select count(*) from account").fetchall())
read_only = "file:" + STORE + "?mode=ro"
attempt("sqlite_ro", lambda: sqlite3.connect(read_only, uri=True).execute("select 1 from account").fetchall())
attempt("secret", lambda: open(HOME + "/cookie.key", "rb").read())
attempt("home", lambda: os.listdir(HOME))
attempt("log", lambda: open(HOME + "/serve.log").read())
attempt("parent", lambda: open(f"/proc/{os.getppid()}/environ", "rb").read())
attempt("parent_fd", lambda: os.listdir(f"/proc/{os.getppid()}/fd"))
attempt("passwd", lambda: open("/etc/passwd").read())
attempt("write", lambda: open("/tmp/netralitas-uji", "w").write("x"))
attempt("write_content", lambda: open(CONTENT + "/data/course.yaml", "a").write("x"))
attempt("unix", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
attempt("tcp", lambda: socket.create_connection(("127.0.0.1", PORT), 2))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))
attempt("mptcp", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262))
attempt("pair", lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))
attempt("kill", lambda: os.kill(os.getppid(), 0))
attempt("shell", lambda: subprocess.run(["/bin/sh", "-c", "id"], capture_output=True).stdout)
attempt("environment", lambda: sorted(os.environ))
attempt("links", lambda: [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")])
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
params = ctypes.create_string_buffer(256)
attempt("io_uring", lambda: "ditolak: OSError" if libc.syscall(425, 4, params) < 0 else "terbuka")
HTML("<pre id='hasil'>" + json.dumps(found).replace("<", "") + "</pre>")
"""


@pytest.fixture(scope="module", params=["snapshot", "late", "ipykernel", "stock"])
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site whose module page shows what its own cell could reach, on each rung of the ladder."""
    place, home = tmp_path_factory.mktemp("isi") / "isi", tmp_path_factory.mktemp("rumah")
    shutil.copytree(TOY, place)
    path = place / "modules" / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    names = {"STORE": str(home / "netralitas.db"), "HOME": str(home), "CONTENT": str(place)}
    site = Site(home, content=place, NETRALITAS_MARKER="penanda-rahasia", NETRALITAS_RUNG=request.param)
    site.start()
    names["PORT"] = site.port  # type: ignore[assignment]
    site.stop()
    head = "\n".join(f"{name} = {value!r}" for name, value in names.items())
    notebook.cells.append(nbformat.v4.new_code_cell(head + ATTACK, id="serang"))
    nbformat.write(notebook, path)
    site.start()
    nip = site.people()[0]
    found = re.search(r"<pre id='hasil'>(.*?)</pre>", Client(site, nip).get(f"/modul/{SLUG}").text)
    assert found
    yield site, nip, json.loads(unescape(found[1]))
    site.kill()


def test_a_kernel_reaches_neither_store_nor_secret_nor_neighbour(attacked: Any) -> None:
    _site, _nip, found = attacked
    allowed = {"environment", "links", "shell"}
    open_doors = {name: told for name, told in found.items() if name not in allowed and "ditolak" not in told}
    assert open_doors == {}
    assert "uid=" not in found["shell"]


def confined(status: Path) -> bool:
    """Say whether a process has given up its rights; one that has just begun gets a moment."""
    for _turn in range(200):
        if "NoNewPrivs:\t1" in (text := status.read_text()) and "Seccomp:\t2" in text:
            return True
        time.sleep(0.1)
    return False


ENVIRONMENT = {"HOME", "LANG", "NETRALITAS_CONTENT", "OMP_NUM_THREADS", "PATH", "TZ"}
OF_IPYKERNEL = {
    "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "JPY_PARENT_PID", "MPLBACKEND", "PAGER",
    "PYDEVD_USE_FRAME_EVAL", "TERM",
}  # fmt: skip


def test_no_kernel_has_the_sites_environment_in_reach(attacked: Any) -> None:
    site, nip, found = attacked
    Client(site, nip).channel(SLUG).do(QUIZ, {"kind": "open"})
    names = set(re.findall(r"'(\w+)'", found["environment"]))
    rung = site.environment["NETRALITAS_RUNG"]
    assert names - (OF_IPYKERNEL if rung in {"ipykernel", "stock"} else set()) == ENVIRONMENT
    base, *pids = site.kernel_pids()
    assert len(pids) >= (2 if rung == "snapshot" else 0 if rung == "stock" else 1)
    for pid in (base, *pids):
        folder = Path(f"/proc/{pid}")
        assert b"penanda-rahasia" not in (folder / "environ").read_bytes()
        assert b"penanda-rahasia" not in (folder / "cmdline").read_bytes()
        opened = [str(entry.readlink()) for entry in (folder / "fd").iterdir()]
        assert not [name for name in opened if "netralitas.db" in name or "serve.log" in name]
        if rung not in {"ipykernel", "stock"}:
            assert len([name for name in opened if name.startswith("socket:")]) == 1
        # The base runs no cell; whatever it forks gives its rights up before one runs.
        assert (pid == base and rung != "stock") or confined(folder / "status")


def test_an_update_from_a_browser_never_reaches_a_widget(attacked: Any) -> None:
    site, nip, _found = attacked
    tab = Client(site, nip).channel(SLUG)
    before = tab.view(STORY)
    tab.raw(frame(tab.ids[STORY], {"method": "update", "state": {"_esm": "alert(1)", "view": {}}}))
    again = Client(site, nip).channel(SLUG)
    assert again.view(STORY) == before


def test_a_module_that_does_not_run_shows_a_calm_page(start: Callable[..., Site], tmp_path: Path) -> None:
    place = tmp_path / "isi"
    shutil.copytree(TOY, place)
    path = place / "modules" / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("raise RuntimeError('rahasia dapur')", id="rusak"))
    nbformat.write(notebook, path)
    site = start(content=place)
    answer = Client(site, site.people()[0]).get(f"/modul/{SLUG}")
    assert answer.status_code == 500
    assert "Ada gangguan sebentar" in answer.text
    assert "rahasia dapur" not in answer.text
    assert "Traceback" not in answer.text
