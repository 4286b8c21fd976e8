"""What we write and read again is the same quiz; what was edited elsewhere counts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netralitas import content, exchange
from netralitas.exchange import kinds, placing
from netralitas.items import Kind
from netralitas.quizzes import MultipleChoice, Quiz, SingleChoice, TrueFalse
from tests.exchange.questions import drafted, from_text, quizzes

ROOT = Path(__file__).parents[2]
BANK = {**content.load(ROOT).quizzes, **content.load(ROOT / "tests" / "course").quizzes}

forms = pytest.mark.parametrize("form", exchange.FORMATS)


@forms
@pytest.mark.parametrize("quiz", BANK.values(), ids=BANK)
def test_every_quiz_of_the_bank_comes_back_identical(form: str, quiz: Quiz, tmp_path: Path) -> None:
    found = drafted(form, exchange.write(form, quiz))
    assert found.quiz == quiz
    assert (found.lost, found.gaps, found.left_out) == ((), (), 0)
    again = from_text(found, tmp_path)
    assert again == quiz
    assert again.fingerprint == quiz.fingerprint


def test_every_kind_has_its_way_out() -> None:
    assert set(kinds.OUT) == set(get_args(Kind))


@forms
@pytest.mark.parametrize("kind", kinds.OUT)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_quiz_comes_back_identical(form: str, kind: str, data: st.DataObject) -> None:
    quiz = data.draw(quizzes(kind))
    found = drafted(form, exchange.write(form, quiz))
    assert found.quiz == quiz
    assert found.quiz.fingerprint == quiz.fingerprint
    assert (found.lost, found.gaps) == ((), ())
    with tempfile.TemporaryDirectory() as folder:
        assert from_text(found, Path(folder)) == quiz


@forms
def test_an_edit_made_elsewhere_counts_and_the_quiz_is_a_draft_again(form: str) -> None:
    quiz = BANK["03-media-sosial"]
    assert quiz.status == "terbit"
    text = exchange.write(form, quiz).replace("Satu jempol sudah cukup.", "Satu saja cukup.")
    found = drafted(form, text)
    assert found.quiz is not None
    assert found.quiz.status == "draf"
    assert found.quiz.questions[0].explanation.endswith("Satu saja cukup.")
    assert found.quiz.questions[0].holds == quiz.questions[0].holds


@forms
def test_without_our_notes_it_is_a_sound_question_of_anybody(form: str) -> None:
    whole = BANK["03-media-sosial"]
    choices = tuple(
        one for one in whole.questions if isinstance(one, SingleChoice | MultipleChoice | TrueFalse)
    )
    quiz = whole.model_copy(update={"questions": choices, "draw": ()})
    mark = "// netralitas-kuis" if form == "gift" else "netralitas-kuis:"
    text = exchange.write(form, quiz).replace(mark, "// ").replace("netralitas:", "x:")
    found = drafted(form, text, slug="salinan")
    assert found.quiz is None
    assert found.raw["title"] == quiz.title
    assert found.raw["status"] == "draf"
    for raw, question in zip(found.raw["questions"], quiz.questions, strict=True):
        shown = question.model_dump(mode="json")
        same = ("id", "kind", "prompt", "choices", "key", "explanation")
        assert {name: raw[name] for name in same} == {name: shown[name] for name in same}
        assert raw["depth"] == ""
        assert raw["rules"] == [""]


@forms
def test_without_our_notes_every_kind_is_what_a_reader_sees(form: str) -> None:
    quiz = BANK["contoh-jenis"]
    mark = "// netralitas-kuis" if form == "gift" else "netralitas-kuis:"
    text = exchange.write(form, quiz).replace(mark, "// ").replace("netralitas:", "x:")
    found = drafted(form, text, slug="salinan").raw["questions"]
    assert [raw["kind"] for raw in found] == [question.kind for question in quiz.questions]
    for raw, question in zip(found, quiz.questions, strict=True):
        assert (raw["prompt"], raw["explanation"]) == (question.prompt, question.explanation)
        assert said(raw) == said(question.model_dump(mode="json"))


def said(raw: dict[str, Any]) -> object:
    """What is right in an item, in words: letters and ids are dealt anew without our notes."""
    texts: dict[str, str] = {}
    for field in ("choices", "left", "right", "entries", "categories", "options"):
        texts |= {row["id"]: row["text"] for row in raw.get(field, [])}
    key = raw.get("key")
    if isinstance(key, dict):
        return {texts[row]: texts.get(str(column), column) for row, column in key.items()}
    if isinstance(key, list):
        return [texts.get(one, one) for one in key], raw.get("half")
    return key, raw.get("tolerance")


class Edit(NamedTuple):
    """A word of a file is exchanged for another, and what an item then holds."""

    kind: str
    old: str
    new: str
    seen: Callable[[Any], object]
    value: object


EDITS = [
    Edit("matching", "Suara dihitung ulang", "Lain", lambda one: one.right[3].text, "Lain"),
    Edit("ordering", "Mengisi laporan", "Melapor", lambda one: one.entries[0].text, "Melapor"),
    Edit("classification", "Tidak boleh", "Dilarang", lambda one: one.categories[1].text, "Dilarang"),
    Edit("rating", "Sangat tepat", "Cukup tepat", lambda one: one.key["b"], 3),
    Edit("short_text", "minggu tenang", "hari tenang", lambda one: one.key[1], "hari tenang"),
    Edit("number", "1588", "1589", lambda one: one.key, 1589),
]


@forms
@pytest.mark.parametrize("edit", EDITS, ids=[edit.kind for edit in EDITS])
def test_an_edit_of_every_kind_counts(form: str, edit: Edit) -> None:
    quiz = BANK["contoh-jenis"]
    text = exchange.write(form, quiz)
    found = drafted(form, text.replace(edit.new, "§").replace(edit.old, edit.new).replace("§", edit.old))
    assert found.lost == ()
    assert found.quiz is not None
    (one,) = [question for question in found.quiz.questions if question.kind == edit.kind]
    assert edit.seen(one) == edit.value
    before = next(question for question in quiz.questions if question.kind == edit.kind)
    assert one.model_dump(include={"depth", "sources"}) == before.model_dump(include={"depth", "sources"})


@forms
def test_an_entry_moved_to_another_class_is_moved_here(form: str) -> None:
    text = exchange.write(form, BANK["contoh-jenis"])
    if form == "gift":
        text = text.replace("visi dan misi calon -> Boleh", "visi dan misi calon -> Tidak boleh")
    else:
        text = text.replace(
            "visi dan misi calon</text><answer><text>Boleh",
            "visi dan misi calon</text><answer><text>Tidak boleh",
        )
    found = drafted(form, text)
    assert [told.message for told in found.lost] == ["isi kanan berubah: id-nya diberikan ulang"]
    assert found.quiz is not None
    one = found.quiz.question("j06")
    heads = {column.id: column.text for column in one.categories}
    assert heads[one.key["b"]] == "Tidak boleh"
    assert one.entries[1].feedback == "Membaca tidak menunjukkan keberpihakan."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\t=Penetapan ->", "\t=Lain -> Lain\n\t=Penetapan ->"),
        ('"letters":["a","b","c"],"feedback"', '"feedback"'),
    ],
)
def test_replies_whose_rows_are_not_known_are_left_to_the_author(old: str, new: str) -> None:
    text = exchange.write("gift", BANK["contoh-jenis"])
    found = drafted("gift", text.replace(old, new))
    (raw,) = [one for one in found.raw["questions"] if one["id"] == "j04"]
    assert {row["feedback"] for row in raw["left"]} == {""}
    assert found.quiz is None


def test_what_a_marker_reads_may_be_edited_in_moodle() -> None:
    text = exchange.write("moodle-xml", BANK["contoh-jenis"]).replace("Rubrik:", "Rubrik baru:")
    found = drafted("moodle-xml", text)
    (raw,) = [one for one in found.raw["questions"] if one["kind"] == "written"]
    assert raw["criteria"][0]["text"].startswith("Rubrik baru:\n- Menyebut bukti yang disimpan (2 poin)\n")
    assert raw["model_answer"] == ""


def test_the_steps_of_a_rating_are_the_words_of_the_page() -> None:
    page = (ROOT / "netralitas" / "widgets" / "fields.js").read_text(encoding="utf-8")
    told = [f'id: "{step}", text: t("{text}")' for step, text in enumerate(placing.STEPS, start=1)]
    assert all(one in page for one in told)


@forms
def test_an_order_is_marked_elsewhere_as_it_is_here(form: str) -> None:
    assert "RELATIVE_ALL_PREVIOUS_AND_NEXT" in exchange.write(form, BANK["contoh-jenis"])


@forms
def test_several_answers_are_worth_elsewhere_what_they_are_worth_here(form: str) -> None:
    text = exchange.write(form, BANK["03-media-sosial"])
    third = {"gift": ["~%33.33333%", "~%-33.33333%"], "moodle-xml": ['"33.33333"', '"-33.33333"']}
    assert all(weight in text for weight in third[form])


@forms
def test_a_control_character_goes_into_no_file(form: str) -> None:
    quiz = BANK["contoh-kuis"]
    first = quiz.questions[0].model_copy(update={"prompt": "a\x01b"})
    with pytest.raises(ValueError, match="soal k01: memuat tanda kendali"):
        exchange.write(form, quiz.model_copy(update={"questions": (first,)}))
