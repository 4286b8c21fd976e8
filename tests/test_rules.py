"""The law cases of tests/law, one test a case, and the promises `rule` keeps for every act and day."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas import content
from netralitas.law import (
    ACTORS,
    Act,
    Actor,
    ActRuling,
    Citation,
    Confidence,
    Finding,
    Law,
    Level,
    Oversight,
    Regime,
    Regimes,
    Sanctions,
    Source,
    Track,
    Transition,
    Unbound,
    Verdict,
    Version,
)
from netralitas.model import Value
from netralitas.reading import read_yaml
from netralitas.rules import Alternative, Answer, Basis, Ruling, rule

CASES = Path(__file__).parent / "law"
RULES = content.root() / "data" / "rules"
PNS_LEVELS = {"moral_tertutup", "moral_terbuka", "ringan", "sedang", "berat", "ptdh"}


class Expected(Value):
    """What a case promises; a key left out is not looked at."""

    in_force: bool | None = None
    verdict: Verdict | None = None
    track: tuple[Track, ...] | None = None
    level: Level | None = None
    confidence: Confidence | None = None
    basis_includes: tuple[dict[str, str], ...] = ()
    basis_excludes: tuple[str, ...] = ()
    sanctions: tuple[str, ...] | None = None
    guide: tuple[str, ...] | None = None
    oversight: tuple[str, ...] | None = None
    alternatives: bool | None = None
    alternative_levels: tuple[Level | None, ...] | None = None
    continued_by_includes: tuple[str, ...] = ()
    caveat_includes: str | None = None
    caveat_excludes: str | None = None


class Case(Value):
    """One sentence of law with its dates."""

    case: str
    act: str
    on: date
    actor: Actor = "pns"
    examined: date | None = None
    decided: date | None = None
    expect: Expected


def _cases() -> list[Any]:
    return [
        pytest.param(row, id=f"{path.stem}: {row['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for row in read_yaml(path, CASES)
    ]


@cache
def law() -> Law:
    return content.law()


@pytest.mark.parametrize("row", _cases())
def test_law_case(row: dict[str, Any]) -> None:
    case = Case.model_validate(row)
    answer = rule(law(), case.act, actor=case.actor, on=case.on, examined=case.examined, decided=case.decided)
    expect = case.expect
    for key in ("in_force", "verdict", "track", "level", "confidence", "guide", "oversight"):
        if key in expect.model_fields_set:
            assert getattr(answer, key) == getattr(expect, key), key
    if expect.alternatives is not None:
        assert bool(answer.alternatives) is expect.alternatives
    if expect.alternative_levels is not None:
        assert tuple(entry.level for entry in answer.alternatives) == expect.alternative_levels
    if expect.sanctions is not None:
        told = [kind for ruling in answer.rulings for kind in ruling.sanctions]
        assert told == list(expect.sanctions)
    for wanted in expect.basis_includes:
        assert any(_cites(basis, wanted) for basis in answer.basis), (wanted, answer.basis)
    assert not {basis.source for basis in answer.basis} & set(expect.basis_excludes)
    assert set(expect.continued_by_includes) <= set(answer.continued_by)
    caveats = "\n".join(answer.caveats)
    assert (expect.caveat_includes or "") in caveats
    assert expect.caveat_excludes is None or expect.caveat_excludes not in caveats


def _cites(basis: Basis, wanted: dict[str, str]) -> bool:
    """Compare a citation; «Pasal 5» is met by «Pasal 5 huruf n», not by «Pasal 52»."""
    article = wanted.get("article", basis.article)
    return basis.source == wanted["source"] and f"{basis.article} ".startswith(f"{article} ")


def test_there_are_enough_cases_and_each_sentence_is_its_own() -> None:
    sentences = [row["case"] for path in CASES.glob("*.yaml") for row in read_yaml(path, CASES)]
    assert len(sentences) >= 150
    assert len(sentences) == len(set(sentences))


def test_every_act_has_a_law_case() -> None:
    named = {row["act"] for path in CASES.glob("*.yaml") for row in read_yaml(path, CASES)}
    assert {law().act(name).id for name in named} == set(law().acts)


def test_every_act_has_a_law_case_in_each_of_its_periods() -> None:
    rows = [row for path in CASES.glob("*.yaml") for row in read_yaml(path, CASES)]
    held = [(law().act(row["act"]), row["on"]) for row in rows]
    for act in law().acts.values():
        for version in act.versions:
            assert any(one.id == act.id and version.covers(day) for one, day in held), (act.id, version.start)


# What holds for every act, actor and day

DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
ACTS = st.deferred(lambda: st.sampled_from(sorted(law().acts)))


def _all_bases(answer: Answer) -> set[str]:
    entries: list[Answer | Ruling | Alternative] = [answer, *answer.rulings, *answer.alternatives]
    return {basis.source for entry in entries for basis in entry.basis}


def _codes_after(day: date) -> set[str]:
    """Return the codes that may handle an act of `day` though they came into force later."""
    current = {regime.source for regime in law().regimes.discipline if regime.covers(day)}
    return {step.after for step in law().regimes.transitions if step.before in current}


@settings(max_examples=1500, deadline=None)
@given(act=ACTS, actor=st.sampled_from(ACTORS), on=DAYS, later=st.none() | st.tuples(DAYS, DAYS))
def test_rule_never_cites_a_source_out_of_force(
    act: str, actor: Actor, on: date, later: tuple[date, date] | None
) -> None:
    examined, decided = sorted(max(day, on) for day in later) if later else (None, None)
    answer = rule(law(), act, actor=actor, on=on, examined=examined, decided=decided)
    for source in _all_bases(answer) - _codes_after(on):
        assert law().sources[source].in_force(on), source
    assert all(law().sources[source].in_force(on) for source in answer.guide)


@settings(max_examples=1000, deadline=None)
@given(act=ACTS, actor=st.sampled_from(("pppk", "ppnpn")), on=DAYS)
def test_a_level_of_a_pns_is_never_shown_to_others(act: str, actor: Actor, on: date) -> None:
    answer = rule(law(), act, actor=actor, on=on)
    explicit = {
        finding.level
        for version in law().act(act).versions
        for ruling in version.rulings
        for finding in ruling.findings
        if actor in finding.actors
    }
    told = {answer.level, *(r.level for r in answer.rulings), *(a.level for a in answer.alternatives)}
    assert not (told & PNS_LEVELS) - explicit
    assert not {"pp-53-2010", "pp-42-2004"} & _all_bases(answer) or explicit


@settings(max_examples=1000, deadline=None)
@given(act=ACTS, actor=st.sampled_from(ACTORS), on=DAYS)
def test_an_answer_always_says_what_it_does_not_know(act: str, actor: Actor, on: date) -> None:
    answer = rule(law(), act, actor=actor, on=on)
    assert answer.verdict in get_args(Verdict)
    if not answer.in_force:
        assert answer.caveats
        assert (answer.rulings, answer.basis, answer.level) == ((), (), None)
    if answer.alternatives:
        assert answer.level is None
        assert len(answer.alternatives) > 1
        assert all(entry.when for entry in answer.alternatives)
    if answer.verdict == "dilarang":
        assert answer.rulings
        assert answer.basis or answer.alternatives or answer.caveats
    if answer.level in {None, "belum_terverifikasi"} and answer.verdict == "dilarang":
        assert answer.caveats


@settings(max_examples=500, deadline=None)
@given(act=ACTS, on=DAYS)
def test_one_guide_and_one_discipline_code_at_most_rule_a_day(act: str, on: date) -> None:
    assert len(rule(law(), act, on=on).guide) <= 1
    assert sum(regime.covers(on) for regime in law().regimes.discipline) <= 1
    assert sum(regime.covers(on) for regime in law().regimes.asn_law) <= 1


# The data hangs together


@pytest.mark.parametrize("name", sorted(path.stem for path in RULES.glob("*.yaml")))
def test_what_an_act_names_exists(name: str) -> None:
    act = law().acts[name]
    cited = {
        citation.source
        for version in act.versions
        for citation in (*version.basis, *(c for r in version.rulings for f in r.findings for c in f.basis))
    }
    assert cited <= set(law().sources)
    assert set(act.continues) <= set(law().acts)
    assert not set(act.aliases) & set(law().acts)
    assert len(act.summary.split()) <= 30


def test_every_reference_has_an_address() -> None:
    addresses = read_yaml(RULES.parent / "references.yaml", RULES.parent)
    entries: list[Act | Source] = [*law().acts.values(), *law().sources.values()]
    used = {reference for entry in entries for reference in entry.references}
    assert used <= set(addresses)
    assert all(url.startswith("http") for urls in addresses.values() for url in urls)


# The composition, on a law made up for the test


def _law(**act: Any) -> Law:
    """Return a small law: an old and a new discipline code that change on 2021-08-31."""
    sources = [
        Source(id="lama", title="Lama", subject="-", start="2010", end="2021-08-30", status="-",
               confidence="strong"),
        Source(id="baru", title="Baru", subject="-", start="2021-08-31", status="-", confidence="strong"),
        Source(id="samar", title="Samar", subject="-", start="2022-05", status="-", confidence="strong"),
    ]  # fmt: skip
    regimes = Regimes(
        format_version=1,
        guides=(),
        asn_law=(),
        discipline=(
            Regime(source="lama", start="2010-01-01", end="2021-08-30"),
            Regime(source="baru", start="2021-08-31", end="open"),
        ),
        transitions=(
            Transition(
                before="lama", after="baru", decided_before="ayat 1", not_examined="ayat 3",
                examined_before="ayat 4", undated="tanggal?", alternative_before="dulu",
                alternative_after="kini",
            ),
        ),
        oversight=(Oversight(bodies=("bawaslu",), start="2010-01-01", end="open"),),
        sanctions=(Sanctions(level="berat", code="baru", kinds=("turun",)),),
        unbound=(
            Unbound(actors=("pppk",), basis=(Citation(source="baru", article="1"),), caveat="instansi"),
        ),
    )  # fmt: skip
    both = ActRuling(
        track="disiplin",
        confidence="strong",
        findings=(
            Finding(level="sedang", confidence="strong", code="lama",
                    basis=(Citation(source="lama", article="12"),)),
            Finding(level="berat", confidence="page", code="baru",
                    basis=(Citation(source="baru", article="14"), Citation(source="samar", article="2"))),
        ),
    )  # fmt: skip
    whole = {
        "id": "uji", "title": "Uji", "summary": "Uji.", "target": (), "stage": (), "channel": (),
        "versions": (Version(start="2010-06-06", end="open", actors=("pns", "pppk"), rulings=(both,)),),
    } | act  # fmt: skip
    return Law(
        acts={"uji": Act(**whole), "lanjutan": Act(**whole | {"id": "lanjutan", "continues": ("uji",)})},
        sources={source.id: source for source in sources},
        regimes=regimes,
    )


def test_rule_is_silent_before_its_first_day() -> None:
    answer = rule(_law(), "uji", on=date(2010, 6, 5))
    assert not answer.in_force
    assert answer.verdict == "belum_pasti"
    assert answer.oversight == ("bawaslu",)
    assert answer.continued_by == ("lanjutan",)


def test_a_silent_version_gives_its_reason() -> None:
    silent = Version(start="2010-06-06", end="open", silent="Naskahnya dicabut tanpa pengganti.")
    answer = rule(_law(versions=(silent,)), "uji", on=date(2020, 1, 1))
    assert answer.caveats == ("Naskahnya dicabut tanpa pengganti.",)


def test_an_undated_case_of_the_change_names_both_ways_and_no_level() -> None:
    answer = rule(_law(), "uji", on=date(2020, 1, 1))
    assert answer.level is None
    assert [(entry.when, entry.level) for entry in answer.alternatives] == [
        ("dulu", "sedang"),
        ("kini", "berat"),
    ]
    assert "tanggal?" in answer.caveats


@pytest.mark.parametrize(
    ("examined", "decided", "level", "caveat"),
    [
        (date(2020, 2, 1), date(2021, 8, 30), "sedang", "ayat 1"),
        (None, date(2021, 8, 30), "sedang", "ayat 1"),
        (date(2021, 8, 30), date(2021, 8, 31), "berat", "ayat 4"),
        (date(2021, 8, 31), date(2021, 9, 1), "berat", "ayat 3"),
        (date(2021, 8, 31), None, "berat", "ayat 3"),
    ],
)
def test_examination_and_decision_choose_the_code(
    examined: date | None, decided: date | None, level: Level, caveat: str
) -> None:
    answer = rule(_law(), "uji", on=date(2020, 1, 1), examined=examined, decided=decided)
    assert (answer.level, answer.alternatives) == (level, ())
    assert caveat in answer.caveats


@pytest.mark.parametrize(
    ("on", "examined", "decided", "transitional"),
    [
        (date(2020, 1, 1), None, None, False),
        (date(2020, 1, 1), date(2020, 2, 1), date(2021, 8, 30), False),
        (date(2020, 1, 1), date(2021, 8, 31), None, True),
        (date(2020, 1, 1), date(2021, 8, 30), date(2021, 8, 31), True),
        (date(2020, 1, 1), None, date(2021, 8, 31), True),
        (date(2021, 8, 31), date(2021, 9, 1), date(2021, 10, 1), False),
    ],
)
def test_a_level_reached_only_through_the_change_of_codes_says_so(
    on: date, examined: date | None, decided: date | None, transitional: bool
) -> None:
    answer = rule(_law(), "uji", on=on, examined=examined, decided=decided)
    assert answer.transitional is transitional
    assert [ruling.transitional for ruling in answer.rulings] == [transitional]


def test_a_level_both_codes_name_is_not_one_of_the_transition() -> None:
    days = {"on": date(2020, 1, 1), "examined": date(2022, 1, 1)}
    seen = {act.id: rule(law(), act.id, **days) for act in law().acts.values()}
    assert seen["pakai-fasilitas-negara"].level == "berat"
    assert not seen["pakai-fasilitas-negara"].transitional
    assert seen["kegiatan-keberpihakan"].transitional
    for name, answer in seen.items():
        if answer.transitional:
            assert any("tidak dijawab" in text for text in answer.caveats), name


@pytest.mark.parametrize(
    ("start", "end", "on", "told"),
    [
        ("2020-03-05", "open", date(2019, 1, 1), "baru berlaku sejak 5 Maret 2020."),
        ("2020-03", "open", date(2020, 3, 30), "baru berlaku sejak Maret 2020 ({}31 Maret 2020)."),
        ("2020", "open", date(2020, 3, 30), "baru berlaku sejak 2020 ({}31 Desember 2020)."),
        ("2018", "2019-12-31", date(2021, 1, 1), "berlaku sampai 31 Desember 2019."),
        ("2018", "2019-12", date(2021, 1, 1), "berlaku sampai Desember 2019 ({}1 Desember 2019)."),
        ("2018", "2020", date(2021, 1, 1), "berlaku sampai 2020 ({}1 Januari 2020)."),
    ],
)
def test_a_day_out_of_force_is_told_as_people_say_it(start: str, end: str, on: date, told: str) -> None:
    held = _law(versions=({"start": start, "end": end, "silent": "-"},))
    caveat = rule(held, "uji", on=on).caveats[0]
    assert caveat.endswith(told.format("harinya tidak diketahui; yang dihitung "))


def test_a_decision_after_the_change_needs_no_examination_date() -> None:
    answer = rule(_law(), "uji", on=date(2020, 1, 1), decided=date(2021, 8, 31))
    assert (answer.level, answer.alternatives) == ("berat", ())


def test_the_handling_code_is_cited_though_it_is_younger_than_the_act() -> None:
    answer = rule(_law(), "uji", on=date(2020, 1, 1), examined=date(2022, 1, 1))
    assert [basis.source for basis in answer.basis] == ["baru"]
    assert answer.rulings[0].sanctions == ("turun",)


def test_a_source_with_a_partial_date_counts_from_its_last_day() -> None:
    before, after = (rule(_law(), "uji", on=date(2022, 5, day)) for day in (30, 31))
    assert "samar" not in {basis.source for basis in before.basis}
    assert "samar" in {basis.source for basis in after.basis}


def test_a_pppk_gets_the_own_basis_and_no_level_of_a_pns() -> None:
    answer = rule(_law(), "uji", actor="pppk", on=date(2024, 1, 1))
    assert answer.level == "belum_terverifikasi"
    assert answer.basis == (Basis(source="baru", article="1"),)
    assert answer.caveats == ("instansi",)


def test_an_actor_the_act_does_not_name_is_not_judged() -> None:
    answer = rule(_law(), "uji", actor="petahana", on=date(2024, 1, 1))
    assert (answer.in_force, answer.verdict, answer.rulings) == (True, "belum_pasti", ())


def test_confidence_stands_on_act_track_and_level() -> None:
    (ruling,) = rule(_law(), "uji", on=date(2024, 1, 1)).rulings
    assert (ruling.confidence.act, ruling.confidence.track, ruling.confidence.level) == (
        "strong",
        "strong",
        "page",
    )


@pytest.mark.parametrize(
    ("examined", "decided"),
    [
        (date(2019, 12, 31), None),
        (None, date(2019, 12, 31)),
        (date(2021, 1, 1), date(2020, 6, 1)),
    ],
)
def test_dates_out_of_order_are_refused(examined: date | None, decided: date | None) -> None:
    with pytest.raises(ValueError, match="mendahului"):
        rule(_law(), "uji", on=date(2020, 1, 1), examined=examined, decided=decided)


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(KeyError):
        rule(_law(), "tidak-ada", on=date(2020, 1, 1))


def test_an_alias_answers_under_the_name_of_its_act() -> None:
    assert rule(_law(aliases=("nama-lama",)), "nama-lama", on=date(2024, 1, 1)).act == "uji"


def test_versions_with_a_gap_are_refused() -> None:
    first, second = (
        {"start": "2010-06-06", "end": "2012-01-01", "silent": "-"},
        {"start": "2012-01-03", "end": "open", "silent": "-"},
    )
    with pytest.raises(ValueError, match="tepat sehari sesudah"):
        _law(versions=(first, second))
