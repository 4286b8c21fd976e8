"""Cek Netralitas in a real browser: on its page and inside a module, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_journey import log_in
from tests.site import MODULE, Site, learner_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OLD = "surat-dukungan-ktp"
TARGET = 44
"""Pixels a thumb needs."""


def small(box: Locator) -> list[str]:
    """Return what can be pressed and is too low for a thumb."""
    controls = box.locator("button, select, input, summary, a").all()
    heights = [(one.evaluate("e => e.outerHTML.slice(0, 80)"), one.bounding_box()) for one in controls]
    return [text for text, size in heights if size and size["height"] < TARGET]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def test_a_module_answers_in_place_and_by_keyboard_alone(start: Callable[..., Site], phone: Page) -> None:
    site = start()
    nip = site.people(1)[0]
    log_in(phone, site.url, nip)
    phone.goto(f"{site.url}/modul/{MODULE}")
    box = phone.locator("section.cek")
    assert small(box) == []
    box.get_by_role("link", name="Buka Cek Netralitas").press("Enter")
    expect(box.get_by_role("heading", name="Yang ingin Anda cek")).to_be_focused()
    expect(box.get_by_label("Kapan", exact=True)).not_to_have_value("")
    assert small(box) == []

    box.get_by_label("Siapa pelakunya").focus()
    phone.keyboard.press("Tab")
    phone.keyboard.type("Memberi surat")
    expect(box.get_by_label("Apa perbuatannya")).to_have_value(OLD)
    box.get_by_label("Kapan", exact=True).fill("2020-07-01")
    box.get_by_label("Kapan", exact=True).press("Enter")
    verdict = box.get_by_role("heading", name="Tidak boleh")
    expect(verdict).to_be_focused()
    expect(box.get_by_role("status")).to_have_text(
        "✕ Tidak boleh: Memberi surat dukungan disertai fotokopi KTP"
    )
    expect(box.get_by_text("Tingkatnya bergantung pada tanggal")).to_be_visible()
    expect(box.get_by_text("Belum ditinjau ahli hukum.")).to_be_visible()
    assert small(box) == []

    # What is missing is asked for, and a mistake says where it is.
    box.get_by_role("link", name="Isi tanggalnya").click()
    group = box.get_by_role("group", name="Kapan diperiksa dan diputus")
    examined, decided = group.get_by_label("Tanggal pemeriksaan"), group.get_by_label("Tanggal hukuman")
    expect(examined).to_be_in_viewport()
    examined.fill("2020-06-01")
    box.get_by_role("button", name="Cek").click()
    expect(box.get_by_role("alert")).to_contain_text("Pemeriksaan tidak dapat mendahului perbuatannya")
    assert focused(phone) == "✕ Belum dapat dijawab"
    expect(examined).to_have_attribute("aria-invalid", "true")
    examined.fill("2021-09-15")
    decided.fill("2021-10-15")
    box.get_by_role("button", name="Cek").press("Enter")
    expect(box.get_by_text("Tingkat berat")).to_be_visible()
    expect(verdict).to_be_focused()
    expect(box.get_by_text("diperiksa 15 September 2021 · diputus 15 Oktober 2021")).to_be_visible()

    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.url == f"{site.url}/modul/{MODULE}" + phone.evaluate("location.hash")
    assert phone.said == []  # type: ignore[attr-defined]
    with site.store() as store:
        assert store.last_seq(learner_of(store, nip)) == 0


def test_an_act_that_goes_on_under_another_name_is_asked_about_in_place(
    start: Callable[..., Site], phone: Page
) -> None:
    site = start()
    log_in(phone, site.url, site.people(1)[0])
    phone.goto(f"{site.url}/modul/{MODULE}")
    box = phone.locator("section.cek")
    box.get_by_role("link", name="Buka Cek Netralitas").click()
    box.get_by_label("Apa perbuatannya").select_option("foto-simbol-2020")
    box.get_by_label("Kapan", exact=True).fill("2024-10-10")
    box.get_by_role("button", name="Cek").click()
    expect(box.get_by_role("heading", name="Mengapa belum pasti")).to_be_visible()
    assert small(box) == []
    box.get_by_role("link", name="Mengunggah foto bersama calon").click()
    expect(box.get_by_role("heading", name="Tidak boleh")).to_be_focused()
    expect(box.get_by_text("PNS · 10 Oktober 2024")).to_be_visible()
    assert phone.url == f"{site.url}/modul/{MODULE}"
    # A line that is down is said, and the form stays to be sent again.
    phone.context.set_offline(True)
    box.get_by_role("button", name="Cek").click()
    expect(box.get_by_role("alert")).to_contain_text("Periksa sambungan Anda")
    phone.context.set_offline(False)
    box.get_by_role("button", name="Cek").click()
    expect(box.get_by_role("alert")).to_have_count(0)
    expect(box.get_by_role("heading", name="Tidak boleh")).to_be_focused()
    assert [text for text in phone.said if "ERR_INTERNET_DISCONNECTED" not in text] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_answers_without_a_script_of_its_own(
    start: Callable[..., Site], phone: Page, scheme: str
) -> None:
    site = start()
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    log_in(phone, site.url, site.people(1)[0])
    phone.get_by_role("link", name="Cek", exact=True).click()
    main = phone.get_by_role("main")
    phone.get_by_label("Siapa pelakunya").select_option(label="PPPK")
    phone.get_by_label("Apa perbuatannya").select_option("sosialisasi-medsos-calon")
    phone.get_by_label("Kapan", exact=True).fill("2024-10-10")
    phone.get_by_role("button", name="Cek").click()
    expect(main.get_by_role("heading", name="Tidak boleh")).to_be_in_viewport()
    expect(main.get_by_text("Belum ditinjau ahli hukum.")).to_be_visible()
    expect(main.get_by_text("PPPK juga wajib netral")).to_be_visible()
    expect(main.get_by_text("Jabatan diturunkan")).to_have_count(0)
    assert phone.title().startswith("Tidak boleh")
    assert small(main) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.said == []  # type: ignore[attr-defined]
