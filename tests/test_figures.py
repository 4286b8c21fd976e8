"""The promises of netralitas/figures.py: what a figure says stands in the law's tables, and nowhere twice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from netralitas import content, figures
from netralitas.figures import Figure, Figures
from netralitas.law import Law
from netralitas.reading import ContentError

ROOT = Path(__file__).parents[1]
REAL = content.load(ROOT)
FIGURES = REAL.figures.figures
FIGURE: TypeAdapter[Figure] = TypeAdapter(Figure)
NAMES = [one.id for one in FIGURES]
STATEMENT = (
    "kasn-2022-05-31-dilaporkan",
    "kasn-2022-05-31-direkomendasikan",
    "kasn-2022-05-31-dijatuhi-sanksi",
)


def figure(kind: str, **told: Any) -> Figure:
    return FIGURE.validate_python({"id": "contoh", "kind": kind, "title": "Contoh"} | told)


def bars(*rows: str, kind: str = "bars", **told: Any) -> Figure:
    return figure(kind, column="Jenis", rows=[{"row": row} for row in rows], **told)


def plotted(one: Figure) -> figures.Plot:
    return figures.plot(one, REAL.law)


def told(one: Figure, law: Law = REAL.law) -> list[str]:
    return list(figures.faults(one, law))


@pytest.mark.parametrize("one", FIGURES, ids=NAMES)
def test_every_figure_of_the_course_is_sound_and_read_out_whole(one: Figure) -> None:
    assert told(one) == []
    plot = plotted(one)
    spoken = figures.alternative(plot)
    for label, cell in figures.table(plot)[1:]:
        assert label in spoken
        assert cell in spoken
    assert plot.caption in spoken
    assert not re.search(r"\.\.|\?:|; :", spoken)


def test_bars_stand_by_size_and_a_funnel_as_told() -> None:
    turned = STATEMENT[::-1]
    assert [line.told for line in plotted(bars(*turned)).lines] == [
        "2.034 orang",
        "1.596 orang",
        "1.373 orang",
    ]
    assert plotted(bars(*turned, kind="funnel")).lines[0].told == "1.373 orang"
    assert [round(line.share, 3) for line in plotted(bars(*STATEMENT)).lines] == [1, 0.785, 0.675]


def test_the_caption_names_speaker_and_day_and_admits_a_single_page() -> None:
    assert plotted(bars(*STATEMENT)).caption == "Sumber: KASN, disampaikan 31 Mei 2022."
    weak = next(row for row in REAL.law.statistics if row.confidence == "page")
    assert "satu sumber" in plotted(bars(weak.id, weak.id)).caption


def test_numbers_of_two_statements_are_never_put_side_by_side() -> None:
    (wrong,) = told(bars("kasn-2022-05-31-dilaporkan", "bkn-2020-11-26-dilaporkan"))
    assert "satu pernyataan" in wrong


def test_a_funnel_that_grows_is_refused() -> None:
    (wrong,) = told(bars(*STATEMENT[::-1], kind="funnel"))
    assert "naik" in wrong


def test_what_the_tables_do_not_have_is_told_by_its_id() -> None:
    for one in (
        bars("tidak-ada", "kasn-2022-05-31-dilaporkan"),
        figure("timeline", calendar="tidak-ada", bands=[{"title": "Semua", "until": "kampanye"}]),
        figure("steps", rows=[{"row": "bkn-2-verifikasi"}, {"row": "tidak-ada"}]),
        figure("tree", turns=[TURN], last="Silakan.", tone="tepat", sources=["tidak-ada"]),
    ):
        (wrong,) = told(one)
        assert "'tidak-ada'" in wrong


def test_the_bands_of_a_timeline_hold_every_stage_in_order() -> None:
    def bands(*until: str) -> Figure:
        return figure(
            "timeline", calendar="pilkada-2024", bands=[{"title": one, "until": one} for one in until]
        )

    assert told(bands("pra_penetapan", "pasca_pemungutan")) == []
    for wrong in (
        ("kampanye",),
        ("kampanye", "pra_penetapan", "pasca_pemungutan"),
        ("semua", "pasca_pemungutan"),
    ):
        assert "'bands'" in told(bands(*wrong))[0]


def test_days_are_written_as_people_write_them() -> None:
    bands = [{"title": "Semua", "until": "pasca_pemungutan"}]
    days = [line.told for line in plotted(figure("timeline", calendar="pilkada-2024", bands=bands)).lines]
    assert days[:2] == ["27–29 Agustus 2024", "30 Agustus – 21 September 2024"]
    assert "27 November 2024" in days


def test_a_step_is_told_in_its_own_words_or_shorter_ones() -> None:
    own, short = plotted(
        figure("steps", rows=[{"row": "bkn-2-verifikasi"}, {"row": "bkn-3-kajian", "label": "Mengkaji."}])
    ).lines
    assert (own.told, own.mark) == ("Memverifikasi laporan.", "paling lama 7 hari")
    assert short.told == "Mengkaji."


TURN = {"ask": "Milik negara?", "answer": "Ya", "then": "Tidak boleh.", "tone": "belum", "otherwise": "Bukan"}


def test_a_tree_cites_what_its_answers_rest_on() -> None:
    plot = plotted(figure("tree", turns=[TURN], last="Boleh.", tone="tepat", sources=["uu-20-2023"]))
    assert plot.caption == f"Dasar: {REAL.law.sources['uu-20-2023'].name}."
    assert figures.table(plot)[1:] == [["Milik negara?", "Ya: Tidak boleh. (Bukan)"], ["", "Boleh."]]


def test_an_id_names_one_figure() -> None:
    with pytest.raises(ValueError, match="dua kali"):
        Figures(format_version=1, figures=(bars(*STATEMENT), bars(*STATEMENT)))
    with pytest.raises(KeyError):
        REAL.figures.figure("tidak-ada")


def test_write_mends_drift_and_check_only_tells(tmp_path: Path) -> None:
    kept = REAL.figures

    def written(*, check: bool) -> list[str]:
        return figures.write(tmp_path, kept, REAL.law, check=check)

    path = f"data/figures/{NAMES[0]}.svg"
    assert path in written(check=True)
    assert not (tmp_path / path).exists()
    assert path in written(check=False)
    assert written(check=True) == []
    (tmp_path / path).write_text("lain", encoding="utf-8")
    (tmp_path / "data/figures/yatim.svg").write_text("<svg/>", encoding="utf-8")
    assert written(check=True) == sorted([path, "data/figures/yatim.svg"])
    written(check=False)
    assert not (tmp_path / "data/figures/yatim.svg").exists()


def test_committed_pictures_are_the_drawn_ones() -> None:
    assert figures.write(ROOT, REAL.figures, REAL.law, check=True) == []


def test_a_figure_that_is_not_in_the_file_is_a_fault_of_the_notebook(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "figures.yaml").write_text("format_version: 1\nfigures: 3\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"figures\.yaml"):
        content.load(tmp_path)
