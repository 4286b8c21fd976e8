"""`cek()` in a notebook: the same card as the pure room and the command, and parsed messages only."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from html import unescape
from typing import Any

import pytest

from netralitas import cek, content
from netralitas.cards import Asked, card
from netralitas.law import ACTORS, Actor
from netralitas.model import Value
from netralitas.widgets.cek import CekWidget, markup
from tests.site import NETRALITAS

LAW = content.law()
SAMPLE = [
    "sosialisasi-medsos-calon",
    "memilih",
    "hadir-kampanye-pasif",
    "foto-simbol-2020",
    "surat-dukungan-ktp",
]
DAYS = [date(2012, 6, 1), date(2020, 7, 1), date(2021, 8, 31), date(2024, 10, 10), date(2026, 1, 2)]


def asked(widget: CekWidget, **question: Any) -> list[Any]:
    """Send a question as a browser does; return what comes back."""
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]  # noqa: ARG005
    widget._handle_custom_msg({"kind": "ask", "question": question}, [])
    return sent


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("act", SAMPLE)
def test_the_widget_answers_as_the_pure_room_does(act: str, on: date) -> None:
    widget = cek()
    for actor in ACTORS:
        sent = asked(widget, perbuatan=act, pelaku=actor, tanggal=on.isoformat())
        assert widget.card == card(LAW, act, actor=actor, on=on)
        assert sent == [{"kind": "answer", "html": widget.html}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "actor", "on", "dates"),
    [
        ("sosialisasi-medsos-calon", "pns", "2024-10-10", ()),
        ("sosialisasi-medsos-calon", "pppk", "2024-10-10", ()),
        ("foto-simbol-2020", "pns", "2024-10-10", ()),
        ("surat-dukungan-ktp", "pns", "2020-07-01", ()),
        ("surat-dukungan-ktp", "pns", "2020-07-01", ("2020-08-01", "2020-09-01")),
        ("surat-dukungan-ktp", "pns", "2020-07-01", ("2021-09-15", "2021-10-15")),
    ],
)
def test_the_widget_agrees_with_the_command(act: str, actor: str, on: str, dates: tuple[str, ...]) -> None:
    options = [part for pair in zip(("--examined", "--decided"), dates, strict=False) for part in pair]
    told = subprocess.run(
        [NETRALITAS, "rule", act, "--on", on, "--actor", actor, *options, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(told.stdout)
    widget = cek()
    days = dict(zip(("diperiksa", "diputus"), dates, strict=False))
    asked(widget, perbuatan=act, pelaku=actor, tanggal=on, **days)
    assert widget.card is not None
    assert (widget.card.verdict, widget.card.in_force) == (answer["verdict"], answer["in_force"])
    assert list(widget.card.caveats) == answer["caveats"]
    assert [list(line.sanctions) for line in widget.card.lines] == [
        one["sanctions"] for one in answer["rulings"]
    ]
    assert [one.when for one in widget.card.conditions] == [one["when"] for one in answer["alternatives"]]
    shown = unescape(widget.html)
    for text in [*answer["caveats"], *(basis["article"] for basis in answer["basis"])]:
        assert text in shown


@pytest.mark.parametrize(
    "content",
    [None, 7, "ask", [], {}, {"kind": "ask"}, {"kind": "open", "event": "x"}, {"kind": "ask", "question": []},
     {"kind": "ask", "question": {"tanggal": ["2020-01-01"]}}, {"kind": "ask", "question": {}, "x": ""}],
)  # fmt: skip
def test_what_is_no_question_changes_nothing(content: Any) -> None:
    widget = cek()
    before = widget.html
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]  # noqa: ARG005
    widget._handle_custom_msg(content, [])
    assert (sent, widget.html, widget.card) == ([], before, None)


def test_a_question_that_cannot_be_answered_is_told_calmly() -> None:
    widget = cek()
    script = '"><script>alert(1)</script>'
    asked(widget, perbuatan=script, pelaku=script, tanggal=script)
    assert widget.card is None
    assert "Belum dapat dijawab" in widget.html
    assert "alert(1)" not in widget.html
    asked(widget, **{script: "x"})
    assert "Pertanyaannya tidak terbaca" in widget.html
    assert "alert(1)" not in widget.html


def test_state_from_a_browser_is_ignored() -> None:
    widget = cek()
    before = widget.html
    widget.set_state({"html": "<b>", "_esm": "alert(1)"})
    assert widget.html == before


def test_a_page_without_a_kernel_gets_a_link_that_needs_no_script() -> None:
    bundle = cek()._repr_mimebundle_()
    assert bundle is not None
    data, _metadata = bundle
    assert data["text/html"].startswith('<section class="cek">')
    assert 'href="/cek"' in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_opened_it_asks_with_the_day_of_today() -> None:
    widget = cek()
    (sent,) = asked(widget)
    assert widget.card is None
    assert re.search(r'name="tanggal" type="date" value="20\d\d-', sent["html"])
    assert "data-lead" in sent["html"]


def test_until_it_is_opened_it_carries_no_templates() -> None:
    code = "import sys, netralitas; netralitas.cek()._repr_mimebundle_(); sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("act", sorted(LAW.acts))
def test_every_card_says_whether_an_expert_has_reviewed_it(act: str) -> None:
    for actor in ACTORS:
        shown = card(LAW, act, actor=actor, on=date(2024, 10, 10))
        assert "! Belum ditinjau ahli hukum." in _drawn(shown)
        by = shown.model_copy(update={"reviewed": "Ibu Contoh <b>, Biro Hukum"})
        assert "Belum ditinjau" not in _drawn(by)
        assert "Ditinjau oleh Ibu Contoh &lt;b&gt;, Biro Hukum." in _drawn(by)


@pytest.mark.parametrize("actor", ["pppk", "ppnpn"])
def test_a_pppk_reads_the_caveat_and_no_sanction_of_a_pns(actor: Actor) -> None:
    for act in LAW.acts:
        for on in DAYS:
            others = {kind for line in card(LAW, act, actor="pns", on=on).lines for kind in line.sanctions}
            shown = card(LAW, act, actor=actor, on=on)
            lines = [line for line in shown.lines if line.track in {"disiplin", "kode etik"}]
            assert others.isdisjoint(kind for line in lines for kind in line.sanctions)
            assert not shown.conditions
            drawn = unescape(_drawn(shown))
            assert all(text in drawn for text in shown.caveats)
            assert not lines or shown.caveats


def test_amber_says_why_before_anything_else() -> None:
    drawn = _drawn(card(LAW, "hadir-kampanye-pasif", actor="pns", on=date(2024, 10, 10)))
    assert drawn.index("Belum pasti") < drawn.index("Mengapa belum pasti") < drawn.index("Ditangani oleh")


def test_the_two_days_are_asked_for_only_where_they_matter() -> None:
    for act, on, wanted in (
        ("surat-dukungan-ktp", date(2020, 7, 1), True),
        ("surat-dukungan-ktp", date(2021, 8, 31), False),
        ("memilih", date(2020, 7, 1), False),
    ):
        drawn = _drawn(card(LAW, act, actor="pns", on=on))
        assert ('name="diperiksa"' in drawn) is wanted
        assert ('name="diputus"' in drawn) is wanted
    assert 'name="diperiksa"' not in markup(LAW, Asked(fields={}, faults={}))


def _drawn(shown: Value) -> str:
    return markup(LAW, Asked.model_validate({"fields": {}, "faults": {}, "card": shown}))
