"""A site of its own for tests that change who works where, and its officers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import requests

from netralitas.demo import EDUCATION
from netralitas.roster import REQUIRED
from tests.site import DEMO, PASSWORD, Client, Site, learner_of

HEADER = ",".join(REQUIRED)
UNIT = "Bidang Contoh Uji"


def line(number: int, *, unit: str = UNIT, name: str = "", instansi: str = EDUCATION) -> str:
    nip = f"190002{number % 28 + 1:02}{2000 + number // 900}121{number % 900 + 1:03}"
    return f"{nip},{name or f'Warga Contoh {number}'},{instansi},{unit},Staf,pns"


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines)).encode()


class Officer(Client):
    """An officer who brings files as a browser's form does."""

    def send(self, file: object, name: str = "pegawai.csv", **fields: str) -> requests.Response:
        return self.http.post(
            f"{self.site.url}/petugas/daftar/berkas",
            params={"_xsrf": self.token("/petugas/daftar")}, data=fields,
            files={"berkas": (name, file)}, timeout=120,
        )  # fmt: skip

    def step(self, name: str, **fields: str) -> requests.Response:
        """Press a button of the upload that is shown."""
        page = self.get("/petugas/daftar").text
        number = page.split('name="unggahan" value="')[1].split('"')[0] if "unggahan" in page else ""
        return self.post("/petugas/daftar", **{"langkah": name, "unggahan": number, **fields})

    def settled(self, sign: str = "memperbarui diri", path: str = "/petugas/daftar") -> str:
        """Wait until no process works for this officer any more; return the page."""
        end = time.monotonic() + 120
        while sign in (page := self.get(path).text):
            assert time.monotonic() < end
            time.sleep(0.2)
        return page

    def bring(self, *lines: str, **fields: str) -> str:
        self.send(csv_of(*lines), **fields)
        assert "Inilah yang akan berubah" in self.settled()
        self.step("setuju", yakin="1")
        return self.settled()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("instansi")).start()
    # Of the demo; others are made later.
    running.first = running.officer("agency")  # type: ignore[attr-defined]
    yield running
    running.kill()


@pytest.fixture
def officer(own: Site) -> Officer:
    found = Officer(own, own.first, DEMO)  # type: ignore[attr-defined]
    found.step("buang")
    return found


@pytest.fixture
def another(own: Site) -> Callable[[str], Officer]:
    """Make one more officer, of a unit."""

    def make(unit: str) -> Officer:
        nip = own.people(1)[0]
        with own.store() as store:
            store.grant(learner_of(store, nip), "agency", unit, "uji")
        return Officer(own, nip, PASSWORD)

    return make
