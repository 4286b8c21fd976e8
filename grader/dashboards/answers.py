"""The answers of the trainer's dashboard: items of a quiz, certainty by topic, the ways of a story.

    soal() · yakin() · alur()      parts of `kelas.ipynb`

Item figures are those of `netralitas report items`, ways those of `netralitas flow`: the same pure code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter
from textwrap import shorten
from typing import Any

from netralitas import flow, flow_picture
from netralitas.i18n import _, number
from netralitas.masking import SMALL
from netralitas.record import Event
from netralitas.widgets.board import BoardWidget, Question, Shown, Tables

from ..item_report import document
from .asking import figure, form, meaning, nothing, select
from .grid import Cell, Grid, framed, percent, row
from .plots import Bar, Dot, bar, scatter, stacked
from .trainer import SLUG, Asked, origin

_SURE = (("yakin", True), ("yakin", False), ("", True), ("", False))


def soal() -> BoardWidget:
    """Show a quiz's items: how hard, how telling, what was chosen."""
    return BoardWidget(f"{SLUG}/soal", _items)


def yakin() -> BoardWidget:
    """Show by topic who was sure and wrong."""
    return BoardWidget(f"{SLUG}/yakin", _sure)


def alur() -> BoardWidget:
    """Show which ways a story was gone."""
    return BoardWidget(f"{SLUG}/alur", _ways)


