"""The promises of netralitas/drawing.py: a picture fits a phone, follows dark mode and names itself."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from netralitas import content, figures
from netralitas.drawing import WIDTH, svg
from netralitas.figures import Line, Plot

REAL = content.load(Path(__file__).parents[1])
TREE = Plot(
    id="pohon",
    kind="tree",
    title="Bolehkah saya?",
    head=("Pertanyaan", "Jawaban"),
    lines=(
        Line(label="Apakah mobil itu milik negara?", told="Ya: jangan dipakai.", mark="Bukan", tone="belum"),
        Line(
            label="Apakah Anda sedang bertugas? " * 3, told="Ya: catat. " * 9, mark="Tidak", tone="sebagian"
        ),
        Line(label="", told="Silakan, sebagai warga.", tone="tepat"),
    ),
    caption="Dasar: naskah contoh.",
)
PLOTS = [*(figures.plot(one, REAL.law) for one in REAL.figures.figures), TREE]
SVG = "{http://www.w3.org/2000/svg}"
by_plot = pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.id)


@by_plot
def test_every_word_stands_in_the_picture(plot: Plot) -> None:
    body = " ".join(
        "".join(element.itertext()) for element in ElementTree.fromstring(svg(plot)).iter(f"{SVG}text")
    )
    for line in plot.lines:
        for words in (line.label, line.told, line.mark):
            assert set(words.split()) <= set(body.split()), words


@by_plot
def test_a_picture_is_readable_on_a_phone_and_in_the_dark(plot: Plot) -> None:
    drawn = svg(plot)
    root = ElementTree.fromstring(drawn)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert width == WIDTH <= 328
    assert len(drawn.encode()) < 8_000
    for text in root.iter(f"{SVG}text"):
        size, middle = float(text.attrib["font-size"]), text.attrib.get("text-anchor") == "middle"
        assert size >= 13
        start = float(text.attrib["x"]) - (0.27 * size * len(text.text or "") if middle else 0)
        assert start >= 0
        assert start + 0.54 * size * len(text.text or "") <= width + 8, text.text
        assert 0 < float(text.attrib["y"]) <= height
    for box in root.iter(f"{SVG}rect"):
        assert float(box.attrib["x"]) + float(box.attrib["width"]) <= width
    colours = re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)
    assert colours
    assert all(
        colour == "none" or re.fullmatch(r"var\(--[a-z-]+, #[0-9a-f]{3,6}\)", colour) for colour in colours
    )


@by_plot
def test_a_picture_names_itself_for_those_who_hear_it(plot: Plot) -> None:
    root = ElementTree.fromstring(svg(plot))
    assert root.attrib["role"] == "img"
    named = root.attrib["aria-labelledby"].split()
    found = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert list(found) == named
    assert found[named[1]] == figures.alternative(plot)


def test_bars_grow_from_zero() -> None:
    (one,) = (plot for plot in PLOTS if plot.id == "jenis-pelanggaran-2020")
    bars = [float(bar.attrib["width"]) for bar in ElementTree.fromstring(svg(one)).iter(f"{SVG}rect")]
    assert bars[-1] / bars[0] == pytest.approx(5.6 / 30.4, abs=0.01)


def test_words_cannot_break_the_picture() -> None:
    sharp = TREE.model_copy(update={"title": "Besar & <tajam>"})
    assert "Besar &amp; &lt;tajam&gt;" in svg(sharp)


def test_colour_never_speaks_alone() -> None:
    drawn = svg(TREE)
    assert all(f"{sign} " in drawn for sign in "✕!✓")
