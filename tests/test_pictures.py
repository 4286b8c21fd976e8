"""Pictures of scenes: small, of shapes alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from netralitas.pictures import MOST, unfit

OWN = sorted(Path(__file__).parents[1].glob("**/data/pictures/*.svg"))


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'


def test_a_small_drawing_fits() -> None:
    assert unfit(svg('<path d="M0 0L9 9" fill="url(#warna)"/>')) == ""
    assert OWN
    assert [path.name for path in OWN if unfit(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<g onclick="x()"/>',
        '<image href="http://evil.example/x.png"/>',
        "<foreignObject/>",
        '<a xlink:href="x">y</a>',
        '<rect fill="url(http://evil.example/x)"/>',
        "<style>@import 'x';</style>",
        "<!-- catatan -->",
    ],
)
def test_whatever_acts_or_loads_is_refused(inside: str) -> None:
    assert "hanya boleh memuat bentuk" in unfit(svg(inside))


def test_what_is_too_large_broken_or_no_drawing_is_refused() -> None:
    assert "bita" in unfit(svg(" " * MOST))
    assert "bukan SVG yang terbaca" in unfit("<svg")
    assert "viewBox" in unfit('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert "viewBox" in unfit("<svg viewBox='0 0 1 1'/>")