def _items(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    if not asked.quiz:
        return nothing()
    quiz = asked.known.quizzes[asked.quiz]
    told = tables("events", under=asked.under, root=quiz.root)
    report = document(quiz, _by_learner(told["events"]), which="first")
    title = _("Kuis «{title}», {name}").format(title=quiz.title, name=asked.name)
    choices = [(slug, asked.known.quizzes[slug].title) for slug in asked.quizzes]
    top = form(select("kuis", _("Kuis"), choices, asked.quiz))
    if not report["attempts"]:
        return Shown(html=top + f'<p class="soft">{escape(_("Belum ada percobaan yang selesai."))}</p>')
    items = [one for one in report["items"] if one["current"]]
    grid = _item_grid(quiz.id, title, items, [*origin(asked), *_counted(report, told)])
    dots = [
        Dot(one["item"], one["facility"], one["discrimination"], bool(one["warnings"]))
        for one in items
        if one["facility"] is not None and one["discrimination"] is not None
    ]
    shown = figure(scatter(dots, name="dasbor-soal", title=title), title, grid)
    said = "".join(f'<p class="soft">{escape(words)}</p>' for _what, words in _counted(report, told))
    terms = [("mudah", _("mudah")), ("daya-beda", _("daya beda")), ("efisiensi", _("efisiensi"))]
    told_of = meaning(*terms, ("sepertiga", _("sepertiga terlemah, terkuat")))
    html = top + said + _flagged(items) + shown.html + told_of + _options(items)
    return Shown(html=html, files=shown.files)


def _by_learner(rows: Sequence[Mapping[str, Any]]) -> list[list[Event]]:
    events = [Event.model_validate(one) for one in rows]
    return [list(own) for _who, own in groupby(events, key=attrgetter("learner"))]


def _counted(report: Mapping[str, Any], told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how many attempts count, and what has to be known of that."""
    found = [(_("Percobaan"), _("Percobaan selesai pertama tiap peserta: {n}.").format(n=report["attempts"]))]
    if not report["meaningful"]:
        few = _("Kurang dari {n} percobaan: angka ini belum berarti untuk menilai soal.")
        found.append((_("Peringatan"), few.format(n=report["minimum"])))
    if told["more"]:
        many = _("Jawaban lebih banyak daripada yang dimuat halaman ini; pilih unit yang lebih kecil.")
        found.append((_("Peringatan"), many))
    return found


def _item_grid(
    name: str, title: str, items: Sequence[Mapping[str, Any]], origin: Sequence[tuple[str, str]]
) -> Grid:
    columns = [
        *(_("Soal"), _("Jawaban"), _("Mudah"), _("Daya beda"), _("Efisiensi"), _("Yakin tapi salah")),
        _("Perlu dilihat"),
    ]
    rows: list[list[Cell]] = [
        [
            one["item"],
            one["answers"],
            one["facility"],
            "–" if one["discrimination"] is None else number(round(one["discrimination"], 2)),
            one["efficiency"],
            one["sure_wrong"],
            " ".join(warning["text"] for warning in one["warnings"]),
        ]
        for one in items
    ]
    return Grid(f"soal-{name}", title, columns, rows, origin)


def _flagged(items: Sequence[Mapping[str, Any]]) -> str:
    told = [
        f"<li><b>{escape(one['item'])}</b>: {escape(w['text'])}</li>"
        for one in items
        for w in one["warnings"]
    ]
    if not told:
        return ""
    title = escape(_("Perlu dilihat"))
    return f'<div class="say warn"><b>! {title}</b><ul>{"".join(told)}</ul></div>'


def _options(items: Sequence[Mapping[str, Any]]) -> str:
    """Return for each item what was chosen, folded."""
    columns = [_("Pilihan"), _("Dipilih"), _("Sepertiga terlemah"), _("Sepertiga terkuat")]
    head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in columns)
    made = []
    for one in items:
        if not one["options"]:
            continue
        rows = "".join(
            row(
                columns,
                [
                    escape(option["option"]) + (f" ✓ {escape(_('kunci'))}" if option["right"] else ""),
                    f"{bar(option['share'] or 0)} {percent(option['share'])}",
                    percent(option["lower"]),
                    percent(option["upper"]),
                ],
            )
            for option in one["options"]
        )
        prompt = escape(shorten(str(one["prompt"]).replace("*", ""), 100, placeholder=" …"))
        table = framed(head, rows, caption=_("Pilihan, dan siapa yang memilihnya"))
        made.append(
            f"<details><summary><span>{escape(one['item'])} · {prompt}</span></summary>{table}</details>"
        )
    return "".join(made)


def _sure(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    found: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for one in tables("certainty", under=asked.under):
        sure = "yakin" if one["certainty"] == "yakin" else ""
        found[_topic(asked, one["object"])][sure, one["right"]] += one["times"]
    rows = sorted(found.items(), key=lambda pair: (-pair[1]["yakin", False] / pair[1].total(), pair[0]))
    if not rows:
        return nothing()
    legend = [
        _("Yakin dan tepat"),
        _("Yakin, tetapi salah"),
        _("Tidak yakin, tepat"),
        _("Tidak yakin, salah"),
    ]
    bars = [
        Bar(
            topic,
            tuple(counts[kind] / counts.total() for kind in _SURE),
            _("{share} yakin tetapi salah, dari {n} keputusan").format(
                share=percent(counts["yakin", False] / counts.total()), n=number(counts.total())
            ),
        )
        for topic, counts in rows
    ]
    title = _("Seberapa yakin, seberapa tepat, {name}").format(name=asked.name)
    grid = Grid(
        "peta-keyakinan",
        title,
        [_("Topik"), *legend, _("Bagian yakin tetapi salah")],
        [
            [topic, *(counts[kind] for kind in _SURE), counts["yakin", False] / counts.total()]
            for topic, counts in rows
        ],
        origin(asked),
    )
    shown = figure(stacked(bars, legend, name="dasbor-yakin", title=title), title, grid)
    told_of = meaning(("yakin-tetapi-salah", _("yakin tetapi salah")))
    return Shown(html=shown.html + told_of, files=shown.files)


def _topic(asked: Asked, name: str) -> str:
    """Return what an item or scene is about: its topic, else the part it belongs to."""
    kind, slug, *rest = name.split("/")
    parts = {one.slug: one for one in asked.known.course.modules}
    quiz = asked.known.quizzes.get(slug) if kind == "quiz" else None
    item = next((one for one in quiz.questions if rest == [one.id]), None) if quiz else None
    if item is not None and item.topic in parts:
        return parts[item.topic].title
    return next((one.title for one in parts.values() if f"{kind}/{slug}" in one.roots), slug)


def _ways(tables: Tables, question: Question) -> Shown:
    asked = Asked(tables, question)
    if not asked.story:
        return nothing()
    story = asked.known.scenarios[asked.story]
    told = tables("events", under=asked.under, root=story.root)
    gone = flow.count(story, (Event.model_validate(one) for one in told["events"]))
    choices = [(slug, asked.known.scenarios[slug].title) for slug in asked.stories]
    top = form(select("cerita", _("Cerita"), choices, asked.story))
    if not told["events"]:
        nobody = _("Belum ada peserta yang menjalani cerita ini.")
        return Shown(html=top + f'<p class="soft">{escape(nobody)}</p>')
    note = _("Dihitung pesertanya, dibulatkan ke kelipatan {n}; kelompok di bawah {n} tidak disebut.")
    rows: list[list[Cell]] = [
        [stop.text, way.text, flow.many(way.taken), flow.percent(way.share), flow.many(way.sure_wrong)]
        for stop in gone.scenes
        for way in stop.ways
    ]
    grid = Grid(
        f"alur-{story.id}",
        story.title,
        [_("Adegan"), _("Pilihan"), _("Peserta"), _("Bagian"), _("Yakin, belum tepat")],
        rows,
        origin(asked),
    )
    said = f'<p class="soft">{escape(note.format(n=SMALL))}</p>'
    name = escape(_("Alur cerita «{title}»").format(title=story.title))
    picture = (
        f'<div class="wide" tabindex="0" role="region" aria-label="{name}">{flow_picture.draw(gone)}</div>'
    )
    return Shown(html=top + said + picture + grid.folded(), files=grid.files)
