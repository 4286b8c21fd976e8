"""The item report: the record of a quiz → a JSON-like document, which `item_table` draws.

    store.events_on(root) ──document──► {…, reliability, items: [{…, options, warnings}]}

Pure: what it says follows from events and quiz alone. No learner id and no name leaves this room; of what
people typed nothing is shown, only what could be picked. Figures of fewer than five people are None, nobody
included: they would be what those people did.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from netralitas.masking import SMALL
from netralitas.model import revision
from netralitas.quizzes import Quiz
from netralitas.record import Event

from .advice import MINIMUM, warnings
from .item_kinds import guess_score, options, picked
from .items import STATISTICS, column, rests, scores, statistics, thirds
from .reliability import reliability
from .sittings import Which, answers, chosen, finished

FIGURES = (*STATISTICS, "guess", "sure_wrong")
_DIGITS = 4


def document(
    quiz: Quiz, records: Iterable[Sequence[Event]], *, which: Which, made_up: bool = False
) -> dict[str, Any]:
    """Return the report on `records`, the events of each learner on the quiz, as JSON-like data.

    Keys: `quiz`, `title`, `attempts_used`, `made_up`, `as_of` (the newest event that was read, None without
    any), `attempts`, `minimum`, `meaningful`, `reliability` (the fields of `Reliability`), `items`: one for
    each revision that was answered and each item of today's quiz, as `_item` says. Figures have four
    decimals.
    """
    every = [list(events) for events in records]
    counted = [
        (person, sitting)
        for person, events in enumerate(every)
        for sitting in chosen(finished(events), which)
    ]
    given = answers(sitting for _person, sitting in counted)
    given = _large(given, [person for person, _sitting in counted])
    table = scores(given)
    newest = max((event.received_at for events in every for event in events), default=None)
    found = reliability(table, minimum=MINIMUM)
    return {
        "quiz": quiz.id,
        "title": quiz.title,
        "attempts_used": which,
        "made_up": made_up,
        "as_of": newest.isoformat(timespec="seconds") if newest else None,
        "attempts": len(counted),
        "minimum": MINIMUM,
        "meaningful": len(counted) >= MINIMUM,
        "reliability": {name: _plain(value) for name, value in found.model_dump().items()},
        "items": _items(quiz, given, table),
    }


def _large(given: pd.DataFrame, people: Sequence[int]) -> pd.DataFrame:
    """Return the answers without those to an item, as it was worded, of fewer than SMALL people.

    `people` tells whose each attempt is.
    """
    whose = given["attempt"].map(dict(enumerate(people)))
    many = whose.groupby([given["item"], given["revision"]]).transform("nunique")
    return given[many >= SMALL]


def _items(quiz: Quiz, given: pd.DataFrame, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return today's items in the quiz's order, each followed by its older revisions; then those it lost."""
    today = {question.id: revision(question) for question in quiz.questions}
    seen = set(zip(given["item"], given["revision"], strict=True))
    order = {name: place for place, name in enumerate(today)}
    names = sorted(
        seen | {*today.items()},
        key=lambda pair: (order.get(pair[0], len(order)), pair[0], pair[1] != today.get(pair[0]), pair[1]),
    )
    figures, rest = statistics(table), rests(table)
    groups = {(str(item), str(rev)): rows for (item, rev), rows in given.groupby(["item", "revision"])}
    return [
        _item(quiz, pair, groups.get(pair), figures, rest, current=pair[1] == today.get(pair[0]))
        for pair in names
    ]


def _item(
    quiz: Quiz,
    pair: tuple[str, str],
    rows: pd.DataFrame | None,
    figures: pd.DataFrame,
    rest: pd.DataFrame,
    *,
    current: bool,
) -> dict[str, Any]:
    """Return one revision of an item.

    Keys: `item`, `revision`, `current`, `kind` and `prompt` (None for an older revision, whose text and key
    are gone), the figures of FIGURES, `options` (see `_options`), `warnings`: rows of {code, text}.
    """
    question = quiz.question(pair[0]) if current else None
    name = column(*pair)
    told: dict[str, Any] = dict.fromkeys(STATISTICS)
    if rows is not None:
        told = {one: _plain(figures.loc[name, one]) for one in STATISTICS}
        told["answers"] = len(rows)
    told["guess"] = _plain(guess_score(question)) if question else None
    told["sure_wrong"] = _plain(_sure_wrong(rows)) if rows is not None else None
    places = thirds(rest[name]) if rows is not None else pd.Series(dtype=object)
    listed = _options(options(question), question.kind, rows, places) if question else []
    advice = warnings(told, listed) if current and rows is not None else []
    return {
        "item": pair[0],
        "revision": pair[1],
        "current": current,
        "kind": question.kind if question else None,
        "prompt": question.prompt if question else None,
        **told,
        "options": listed,
        "warnings": [{"code": code, "text": text} for code, text in advice],
    }


def _options(
    known: Mapping[str, bool], kind: str, rows: pd.DataFrame | None, places: pd.Series[str]
) -> list[dict[str, Any]]:
    """Return how often each option was picked: `option, right, count, share, lower, upper`.

    `share` of all answers, `lower` and `upper` of those of the weak and the strong third.
    """
    third = {
        "all": Counter[str](),
        "lower": Counter[str](),
        "upper": Counter[str](),
        "middle": Counter[str](),
    }
    people = Counter[str]()
    if rows is not None:
        for attempt, answer in zip(rows["attempt"], rows["answer"], strict=True):
            for group in ("all", str(places.get(attempt, "middle"))):
                people[group] += 1
                third[group].update(picked(kind, answer))
    return [
        {
            "option": label,
            "right": right,
            "count": third["all"][label] if people["all"] else None,
            "share": _part(third["all"][label], people["all"]),
            "lower": _part(third["lower"][label], people["lower"], least=SMALL),
            "upper": _part(third["upper"][label], people["upper"], least=SMALL),
        }
        for label, right in known.items()
    ]


def _sure_wrong(rows: pd.DataFrame) -> float:
    """Return the share sure and not right of those who were asked how sure they are; NaN if few were."""
    asked = rows[rows["certainty"].notna()]
    if len(asked) < SMALL:
        return math.nan
    return float(((asked["certainty"] == "yakin") & (asked["score"] < 1)).mean())


def _part(count: int, people: int, *, least: int = 1) -> float | None:
    return round(count / people, _DIGITS) if people >= least else None


def _plain(value: Any) -> Any:
    """Return a figure as JSON can hold it: rounded, None for NaN."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(float(value), _DIGITS) + 0.0  # no -0.0
    return value
