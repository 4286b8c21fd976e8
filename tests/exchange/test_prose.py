"""Markup becomes our plain text and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from netralitas.exchange.prose import from_format, from_html, to_html
from tests.exchange.questions import texts


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p dir='ltr'>a <strong>b </strong>c</p>", "a *b* c"),
        ("<b><i>a</i></b>", "*a*"),
        ("<b></b>a<em> </em>", "a"),
        ("a &lt;b&gt; &amp; &eacute;&nbsp;c &#8230;", "a <b> & é c …"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("a\n   b\tc", "a b c"),
        ("2 < 3 dan 4 > 3", "2 < 3 dan 4 > 3"),
        ("<a title='x > y'>b</a>", "b"),
        ("", ""),
    ],
)
def test_html_is_read_as_a_person_reads_it(markup: str, text: str) -> None:
    assert from_html(markup).text == text


@pytest.mark.parametrize(
    ("name", "told", "text"),
    [
        ("plain", "a <b>c</b>\nd", "a <b>c</b>\nd"),
        ("moodle", "a\n<b>c</b>", "a\n*c*"),
        ("html", "a\n<b>c</b>", "a *c*"),
        ("markdown", "**a** dan __b__ dan *c*", "*a* dan *b* dan *c*"),
    ],
)
def test_a_format_says_what_lines_and_signs_mean(name: str, told: str, text: str) -> None:
    assert from_format(told, name).text == text


@given(texts)
def test_our_text_survives_html(text: str) -> None:
    # The models strip what stands at the ends.
    assert from_html(to_html(text.strip())) == (text.strip(), ())


def test_emphasis_is_shown_as_such() -> None:
    assert to_html("a *b c* d < e") == "a <em>b c</em> d &lt; e"
