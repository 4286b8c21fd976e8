"""The author's linter behind `netralitas check`: every fault of the content at once.

Loading finds what is broken in itself; here stands what is wrong between files: a citation that leads
nowhere, a scene nobody can reach, a rule that did not hold on the scenario's date, a key that rests on
a claim nobody has verified. A file that does not load is told once, and nothing is said of what it
would have held; all other files are checked all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import nbformat

from .content import Parts, gather, lawful
from .course import Tags
from .i18n import _
from .law import Act, Law, Regimes
from .quizzes import Question, Quiz
from .reading import Fault
from .record import RefusedError
from .rules import Answer, rule
from .scenarios import Scenario, path_ending, reachable


def faults(place: Path) -> list[Fault]:
    """Return every fault of the content under `place`, in the order of files."""
    parts = gather(place)
    law = _sound(parts)
    found = chain(
        parts.faults,
        _law(parts),
        _beside(parts),
        _twice(parts),
        _references(parts),
        _coverage(parts, place),
        _course(parts, place),
        *(_scenario(name, one, parts, law) for name, one in parts.scenarios.items() if one),
        *(_quiz(name, one, parts, law) for name, one in parts.quizzes.items() if one),
    )
    return sorted(found, key=lambda fault: fault.file)


def _fault(file: str, message: str, **values: object) -> Fault:
    return Fault(file=file, message=message.format(**values))


def _sound(parts: Parts) -> Law | None:
    """Return the law as far as it can be asked: without acts that cite what is not there."""
    if parts.sources is None or parts.regimes is None or any(_regimes(parts.regimes, parts.sources.keys())):
        return None
    acts = {
        name: act
        for name, act in parts.acts.items()
        if act and all(source in parts.sources for _where, source in _cited(act))
    }
    return lawful(parts, acts, parts.sources, parts.regimes)


def _law(parts: Parts) -> Iterator[Fault]:
    """Check what the law's files say of each other."""
    names = _names(parts)
    for name, act in parts.acts.items():
        file = f"data/rules/{name}.yaml"
        if act is None:
            continue
        for where, cited in dict.fromkeys(_cited(act)):
            if parts.sources is not None and cited not in parts.sources:
                yield _dead(file, cited, where)
        for before in act.continues:
            if before not in names:
                yield _fault(file, _("continues: perbuatan '{id}' tidak ada. Betulkan id-nya."), id=before)
        for alias in act.aliases:
            if names.count(alias) > 1:
                told = _("aliases: '{id}' sudah menamai perbuatan lain. Pakai nama lain.")
                yield _fault(file, told, id=alias)
    if parts.regimes is not None and parts.sources is not None:
        yield from _regimes(parts.regimes, parts.sources.keys())


def _names(parts: Parts) -> list[str]:
    """Return every id and alias an act can be cited by; twice where two acts claim it."""
    return [*parts.acts, *(alias for act in parts.acts.values() if act for alias in act.aliases)]


def _cited(act: Act) -> Iterator[tuple[str, str]]:
    """Yield (place in the file, source) of every citation."""
    for version in act.versions:
        where = _("versi {start}").format(start=version.start)
        findings = [finding for ruling in version.rulings for finding in ruling.findings]
        for citation in chain(version.basis, *(finding.basis for finding in findings)):
            yield where, citation.source
        for finding in findings:
            if finding.code:
                yield where, finding.code


def _regimes(regimes: Regimes, sources: Container[str]) -> Iterator[Fault]:
    file = "data/regimes.yaml"
    cited = [
        *(("guides", entry.source) for entry in regimes.guides),
        *(("asn_law", entry.source) for entry in regimes.asn_law),
        *(("discipline", entry.source) for entry in regimes.discipline),
        *(("sanctions", entry.code) for entry in regimes.sanctions if entry.code),
        *(("unbound", citation.source) for entry in regimes.unbound for citation in entry.basis),
        *(("criminal", source) for entry in regimes.criminal for source in entry.sources),
    ]
    for where, source in dict.fromkeys(cited):
        if source not in sources:
            yield _dead(file, source, where)
    codes = {entry.source for entry in regimes.discipline}
    for step in regimes.transitions:
        for code in (step.before, step.after):
            if code not in codes:
                told = _("transitions: '{id}' tidak ada di discipline. Tambahkan atau betulkan id-nya.")
                yield _fault(file, told, id=code)


def _beside(parts: Parts) -> Iterator[Fault]:
    """Check the tables beside acts and regimes: what they cite, the acts they name, their ids."""
    for file, cited, acts, ids in _tables(parts):
        for where, source in dict.fromkeys(cited):
            if parts.sources is not None and source not in parts.sources:
                yield _dead(file, source, where)
        for where, act in dict.fromkeys(acts):
            if act not in _names(parts):
                told = _("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.")
                yield _fault(file, told, where=where, act=act)
        for name, count in Counter(ids).items():
            if count > 1:
                yield _fault(file, _("{id}: id dipakai dua kali. Beri tiap baris id sendiri."), id=name)


