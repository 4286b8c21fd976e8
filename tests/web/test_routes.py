"""Every address, as each role and as nobody: nothing of the repository is served, nobody is let in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from netralitas import content
from netralitas.web.app import ROUTES
from tests.site import DEMO, MODULE, Client, Site, learner_of

pytestmark = pytest.mark.slow
ROLES = ("trainer", "agency", "operator")
PUBLIC = {"/masuk", "/aktivasi", "/keluar", "/healthz", "/tampilan", "/privasi", "/bantuan", "/lupa"}
STOCK = (
    "/api/kernels", "/api/kernels/{kernel}", "/api/kernels/{kernel}/channels", "/api/sessions",
    "/api/contents",
    "/voila/api/shutdown/{kernel}", "/voila/query/{kernel}", "/voila/execution/{kernel}", "/voila/tree",
    "/voila/render/modules/03-media-sosial.ipynb", "/voila/files/README.md", "/voila/static/x.js",
    "/voila/templates/lab/static/x", "/lab", "/tree", "/static/x.js", "/files/quizzes/03-media-sosial.yaml",
    "/login", "/logout", "/api/status", "/metrics",
)  # fmt: skip


def addresses() -> list[str]:
    """Return every route with its blanks filled."""
    filled = []
    for pattern, _handler in ROUTES:
        path = (
            pattern.replace(r"([a-z0-9-]+)", MODULE)
            .replace("([0-9a-f]{16})", "0" * 16)
            .replace("([0-9]+)", "1")
        )
        filled.append(path.replace("([a-z.]+)", "site.css").replace("\\", ""))
    assert not [path for path in filled if re.search(r"[()\[\]]", path)]
    return filled


def repository() -> list[str]:
    """Return the files that must never be served, from the root of the content."""
    root = content.root()
    found = [
        path.relative_to(root).as_posix()
        for folder in ("data", "quizzes", "modules", "netralitas", "grader")
        for path in (root / folder).rglob("*")
        if path.suffix in {".ipynb", ".yaml", ".py", ".csv"} and "__pycache__" not in path.parts
    ]
    return [*found, "var/netralitas.db", "netralitas.db", "cookie.key", "pyproject.toml", ".git/config"]


@pytest.fixture(scope="module")
def visitors(site: Site) -> dict[str, Client]:
    officers = {role: Client(site, site.officer(role), DEMO) for role in ROLES}
    return {"learner": Client(site, site.free[0]), **officers}  # type: ignore[attr-defined]


def test_nobody_gets_the_login_page_everywhere(site: Site) -> None:
    nobody = Client(site)
    for path in [
        *addresses(),
        *STOCK,
        "/tidak-ada",
        "/modul/tidak-ada",
        "/data/course.yaml",
        "//x",
        "/%2e%2e/x",
    ]:
        if path in PUBLIC:
            continue
        # An asset is for everybody, so its handler speaks for itself there.
        for verb in ("GET", "HEAD", *(() if path.startswith("/aset/") else ("POST", "PUT", "DELETE"))):
            answer = nobody.http.request(verb, site.url + path, allow_redirects=False, timeout=20)
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/masuk"), path
            assert answer.content == b""


@pytest.mark.parametrize("role", ["learner", *ROLES])
def test_a_role_opens_its_pages_and_no_others(site: Site, visitors: dict[str, Client], role: str) -> None:
    client = visitors[role]
    own = {"trainer": "/pelatih", "agency": "/petugas", "operator": "/operator"}
    for held, path in own.items():
        assert client.get(path).status_code == (200 if held == role else 403)
    for path in addresses():
        # The way of a file in takes files alone; downloads want to be told what of.
        if path.startswith("/petugas/") and not path.endswith(("/berkas", "/bulanan")):
            assert client.get(path).status_code == (200 if role == "agency" else 403), path
    # Without a marking place there is no way to one.
    assert client.get("/pelatih/menilai").status_code == (404 if role == "trainer" else 403)
    for path in ("penilaian", "angkatan", "pratinjau", f"pratinjau/{MODULE}"):
        assert client.get(f"/pelatih/{path}").status_code == (200 if role == "trainer" else 403)
    for path in ("angkatan/999999", "angkatan/999999/tambah"):
        assert client.get(f"/pelatih/{path}").status_code == (404 if role == "trainer" else 403)
    for path in ("/", "/hasil", f"/modul/{MODULE}"):
        assert client.get(path).status_code == 200
    for path in (*STOCK, "/tidak-ada", "/modul/tidak-ada", f"/modul/{MODULE}/x", "/modul/"):
        for verb in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            answer = client.http.request(verb, site.url + path.format(kernel="0" * 8), timeout=20)
            assert answer.status_code in {403, 404, 405}, (verb, path)
            assert "Traceback" not in answer.text


@pytest.mark.parametrize("role", ["nobody", "learner", *ROLES])
def test_no_file_of_the_repository_is_served_under_any_route(
    site: Site, visitors: dict[str, Client], role: str
) -> None:
    http = visitors[role].http if role != "nobody" else requests.Session()
    bases = sorted(
        {path.rstrip("/") for path in addresses()} | {"", "/aset", "/modul", "/voila/files", "/files"}
    )
    # Each file under some routes, each route for some files: every kind meets every route.
    kinds = {Path(name).suffix: name for name in repository()}
    pairs = [("", name) for name in repository()] + [
        (base, name) for base in bases for name in kinds.values()
    ]
    for base, name in pairs:
        for path in (f"{base}/{name}", f"{base}/..%2f{name}"):
            answer = http.get(site.url + path, allow_redirects=False, timeout=20)
            assert answer.status_code in {303, 403, 404}, path
            assert len(answer.content) < 6000


def test_a_second_learner_cannot_reach_the_first_ones_kernel(site: Site, client: Client, nip: str) -> None:
    tab = client.channel()
    tab.do(f"quiz/{MODULE}", {"kind": "open"})
    stranger_nip = str(site.free.pop())  # type: ignore[attr-defined]
    stranger = Client(site, stranger_nip)
    other = stranger.channel()
    assert other.view(f"quiz/{MODULE}")["status"] == "new"
    other.do("scenario/like-unggahan", {"kind": "open"})
    with site.store() as store:
        assert [e.verb for e in store.events_of(learner_of(store, nip))] == ["opened"]
    # Their model ids are equal by design; the line still leads to one's own kernel only.
    assert other.ids == tab.ids


def test_an_agency_sees_its_subtree_without_answers(site: Site, visitors: dict[str, Client]) -> None:
    officer = visitors["agency"]
    pages = [officer.get(f"/petugas?hal={number}").text for number in range(1, 12)]
    page = "".join(pages)
    with site.store() as store:
        people = store.people_under(None)
    inside = [p for p in people if p.instansi == "Dinas Contoh Pendidikan"]
    outside = [p for p in people if p.instansi != "Dinas Contoh Pendidikan"]
    assert inside
    assert outside
    assert all(person.name in page for person in inside)
    with site.store() as store:
        officers = {held.learner for held in store.roles()}
    # Who may read others' answers gets codes from the operator alone.
    assert all((person.learner in page) == (person.learner not in officers) for person in inside)
    assert not any(person.learner in page for person in outside)
    assert not any(person.nip in page for person in people)
    assert officer.get(f"/pelatih?orang={inside[0].learner}").status_code == 403


def test_a_trainer_cannot_read_people_of_other_units(site: Site, visitors: dict[str, Client]) -> None:
    with site.store() as store:
        outside = [p for p in store.people_under(None) if p.instansi != "Dinas Contoh Pendidikan"]
        inside = [p for p in store.people_under(None) if p.instansi == "Dinas Contoh Pendidikan"]
    assert visitors["trainer"].get(f"/pelatih?orang={outside[0].learner}").status_code == 404
    assert visitors["trainer"].get(f"/pelatih?orang={inside[0].learner}").status_code == 200
    with site.store() as store:
        assert any(row.subject == inside[0].learner for row in store.audit_rows(20))


def test_every_page_carries_the_headers(site: Site, visitors: dict[str, Client]) -> None:
    for path in ("/masuk", "/aktivasi", "/tidak-ada", "/healthz"):
        headers = requests.get(site.url + path, timeout=20, allow_redirects=False).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/", "/hasil", f"/modul/{MODULE}", "/tidak-ada", "/operator"):
        answer = visitors["learner"].get(path)
        assert "style-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert " style=" not in answer.text
        assert "<script>" not in answer.text


def test_health_is_json(site: Site) -> None:
    answer = requests.get(site.url + "/healthz", timeout=20)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
