"""A real server in a process of its own, and a client that speaks with it as a browser would.

`Site` starts `netralitas serve` on a free port with its own home and stops, kills or restarts it;
`Client` logs in, reads pages, opens channels. Everything stays on loopback.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, ClassVar

import psutil
import requests
import websocket
import yaml
from argon2 import PasswordHasher

from netralitas import content, demo, roster
from netralitas.content import Content
from netralitas.quizzes import Quiz, key_reply
from netralitas.reading import read_yaml
from netralitas.scenarios import RateScene, advance, begin
from netralitas.store import Store, open_store
from netralitas.tally import day_of

PASSWORD = "kata sandi uji yang panjang"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
READY = re.compile(r"http://[^ ]+:(\d+)")
NETRALITAS = str(Path(sys.executable).parent / "netralitas")
MODULE = "03-media-sosial"
ROOT = Path(__file__).parents[1]


def one_module(place: Path) -> Path:
    """Lay the course down as it would be with MODULE alone, so that no test changes when the course grows."""
    if not place.exists():
        shutil.copytree(ROOT / "data", place / "data")
        for path in (ROOT / "quizzes" / f"{MODULE}.yaml", ROOT / "modules" / f"{MODULE}.ipynb"):
            (place / path.parent.name).mkdir()
            shutil.copy(path, place / path.parent.name)
        course = place / "data" / "course.yaml"
        told = read_yaml(course, place)
        told["modules"] = [one for one in told["modules"] if one["slug"] == MODULE]
        kept = told["modules"][0]["scenarios"]
        for path in (place / "data" / "scenarios").glob("*.yaml"):
            if path.stem not in kept:
                path.unlink()
        course.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return place


class Site:
    """`netralitas serve --demo` with a home of its own, on the course with MODULE alone unless told."""

    def __init__(self, home: Path, *, content: Path | None = None, **environment: str) -> None:
        self.home, self.port = home, 0
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("NETRALITAS_")},
            "NETRALITAS_HOME": str(home),
            "HOME": str(home),
            "NETRALITAS_CONTENT": str(content or one_module(home / "isi")),
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        home.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Site:
        """Start, on the same port as before when there was one, and wait until it says it is ready."""
        log = (self.home / "serve.log").open("a+")
        start = log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            [NETRALITAS, "serve", "--demo", "--port", str(self.port)],
            env=self.environment, cwd=self.home, stdout=log, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            log.seek(start)
            found = READY.search(log.read())
            if found:
                self.port = int(found[1])
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        log.seek(start)
        raise AssertionError(f"the site did not start: {log.read()}")

    def stop(self) -> None:
        """Ask the server to stop and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Take the server away without a word."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=30)

    @contextlib.contextmanager
    def store(self) -> Any:
        """Open the site's store beside it."""
        own = f"sqlite:///{self.home / 'netralitas.db'}"
        store = open_store(self.environment.get("NETRALITAS_STORE", own))
        try:
            yield store
        finally:
            store.close()

    def people(self, number: int = 2, *, unit: str = "") -> list[str]:
        """Put more made-up people on the roster (all of `unit`, if named), give them the test password.

        Return their NIPs.
        """
        with self.store() as store:
            before = {person.nip for person in store.people_under(None)}
            made_up = demo.roster_csv(seed=7, people=60 + len(before) + number)
            rows = roster.parse(made_up, made_up_allowed=True).rows
            fresh = (row for row in rows if row.nip not in before)
            more = tuple(row for row in fresh if row.where.path.startswith(unit))[-number:]
            course = content.current().course
            store.import_roster(roster.Roster(rows=more), course, today=day_of(store.clock()), by="uji")
            free = [p for p in store.people_under(None) if p.nip in {row.nip for row in more}]
            for person in free:
                store.set_password(person.learner, _HASH)
                store.put_notice(person.learner)
            return [person.nip for person in free]

    def officer(self, role: str) -> str:
        """Return the NIP of the demo's officer; the password is `demo.PASSWORD`."""
        with self.store() as store:
            return str(next(held.nip for held in store.roles() if held.role == role))

    def kernel_pids(self) -> list[int]:
        """Return the process ids of the base, the forkers and the kernels, in order of birth."""
        assert self.process is not None
        found = [
            one for one in psutil.Process(self.process.pid).children(recursive=True)
            if "netralitas.web.forker" in " ".join(one.cmdline())
        ]  # fmt: skip
        return [one.pid for one in sorted(found, key=lambda one: (one.create_time(), one.pid))]