def _twice(parts: Parts) -> Iterator[Fault]:
    """Check that no two statistics files use the same id."""
    seen: dict[str, str] = {}
    for name, rows in parts.statistics.items():
        for row in rows:
            if seen.setdefault(row.id, name) != name:
                told = _("{id}: id sudah dipakai di data/statistics/{name}.csv. Beri id lain.")
                yield _fault(f"data/statistics/{name}.csv", told, id=row.id, name=seen[row.id])


def _tables(
    parts: Parts,
) -> Iterator[tuple[str, list[tuple[str, str]], list[tuple[str, str]], list[str]]]:
    """Yield (file, cited sources and named acts with their places, ids) of each table that was read."""
    if table := parts.sanctions:
        ids = [row.id for row in table.prohibitions]
        ids += [row.id for row in table.changes] + [row.id for row in table.comparisons]
        cited = [(row.id, row.code) for row in table.prohibitions]
        cited += [(row.id, citation.source) for row in table.comparisons for citation in row.basis]
        acts = [(row.id, act) for row in table.prohibitions for act in row.acts]
        yield "data/sanctions.yaml", cited, acts, ids
    if parts.crimes:
        crimes = parts.crimes.crimes
        cited = [(crime.id, crime.source) for crime in crimes]
        cited += [(c.id, citation.source) for c in crimes for p in c.penalties for citation in p.basis]
        acts = [(crime.id, act) for crime in crimes for act in crime.acts]
        yield "data/crimes.yaml", cited, acts, [crime.id for crime in crimes]
    if parts.handling:
        points = parts.handling.points()
        cited = [(point.id, citation.source) for point in points for citation in point.basis]
        ids = [*(flow.id for flow in parts.handling.flows), *(point.id for point in points)]
        yield "data/handling.yaml", cited, [], ids
    for name, lines in parts.statistics.items():
        cited = [(line.id, line.source) for line in lines]
        yield f"data/statistics/{name}.csv", cited, [], [line.id for line in lines]


def _references(parts: Parts) -> Iterator[Fault]:
    """Check that each number of a `references` key has its address."""
    if parts.references is None:
        return
    for file, number in dict.fromkeys(_numbers(parts)):
        if number not in parts.references.root:
            told = _(
                "references: '{id}' tidak ada di data/references.yaml. "
                "Tambahkan alamatnya atau betulkan nomornya."
            )
            yield _fault(file, told, id=number)


