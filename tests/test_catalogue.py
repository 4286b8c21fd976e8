"""The catalogue gathers every text, changes only when a text does, and no text goes past it.

The search for bare strings is a heuristic, on the safe side where it is cheap:

- a page: each text node, and each attribute that is read out, must hold no letter outside `_()` and
  `{% trans %}`; names of things in NAMES are spared. Words an expression shows (`{{ "ya" if x }}`) count too.
- a script: a string or template literal of two words and more must be the first argument of `t` or `tf`,
  unless every word of it is a class of our style sheets. A single word may be a key, so it is not searched.
- Python: what `_` and `ngettext` are given must be written out, or nobody can extract it.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.jslexer import tokenize
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from netralitas import catalogue

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*(ROOT / "netralitas/web/templates").rglob("*.j2"), *(ROOT / "netralitas/widgets").glob("*.j2")]
)
SCRIPTS = sorted(
    [*(ROOT / "netralitas/widgets").glob("*.js"), *(ROOT / "netralitas/web/static").glob("*.js")]
)
SHEETS = sorted(
    [*(ROOT / "netralitas/widgets").glob("*.css"), *(ROOT / "netralitas/web/static").glob("*.css")]
)
CODE = sorted(path for name in ("netralitas", "grader") for path in (ROOT / name).rglob("*.py"))

NAMES = frozenset({"DEMO", "Landlock"})
"""What is called so in every language."""

READ_OUT = frozenset({"alt", "title", "placeholder", "aria-label", "data-label", "data-show", "data-hide"})
HOLE = "\0"
"""Stands for an expression in a page's text."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree of sources with one text of each kind."""
    sources = {
        "netralitas/a.py": 'print(_("Dari Python"), ngettext("satu {n}", "banyak {n}", 2))\n',
        "grader/b.py": 'print(_("Dari kantor"))\n',
        "netralitas/web/templates/c.html.j2": '{{ _("Dari laman") }}{% trans n=1 %}Ada {{ n }}{% endtrans %}',
        "netralitas/widgets/d.js": 'h(t("Dari gawai"), tf("Soal {n}", { n: 1 }), `${t("Di dalam")}`);\n',
        "netralitas/web/static/e.js": 'say(t("Dari situs"));\n',
    }
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


