"""Bad lines: whatever the line does, no answer is lost or counted twice, and nothing stays in the browser."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from netralitas import content
from netralitas.quizzes import key_reply
from tests.e2e.hands import asked, fill, missed, part
from tests.e2e.test_journey import log_in
from tests.e2e.test_kinds import filled
from tests.proxy import FAULTS, Fault, Proxy
from tests.site import MODULE, Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(5400)]
ROUNDS = 200 if os.environ.get("NETRALITAS_FULL") == "1" else 20
SEED = 20261122
ASKED = content.current().quizzes[MODULE]
ITEMS = ASKED.size
QUIZ = f"quiz/{MODULE}"
SLOW = 90_000
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('netralitas/'))"
CALM = ("WebSocket", "ERR_", "Failed to load resource")
"""What a browser itself says of a line that broke."""


@pytest.fixture
def line(start: Callable[..., Site]) -> Iterator[tuple[Site, Proxy]]:
    site = start()
    proxy = Proxy(site.port)
    yield site, proxy
    proxy.close()


def begin(page: Page) -> None:
    for name in ("Mulai kuis", "Coba lagi"):
        button = page.get_by_role("button", name=name)
        if button.count():
            button.click()
    expect(page.get_by_text(f"Soal 1 dari {ITEMS}")).to_be_visible(timeout=SLOW)


def tick(box: Locator, *, right: bool = True) -> None:
    """Fill in the question on the screen."""
    question = asked(box, ASKED)
    fill(box, question, key_reply(question) if right else missed(question))


def left(page: Page, number: int) -> None:
    """Wait until the browser keeps so much; asked from here, since the page's policy lets no script poll."""
    deadline = time.monotonic() + SLOW / 1000
    while len(page.evaluate(KEPT)) != number:
        assert time.monotonic() < deadline, page.evaluate(KEPT)
        page.wait_for_timeout(100)


def rounds(dice: random.Random) -> Iterator[tuple[Fault, str]]:
    """Each way to fail as often as the others, in any order, at any moment of an answer."""
    while True:
        for fault in dice.sample(FAULTS, len(FAULTS)):
            yield fault, dice.choice(("before", "draft", "sent"))


def answered(box: Locator, proxy: Proxy, fault: Fault, moment: str, dice: random.Random) -> None:
    """Fill in and send what comes, and break the line at that moment."""
    tick(box, right=dice.random() < 0.5)
    if moment == "draft":
        box.page.wait_for_timeout(dice.randrange(600))
        proxy.fail(fault)
    box.get_by_role("button", name="Kirim jawaban").click()
    if moment == "sent":
        box.page.wait_for_timeout(dice.randrange(40))
        proxy.fail(fault)


