"""Files of others: what comes along, what is told as lost, what refuses the whole file.

LOST and REFUSED hold a made-up file for each sentence; a test reads the code for sentences without one.
"""

from __future__ import annotations

import ast
import html
import json
import re
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas import exchange
from netralitas.exchange.bank import MOST_BYTES, MOST_IN_QUESTION, MOST_QUESTIONS
from netralitas.reading import ContentError
from tests.exchange.questions import drafted

CODE = Path(exchange.__file__).parent


def xml(*questions: str) -> str:
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *questions, "</quiz>"])


def answer(fraction: object, text: str, feedback: str = "") -> str:
    inner = f"<text>{html.escape(text)}</text>"
    return f'<answer fraction="{fraction}">{inner}<feedback><text>{feedback}</text></feedback></answer>'


def question(kind: str, *more: str) -> str:
    head = f'<question type="{kind}"><name><text>N</text></name><questiontext format="html"><text>P?</text>'
    return f"{head}</questiontext>{''.join(more)}</question>"


def multichoice(*more: str, single: bool = True, options: str = "", kind: str = "multichoice") -> str:
    options = options or answer(100, "Ya", "Betul") + answer(0, "Tidak")
    return question(kind, f"<single>{str(single).lower()}</single>", options, *more)


def pair(left: str, right: str) -> str:
    inner = f"<text>{html.escape(left)}</text><answer><text>{html.escape(right)}</text></answer>"
    return f'<subquestion format="html">{inner}</subquestion>'


def measure(text: str, tolerance: str = "0", fraction: int = 100, feedback: str = "") -> str:
    inner = f"<text>{text}</text><feedback><text>{feedback}</text></feedback>"
    return f'<answer fraction="{fraction}">{inner}<tolerance>{tolerance}</tolerance></answer>'


def unit(name: str, multiplier: str = "1") -> str:
    return f"<unit><multiplier>{multiplier}</multiplier><unit_name>{name}</unit_name></unit>"


