"""FIGURE=page: the module in a real Chromium, from the address to a verdict; each server in turn.

Measured inside the page, from the start of the navigation: until the first prose is visible (laid out, not
hidden, in the frame about to be painted), until every control answers («Mulai kuis» is pressed as soon as it
is there; it is the last control of the page, and the first question comes from the server), and until the
verdict of that question (ours: after the durable write). Also bytes over the line and requests, those the
cache answered left out: what Chromium counts for every response with its headers, plus the content of
websocket frames, until the verdict and half a second. `static` is the floor: the same prose and picture as
one local file, without controls.

Each visit is a new learner. Cold: a fresh browser context, empty cache. Warm: the next visit in the same
context. Slow: cold, the page's processor slowed 4 times, 1.6 Mbit/s down, 750 kbit/s up, 300 ms, all by
Chromium's own emulation, which slows neither the server nor the browser's network process. Not measured:
logging in.

Bounded: ROUNDS cold and warm visits (default 5) and SLOW slow ones (default 2) for each; a visit may take
three minutes, the run MINUTES (default 20). Chromium can resolve no name and sees loopback only; what it
could not load is printed. WITHOUT=stock,solara leaves servers out. Browser and servers end with the run.
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

from nbconvert.filters.markdown_mistune import markdown2html_mistune
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.course import COURSE
from bench.measure import bounded, headline, median, table
from bench.servers import Ours, Server, Solara, Stock
from tests.site import MODULE

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SLOW = int(os.environ.get("SLOW", "2"))
MINUTES = float(os.environ.get("MINUTES", "20"))
WITHOUT = os.environ.get("WITHOUT", "").split(",")
PATIENCE = 180.0
SLOW_LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOW_CPU = 4
LOOK = """
(() => {
  if (window !== window.top) return;
  const seen = (window.bench = {});
  const pressed = {};
  const visible = (one) =>
    one.getClientRects().length > 0 &&
    one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const shows = (tags, words) =>
    [...document.querySelectorAll(tags)].some((one) => words.test(one.textContent.trim()) && visible(one));
  const press = (label) => {
    // Once; a second time only when nothing came of it for long.
    if (performance.now() - (pressed[label] ?? -Infinity) < 10000) return;
    const button = [...document.querySelectorAll("button")].find(
      (one) => one.textContent.trim().startsWith(label) && !one.disabled && visible(one)
    );
    if (!button) return;
    pressed[label] = performance.now();
    button.click();
  };
  const look = () => {
    const now = performance.now();
    if (!seen.prose) {
      // Asked again: looking has the browser lay the page out, which takes its time.
      if (shows("p", PROSE)) seen.prose = performance.now();
    } else if (!seen.begun) {
      if (shows("h2, h3, h4", /^Soal 1 dari/)) seen.begun = performance.now();
      else press("Mulai kuis");
    } else {
      const input = document.querySelector("input[type=radio], input[type=checkbox]");
      if (shows("h4", /(Tepat|tepat)$/)) {
        seen.verdict = performance.now();
        return;
      }
      if (document.querySelector("input:checked")) press("Kirim jawaban");
      else if (input && now - (pressed.input ?? -Infinity) > 200) {
        // While the opening is on its way a choice cannot be ticked yet.
        pressed.input = now;
        input.click();
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


class Visit(NamedTuple):
    """What one visit took: milliseconds from navigation, bytes over the line, requests."""

    prose: float
    begun: float
    verdict: float
    received: float
    frames: float
    requests: float


class Line:
    """What went over the line of one page, as Chromium tells it."""

    def __init__(self, context: BrowserContext, page: Any) -> None:
        self.received = self.frames = self.requests = 0
        self.failed: list[str] = []
        self._urls: dict[str, str] = {}
        self.session = context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.loadingFinished", self._finished)
        self.session.on("Network.loadingFailed", self._failed)
        for way in ("Received", "Sent"):
            self.session.on(f"Network.webSocketFrame{way}", self._framed)

    def _sent(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        # Nothing over the line: it came from the cache, or is a data: or blob: address.
        if event["encodedDataLength"] > 0:
            self.received += int(event["encodedDataLength"])
            self.requests += 1

    def _failed(self, event: dict[str, Any]) -> None:
        self.failed.append(f"{event['errorText']} {self._urls.get(event['requestId'], '')[:100]}")

    def _framed(self, event: dict[str, Any]) -> None:
        told = event["response"]
        size = len(told["payloadData"].encode())
        self.frames += size if told["opcode"] == 1 else size * 3 // 4


class Static(Server):
    """The floor: prose and picture as one file from memory."""

    name = "static"

    def __enter__(self) -> Self:
        book = json.loads((COURSE / "modules" / f"{MODULE}.ipynb").read_text(encoding="utf-8"))
        prose = [
            markdown2html_mistune("".join(c["source"])) for c in book["cells"] if c["cell_type"] == "markdown"
        ]
        pictures = [path.read_text("utf-8") for path in sorted((COURSE / "data" / "figures").glob("*.svg"))]
        text = "<!doctype html><meta charset=utf-8><title>Modul</title>" + "".join([*prose, *pictures])

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = text.encode() if self.path == "/" else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def first_prose() -> str:
    """Return a JavaScript pattern for the first paragraph's first words."""
    book = json.loads((COURSE / "modules" / f"{MODULE}.ipynb").read_text(encoding="utf-8"))
    lines = "".join(book["cells"][0]["source"]).splitlines()
    words = next(line for line in lines if line and not line.startswith("#"))
    return f"/^{words.split(',')[0]}/"


def visit(server: Server, context: BrowserContext, *, slow: bool = False) -> Visit:
    """Open the module as a new learner, answer one question, and leave."""
    server.prepare(context)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.set_default_navigation_timeout(1000 * PATIENCE)
    line = Line(context, page)
    if slow:
        line.session.send("Network.emulateNetworkConditions", SLOW_LINE)
        line.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    page.goto(server.url, wait_until="commit")
    last = "prose" if isinstance(server, Static) else "verdict"
    deadline = time.monotonic() + PATIENCE
    # Our page forbids eval, which Playwright's own waiting would use.
    while not page.evaluate(f"window.bench && window.bench.{last}"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{server.name}: {page.evaluate('window.bench')} after {PATIENCE:.0f} s")
        page.wait_for_timeout(200)
    page.wait_for_timeout(500)
    seen = page.evaluate("window.bench")
    page.close()
    for told in line.failed:
        print(f"{server.name}: {told}")
    nothing = float("nan")
    prose, begun, verdict = (seen.get(name, nothing) for name in ("prose", "begun", "verdict"))
    return Visit(prose, begun, verdict, line.received, line.frames, line.requests)


def measured(servers: list[Server], browser: Browser) -> dict[str, dict[str, list[Visit]]]:
    """Return the visits by condition and server; servers take turns."""
    script = LOOK.replace("PROSE", first_prose())
    found: dict[str, dict[str, list[Visit]]] = {
        kind: {server.name: [] for server in servers} for kind in ("cold", "warm", "slow")
    }

    def fresh() -> BrowserContext:
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
        context.add_init_script(script)
        return context

    for server in servers:
        # The first visit ever warms server and browser.
        with fresh() as context:
            visit(server, context)
    for turn in range(max(ROUNDS, SLOW)):
        for server in servers:
            if turn < ROUNDS:
                with fresh() as context:
                    found["cold"][server.name].append(visit(server, context))
                    found["warm"][server.name].append(visit(server, context))
            if turn < SLOW:
                with fresh() as context:
                    found["slow"][server.name].append(visit(server, context, slow=True))
    return found


def main() -> None:
    """Print medians, ratios and the load of the machine."""
    if not Path(CHROMIUM).exists():
        raise SystemExit(f"{CHROMIUM} is missing: make tools")
    with bounded(60 * MINUTES), ExitStack() as stack:
        wanted = [Static(), Stock(), Solara(), Ours(learners=2 * ROUNDS + SLOW + 1)]
        servers = [stack.enter_context(one) for one in wanted if one.name not in WITHOUT]
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=60_000)
        stack.callback(browser.close)
        start = time.monotonic()
        found = measured(servers, browser)
        took, version = time.monotonic() - start, browser.version
    headline(
        "page", f"{ROUNDS} cold, {ROUNDS} warm, {SLOW} slow visits each, Chromium {version}, {took:.0f} s"
    )
    units = {
        "prose": ("until the first prose is visible, ms", 1),
        "begun": ("until every control answers, ms", 1),
        "verdict": ("until the first verdict, ms", 1),
        "received": ("responses over the line, KB", 1 / 1024),
        "frames": ("websocket frames, KB", 1 / 1024),
        "requests": ("requests over the line", 1),
    }
    for kind, visits in found.items():
        rows = {
            title: {
                who: median([getattr(one, name) for one in ones]) * factor for who, ones in visits.items()
            }
            for name, (title, factor) in units.items()
        }
        table(f"median, {kind}", rows)


if __name__ == "__main__":
    main()