def learner_of(store: Store, nip: str) -> str:
    account = store.account_by_nip(nip)
    assert account is not None
    return account.learner


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Client:
    """A logged-in browser without a screen."""

    def __init__(self, site: Site, nip: str = "", password: str = PASSWORD) -> None:
        self.site, self.http, self.received = site, requests.Session(), 0
        if nip:
            answer = self.login(nip, password)
            assert (answer.status_code, answer.url) == (200, self.site.url + "/"), answer.text

    def token(self, path: str = "/masuk") -> str:
        found = re.search(
            r'name="_xsrf" value="([^"]+)"', self.http.get(self.site.url + path, timeout=20).text
        )
        assert found
        return found[1]

    def login(self, nip: str, password: str, **fields: str) -> requests.Response:
        body = {"nip": nip, "sandi": password, "_xsrf": self.token(), **fields}
        return self.http.post(self.site.url + "/masuk", data=body, timeout=20)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.site.url + path, timeout=60, **options)

    def post(self, path: str, **fields: str) -> requests.Response:
        token = self.token("/" if self.http.cookies.get("netralitas_sesi") else "/masuk")
        return self.http.post(self.site.url + path, data={"_xsrf": token, **fields}, timeout=20)

    def page(self, slug: str = MODULE, at: str = "/modul") -> dict[str, Any]:
        """Return what a module page carries for its widgets, by object."""
        answer = self.get(f"{at}/{slug}")
        self.received = int(answer.headers["Content-Length"])
        assert answer.status_code == 200, answer.text
        found = re.search(
            r'<script type="application/json" id="halaman">(.*?)</script>', answer.text, re.DOTALL
        )
        assert found
        state: dict[str, Any] = json.loads(unescape(found[1]))
        return state

    def channel(self, slug: str = MODULE, query: str | None = None, *, at: str = "/modul") -> Channel:
        """Open a page and its line, as a fresh page does, or with another `query`."""
        return Channel(self, slug, query, at=at)


