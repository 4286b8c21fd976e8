"""Formgrader speaks Indonesian: each word of nbgrader's that we replace is there."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from nbgrader.server_extensions.formgrader import handlers

from grader.gradebook.formgrader import OWN
from grader.gradebook.words import Worded, scripts, templates, worded


def test_every_word_we_replace_is_nbgrader_s() -> None:
    pages = [path for path in Path(handlers.template_path).rglob("*") if path.suffix in {".tpl", ".j2"}]
    told = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    assert [word for word in templates(OWN) if word not in told] == []
    for name, words in scripts().items():
        script = (Path(handlers.static_path) / "js" / name).read_text(encoding="utf-8")
        assert [word for word in words if word not in script] == []


def test_a_page_leads_to_both_gradebooks_and_to_nothing_else() -> None:
    environment = Environment(
        loader=Worded(FileSystemLoader(handlers.template_path), templates(OWN)), autoescape=True
    )
    for base, active in (("", "Penilaian bersama"), (OWN, "Penilaian ganda")):
        page = environment.get_template("gradebook_assignments.tpl").render(base_url=base)
        assert 'href="/formgrader/gradebook">Penilaian bersama<' in page
        assert f'href="{OWN}/formgrader/gradebook">Penilaian ganda<' in page
        assert page.count('class="active"><a') == 1
        assert active in page.split('class="active"><a')[1].split("</a>")[0]
        assert "manage_" not in page


def test_longer_words_go_first() -> None:
    assert worded("Avg. Score, Score", {"Score": "Poin", "Avg. Score": "Rata-rata"}) == "Rata-rata, Poin"