def test_no_answer_is_lost_and_none_counts_twice(line: tuple[Site, Proxy], phone: Page) -> None:
    site, proxy = line
    nip = site.people(1)[0]
    log_in(phone, proxy.url, nip)
    phone.goto(f"{proxy.url}/modul/{MODULE}")
    box = part(phone, ASKED.title)
    dice = random.Random(SEED)
    for number, (fault, moment) in zip(range(ROUNDS), rounds(dice), strict=False):
        if moment == "before":
            proxy.fail(fault)
        if number % ITEMS == 0:
            begin(phone)
        expect(phone.get_by_text(f"Soal {number % ITEMS + 1} dari {ITEMS}")).to_be_visible(timeout=SLOW)
        answered(box, proxy, fault, moment, dice)
        last = number % ITEMS == ITEMS - 1
        onward = phone.get_by_role("button", name="Lihat hasil" if last else "Soal berikutnya")
        expect(onward).to_be_visible(timeout=SLOW)
        onward.click()
    with site.store() as store:
        learner = learner_of(store, nip)
        events = store.events_of(learner, [QUIZ])
        assert [one for one in store.events_of(learner) if one.verb == "refused"] == []
        assert store.verify_chains() == []
    counted = Counter((one.attempt, one.object) for one in events if one.verb == "answered")
    lost, doubled = ROUNDS - len(counted), counted.total() - len(counted)
    print(f"{ROUNDS} rounds, seed {SEED}: {lost} lost, {doubled} doubled")  # noqa: T201
    assert (lost, doubled) == (0, 0)
    assert len(events) - counted.total() == -(-ROUNDS // ITEMS), "one beginning for each attempt"
    left(phone, 0)
    assert [text for text in phone.said if not any(word in text for word in CALM)] == []  # type: ignore[attr-defined]


def test_a_lost_receipt_is_asked_for_again(start: Callable[..., Site], phone: Page) -> None:
    """The verdict comes, the line dies before the receipt: nobody has to wait, and it is noticed."""
    site = start()
    lost: list[str] = []
    kept: list[int] = []

    def without_a_receipt(near: WebSocketRoute) -> None:
        far = near.connect_to_server()

        def relay(message: str | bytes) -> None:
            if not lost and "receipt" in str(message) and "answered" in verbs(site, nip):
                lost.append(str(message))
            else:
                near.send(message)

        far.on_message(relay)

    nip = site.people(1)[0]
    phone.route_web_socket(f"**/modul/{MODULE}/saluran*", without_a_receipt)
    to_the_quiz(phone, site.url, nip)
    for _question in range(2):
        tick(part(phone, ASKED.title))
        phone.get_by_role("button", name="Kirim jawaban").click()
        onward = phone.get_by_role("button", name="Soal berikutnya")
        expect(onward).to_be_visible(timeout=SLOW)
        # Looked at before twelve silent seconds are over: then the page asks again.
        kept.append(len(phone.evaluate(KEPT)))
        onward.click()
    left(phone, 0)
    assert (kept[0], len(lost)) == (1, 1)
    assert verbs(site, nip) == ["opened", "answered", "answered"]


def verbs(site: Site, nip: str) -> list[str]:
    """What the store has of the quiz, in order."""
    with site.store() as store:
        return [one.verb for one in store.events_of(learner_of(store, nip), [QUIZ])]


def drafted(site: Site, nip: str) -> str:
    """The item whose ticks the store keeps, empty when there are none."""
    with site.store() as store:
        return str(store.drafts_of(learner_of(store, nip)).get(QUIZ, {}).get("item", ""))


def to_the_quiz(page: Page, url: str, nip: str) -> None:
    log_in(page, url, nip)
    page.goto(f"{url}/modul/{MODULE}")
    begin(page)


def again(page: Page, proxy: Proxy) -> None:
    """Leave the page while it has no line, and come back when there is one."""
    page.goto("about:blank")
    proxy.mend()
    page.goto(f"{proxy.url}/modul/{MODULE}")


def test_ticks_made_without_a_line_outlive_the_page_and_go_when_there_is_one(
    line: tuple[Site, Proxy], phone: Page
) -> None:
    site, proxy = line
    nip = site.people(1)[0]
    to_the_quiz(phone, proxy.url, nip)
    proxy.silence()
    tick(part(phone, ASKED.title))
    before = filled(part(phone, ASKED.title))
    left(phone, 1)
    assert drafted(site, nip) == ""
    again(phone, proxy)
    expect(phone.get_by_text(f"Soal 1 dari {ITEMS}")).to_be_visible(timeout=SLOW)
    assert filled(part(phone, ASKED.title)) == before
    left(phone, 0)
    assert drafted(site, nip) != ""


def test_an_answer_given_without_a_line_outlives_the_page(line: tuple[Site, Proxy], phone: Page) -> None:
    site, proxy = line
    nip = site.people(1)[0]
    to_the_quiz(phone, proxy.url, nip)
    proxy.silence()
    tick(part(phone, ASKED.title))
    phone.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.get_by_text("Belum tercatat")).to_be_visible(timeout=SLOW)
    again(phone, proxy)
    expect(
        phone.get_by_role("button", name="Soal berikutnya").or_(phone.get_by_text("Soal 2 dari"))
    ).to_be_visible(timeout=SLOW)
    left(phone, 0)
    assert verbs(site, nip) == ["opened", "answered"]


@pytest.mark.parametrize("how", ["logout", "another login"])
def test_what_is_left_goes_at_logout_and_at_another_login(
    start: Callable[..., Site], phone: Page, how: str
) -> None:
    site = start()
    first, second = site.people(2)
    log_in(phone, site.url, first)
    phone.evaluate("localStorage.setItem(`netralitas/${document.body.dataset.who}/sisa`, '{}')")
    phone.goto(site.url + "/hasil")
    assert len(phone.evaluate(KEPT)) == 1
    if how == "logout":
        phone.get_by_role("button", name="Keluar").press("Enter")
        expect(phone.get_by_text("Anda sudah keluar")).to_be_visible(timeout=SLOW)
    else:
        # A session that ended leaves it to its learner, and to nobody else.
        phone.context.clear_cookies()
        phone.goto(site.url)
        assert len(phone.evaluate(KEPT)) == 1
        log_in(phone, site.url, second)
    left(phone, 0)


def test_thirty_seconds_without_a_line_lose_nothing(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    nip = site.people(1)[0]
    to_the_quiz(phone, site.url, nip)
    site.stop()
    tick(part(phone, ASKED.title))
    phone.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.get_by_text("Sambungan terputus")).to_be_visible(timeout=SLOW)
    phone.wait_for_timeout(30_000 if ROUNDS > 20 else 6_000)
    expect(phone.get_by_text("Sambungan terputus")).to_be_visible()
    assert phone.evaluate(KEPT)
    site.start()
    expect(phone.get_by_role("button", name="Soal berikutnya")).to_be_visible(timeout=SLOW)
    assert verbs(site, nip) == ["opened", "answered"]
