"""Stories: every position of each visited, the recommended path, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..content import Parts
from ..explore import Problem, explore
from ..i18n import _
from ..pictures import unfit
from ..reading import Fault
from ..record import RefusedError
from ..scenarios import RateScene, Scenario, advance, begin, path_ending
from .fault import fault


def of_story(scenario: Scenario, parts: Parts, file: str) -> Iterator[Fault]:
    """Check where a story can go and what it shows on the way."""
    problems = explore(scenario).problems
    yield from _graph(scenario, problems, file)
    if all(problem.kind != "bounds" for problem in problems):
        yield from _path(scenario, file)
    for scene in scenario.scenes:
        if scene.picture and scene.picture.file not in parts.pictures:
            told = _("adegan {id}: gambar data/pictures/{name} tidak ada. Tambahkan atau betulkan namanya.")
            yield fault(file, told, id=scene.id, name=scene.picture.file)


def of_pictures(parts: Parts) -> Iterator[Fault]:
    """Check that each picture is small and brings nothing but what it shows."""
    for name, text in parts.pictures.items():
        if wrong := unfit(text):
            yield fault(f"data/pictures/{name}", wrong)


def _graph(scenario: Scenario, problems: Iterable[Problem], file: str) -> Iterator[Fault]:
    """Say what exploring every position of a story found."""
    kinds = {
        **{scene.id: _("adegan") for scene in scenario.scenes},
        **{ending.id: _("penutup") for ending in scenario.endings},
    }
    for problem in problems:
        where = f"{kinds.get(problem.place, '')} {problem.place}"
        values = ", ".join(f"{name} {value}" for name, value in problem.state)
        yield fault(
            file,
            _told(problem),
            where=f"{where}, {problem.part}" if problem.part else where,
            name=problem.name,
            value=problem.value,
            state=_(" bila {values}").format(values=values) if values else "",
        )


def _told(problem: Problem) -> str:
    return {
        "unreached": _(
            "{where}: tidak dapat dicapai dari awal. Beri pilihan yang menuju ke sana atau hapus."
        ),
        "never": _("{where}: tidak pernah terpenuhi. Betulkan syarat atau batas nilainya, atau hapus."),
        "dead_end": _("{where}: tidak ada pilihan yang tersedia{state}. Beri satu pilihan tanpa syarat."),
        "no_exit": _("{where}: tidak ada jalan ke penutup{state}. Beri pilihan yang mengakhiri cerita."),
        "bounds": _(
            "{where}: {name} menjadi {value}, di luar batasnya. Betulkan 'effects', syaratnya, atau batas di "
            "'state'; nilai tidak dipotong diam-diam."
        ),
        "silent": _("{where}: tidak ada satu paragraf pun{state}. Beri satu paragraf tanpa syarat."),
        "unread": _(
            "state {name}: tidak pernah dibaca. Pakai di 'needs', tampilkan dengan shown: true, atau hapus."
        ),
        "too_large": _(
            "state: lebih dari {value} keadaan, terlalu banyak untuk diperiksa. Kurangi variabel, batasnya, "
            "atau 'chose'."
        ),
    }[problem.kind]


def _path(scenario: Scenario, file: str) -> Iterator[Fault]:
    try:
        if scenario.ending(path_ending(scenario, scenario.recommended)) is None:
            yield fault(file, _("recommended: jalannya tidak sampai ke penutup. Lengkapi."))
    except RefusedError:
        yield fault(file, _("recommended: memuat pilihan yang tidak ada di adegannya. Betulkan."))
    else:
        yield from _best(scenario, file)


def _best(scenario: Scenario, file: str) -> Iterator[Fault]:
    """Hold the recommended path to the experts' own key wherever actions are rated."""
    here = begin(scenario)
    for letter in scenario.recommended:
        scene = scenario.scene(here.place)
        if isinstance(scene, RateScene) and scene.outcome(1.0).id != letter:
            told = _("recommended: di adegan {id} kuncinya berujung pada hasil {letter}. Pakai huruf itu.")
            yield fault(file, told, id=scene.id, letter=scene.outcome(1.0).id)
        here = advance(scenario, here, letter)
