"""The demo: invented people in two invented agencies, made by code from a seed.

Every NIP is born in 1900, so nobody real can be meant. The accounts have a password everybody knows,
which is why a demo store says DEMO on each page and is never served beyond loopback.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from typing import NamedTuple

from argon2 import PasswordHasher

from . import roster
from .course import Course
from .i18n import _
from .store import RoleName, Store, StoreError
from .tally import day_of

PASSWORD = "contoh-netral-2026"  # noqa: S105  (known on purpose)
EDUCATION = "Dinas Contoh Pendidikan"
HEALTH = "Dinas Contoh Kesehatan"
BY = "demo"
"""Who the audit names for what the demo did."""


class DemoAccount(NamedTuple):
    """An account to try: the Indonesian title of its role, and what to log in with."""

    role: str
    name: str
    nip: str
    password: str


class _Officer(NamedTuple):
    role: RoleName | None
    name: str
    unit: str
    jabatan: str


# They stand first in the roster. One learner, and one officer of each role, all in one agency.
_OFFICERS = (
    _Officer(None, "Sari Contoh", "SMPN Contoh 1", "Guru Ahli Pertama"),
    _Officer("trainer", "Bima Contoh", "Sekretariat Contoh", "Analis Pengembangan Kompetensi"),
    _Officer("agency", "Ratna Contoh", "Sekretariat Contoh", "Kasubbag Umum dan Kepegawaian"),
    _Officer("operator", "Wayan Contoh", "Sekretariat Contoh", "Pranata Komputer Ahli Muda"),
)
_HEADS = ((EDUCATION, "Sulastri Contoh", "WIB"), (HEALTH, "Daeng Contoh", "WITA"))
_POSTS = {
    (EDUCATION, "SMPN Contoh 1"): ("Guru Ahli Pertama", "Guru Ahli Muda", "Kepala Sekolah", "Pustakawan"),
    (EDUCATION, "SDN Contoh 2"): ("Guru Ahli Pertama", "Guru Ahli Muda", "Pengadministrasi Umum"),
    (EDUCATION, "Bidang Contoh Pendidikan Dasar"): ("Kepala Bidang", "Analis Kurikulum", "Staf"),
    (EDUCATION, "Bidang Contoh Pendidikan Dasar / Seksi Contoh Sarana"): ("Kepala Seksi", "Pengelola Aset"),
    (HEALTH, "Puskesmas Contoh Timur"): ("Dokter Ahli Pertama", "Perawat Terampil", "Bidan Ahli Pertama"),
    (HEALTH, "Puskesmas Contoh Barat"): ("Kepala Puskesmas", "Perawat Mahir", "Pengemudi Ambulans"),
    (HEALTH, "Bidang Contoh Kesehatan Masyarakat"): ("Kepala Bidang", "Penyuluh Kesehatan", "Staf"),
}
_FIRST = (
    *("Adi", "Andini", "Arif", "Ayu", "Bagus", "Bayu", "Citra", "Dewi", "Dimas", "Eka", "Endang", "Fajar"),
    *("Fitri", "Galih", "Gita", "Hana", "Hendra", "Indah", "Irfan", "Joko", "Kartika", "Lestari", "Maya"),
    *(
        "Mega",
        "Nadia",
        "Nur",
        "Oktavia",
        "Putu",
        "Rahmat",
        "Rina",
        "Satria",
        "Siti",
        "Taufik",
        "Tri",
        "Yanti",
    ),
)
_LAST = (
    *("Anggraini", "Baskoro", "Darmawan", "Febrianti", "Gunawan", "Halim", "Hidayat", "Iskandar", "Lubis"),
    *("Mahendra", "Nasution", "Nugroho", "Palupi", "Pratama", "Puspita", "Rahayu", "Ramadhan", "Saputra"),
    *("Setiawan", "Siregar", "Suryani", "Utami", "Wulandari"),
)


def make(store: Store, course: Course, *, seed: int = 2026, people: int = 48) -> list[DemoAccount]:
    """Fill an empty store with the demo and return one account per role to try.

    On a store that has its demo nothing changes; seed and size are those it was made with. Raises
    StoreError for a store that holds real people.
    """
    if store.real_people():
        raise StoreError(_("Penyimpanan ini berisi pegawai sungguhan; pakai penyimpanan lain untuk --demo."))
    if store.meta("demo") is None:
        store.set_meta("demo_size", f"{seed} {people}")
        store.set_meta("demo", "1")
    seed, people = map(int, (store.meta("demo_size") or f"{seed} {people}").split())
    rows = roster.parse(roster_csv(seed=seed, people=people), made_up_allowed=True).rows
    if store.meta("demo_ready") is None:
        store.import_roster(roster.Roster(rows=rows), course, today=day_of(store.clock()), by=BY)
        _open_doors(store, rows)
        store.set_meta("demo_ready", "1")
    return [
        DemoAccount(_title(officer.role), officer.name, row.nip, PASSWORD)
        for officer, row in zip(_OFFICERS, rows, strict=False)
    ]


def roster_csv(*, seed: int = 2026, people: int = 48) -> bytes:
    """Return the demo's roster as the file an agency would hand in; the same seed, the same bytes.

    `people` counts everybody and is at least 6: the four accounts and the two heads.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*roster.REQUIRED, "zona"))
    writer.writerows(_people(random.Random(seed), people))  # noqa: S311  (names, not secrets)
    return out.getvalue().encode()