class Channel:
    """A tab's websocket; keeps the newest state of each widget."""

    opened: ClassVar[list[Channel]] = []

    def __init__(
        self, client: Client, slug: str, query: str | None, *, at: str = "/modul", line: str = ""
    ) -> None:
        page = client.page(slug, at)
        known = f"?isi={page['generation']}" + (f"&seq={page['seq']}" if query is None else query)
        self.ids = {w["state"]["object"]: w["id"] for w in page["widgets"]}
        self.state = {w["id"]: dict(w["state"]) for w in page["widgets"]}
        self.received: list[dict[str, Any]] = []
        cookies = "; ".join(f"{c.name}={c.value}" for c in client.http.cookies)
        self.socket = websocket.create_connection(
            f"{client.site.url.replace('http', 'ws')}{line or page['channel']}{known}",
            cookie=cookies, origin=client.site.url, timeout=30,
        )  # fmt: skip

        self.opened.append(self)

    def view(self, root: str) -> dict[str, Any]:
        view: dict[str, Any] = self.state[self.ids[root]]["view"]
        return view

    def send(self, root: str, content: dict[str, Any]) -> str:
        """Send a custom message; return its event id."""
        content = content if content.get("kind") == "draft" else {"event": str(uuid.uuid4()), **content}
        self.raw(frame(self.ids[root], {"method": "custom", "content": content}))
        return str(content.get("event"))

    def ask(self, root: str, **question: str) -> str:
        """Ask a part of a dashboard; return the markup it shows."""
        mark = uuid.uuid4().hex
        content = {"kind": "ask", "mark": mark, "question": question}
        self.raw(frame(self.ids[root], {"method": "custom", "content": content}))
        told = self.until(lambda c: c["data"].get("content", {}).get("mark") == mark)["data"]["content"]
        assert told["kind"] == "answer", told
        return str(told["html"])

    def raw(self, data: Any) -> None:
        self.socket.send(data if isinstance(data, str | bytes) else json.dumps(data))

    def read(self) -> dict[str, Any]:
        """Take one frame and keep what it says."""
        data = self.socket.recv()
        if not data:
            raise ConnectionError("the line was closed")
        content: dict[str, Any] = json.loads(data)["content"]
        self.received.append(content)
        if content["data"]["method"] == "update":
            self.state[content["comm_id"]].update(content["data"]["state"])
        return content

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            content = self.read()
            if wanted(content):
                return content

    def settled(self, event: str) -> dict[str, Any]:
        """Wait for the receipt or refusal of an event."""
        content = self.until(lambda c: c["data"].get("content", {}).get("event") == event)
        told: dict[str, Any] = content["data"]["content"]
        return told

    def do(self, root: str, content: dict[str, Any]) -> dict[str, Any]:
        return self.settled(self.send(root, content))

    def close(self) -> None:
        self.socket.close()


def reply(item: dict[str, Any], choice: int = 0) -> Any:
    """Return an answer to an item of any kind as a page shows it: by one of its choices, or all alike."""
    if "choices" in item:
        return [item["choices"][choice % len(item["choices"])]["id"]]
    rows, columns = item.get("rows", []), item.get("columns", [])
    if item["kind"] == "rating":
        return {row["id"]: str(1 + choice % 4) for row in rows}
    if columns:
        return {row["id"]: columns[(choice + n) % len(columns)]["id"] for n, row in enumerate(rows)}
    return [row["id"] for row in rows] if rows else str(choice)


def finish(client: Client, known: Content, slug: str = MODULE) -> None:
    """Bring a module to completion along the ways and answers its authors recommend."""
    module = known.course.module(slug)
    for name in module.scenarios:
        story = known.scenarios[name]
        # A line of its own for each: one line takes no more messages a second than a person sends.
        line = client.channel(slug)
        line.do(story.root, {"kind": "open"})
        here = begin(story)
        for letter in story.recommended:
            scene = story.scene(here.place)
            assert scene is not None
            rated = isinstance(scene, RateScene)
            said = {"kind": "rate", "ratings": scene.key} if rated else {"kind": "choose", "choice": letter}
            sure = {"certainty": "yakin"} if scene.certainty else {}
            told = line.do(story.root, {"scene": scene.id, **said, **sure})
            assert told["kind"] == "receipt", told
            here = advance(story, here, letter)
        line.close()
    if module.quiz:
        sit(line := client.channel(slug), known.quizzes[module.quiz])
        line.close()


def sit(line: Channel, quiz: Quiz) -> None:
    """Answer a quiz by its key, in an attempt of its own."""
    line.do(quiz.root, {"kind": "open"})
    for shown in line.view(quiz.root)["questions"]:
        question = quiz.question(shown["id"])
        sure = {"certainty": "yakin"} if question.certainty else {}
        message = {"kind": "answer", "item": question.id, "answer": key_reply(question), **sure}
        told = line.do(quiz.root, message)
        assert told["kind"] == "receipt", told


def frame(comm_id: str, data: dict[str, Any], kind: str = "comm_msg") -> dict[str, Any]:
    """Return a Jupyter message as a browser sends it."""
    return {
        "header": {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.3"},
        "parent_header": {}, "metadata": {}, "channel": "shell",
        "content": {"comm_id": comm_id, "data": data},
    }  # fmt: skip


DEMO = demo.PASSWORD
