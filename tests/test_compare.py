"""Two answers side by side: what differs is told once, in words; a day's listing leaves no act out."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from netralitas import compare, rules
from netralitas.compare import Change, changes, line, listing, sentences
from netralitas.content import load
from netralitas.law import ACTORS, Body, Law, Level, Track, Verdict
from netralitas.rules import Answer, Basis, Confidences, Ruling

ROOT = Path(__file__).parents[1]
DAY, LATER = date(2022, 1, 1), date(2024, 1, 1)
NAMES = {"pp-a": "PP A", "skb-b": "SKB B"}


@pytest.fixture(scope="module")
def law() -> Law:
    return load(ROOT).law


@pytest.fixture(scope="module")
def toy() -> Law:
    return load(ROOT / "tests" / "course").law


def answer(**values: Any) -> Answer:
    given: dict[str, Any] = {"act": "uji", "on": DAY, "actor": "pns", "in_force": True, "verdict": "dilarang"}
    return Answer.model_validate(given | values)


def ruling(track: Track, level: Level | None, *sanctions: str) -> Ruling:
    sure = Confidences(act="strong", track="strong", level="strong")
    return Ruling(track=track, level=level, sanctions=sanctions, basis=(), confidence=sure)


def told(before: Answer, after: Answer) -> list[str]:
    return [text for change in changes(before, after) for text in sentences(change, NAMES)]


class TestChanges:
    def test_equal_answers_have_none_whatever_their_days(self) -> None:
        assert changes(answer(), answer(on=LATER)) == ()

    def test_the_order_inside_a_field_is_no_change(self) -> None:
        before, after = answer(guide=("skb-b", "pp-a")), answer(guide=("pp-a", "skb-b"))
        assert changes(before, after) == ()

    @pytest.mark.parametrize(
        ("field", "before", "after", "text"),
        [
            ("force", {"in_force": False}, {}, "Ketentuannya dahulu tidak berlaku, kemudian berlaku."),
            ("force", {}, {"in_force": False}, "Ketentuannya dahulu berlaku, kemudian tidak berlaku."),
            (
                "verdict",
                {"verdict": "belum_pasti"},
                {},
                "Jawabannya dahulu belum pasti, kemudian tidak boleh.",
            ),
            ("track", {"track": ("kode_etik",)}, {"track": ()}, "Jalur yang tidak disebut lagi: kode etik."),
            ("track", {}, {"track": ("disiplin", "pidana")}, "Jalur baru: disiplin; pidana."),
            (
                "level",
                {"level": "sedang"},
                {"level": "berat"},
                "Hukumannya dahulu tingkat sedang; kemudian tingkat berat.",
            ),
            ("level", {}, {"level": "ringan"}, "Hukumannya dahulu tidak disebut; kemudian tingkat ringan."),
            ("guide", {}, {"guide": ("skb-b",)}, "Pedomannya dahulu tidak ada, kemudian SKB B."),
            (
                "oversight",
                {"oversight": ("kasn", "bawaslu")},
                {"oversight": ("bkn", "kemenpanrb", "bawaslu")},
                "Yang menangani dahulu KASN dan Bawaslu, kemudian BKN, Kementerian PANRB, dan Bawaslu.",
            ),
            ("caveats", {}, {"caveats": ("Belum jelas.",)}, "Catatan baru: Belum jelas."),
            (
                "caveats",
                {"caveats": ("Belum jelas.",)},
                {},
                "Catatan yang tidak disebut lagi: Belum jelas.",
            ),
            (
                "basis",
                {},
                {"basis": (Basis(source="pp-a", article="Pasal 5"),)},
                "Dasar baru: PP A, Pasal 5.",
            ),
            (
                "sanctions",
                {"rulings": (ruling("disiplin", "berat", "Satu"),)},
                {"rulings": (ruling("disiplin", "berat"),)},
                "Jenis hukuman yang tidak disebut lagi: Satu.",
            ),
        ],
    )
    def test_a_field_that_differs_is_one_change_and_one_sentence(
        self, field: str, before: dict[str, Any], after: dict[str, Any], text: str
    ) -> None:
        assert [change.field for change in changes(answer(**before), answer(**after))] == [field]
        assert told(answer(**before), answer(**after)) == [text]

    def test_a_change_holds_both_sides_whole_and_knows_what_came_and_went(self) -> None:
        (change,) = changes(answer(guide=("pp-a", "skb-b")), answer(guide=("skb-b", "skb-c")))
        assert (change.before, change.after) == (("pp-a", "skb-b"), ("skb-b", "skb-c"))
        assert (change.gone, change.come) == (("pp-a",), ("skb-c",))

    def test_the_discipline_code_is_compared_only_with_regimes_and_on_its_track(self, law: Law) -> None:
        days = {"on": date(2021, 8, 30)}, {"on": date(2021, 8, 31)}
        before, after = (answer(track=("disiplin",), **one) for one in days)
        assert changes(before, after) == ()
        (change,) = changes(before, after, regimes=law.regimes)
        assert (change.field, change.before, change.after) == ("code", ("pp-53-2010",), ("pp-94-2021",))
        ethics = (answer(track=("kode_etik",), **one) for one in days)
        assert changes(*ethics, regimes=law.regimes) == ()

    def test_levels_under_a_condition_are_told_as_either(self, law: Law) -> None:
        before, after = (
            rules.rule(law, "kegiatan-keberpihakan", on=on) for on in (date(2020, 10, 10), date(2024, 10, 10))
        )
        found = {change.field: change for change in changes(before, after, regimes=law.regimes)}
        assert (found["level"].before, found["level"].after) == (("sedang", "berat"), ("berat",))
        names = {source.id: source.name for source in law.sources.values()}
        (text,) = sentences(found["level"], names)
        either = "tingkat sedang atau tingkat berat (bergantung pada tanggal pemeriksaan dan putusan)"
        assert text == f"Hukumannya dahulu {either}; kemudian tingkat berat."

    def test_every_act_of_the_course_can_be_compared_and_told(self, law: Law) -> None:
        names = {source.id: source.name for source in law.sources.values()}
        days = [date(2012, 1, 1), date(2020, 10, 10), date(2022, 1, 1), date(2024, 10, 10), date(2026, 6, 1)]
        for act in law.acts:
            answers = [rules.rule(law, act, on=on) for on in days]
            for before, after in pairwise(answers):
                for change in changes(before, after, regimes=law.regimes):
                    lines = sentences(change, names)
                    assert lines
                    assert all(re.fullmatch(r"[A-Z].*[.]", text) for text in lines), lines

    def test_a_change_survives_json(self) -> None:
        (change,) = changes(answer(), answer(basis=(Basis(source="pp-a", article="Pasal 5"),)))
        assert Change.model_validate_json(change.model_dump_json()) == change


class TestWords:
    def test_every_word_of_the_law_has_one_for_people(self) -> None:
        assert all(compare.verdict_words(word) for word in get_args(Verdict))
        assert all(compare.level_words(word) for word in get_args(Level))
        assert len({compare.track_words(word) for word in get_args(Track)}) == len(get_args(Track))
        for word in get_args(Body):
            (text,) = told(answer(), answer(oversight=(word,)))
            assert word not in text


class TestListing:
    @pytest.mark.parametrize("on", [date(2012, 1, 1), date(2020, 10, 10), date(2024, 10, 10)])
    @pytest.mark.parametrize("actor", ACTORS)
    def test_every_act_is_listed_or_counted(self, law: Law, on: date, actor: Any) -> None:
        found = listing(law, on=on, actor=actor)
        assert len(found.acts) + found.not_in_force == len(law.acts)
        answers = {act: rules.rule(law, act, on=on, actor=actor) for act in law.acts}
        assert {row.act for row in found.acts} == {act for act, one in answers.items() if one.in_force}
        assert all(row.verdict == answers[row.act].verdict for row in found.acts)

    @pytest.mark.parametrize("actor", ACTORS)
    def test_a_track_and_a_level_stand_there_or_the_reason_why_not(self, law: Law, actor: Any) -> None:
        for on in (date(2020, 10, 10), date(2024, 10, 10)):
            for row in listing(law, on=on, actor=actor).acts:
                assert row.reason or (row.track and len(row.level) == 1)

    def test_verdicts_stand_together_what_is_forbidden_first(self, law: Law) -> None:
        verdicts = [row.verdict for row in listing(law, on=date(2024, 10, 10)).acts]
        assert [*dict.fromkeys(verdicts)] == [one for one in get_args(Verdict) if one in verdicts]
        assert verdicts == sorted(verdicts, key=get_args(Verdict).index)

    def test_a_line_is_verdict_track_level_title_and_id(self, toy: Law) -> None:
        (row,) = listing(toy, on=date(2024, 10, 1)).acts
        assert line(row) == "tidak boleh · disiplin, tingkat berat · Perbuatan contoh (contoh-larangan)"

    def test_an_actor_the_text_does_not_name_is_the_reason(self, toy: Law) -> None:
        (row,) = listing(toy, on=date(2024, 10, 1), actor="ppnpn").acts
        assert line(row).startswith("belum pasti · Ketentuan ini tidak menyebut pelaku tersebut · ")

    def test_a_caveat_of_the_day_is_no_reason(self, law: Law) -> None:
        guide = law.regimes.guides[-1].model_copy(update={"caveat": "Pedoman ini sementara."})
        regimes = law.regimes.model_copy(update={"guides": (guide,)})
        act = law.acts["hadir-kampanye-pasif"]
        version = act.versions[-1].model_copy(update={"caveats": ()})
        bare = act.model_copy(update={"versions": (version,)})
        changed = Law(acts={act.id: bare}, sources=law.sources, regimes=regimes)
        (row,) = listing(changed, on=date(2024, 10, 10)).acts
        assert (row.verdict, row.reason) == ("belum_pasti", "jalur tidak disebut")

    def test_before_the_first_day_acts_are_only_counted(self, toy: Law) -> None:
        found = listing(toy, on=date(2021, 1, 1))
        assert (found.acts, found.not_in_force) == ((), 1)

    def test_a_decision_before_the_act_is_refused(self, toy: Law) -> None:
        with pytest.raises(ValueError, match="mendahului"):
            listing(toy, on=date(2024, 10, 1), decided=date(2024, 9, 1))
