"""The servers that are compared, each with the same handles, and a learner's page on each without a screen.

    Stock     Voilà 0.5 with its lab template and an ordinary kernel a page; widgets record in memory
    Solara    the same module written for Solara (solara_module.py), production mode, one worker, assets from
              its own server; nobody logs in, answers stand in memory: it does less work than ours
    Ours      `netralitas serve --demo`: session, page, websocket, confined kernel, durable write

    with Ours(learners=9) as server:   start … end, whatever happens
        server.pid, server.name
        tab = await server.open()      one more learner's page and line; bytes over it in tab.received
        await tab.begin()              press «Mulai kuis», wait until the first question is there
        await tab.answer()             answer the question that is there, wait for its verdict
        server.prepare(context)        let one more learner's Chromium in; `server.url` is the page

A tab asks the server for what it needs and no more: a browser fetches scripts, styles and fonts besides
(what that costs says FIGURE=page). Learners of ours have their session put into the store beforehand, because
passwords are deliberately slow to check. Solara lives in an environment of its own under build/, made at
first use from solara.txt, so that our pins and its pins never meet.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, Self

import requests
from playwright.sync_api import BrowserContext
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bench.course import COURSE
from bench.measure import Meter, end, guarded
from netralitas.web.identity import COOKIE
from netralitas.widgets.learning import model_id
from tests.site import MODULE, Site, frame, free_port, learner_of, reply

ROOT = Path(__file__).parents[1]
QUIZ = f"quiz/{MODULE}"
PATIENCE = 120.0
"""Seconds one step of a tab may take."""


class Tab:
    """A learner's page: what came over the line, and the newest of what the server said."""

    line: WebSocketClientConnection

    def __init__(self) -> None:
        self.received, self.closed = 0, False
        self._news = asyncio.Event()

    async def fetch(self, url: str, cookie: str = "") -> tuple[str, Any]:
        """Get a page as a browser does, compressed where the server can; return its text and headers."""
        headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
        client = AsyncHTTPClient(force_instance=True)
        request = HTTPRequest(
            url,
            headers=headers,
            decompress_response=False,
            connect_timeout=PATIENCE,
            request_timeout=PATIENCE,
        )
        try:
            answer = await client.fetch(request)
        finally:
            client.close()
        self.received += len(answer.body)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(answer.body) if packed else answer.body).decode(), answer.headers

    async def connect(self, url: str, **headers: str) -> None:
        """Open the page's websocket."""
        request = HTTPRequest(url.replace("http", "ws", 1), headers=headers, connect_timeout=PATIENCE)
        self.line = await websocket_connect(
            request, on_message_callback=self._came, max_message_size=64 * 1024 * 1024
        )

    def _came(self, data: str | bytes | None) -> None:
        if data is None:
            self.closed = True
        else:
            self.received += len(data.encode() if isinstance(data, str) else data)
            self.heard(data)
        self._news.set()

    def heard(self, data: str | bytes) -> None:
        """Take a frame."""
        raise NotImplementedError

    async def until(self, wanted: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait until what was heard is enough. Raises ConnectionError, TimeoutError."""
        async with asyncio.timeout(patience):
            while not wanted():
                if self.closed:
                    raise ConnectionError("the line was closed")
                self._news.clear()
                await self._news.wait()

    async def begin(self) -> None:
        """Press «Mulai kuis» and wait for the first question."""
        raise NotImplementedError

    async def answer(self) -> None:
        """Answer the question that is there and wait for the verdict."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the page."""
        self.line.close()


class WidgetTab(Tab):
    """A page with our widgets: of stock Voilà and of ours. `view` is what a widget shows."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, dict[str, Any]] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.extra: dict[str, Any] = {}

    def heard(self, data: str | bytes) -> None:
        """Keep the newest state of each widget, and every receipt and refusal."""
        if isinstance(data, bytes):
            return
        said = json.loads(data).get("content", {})
        body = said.get("data", {})
        if body.get("method") == "update":
            self.states.setdefault(said["comm_id"], {}).update(body["state"])
        elif body.get("method") == "custom":
            self.told[str(body["content"].get("event"))] = body["content"]

    def view(self, root: str) -> dict[str, Any]:
        """Return what an object's widget shows; empty before it was told."""
        found: dict[str, Any] = self.states.get(model_id(root), {}).get("view", {})
        return found

    async def send(self, root: str, message: dict[str, Any]) -> str:
        """Send a message under the event id it carries, or a new one; return the id."""
        message = {"event": str(uuid.uuid4())} | message
        one = frame(model_id(root), {"method": "custom", "content": message})
        await self.line.write_message(json.dumps(one | {"header": one["header"] | self.extra, "buffers": []}))
        return str(message["event"])

    async def do(self, root: str, message: dict[str, Any], patience: float = PATIENCE) -> dict[str, Any]:
        """Send a message and return its receipt or refusal. Raises ConnectionError, TimeoutError."""
        event = await self.send(root, message)
        await self.until(lambda: event in self.told, patience)
        return self.told.pop(event)

    async def begin(self) -> None:
        told = await self.do(QUIZ, {"kind": "open"})
        assert told["kind"] == "receipt", told

    async def answer(self) -> None:
        told = await self.do(QUIZ, quiz_answer(self.view(QUIZ), 0))
        assert told["kind"] == "receipt", told


def quiz_answer(view: dict[str, Any], choice: int) -> dict[str, Any]:
    """Return the message that answers the open question of a running quiz by one of its choices."""
    item = next(one for one in view["questions"] if not one["answer"])
    return {"kind": "answer", "item": item["id"], "answer": reply(item, choice)}


class SolaraTab(Tab):
    """A page of Solara: the models of its ipywidgets, found by what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, dict[str, Any]] = {}
        self.ready = False

    def heard(self, data: str | bytes) -> None:
        """Keep the newest state of each model."""
        if isinstance(data, bytes):
            size = int.from_bytes(data[:4], "big")
            start, stop = (int.from_bytes(data[4 * n : 4 * n + 4], "big") for n in (1, 2))
            data = data[start : stop if size > 1 else None].decode()
        message = json.loads(data)
        kind, said = message["header"]["msg_type"], message["content"]
        if kind == "comm_open":
            self.models[said["comm_id"]] = dict(said["data"].get("state", {}))
        elif kind == "comm_close":
            self.models.pop(said["comm_id"], None)
        elif kind == "comm_msg" and said["data"].get("method") == "update":
            self.models.setdefault(said["comm_id"], {}).update(said["data"]["state"])
        elif kind == "comm_msg" and said["data"].get("method") == "finished":
            self.ready = True

    async def say(self, kind: str, said: dict[str, Any]) -> None:
        """Send a kernel message as Solara's own page does."""
        header = {
            "msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.2", "username": "", "session": "",
            "date": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "content": said}
        await self.line.write_message(json.dumps(message | {"buffers": []}))

    async def run(self) -> None:
        """Have the app drawn: the page's first word to its kernel."""
        control = uuid.uuid4().hex
        await self.say("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        args: dict[str, Any] = {
            "path": "/",
            "appName": None,
            "dark": False,
            "themes": {"light": {}, "dark": {}},
        }
        await self.say("comm_msg", {"comm_id": control, "data": {"method": "run", "args": args}})
        await self.until(lambda: self.ready)

    async def press(self, label: str) -> None:
        """Click the button of that label, as soon as it is there."""
        await self.until(lambda: self._button(label) is not None)
        event = {"method": "custom", "content": {"event": "click", "data": {}}}
        await self.say("comm_msg", {"comm_id": self._button(label), "data": event})

    def shows(self, *texts: str) -> bool:
        """Say whether some text begins with one of these."""
        return any(
            str(state.get("unsafe_innerHTML") or "").startswith(texts) for state in self.models.values()
        )

    async def begin(self) -> None:
        await self.press("Mulai kuis")
        await self.until(
            lambda: self.shows("Soal 1 dari") and bool(self._choices() and self._button("Kirim jawaban"))
        )

    async def answer(self) -> None:
        found = self._choices()
        assert found is not None
        name, value = found
        update = {"method": "update", "state": {"v_model": value}, "buffer_paths": []}
        await self.say("comm_msg", {"comm_id": name, "data": update})
        await self.press("Kirim jawaban")
        await self.until(lambda: self.shows("Tepat", "Sebagian tepat", "Belum tepat"))

    def _button(self, label: str) -> str | None:
        for name, state in self.models.items():
            if state.get("_model_name") == "BtnModel" and label in (state.get("children") or []):
                return name
        return None

    def _choices(self) -> tuple[str, Any] | None:
        """Return the control of the quiz's question and the value of its first choice."""
        for name, state in self.models.items():
            kind = state.get("_model_name")
            if kind in {"CheckboxModel", "RadioGroupModel"}:
                return name, True if kind == "CheckboxModel" else "a"
        return None


class Server:
    """One server; see the module."""

    name: str
    pid: int
    meter: Meter
    url: str
    """The module's page."""

    def __enter__(self) -> Self:
        try:
            self.start()
            guarded(self.pid)
            self.meter = Meter(self.pid)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self.meter.close()

    def start(self) -> None:
        """Start, and return when pages are served."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the server and all its processes."""
        raise NotImplementedError

    async def open(self) -> Tab:
        """Open one more learner's page."""
        raise NotImplementedError

    def prepare(self, context: BrowserContext) -> None:
        """Let one more learner into this browser."""


class _Started(Server):
    """A server that is a command of this machine, with a home of its own that goes with it."""

    process: subprocess.Popen[bytes] | None = None

    def command(self, port: int) -> list[str]:
        raise NotImplementedError

    def environment(self, home: str) -> dict[str, str]:
        raise NotImplementedError

    def start(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="netralitas-bench-")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        with (Path(self._home.name) / "log").open("w") as log:
            self.process = subprocess.Popen(
                self.command(port), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(self._home.name),
            )  # fmt: skip
        self.pid = self.process.pid
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                requests.get(f"{self.url}static/none", timeout=5)
            except requests.RequestException:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self.name} did not start: {(Path(self._home.name) / 'log').read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            end(self.process.pid, self._terminate)
            self._home.cleanup()
            self.process = None

    def _terminate(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=30)


class Stock(_Started):
    """Stock Voilà 0.5 with the lab template."""

    name = "stock"

    def command(self, port: int) -> list[str]:
        book = COURSE / "modules" / f"{MODULE}.ipynb"
        program = str(Path(sys.executable).parent / "voila")
        return [program, str(book), "--no-browser", f"--port={port}", "--template=lab"]

    def environment(self, home: str) -> dict[str, str]:
        return os.environ | {
            "NETRALITAS_CONTENT": str(COURSE),
            "HOME": home,
            "JUPYTER_CONFIG_DIR": home,
            "IPYTHONDIR": home,
        }

    async def open(self) -> WidgetTab:
        tab = WidgetTab()
        text, _headers = await tab.fetch(self.url)
        found = re.search(r'"kernelId":\s*"([0-9a-f-]+)"', text)
        assert found, "stock Voilà shows no kernel"
        tab.extra = {"session": uuid.uuid4().hex, "username": "", "date": "2026-01-01T00:00:00Z"}
        await tab.connect(f"{self.url}api/kernels/{found[1]}/channels", Origin=self.url.rstrip("/"))
        return tab


class Solara(_Started):
    """The module written for Solara."""

    name = "solara"

    def command(self, port: int) -> list[str]:
        return [
            str(solara_home() / "bin" / "solara"), "run", str(ROOT / "bench" / "solara_module.py"),
            "--host=127.0.0.1", f"--port={port}", "--production", "--workers=1", "--no-open",
            "--no-check-version", "--log-level=warning",
        ]  # fmt: skip

    def environment(self, home: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SOLARA_", "NETRALITAS_"))}
        return kept | {
            "HOME": home,
            "PYTHONPATH": str(ROOT),
            "NETRALITAS_CONTENT": str(COURSE),
            "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
            # What solara-assets does not bring must fail here, not come from elsewhere.
            "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
        }

    async def open(self) -> SolaraTab:
        tab = SolaraTab()
        _text, headers = await tab.fetch(self.url)
        cookie = headers["Set-Cookie"].partition(";")[0]
        kernel, page = uuid.uuid4(), uuid.uuid4()
        await tab.connect(f"{self.url}jupyter/api/kernels/{kernel}/channels?session_id={page}", Cookie=cookie)
        await tab.run()
        return tab


class Ours(Server):
    """Our site, with so many learners who have logged in."""

    name = "ours"

    def __init__(self, learners: int) -> None:
        self._number = learners
        self._site: Site | None = None

    def start(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="netralitas-bench-")
        self._site = Site(Path(self._home.name), content=COURSE)
        self._site.start()
        assert self._site.process is not None
        self.pid = self._site.process.pid
        self.url = f"{self._site.url}/modul/{MODULE}"
        nips = self._site.people(self._number)
        with self._site.store() as store:
            self.learners = [learner_of(store, nip) for nip in nips]
            self.tokens = {learner: store.open_session(learner) for learner in self.learners}
        self._next = iter(self.learners)
        # The page is made at the first visit or soon after the start; nobody's open should pay for it.
        cookie = {COOKIE: self.tokens[self.learners[0]]}
        first = requests.get(self.url, cookies=cookie, timeout=60)
        assert first.status_code == 200, (first.text, (Path(self._home.name) / "serve.log").read_text())

    def stop(self) -> None:
        if self._site is not None:
            if self._site.process is not None:
                end(self._site.process.pid, self._site.stop)
            self._home.cleanup()
            self._site = None

    @property
    def site(self) -> Site:
        """The running site."""
        assert self._site is not None
        return self._site

    async def open(self) -> WidgetTab:
        return await self.open_as(next(self._next))

    async def open_as(self, learner: str) -> WidgetTab:
        """Open the page of a certain learner."""
        tab, cookie = WidgetTab(), f"{COOKIE}={self.tokens[learner]}"
        text, _headers = await tab.fetch(self.url, cookie)
        found = re.search(r'<script type="application/json" id="halaman">(.*?)</script>', text, re.DOTALL)
        assert found, "our page has no state"
        page = json.loads(unescape(found[1]))
        tab.states = {one["id"]: dict(one["state"]) for one in page["widgets"]}
        url = f"{self.site.url}{page['channel']}?isi={page['generation']}&seq={page['seq']}"
        await tab.connect(url, Cookie=cookie, Origin=self.site.url)
        return tab

    def prepare(self, context: BrowserContext) -> None:
        cookie = {"name": COOKIE, "value": self.tokens[next(self._next)], "url": self.site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]


def solara_home() -> Path:
    """Return Solara's own environment; made at first use from the pins in solara.txt."""
    pins = ROOT / "bench" / "solara.txt"
    mark = hashlib.sha256(pins.read_bytes()).hexdigest()[:12]
    home = ROOT / "build" / f"solara-{mark}"
    if not (home / "ready").exists():
        print(f"Making Solara's environment in {home} (once, some minutes) …", flush=True)
        # The environment's Python may have no ensurepip (Debian); our pip can install into another's.
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(home)], check=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet",
             "--disable-pip-version-check", "--requirement", str(pins)],
            check=True,
        )  # fmt: skip
        (home / "ready").touch()
    return home
