"""English: every text a page may show is translated, and keeps its places for values; scripts get theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from netralitas import catalogue, i18n
from netralitas.web import assets, display

ROOT = Path(__file__).parents[1]
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?[a-z]+[^>]*>")
SAME = frozenset(
    ("April", "BKN", "Bawaslu", "CPNS", "KASN", "NIP", "Netralitas", "November", "PNS", "PPPK",
     "September", "Operator", "Unit", "unit")
)  # fmt: skip
"""What English calls by the same word."""


def messages(language: str) -> list[Message]:
    with (ROOT / catalogue._po(language)).open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
class TestTranslation:
    def test_every_text_a_page_may_show_is_translated(self, language: str) -> None:
        wanted = {text for name, text in catalogue.texts(ROOT) if catalogue.shown(name)}
        done = {message.id for message in messages(language) if message.string and not message.fuzzy}
        assert wanted - done == set()
        assert len(wanted) > 600

    def test_no_translation_is_the_indonesian_text(self, language: str) -> None:
        same = {str(one.id) for one in messages(language) if one.id == one.string}
        assert same <= SAME

    def test_values_and_marks_keep_their_places(self, language: str) -> None:
        for one in messages(language):
            assert sorted(PLACES.findall(str(one.string))) == sorted(PLACES.findall(str(one.id))), one.id
            assert str(one.string)[:1].isspace() == str(one.id)[:1].isspace(), one.id
            assert str(one.string)[-1:].isspace() == str(one.id)[-1:].isspace(), one.id

    def test_scripts_get_their_texts_as_one_file(self, language: str) -> None:
        told = i18n.script_texts(language)
        asked = {text for name, text in catalogue.texts(ROOT) if name.endswith(".js")}
        assert told.keys() == asked
        file = assets.load()[f"{language}.json"]
        assert file.kind.startswith("application/json")
        assert len(file.packed["br"]) < 6000

    def test_the_language_can_be_chosen(self, language: str) -> None:
        assert language in display.LANGUAGES
        assert display.Display.of(language).language == language


def test_indonesian_needs_no_catalogue() -> None:
    assert i18n.script_texts("id") == {}


def test_what_speaks_indonesian_alone_is_there() -> None:
    """A folder or file that moved would silently take its texts out of the translation, or into it."""
    for name in (*catalogue.SPEAK_INDONESIAN, *catalogue.ON_PAGES):
        assert (ROOT / name).exists(), name
