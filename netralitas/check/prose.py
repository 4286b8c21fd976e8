"""What prose names: every instrument is a source of `data/sources.yaml`, every share stands in our data.

An instrument is known by its number, so that «SE Menteri PANRB 01/2023» and «SE MenPANRB 1/2023» are one.
What has no number («PP tentang gaji») is not looked for. `data/sources.yaml` itself may name others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel

from ..content import Parts
from ..i18n import _
from ..reading import Fault
from .fault import fault

_KINDS = (
    r"UU|Perppu|PP|Perpres|Keppres|Inpres|Kepmen\w*|Permen\w*|Perbawaslu|Perbkn|PerLAN|PKPU|"
    "Peraturan|Putusan|Surat|SE|SKB"
)
_INSTRUMENT = re.compile(
    rf"\b(?P<kind>{_KINDS})(?: [A-Z]\w*){{0,3}} "
    r"(?:(?P<number>(?:[A-Z]/)?\d[\d.]*(?:/[A-Z0-9][A-Z0-9.-]*)+)|Nomor (?P<no>\w+) Tahun (?P<year>\d{4}))"
    r"|\bSKB (?P<skb>\d{4})\b"
)
_SHARE = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d+)?) ?(?:%|persen)")


class Known(NamedTuple):
    """What prose may name: instruments (None where the sources were not read) and shares in percent."""

    instruments: frozenset[tuple[str, str]] | None
    shares: frozenset[str]


def known(parts: Parts) -> Known:
    """Return what prose may name."""
    names = (name or "" for one in (parts.sources or {}).values() for name in (one.short, one.title))
    # A title may name others after its own: «UU Nomor 10 Tahun 2016, perubahan kedua atas UU 1/2015».
    first = (key for name in names for key, _written in islice(named(name), 1))
    rows = [row for rows in parts.statistics.values() for row in rows]
    texts = [row.note for row in rows] + [text for _file, _where, text in _texts(_law_files(parts))]
    told = {share for text in texts for share in shares(text)}
    return Known(
        frozenset(first) if parts.sources is not None else None,
        frozenset(told | {f"{row.value:g}".replace(".", ",") for row in rows if row.unit == "persen"}),
    )


def of_content(parts: Parts, allowed: Known) -> Iterator[Fault]:
    """Check the prose of every data file and quiz; the shares of quizzes too, since stories are made up."""
    stories = {f"data/scenarios/{name}.yaml": story for name, story in parts.scenarios.items()}
    quizzes = {f"quizzes/{name}.yaml": quiz for name, quiz in parts.quizzes.items()}
    for file, where, text in _texts({**_law_files(parts), **stories}):
        yield from _unknown(text, allowed, file, where)
    for name, rows in parts.statistics.items():
        for row in rows:
            yield from _unknown(row.note, allowed, f"data/statistics/{name}.csv", row.id)
    for file, where, text in _texts(quizzes):
        yield from of_text(text, allowed, file, where)


def of_text(text: str, allowed: Known, file: str, where: str) -> Iterator[Fault]:
    """Check that every instrument a text names is a source, and every share is one of our data."""
    yield from _unknown(text, allowed, file, where)
    for share in sorted(set(shares(text)) - allowed.shares):
        told = _(
            "{where}: angka {share} % tidak ada di data/statistics/. "
            "Tambahkan barisnya dengan sumbernya atau betulkan angkanya."
        )
        yield fault(file, told, where=where, share=share)


def shares(text: str) -> list[str]:
    """Return every share a text tells, as written: «50,76»."""
    return _SHARE.findall(text)


def _unknown(text: str, allowed: Known, file: str, where: str) -> Iterator[Fault]:
    if allowed.instruments is None:
        return
    for key, name in dict(named(text)).items():
        if key not in allowed.instruments:
            told = _(
                "{where}: «{name}» bukan sumber di data/sources.yaml. "
                "Tambahkan naskahnya atau betulkan namanya."
            )
            yield fault(file, told, where=where, name=name)


def named(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield ((kind, number), as written) of every instrument a text names."""
    for found in _INSTRUMENT.finditer(text):
        if found["skb"]:
            yield ("SKB", found["skb"]), found[0]
            continue
        told = found["number"].rstrip(".-") if found["number"] else f"{found['no']}/{found['year']}"
        yield (found["kind"], told.lstrip("0")), found[0].rstrip(".-")


def _law_files(parts: Parts) -> dict[str, BaseModel | None]:
    return {
        "data/regimes.yaml": parts.regimes,
        "data/sanctions.yaml": parts.sanctions,
        "data/crimes.yaml": parts.crimes,
        "data/handling.yaml": parts.handling,
        **{f"data/rules/{name}.yaml": act for name, act in parts.acts.items()},
        **{f"data/calendars/{name}.yaml": one for name, one in parts.calendars.items()},
    }


def _texts(files: Mapping[str, BaseModel | None]) -> Iterator[tuple[str, str, str]]:
    """Yield (file, nearest id, text) of every text of the files that were read, each text once an id."""
    for file, value in files.items():
        if value is not None:
            for where, text in dict.fromkeys(strings(value.model_dump(mode="json"), "")):
                yield file, where, text


def strings(node: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield (nearest id, text) of every text in a value."""
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, dict):
        here = str(node.get("id") or where)
        for key, value in node.items():
            yield from strings(value, here or key)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, where)
