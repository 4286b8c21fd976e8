"""Written cases from the learner's page to the marker's and back, with every process real."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from grader.double import Hands
from netralitas import content
from netralitas.demo import PASSWORD as DEMO
from netralitas.quizzes import key_reply
from tests.e2e.test_journey import log_in
from tests.grader.office import CASE, NETRALITAS, SLUG, Office, copied, furnish, learners, peopled, write_case
from tests.site import PASSWORD, Client, Site, free_port, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
PEOPLE = 60
SLOW = 60_000
HOSTILE = [
    "<script>window.hit=1;fetch('http://luar.contoh/a')</script>",
    "<img src=http://luar.contoh/b onerror='window.hit=1'>",
    '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
    "<svg onload=window.hit=1>",
    "<style>@import 'http://luar.contoh/c';</style>",
    "<link rel=stylesheet href=http://luar.contoh/d>",
    "![](http://luar.contoh/e.png)",
    "[klik](javascript:window.hit=1)",
    "</code></pre><script>window.hit=1</script>",
    "```\n<script>window.hit=1</script>\n```",
    "````\n```\n````\n<b onmouseover=window.hit=1>",
    "~~~\n<script>window.hit=1</script>",
    "$$" + "\\frac{1}{" * 400 + "1" + "}" * 400 + "$$",
    "$$\\def\\a{\\a\\a}\\a$$",
    "\\(\\require{html}\\href{javascript:window.hit=1}{x}\\)",
    "$\\newcommand{\\x}[1]{\\x{#1#1}}\\x{a}$",
    "{{ resources }} {% raw %}{{ 7*7 }}",
    "<!-- " * 200,
    "</textarea><script>window.hit=1</script>",
    "</title></head><script>window.hit=1</script>",
    "=== BEGIN HIDDEN TESTS ===\nwindow.hit=1\n=== END HIDDEN TESTS ===",
    "=== BEGIN MARK SCHEME ===\n<script>window.hit=1</script>\n=== END MARK SCHEME ===",
    "<meta http-equiv=refresh content='0;url=http://luar.contoh/f'>",
    "<form action=http://luar.contoh/g><input autofocus onfocus=window.hit=1></form>",
    "<object data=http://luar.contoh/h></object><embed src=http://luar.contoh/i>",
    "<video src=http://luar.contoh/j onloadstart=window.hit=1 autoplay>",
    "<math><mtext><script>window.hit=1</script></mtext></math>",
    "\u202e<script>window.hit=1</script>\u2066\ufeff",
    "<a href='data:text/html,<script>opener.hit=1</script>' target=_blank id=x>x</a>",
    "x" * 19_000,
]


@contextmanager
def marking_place(office: Office, port: int) -> Iterator[str]:
    """`netralitas trainer` in a process of its own."""
    url = f"http://127.0.0.1:{port}"
    with (office.home / "trainer.log").open("w") as log:
        process = subprocess.Popen(
            [NETRALITAS, "trainer", "--port", str(port)],
            env=office.environment, cwd=office.home, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 180
            while f"siap di {url}." not in (office.home / "trainer.log").read_text():
                assert time.monotonic() < deadline, (office.home / "trainer.log").read_text()
                assert process.poll() is None, (office.home / "trainer.log").read_text()
                time.sleep(0.1)
            # It says so once it answers.
            assert requests.get(f"{url}/login", timeout=30).status_code == 401
            yield url
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return furnish(tmp_path_factory.mktemp("kantor"))


@contextmanager
def opened(office: Office) -> Iterator[tuple[Office, Site, str]]:
    """An office's site and its marking place."""
    port = free_port()
    site = Site(office.home, content=office.place, NETRALITAS_TRAINER=f"http://127.0.0.1:{port}")
    try:
        site.start()
        with marking_place(office, port) as url:
            yield office, site, url
    finally:
        site.kill()


@pytest.fixture
def place(furnished: Office, tmp_path: Path) -> Iterator[tuple[Office, Site, str]]:
    """An office with PEOPLE learners, its site, and its marking place."""
    with opened(peopled(copied(furnished, tmp_path), PEOPLE, cases=False)) as found:
        yield found


def sit_and_write(site: Site, office: Office, nip: str, text: str) -> Client:
    """Sit the quiz and send the case through the site's own channel."""
    client, quiz = Client(site, nip), office.quiz
    tab = client.channel(SLUG)
    tab.do(quiz.root, {"kind": "open"})
    for shown in tab.view(quiz.root)["questions"]:
        question = quiz.question(shown["id"])
        answer: Any = key_reply(question)
        sure = {"certainty": "yakin"} if question.certainty else {}
        given = [*answer] if isinstance(answer, tuple) else answer
        tab.do(quiz.root, {"kind": "answer", "item": question.id, "answer": given, **sure})
    assert tab.do(quiz.root, {"kind": "write", "item": CASE, "text": text})["kind"] == "receipt"
    return client


