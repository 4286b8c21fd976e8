"""Lint: what is no fault and yet worth a second look before learners see it.

Language (`data/wording.yaml`): sentences too long, words to avoid, real names. Items: keys that stand in one
place or are the longest option too often, options that can hardly be told apart, absolute words. Stories: a
scene too long to be read on a phone, a bot that knows nothing and plays well, and over the whole course one
pair of candidates named far more often than the others.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from .. import wording
from ..bots import called, near, play
from ..content import Parts
from ..explore import explore
from ..i18n import _
from ..i18n import number as figure
from ..items import MultipleChoice, Rating, SingleChoice, TrueFalse
from ..quizzes import Question, Quiz
from ..reading import Fault
from ..scenarios import RateScene, Scenario, told
from ..wording import Wording
from .fault import fault
from .prose import strings

SCENE_WORDS = 60
"""Words of a scene at most: one screen of a phone."""

FEW = 8
"""Items below which nothing is said of where keys stand."""

SHARE = 0.4
"""Share of single choice items above which one place of the key, or the longest option, gives keys away."""

PAIRS = 0.45
"""Share of all mentions above which one pair of candidates is named too often."""

_PAIR = re.compile(r"\b(?:Paslon|Pasangan(?: [Cc]alon)?(?: [Nn]omor(?: [Uu]rut)?)?) (\d)\b")


def of_content(parts: Parts) -> Iterator[Fault]:
    """Return every warning of the content."""
    lists = parts.wording or Wording(format_version=1)
    texts = list(_texts(parts))
    for file, where, text in texts:
        yield from _language(text, lists, file, where)
    yield from _balance(text for _file, _where, text in texts)
    for name, quiz in parts.quizzes.items():
        if quiz:
            yield from _quiz(quiz, lists, f"quizzes/{name}.yaml")
    for name, story in parts.scenarios.items():
        if story:
            yield from _story(story, f"data/scenarios/{name}.yaml")


class Sentences(NamedTuple):
    """The sentences of a part of the course: how many, words of the mean one and of the longest."""

    module: str
    number: int
    mean: float
    longest: int


def sentences(parts: Parts) -> Iterator[Sentences]:
    """Yield how long the sentences of each part are: of its page, stories, quiz and pledge together."""
    texts = list(_texts(parts))
    for module in parts.course.modules if parts.course else ():
        files = {f"data/scenarios/{slug}.yaml" for slug in module.scenarios} | {
            f"quizzes/{module.quiz}.yaml",
            f"data/pledges/{module.pledge}.yaml",
            f"modules/{module.slug}.ipynb",
        }
        lengths = [
            wording.length(one)
            for file, _where, text in texts
            # A text without a space is an id or a word of a list.
            if file in files and " " in text.strip()
            for one in wording.sentences(text)
        ]
        if lengths:
            yield Sentences(module.slug, len(lengths), sum(lengths) / len(lengths), max(lengths))


def _texts(parts: Parts) -> Iterator[tuple[str, str, str]]:
    """Yield (file, where, text) of everything learners read."""
    files: dict[str, BaseModel | None] = {
        **{f"data/scenarios/{name}.yaml": story for name, story in parts.scenarios.items()},
        **{f"quizzes/{name}.yaml": quiz for name, quiz in parts.quizzes.items()},
        **{f"data/pledges/{name}.yaml": one for name, one in parts.pledges.items()},
    }
    for file, value in files.items():
        if value is not None:
            for where, text in dict.fromkeys(strings(value.model_dump(mode="json"), "")):
                yield file, where, text
    for path in sorted((parts.place / "modules").glob("*.ipynb")):
        try:
            cells = json.loads(path.read_bytes())["cells"]
            read = [
                (n, "".join(cell["source"])) for n, cell in enumerate(cells, 1) if cell["cell_type"] != "code"
            ]
        except (ValueError, KeyError, TypeError):
            continue
        for number, text in read:
            yield f"modules/{path.name}", _("sel {n}").format(n=number), text


def _language(text: str, lists: Wording, file: str, where: str) -> Iterator[Fault]:
    for sentence in wording.too_long(text, lists):
        message = _("{where}: kalimat {n} kata, «{begin} …». Pecah menjadi kalimat pendek.")
        begin = " ".join(sentence.split()[:5])
        yield fault(file, message, where=where, n=wording.length(sentence), begin=begin)
    for one in wording.avoided(text, lists):
        message = _("{where}: hindari «{words}». Pakai {instead}.")
        yield fault(file, message, where=where, words=one.words, instead=one.instead)
    for name in wording.named(text, lists):
        message = _("{where}: «{name}» nama sungguhan. Ganti dengan nama rekaan.")
        yield fault(file, message, where=where, name=name)


def _quiz(quiz: Quiz, lists: Wording, file: str) -> Iterator[Fault]:
    for question in quiz.questions:
        yield from _options(question, lists, file)
    single = [one for one in quiz.questions if isinstance(one, SingleChoice)]
    if len(single) < FEW:
        return
    places = Counter([choice.id for choice in one.choices].index(one.key[0]) for one in single)
    place, most = places.most_common(1)[0]
    if most > SHARE * len(single):
        message = _("kunci {n} dari {of} soal satu pilihan berada di tempat ke-{place}. Ratakan letaknya.")
        yield fault(file, message, n=most, of=len(single), place=place + 1)
    longest = sum(max(one.choices, key=lambda choice: len(choice.text)).id in one.key for one in single)
    if longest > SHARE * len(single):
        message = _(
            "pilihan terpanjang adalah kunci di {n} dari {of} soal satu pilihan. "
            "Pendekkan kuncinya atau panjangkan pengecohnya."
        )
        yield fault(file, message, n=longest, of=len(single))


def _options(question: Question, lists: Wording, file: str) -> Iterator[Fault]:
    rows = () if isinstance(question, TrueFalse) else question.rows
    # Rows that are placed and not chosen may be as alike as two paragraphs of one article.
    chosen = isinstance(question, SingleChoice | MultipleChoice | Rating)
    for a, b in wording.alike([row.text for row in rows]) if chosen else ():
        message = _("soal {id}: pilihan {a} dan {b} hampir sama. Bedakan isinya.")
        yield fault(file, message, id=question.id, a=rows[a].id, b=rows[b].id)
    for row in rows:
        for words in wording.absolute(row.text, lists):
            message = _("soal {id}, pilihan {row}: kata mutlak «{words}» membocorkan jawaban. Lunakkan.")
            yield fault(file, message, id=question.id, row=row.id, words=words)


def _story(story: Scenario, file: str) -> Iterator[Fault]:
    longest: Counter[str] = Counter()
    for here in explore(story).moves:
        scene = story.scene(here.place)
        if scene is not None:
            said = scene.speaker.says if scene.speaker else ()
            texts = [*told(story, here, scene.narration), *said, *told(story, here, scene.after)]
            words = sum(len(text.split()) for text in texts)
            longest[scene.id] = max(longest[scene.id], words)
    for name, words in longest.items():
        if words > SCENE_WORDS:
            message = _("adegan {id}: {n} kata, paling banyak {most}. Pendekkan atau jadikan dua adegan.")
            yield fault(file, message, id=name, n=words, most=SCENE_WORDS)
    for scene in story.scenes:
        rows = scene.actions if isinstance(scene, RateScene) else scene.choices
        for a, b in wording.alike([row.text for row in rows]):
            message = _("adegan {id}: pilihan {a} dan {b} hampir sama. Bedakan isinya.")
            yield fault(file, message, id=scene.id, a=rows[a].id, b=rows[b].id)
    message = _(
        "{where}bot «{bot}» mencapai {score}, ahlinya {expert}. Buat pilihannya lebih berbeda akibatnya."
    )
    for one in near(play(story)):
        yield fault(
            file,
            message,
            where=_("adegan {id}: ").format(id=one.place) if one.place else "",
            bot=called(one.bot),
            score=figure(round(one.score, 2)),
            expert=figure(round(one.expert, 2)),
        )


def _balance(texts: Iterator[str]) -> Iterator[Fault]:
    """Say which pair of candidates is named too often: learners would learn a number, not a rule."""
    pairs = Counter(number for text in texts for number in _PAIR.findall(text))
    if pairs.total() < 2 * FEW:
        return
    number, most = pairs.most_common(1)[0]
    if most > PAIRS * pairs.total():
        message = _("pasangan nomor {number} disebut {n} dari {of} kali. Ratakan nomor pasangan rekaan.")
        yield fault("data/scenarios", message, number=number, n=most, of=pairs.total())
