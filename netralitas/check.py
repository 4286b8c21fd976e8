"""The author's linter behind `netralitas check`: every fault of the content at once.

Loading finds what is broken in itself; here stands what is wrong between files: a citation that leads
nowhere, a scene nobody can reach, a rule that did not hold on the scenario's date, a key that rests on
a claim nobody has verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import nbformat

from .content import Content, ContentError, Fault, load
from .i18n import _
from .quiz import Question
from .record import Refused
from .rules import Act, Answer, Law, rule
from .scenario import Scenario, path_ending, reachable


def faults(place: Path) -> list[Fault]:
    """Return every fault of the content under `place`, in the order of files."""
    try:
        known = load(place)
    except ContentError as error:
        return sorted(error.faults, key=lambda fault: fault.file)
    found = [
        *_law(known.law),
        *_course(known, place),
        *(fault for scenario in known.scenarios.values() for fault in _scenario(scenario, known)),
        *(fault for quiz in known.quizzes.values() for q in quiz.questions for fault in _item(quiz.id, q, known.law)),
    ]  # fmt: skip
    return sorted(found, key=lambda fault: fault.file)


def _law(law: Law) -> Iterator[Fault]:
    names = {*law.acts, *(alias for act in law.acts.values() for alias in act.aliases)}
    for act in law.acts.values():
        file = f"data/rules/{act.id}.yaml"
        for cited in sorted(_cited(act) - law.sources.keys()):
            yield Fault(file=file, message=_dead(cited))
        for before in act.continues:
            if before not in names:
                yield Fault(file=file, message=_("continues: perbuatan '{id}' tidak ada. Betulkan id-nya.").format(
                    id=before))  # fmt: skip
    regimes = law.regimes
    used = [entry.source for entry in (*regimes.guides, *regimes.asn_law, *regimes.discipline)]
    used += [citation.source for entry in regimes.unbound for citation in entry.basis]
    for cited in sorted(set(used) - law.sources.keys()):
        yield Fault(file="data/regimes.yaml", message=_dead(cited))


def _cited(act: Act) -> set[str]:
    cited: set[str] = set()
    for version in act.versions:
        cited |= {citation.source for citation in version.basis}
        for ruling in version.rulings:
            for finding in ruling.findings:
                cited |= {citation.source for citation in finding.basis}
                cited |= {finding.code} if finding.code else set()
    return cited


def _dead(source: str) -> str:
    return _(
        "sumber '{id}' tidak ada di data/sources.yaml. Tambahkan sumbernya atau betulkan id-nya."
    ).format(id=source)


def _course(known: Content, place: Path) -> Iterator[Fault]:
    for module in known.course.modules:
        where = f"modules {module.slug}"
        for slug in module.scenarios:
            if slug not in known.scenarios:
                yield Fault(file="data/course.yaml", message=_("{where}: skenario '{slug}' tidak ada.").format(
                    where=where, slug=slug))  # fmt: skip
        if module.quiz and module.quiz not in known.quizzes:
            yield Fault(file="data/course.yaml", message=_("{where}: kuis '{slug}' tidak ada.").format(
                where=where, slug=module.quiz))  # fmt: skip
        yield from _notebook(place / "modules" / f"{module.slug}.ipynb", f"modules/{module.slug}.ipynb")


def _notebook(path: Path, name: str) -> Iterator[Fault]:
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        yield Fault(file=name, message=_("berkas tidak ada. Buat buku catatannya."))
        return
    except Exception as error:  # noqa: BLE001  (nbformat raises many kinds; each means: not a notebook)
        yield Fault(file=name, message=_("bukan buku catatan Jupyter yang sah ({kind}). Simpan ulang dari "
                                         "JupyterLab.").format(kind=type(error).__name__))  # fmt: skip
        return
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            yield Fault(file=name, message=_("sel {n}: menyimpan keluaran. Hapus keluarannya sebelum menyimpan.").format(
                n=number))  # fmt: skip


def _scenario(scenario: Scenario, known: Content) -> Iterator[Fault]:
    file = f"data/scenarios/{scenario.id}.yaml"
    reached = reachable(scenario)
    for place in (*scenario.scenes, *scenario.endings):
        if place.id not in reached:
            yield Fault(file=file, message=_("adegan {id}: tidak dapat dicapai dari awal. Beri pilihan yang menuju "
                                             "ke sana atau hapus.").format(id=place.id))  # fmt: skip
    for scene in scenario.scenes:
        if scene.id in reached and not any(e.id in _onward(scenario, scene.id) for e in scenario.endings):
            yield Fault(file=file, message=_("adegan {id}: tidak ada jalan ke penutup. Beri pilihan yang mengakhiri "
                                             "cerita.").format(id=scene.id))  # fmt: skip
    try:
        if scenario.ending(path_ending(scenario, scenario.recommended)) is None:
            yield Fault(file=file, message=_("recommended: jalannya tidak sampai ke penutup. Lengkapi."))
    except Refused:
        yield Fault(
            file=file, message=_("recommended: memuat pilihan yang tidak ada di adegannya. Betulkan.")
        )
    for ending in scenario.endings:
        for act in ending.rules:
            yield from _cites(known.law, act, scenario.date, file, _("penutup {id}").format(id=ending.id))
    tags = known.course.tags
    lists = {"role": ((scenario.role,), tags.roles), "stage": ((scenario.stage,), tags.stages),
             "causes": (scenario.causes, tags.causes), "skills": (scenario.skills, tags.skills)}  # fmt: skip
    for name, (given, allowed) in lists.items():
        for tag in given:
            if tag not in allowed:
                yield Fault(file=file, message=_("{name}: '{tag}' tidak ada di daftar data/course.yaml. Pilih salah "
                                                 "satu: {allowed}.").format(
                    name=name, tag=tag, allowed=", ".join(allowed)))  # fmt: skip


def _onward(scenario: Scenario, start: str) -> frozenset[str]:
    return reachable(scenario.model_copy(update={"start": start}))


def _cites(law: Law, act: str, on: date, file: str, where: str) -> Iterator[Fault]:
    try:
        answer = rule(law, act, on=on)
    except KeyError:
        yield Fault(file=file, message=_("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.").format(
            where=where, act=act))  # fmt: skip
        return
    if not answer.in_force:
        yield Fault(file=file, message=_("{where}: '{act}' tidak berlaku pada {on}. Pilih perbuatan atau tanggal "
                                         "lain.").format(where=where, act=act, on=on))  # fmt: skip


def _item(slug: str, question: Question, law: Law) -> Iterator[Fault]:
    file, where = f"quizzes/{slug}.yaml", _("soal {id}").format(id=question.id)
    for source in question.sources:
        if source not in law.sources:
            yield Fault(file=file, message=f"{where}: {_dead(source)}")
    for act in question.rules:
        assert question.on is not None  # noqa: S101  (the model asks for it with rules)
        missing = list(_cites(law, act, question.on, file, where))
        yield from missing
        if not missing:
            yield from _graded(rule(law, act, on=question.on), question, file, where)


def _graded(answer: Answer, question: Question, file: str, where: str) -> Iterator[Fault]:
    """Refuse a key that rests on a claim below `strong`."""
    weak = []
    for ruling in answer.rulings:
        held = ruling.confidence.model_dump()
        weak += [claim for claim in question.claims if held[claim] != "strong"]
    if "level" in question.claims and (answer.level in (None, "belum_terverifikasi") or answer.alternatives):
        weak.append("level")
    for claim in dict.fromkeys(weak):
        yield Fault(file=file, message=_("{where}: kuncinya bertumpu pada '{claim}' dari '{act}' yang belum kuat. "
                                         "Jangan dinilai; ajarkan sebagai belum pasti.").format(
            where=where, claim=claim, act=answer.act))  # fmt: skip