def trainer_at(browser: Browser, site: Site, nip: str = "", password: str = DEMO) -> Page:
    """A trainer who came from the site's page to the marking place."""
    page = browser.new_context(locale="id-ID").new_page()
    log_in(page, site.url, nip or site.officer("trainer"), password)
    page.goto(f"{site.url}/pelatih")
    page.get_by_role("link", name="Nilai studi kasus").click()
    page.get_by_role("link", name="Buka tempat menilai").click()
    expect(page.get_by_role("link", name="Penilaian ganda")).to_be_visible(timeout=SLOW)
    return page


def ask(browser: Browser, site: Site, step: str, done: str) -> None:
    """Let a trainer ask the site for a step, and wait until it says that it is done."""
    page = browser.new_context(locale="id-ID").new_page()
    log_in(page, site.url, site.officer("trainer"), DEMO)
    page.goto(f"{site.url}/pelatih/penilaian")
    page.get_by_role("button", name=step).click()
    expect(page.get_by_role("status")).to_contain_text(done, timeout=10 * SLOW)
    page.context.close()


def blind(page: Page, url: str) -> Page:
    """The same trainer where they mark without seeing the others."""
    page.get_by_role("link", name="Penilaian ganda").click()
    expect(page).to_have_url(f"{url}/ganda/formgrader/gradebook")
    return page


def submissions(page: Page, url: str) -> dict[str, str]:
    """The address of each submission, by learner, as the trainer's browser is told."""
    told = json.loads(page.request.get(f"{url}/formgrader/api/submitted_notebooks/{SLUG}/{SLUG}").text())
    return {row["student"]: f"{url}/formgrader/submissions/{row['id']}/" for row in told}


def score(page: Page, criterion: int, points: str, comment: str = "") -> None:
    rubric = page.locator(".nbgrader_cell", has=page.locator(".comment")).nth(criterion)
    field = rubric.locator(".score")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url):
        field.fill(points)
        field.press("Tab")
    if comment:
        with page.expect_response(lambda answer: "/api/comment/" in answer.url):
            rubric.locator(".comment").fill(comment)
            rubric.locator(".comment").press("Tab")


def test_a_case_goes_to_the_marker_and_comes_back(place: tuple[Office, Site, str], browser: Browser) -> None:
    office, site, url = place
    nip = site.people(1)[0]
    learner = sit_and_write(site, office, nip, "Saya simpan undangannya, lalu melapor.")
    with office.store() as store:
        who = learner_of(store, nip)
        course = content.load(office.place).course
        for one in [name for name in learners(store) if name != who][:2]:
            write_case(store, office.quiz, course, one, "Saya mencatat kejadiannya.")
    ask(browser, site, "Kumpulkan", "Jawaban sudah dikumpulkan")
    # Nobody comes in without a ticket, and a used one is worth nothing.
    assert requests.get(f"{url}/formgrader/gradebook", timeout=30, allow_redirects=False).status_code == 302
    first, second = trainer_at(browser, site), trainer_at(browser, site)
    addresses = submissions(first, url)
    assert len(addresses) == PEOPLE + 1
    for page in (first, second):
        page.goto(addresses[who])
        expect(page.get_by_text("Saya simpan undangannya, lalu melapor.")).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("Contoh jawaban")).to_be_visible()
    score(first, 0, "2", "Bagus, bukti disimpan.")
    score(first, 1, "1")
    score(first, 2, "0")
    score(second, 0, "0")
    expect(second.get_by_role("alert")).to_contain_text("sudah dinilai oleh")
    second.reload()
    shown = second.locator(".nbgrader_cell", has=second.locator(".comment")).first.locator(".score")
    expect(shown).to_have_value("2", timeout=SLOW)
    office.do("publish", SLUG)
    # Of three looks the quickest: a machine that is busy for a moment is no fault.
    looks = [learner.get("/hasil") for _look in range(3)]
    assert min(look.elapsed for look in looks) < timedelta(seconds=1)
    page = looks[0].text
    for text in ("3 dari 5 poin", "sebagian terpenuhi", "belum terpenuhi", "Bagus, bukti disimpan.",
                 "Menulis akan melapor, tetapi belum menyebut ke mana."):  # fmt: skip
        assert text in page
    assert "slot_points" not in page
    # What only the commands may do is refused, and the journal knows who saved.
    token = next(c["value"] for c in first.context.cookies() if c["name"] == "_xsrf" and c["path"] == "/")
    refused = first.request.post(
        f"{url}/formgrader/api/assignment/{SLUG}/collect", headers={"X-XSRFToken": token}
    )
    assert refused.status == 404
    lines = [json.loads(line) for line in (office.home / "grader" / "penilai.jsonl").read_text().splitlines()]
    assert len(lines) == 4
    assert "Bagus" not in json.dumps([line for line in lines if line["seen"].count("/") == 1])