class TestCatalogue:
    def test_texts_come_from_code_pages_and_scripts(self, tree: Path) -> None:
        assert {message: name for name, message in catalogue.texts(tree)} == {
            "Dari Python": "netralitas/a.py",
            ("satu {n}", "banyak {n}"): "netralitas/a.py",
            "Dari kantor": "grader/b.py",
            "Dari laman": "netralitas/web/templates/c.html.j2",
            "Ada %(n)s": "netralitas/web/templates/c.html.j2",
            "Dari gawai": "netralitas/widgets/d.js",
            "Soal {n}": "netralitas/widgets/d.js",
            "Di dalam": "netralitas/widgets/d.js",
            "Dari situs": "netralitas/web/static/e.js",
        }

    def test_check_tells_the_command_and_writes_nothing(
        self, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert catalogue.main(["--check"], tree) == 1
        told = capsys.readouterr().err
        assert told.splitlines() == [
            f"netralitas/locale/{name}: tidak sama dengan teks di kode. "
            "Jalankan `python -m netralitas.catalogue` dan simpan hasilnya."
            for name in ("netralitas.pot", "en/LC_MESSAGES/netralitas.po")
        ]
        assert not (tree / catalogue.TEMPLATE).exists()

    def test_what_was_written_passes_the_check(self, tree: Path) -> None:
        assert catalogue.main([], tree) == 0
        before = (tree / catalogue.TEMPLATE).read_bytes()
        assert catalogue.main(["--check"], tree) == 0
        assert catalogue.main([], tree) == 0
        assert (tree / catalogue.TEMPLATE).read_bytes() == before

    def test_a_translation_outlives_new_texts_and_leaves_with_its_own(self, tree: Path) -> None:
        catalogue.main([], tree)
        path = tree / catalogue._po("en")
        text = path.read_text(encoding="utf-8")
        assert "Dari kantor" not in text
        path.write_text(text.replace('"Dari laman"\nmsgstr ""', '"Dari laman"\nmsgstr "From a page"'))
        page = tree / "netralitas/web/templates/c.html.j2"
        page.write_text(page.read_text(encoding="utf-8") + '{{ _("Baru") }}', encoding="utf-8")
        catalogue.main([], tree)
        text = path.read_text(encoding="utf-8")
        assert 'msgstr "From a page"' in text
        assert 'msgid "Baru"\nmsgstr ""' in text
        page.write_text("", encoding="utf-8")
        catalogue.main([], tree)
        assert "From a page" not in path.read_text(encoding="utf-8")

    def test_a_new_text_is_drift_and_a_moved_line_is_none(self, tree: Path) -> None:
        catalogue.main([], tree)
        path = tree / "netralitas/a.py"
        path.write_text("\n\n# moved\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        assert catalogue.main(["--check"], tree) == 0
        path.write_text(path.read_text(encoding="utf-8") + '_("Baru")\n', encoding="utf-8")
        assert catalogue.main(["--check"], tree) == 1

    def test_the_file_is_sorted_and_holds_no_date(self, tree: Path) -> None:
        catalogue.main([], tree)
        text = (tree / catalogue.TEMPLATE).read_text(encoding="utf-8")
        assert "Date" not in text
        ids = [line for line in text.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
        assert ids == sorted(ids)
        assert len(ids) == 9

    def test_a_page_that_does_not_parse_is_no_silence(self, tree: Path) -> None:
        (tree / "netralitas/web/templates/f.html.j2").write_text("{% if %}", encoding="utf-8")
        with pytest.raises(Exception, match="Expected an expression"):
            catalogue.main([], tree)

    def test_the_real_catalogue_is_read_by_babel(self, tmp_path: Path) -> None:
        for name in ("netralitas", "grader"):
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        assert catalogue.main([], tmp_path) == 0
        with (tmp_path / catalogue.TEMPLATE).open("rb") as file:
            found = {message.id for message in read_po(file) if message.id}
        assert {"Kirim jawaban", "Beranda", "Isi sehat.", "Laporan penyelesaian dan soal."} <= found


def spoken(source: str) -> Iterator[str]:
    """Yield every bare text of a page that holds a letter."""
    page = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(source)
    pieces: list[str] = []
    for output in page.find_all(nodes.Output):
        for node in output.nodes:
            pieces.append(node.data if isinstance(node, nodes.TemplateData) else HOLE)
            yield from shown_words(node)
    reader = _Reader()
    reader.feed("".join(pieces))
    reader.close()
    for text in reader.texts:
        words = [
            word for word in re.split(r"[^\w]+", text.replace(HOLE, " ")) if re.search(r"[^\W\d_]", word)
        ]
        if set(words) - NAMES:
            yield text


def shown_words(node: nodes.Node) -> Iterator[str]:
    """Yield the words an expression shows of itself, not those it hands to a function."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and re.search(r"[^\W\d_]", node.value):
        yield node.value
    if isinstance(node, nodes.CondExpr):
        yield from shown_words(node.expr1)
        if node.expr2 is not None:
            yield from shown_words(node.expr2)
    if isinstance(node, nodes.Or | nodes.And):
        yield from shown_words(node.right)


class _Reader(HTMLParser):
    """Collects what a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent = self._silent and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data.strip())


def classes() -> set[str]:
    """Every class our style sheets name."""
    return {
        name for path in SHEETS for name in re.findall(r"\.([a-z][\w-]*)", path.read_text(encoding="utf-8"))
    }


def loose(source: str, known: set[str]) -> Iterator[str]:
    """Yield every literal of two words and more that a script shows without `t` or `tf`."""
    tokens = [token for token in tokenize(source) if "comment" not in token.type]
    for at, token in enumerate(tokens):
        if token.type not in {"string", "template_string"}:
            continue
        before = [one.value for one in tokens[max(0, at - 2) : at]]
        said = re.sub(r"\$\{[^}]*\}", "", token.value[1:-1]).strip()
        words = said.split()
        worded = re.search(r"[^\W\d_]", said) and (len(words) > 1 or " " in token.value.strip(" `'\""))
        if worded and before not in (["t", "("], ["tf", "("]) and not set(words) <= known:
            yield token.value


class TestBareStrings:
    @pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
    def test_a_page_says_nothing_past_the_catalogue(self, path: Path) -> None:
        assert list(spoken(path.read_text(encoding="utf-8"))) == []

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("<p>Halo</p>", ["Halo"]),
            ('<p title="Halo">{{ x }}</p>', ["Halo"]),
            ('<img alt="Lambang {{ x }}">', [f"Lambang {HOLE}"]),
            ('<p>{{ "ya" if x else _("tidak") }}</p>', ["ya"]),
            ("{% if x %}<b>DEMO</b> {{ n }} menit{% endif %}", [f"{HOLE} menit"]),
            ('<p class="soft">{{ _("Halo") }} · {% trans %}Ada{% endtrans %}</p>', []),
            ("<script>const x = 1;</script><p>100 % ✓</p>", []),
        ],
    )
    def test_the_search_of_pages_finds_what_it_should(self, source: str, found: list[str]) -> None:
        assert list(spoken(source)) == found

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    def test_a_script_says_nothing_past_the_catalogue(self, path: Path) -> None:
        assert list(loose(path.read_text(encoding="utf-8"), classes())) == []

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ('h("p", null, "Kirim jawaban")', ['"Kirim jawaban"']),
            ("node.textContent = `Soal ${n} dari ${m}`", ["`Soal ${n} dari ${m}`"]),
            ("x ? t(a) : 'Belum tepat.'", ["'Belum tepat.'"]),
            ('h("p", { class: "btn quiet" }, t("Kirim jawaban"), tf("Soal {n} dari", v))', []),
            ("el.className = `btn ${tone}`; // kirim jawaban", []),
        ],
    )
    def test_the_search_of_scripts_finds_what_it_should(self, source: str, found: list[str]) -> None:
        assert list(loose(source, {"btn", "quiet"})) == found

    @pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
    def test_every_text_of_python_is_written_out(self, path: Path) -> None:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"baris {node.lineno}"