def _title(role: RoleName | None) -> str:
    titles = {None: _("Pelajar"), "trainer": _("Pelatih"), "agency": _("Petugas instansi")}
    return titles.get(role, _("Operator"))


def _open_doors(store: Store, rows: tuple[roster.Row, ...]) -> None:
    """Give each officer the password and the role."""
    password_hash = PasswordHasher().hash(PASSWORD)
    for officer, row in zip(_OFFICERS, rows, strict=False):
        account = store.account_by_nip(row.nip)
        if account is None:
            raise LookupError(officer.name)
        if account.password_hash is None:
            store.set_password(account.learner, password_hash)
        if officer.role is not None:
            unit = None if officer.role == "operator" else EDUCATION
            store.grant(account.learner, officer.role, unit, BY)


def _people(dice: random.Random, people: int) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each person's line."""
    nips = _nips(dice)
    for officer in _OFFICERS:
        yield next(nips["pns"]), officer.name, EDUCATION, officer.unit, officer.jabatan, "pns", ""
    for instansi, name, zone in _HEADS:
        yield next(nips["pns"]), name, instansi, "", "Kepala Dinas", "pns", zone
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    dice.shuffle(names)
    units = list(_POSTS)
    rest = people - len(_OFFICERS) - len(_HEADS)
    for number, name in enumerate(islice(cycle(names), rest)):
        instansi, unit = units[number % len(units)]
        jenis = dice.choices(("pns", "pppk", "cpns"), (6, 4, 1))[0]
        nip = next(nips["pppk" if jenis == "pppk" else "pns"])
        yield nip, name, instansi, unit, dice.choice(_POSTS[instansi, unit]), jenis, ""


def _nips(dice: random.Random) -> dict[str, Iterator[str]]:
    """Return endless well-formed NIPs of invented people by layout, none twice."""
    used: Counter[str] = Counter()

    def draw(layout: str) -> Iterator[str]:
        while True:
            born = f"1900{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
            begun = f"{dice.randint(2006, 2024)}{dice.randint(1, 12):02}"
            if layout == "pppk":
                begun = f"{dice.randint(2021, 2024)}21"
            front = f"{born}{begun}{dice.randint(1, 2)}"
            # The sequence rises where the first fifteen digits coincide, as in life.
            used[front] += 1
            yield f"{front}{used[front]:03}"

    return {"pns": draw("pns"), "pppk": draw("pppk")}
