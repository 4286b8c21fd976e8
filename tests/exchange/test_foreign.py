"""Files of others: what comes along, what is told as lost, what refuses the whole file.

LOST and REFUSED hold a made-up file for each sentence; a test reads the code for sentences without one.
"""

from __future__ import annotations

import ast
import html
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


def multichoice(*more: str, single: bool = True, options: str = "", kind: str = "multichoice") -> str:
    options = options or answer(100, "Ya", "Betul") + answer(0, "Tidak")
    return (
        f'<question type="{kind}"><name><text>N</text></name><questiontext format="html"><text>P?</text>'
        f"</questiontext><single>{str(single).lower()}</single>{options}{''.join(more)}</question>"
    )


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
    ("gift", "P?{#3:2}", "jenis numerical belum dapat dibawa; soal dilewati"),
    ("gift", "P{=a -> b =c -> d}", "jenis match belum dapat dibawa; soal dilewati"),
    ("gift", "P{}", "jenis essay belum dapat dibawa; soal dilewati"),
    ("gift", "P{=a =b}", "jenis shortanswer belum dapat dibawa; soal dilewati"),
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
    ("moodle-xml", xml(multichoice("<shuffleanswers>true</shuffleanswers>")),
     "pengacakan pilihan tidak dibawa"),
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
]  # fmt: skip

BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE quiz [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;&a;">\n]>\n'
    "<quiz><question><name>&b;</name></question></quiz>"
)
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<quiz>&a;</quiz>'
DTD = "baris 2: memuat DTD atau entitas. Hapus bagian <!DOCTYPE …>."
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
    for name in ("bank", "gift", "moodle_xml", "kinds", "prose"):
        for node in ast.walk(ast.parse((CODE / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_sentence_has_its_file() -> None:
    told = [told for _form, _text, told in [*LOST, *REFUSED]]
    framing = {
        "baris {line}: {told}", "soal {id}", "kuis {id}", "tanpa nama", "terlalu panjang", "terlalu dalam",
        "{where}: memuat tanda kendali yang tidak dapat ditulis. Hapus tanda itu.",
        "soal {id}: jenis {kind} belum dapat ditulis ke format lain.",
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
    "a deep note of lawful length": ("gift", lambda: '// netralitas: {"a":' + "[" * 19_000 + "\nP{T}"),
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
    "elements": ("moodle-xml", lambda: xml(f"<question>{'<a/>' * 1_500_000}</question>")),
}


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

    @pytest.mark.parametrize("name", ["braces", "choices", "open questions", "depth", "base64"])
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
