"""The same module written for Solara: `solara run bench/solara_module.py`, in Solara's own environment.

Prose, figure, stories and quiz come from the same files (`bench/course.py`) through `netralitas.content`;
what is judged is judged by the same pure functions, and the feedback shows all a learner sees with us.
Written to be light: prose is turned into HTML once per process, and each activity renders by itself. It does
less than ours: nobody logs in, answers stand in this process's memory only, ticks not yet sent are not kept.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from html import escape
from typing import Any

import markdown
import reacton.ipyvuetify as v
import solara

from netralitas import content, figures
from netralitas.judge import Answer, Choose, Item, Open, judge, opening, shown
from netralitas.record import GENESIS, Event, link

MODULE = "03-media-sosial"
VERDICTS = {"benar": "Tepat", "sebagian": "Sebagian tepat", "belum": "Belum tepat"}
TONES = {"tepat": "Langkah yang tepat", "sebagian": "Hampir tepat", "belum": "Belum tepat"}
Events = tuple[Event, ...]
Send = Callable[[Open | Answer | Choose], None]


@cache
def citations(root: str) -> dict[str, list[dict[str, str]]]:
    return content.current().citations(root)


@cache
def html(text: str) -> str:
    """Return Markdown as HTML; made once for all learners."""
    return markdown.markdown(text, extensions=["md_in_html", "sane_lists"])


@cache
def picture(name: str) -> str:
    place = content.root()
    known = content.current()
    head, *rows = figures.table(figures.plot(known.figures.figure(name), known.law))
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    drawn = (place / "data" / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    return f"{drawn}<details><summary>Lihat sebagai tabel</summary><table>{titles}{cells}</table></details>"


@cache
def cells() -> tuple[tuple[str, str], ...]:
    """Return the notebook's cells: prose as HTML, or the one call a cell makes and its argument."""
    book = json.loads((content.root() / "modules" / f"{MODULE}.ipynb").read_text(encoding="utf-8"))
    found = []
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            found.append(("prose", html(source)))
        elif source == "cek()":
            # With us it is a link until somebody opens it.
            found.append(("prose", '<p><a href="/cek">Buka Cek Netralitas</a></p>'))
        elif not source.startswith("from "):
            call, _open, rest = source.partition("(")
            found.append((call, json.loads(rest.rstrip(")"))))
    return tuple(found)


def commit(item: Item, events: Events, message: Open | Answer | Choose) -> Events:
    """Return the events with the one a message gives rise to, numbered and chained in memory."""
    given = judge(item, events, message)
    drawn = {"result": opening(item, secrets.randbits(32))} if given.verb == "opened" else {}
    body = given.model_dump(mode="json") | drawn | {
        "learner": "0" * 32, "site": "solara", "seq": len(events) + 1,
        "received_at": datetime.now(UTC).isoformat(), "session": "solara",
    }  # fmt: skip
    chain = link(events[-1].chain if events else GENESIS, body)
    return (*events, Event.model_validate(body | {"chain": chain}))


def fresh() -> str:
    return str(uuid.uuid4())


def prose(text: str) -> None:
    solara.HTML(unsafe_innerHTML=html(text))


def rules(rows: list[dict[str, str]]) -> None:
    """Show what an answer or an ending rests on."""
    parts = [
        f"<li><p>{escape(row['act'])}: <b>{escape(row['status'])} {escape(row['level'])}</b></p>"
        f"<p>{escape(row['text'])}</p><p>berlaku sejak {escape(row['since'])} · "
        f"{escape(row['reviewed'] or 'belum ditinjau ahli hukum')}</p></li>"
        for row in rows
    ]
    if parts:
        solara.HTML(unsafe_innerHTML="<h4>Kata aturan</h4><ul>" + "".join(parts) + "</ul>")


@solara.component
def Ticks(
    name: str,
    choices: list[dict[str, str]],
    many: bool,
    label: str,
    on_send: Callable[[tuple[str, ...]], None],
) -> None:
    """Choices with a button; `name` tells one question from the next."""
    ticked, tick = solara.use_state((), key=name)
    if many:
        for choice in choices:

            def toggle(on: bool, letter: str = choice["id"]) -> None:
                tick(lambda before: tuple(sorted({*before, letter} if on else {*before} - {letter})))

            solara.Checkbox(label=choice["text"], value=choice["id"] in ticked, on_value=toggle)
    else:
        with v.RadioGroup(
            v_model=ticked[0] if ticked else None, on_v_model=lambda letter: tick((letter,) if letter else ())
        ):
            for choice in choices:
                v.Radio(label=choice["text"], value=choice["id"])
    solara.Button(label, on_click=lambda: ticked and on_send(ticked), color="primary")


@solara.component
def Quiz(slug: str) -> None:
    quiz = content.current().quizzes[slug]
    events, keep = solara.use_state(())
    seen, see = solara.use_state("")
    view = solara.use_memo(
        lambda: shown(
            quiz,
            events,
            citations=citations(quiz.root),
            pass_mark=content.current().course.completion.pass_mark,
        ),
        [events],
    )

    def send(message: Open | Answer | Choose) -> None:
        keep(commit(quiz, events, message))

    with solara.Card(title=quiz.title):
        if view["status"] == "new":
            prose(f"{view['items']} soal · lulus bila nilai {view['pass_mark']} ke atas")
            prose("Setiap jawaban langsung ditanggapi. Anda boleh mencoba lagi; nilai terbaik yang dihitung.")
            solara.Button(
                "Mulai kuis", on_click=lambda: send(Open(event=fresh(), kind="open")), color="primary"
            )
            return
        asked = view["questions"]
        number = next(
            (n for n, one in enumerate(asked) if one["id"] == seen or (not seen and not one["answer"])), None
        )
        if number is None:
            Result(view, send)
        else:
            Question(view, number, send, see)