def items(form: str, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = drafted(form, text).raw["questions"]
    return found


def only(form: str, text: str) -> dict[str, Any]:
    (found,) = items(form, text)
    return found


class TestGift:
    def test_one_answer_is_right(self) -> None:
        got = only(
            "gift", "// komentar\n::Judul::Siapa?{\n~Ani#bukan\n=Budi#tepat\n// komentar\n####Sebab.\n}"
        )
        assert got["kind"] == "single_choice"
        assert got["prompt"] == "Siapa?"
        assert [(one["text"], one["feedback"]) for one in got["choices"]] == [
            ("Ani", "bukan"),
            ("Budi", "tepat"),
        ]
        assert (got["key"], got["explanation"]) == (["b"], "Sebab.")

    def test_without_an_equals_sign_several_are_right(self) -> None:
        got = only("gift", "Siapa?{~%50%Ani ~%50%Budi ~%-50%Citra}")
        assert (got["kind"], got["key"]) == ("multiple_choice", ["a", "b"])

    @pytest.mark.parametrize(("sign", "key"), [("T", "a"), ("TRUE", "a"), ("F", "b"), ("FALSE", "b")])
    def test_feedback_of_true_and_false_goes_to_who_chose_it(self, sign: str, key: str) -> None:
        got = only("gift", f"Benarkah?{{{sign}#keliru#tepat####Sebab}}")
        assert (got["kind"], got["key"], got["explanation"]) == ("true_false", [key], "Sebab")
        told = {one["id"]: one["feedback"] for one in got["choices"]}
        assert told == ({"a": "tepat", "b": "keliru"} if key == "a" else {"a": "keliru", "b": "tepat"})

    def test_true_without_feedback(self) -> None:
        got = only("gift", "Benarkah?{T}")
        assert [one["feedback"] for one in got["choices"]] == ["", ""]

    def test_answers_in_the_middle_leave_a_blank(self) -> None:
        assert only("gift", "ASN {=netral ~pihak} selalu.")["prompt"] == "ASN _____ selalu."

    def test_escapes_are_the_signs_themselves(self) -> None:
        got = only("gift", r"a\:b \{c\} 1\=1 \~ \# \\n \\ x\ny{=\=a#\#b ~c}")
        assert got["prompt"] == "a:b {c} 1=1 ~ # \\n \\ x\ny"
        assert got["choices"][0] == {"id": "a", "text": "=a", "feedback": "#b"}

    def test_pairs_are_matched_and_what_has_no_left_side_distracts(self) -> None:
        got = only(
            "gift", "Padankan{\n=satu -> sijine\n=dua->loro # bukan komentar\n= -> telu\n=tiga -> papat}"
        )
        assert got["kind"] == "matching"
        assert [row["text"] for row in got["left"]] == ["satu", "dua", "tiga"]
        right = {one["id"]: one["text"] for one in got["right"]}
        assert sorted(right.values()) == ["loro # bukan komentar", "papat", "sijine", "telu"]
        assert [right[got["key"][letter]] for letter in "abc"] == ["sijine", "loro # bukan komentar", "papat"]

    @pytest.mark.parametrize("words", ["b c d a", "a b c d", "d c b a", "b a"])
    def test_ids_do_not_tell_which_pairs_belong_together(self, words: str) -> None:
        told = " ".join(f"={n} -> {word}" for n, word in enumerate(words.split()))
        found = drafted("gift", f"Padankan{{{told}}}")
        used = [*found.raw["questions"][0]["key"].values()]
        assert used != sorted(used)
        assert not any("membocorkan" in told.message for told in found.gaps)

    def test_a_right_side_that_comes_twice_is_a_class(self) -> None:
        got = only("gift", "Golongkan{=apel -> buah =wortel -> sayur =jeruk -> buah}")
        assert (got["kind"], [row["text"] for row in got["entries"]]) == (
            "classification", ["apel", "wortel", "jeruk"])  # fmt: skip
        heads = {one["id"]: one["text"] for one in got["categories"]}
        assert [heads[name] for name in got["key"].values()] == ["buah", "sayur", "buah"]

    def test_the_four_steps_make_a_rating(self) -> None:
        steps = "=x -> Sangat tidak tepat =y -> Sangat tepat =z -> Cukup tepat = -> Kurang tepat"
        got = only("gift", f"Nilailah{{{steps}}}")
        assert (got["kind"], got["key"]) == ("rating", {"a": 1, "b": 4, "c": 3})

    @pytest.mark.parametrize(
        ("answer", "key", "tolerance"),
        [("3:2", 3, 2), ("1..5", 3, 2), ("3.141..3.142", 3.1415, 0.0005), ("-.5", -0.5, 0), ("1e3", 1000, 0),
         ("=%100%42:0.001#", 42, 0.001), (" 7 ", 7, 0), ("-2 .. -1", -1.5, 0.5)],
    )  # fmt: skip
    def test_a_number_has_its_tolerance(self, answer: str, key: float, tolerance: float) -> None:
        got = only("gift", f"Berapa?{{#{answer}####Sebab}}")
        assert (got["kind"], got["key"], got["tolerance"]) == ("number", key, tolerance)
        assert got["explanation"] == "Sebab"

    def test_accepted_texts_are_plain_whatever_the_question_is(self) -> None:
        got = only("gift", r"[html]Apa?{=a < b =%50%[html]c &amp; d =e \\* f =\=}")
        assert (got["kind"], got["key"], got["half"]) == ("short_text", ["a < b", "e * f"], ["c & d"])

    def test_an_essay_waits_for_its_rubric(self) -> None:
        got = only("gift", "Tulis.{####Sebab}")
        assert (got["kind"], got["explanation"], got["model_answer"]) == ("written", "Sebab", "")
        assert got["criteria"] == [{"text": "", "points": ""}]

    @pytest.mark.parametrize(
        "lines",
        [">3 ALL VERTICAL ABSOLUTE_POSITION HIDE abc\nCuci\nAduk\nBakar\n", ">3\nCuci\n\tAduk\nBakar",
         "> 6 ALL Cuci\nAduk\n<script>x</script>\nBakar"],
    )  # fmt: skip
    def test_an_ordering_has_an_entry_on_each_line(self, lines: str) -> None:
        got = only("gift", f"Urutkan{{{lines}####Sebab}}")
        texts = {entry["id"]: entry["text"] for entry in got["entries"]}
        assert (got["kind"], got["explanation"]) == ("ordering", "Sebab")
        assert [texts[letter] for letter in got["key"]] == ["Cuci", "Aduk", "Bakar"]
        assert got["key"] != sorted(got["key"])

    def test_a_category_is_the_title(self) -> None:
        text = "$CATEGORY: $course$/top/Bank/A//B\n\nP?{T}"
        assert drafted("gift", text).raw["title"] == "A/B"

    def test_a_comment_may_name_the_id(self) -> None:
        assert only("gift", "// [id:soal-7]\nP?{T}")["id"] == "soal-7"

    def test_answers_inherit_the_format_of_the_question(self) -> None:
        got = only("gift", "[html]<p>A</p>{=<b>B</b>#[plain]<c> ~D}")
        assert got["choices"][0] == {"id": "a", "text": "*B*", "feedback": "<c>"}

    def test_lines_of_windows_and_a_mark_at_the_beginning(self) -> None:
        assert len(items("gift", "\ufeffA?{T}\r\n\r\nB?{F}\r\n")) == 2


class TestMoodleXml:
    def test_one_answer_is_right(self) -> None:
        got = only("moodle-xml", xml(multichoice()))
        assert (got["kind"], got["key"], got["prompt"]) == ("single_choice", ["a"], "P?")
        assert got["choices"][0] == {"id": "a", "text": "Ya", "feedback": "Betul"}

    def test_several_answers_are_right(self) -> None:
        options = answer(50, "A") + answer(50, "B") + answer("-50", "C")
        got = only("moodle-xml", xml(multichoice(single=False, options=options)))
        assert (got["kind"], got["key"]) == ("multiple_choice", ["a", "b"])

    def test_true_stands_first_whatever_the_order(self) -> None:
        options = answer(0, "false", "keliru") + answer(100, "true", "tepat")
        got = only("moodle-xml", xml(multichoice(kind="truefalse", options=options)))
        assert [(one["text"], one["feedback"]) for one in got["choices"]] == [
            ("Benar", "tepat"), ("Salah", "keliru")]  # fmt: skip
        assert got["key"] == ["a"]

    def test_a_shuffled_question_is_shuffled_here_too(self) -> None:
        assert only("moodle-xml", xml(multichoice("<shuffleanswers>1</shuffleanswers>")))["shuffle"] is True

    @pytest.mark.parametrize("kind", ["matching", "match"])
    def test_pairs_are_matched(self, kind: str) -> None:
        told = pair("<b>satu</b>", "siji & <i>1</i>") + pair("dua", "loro") + pair("", "telu")
        got = only("moodle-xml", xml(question(kind, told)))
        assert (got["kind"], [row["text"] for row in got["left"]]) == ("matching", ["*satu*", "dua"])
        right = {one["id"]: one["text"] for one in got["right"]}
        assert [right[name] for name in got["key"].values()] == ["siji & *1*", "loro"]
        assert sorted(right.values()) == ["loro", "siji & *1*", "telu"]

    def test_entries_are_in_the_order_of_the_file(self) -> None:
        told = answer(3, "Cuci") + answer(1, "Aduk") + answer(2, "Bakar")
        got = only("moodle-xml", xml(question("ordering", "<selecttype>ALL</selecttype>", told)))
        texts = {entry["id"]: entry["text"] for entry in got["entries"]}
        assert [texts[letter] for letter in got["key"]] == ["Cuci", "Aduk", "Bakar"]

    def test_a_number_has_its_unit(self) -> None:
        units = f"<units>{unit('km', '0.001')}{unit('m', '1.0000000')}</units>"
        got = only(
            "moodle-xml", xml(question("numerical", measure("42", "0.001"), measure("*", "", 0), units))
        )
        assert (got["kind"], got["key"], got["tolerance"], got["unit"]) == ("number", 42, 0.001, "m")

    def test_accepted_texts_are_plain(self) -> None:
        told = answer(100, "a < b") + answer(50, "&amp;")
        got = only("moodle-xml", xml(question("shortanswer", told)))
        assert (got["kind"], got["key"], got["half"]) == ("short_text", ["a < b"], ["&amp;"])

    def test_what_a_marker_reads_is_a_criterion_to_be(self) -> None:
        told = "<graderinfo><text><![CDATA[<p>Nilai <b>murah</b> hati</p>]]></text></graderinfo>"
        got = only("moodle-xml", xml(question("essay", told)))
        assert (got["kind"], got["model_answer"]) == ("written", "")
        assert got["criteria"] == [{"text": "Nilai *murah* hati", "points": ""}]

    def test_cdata_and_formats_are_read(self) -> None:
        text = xml(multichoice()).replace(
            "<text>P?</text>", "<text><![CDATA[<p>A <b>b</b></p><p>c</p>]]></text>"
        )
        assert only("moodle-xml", text)["prompt"] == "A *b*\n\nc"

    def test_an_idnumber_is_the_id_and_the_category_the_title(self) -> None:
        head = '<question type="category"><category><text>top/Pemilu</text></category></question>'
        found = drafted("moodle-xml", xml(head, multichoice("<idnumber>soal-7</idnumber>")))
        assert found.raw["title"] == "Pemilu"
        assert found.raw["questions"][0]["id"] == "soal-7"


NINE = " ".join(f"~p{n}" for n in range(8)) + " =q"

LOST: list[tuple[str, str, str]] = [
    ("gift", "Hanya teks", "jenis description belum dapat dibawa; soal dilewati"),
    ("gift", f"P?{{{NINE}}}", "ada 9 pilihan, yang dapat dibawa 2 sampai 8; soal dilewati"),
    ("gift", "P?{=a ~%50%b ~c}", "bobot sebagian tidak dibawa (b 50%): pilihan lain bernilai nol"),
    ("gift", "P?{~%70%a ~%30%b ~%-50%c}", "bobot pilihan benar tidak sama: di sini semuanya sama"),
    ("gift", "P?{~%50%a ~%50%b ~c}",
     "penalti pilihan salah berbeda: di sini satu pilihan salah menghapus satu yang benar"),
    ("gift", "[markdown]P **a**?{T}", "format Markdown: hanya penekanan yang dibawa"),
    ("gift", "[html]P<img src='a'><video src='b'>?{T}", "tag HTML dibuang: img, video"),
    ("gift", "[html]P <a href='b?{T}", "HTML tidak ditutup: sisa teksnya dibuang"),
    ("gift", "P\x07?{T}", "tanda kendali dibuang"),
    ("gift", "// [tag:pemilu]\nP?{T}", "tag tidak dibawa: pemilu"),
    ("gift", "// netralitas: {rusak\nP?{T}", "catatan netralitas tidak terbaca dan diabaikan"),
    ("gift", "$CATEGORY: a\n\nP?{T}\n\n$CATEGORY: b\n\nQ?{T}", "2 kategori digabung menjadi satu kuis"),
    ("gift", "// [id:Soal Satu]\nP?{T}", "id 'Soal Satu' tidak dapat dipakai: diganti k01"),
    ("gift", '// netralitas: {"letters":["a"],"depth":"ingat"}\nP?{~a =b}',
     "jumlah pilihan berubah: huruf pilihan diberikan ulang"),
    ("moodle-xml", xml('<question type="category"><info><text>netralitas-kuis:{</text></info></question>',
                       multichoice()), "catatan netralitas di info tidak terbaca dan diabaikan"),
    ("moodle-xml", xml(multichoice("<penalty>0.3333333</penalty>")),
     "penalti percobaan ulang 0.333333 tidak dibawa"),
    ("moodle-xml", xml(multichoice("<defaultgrade>2.0</defaultgrade>")),
     "bobot soal 2 tidak dibawa: di sini semua soal sama"),
    ("moodle-xml", xml(multichoice("<correctfeedback><text>Hebat</text></correctfeedback>")),
     "umpan balik gabungan (benar, sebagian, salah) tidak dibawa"),
    ("moodle-xml", xml(multichoice("<hint><text>Baca</text></hint>")), "1 petunjuk tidak dibawa"),
    ("moodle-xml", xml(multichoice("<rahasia>1</rahasia>")), "bagian tidak dibawa: rahasia"),
    ("moodle-xml", xml(multichoice("<tags><tag><text>pemilu</text></tag></tags>")),
     "tag tidak dibawa: pemilu"),
    ("moodle-xml", xml(multichoice("<tags><tag><text>netralitas:rules=[&quot;a</text></tag></tags>")),
     "tag netralitas:rules terpotong dan diabaikan"),
    ("moodle-xml", xml(multichoice('<generalfeedback format="wiki"><text>a</text></generalfeedback>')),
     "format 'wiki' tidak dikenal: dibaca sebagai HTML"),
    ("moodle-xml", xml(multichoice('<generalfeedback><text>a</text><file name="a.png">QUJD</file>'
                                   "</generalfeedback>")), "berkas a.png (1 KB) tidak dibawa"),
    ("moodle-xml", xml(multichoice(options=answer("banyak", "A") + answer(100, "B"))),
     "bobot 'banyak' bukan angka: dihitung nol"),
    ("moodle-xml", xml(multichoice(kind="ddwtos")), "jenis ddwtos belum dapat dibawa; soal dilewati"),
    ("gift", f"P{{{' '.join(f'={n} -> {n}' for n in range(9))}}}",
     "ada 9 isi kiri dan 9 isi kanan, yang dapat dibawa 2–8 dan 2–10; soal dilewati"),
    ("gift", f"P{{={0} -> 0 {' '.join(f'={n} -> {n % 7}' for n in range(9))}}}",
     "ada 10 isi kiri dan 7 isi kanan, yang dapat dibawa 2–12 dan 2–6; soal dilewati"),
    ("moodle-xml", xml(question("matching", pair("a", "b"))),
     "ada 1 isi kiri dan 1 isi kanan, yang dapat dibawa 2–8 dan 2–10; soal dilewati"),
    ("gift", '// netralitas: {"kind":"rating"}\nP{=a -> Sangat tepat =b -> Baik}',
     "isi kanan berubah: jenis rating menjadi matching"),
    ("gift", '// netralitas: {"columns":["1","2","2"],"order":["1","2"]}\nP{=a -> x =b -> y =c -> x}',
     "isi kanan berubah: id-nya diberikan ulang"),
    ("gift", "P{>2 ALL\na\nb}", "ada 2 isi untuk diurutkan, yang dapat dibawa 3 sampai 8; soal dilewati"),
    ("gift", "P{>2 RANDOM\na\nb\nc}", "di sana hanya 2 isi ditampilkan: di sini semuanya"),
    ("moodle-xml", xml(question("ordering", "<logical>1</logical><studentsee>3</studentsee>",
                                *(answer(n, f"isi {n}") for n in range(4)))),
     "di sana hanya 3 isi ditampilkan: di sini semuanya"),
    ("gift", "P{>3 ALL ABS\na\nb\nc}",
     "cara nilai ABS diganti: di sini bagian pasangan isi yang urutannya benar"),
    ("moodle-xml", xml(question("ordering", *(answer(n, f"isi {n}") for n in range(4)))),
     "cara nilai RELATIVE_NEXT_EXCLUDE_LAST diganti: di sini bagian pasangan isi yang urutannya benar"),
    ("moodle-xml", xml(question("ordering", *(answer(n, f"isi {n}", "Bagus") for n in range(3)))),
     "umpan balik tidak dibawa: «Bagus», «Bagus», «Bagus»"),
    ("gift", "P{#=3#tepat ~#salah}", "umpan balik tidak dibawa: «tepat», «salah»"),
    ("gift", "P{#=1822 =%50%1822:2}", "jawaban lain tidak dibawa: «1822 ± 2 (50%)»"),
    ("gift", "P{#=%50%3}", "tidak ada jawaban yang bernilai penuh; soal dilewati"),
    ("moodle-xml", xml(question("numerical", measure("*"))),
     "tidak ada jawaban yang bernilai penuh; soal dilewati"),
    ("moodle-xml", xml(question("numerical", measure("3"), f"<units>{unit('u' * 21)}</units>")),
     f"satuan lebih dari 20 huruf tidak dibawa: «{'u' * 21}»"),
    ("moodle-xml",
     xml(question("numerical", measure("3"), f"<units>{unit('m')}{unit('km', '0.001')}</units>")),
     "satuan lain tidak dibawa: km"),
    ("moodle-xml", xml(question("numerical", measure("3"), "<unitgradingtype>1</unitgradingtype>")),
     "penalti satuan tidak dibawa"),
    ("moodle-xml",
     xml(question("numerical", measure("3"), "<instructions><text>Pakai m</text></instructions>")),
     "petunjuk satuan tidak dibawa"),
    ("gift", "P{=netral =*tral*}", "pola dengan * tidak dibawa: «*tral*»"),
    ("gift", "P{=netral =%0%pihak}", "jawaban bernilai nol tidak dibawa: «pihak»"),
    ("gift", "P{=%50%Masa-tenang =masa tenang =?!}",
     "jawaban yang sama di sini digabung atau kosong: «?!», «Masa-tenang»"),
    ("gift", "P{=a =%75%b =%50%c}", "bobot sebagian menjadi setengah: «b 75%»"),
    ("gift", f"P{{{' '.join(f'=a{n}' for n in range(21))}}}", "hanya 20 jawaban pertama dibawa"),
    ("gift", "P{=%50%a}", "tidak ada jawaban yang bernilai penuh; soal dilewati"),
    ("moodle-xml", xml(question("shortanswer", answer(100, "a"), "<usecase>1</usecase>")),
     "huruf besar dan kecil dibedakan di sana: di sini tidak"),
    ("moodle-xml", xml(question("essay", "<graderinfo><text>Murah hati</text></graderinfo>")),
     "informasi untuk penilai menjadi satu kriteria: bagi, beri poin, dan tulis jawaban contohnya"),
    ("moodle-xml", xml(question("essay", "<responsetemplate><text>Isi</text></responsetemplate>")),
     "kerangka jawaban tidak dibawa"),
    ("moodle-xml", xml(question("essay", "<maxwordlimit>20</maxwordlimit>")),
     "batas jumlah kata tidak dibawa"),
    ("moodle-xml", xml(question("essay", "<attachments>-1</attachments>")), "lampiran jawaban tidak dibawa"),
]  # fmt: skip

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE quiz [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;&a;">\n]>\n'
    "<quiz><question><name>&b;</name></question></quiz>"
)
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<quiz>&a;</quiz>'
DTD = "baris 2: memuat DTD atau entitas. Hapus bagian <!DOCTYPE …>."
NUMBER = "bilangan '{}' tidak terbaca atau terlalu besar. Tulis seperti 3.14."
ARROW = "pasangan tanpa '->'. Tulis =kiri -> kanan, dan dahului tanda = di dalam teks dengan \\."
BRACES = "kurung kurawal tidak berpasangan. Tulis satu pasang tiap soal; di dalam teks dahului dengan \\."

REFUSED: list[tuple[str, str | bytes, str]] = [
    ("gift", "A?{T}\n\nB?{~a =b", f"baris 3: {BRACES}"),
    ("gift", "A?{T}\n\nB\n?~a =b}", f"baris 4: {BRACES}"),
    ("gift", "A?{~a\n\n=b}", f"baris 1: {BRACES}"),
    ("gift", "A?{~{b} =c}", f"baris 1: {BRACES}"),
    ("gift", "A {T} dan\nB {F}", f"baris 2: {BRACES}"),
    ("gift", "::tanpa akhir{T}", "baris 1: judul '::' tidak ditutup. Tambahkan '::'."),
    ("gift", "A?{T}\n\n" + "b" * (MOST_IN_QUESTION + 1),
     "baris 3: soal lebih dari 100000 tanda. Bagi atau pendekkan."),
    ("gift", "A\n\n" * (MOST_QUESTIONS + 1), "baris 4001: lebih dari 2000 soal. Bagi berkasnya."),
    ("gift", b"A?{T}\n\nB\xff{T}", "baris 3: bukan UTF-8. Simpan ulang sebagai UTF-8."),
    ("gift", "A?{T}".encode("utf-16"), "baris 1: bukan UTF-8. Simpan ulang sebagai UTF-8."),
    ("gift", b"a" * (MOST_BYTES + 1), "lebih dari 8 MB. Bagi berkasnya, atau hapus gambar di dalamnya."),
    ("gift", "A{\n\n" * 21, "dan 1 kesalahan lain."),
    ("gift", "A?{T}\n\nB?\n{#1e999}", f"baris 4: {NUMBER.format('1e999')}"),
    ("gift", "A?{#NaN}", f"baris 1: {NUMBER.format('NaN')}"),
    ("gift", "A?{#inf:1}", f"baris 1: {NUMBER.format('inf')}"),
    ("gift", "A?{#3,14}", f"baris 1: {NUMBER.format('3,14')}"),
    ("gift", "A?{#\n=1:0\n=%50%1:nan}", f"baris 3: {NUMBER.format('nan')}"),
    ("gift", f"A?{{#{'9' * 50_000}}}", f"baris 1: bilangan '{'9' * 59}…' tidak terbaca atau terlalu besar."),
    ("gift", "A?{#3:-1}", "baris 1: toleransi '-1' kurang dari nol. Tulis tanpa tanda minus."),
    ("gift", "A?{#5..1}", "baris 1: rentang '5..1' terbalik. Tulis yang kecil lebih dulu."),
    ("gift", "A?{#..1}", f"baris 1: {NUMBER.format('')}"),
    ("gift", "A?{#}", "baris 1: soal bilangan tanpa jawaban. Tulis jawabannya sesudah tanda #."),
    ("gift", "A?{#~#salah}", "baris 1: soal bilangan tanpa jawaban."),
    ("gift", "A?{T}\n\nB{\n=a -> b\n=c\n=d -> e}", f"baris 5: {ARROW}"),
    ("gift", "B{=a -> b\n=1=2 -> c}", f"baris 2: {ARROW}"),
    ("moodle-xml", xml(question("numerical", measure("1e999"))), f"baris 3: {NUMBER.format('1e999')}"),
    ("moodle-xml", xml(question("numerical", measure("1"), "\n", measure("2", "NaN"))),
     f"baris 4: {NUMBER.format('NaN')}"),
    ("moodle-xml", xml(question("numerical", measure("1", "-2"))),
     "baris 3: toleransi '-2' kurang dari nol. Tulis tanpa tanda minus."),
    ("moodle-xml", xml(question("matching", *(pair("a", "b") for _n in range(10_000)))),
     "baris 3: soal lebih dari 100000 tanda. Bagi atau pendekkan."),
    ("moodle-xml", BOMB, DTD),
    ("moodle-xml", OUTSIDE, DTD),
    ("moodle-xml", '<?xml version="1.0"?>\n<!DOCTYPE quiz SYSTEM "http://a.invalid/x.dtd">\n<quiz/>', DTD),
    ("moodle-xml", "<quiz>\n<question>&tidakada;</question></quiz>",
     "baris 2: XML tidak terbaca (undefined entity). Betulkan atau ekspor ulang."),
    ("moodle-xml", "<quiz>\n<question>", "baris 2: XML tidak terbaca (no element found)."),
    ("moodle-xml", "", "baris 1: XML tidak terbaca (no element found)."),
    ("moodle-xml", "<html></html>", "baris 1: bukan Moodle XML: unsur pertamanya <html>, bukan <quiz>."),
    ("moodle-xml", "<quiz>\n" + "<a>" * 100_000, "baris 2: unsur bersarang lebih dari 12 lapis."),
    ("moodle-xml", xml("<question/>" * (MOST_QUESTIONS + 1)),
     "baris 3: lebih dari 2000 soal. Bagi berkasnya."),
    ("moodle-xml", xml(f"<question><name>{'a' * MOST_IN_QUESTION}</name></question>"),
     "baris 3: soal lebih dari 100000 tanda. Bagi atau pendekkan."),
    ("moodle-xml", '<?xml version="1.0" encoding="ISO-8859-1"?><quiz/>',
     "baris 1: pengodean ISO-8859-1 tidak dapat dibaca. Simpan ulang sebagai UTF-8."),
    ("moodle-xml", b"<quiz>\n\xff</quiz>", "baris 2: bukan UTF-8. Simpan ulang sebagai UTF-8."),
]  # fmt: skip


@pytest.mark.parametrize(("form", "text", "told"), LOST, ids=[told for _form, _text, told in LOST])
def test_what_is_lost_is_told(form: str, text: str, told: str) -> None:
    assert told in [one.message for one in drafted(form, text).lost]


@pytest.mark.parametrize(("form", "text", "told"), REFUSED, ids=[f"{n}" for n in range(len(REFUSED))])
def test_a_faulty_file_is_refused_with_line_and_reason(form: str, text: str | bytes, told: str) -> None:
    with pytest.raises(ContentError) as refusal:
        drafted(form, text)
    assert any(str(fault).startswith(f"asing, {told}") for fault in refusal.value.faults), refusal.value


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(ContentError) as refusal:
        drafted("gift", "A{\n\nB?{T}\n\n::C")
    assert [str(fault)[:15] for fault in refusal.value.faults] == ["asing, baris 1:", "asing, baris 5:"]


def sentences() -> set[str]:
    """Every text of the readers that tells a loss or a refusal."""
    found: set[str] = set()
    for path in {*CODE.glob("*.py")} - {CODE / "draft.py"}:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_sentence_has_its_file() -> None:
    told = [told for _form, _text, told in [*LOST, *REFUSED]]
    framing = {
        "baris {line}: {told}", "soal {id}", "kuis {id}", "tanpa nama", "terlalu panjang", "terlalu dalam",
        "{where}: memuat tanda kendali yang tidak dapat ditulis. Hapus tanda itu.",
    }  # fmt: skip

    def has_one(sentence: str) -> bool:
        pattern = re.sub(r"\\\{[^}]*\\\}", ".*", re.escape(sentence))
        return any(re.search(pattern, text) for text in told) or any(
            sentence.startswith(text.partition(": ")[2]) for text in told if ": " in text
        )

    assert sorted(one for one in sentences() - framing if not has_one(one)) == []


def blocks(text: str) -> str:
    return "\n\n".join([f"{text}{{T}}"] * 10)


HOSTILE: dict[str, tuple[str, Callable[[], str]]] = {
    "braces": ("gift", lambda: "{" * 5_000_000),
    "backslashes": ("gift", lambda: "\\" * 5_000_000),
    "choices": ("gift", lambda: "P{" + "~a" * 2_500_000 + "}"),
    "titles": ("gift", lambda: "::" * 2_500_000),
    "lines": ("gift", lambda: "\n" * 8_000_000),
    "open questions": ("gift", lambda: "{\n\n" * 2_000_000),
    "a deep note": ("gift", lambda: "// netralitas: " + '{"a":' * 1_000_000 + "\nP{T}"),
    "a deep note of lawful length": ("gift", lambda: '// netralitas: {"a":' + "[" * 90_000 + "\nP{T}"),
    "one long line": ("gift", lambda: "a" * 5_000_000),
    "pairs": ("gift", lambda: "P{" + "=a->b " * 10_000 + "}"),
    "pairs that differ": ("gift", lambda: "P{" + "".join(f"={n}->{n}" for n in range(7_000)) + "}"),
    "numbers": ("gift", lambda: "P{#" + "=1" * 45_000 + "}"),
    "figures": ("gift", lambda: "P{#" + "1" * 90_000 + "e" + "9" * 9_000 + "}"),
    "dots": ("gift", lambda: "P{#" + "." * 90_000 + "}"),
    "accepted texts": ("gift", lambda: "P{" + "".join(f"=a{n}" for n in range(12_000)) + "}"),
    "stars to type": ("gift", lambda: "P{=" + "*" * 90_000 + "}"),
    "entries": ("gift", lambda: "P{>9 ALL\n" + "a\n" * 45_000 + "}"),
    "words of an ordering": ("gift", lambda: "P{>9 " + "ALL " * 24_000 + "}"),
    "comments": ("gift", lambda: blocks("[html]" + "<!--" * 24_000)),
    "tags": ("gift", lambda: blocks("[html]" + "<b>" * 32_000)),
    "scripts": ("gift", lambda: blocks("[html]" + "<script>" * 12_000)),
    "quotes": ("gift", lambda: blocks("[html]" + "<a x\\='" * 13_000)),
    "references": ("gift", lambda: blocks("[html]" + "&\\#" * 32_000)),
    "a reference of many figures": ("gift", lambda: blocks("[html]&\\#" + "9" * 90_000 + ";")),
    "stars": ("gift", lambda: blocks("[markdown]" + "**a" * 30_000)),
    "depth": ("moodle-xml", lambda: "<quiz>" + "<question>" * 500_000),
    "an attribute": ("moodle-xml", lambda: f"<quiz><question a='{'b' * 5_000_000}'/></quiz>"),
    "base64": ("moodle-xml", lambda: xml(multichoice(f"<file>{'QUJD' * 1_900_000}</file>"))),
    "subquestions": ("moodle-xml", lambda: xml(question("matching", "<subquestion/>" * 600_000))),
    "units": ("moodle-xml", lambda: xml(question("numerical", f"<units>{unit('m') * 1_500}</units>"))),
    "elements": ("moodle-xml", lambda: xml(f"<question>{'<a/>' * 1_500_000}</question>")),
}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a", "b", "matching", "rating", "1", "x y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab1"), inner, max_size=3),
    max_leaves=6,
)
NOTED = (
    "kind",
    "letters",
    "columns",
    "order",
    "feedback",
    "key",
    "unit",
    "criteria",
    "model_answer",
    "shuffle",
)
ANSWERS = (
    "=a -> b =b -> 1",
    "=a -> b =b -> b",
    ">3 ALL\na\nb\nc",
    "#3:2",
    "=a =%50%b",
    "",
    "=a ~b",
    "~%50%a ~%50%b",
)
"""What may stand in our notes, and beside them."""


