"""Every page and every state of it, one after the other: what is looked at by eyes (shots) and by axe.

`walk` leads a page through them as a person would, by roles and visible names only, and calls `look(name)`
in each.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from netralitas import content, roster
from netralitas.i18n import month
from netralitas.roster import REQUIRED
from netralitas.scenarios import Scene
from netralitas.store.tables import session
from netralitas.tally import day_of, last_month_end
from tests.e2e.hands import BESIDE, SLOW, asked, judged, play, sit
from tests.e2e.test_journey import MISSED, QUIZ, log_in
from tests.e2e.test_kinds import fill
from tests.made_up import simulated
from tests.parts import BEFORE, PLEDGE, laid, renew
from tests.site import DEMO, MODULE, ROOT, Client, Site

TOY = Path(__file__).parents[1] / "course"
KINDS, PRESSURE = "contoh-jenis", "contoh-tekanan"
Look = Callable[[str], None]
Start = Callable[..., Site]


def toy(folder: Path) -> Path:
    """The toy course, its first module with every kind of question and the story with memory."""
    place = Path(shutil.copytree(TOY, folder))
    for path in (place / "data" / "course.yaml", place / "modules" / "contoh-kuis.ipynb"):
        text = path.read_text(encoding="utf-8").replace("contoh-cerita", PRESSURE)
        text = text.replace('quiz(\\"contoh-kuis\\")', f'quiz(\\"{KINDS}\\")')
        path.write_text(text.replace("quiz: contoh-kuis", f"quiz: {KINDS}"), encoding="utf-8")
    return place


def course(page: Page, look: Look, start: Start, _folder: Path) -> None:
    """The real course, from before the login to the officers' pages."""
    site = start(NETRALITAS_DEADLINE="2030-12-10", NETRALITAS_CONTACT="Bu Ratna Contoh, pesawat 104")
    nip = site.people(1, unit="Dinas Contoh Pendidikan")[0]
    nobody(page, look, site)
    newcomer(page, look, site)
    learner(page, look, site, nip)
    officers(page, look, site)


def nobody(page: Page, look: Look, site: Site) -> None:
    """Before logging in."""
    page.goto(site.url + "/masuk")
    look("masuk")
    log_in(page, site.url, "1900", "salah sekali")
    expect(page.get_by_role("alert")).to_be_visible()
    look("masuk-salah")
    for name in ("aktivasi", "lupa", "bantuan", "privasi", "tampilan"):
        page.goto(f"{site.url}/{name}")
        look(f"tamu-{name}")
    page.goto(site.url + "/aktivasi")
    page.get_by_label("NIP").fill("123")
    page.get_by_label("Kode aktivasi").fill("x")
    page.get_by_label("Kata sandi baru").fill("kata sandi panjang")
    page.get_by_role("button", name="Simpan dan masuk").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("aktivasi-salah")


