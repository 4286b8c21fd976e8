"""The law's files held to each other: citations, acts named elsewhere, ids, references, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import chain

from ..content import Parts
from ..i18n import _
from ..law import Act, Regimes
from ..reading import Fault
from ..tables import Comparison, Point
from .fault import act_names, dead, fault


def of_acts(parts: Parts) -> Iterator[Fault]:
    """Check what the law's files say of each other."""
    names = act_names(parts)
    for name, act in parts.acts.items():
        file = f"data/rules/{name}.yaml"
        if act is None:
            continue
        for where, source in dict.fromkeys(cited(act)):
            if parts.sources is not None and source not in parts.sources:
                yield dead(file, source, where)
        for before in act.continues:
            if before not in names:
                yield fault(file, _("continues: perbuatan '{id}' tidak ada. Betulkan id-nya."), id=before)
        for alias in act.aliases:
            if names.count(alias) > 1:
                told = _("aliases: '{id}' sudah menamai perbuatan lain. Pakai nama lain.")
                yield fault(file, told, id=alias)
    if parts.regimes is not None and parts.sources is not None:
        yield from of_regimes(parts.regimes, parts.sources.keys())


def cited(act: Act) -> Iterator[tuple[str, str]]:
    """Yield (place in the file, source) of every citation."""
    for version in act.versions:
        where = _("versi {start}").format(start=version.start)
        findings = [finding for ruling in version.rulings for finding in ruling.findings]
        for citation in chain(version.basis, *(finding.basis for finding in findings)):
            yield where, citation.source
        for finding in findings:
            if finding.code:
                yield where, finding.code


def of_regimes(regimes: Regimes, sources: Container[str]) -> Iterator[Fault]:
    """Check what the regimes cite, and that a transition leads from a code of theirs to another."""
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
            yield dead(file, source, where)
    codes = {entry.source for entry in regimes.discipline}
    for step in regimes.transitions:
        for code in (step.before, step.after):
            if code not in codes:
                told = _("transitions: '{id}' tidak ada di discipline. Tambahkan atau betulkan id-nya.")
                yield fault(file, told, id=code)


def of_tables(parts: Parts) -> Iterator[Fault]:
    """Check the tables beside acts and regimes: what they cite, the acts they name, their ids."""
    for file, cited, acts, ids in _rows(parts):
        for where, source in dict.fromkeys(cited):
            if parts.sources is not None and source not in parts.sources:
                yield dead(file, source, where)
        for where, act in dict.fromkeys(acts):
            if act not in act_names(parts):
                told = _("{where}: perbuatan '{act}' tidak ada di data/rules/. Betulkan id-nya.")
                yield fault(file, told, where=where, act=act)
        for name, count in Counter(ids).items():
            if count > 1:
                yield fault(file, _("{id}: id dipakai dua kali. Beri tiap baris id sendiri."), id=name)


def of_statistics(parts: Parts) -> Iterator[Fault]:
    """Check that no two statistics files use the same id."""
    seen: dict[str, str] = {}
    for name, rows in parts.statistics.items():
        for row in rows:
            if seen.setdefault(row.id, name) != name:
                told = _("{id}: id sudah dipakai di data/statistics/{name}.csv. Beri id lain.")
                yield fault(f"data/statistics/{name}.csv", told, id=row.id, name=seen[row.id])


def _rows(
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


def of_grounds(parts: Parts) -> Iterator[Fault]:
    """Check that whatever is claimed names what it rests on: an article, or the pages that were read."""
    for name, act in parts.acts.items():
        for version in act.versions if act and not act.references else ():
            if not version.silent and not version.basis and not version.rulings:
                told = _("versi {start}: tidak menyebut dasar. Isi 'basis', atau 'references' di atas.")
                yield fault(f"data/rules/{name}.yaml", told, start=version.start)
    rows: list[tuple[str, Point | Comparison]] = []
    if parts.handling:
        rows += [("data/handling.yaml", point) for point in parts.handling.points()]
    if parts.sanctions:
        rows += [("data/sanctions.yaml", row) for row in parts.sanctions.comparisons]
    for file, row in rows:
        if not row.basis and not row.references:
            yield fault(file, _("{id}: tidak menyebut dasar. Isi 'basis' atau 'references'."), id=row.id)


def of_references(parts: Parts) -> Iterator[Fault]:
    """Check that each number of a `references` key has its address."""
    if parts.references is None:
        return
    for file, number in dict.fromkeys(_numbers(parts)):
        if number not in parts.references.root:
            told = _(
                "references: '{id}' tidak ada di data/references.yaml. "
                "Tambahkan alamatnya atau betulkan nomornya."
            )
            yield fault(file, told, id=number)


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


def of_coverage(parts: Parts) -> Iterator[Fault]:
    """Hold the list of what was gone through to the files: both ways for acts."""
    file = "data/coverage.yaml"
    if parts.coverage is None or not parts.coverage.groups:
        return
    rows = parts.coverage.rows()
    for name, count in Counter(row.id for row in rows).items():
        if count > 1:
            yield fault(file, _("{id}: id dipakai dua kali. Beri tiap baris id sendiri."), id=name)
    named = dict.fromkeys((row.id, path) for row in rows for path in row.files)
    for row_id, path in named:
        if not (parts.place / path).is_file():
            told = _("{id}: berkas {path} tidak ada. Betulkan namanya atau tulis alasan di 'left_out'.")
            yield fault(file, told, id=row_id, path=path)
    listed = {path for _row, path in named}
    for name in parts.acts:
        if f"data/rules/{name}.yaml" not in listed:
            told = _("data/rules/{name}.yaml tidak disebut. Tambahkan baris yang menyebut berkas itu.")
            yield fault(file, told, name=name)