def swallowed(name: str) -> None:
    form, made = HOSTILE[name]
    with suppress(ContentError):
        exchange.text(exchange.draft(exchange.read(form, made().encode(), "asing")))


class TestHostile:
    """What is made to be costly ends within the measures of the room; bounds are many times the need."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_it_ends_soon(self, name: str) -> None:
        begun = process_time()
        swallowed(name)
        assert process_time() - begun < 20

    @pytest.mark.parametrize(
        "name", ["braces", "choices", "open questions", "numbers", "entries", "depth", "base64"]
    )
    def test_it_takes_little_memory(self, name: str) -> None:
        tracemalloc.start()
        swallowed(name)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # The file itself, its text and one question: a few times the eight megabytes a file may have.
        assert peak < 120 * 1024**2

    @pytest.mark.parametrize(
        "evil",
        [
            "<script>jahat()</script>", "<SCRIPT SRC=x>jahat()</SCRIPT >", "<script>jahat()",
            "<img src=x onerror=jahat()>",
            "<script x='>'>jahat()</script>", "<style>jahat()</style>",
            "<svg onload=jahat()><desc>jahat()</desc></svg>", "<iframe srcdoc='jahat()'>jahat()</iframe>",
            "<a href='javascript:jahat()'>b</a>", "<!-- jahat() -->", "<![CDATA[jahat()]]>",
            "<?php jahat() ?>",
            "<math><mi>jahat()</mi></math>", "<textarea>jahat()</textarea>", "<script/x>jahat()</script>",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("form", exchange.FORMATS)
    def test_no_script_survives(self, form: str, evil: str) -> None:
        marked = f"Aman {evil}"
        text = (
            "[html]" + re.sub(r"([=~#{}:])", r"\\\1", marked) + "{T}"
            if form == "gift"
            else xml(multichoice()).replace("<text>P?</text>", f"<text>{html.escape(marked)}</text>")
        )
        prompt = only(form, text)["prompt"]
        assert prompt.startswith("Aman")
        assert "jahat" not in prompt
        assert "<" not in prompt

    @pytest.mark.parametrize("form", exchange.FORMATS)
    def test_no_script_survives_in_any_part_of_a_question(self, form: str) -> None:
        evil = "<script>jahat()</script>a<img src=x onerror=jahat()>"
        if form == "gift":
            told = re.sub(r"([=~#{}:])", r"\\\1", f"[html]{evil}")
            line = told.removeprefix("[html]").replace("\\", "")
            text = f"P{{={told} -> {evil.replace('=', chr(92) + '=')} =b -> c}}\n\nP{{>3 ALL\n{line}\nb\nc}}"
        else:
            text = xml(
                question("matching", pair(evil, evil), pair("b", "c")),
                question("ordering", answer(1, evil), answer(2, "b"), answer(3, "c")),
                question("essay", f"<graderinfo><text>{html.escape(evil)}</text></graderinfo>"),
            )
        found = items(form, text)
        assert len(found) == (2 if form == "gift" else 3)
        assert all("jahat" not in str(one) and "<" not in str(one) for one in found)

    def test_what_a_name_holds_cannot_command_a_terminal(self) -> None:
        found = drafted("gift", "::\x1b[31mmerah\u202e\x85::P{}")
        assert all(str(told).isprintable() for told in found.lost)

    def test_a_block_of_ours_that_lies_is_told_and_stays_a_draft(self) -> None:
        head = '// netralitas-kuis: {"id":"x","status":"terbit","title":"T","questions":[]}\n'
        own = '// netralitas: {"id":"k01","depth":{"a":1},"rules":["Bukan Slug"],"kind":5,"key":[1]}\n'
        found = drafted("gift", f"{head}{own}P?{{=a#b ~c#d####e}}")
        assert found.quiz is None
        assert found.raw["status"] == "draf"
        assert found.raw["questions"][0]["key"] == ["a"]
        assert any("Bukan Slug" in told.message for told in found.gaps)

    @given(own=st.dictionaries(st.sampled_from(NOTED), JSON), answers=st.sampled_from(ANSWERS))
    @settings(deadline=None)
    def test_any_note_is_read_told_or_left_to_the_author(self, own: dict[str, Any], answers: str) -> None:
        found = drafted("gift", f"// netralitas: {json.dumps(own)}\nP{{{answers}}}")
        exchange.text(found)
        assert found.quiz is None
        assert found.gaps

    @pytest.mark.parametrize("form", exchange.FORMATS)
    @given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
    @settings(deadline=None)
    def test_any_bytes_are_read_or_refused(self, form: str, data: bytes) -> None:
        with suppress(ContentError):
            exchange.text(exchange.draft(exchange.read(form, data, "asing")))

    @given(st.text("\\~=#{}:%[]T<>*&/n>-\n $", max_size=80))
    @settings(deadline=None)
    def test_any_signs_of_gift_are_read_or_refused(self, text: str) -> None:
        with suppress(ContentError):
            exchange.text(drafted("gift", text))
