"""What we write and read again is the same quiz; what was edited elsewhere counts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from netralitas import content, exchange
from netralitas.exchange import kinds
from netralitas.quizzes import Quiz
from tests.exchange.questions import drafted, from_text, quizzes

ROOT = Path(__file__).parents[2]
ALL = {**content.load(ROOT).quizzes, **content.load(ROOT / "tests" / "course").quizzes}
BANK = {name: quiz for name, quiz in ALL.items() if all(one.kind in kinds.OUT for one in quiz.questions)}
"""What can be written; of the rest `test_a_kind_that_cannot_be_written_is_named` says what happens."""

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


@forms
def test_a_kind_that_cannot_be_written_is_named(form: str) -> None:
    (quiz,) = [quiz for name, quiz in ALL.items() if name not in BANK]
    first = next(one for one in quiz.questions if one.kind not in kinds.OUT)
    with pytest.raises(ValueError, match=f"soal {first.id}: jenis {first.kind} belum dapat ditulis"):
        exchange.write(form, quiz)


@forms
@given(quiz=quizzes())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_quiz_comes_back_identical(form: str, quiz: Quiz) -> None:
    found = drafted(form, exchange.write(form, quiz))
    assert found.quiz == quiz
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
    quiz = BANK["03-media-sosial"]
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


@forms
def test_a_kind_without_its_pair_is_told(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "OUT", {})
    with pytest.raises(ValueError, match="soal k01: jenis single_choice belum dapat ditulis"):
        exchange.write(form, BANK["contoh-kuis"])
