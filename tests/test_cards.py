"""A card says what `rule` says, in words, and never more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas import content
from netralitas.cards import Asked, Question, ask, card, choices
from netralitas.law import ACTORS, Actor
from netralitas.rules import rule

LAW = content.law()
DAYS = [
    date(2012, 6, 1), date(2020, 7, 1), date(2021, 8, 30), date(2021, 8, 31), date(2022, 9, 22),
    date(2024, 10, 10), date(2026, 1, 2),
]  # fmt: skip


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("act", sorted(LAW.acts))
def test_a_card_says_what_the_rule_says(act: str, on: date) -> None:
    for actor in ACTORS:
        shown, answer = card(LAW, act, actor=actor, on=on), rule(LAW, act, actor=actor, on=on)
        assert (shown.verdict, shown.in_force, shown.caveats) == (
            answer.verdict,
            answer.in_force,
            answer.caveats,
        )
        assert [line.sanctions for line in shown.lines] == [one.sanctions for one in answer.rulings]
        assert len(shown.conditions) == len(answer.alternatives)
        stated = " ".join([*shown.basis, *(text for line in shown.lines for text in line.basis)])
        for basis in answer.basis:
            assert LAW.sources[basis.source].name in stated
            assert basis.article in stated


def test_a_pppk_is_never_given_the_sanction_of_a_pns() -> None:
    for act in LAW.acts:
        for on in DAYS:
            of_pns = {kind for line in card(LAW, act, actor="pns", on=on).lines for kind in line.sanctions}
            for line in card(LAW, act, actor="pppk", on=on).lines:
                if line.track == "disiplin":
                    assert of_pns.isdisjoint(line.sanctions)
                    assert not {"Tingkat ringan", "Tingkat sedang", "Tingkat berat"} & {line.level}


def test_the_last_change_is_the_one_before_the_day_asked() -> None:
    shown = card(LAW, "kegiatan-keberpihakan", actor="pns", on=date(2022, 1, 10))
    assert shown.changed_on == "31 Agustus 2021"
    assert any("PP 94/2021" in text for text in shown.changed)
    assert (
        card(LAW, "kegiatan-keberpihakan", actor="pns", on=date(2021, 8, 30)).changed_on != "31 Agustus 2021"
    )


def test_what_is_less_than_sure_is_named() -> None:
    unsure = [
        line
        for act in LAW.acts
        for line in card(LAW, act, actor="pns", on=date(2024, 10, 10)).lines
        if line.unsure
    ]
    for line in unsure:
        assert line.unsure.startswith(("Larangannya", "Jalurnya", "Tingkatnya"))
    assert unsure


def test_every_act_can_be_chosen() -> None:
    shown = {act.id for _heading, acts in choices(LAW) for act in acts}
    assert shown == set(LAW.acts)
    assert choices(LAW)[0][0] == "Terhadap calon atau pasangan calon"


OLD = "surat-dukungan-ktp"
THEN = date(2020, 7, 1)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("examined", "decided", "level", "code"),
    [
        (date(2020, 8, 1), date(2020, 9, 1), "Tingkat sedang", "PP 53/2010"),
        (date(2021, 9, 15), date(2021, 10, 15), "Tingkat berat", "PP 94/2021"),
        (date(2020, 8, 1), date(2021, 10, 15), "Tingkat berat", "PP 94/2021"),
        (None, date(2020, 9, 1), "Tingkat sedang", "PP 53/2010"),
        (date(2021, 9, 15), None, "Tingkat berat", "PP 94/2021"),
    ],
)
def test_the_days_of_examination_and_decision_leave_one_level(
    examined: date | None, decided: date | None, level: str, code: str
) -> None:
    shown = card(LAW, OLD, actor="pns", on=THEN, examined=examined, decided=decided)
    answer = rule(LAW, OLD, actor="pns", on=THEN, examined=examined, decided=decided)
    assert [line.level for line in shown.lines] == [level]
    assert all(text.startswith(code) for line in shown.lines for text in line.basis)
    assert (shown.conditions, shown.dated, shown.caveats) == ((), True, answer.caveats)
    assert ("diputus" in shown.asked, "diperiksa" in shown.asked) == (bool(decided), bool(examined))


@pytest.mark.parametrize("examined", [None, date(2020, 8, 1)])
def test_without_the_day_that_decides_both_levels_stand_side_by_side(examined: date | None) -> None:
    shown = card(LAW, OLD, actor="pns", on=THEN, examined=examined)
    assert [one.level for one in shown.conditions] == ["Tingkat sedang", "Tingkat berat"]
    assert [line.level for line in shown.lines] == ["Tingkatnya bergantung pada tanggal"]
    assert all(one.sanctions and one.basis for one in shown.conditions)
    assert shown.dated


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_days_are_asked_for_exactly_where_the_answer_has_alternatives(on: date, actor: Actor) -> None:
    for act in LAW.acts:
        undated = card(LAW, act, actor=actor, on=on)
        assert undated.dated == bool(rule(LAW, act, actor=actor, on=on).alternatives)
        if not undated.dated:
            late = card(LAW, act, actor=actor, on=on, examined=date(2026, 3, 1), decided=date(2026, 4, 1))
            assert (late.lines, late.changed, late.asked) == (undated.lines, undated.changed, undated.asked)


def test_whoever_asks_gets_a_reason_where_the_law_is_open() -> None:
    for act in LAW.acts:
        for on in DAYS:
            for actor in ACTORS:
                shown = card(LAW, act, actor=actor, on=on)
                assert shown.verdict != "belum_pasti" or shown.caveats


def told(**fields: object) -> Asked:
    return ask(LAW, fields, today=TODAY)


@pytest.mark.parametrize(
    ("fields", "wrong", "said"),
    [
        ({"diperiksa": "2020-06-15"}, {"diperiksa"},
         "Pemeriksaan tidak dapat mendahului perbuatannya (1 Juli 2020)"),
        ({"diputus": "2020-06-15"}, {"diputus"}, "Putusan tidak dapat mendahului perbuatannya (1 Juli 2020)"),
        ({"diperiksa": "2020-09-01", "diputus": "2020-08-01"}, {"diputus"},
         "Putusan tidak dapat mendahului pemeriksaannya (1 September 2020)"),
        ({"diperiksa": "kemarin"}, {"diperiksa"}, "Tanggal pemeriksaannya tidak terbaca"),
        ({"diputus": "2041-01-01"}, {"diputus"}, "31 Desember 2040"),
        ({"tanggal": 1593561600}, {"tanggal"}, "Tanggal perbuatannya tidak terbaca"),
        ({"tanggal": "2024-02-30"}, {"tanggal"}, "Tanggal perbuatannya tidak terbaca"),
        ({"tanggal": ["2020-07-01", "2020-07-02"]}, {"tanggal"}, "Tanggal perbuatannya tidak terbaca"),
        ({"tanggal": "٢٠٢٠-٠٧-٠١"}, {"tanggal"}, "Tanggal perbuatannya tidak terbaca"),
        ({"pelaku": "presiden"}, {"pelaku"}, "Pelakunya tidak ada di daftar"),
        ({"perbuatan": "x" * 100_000}, {"perbuatan"}, "Perbuatan itu tidak ada di daftar"),
        ({"perbuatan": {"a": None}, "pelaku": 7}, {"pelaku", "perbuatan"}, "Pelakunya tidak ada di daftar"),
        ({"_esm": "alert(1)"}, {""}, "Pertanyaannya tidak terbaca"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_names_the_field_and_what_to_do(
    fields: dict[str, object], wrong: set[str], said: str
) -> None:
    asked = told(**{"perbuatan": OLD, "tanggal": "2020-07-01", **fields})
    assert asked.card is None
    assert set(asked.faults) == wrong
    assert said in " ".join(asked.faults.values())
    assert all(
        text.split(". ")[-1].startswith(("Pilih", "Betulkan", "Isi")) for text in asked.faults.values()
    )


def test_what_could_be_read_stays_in_the_form_and_nothing_else() -> None:
    asked = told(perbuatan=OLD, pelaku="presiden", tanggal="2020-07-01", diperiksa="2020-06-01")
    assert asked.fields == {"perbuatan": OLD, "tanggal": "2020-07-01", "diperiksa": "2020-06-01"}
    asked = told(perbuatan=OLD, tanggal="2020-07-01", diperiksa="2020-06-01")
    assert asked.fields["diperiksa"] == "2020-06-01"
    assert told(perbuatan="tidak-ada").fields == {"tanggal": "2026-11-22"}


def test_without_an_act_nothing_is_answered_and_without_a_day_it_is_today() -> None:
    assert told() == Asked(fields={"tanggal": "2026-11-22"}, faults={})
    assert told(perbuatan="").card is None
    asked = told(perbuatan="memilih", tanggal="")
    assert asked.card == card(LAW, "memilih", actor="pns", on=TODAY)


ANYTHING = (
    st.text("0123456789-amn\x00ü", max_size=12) | st.sampled_from([OLD, "pns", "2020-07-01"]) | st.integers()
)


@given(st.dictionaries(st.sampled_from([*Question.model_fields, "lain"]), ANYTHING))
def test_whatever_is_sent_gets_a_card_or_a_sentence(fields: dict[str, object]) -> None:
    asked = told(**fields)
    assert asked.card is None or not asked.faults
    assert all(asked.faults.values())
