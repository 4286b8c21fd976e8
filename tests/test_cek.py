"""A card says what `rule` says, in words, and never more."""

from __future__ import annotations

from datetime import date

import pytest

from netralitas import content
from netralitas.cek import cek, choices
from netralitas.law import ACTORS
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
        card, answer = cek(LAW, act, actor=actor, on=on), rule(LAW, act, actor=actor, on=on)
        assert (card.verdict, card.in_force, card.caveats) == (
            answer.verdict,
            answer.in_force,
            answer.caveats,
        )
        assert [line.sanctions for line in card.lines] == [one.sanctions for one in answer.rulings]
        assert len(card.conditions) == len(answer.alternatives)
        stated = " ".join([*card.basis, *(text for line in card.lines for text in line.basis)])
        for basis in answer.basis:
            assert LAW.sources[basis.source].name in stated
            assert basis.article in stated


def test_a_pppk_is_never_given_the_sanction_of_a_pns() -> None:
    for act in LAW.acts:
        for on in DAYS:
            of_pns = {kind for line in cek(LAW, act, actor="pns", on=on).lines for kind in line.sanctions}
            for line in cek(LAW, act, actor="pppk", on=on).lines:
                if line.track == "disiplin":
                    assert of_pns.isdisjoint(line.sanctions)
                    assert not {"Tingkat ringan", "Tingkat sedang", "Tingkat berat"} & {line.level}


def test_the_last_change_is_the_one_before_the_day_asked() -> None:
    card = cek(LAW, "kegiatan-keberpihakan", actor="pns", on=date(2022, 1, 10))
    assert card.changed_on == "31 Agustus 2021"
    assert any("PP 94/2021" in text for text in card.changed)
    assert (
        cek(LAW, "kegiatan-keberpihakan", actor="pns", on=date(2021, 8, 30)).changed_on != "31 Agustus 2021"
    )


def test_what_is_less_than_sure_is_named() -> None:
    unsure = [
        line
        for act in LAW.acts
        for line in cek(LAW, act, actor="pns", on=date(2024, 10, 10)).lines
        if line.unsure
    ]
    for line in unsure:
        assert line.unsure.startswith(("Larangannya", "Jalurnya", "Tingkatnya"))
    assert unsure


def test_every_act_can_be_chosen() -> None:
    shown = {act.id for _heading, acts in choices(LAW) for act in acts}
    assert shown == set(LAW.acts)
    assert choices(LAW)[0][0] == "Terhadap calon atau pasangan calon"
