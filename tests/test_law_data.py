"""The law's data as a whole: nothing gone through is lost, dates and sums hold, no day is left unsaid."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from netralitas import content
from netralitas.law import Act, Actor, Level, Version
from netralitas.model import Period
from netralitas.rules import Answer, rule
from netralitas.tables import Prohibition

ROOT = Path(__file__).parents[1]
PARTS = content.gather(ROOT)
LAW = content.load(ROOT).law
FIRST, LAST = date(2017, 1, 1), date(2027, 12, 31)
STATISTICS = {row.id: row for row in LAW.statistics}
CRIMES = {crime.id: crime for crime in LAW.crimes}
OPEN: set[Level | None] = {None, "belum_terverifikasi"}

KODE_ETIK = {
    "pasang-alat-peraga-bakal-calon",
    "sosialisasi-medsos-bakal-calon",
    "hadir-deklarasi-bakal-calon-aktif",
    "interaksi-akun-pemenangan-bakal-calon",
    "unggah-foto-bakal-calon",
    "ikut-kegiatan-pengenalan-bakal-calon",
    "dampingi-pasangan-tanpa-cltn",
}
LEVELS: dict[str, set[Level]] = {
    **{name: {"moral_terbuka"} for name in KODE_ETIK},
    "pasang-alat-peraga-calon": {"berat"},
    "sosialisasi-medsos-calon": {"berat"},
    "pendekatan-parpol-tanpa-cltn": {"sedang"},
    "hadir-deklarasi-kampanye-calon-dukungan": {"berat"},
    "anggota-pengurus-parpol": {"ptdh"},
    "interaksi-akun-pemenangan-calon": {"berat"},
    "unggah-foto-calon": {"berat"},
    "kegiatan-keberpihakan": {"sedang", "berat"},
    "ikut-kampanye-atribut": {"sedang"},
    "mengerahkan-asn-lain": {"sedang", "berat"},
    "pakai-fasilitas-negara": {"berat"},
    "keputusan-menguntungkan": {"berat"},
    "surat-dukungan-ktp": {"sedang", "berat"},
    "tim-ahli-bakal-calon": {"sedang"},
    "tim-ahli-calon-parpol": {"sedang", "berat"},
}
"""The levels an act may ever bear for a PNS, as read in the sources; an act not named here bears none."""

DISPUTED = {"pendekatan-parpol-tanpa-cltn", "tim-ahli-bakal-calon"}


@cache
def answers(actor: Actor = "pns") -> list[tuple[Act, date, Answer]]:
    return [(act, day, rule(LAW, act.id, actor=actor, on=day)) for act in LAW.acts.values() for day in days()]


def stretches() -> Iterator[Period]:
    for act in LAW.acts.values():
        yield from act.versions
    regimes = LAW.regimes
    yield from (*regimes.guides, *regimes.asn_law, *regimes.discipline, *regimes.oversight)
    yield from (*regimes.silences, *regimes.criminal, *LAW.handling.flows)
    for source in LAW.sources.values():
        if source.start:
            yield Period(start=source.start, end=source.end)


@cache
def days() -> tuple[date, ...]:
    """Each day on which anything begins, its eve, each last day, its morrow, and 200 drawn once for all."""
    begins = {one.first for one in stretches()}
    ends = {one.last for one in stretches() if one.last}
    near = begins | {day - timedelta(days=1) for day in begins} | ends | {d + timedelta(days=1) for d in ends}
    draw = random.Random(2017)
    drawn = {FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1)) for _ in range(200)}
    return tuple(sorted(day for day in {FIRST, LAST} | near | drawn if FIRST <= day <= LAST))


def told_levels(answer: Answer) -> set[Level | None]:
    return {answer.level, *(r.level for r in answer.rulings), *(a.level for a in answer.alternatives)}


class TestDateSweep:
    """Every act on every day of 2017–2027 on which something changes, on its neighbours and on drawn days.

    What it does not prove: that an answer is right. It proves that nothing is left unsaid and nothing out of
    force is cited, not that a date, a level or an article is the one of the law (that is what `tests/law`
    holds, case by case), nor that the day of a partial date is right, nor anything of a day between two
    changes but for the drawn ones (an answer changes only on such days as far as `stretches` knows them).
    """

    def test_each_day_has_one_version_or_a_said_silence(self) -> None:
        for act, day, answer in answers():
            covering: list[Version] = [version for version in act.versions if version.covers(day)]
            assert len(covering) <= 1, (act.id, day)
            speaks = bool(covering) and not covering[0].silent
            assert answer.in_force is speaks, (act.id, day)
            assert answer.in_force or answer.caveats, (act.id, day)

    def test_each_cited_source_is_in_force(self) -> None:
        after = {step.before: step.after for step in LAW.regimes.transitions}
        for act, day, answer in answers():
            current = {regime.source for regime in LAW.regimes.discipline if regime.covers(day)}
            handling = {after[code] for code in current if code in after}
            rows = (answer, *answer.rulings, *answer.alternatives)
            cited = {basis.source for row in rows for basis in row.basis} | {*answer.guide}
            for source in cited - handling:
                assert LAW.sources[source].in_force(day), (act.id, day, source)

    def test_each_day_has_a_body_a_way_and_a_guide_or_its_absence_said(self) -> None:
        for day in days():
            answer = rule(LAW, "memilih", on=day)
            assert answer.oversight, day
            assert LAW.handling.on(day) is not None, day
            silent = [entry for entry in LAW.regimes.silences if entry.covers(day)]
            assert len(answer.guide) + len(silent) == 1, day
            assert sum(entry.covers(day) for entry in LAW.regimes.oversight) == 1, day
            assert sum(entry.covers(day) for entry in LAW.regimes.discipline) == 1, day
            assert sum(entry.covers(day) for entry in LAW.regimes.asn_law) == 1, day
            assert sum(entry.covers(day) for entry in LAW.regimes.criminal) == 1, day

    def test_no_level_is_told_where_the_sources_have_none(self) -> None:
        for act, day, answer in answers():
            told = told_levels(answer) - OPEN
            assert told <= LEVELS.get(act.id, set()), (act.id, day, told)
            if act.id in DISPUTED and answer.in_force:
                assert answer.confidence == "page"
                assert any("diperdebatkan" in text for text in answer.caveats)

    def test_a_pppk_is_never_given_a_sanction_of_a_pns(self) -> None:
        kinds = {kind for entry in LAW.regimes.sanctions for kind in entry.kinds}
        for act, day, answer in answers("pppk"):
            assert told_levels(answer) <= OPEN, (act.id, day)
            rows = (*answer.rulings, *answer.alternatives)
            assert not kinds & {kind for row in rows for kind in row.sanctions}, (act.id, day)
            cited = {basis.source for row in (answer, *rows) for basis in row.basis}
            assert not cited & {"pp-53-2010", "pp-94-2021"} or answer.verdict == "belum_pasti", (act.id, day)

    def test_what_is_below_strong_says_so(self) -> None:
        for act, day, answer in answers():
            weak = {row.confidence.level for row in answer.rulings} | {answer.confidence}
            if weak & {"page", "memory"} and answer.verdict != "belum_pasti":
                assert answer.caveats, (act.id, day)


class TestHeld:
    def test_online_campaign_for_a_determined_candidate(self) -> None:
        answer = rule(LAW, "sosialisasi-medsos-calon", on=date(2024, 10, 10))
        assert (answer.track, answer.level) == (("disiplin",), "berat")
        assert any(b.source == "pp-94-2021" and b.article.startswith("Pasal 5 huruf n") for b in answer.basis)

    def test_online_campaign_for_a_prospective_candidate(self) -> None:
        answer = rule(LAW, "sosialisasi-medsos-bakal-calon", on=date(2024, 7, 15))
        assert answer.track == ("kode_etik",)
        assert answer.rulings[0].sanctions == ("Pernyataan secara tertutup", "Pernyataan secara terbuka")
        assert "pp-42-2004" in {basis.source for basis in answer.basis}
        assert "pp-94-2021" not in {basis.source for basis in answer.basis}

    @pytest.mark.parametrize(
        ("day", "source", "gone"),
        [
            (date(2023, 10, 30), "uu-5-2014", "uu-20-2023"),
            (date(2023, 10, 31), "uu-20-2023", "uu-5-2014"),
        ],
    )
    def test_party_membership_follows_the_asn_law_of_the_day(self, day: date, source: str, gone: str) -> None:
        cited = {basis.source for basis in rule(LAW, "anggota-pengurus-parpol", on=day).basis}
        assert source in cited
        assert gone not in cited

    def test_an_old_letter_of_support_is_judged_by_the_code_that_handles_it(self) -> None:
        act, on = "surat-dukungan-ktp", date(2020, 7, 1)
        old = rule(LAW, act, on=on, examined=date(2020, 8, 1), decided=date(2020, 9, 1))
        new = rule(LAW, act, on=on, examined=date(2021, 9, 15), decided=date(2021, 10, 15))
        asked = rule(LAW, act, on=on)
        assert (old.level, new.level, asked.level) == ("sedang", "berat", None)
        assert "pp-53-2010" in {basis.source for basis in old.basis}
        assert "pp-94-2021" in {basis.source for basis in new.basis}
        assert [entry.level for entry in asked.alternatives] == ["sedang", "berat"]

    def test_an_ended_act_names_what_continues_it(self) -> None:
        for act in LAW.acts.values():
            followers = {other.id for other in LAW.acts.values() if act.id in other.continues}
            answer = rule(LAW, act.id, on=LAST)
            if not answer.in_force:
                assert set(answer.continued_by) == followers, act.id
                alone = {"narasumber-parpol-2020", "jelaskan-kebijakan-di-acara-parpol"}
                assert followers or act.id in alone, act.id


class TestTables:
    def test_every_rules_file_is_covered_and_every_named_file_exists(self) -> None:
        assert PARTS.coverage is not None
        rows = PARTS.coverage.rows()
        named = {path for row in rows for path in row.files}
        assert {f"data/rules/{name}.yaml" for name in LAW.acts} <= named
        assert all((ROOT / path).is_file() for path in named)
        assert {f"data/{name}.yaml" for name in ("sanctions", "crimes", "handling", "regimes")} <= named
        assert len({row.id for row in rows}) == len(rows)

    def test_every_act_stands_in_the_coverage_under_its_own_name_or_an_alias(self) -> None:
        assert PARTS.coverage is not None
        for act in LAW.acts.values():
            path = f"data/rules/{act.id}.yaml"
            rows = [row.id for row in PARTS.coverage.rows() if path in row.files]
            assert {act.id, *act.aliases} & {*rows}, act.id

    @pytest.mark.parametrize("row", LAW.sanctions.prohibitions, ids=lambda row: row.id)
    def test_a_prohibition_and_the_acts_it_names_agree(self, row: Prohibition) -> None:
        for name in row.acts:
            findings = [
                finding
                for version in LAW.acts[name].versions
                for ruling in version.rulings
                for finding in ruling.findings
                if finding.code == row.code
            ]
            if row.level is None:
                assert not findings
                continue
            levels = {finding.level for finding in findings}
            assert levels == {row.level}, (name, levels)
            articles = [citation.article for finding in findings for citation in finding.basis]
            for article in (row.article, row.sanction):
                assert any(f"{cited} ".startswith(f"{article} ") for cited in articles), (name, article)

    def test_what_changed_in_2021_follows_from_the_two_codes(self) -> None:
        levels = {row.id: row.level for row in LAW.sanctions.prohibitions}
        changes = {row.id: (row.before, row.after) for row in LAW.sanctions.changes}
        pairs = {
            "ubah-surat-dukungan": ("pp53-14", "pp94-n7"),
            "ubah-kegiatan-memihak": ("pp53-15d", "pp94-n6"),
            "ubah-mengerahkan": ("pp53-12c", "pp94-n3"),
            "ubah-tim-sukses": ("pp53-15a", "pp94-n3"),
            "ubah-fasilitas": ("pp53-12d", "pp94-n4"),
            "ubah-atribut": ("pp53-12b", "pp94-n2"),
        }
        for name, (before, after) in pairs.items():
            assert changes[name] == (levels[before], levels[after]), name

    def test_penalties_change_on_the_second_of_january_2026(self) -> None:
        for crime in LAW.crimes:
            before, after = crime.on(date(2026, 1, 1)), crime.on(date(2026, 1, 2))
            assert before is not None, crime.id
            assert after is not None, crime.id
            assert before != after, crime.id
            assert after.shortest is None, crime.id
            assert after.deprivation != "kurungan", crime.id
            for penalty in (before, after):
                missing = penalty.fine_most is None or (penalty.deprivation is None and penalty.longest)
                assert penalty.caveats or not missing, crime.id

    @pytest.mark.parametrize(
        ("name", "day", "expected"),
        [
            ("pilkada-188", date(2024, 11, 27), ("penjara", "6 bulan", "dan/atau", 6_000_000, None)),
            ("pilkada-188", date(2026, 1, 2), ("penjara", "6 bulan", "dan/atau", 10_000_000, "II")),
            ("pemilu-494", date(2024, 2, 1), ("kurungan", "1 tahun", "dan", 12_000_000, None)),
            ("pemilu-494", date(2026, 1, 2), (None, None, None, 50_000_000, "III")),
            ("pemilu-493", date(2026, 1, 1), ("kurungan", "1 tahun", "dan", 12_000_000, None)),
            ("pemilu-490", date(2026, 1, 2), ("penjara", "1 tahun", "dan/atau", 10_000_000, "II")),
            ("pemilu-547", date(2026, 1, 2), ("penjara", "3 tahun", "dan/atau", 50_000_000, "III")),
            ("pemilu-522", date(2026, 1, 2), ("penjara", "2 tahun", "dan/atau", 50_000_000, "III")),
        ],
    )
    def test_a_penalty_is_that_of_the_day(self, name: str, day: date, expected: tuple[object, ...]) -> None:
        penalty = CRIMES[name].on(day)
        assert penalty is not None
        told = (penalty.deprivation, penalty.longest, penalty.joined, penalty.fine_most, penalty.category)
        assert told == expected

    def test_amounts_nobody_settled_are_marked(self) -> None:
        for name in ("pilkada-188", "pilkada-189", "pilkada-190"):
            penalty = CRIMES[name].on(date(2026, 6, 1))
            assert penalty is not None
            assert (penalty.confidence, penalty.fine_confidence) == ("derived", "derived")
        fine = CRIMES["pemilu-547"].on(date(2024, 1, 1))
        assert fine is not None
        assert (fine.confidence, fine.fine_confidence) == ("strong", "page")

    @pytest.mark.parametrize(
        ("day", "way"),
        [
            (date(2020, 10, 1), "alur-kasn"),
            (date(2024, 8, 22), "alur-kasn"),
            (date(2024, 8, 24), "alur-serah-terima"),
            (date(2024, 9, 4), "alur-serah-terima"),
            (date(2024, 9, 5), "alur-bkn"),
        ],
    )
    def test_a_report_takes_the_way_of_its_day(self, day: date, way: str) -> None:
        flow = LAW.handling.on(day)
        assert flow is not None
        assert flow.id == way

    @pytest.mark.parametrize(
        ("calendar", "day", "stage"),
        [
            ("pilkada-2020", date(2020, 9, 22), "pra_penetapan"),
            ("pilkada-2020", date(2020, 9, 23), "pasca_penetapan"),
            ("pilkada-2020", date(2020, 12, 5), "kampanye"),
            ("pilkada-2020", date(2020, 12, 9), "pemungutan"),
            ("pemilu-2024", date(2023, 11, 28), "kampanye"),
            ("pemilu-2024", date(2024, 2, 10), "kampanye"),
            ("pemilu-2024", date(2024, 2, 14), "pemungutan"),
            ("pilkada-2024", date(2024, 9, 21), "pra_penetapan"),
            ("pilkada-2024", date(2024, 9, 22), "pasca_penetapan"),
            ("pilkada-2024", date(2024, 11, 23), "kampanye"),
            ("pilkada-2024", date(2024, 11, 27), "pemungutan"),
        ],
    )
    def test_a_calendar_knows_the_stage_of_a_day(self, calendar: str, day: date, stage: str) -> None:
        found = LAW.calendars[calendar].on(day)
        assert found is not None
        assert found.stage == stage

    def test_campaigns_are_as_long_as_told(self) -> None:
        lengths = {"pilkada-2020": 71, "pemilu-2024": 75}
        for name, length in lengths.items():
            (campaign,) = (one for one in LAW.calendars[name].stages if one.stage == "kampanye")
            assert campaign.last is not None
            assert (campaign.last - campaign.first).days + 1 == length


SUMS: dict[str, tuple[str, ...]] = {
    "cianjur-727": ("cianjur-580", "cianjur-147"),
    "cianjur-26": tuple(
        f"cianjur-blokir-{name}" for name in ("pusat", "makassar", "jayapura", "bandung", "pekanbaru")
    ),
    "batang-57": ("batang-47", "batang-10"),
    "batang-47": tuple(
        f"jateng-tahap-{name}"
        for name in ("kampanye", "persiapan", "pencalonan", "logistik", "penghitungan", "rekapitulasi")
    ),
    "jateng-disanksi": tuple(
        f"jateng-{name}" for name in ("moral-terbuka", "sedang", "ringan", "moral-tertutup")
    ),
    "kasn-2020-08-19-direkomendasikan": (
        "kasn-2020-08-19-dijatuhi-sanksi",
        "kasn-2020-08-19-belum-ditindaklanjuti",
    ),
    "kasn-2021-12-16-dilaporkan": tuple(
        f"kasn-2021-12-16-{name}" for name in ("direkomendasikan", "tidak-terbukti", "tidak-lengkap")
    ),
    "kasn-2021-12-16-direkomendasikan": (
        "kasn-2021-12-16-dijatuhi-sanksi",
        "kasn-2021-12-16-belum-ditindaklanjuti",
    ),
    "kasn-2022-05-31-direkomendasikan": tuple(
        f"kasn-2022-05-31-{name}" for name in ("moral-tertutup", "moral-terbuka", "ringan", "sedang", "berat")
    ),
    "mendagri-2020-10-26-rekomendasi": tuple(
        f"mendagri-2020-10-26-{name}" for name in ("provinsi", "kabupaten", "kota")
    ),
    "bawaslu-2020-10-04-kasus": ("bawaslu-2020-10-04-temuan", "bawaslu-2020-10-04-laporan"),
    "bkn-2024-01-31-laporan": ("bkn-2024-01-31-disiplin", "bkn-2024-01-31-kode-etik"),
    "kasn-2024-06-12-dilaporkan": ("kasn-2024-06-12-dilaporkan-2023", "kasn-2024-06-12-dilaporkan-2024"),
}
BROKEN_SUMS: dict[str, tuple[int, tuple[str, ...]]] = {
    "bawaslu-2020-06-30-diduga": (
        1,
        ("bawaslu-2020-06-30-diteruskan", "bawaslu-2020-06-30-dihentikan", "bawaslu-2020-06-30-proses"),
    ),
    "bawaslu-2024-11-30-total": (20, ("bawaslu-2024-11-30-pelanggaran", "bawaslu-2024-11-30-bukan")),
    "cianjur-727": (-121, ("cianjur-580", "cianjur-147", "cianjur-121")),
}
"""Whole, what is missing, parts: told in a note of the whole or of the part that does not fit."""


class TestStatistics:
    @pytest.mark.parametrize("whole", SUMS)
    def test_parts_make_the_whole_in_one_unit(self, whole: str) -> None:
        rows = [STATISTICS[part] for part in SUMS[whole]]
        assert sum(row.value for row in rows) == STATISTICS[whole].value
        assert {row.unit for row in rows} == {STATISTICS[whole].unit}

    def test_cases_of_central_java_are_findings_and_reports(self) -> None:
        parts = [STATISTICS["jateng-temuan"], STATISTICS["jateng-laporan"]]
        assert sum(row.value for row in parts) == STATISTICS["batang-57"].value

    def test_influences_of_the_survey_make_a_hundred(self) -> None:
        shares = [row.value for row in LAW.statistics if row.id.startswith("pengaruh-")]
        assert round(sum(shares), 2) == 100

    @pytest.mark.parametrize("whole", BROKEN_SUMS)
    def test_a_sum_that_does_not_hold_is_kept_and_said(self, whole: str) -> None:
        missing, parts = BROKEN_SUMS[whole]
        rows = [STATISTICS[part] for part in parts]
        assert STATISTICS[whole].value - sum(row.value for row in rows) == missing
        assert any("Jangan dijumlahkan" in row.note for row in (STATISTICS[whole], *rows))

    @pytest.mark.parametrize(
        "name",
        [
            "tribun-369",
            "cianjur-121",
            "kasn-2024-06-12-67",
            "bawaslu-2024-pilkada-2020",
            "bawaslu-2022-pilkada-2020",
            "bawaslu-2024-pemilu-2019",
            "bawaslu-2022-pemilu-2019",
            "kasn-2020-09-30-provinsi-ntb",
            "kasn-2022-05-31-dilaporkan",
        ],
    )
    def test_a_number_to_treat_with_care_says_why(self, name: str) -> None:
        assert STATISTICS[name].note

    def test_every_number_names_unit_funnel_day_speaker_source_and_confidence(self) -> None:
        assert len(STATISTICS) == len(LAW.statistics)
        for row in LAW.statistics:
            assert row.speaker
            assert row.source in LAW.sources
            source = LAW.sources[row.source]
            assert (source.kind, bool(source.references)) == ("statistik", True), row.id

    def test_the_share_the_officials_followed_rose(self) -> None:
        pairs = [
            ("kasn-2020-06-26", 35),
            ("kasn-2020-09-30", 52),
            ("bkn-2020-11-26", 80),
            ("kasn-2021-12-16", 86),
            ("kasn-2024-02-06", 91),
        ]
        for name, share in pairs:
            done = STATISTICS[f"{name}-dijatuhi-sanksi"].value
            assert round(100 * done / STATISTICS[f"{name}-direkomendasikan"].value) == share, name

    def test_cases_and_persons_are_never_one_unit(self) -> None:
        assert {STATISTICS[name].unit for name in ("batang-57", "jateng-kasus-rembang")} == {"kasus"}
        assert {STATISTICS[name].unit for name in ("jateng-disanksi", "jateng-asn-rembang")} == {"orang"}
