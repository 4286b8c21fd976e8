"""The promises of netralitas/figures.py: the committed picture is the drawn one, and it can be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from netralitas import figures

ROOT = Path(__file__).parents[1]
NAMES = sorted(figures.CHARTS)
SVG = "{http://www.w3.org/2000/svg}"


def row(**change: str) -> dict[str, str]:
    return {
        "id": "x",
        "figure": "Jenis contoh",
        "value": "10",
        "unit": "persen",
        "stage": "dilaporkan",
        "poll": "pilkada-2020",
        "as_of": "2020-06-26",
        "speaker": "Lembaga Contoh",
        "source": "sumber-contoh",
        "confidence": "strong",
        "note": "",
    } | change


ROWS = [
    row(as_of="2020-01-01", figure="Lama", value="99"),
    row(figure="Kecil", value="5.6"),
    row(figure="Besar & <tajam>", value="30.4"),
]
NAME = "jenis-pelanggaran-2020"


@pytest.mark.parametrize("name", NAMES)
def test_committed_picture_is_the_drawn_one(name: str) -> None:
    drawn = figures.draw(name, figures.read(ROOT, name))
    assert (ROOT / "data" / "figures" / f"{name}.svg").read_text(encoding="utf-8") == drawn


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_in_picture_table_and_alternative(name: str) -> None:
    rows = figures.read(ROOT, name)
    drawn, told = figures.draw(name, rows), figures.alternative(name, rows)
    body = drawn.split("</desc>")[1]
    for label, share in figures.table(name, rows)[1:]:
        assert label in told
        assert label in body
        assert share in told
        assert share in body


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_readable_on_a_phone_and_in_the_dark(name: str) -> None:
    drawn = figures.draw(name, figures.read(ROOT, name))
    root = ElementTree.fromstring(drawn)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert width <= 328
    assert len(drawn.encode()) < 8_000
    for text in root.iter(f"{SVG}text"):
        size = float(text.attrib["font-size"])
        assert size >= 13
        assert float(text.attrib["x"]) + 0.62 * size * len(text.text or "") <= width + 40
        assert 0 < float(text.attrib["y"]) <= height
    for bar in root.iter(f"{SVG}rect"):
        assert float(bar.attrib["width"]) <= width - 50
    colours = re.findall(r'fill="([^"]+)"', drawn)
    assert colours
    assert all(re.fullmatch(r"var\(--[a-z-]+, #[0-9a-f]{6}\)", colour) for colour in colours)


@pytest.mark.parametrize("name", NAMES)
def test_picture_names_itself_for_those_who_hear_it(name: str) -> None:
    root = ElementTree.fromstring(figures.draw(name, figures.read(ROOT, name)))
    assert root.attrib["role"] == "img"
    named = root.attrib["aria-labelledby"].split()
    found = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert list(found) == named
    assert all(found.values())


def test_newest_statement_is_drawn_with_the_longest_bar_first() -> None:
    assert figures.table(NAME, ROWS)[1:] == [["Besar & <tajam>", "30,4 %"], ["Kecil", "5,6 %"]]
    assert "Lama" not in figures.draw(NAME, ROWS)


def test_bars_grow_from_zero() -> None:
    root = ElementTree.fromstring(figures.draw(NAME, ROWS))
    first, second = (float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect"))
    assert second / first == pytest.approx(5.6 / 30.4, abs=0.01)


def test_caption_tells_day_speaker_and_source_and_admits_a_single_page() -> None:
    sure = figures.alternative(NAME, ROWS)
    assert "Lembaga Contoh, disampaikan 26 Juni 2020." in sure
    assert "satu sumber" not in sure
    assert "satu sumber" in figures.alternative(NAME, [row(confidence="page")])


def test_words_of_a_statistics_file_cannot_break_the_picture() -> None:
    assert "Besar &amp; &lt;tajam&gt;" in figures.draw(NAME, ROWS)


def test_write_mends_drift_and_check_only_tells(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "statistics", tmp_path / "data" / "statistics")
    path = f"data/figures/{NAME}.svg"
    assert path in figures.write(tmp_path, check=True)
    assert not (tmp_path / path).exists()
    assert path in figures.write(tmp_path, check=False)
    assert figures.write(tmp_path, check=True) == []
    (tmp_path / path).write_text("lain", encoding="utf-8")
    assert figures.write(tmp_path, check=True) == [path]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        figures.draw("tidak-ada", ROWS)
