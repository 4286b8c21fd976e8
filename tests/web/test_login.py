"""Coming in: the same answer for everybody who may not, and nothing said of who exists."""

from __future__ import annotations

import re

import pytest
import requests
import websocket

from tests.site import DEMO, MODULE, PASSWORD, Channel, Client, Site, learner_of

pytestmark = pytest.mark.slow


def blurred(text: str, nip: str) -> str:
    """Take the form token and the NIP shown again out of a page."""
    return re.sub(r'name="_xsrf" value="[^"]+"', "TOKEN", text).replace(nip, "NIP")


def test_unknown_nip_and_wrong_password_get_the_same_bytes(site: Site, nip: str) -> None:
    unknown = "190101012020011999"
    browsers = [Client(site), Client(site)]
    for browser in browsers:
        # Packed, the length of a page follows its random token.
        browser.http.headers["Accept-Encoding"] = "identity"
    one, two = (b.login(number, "salah sekali") for b, number in zip(browsers, (nip, unknown), strict=True))
    assert one.status_code == two.status_code == 401
    assert blurred(one.text, nip) == blurred(two.text, unknown)
    headers = [
        {k: v for k, v in a.headers.items() if k not in {"Date", "Set-Cookie", "Etag"}} for a in (one, two)
    ]
    assert headers[0] == headers[1]


def test_spaces_in_the_nip_are_welcome(site: Site, nip: str) -> None:
    spaced = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    assert Client(site).login(spaced, PASSWORD).url.endswith("/")


def test_the_cookie_says_nothing_and_no_script_reads_it(site: Site, nip: str) -> None:
    client = Client(site)
    body = {"nip": nip, "sandi": PASSWORD, "_xsrf": client.token()}
    answer = client.http.post(site.url + "/masuk", data=body, allow_redirects=False, timeout=20)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert nip not in cookie
    with site.store() as store:
        assert learner_of(store, nip) not in cookie


def test_a_session_ends_with_logout(site: Site, client: Client) -> None:
    kept = dict(client.http.cookies)
    client.post("/keluar")
    answer = requests.get(site.url + "/", cookies=kept, allow_redirects=False, timeout=20)
    assert answer.headers["Location"].startswith("/masuk")


def closed_with(tab: Channel) -> int:
    """Read until the line is closed; return the code it was closed with."""
    while True:
        opcode, data = tab.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


def test_logout_ends_every_open_tab(site: Site, client: Client) -> None:
    tabs = [client.channel(), client.channel()]
    client.post("/keluar")
    assert [closed_with(tab) for tab in tabs] == [4401, 4401]


def test_a_new_password_ends_the_old_sessions_and_their_tabs(site: Site, client: Client, nip: str) -> None:
    tab = client.channel()
    with site.store() as store:
        code = store.issue_code(learner_of(store, nip), by="uji")
    Client(site).post("/aktivasi", nip=nip, kode=code, sandi="enam burung di dahan")
    assert closed_with(tab) == 4401
    assert client.get("/", allow_redirects=False).status_code == 303


def test_a_form_without_its_token_is_refused(site: Site, nip: str) -> None:
    answer = requests.post(site.url + "/masuk", data={"nip": nip, "sandi": PASSWORD}, timeout=20)
    assert answer.status_code == 403
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_login_leads_nowhere_else(site: Site, nip: str, target: str) -> None:
    client = Client(site)
    body = {"nip": nip, "sandi": PASSWORD, "_xsrf": client.token(), "lanjut": target}
    answer = client.http.post(site.url + "/masuk", data=body, allow_redirects=False, timeout=20)
    assert answer.headers["Location"] == "/"


def test_login_leads_back_to_where_one_wanted_to_go(site: Site, nip: str) -> None:
    client = Client(site)
    assert client.get(f"/modul/{MODULE}").url.endswith(f"/masuk?lanjut=/modul/{MODULE}")
    assert client.login(nip, PASSWORD, lanjut=f"/modul/{MODULE}").url.endswith(f"/modul/{MODULE}")


def test_a_host_that_is_not_ours_is_refused(site: Site) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io"):
        assert requests.get(site.url + "/masuk", headers={"Host": host}, timeout=20).status_code == 403


def test_a_code_sets_a_password_once(site: Site, nip: str) -> None:
    with site.store() as store:
        code = store.issue_code(learner_of(store, nip), by="uji")
    fields = {"nip": nip, "kode": code.lower().replace("-", " "), "sandi": "tiga burung di dahan"}
    assert Client(site).post("/aktivasi", **fields).url.endswith("/")
    assert Client(site).login(nip, "tiga burung di dahan").url.endswith("/")
    again = Client(site).post("/aktivasi", **{**fields, "sandi": "empat burung di dahan"})
    assert again.status_code == 401
    assert Client(site).login(nip, "empat burung di dahan").status_code == 401


def test_a_weak_or_empty_password_is_told_with_its_remedy(site: Site, nip: str) -> None:
    answer = Client(site).post("/aktivasi", nip=nip, kode="AAAA-BBBB-CCCC-DDDD", sandi="pendek")
    assert answer.status_code == 400
    assert "minimal 10" in answer.text


def test_nobody_takes_over_an_officer_by_a_code(site: Site) -> None:
    officer = Client(site, site.officer("agency"), DEMO)
    with site.store() as store:
        trainer = learner_of(store, site.officer("trainer"))
    assert officer.post("/petugas", orang=trainer).status_code == 403


def test_an_officers_button_makes_a_code_that_works(site: Site) -> None:
    officer = Client(site, site.officer("agency"), DEMO)
    # The password becomes another, so this person is drawn for this test alone.
    (nip,) = site.people(1, unit="Dinas Contoh Pendidikan")
    with site.store() as store:
        learner = learner_of(store, nip)
    page = officer.post("/petugas", orang=learner)
    found = re.search(r'class="code">([0-9A-Z-]+)<', page.text)
    assert found
    done = Client(site).post("/aktivasi", nip=nip, kode=found[1], sandi="lima burung di dahan")
    assert done.url.endswith("/")


def test_many_failures_bring_a_pause_for_existing_and_made_up_nips_alike(site: Site, nip: str) -> None:
    for number in (nip, "190101012020011998"):
        client = Client(site)
        codes = [client.login(number, "salah").status_code for _turn in range(11)]
        assert codes == [401] * 10 + [429]
    # Another person at the same address is not kept out.
    assert Client(site).login(str(site.free.pop()), PASSWORD).url.endswith("/")  # type: ignore[attr-defined]
