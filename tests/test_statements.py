"""What a key says of the law, held to an answer: where they differ, and what nobody may be graded on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from netralitas.rules import Alternative, Answer, Confidences, Ruling
from netralitas.statements import Claim, Statement, differing, require_cited, ungraded

ALL: tuple[Claim, ...] = ("act", "track", "level")


def ruling(**values: Any) -> Ruling:
    sure = {claim: values.pop(claim, "strong") for claim in ("sure_act", "sure_track", "sure_level")}
    confidence = Confidences(act=sure["sure_act"], track=sure["sure_track"], level=sure["sure_level"])
    told: dict[str, Any] = {"track": "disiplin", "level": "berat", "sanctions": (), "basis": ()}
    return Ruling(**told | values, confidence=confidence)


def answer(*rulings: Ruling, **values: Any) -> Answer:
    told: dict[str, Any] = {
        "act": "uji",
        "on": date(2024, 1, 1),
        "actor": "pns",
        "in_force": True,
        "rulings": rulings,
        "track": tuple(row.track for row in rulings if row.track),
        "level": rulings[0].level if rulings else None,
        "confidence": "strong",
        "verdict": "dilarang",
    }
    return Answer(**told | values)


def statement(**values: Any) -> Statement:
    return Statement.model_validate({"act": "uji", "verdict": "dilarang"} | values)


def test_a_statement_claims_what_it_names() -> None:
    assert statement().claims == {"act"}
    assert statement(track="disiplin").claims == {"act", "track"}
    assert statement(level="berat").claims == {"act", "level"}


def test_what_agrees_differs_in_nothing() -> None:
    two = answer(ruling(), ruling(track="pidana", level=None))
    assert differing(statement(track="disiplin", level="berat"), two) == ()
    assert differing(statement(level="berat"), two) == ()
    assert differing(statement(track="pidana"), two) == ()


@pytest.mark.parametrize(
    ("said", "now", "told"),
    [
        ({}, answer(verdict="boleh"), ("tidak boleh", "boleh")),
        ({"track": "pidana"}, answer(ruling()), ("pidana", "disiplin")),
        ({"track": "pidana"}, answer(), ("pidana", "jalur tidak disebut")),
        ({"level": "sedang"}, answer(ruling()), ("tingkat sedang", "tingkat berat")),
        ({"level": "sedang"}, answer(ruling(level=None)), ("tingkat sedang", "tingkat tidak disebut")),
        (
            {"track": "kode_etik", "level": "berat"},
            answer(ruling(), ruling(track="kode_etik", level="moral_terbuka")),
            ("tingkat berat", "sanksi moral, tertutup atau terbuka"),
        ),
        (
            {"level": "berat"},
            answer(
                ruling(level=None),
                alternatives=(Alternative(when="-", level="berat", basis=(), sanctions=()),),
            ),
            ("tingkat berat", "tingkat yang bergantung pada tanggal pemeriksaan dan putusan"),
        ),
    ],
)
def test_what_the_law_says_instead_is_told(said: Any, now: Answer, told: tuple[str, str]) -> None:
    assert differing(statement(**said), now) == (told,)


def test_strong_claims_are_graded() -> None:
    assert ungraded(answer(ruling()), ALL) == {}


@pytest.mark.parametrize("claim", ALL)
def test_a_weak_claim_is_refused_alone(claim: Claim) -> None:
    weak = answer(ruling(**{f"sure_{claim}": "page"}))
    assert ungraded(weak, ALL) == {claim: "weak"}
    assert ungraded(weak, [one for one in ALL if one != claim]) == {}


def test_what_is_uncertain_is_never_graded() -> None:
    assert ungraded(answer(ruling(), verdict="belum_pasti"), ()) == {"act": "weak"}
    assert ungraded(answer(confidence="page", verdict="boleh"), ("act",)) == {"act": "weak"}


@pytest.mark.parametrize("level", [None, "belum_terverifikasi"])
def test_a_level_that_is_not_told_is_refused(level: Any) -> None:
    assert ungraded(answer(ruling(level=level)), ALL) == {"level": "weak"}


def test_a_level_of_the_transition_is_refused_and_its_act_and_track_are_not() -> None:
    late = answer(ruling(transitional=True))
    assert ungraded(late, ALL) == {"level": "transitional"}
    assert ungraded(late, ("act", "track")) == {}


def test_a_weak_level_of_the_transition_is_weak_first() -> None:
    late = answer(ruling(transitional=True, sure_level="page"))
    assert ungraded(late, ("level",)) == {"level": "weak"}


def test_a_track_limits_what_is_looked_at() -> None:
    two = answer(ruling(), ruling(track="pidana", level=None, sure_track="page"))
    assert ungraded(two, ALL, "disiplin") == {}
    assert ungraded(two, ("track",), "pidana") == {"track": "weak"}
    assert ungraded(two, ("track",)) == {"track": "weak"}


def test_a_statement_about_what_is_not_cited_is_refused() -> None:
    require_cited([statement()], ["uji"], "soal k01")
    with pytest.raises(ValueError, match="soal k01: 'holds' menyebut 'uji'"):
        require_cited([statement()], ["lain"], "soal k01")