def test_two_mark_blind_a_third_decides_and_the_learner_reads_what_they_agreed_on(
    tmp_path: Path, browser: Browser
) -> None:
    with opened(peopled(furnish(tmp_path, markers=2), 6, cases=False)) as (office, site, url):
        nip, *trainers = site.people(4)
        with site.store() as store:
            for one in trainers:
                store.grant(learner_of(store, one), "trainer", None, by="uji")
            who = learner_of(store, nip)
            nips = {learner_of(store, one): one for one in [*trainers, site.officer("trainer")]}
        learner = sit_and_write(site, office, nip, "Saya simpan undangannya, lalu melapor.")
        ask(browser, site, "Kumpulkan", "Jawaban sudah dikumpulkan")

        def at(marker: str) -> Page:
            password = DEMO if nips[marker] == site.officer("trainer") else PASSWORD
            return blind(trainer_at(browser, site, nips[marker], password), f"{url}")

        markers = [at(one) for one in hands(office)[who].markers]
        for page, points, comment in zip(
            markers, ((2, 2, 1), (2, 0, 1)), ("Jelas.", "Ke mana?"), strict=True
        ):
            # The quiz is in the gradebook of who marks it, and in no list both see.
            expect(page.get_by_role("link", name=SLUG)).to_be_visible(timeout=SLOW)
            assert page.request.get(f"{url}/formgrader/api/submitted_notebooks/{SLUG}/{SLUG}").status == 404
            hidden = f"{url}/files/.penilai/{SLUG}.json"
            assert page.request.get(hidden, headers={"Referer": page.url}).status == 404
            page.goto(submissions(page, f"{url}/ganda")[who])
            expect(page.get_by_text("Menulis akan melapor, tetapi belum menyebut ke mana.")).to_be_visible()
            fields = page.locator(".score:enabled")
            expect(fields).to_have_count(3, timeout=SLOW)
            assert [field.input_value() for field in fields.all()] == [""] * 3
            for at_, value in enumerate(points):
                score(page, at_, str(value), comment if at_ == 1 else "")
            expect(page.get_by_role("status")).to_contain_text("Tersimpan.")
        ask(browser, site, "Kembalikan", "Nilai sudah dikembalikan")
        assert "Belum selesai dinilai." in learner.get("/hasil").text

        third = at(hands(office)[who].third)
        third.goto(submissions(third, f"{url}/ganda")[who])
        expect(third.locator(".score:enabled")).to_have_count(1, timeout=SLOW)
        expect(third.get_by_text("Ke mana?")).to_have_count(0)
        score(third, 1, "1", "Sebut salurannya.")
        ask(browser, site, "Kembalikan", "Nilai sudah dikembalikan")
        page = learner.get("/hasil").text
        reached = "Menulis akan melapor, tetapi belum menyebut ke mana."
        for text in ("4 dari 5 poin", "Sebut salurannya.", reached, "diputuskan pelatih ketiga"):
            assert text in page
        assert "Jelas." not in page


def hands(office: Office) -> dict[str, Hands]:
    rows = json.loads((office.home / "grader" / ".penilai" / f"{SLUG}.json").read_text(encoding="utf-8"))
    return {who: Hands.model_validate(row, strict=False) for who, row in rows.items()}


def test_what_learners_typed_is_inert_in_formgrader(
    place: tuple[Office, Site, str], browser: Browser
) -> None:
    office, site, url = place
    with office.store() as store:
        course = content.load(office.place).course
        chosen = learners(store)[: len(HOSTILE)]
        for who, text in zip(chosen, HOSTILE, strict=True):
            write_case(store, office.quiz, course, who, text)
    for step in ("collect", "run"):
        office.do(step, SLUG)
    page = trainer_at(browser, site)
    addresses = submissions(page, url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    for who, text in zip(chosen, HOSTILE, strict=True):
        page.goto(addresses[who], wait_until="networkidle")
        assert page.evaluate("window.hit") is None, text[:60]
        assert page.url == addresses[who], text[:60]
        shown = page.locator("pre", has_text=" ".join(text.split("\n")[0].split())[:30]).first
        assert shown.count() or not text.split("\n")[0].strip(), text[:60]
    assert [one for one in asked if not one.startswith((url, "data:"))] == []
