"""The frame around the course: where one is, what is next, what helps, what is recorded and by whom seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import requests

from netralitas import content
from netralitas.store import NOTICE
from tests.site import DEMO, MODULE, PASSWORD, Client, Site, finish, learner_of

pytestmark = pytest.mark.slow
STORY = "scenario/like-unggahan"


def plain(html: str) -> str:
    """The words of a page, without its tags and scripts."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(body.split())


def send(client: Client, path: str, at: str = "", **fields: str) -> requests.Response:
    """Send a form from the page it stands on."""
    body = {"_xsrf": client.token(at or path), **fields}
    return client.http.post(client.site.url + path, data=body, timeout=20)


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a deadline long gone and a person to ask."""
    running = Site(
        tmp_path_factory.mktemp("dated"),
        NETRALITAS_DEADLINE="2020-01-31",
        NETRALITAS_CONTACT="Bu Ratna, lantai 2, pesawat 104",
    ).start()
    yield running
    running.stop()


class TestHome:
    def test_it_says_where_what_is_next_how_long_and_by_when(self, client: Client) -> None:
        told = plain(client.get("/").text)
        module = content.current().course.module(MODULE)
        for words in (
            "0 dari 1 bagian selesai",
            f"Mulai: {module.title}",
            f"kira-kira {module.minutes} menit",
        ):
            assert words in told
        assert "Tanpa tenggat" in told

    def test_a_deadline_is_told_with_the_days(self, dated: Site) -> None:
        told = plain(Client(dated, dated.people(1)[0]).get("/").text)
        assert "Tenggat: 31 Januari 2020" in told
        assert re.search(r"lewat \d{4} hari; Anda tetap boleh", told)

    def test_it_leads_back_to_the_very_activity(self, client: Client) -> None:
        line = client.channel()
        line.do(STORY, {"kind": "open"})
        line.do(STORY, {"kind": "choose", "scene": "s1", "choice": "a"})
        page = client.get("/").text
        assert "Lanjutkan: Media sosial dan foto" in plain(page)
        title = content.current().scenarios["like-unggahan"].title
        assert f"Berikutnya: {title}" in plain(page)
        assert re.search(rf'href="/modul/{MODULE}#w-[0-9a-f]{{32}}"', page)


class TestHelp:
    def test_search_groups_what_it_finds_and_escapes_what_was_typed(self, client: Client) -> None:
        told = plain(client.get("/cari?q=jempol").text)
        assert "Bagian modul" in told
        assert "Tiga pertanyaan sebelum jempol bergerak" in told
        assert "<b>x</b>" not in client.get("/cari?q=<b>x</b>").text

    def test_every_place_found_is_there(self, client: Client) -> None:
        page = client.get("/cari?q=foto").text + client.get("/cari?q=petahana").text
        found = set(re.findall(r'<li><a href="([^"]+)"', page))
        assert len(found) > 4
        for address in found:
            path, _sharp, anchor = address.replace("&amp;", "&").partition("#")
            answer = client.get(path)
            assert answer.status_code == 200, address
            assert not anchor or f'id="{requests.utils.unquote(anchor)}"' in answer.text, address

    def test_nothing_found_says_what_to_try(self, client: Client) -> None:
        assert "Tidak ada yang cocok" in client.get("/cari?q=zzzz").text

    def test_the_glossary_explains_every_term_with_its_source(self, client: Client) -> None:
        told = plain(client.get("/glosarium").text)
        terms = content.current().glossary.terms
        assert terms
        assert all(one.meaning in told for one in terms)
        assert "PP 42/2004, Pasal 15" in told

    def test_help_is_there_for_everybody(self, site: Site) -> None:
        for path in ("/bantuan", "/lupa", "/privasi", "/tampilan"):
            assert Client(site).get(path).status_code == 200

    def test_a_forgotten_password_names_whom_to_ask(self, dated: Site) -> None:
        assert "Bu Ratna, lantai 2, pesawat 104" in Client(dated).get("/lupa").text

    def test_practice_is_judged_and_nothing_of_it_is_kept(self, site: Site, client: Client, nip: str) -> None:
        for answer, word in (("b", "Tepat"), ("a", "Belum tepat")):
            assert word in client.get(f"/latihan?langkah=1&kirim=1&jawab={answer}").text
        assert "Sebagian tepat" in client.get("/latihan?langkah=2&kirim=1&jawab=a").text
        assert "Pilih satu jawaban dulu" in client.get("/latihan?langkah=2&kirim=1").text
        assert client.get("/latihan?langkah=99999&jawab=%00").status_code == 200
        with site.store() as store:
            assert store.last_seq(learner_of(store, nip)) == 0


class TestPrivacy:
    def test_nobody_reaches_an_activity_before_the_notice(self, site: Site) -> None:
        client = Client(site, site.officer("agency"), DEMO)
        page = client.get(f"/modul/{MODULE}")
        assert page.url.endswith(f"/privasi?lanjut=/modul/{MODULE}")
        for words in ("Apa yang dicatat", "Siapa yang melihatnya", "Berapa lama", "menghapus"):
            assert words in page.text
        read = send(client, "/privasi", page.url.removeprefix(site.url), lanjut=f"/modul/{MODULE}")
        assert read.url.endswith(f"/modul/{MODULE}")
        assert "sekali sebelum jawaban pertama" not in client.get("/privasi").text
        with site.store() as store:
            kept = store.preference(learner_of(store, site.officer("agency")))
            assert kept.notice == NOTICE
            assert kept.noticed_at is not None

    def test_it_leads_nowhere_outside(self, client: Client) -> None:
        answer = send(client, "/privasi", lanjut="https://contoh.test/")
        assert answer.url == client.site.url + "/"


class TestDisplay:
    def test_what_is_chosen_lasts_and_follows_the_account(self, site: Site, client: Client, nip: str) -> None:
        client.http.post(
            site.url + "/tampilan",
            data={"_xsrf": client.token("/"), "semua": "1", "pilih": ["besar", "kontras"], "bahasa": "id"},
            timeout=20,
        )
        assert '<html lang="id" class="besar kontras">' in client.get("/").text
        assert '<html lang="id" class="besar kontras">' in Client(site, nip).get("/").text
        send(client, "/tampilan", semua="1", bahasa="id")
        assert '<html lang="id">' in client.get("/").text

    def test_the_button_in_the_foot_changes_the_language_alone(self, client: Client) -> None:
        send(client, "/tampilan", semua="1", pilih="besar", bahasa="id")
        send(client, "/tampilan", "/", bahasa="en")
        assert '<html lang="en" class="besar">' in client.get("/hasil").text

    def test_it_works_before_anybody_logs_in(self, site: Site) -> None:
        nobody = Client(site)
        send(nobody, "/tampilan", semua="1", pilih="kontras", bahasa="id")
        assert 'class="kontras"' in nobody.get("/masuk").text

    @pytest.mark.parametrize("value", ["", "x.y.z", "en.besar.<script>", "." * 500])
    def test_a_cookie_of_whatever_kind_is_read(self, site: Site, value: str) -> None:
        answer = requests.get(site.url + "/masuk", cookies={"netralitas_tampilan": value}, timeout=20)
        assert answer.status_code == 200
        assert "<script>" not in answer.text.split("</head>")[0]


class TestOwnRecord:
    def test_it_shows_and_hands_over_what_is_kept(self, client: Client, nip: str) -> None:
        client.channel().do(STORY, {"kind": "open"})
        assert nip in client.get("/saya").text
        answer = client.get("/saya/catatan.json")
        assert "attachment" in answer.headers["Content-Disposition"]
        told = json.loads(answer.text)
        assert told["akun"]["nip"] == nip
        assert [one["verb"] for one in told["peristiwa"]] == ["opened"]

    def test_wrong_data_reaches_the_officer_and_the_answer_comes_back(self, site: Site) -> None:
        unit = "Dinas Contoh Pendidikan"
        mine = Client(site, site.people(1, unit=unit)[0])
        assert "Tulis dulu" in send(mine, "/saya", bagian="jabatan", isi=" ").text
        assert "Terkirim" in send(mine, "/saya", bagian="jabatan", isi="Sudah Ahli Muda <b>").text
        officer = Client(site, site.officer("agency"), DEMO)
        page = officer.get("/petugas/koreksi").text
        assert "Sudah Ahli Muda &lt;b&gt;" in page
        number = re.search(r'name="nomor" value="(\d+)"', page)
        assert number
        send(officer, "/petugas/koreksi", nomor=number[1], jawaban="Sudah diperbaiki.")
        assert "Sudah diperbaiki." in mine.get("/saya").text
        assert "Sudah Ahli Muda" not in officer.get("/petugas/koreksi").text

    def test_an_officer_answers_nobody_outside_their_units(self, site: Site) -> None:
        far = Client(site, site.people(1, unit="Dinas Contoh Kesehatan")[0])
        send(far, "/saya", bagian="nama", isi="Ejaan lain sekali.")
        officer = Client(site, site.officer("agency"), DEMO)
        assert "Ejaan lain sekali." not in officer.get("/petugas/koreksi").text
        with site.store() as store:
            number = next(one.id for one in store.corrections_under(None) if "Ejaan lain" in one.text)
        body = {"_xsrf": officer.token("/petugas/koreksi"), "nomor": str(number), "jawaban": "x"}
        answer = officer.http.post(site.url + "/petugas/koreksi", data=body, timeout=20)
        assert answer.status_code == 404


class TestReports:
    def test_a_report_reaches_the_office_without_a_name(self, site: Site, client: Client, nip: str) -> None:
        item = f"quiz/{MODULE}/k01"
        assert "Pilih satu alasan" in send(client, "/lapor", f"/lapor?soal={item}", soal=item).text
        sent = send(client, "/lapor", f"/lapor?soal={item}", soal=item, alasan="usang", isi="Pasal baru.")
        assert "Laporan Anda diterima" in sent.text
        with site.store() as store:
            name = store.account(learner_of(store, nip)).name  # type: ignore[union-attr]
        for role in ("trainer", "agency", "operator"):
            officer = Client(site, site.officer(role), DEMO)
            page = officer.get("/laporan").text
            assert "Pasal baru." in page
            assert item in page
            assert name not in page
        number = re.search(r'name="nomor" value="(\d+)"', page)
        assert number
        send(officer, "/laporan", nomor=number[1])
        assert not re.search(rf'name="nomor" value="{number[1]}"', officer.get("/laporan").text)

    def test_learners_do_not_see_the_list_and_no_other_object_is_reported(self, client: Client) -> None:
        assert client.get("/laporan").status_code == 403
        for name in ("", "quiz/x", f"quiz/{MODULE}/zz", "scenario/like-unggahan/../x", "x" * 500):
            assert client.get(f"/lapor?soal={name}").status_code == 404

    def test_the_form_tells_no_words_of_an_item(self, client: Client) -> None:
        """A question not drawn, an ending not met: their words are still to be earned."""
        quiz = content.current().quizzes[MODULE]
        page = plain(client.get(f"/lapor?soal={quiz.root}/{quiz.questions[0].id}").text)
        assert quiz.questions[0].prompt[:30] not in page
        ending = content.current().scenarios["like-unggahan"].endings[0]
        assert ending.title not in plain(client.get(f"/lapor?soal={STORY}/{ending.id}").text)


class TestReading:
    def test_a_finished_module_is_read_and_nothing_of_it_can_change(
        self, site: Site, client: Client, nip: str
    ) -> None:
        assert client.get(f"/modul/{MODULE}/baca").url.endswith(f"/modul/{MODULE}")
        finish(client, content.current())
        line = client.channel()
        quiz = f"quiz/{MODULE}"
        # Begun again and left: reading shows what was finished.
        line.do(quiz, {"kind": "open"})
        with site.store() as store:
            before = store.last_seq(learner_of(store, nip))
        page = client.get(f"/modul/{MODULE}/baca").text
        found = re.search(r'id="halaman">(.*?)</script>', page, re.DOTALL)
        assert found
        state = json.loads(found[1])
        assert "channel" not in state
        views = {one["state"]["object"]: one["state"] for one in state["widgets"]}
        assert all(one["reading"] for one in views.values())
        assert views[quiz]["view"]["status"] == "finished"
        assert views[quiz]["view"]["mark"] == 100
        with site.store() as store:
            assert store.last_seq(learner_of(store, nip)) == before

    def test_the_summary_opens_when_the_module_is_finished(self, client: Client) -> None:
        told = plain(client.get(f"/modul/{MODULE}/ringkasan").text)
        quiz = content.current().quizzes[MODULE]
        assert "Ringkasan terbuka setelah modul selesai" in told
        assert quiz.questions[0].explanation[:40].replace("*", "") not in told
        finish(client, content.current())
        told = plain(client.get(f"/modul/{MODULE}/ringkasan").text)
        assert "Simpan sebagai PDF" in told
        assert "PP 94/2021" in told
        assert "Untuk besok" in told

    def test_a_module_there_is_not_is_not_found(self, client: Client) -> None:
        for path in ("baca", "ringkasan"):
            assert client.get(f"/modul/tidak-ada/{path}").status_code == 404


class TestSession:
    def test_a_page_knows_how_long_the_session_lasts_and_can_keep_it(self, client: Client) -> None:
        found = re.search(r'data-left="(\d+)" data-idle="(\d+)"', client.get("/").text)
        assert found
        assert 6 * 86400 < int(found[1]) <= 7 * 86400
        assert int(found[2]) == 12 * 3600
        assert client.get("/sesi").json()["left"] <= 7 * 86400

    def test_the_name_in_the_browser_is_no_id_of_ours(self, site: Site, client: Client, nip: str) -> None:
        found = re.search(r'data-who="([0-9a-f]{16})"', client.get("/").text)
        assert found
        with site.store() as store:
            assert found[1] not in learner_of(store, nip)
        assert f'data-who="{found[1]}"' in Client(site, nip, PASSWORD).get("/hasil").text