@solara.component
def Question(view: dict[str, Any], number: int, send: Send, see: Callable[[str], None]) -> None:
    """Show a question, or its verdict once it is answered; `see` holds an answered one on the screen."""
    question = view["questions"][number]
    solara.HTML(tag="h3", unsafe_innerHTML=f"Soal {number + 1} dari {len(view['questions'])}")
    solara.ProgressLinear(100 * view["position"] / len(view["questions"]))
    prose(question["prompt"])
    if question["answer"] is None:

        def answered(letters: tuple[str, ...]) -> None:
            see(question["id"])
            send(Answer(event=fresh(), kind="answer", item=question["id"], answer=letters))

        many = question["kind"] == "multiple_choice"
        Ticks(f"{view['attempt']}/{question['id']}", question["choices"], many, "Kirim jawaban", answered)
        return
    solara.HTML(tag="h4", unsafe_innerHTML=VERDICTS[question["verdict"]])
    lesson(question)
    last = view["position"] == len(view["questions"])
    solara.Button("Lihat hasil" if last else "Soal berikutnya", on_click=lambda: see(""), color="primary")


def lesson(question: dict[str, Any]) -> None:
    prose(question["explanation"])
    texts = {choice["id"]: choice["text"] for choice in question["choices"]}
    for row in question["feedback"]:
        tags = ("jawaban Anda " if row["id"] in question["answer"] else "") + (
            "yang tepat" if row["right"] else ""
        )
        prose(f"**{tags.strip()}** {texts[row['id']]}\n\n{row['text']}")
    rules(question["citations"])


@solara.component
def Result(view: dict[str, Any], send: Send) -> None:
    passed = view["mark"] >= view["pass_mark"]
    solara.HTML(tag="h3", unsafe_innerHTML=f"Nilai Anda <b>{view['mark']}</b>")
    prose("Lulus" if passed else f"Belum lulus. Nilai lulus {view['pass_mark']}.")
    for number, question in enumerate(view["questions"], start=1):
        with solara.Details(summary=f"Soal {number} · {VERDICTS[question['verdict']]}"):
            lesson(question)
    solara.Button("Coba lagi", on_click=lambda: send(Open(event=fresh(), kind="open")))


@solara.component
def Scenario(slug: str) -> None:
    story = content.current().scenarios[slug]
    events, keep = solara.use_state(())
    view = solara.use_memo(
        lambda: shown(story, events, citations=citations(story.root), pass_mark=0), [events]
    )

    def send(message: Open | Answer | Choose) -> None:
        keep(commit(story, events, message))

    begin = partial(send, Open(event=fresh(), kind="open"))
    with solara.Card(title=story.title):
        if view["status"] == "new":
            prose(view["setting"])
            prose(f"- Tanggal: {view['date']}\n- Tujuan: {view['objective']}")
            solara.Button("Mulai cerita", on_click=begin, color="primary")
            return
        for row in view["trail"]:
            prose(f"{row['when']}\n\n**{row['text']}**\n\n{row['consequence']}")
        if view["ending"]:
            Ending(view, begin)
        else:
            Scene(view, send)


@solara.component
def Scene(view: dict[str, Any], send: Send) -> None:
    scene = view["scene"]
    speaker = scene["speaker"]
    said = [f"**{speaker['name']}**, {speaker['role']}", *speaker["says"]] if speaker else []
    prose(
        "\n\n".join([f"### {scene['when']}", *scene["narration"], *said, *scene["after"], scene["question"]])
    )

    def chosen(letters: tuple[str, ...]) -> None:
        send(Choose(event=fresh(), kind="choose", scene=scene["id"], choice=letters[0]))

    name = f"{view['attempt']}/{len(view['trail'])}/{scene['id']}"
    Ticks(name, scene["choices"], many=False, label="Putuskan", on_send=chosen)


@solara.component
def Ending(view: dict[str, Any], begin: Callable[[], None]) -> None:
    ending = view["ending"]
    prose("\n\n".join([f"### {TONES[ending['tone']]}", f"**{ending['title']}**", *ending["text"]]))
    prose("#### Jejak yang disarankan")
    for row in view["recommended"]:
        prose(f"{row['when']}\n\n**{row['text']}**\n\n{row['consequence']}")
    rules(ending["citations"])
    prose(f"#### Besok di kantor\n\n{ending['tomorrow']}")
    solara.Button("Ulangi cerita", on_click=begin, outlined=True)


@solara.component
def Page() -> None:
    solara.Title("Media sosial dan foto")
    with solara.Column(style={"max-width": "42rem", "margin": "0 auto"}):
        for call, argument in cells():
            if call == "prose":
                solara.HTML(unsafe_innerHTML=argument)
            elif call == "figure":
                solara.HTML(unsafe_innerHTML=picture(argument))
            elif call == "scenario":
                Scenario(argument)
            else:
                Quiz(argument)
