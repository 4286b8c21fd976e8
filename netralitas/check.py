"""The author's linter behind `netralitas check`: every fault of the content at once.

Loading finds what is broken in itself; here stands what is wrong between files: a citation that leads
nowhere, a scene nobody can reach, a rule that did not hold on the scenario's date, a key that rests on
a claim nobody has verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import nbformat

from .content import Content, ContentError, Fault, load
from .course import Tags
from .i18n import _
from .quizzes import Question, Quiz
from .record import RefusedError
from .rules import Act, Answer, Law, rule
from .scenarios import Scenario, path_ending, reachable


def faults(place: Path) -> list[Fault]:
    """Return every fault of the content under `place`, in the order of files."""
    try:
        known = load(place)
    except ContentError as error:
        return sorted(error.faults, key=lambda fault: fault.file)
    found = chain(
        _law(known.law),
        _course(known, place),
        *(_scenario(scenario, known) for scenario in known.scenarios.values()),
        *(_quiz(quiz, known.law) for quiz in known.quizzes.values()),
    )
    return sorted(found, key=lambda fault: fault.file)


def _fault(file: str, message: str, **values: object) -> Fault:
    return Fault(file=file, message=message.format(**values))


def _law(law: Law) -> Iterator[Fault]:
    names = {*law.acts, *(alias for act in law.acts.values() for alias in act.aliases)}
    for act in law.acts.values():
        file = f"data/rules/{act.id}.yaml"
        for cited in sorted(_cited(act) - law.sources.keys()):
            yield _dead(file, cited)
        for before in set(act.continues) - names:
            yield _fault(file, _("continues: perbuatan '{id}' tidak ada. Betulkan id-nya."), id=before)
    regimes = law.regimes
    used = {entry.source for entry in (*regimes.guides, *regimes.asn_law, *regimes.discipline)}
    used |= {citation.source for entry in regimes.unbound for citation in entry.basis}
    for cited in sorted(used - law.sources.keys()):
        yield _dead("data/regimes.yaml", cited)


def _cited(act: Act) -> set[str]:
    cited: set[str] = set()
    for version in act.versions:
        cited |= {citation.source for citation in version.basis}
        for finding in (finding for ruling in version.rulings for finding in ruling.findings):
            cited |= {citation.source for citation in finding.basis}
            cited |= {finding.code} if finding.code else set()
    return cited


def _dead(file: str, source: str, where: str = "") -> Fault:
    message = _("sumber '{id}' tidak ada di data/sources.yaml. Tambahkan sumbernya atau betulkan id-nya.")
    return _fault(file, f"{where}: {message}" if where else message, id=source)


def _course(known: Content, place: Path) -> Iterator[Fault]:
    file = "data/course.yaml"
    for module in known.course.modules:
        for slug in module.scenarios:
            if slug not in known.scenarios:
                yield _fault(
                    file, _("modul {slug}: skenario '{name}' tidak ada."), slug=module.slug, name=slug
                )
        if module.quiz and module.quiz not in known.quizzes:
            yield _fault(
                file, _("modul {slug}: kuis '{name}' tidak ada."), slug=module.slug, name=module.quiz
            )
        yield from _notebook(place / "modules" / f"{module.slug}.ipynb", f"modules/{module.slug}.ipynb")


def _notebook(path: Path, file: str) -> Iterator[Fault]:
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        yield _fault(file, _("berkas tidak ada. Buat buku catatannya."))
        return
    except Exception:  # noqa: BLE001  (nbformat raises many kinds; each means: not a notebook)
        yield _fault(file, _("bukan buku catatan Jupyter yang sah. Simpan ulang dari JupyterLab."))
        return
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            yield _fault(file, _("sel {n}: menyimpan keluaran. Hapus sebelum menyimpan."), n=number)


def _scenario(scenario: Scenario, known: Content) -> Iterator[Fault]:
    file = f"data/scenarios/{scenario.id}.yaml"
    yield from _graph(scenario, file)
    yield from _path(scenario, file)
    yield from _tags(scenario, known.course.tags, file)
    for ending in scenario.endings:
        for act in ending.rules:
            where = _("penutup {id}").format(id=ending.id)
            yield from _cites(known.law, act, scenario.date, file=file, where=where)


def _graph(scenario: Scenario, file: str) -> Iterator[Fault]:
    reached = reachable(scenario)
    for place in (*(scene.id for scene in scenario.scenes), *(ending.id for ending in scenario.endings)):
        if place not in reached:
            told = _(
                "adegan {id}: tidak dapat dicapai dari awal. Beri pilihan yang menuju ke sana atau hapus."
            )
            yield _fault(file, told, id=place)
    for scene in scenario.scenes:
        onward = reachable(scenario.model_copy(update={"start": scene.id}))
        if scene.id in reached and not any(ending.id in onward for ending in scenario.endings):
            told = _("adegan {id}: tidak ada jalan ke penutup. Beri pilihan yang mengakhiri cerita.")
            yield _fault(file, told, id=scene.id)


def _path(scenario: Scenario, file: str) -> Iterator[Fault]:
    try:
        if scenario.ending(path_ending(scenario, scenario.recommended)) is None:
            yield _fault(file, _("recommended: jalannya tidak sampai ke penutup. Lengkapi."))
    except RefusedError:
        yield _fault(file, _("recommended: memuat pilihan yang tidak ada di adegannya. Betulkan."))


def _tags(scenario: Scenario, tags: Tags, file: str) -> Iterator[Fault]:
    lists = {
        "role": ((scenario.role,), tags.roles),
        "stage": ((scenario.stage,), tags.stages),
        "causes": (scenario.causes, tags.causes),
        "skills": (scenario.skills, tags.skills),
    }
    for name, (given, allowed) in lists.items():
        for tag in sorted(set(given) - set(allowed)):
            told = _("{name}: '{tag}' tidak ada di daftar data/course.yaml. Pilih salah satu: {allowed}.")
            yield _fault(file, told, name=name, tag=tag, allowed=", ".join(allowed))


def _cites(law: Law, act: str, on: date, *, file: str, where: str) -> Iterator[Fault]:
    try:
        answer = rule(law, act, on=on)
    except KeyError:
        told = _("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.")
        yield _fault(file, told, where=where, act=act)
        return
    if not answer.in_force:
        told = _("{where}: '{act}' tidak berlaku pada {on}. Pilih perbuatan atau tanggal lain.")
        yield _fault(file, told, where=where, act=act, on=on)


def _quiz(quiz: Quiz, law: Law) -> Iterator[Fault]:
    file = f"quizzes/{quiz.id}.yaml"
    for question in quiz.questions:
        where = _("soal {id}").format(id=question.id)
        for source in sorted(set(question.sources) - law.sources.keys()):
            yield _dead(file, source, where)
        # The model asks for `on` wherever there are rules.
        for act in question.rules if question.on else ():
            missing = list(_cites(law, act, question.on, file=file, where=where))  # type: ignore[arg-type]
            yield from missing
            if not missing:
                yield from _graded(rule(law, act, on=question.on), question, file, where)  # type: ignore[arg-type]


def _graded(answer: Answer, question: Question, file: str, where: str) -> Iterator[Fault]:
    """Refuse a key that rests on a claim below `strong`."""
    held = [ruling.confidence.model_dump() for ruling in answer.rulings]
    weak = {claim for claim in question.claims if any(row[claim] != "strong" for row in held)}
    if "level" in question.claims and (answer.level in (None, "belum_terverifikasi") or answer.alternatives):
        weak.add("level")
    for claim in sorted(weak):
        told = _("{where}: kunci bertumpu pada '{claim}' dari '{act}' yang belum kuat. Ajarkan saja.")
        yield _fault(file, told, where=where, claim=claim, act=answer.act)
