"""What Formgrader says, in Indonesian: words of nbgrader's templates and scripts, replaced as they are read.

    template  ──Worded──►  the same with our words      script  ──worded──►  the same

Only nbgrader's own files are touched, never what a learner typed. A word that is no longer there after an
update of nbgrader shows in a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, Environment

from netralitas.i18n import _

_ITEM = '<li role="presentation"{}><a href="{{{{ base_url }}}}/formgrader/{}">{}</a></li>'
_PLACE = (
    '<li role="presentation"{{% if {} %}} class="active"{{% endif %}}>'
    '<a href="{{{{ home }}}}{}/formgrader/gradebook">{}</a></li>'
)


def templates(own: str) -> dict[str, str]:
    """Return what stands in nbgrader's templates and what is to stand there.

    `own` is what comes before the addresses of a marker's own gradebook: the two places take the room of
    nbgrader's links to what only the commands may do.
    """
    here = f"{{% set own = base_url.endswith('{own}') %}}"
    here += f"{{% set home = base_url[:-{len(own)}] if own else base_url %}}"
    together = _PLACE.format("not own", "", _("Penilaian bersama"))
    return {
        _ITEM.format("", "manage_assignments", "Manage Assignments"): here,
        _ITEM.format("", "gradebook", "Gradebook"): together,
        _ITEM.format(' class="active"', "gradebook", "Manual Grading"): together,
        _ITEM.format("", "manage_students", "Manage Students"): _PLACE.format(
            "own", own, _("Penilaian ganda")
        ),
        "<title>nbgrader formgrade</title>": f"<title>{_('Penilaian')}</title>",
        "\nManual Grading\n": f"\n{_('Penilaian')}\n",
        ">Manual Grading<": f">{_('Penilaian')}<",
        "Loading, please wait...": _("Sedang dimuat …"),
        "<th>Assignment ID</th>": f"<th>{_('Kuis')}</th>",
        ">Due Date<": f">{_('Batas waktu')}<",
        ">Submissions<": f">{_('Lembar')}<",
        ">Score<": f">{_('Poin')}<",
        "<th>Notebook ID</th>": f"<th>{_('Buku catatan')}</th>",
        "Avg. Score": _("Rata-rata poin"),
        "Avg. Code Score": _("Rata-rata soal"),
        "Avg. Written Score": _("Rata-rata isian"),
        "Avg. Task Score": _("Rata-rata kasus"),
        "Needs Manual Grade?": _("Perlu dinilai?"),
        ">Show All Names<": f">{_('Tampilkan id peserta')}<",
        "<th>Submission ID</th>": f"<th>{_('Lembar')}</th>",
        "Overall Score": _("Semua poin"),
        ">Code Score": f">{_('Soal')}",
        ">Written Score": f">{_('Isian')}",
        ">Task Score": f">{_('Kasus')}",
        "Tests Failed?": _("Ada soal tanpa poin?"),
        "Flagged?": _("Ditandai?"),
        "Sorry, you are not authorized to access the formgrader.": _("Halaman ini bukan untuk Anda."),
        "\nNot Authorized\n": f"\n{_('Bukan untuk Anda')}\n",
        "\nError\n": f"\n{_('Ada gangguan')}\n",
        "Sorry, the formgrader encountered an error. Please contact the administrator of\nthe formgrader for "
        "further assistance.": _(
            "Nilai yang sudah tersimpan tetap aman. Coba lagi; bila tetap gagal, beri tahu operator."
        ),
        "&larr; Prev": f"&larr; {_('Sebelumnya')}",
        "Next &rarr;": f"{_('Berikutnya')} &rarr;",
        " remaining": f" {_('lembar lagi')}",
        "Open live notebook": _("Buka di JupyterLab"),
        "Submission #": f"{_('Lembar')} ",
        "Show student name": _("Tampilkan id peserta"),
        "Hide student name": _("Sembunyikan id peserta"),
        ">Submission {{": f">{_('Lembar')} {{{{",
        "Student's task": _("Yang dinilai"),
        "Student's answer": _("Jawaban peserta"),
        ">Resolve<": f">{_('Sudah dilihat')}<",
        ">Full credit<": f">{_('Poin penuh')}<",
        ">No credit<": f">{_('Tanpa poin')}<",
        # Points above the most are no part of a mark here, and the keys nbgrader explains need MathJax.
        '<span style="margin-left: 1em;">': "<span hidden>",
        '<div class="help"><span class="glyphicon glyphicon-question-sign"></span></div>': "",
    }  # fmt: skip


def scripts() -> dict[str, dict[str, str]]:
    """Return the same for nbgrader's scripts, by file."""
    return {
        "formgrade.js": {
            '"Submission flagged"': f'"{_("Lembar ditandai.")}"',
            '"Submission unflagged"': f'"{_("Tanda dihapus.")}"',
        },
        "formgrade_models.js": {
            "Type any comments here (supports Markdown and MathJax)": _("Tulis komentar untuk peserta"),
        },
        "gradebook_assignments.js": {'display_duedate = "None"': 'display_duedate = "–"'},
        "gradebook_notebook_submissions.js": {
            '"Submission #"': f'"{_("Lembar")} "',
            "Show student name": _("Tampilkan id peserta"),
            "Hide student name": _("Sembunyikan id peserta"),
            "Show All Names": _("Tampilkan id peserta"),
            "Hide All Names": _("Sembunyikan id peserta"),
        },
    }


def worded(text: str, words: Mapping[str, str]) -> str:
    """Return a text with each word replaced, longer ones first."""
    for theirs in sorted(words, key=len, reverse=True):
        text = text.replace(theirs, words[theirs])
    return text


class Worded(BaseLoader):
    """Loads nbgrader's templates with our words in them."""

    def __init__(self, inner: BaseLoader, words: Mapping[str, str]) -> None:
        self._inner, self._words = inner, words

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a template. Raises TemplateNotFound."""
        source, *rest = self._inner.get_source(environment, template)
        told: Any = (worded(source, self._words), *rest)
        return told  # type: ignore[no-any-return]