def newcomer(page: Page, look: Look, site: Site) -> None:
    """The demo's learner, who has read no notice yet."""
    with site.store() as store:
        held = {role.nip for role in store.roles()}
        nip = next(
            p.nip
            for p in store.people_under(None)
            if p.active and p.nip not in held and p.name == "Sari Contoh"
        )
    log_in(page, site.url, nip, DEMO)
    page.get_by_role("link", name="Mulai", exact=True).click()
    expect(page.get_by_role("heading", name="Yang dicatat tentang Anda")).to_be_visible()
    look("privasi-sebelum-mulai")
    page.get_by_role("button", name="Saya sudah membacanya, lanjutkan").click()
    expect(page.get_by_role("button", name="Mulai kuis")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Keluar").press("Enter")
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    look("keluar")


def box(page: Page, title: str) -> Locator:
    return page.locator("section.widget").filter(has_text=title)


def first_scene(page: Page, slug: str) -> Locator:
    story = content.current().scenarios[slug]
    found = box(page, story.title)
    found.get_by_role("button", name="Mulai cerita").click()
    expect(found.get_by_role("button", name="Putuskan")).to_be_visible(timeout=SLOW)
    assert isinstance(story.scene(story.start), Scene)
    return found


def decide(scene: Locator) -> None:
    """Send what is ticked, and wait for what comes of it."""
    scene.get_by_role("button", name="Putuskan").click()
    expect(scene).not_to_contain_text("Mengirim…", timeout=SLOW)


def learner(page: Page, look: Look, site: Site, nip: str) -> None:
    """The whole course, and the pages beside it."""
    log_in(page, site.url, nip)
    look("beranda-baru")
    page.goto(f"{site.url}/modul/{MODULE}")
    expect(page.get_by_role("button", name="Mulai kuis")).to_be_visible(timeout=SLOW)
    look("modul-baru")
    scene = first_scene(page, "like-unggahan")
    look("adegan")
    scene.get_by_role("button", name="Putuskan").click()
    expect(scene.get_by_text("Pilih satu langkah dulu.")).to_be_visible()
    look("adegan-belum-dipilih")
    scene.get_by_role("radio").first.check()
    scene.get_by_role("button", name="Putuskan").click()
    expect(scene.get_by_text("Pilihan Anda")).to_be_visible(timeout=SLOW)
    look("adegan-akibat")
    while scene.get_by_role("button", name="Putuskan").count():
        scene.get_by_role("radio").first.check()
        decide(scene)
    expect(scene.get_by_role("button", name="Ulangi cerita")).to_be_visible(timeout=SLOW)
    look("penutup-dua-jejak")
    _told, *others = content.current().course.module(MODULE).scenarios
    for slug in others:
        play(page, slug)
    look("penutup-jejak-sama")
    page.goto(site.url)
    look("beranda-berjalan")
    quiz(page, look, site)
    beside(page, look, site)
    shown_otherwise(page, look, site)


def quiz(page: Page, look: Look, site: Site) -> None:
    page.goto(f"{site.url}/modul/{MODULE}")
    page.get_by_role("button", name="Mulai kuis").click()
    expect(page.get_by_text(f"Soal 1 dari {QUIZ.size}")).to_be_visible(timeout=SLOW)
    look("soal")
    page.get_by_role("button", name="Kirim jawaban").click()
    # Which kind of question comes first is drawn, and each says in its own words what is missing.
    expect(page.get_by_role("alert").filter(has_text=re.compile(r"\S"))).to_be_visible()
    look("soal-belum-dijawab")
    judged(page, QUIZ)
    look("soal-tepat")
    page.get_by_role("button", name="Soal berikutnya").click()
    judged(page, QUIZ, right=False)
    look("soal-belum-tepat")
    for _number in range(QUIZ.size - 2):
        page.get_by_role("button", name="Soal berikutnya").click()
        judged(page, QUIZ)
    page.get_by_role("button", name="Lihat hasil").click()
    expect(page.get_by_role("heading", name=f"Nilai Anda {MISSED}")).to_be_visible(timeout=SLOW)
    for opened in page.locator("details summary").filter(has_text="Soal 2").all():
        opened.click()
    look("kuis-hasil")
    page.get_by_role("link", name="Buka Cek Netralitas").click()
    expect(page.get_by_role("button", name="Cek", exact=True)).to_be_visible(timeout=SLOW)
    look("modul-cek-terbuka")
    page.get_by_label("Apa perbuatannya").select_option(index=3)
    page.get_by_role("button", name="Cek", exact=True).click()
    expect(page.get_by_text("Ini bahan belajar").first).to_be_visible(timeout=SLOW)
    look("modul-cek-jawaban")


def beside(page: Page, look: Look, site: Site) -> None:
    """Pages without activities."""
    paths = {
        "beranda-selesai": "/",
        "hasil": "/hasil",
        "saya": "/saya",
        "privasi": "/privasi",
        "bantuan": "/bantuan",
        "tampilan": "/tampilan",
        "glosarium": "/glosarium",
        "cari-kosong": "/cari",
        "cari": "/cari?q=foto",
        "cari-tidak-ada": "/cari?q=zzzz",
        "latihan-1": "/latihan",
        "latihan-belum": "/latihan?langkah=1&kirim=1",
        "latihan-tepat": "/latihan?langkah=1&kirim=1&jawab=b",
        "latihan-sebagian": "/latihan?langkah=2&kirim=1&jawab=a",
        "latihan-yakin": "/latihan?langkah=3&kirim=1&jawab=ragu",
        "lapor": f"/lapor?soal=quiz/{MODULE}/k01",
        "baca": f"/modul/{MODULE}/baca",
        "ringkasan": f"/modul/{MODULE}/ringkasan",
        "cek": "/cek",
        "cek-tidak-boleh": "/cek?perbuatan=unggah-foto-calon&tanggal=2024-10-12",
        "cek-boleh": "/cek?perbuatan=memilih&tanggal=2024-10-12",
        "cek-belum-pasti": "/cek?perbuatan=hadir-kampanye-pasif&tanggal=2024-10-12",
        "cek-dua-tanggal": "/cek?perbuatan=surat-dukungan-ktp&tanggal=2020-07-01",
        "cek-salah": "/cek?perbuatan=entah&tanggal=x",
        "galat-404": "/tidak-ada",
        "galat-403": "/operator",
    }
    for name, path in paths.items():
        page.goto(site.url + path)
        expect(page.get_by_role("main")).to_be_visible()
        if name == "baca":
            expect(page.get_by_role("heading", name=f"Nilai Anda {MISSED}")).to_be_visible()
            expect(page.get_by_role("button", name="Coba lagi")).to_have_count(0)
        look(name)
    page.goto(f"{site.url}/lapor?soal=quiz/{MODULE}/k01")
    page.get_by_label("Aturannya sudah berubah").check()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Laporan Anda diterima")).to_be_visible()
    look("lapor-terkirim")
    page.goto(site.url + "/saya")
    page.get_by_label("Seharusnya bagaimana").fill("Jabatan saya sudah Ahli Muda sejak April.")
    page.get_by_role("button", name="Kirim kepada petugas").click()
    expect(page.get_by_text("Terkirim", exact=False).first).to_be_visible()
    look("saya-terkirim")


def shown_otherwise(page: Page, look: Look, site: Site) -> None:
    """The switches, the other language, a session that ends."""
    for name, language in (("sederhana", "id"), ("besar", "id"), ("kontras", "id"), ("", "en")):
        page.goto(site.url + "/tampilan")
        for choice in page.get_by_role("checkbox").all():
            choice.set_checked(choice.get_attribute("value") == name)
        page.get_by_role("radio", name="English" if language == "en" else "Bahasa Indonesia").check()
        page.locator("main form button").click()
        for state, path in (("beranda", "/"), ("modul", f"/modul/{MODULE}"), ("masuk", "/bantuan")):
            page.goto(site.url + path)
            if state == "modul":
                expect(page.locator("section.activity")).to_have_count(
                    len(content.current().course.module(MODULE).scenarios) + 1
                )
            look(f"{name or 'english'}-{state}")
    page.goto(site.url + "/tampilan")
    page.get_by_role("radio", name="Bahasa Indonesia").check()
    page.locator("main form button").click()
    end_soon(page, site)
    page.goto(site.url + "/hasil")
    expect(page.get_by_role("dialog", name="Sesi Anda hampir berakhir")).to_be_visible()
    look("dialog-sesi")
    page.get_by_role("button", name="Tutup").click()
    page.get_by_role("button", name="Keluar").press("Enter")


def end_soon(page: Page, site: Site, minutes: float = 3) -> None:
    """Let every running session end in a few minutes."""
    with site.store() as store, store.writing() as connection:
        connection.execute(update(session).values(expires_at=datetime.now(UTC) + timedelta(minutes=minutes)))


def officers(page: Page, look: Look, site: Site) -> None:
    for role, path in (("agency", "petugas"), ("trainer", "pelatih"), ("operator", "operator")):
        log_in(page, site.url, site.officer(role), DEMO)
        page.goto(f"{site.url}/{path}")
        look(path)
        if role == "agency":
            page.get_by_role("button", name="Buat kode untuk").first.click()
            expect(page.get_by_text("kode hanya ditampilkan sekali")).to_be_visible()
            look("petugas-kode")
            page.goto(site.url + "/petugas/koreksi")
            look("petugas-koreksi")
            agency(page, look, site)
        if role == "trainer":
            page.goto(f"{site.url}/pelatih")
            page.get_by_role("row").filter(has_text=str(MISSED)).get_by_role("link").first.click()
            look("pelatih-jawaban")
            page.get_by_role("link", name="Ubah nilai").last.click()
            look("nilai")
            page.goto(f"{site.url}/pelatih/penilaian")
            look("penilaian")
            cohorts(page, look, site)
        page.goto(site.url + "/laporan")
        look(f"laporan-{path}")
        page.get_by_role("button", name="Keluar").press("Enter")


def agency(page: Page, look: Look, site: Site) -> None:
    """The officer's own pages: a file in each of its states, codes, reminders."""
    page.goto(site.url + "/petugas?cari=zzzz")
    look("petugas-tidak-ada")
    page.goto(site.url + "/petugas/daftar")
    look("daftar")
    people = [
        f"19000301200{n}121001,Warga Contoh {n},Dinas Contoh Pendidikan,Bidang Contoh Baru,Staf,pns"
        for n in range(3)
    ]
    head = ",".join(REQUIRED)
    bring(page, head, people[0], "1,2,3,4,5,6")
    expect(page.get_by_text("tidak ada yang berubah")).to_be_visible(timeout=BESIDE)
    look("daftar-kesalahan")
    bring(page, "NIP Baru,Nama Lengkap,OPD,Unor,Nama Jabatan,Status", *people)
    expect(page.get_by_role("heading", name="Cocokkan kolomnya")).to_be_visible(timeout=BESIDE)
    look("daftar-kolom")
    page.get_by_role("button", name="Buang berkas ini").click()
    bring(page, head, *people, complete=True)
    expect(page.get_by_role("heading", name="Inilah yang akan berubah")).to_be_visible(timeout=BESIDE)
    for opened in page.locator("details summary").all():
        opened.click()
    look("daftar-perubahan")
    page.get_by_role("button", name="Buang berkas ini").click()
    bring(page, head, *people)
    page.get_by_role("button", name="Ya, perbarui daftar pegawai").click(timeout=BESIDE)
    expect(page.get_by_text("Daftar pegawai sudah diperbarui")).to_be_visible(timeout=BESIDE)
    page.get_by_text("Batalkan nomor").first.click()
    look("daftar-selesai")
    page.goto(site.url + "/petugas/kode")
    look("kode")
    page.get_by_role("button", name="Buat lembar kode").click()
    expect(page.get_by_role("link", name="Unduh sebagai PDF")).to_be_visible()
    look("kode-lembar")
    page.goto(site.url + "/petugas/tenggat")
    page.get_by_label("Hari terakhir").fill("2999-01-01")
    page.get_by_role("button", name="Simpan tenggat").click()
    expect(page.get_by_text("unit ini sendiri")).to_be_visible()
    look("tenggat")
    months(page, look, site)
    page.goto(f"{site.url}/petugas/kode?unit=contoh")
    look("unit-mana")
    for kind in ("never", "unfinished"):
        page.goto(f"{site.url}/petugas/pengingat?untuk={kind}")
        look(f"pengingat-{kind}")


def months(page: Page, look: Look, site: Site) -> None:
    """The page of reports, without a month, with a fault, and a month's report as it was issued."""
    page.goto(site.url + "/petugas/laporan")
    look("laporan-unit")
    page.goto(site.url + "/petugas/laporan/berkas?isi=penyelesaian&bentuk=csv&tanggal=2999-01-01")
    expect(page.get_by_role("alert")).to_be_visible()
    look("laporan-salah")
    people = [",".join(REQUIRED), "190005012001121001,Warga Contoh 9,Dinas Contoh Pendidikan,Lama,Staf,pns"]
    with site.store() as store:
        past = last_month_end(day_of(store.clock()))
        found = roster.parse("\n".join(people).encode(), made_up_allowed=True)
        store.import_roster(found, content.current().course, today=past, by="uji")
    page.goto(site.url + "/petugas/laporan")
    page.get_by_role("link", name=month(past)).click()
    expect(page.get_by_role("heading", name="Unduh seperti saat terbit")).to_be_visible()
    look("laporan-bulanan")
    page.goto(site.url + "/petugas/laporan/hasil")
    page.get_by_label("Isi laporan").select_option("soal")
    page.get_by_role("button", name="Buat laporan").click()
    expect(page.get_by_role("link", name="Unduh laporan")).to_be_visible(timeout=BESIDE)
    look("hasil-belajar")


def bring(page: Page, *lines: str, complete: bool = False) -> None:
    """Upload a roster of these lines."""
    file = {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.get_by_label("Berkas", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("checkbox", name="Ini daftar lengkap").set_checked(complete)
    page.get_by_role("button", name="Unggah dan periksa").click()


def cohorts(page: Page, look: Look, site: Site) -> None:
    """A cohort from its name to its history, a message on Beranda, and the preview."""
    page.goto(f"{site.url}/pelatih/angkatan")
    look("angkatan-kosong")
    page.get_by_label("Nama angkatan").fill("Angkatan Melati")
    page.get_by_role("button", name="Buat, lalu pilih orangnya").click()
    look("angkatan-tambah")
    page.get_by_label("NIP, satu di tiap baris").fill("190001012020011999")
    page.get_by_role("button", name="Tambahkan dari daftar").click()
    look("angkatan-tambah-tidak-ada")
    page.get_by_label("Unit, dengan semua di bawahnya").select_option("Dinas Contoh Pendidikan")
    page.get_by_role("button", name="Tambahkan semua orangnya").click()
    expect(page.get_by_text("orang ditambahkan")).to_be_visible()
    look("angkatan-tambah-selesai")
    page.get_by_role("link", name="Selesai, lihat angkatannya").click()
    page.get_by_label("Hari terakhir").fill((datetime.now(UTC).date() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Simpan tenggat").click()
    page.get_by_label("Isi pesan").fill("Besok pukul 9 kita bahas modul 3.\nBawa pertanyaan Anda.")
    page.get_by_role("button", name="Tampilkan di Beranda mereka").click()
    for opened in page.locator("details summary").all():
        opened.click()
    look("angkatan-satu")
    page.get_by_role("table").get_by_role("link").first.click()
    look("angkatan-orang")
    page.get_by_role("button", name="Perpanjang", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("angkatan-orang-salah")
    page.goto(f"{site.url}/pelatih/angkatan")
    look("angkatan")
    page.goto(f"{site.url}/pelatih/pratinjau")
    look("pratinjau")
    page.goto(f"{site.url}/pelatih/pratinjau/{MODULE}")
    expect(page.get_by_role("button", name="Mulai kuis")).to_be_visible(timeout=SLOW)
    look("pratinjau-modul")
    page.goto(site.url)
    look("beranda-pesan")


def dashboards(page: Page, look: Look, start: Start, folder: Path) -> None:
    """What agencies and trainers see of a class that sat a quiz months ago and is late."""
    site = start(NETRALITAS_STORE=simulated(folder.with_suffix(".db")), NETRALITAS_DEADLINE="2026-02-10")
    agency_board(page, look, site)
    trainer_board(page, look, site)


def trainer_board(page: Page, look: Look, site: Site) -> None:
    """The trainer's dashboard, with an item and the tables opened."""
    log_in(page, site.url, site.officer("trainer"), DEMO)
    page.goto(f"{site.url}/dasbor/kelas?kuis={MODULE}")
    counted(page)
    look("dasbor-kelas")
    for opened in page.locator(".board summary").all():
        opened.click()
    look("dasbor-kelas-terbuka")
    page.get_by_role("button", name="Keluar").press("Enter")


def agency_board(page: Page, look: Look, site: Site) -> None:
    """The agency's dashboard, and what is below its unit."""
    log_in(page, site.url, site.officer("agency"), DEMO)
    page.goto(f"{site.url}/dasbor/penyelesaian")
    counted(page)
    look("dasbor-penyelesaian")
    page.get_by_role("link", name="Bidang Contoh Pendidikan Dasar").click()
    expect(page.get_by_role("heading", name="Bidang Contoh Pendidikan Dasar")).to_be_visible(timeout=SLOW)
    for opened in page.get_by_text("Lihat sebagai tabel").all():
        opened.click()
    look("dasbor-di-bawahnya")
    page.goto(f"{site.url}/dasbor/penyelesaian?bentuk=bagi")
    counted(page)
    look("dasbor-dibagikan")
    page.get_by_role("button", name="Keluar").press("Enter")


def counted(page: Page) -> None:
    """Wait until every part of a dashboard shows its figures."""
    expect(page.locator("[aria-busy]")).to_have_count(0, timeout=SLOW)
    expect(page.locator(".board")).not_to_have_count(0)


def modules(page: Page, look: Look, start: Start, _folder: Path) -> None:
    """Each module's page as it is first met, and Beranda with all of them."""
    site = start(content=ROOT)
    log_in(page, site.url, site.people(1)[0])
    expect(page.get_by_role("heading", name="Perjalanan Anda")).to_be_visible()
    look("beranda-semua-modul")
    for module in content.current().course.modules:
        page.goto(f"{site.url}/modul/{module.slug}")
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("[aria-busy]")).to_have_count(0, timeout=SLOW)
        for opened in page.get_by_text("Lihat sebagai tabel").all():
            opened.click()
        look(f"modul-{module.slug}")


def waiting(page: Page, look: Look, start: Start, _folder: Path) -> None:
    """A server with one place, and somebody in it."""
    site = start(NETRALITAS_CAP="1")
    first, second = site.people(2)
    busy = Client(site, first).channel()
    busy.do("scenario/like-unggahan", {"kind": "open"})
    log_in(page, site.url, second)
    page.goto(f"{site.url}/modul/{MODULE}")
    expect(page.get_by_role("heading", name="Sebentar, sedang ramai")).to_be_visible()
    look("antre")
    busy.close()
    page.goto(site.url)
    page.get_by_role("button", name="Keluar").press("Enter")


def kinds(page: Page, look: Look, start: Start, folder: Path) -> None:
    """Each kind of question, a story with memory and ratings, and no line."""
    site = start(content=toy(folder))
    known = content.load(TOY)
    log_in(page, site.url, site.people(1)[0])
    page.goto(f"{site.url}/modul/contoh-kuis")
    story = box(page, known.scenarios[PRESSURE].title)
    story.get_by_role("button", name="Mulai cerita").click()
    expect(story.get_by_role("button", name="Putuskan")).to_be_visible(timeout=SLOW)
    look("cerita-keadaan")
    while story.get_by_role("button", name="Putuskan").count():
        for group in story.locator("fieldset:has(input)").all():
            group.get_by_role("radio").last.check()
        if story.get_by_label("Sangat tepat").count():
            look("cerita-menilai")
        decide(story)
    look("cerita-penutup")
    exam = known.quizzes[KINDS]
    found = box(page, exam.title)
    found.get_by_role("button", name="Mulai kuis").click()
    for number in range(1, exam.size + 1):
        expect(found.get_by_text(f"Soal {number} dari {exam.size}")).to_be_visible(timeout=SLOW)
        question = asked(found, exam)
        look(f"jenis-{question.kind}")
        fill(page, found, question)
        found.get_by_role("button", name="Kirim jawaban").click()
        onward = found.get_by_role("button", name="Lihat hasil" if number == exam.size else "Soal berikutnya")
        expect(onward).to_be_visible(timeout=SLOW)
        look(f"jenis-{question.kind}-jawaban")
        if number < exam.size:
            onward.click()
    site.stop()
    expect(page.get_by_text("Sambungan terputus")).to_be_visible(timeout=SLOW)
    look("tanpa-sambungan")


def parts(page: Page, look: Look, start: Start, folder: Path) -> None:
    """The pre-test, the pledge, and the exam that is shut and opens."""
    place = laid(folder)
    known = content.load(place)
    site = start(content=place)
    log_in(page, site.url, site.people(1)[0])
    look("bagian-beranda")
    page.get_by_role("link", name="Ujian contoh").click()
    expect(page.get_by_role("heading", name="Belum terbuka")).to_be_visible()
    look("ujian-tertutup")
    page.goto(f"{site.url}/modul/{BEFORE}")
    before = known.quizzes[BEFORE]
    expect(page.get_by_role("button", name="Mulai kuis")).to_be_visible(timeout=SLOW)
    look("tes-awal")
    sit(page, before)
    look("tes-awal-hasil")
    page.goto(f"{site.url}/modul/{PLEDGE}")
    button = page.get_by_role("button", name="Saya berikrar")
    expect(button).to_be_visible(timeout=SLOW)
    look("ikrar")
    button.click()
    expect(page.get_by_text("1 dari 2 butir diikrarkan", exact=True)).to_be_visible(timeout=SLOW)
    look("ikrar-satu-butir")
    button.click()
    expect(page.get_by_role("heading", name="Ikrar Anda lengkap")).to_be_visible(timeout=SLOW)
    look("ikrar-lengkap")
    page.goto(f"{site.url}/hasil")
    expect(page.get_by_text("Diikrarkan pada")).to_be_visible()
    look("bagian-hasil")
    renew(place)
    site.restart()
    page.goto(f"{site.url}/hasil")
    expect(page.get_by_text("perlu diperbarui", exact=True)).to_be_visible()
    look("bagian-hasil-diperbarui")
    page.goto(f"{site.url}/")
    expect(page.get_by_text("Perlu diperbarui")).to_be_visible()
    look("bagian-beranda-diperbarui")
    page.goto(f"{site.url}/modul/{PLEDGE}")
    expect(page.get_by_text("Ikrar ini diminta lagi")).to_be_visible(timeout=SLOW)
    look("ikrar-diminta-lagi")
    page.get_by_role("button", name="Keluar").press("Enter")


PARTS: dict[str, Callable[[Page, Look, Start, Path], None]] = {
    "course": course,
    "modules": modules,
    "waiting": waiting,
    "kinds": kinds,
    "parts": parts,
    "dashboards": dashboards,
}
"""What `walk` consists of; each part stands alone."""