def _numbers(parts: Parts) -> Iterator[tuple[str, str]]:
    """Yield (file, number) of every reference."""

    def told(file: str, numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((file, number) for number in numbers)

    for name, act in parts.acts.items():
        yield from told(f"data/rules/{name}.yaml", act.references if act else ())
    for source in (parts.sources or {}).values():
        yield from told("data/sources.yaml", source.references)
    for name, calendar in parts.calendars.items():
        for stage in calendar.stages if calendar else ():
            yield from told(f"data/calendars/{name}.yaml", stage.references)
    for crime in parts.crimes.crimes if parts.crimes else ():
        yield from told("data/crimes.yaml", crime.references)
    for point in parts.handling.points() if parts.handling else ():
        yield from told("data/handling.yaml", point.references)
    for row in parts.sanctions.comparisons if parts.sanctions else ():
        yield from told("data/sanctions.yaml", row.references)


def _coverage(parts: Parts, place: Path) -> Iterator[Fault]:
    """Hold the list of what was gone through to the files: both ways for acts."""
    file = "data/coverage.yaml"
    if parts.coverage is None or not parts.coverage.groups:
        return
    rows = parts.coverage.rows()
    for name, count in Counter(row.id for row in rows).items():
        if count > 1:
            yield _fault(file, _("{id}: id dipakai dua kali. Beri tiap baris id sendiri."), id=name)
    named = dict.fromkeys((row.id, path) for row in rows for path in row.files)
    for row_id, path in named:
        if not (place / path).is_file():
            told = _("{id}: berkas {path} tidak ada. Betulkan namanya atau tulis alasan di 'left_out'.")
            yield _fault(file, told, id=row_id, path=path)
    listed = {path for _row, path in named}
    for name in parts.acts:
        if f"data/rules/{name}.yaml" not in listed:
            told = _("data/rules/{name}.yaml tidak disebut. Tambahkan baris yang menyebut berkas itu.")
            yield _fault(file, told, name=name)


def _dead(file: str, source: str, where: str) -> Fault:
    told = _(
        "{where}: sumber '{id}' tidak ada di data/sources.yaml. Tambahkan sumbernya atau betulkan id-nya."
    )
    return _fault(file, told, where=where, id=source)


def _course(parts: Parts, place: Path) -> Iterator[Fault]:
    file = "data/course.yaml"
    books = {path.name for path in (place / "modules").glob("*.ipynb")}
    for module in parts.course.modules if parts.course else ():
        for slug in module.scenarios:
            if slug not in parts.scenarios:
                told = _(
                    "modul {slug}: skenario '{name}' tidak ada. "
                    "Tulis data/scenarios/{name}.yaml atau betulkan namanya."
                )
                yield _fault(file, told, slug=module.slug, name=slug)
        if module.quiz and module.quiz not in parts.quizzes:
            told = _(
                "modul {slug}: kuis '{name}' tidak ada. Tulis quizzes/{name}.yaml atau betulkan namanya."
            )
            yield _fault(file, told, slug=module.slug, name=module.quiz)
        books.add(f"{module.slug}.ipynb")
    for name in sorted(books):
        yield from _notebook(place / "modules" / name, f"modules/{name}")


def _notebook(path: Path, file: str) -> Iterator[Fault]:
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        yield _fault(
            file, _("berkas tidak ada. Buat buku catatannya atau betulkan slug modul di data/course.yaml.")
        )
        return
    except Exception:  # noqa: BLE001  (nbformat raises many kinds; each means: not a notebook)
        yield _fault(file, _("bukan buku catatan Jupyter yang sah. Simpan ulang dari JupyterLab."))
        return
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
            yield _fault(file, _("sel {n}: menyimpan keluaran. Hapus sebelum menyimpan."), n=number)


def _scenario(name: str, scenario: Scenario, parts: Parts, law: Law | None) -> Iterator[Fault]:
    file = f"data/scenarios/{name}.yaml"
    yield from _graph(scenario, file)
    yield from _path(scenario, file)
    if parts.course is not None:
        yield from _tags(scenario, parts.course.tags, file)
    for ending in scenario.endings:
        for act in ending.rules:
            where = _("penutup {id}").format(id=ending.id)
            yield from _cites(parts, law, act, scenario.date, file=file, where=where)


def _graph(scenario: Scenario, file: str) -> Iterator[Fault]:
    reached = reachable(scenario)
    kinds = {
        **{scene.id: _("adegan") for scene in scenario.scenes},
        **{ending.id: _("penutup") for ending in scenario.endings},
    }
    for place, kind in kinds.items():
        if place not in reached:
            told = _(
                "{kind} {id}: tidak dapat dicapai dari awal. Beri pilihan yang menuju ke sana atau hapus."
            )
            yield _fault(file, told, kind=kind, id=place)
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


def _cites(parts: Parts, law: Law | None, act: str, on: date, *, file: str, where: str) -> Iterator[Fault]:
    if act not in _names(parts):
        told = _("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.")
        yield _fault(file, told, where=where, act=act)
        return
    answer = _answer(law, act, on)
    if answer is not None and not answer.in_force:
        told = _("{where}: '{act}' tidak berlaku pada {on}. Pilih perbuatan atau tanggal lain.")
        yield _fault(file, told, where=where, act=act, on=on)


def _answer(law: Law | None, act: str, on: date) -> Answer | None:
    """Return what the law says, None where faults told elsewhere keep it from being asked."""
    try:
        return rule(law, act, on=on) if law else None
    except KeyError:
        return None


def _quiz(name: str, quiz: Quiz, parts: Parts, law: Law | None) -> Iterator[Fault]:
    file = f"quizzes/{name}.yaml"
    for question in quiz.questions:
        where = _("soal {id}").format(id=question.id)
        yield from _sources(question, parts, file, where)
        if question.on is None:  # the model asks for `on` wherever there are rules
            continue
        for act in question.rules:
            yield from _cites(parts, law, act, question.on, file=file, where=where)
            answer = _answer(law, act, question.on)
            if answer is not None and answer.in_force:
                yield from _graded(answer, question, file, where)


def _sources(question: Question, parts: Parts, file: str, where: str) -> Iterator[Fault]:
    if parts.sources is None:
        return
    for name in question.sources:
        source = parts.sources.get(name)
        if source is None:
            yield _dead(file, name, where)
        elif source.confidence != "strong":
            told = _("{where}: kunci bertumpu pada sumber '{id}' yang belum kuat. Ajarkan saja.")
            yield _fault(file, told, where=where, id=name)


def _graded(answer: Answer, question: Question, file: str, where: str) -> Iterator[Fault]:
    """Refuse a key that rests on a claim below `strong`."""
    held = [ruling.confidence.model_dump() for ruling in answer.rulings]
    weak = {claim for claim in question.claims if any(row[claim] != "strong" for row in held)}
    if not held and answer.confidence != "strong":
        weak |= set(question.claims)
    if answer.verdict == "belum_pasti":
        weak.add("act")
    if "level" in question.claims and (answer.level in (None, "belum_terverifikasi") or answer.alternatives):
        weak.add("level")
    for claim in sorted(weak):
        told = _("{where}: kunci bertumpu pada '{claim}' dari '{act}' yang belum kuat. Ajarkan saja.")
        yield _fault(file, told, where=where, claim=claim, act=answer.act)
