"""Completion figures: changes summed up to a day, as known on a day; checkpoints keep the sums short.

    checkpoint of the last month's end ─┐
    changes of the days since           ├─ sum ─► (unit, class, jenis, module, state, rule): how many
    what became known later of before   ┘

A checkpoint holds what was true and known at the end of its day. That day is over when it is made, so nothing
can come into it later: a checkpoint is never changed, and summing from it or from the first day is the same.
It is cut three ways, as figures are asked for: by unit, and by each attribute within an instansi (which no
unit ever leaves); so it grows with the units, not with the people.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)

from netralitas.course import Course
from netralitas.i18n import _
from netralitas.record import Progress
from netralitas.roster import SEPARATOR
from netralitas.tally import (
    COURSE,
    Key,
    Kind,
    contributions,
    counts,
    day_of,
    end_of_month,
    history,
    milestones,
    month_end,
)

from .bulk import aside, fill
from .engine import StoreError
from .lives import known_stays, lives_on
from .masks import forget_masks
from .progress import RebuildReport, Records, to_progress
from .tables import LATE, account, completion_change, completion_checkpoint, meta, progress, unit, upsert
from .units import under

Dimension = Literal["unit", "post_class", "jenis", "module"]

_UNIT: tuple[Dimension, ...] = ("unit",)
_ATTRIBUTES: tuple[Dimension, ...] = ("post_class", "jenis")
_LOCK = 0x6E74_7266  # any number that is ours alone: "ntrf"
_CHUNK = 500
_EMPTY: Mapping[str, Any] = {"unit": 0, "post_class": "", "jenis": "", "module": ""}
"""What stands for a dimension that is summed over."""
_WAIT = timedelta(hours=1)
"""How long after midnight a day counts as over: no transaction takes that long."""
_RECOUNTED = "recounted"
"""The fact that changes whenever the changes were found wrong and made anew."""
_MIDDLE = timedelta(days=7)
"""How old the last checkpoint is when one that will not stay is made."""
_WHAT = ("module", "unit", "post_class", "jenis", "state", "rule")
_ROW = ("day", "recorded", *_WHAT)
_FRESH = (*_ROW, "delta", "kept")
_SUMS = ("at", *_WHAT, "count")
_fresh = aside("fresh_change", (completion_change.c[name] for name in _FRESH))
_sums = aside("fresh_sum", (completion_checkpoint.c[name] for name in _SUMS))


class _Known(NamedTuple):
    """The day of the last checkpoint, the first day there is anything to sum up, which count of all it is."""

    last: date | None
    first: date | None
    recounted: str | None


class _Asked(NamedTuple):
    """What is asked for: the days, the columns, which cut of the checkpoints has them, which rows."""

    as_of: date
    known_on: date
    columns: Sequence[str]
    cut: Dimension | None
    where: Callable[[Table], ColumnElement[bool]]


class Figures(Records):
    """Counts on a day, and counting everything anew."""

    def counts_on(
        self,
        as_of: date,
        known_on: date,
        *,
        by: Collection[Dimension] = _UNIT,
        module: str | None = COURSE,
        paths: Collection[str] | None = None,
        level: int | None = None,
    ) -> list[tuple[Kind, int]]:
        """Return the counts at the end of a day, as known at the end of another; zeros are left out.

        Dimensions that are not in `by` are summed over and stand as 0 or an empty text. `module` is one
        module's slug, `COURSE`, or None for every module. `paths` are units with all under them (None: all).
        With `level` who stands deeper counts at the unit of that level above (1: instansi). Raises StoreError
        where a store from before there were figures has not been counted yet.
        """
        columns = [*by, "state", "rule"]
        with self.reading() as connection:
            if connection.scalar(select(meta.c.value).where(meta.c.key == "uncounted")):
                raise StoreError(
                    _("Angka penyelesaian belum dihitung; jalankan 'netralitas rebuild' sekali.")
                )
            asked = _Asked(as_of, known_on, columns, _cut(by, paths, level), _where(module, paths))
            every = union_all(*_parts(asked, _since(connection, asked))).subquery()
            keys: dict[str, ColumnElement[Any]] = {name: every.c[name] for name in columns}
            source: FromClause = every
            if level is not None:
                above = _ancestors(level)
                source = every.join(above, above.c.id == every.c.unit)
                keys["unit"] = above.c.top
            total = func.sum(every.c.n)
            told = [keys.get(name, literal(_EMPTY.get(name))) for name in Kind._fields]
            query = select(*told, total).select_from(source).group_by(*keys.values()).having(total != 0)
            return [(Kind._make(row[:-1]), int(row[-1])) for row in connection.execute(query).all()]

    def kinds_of(
        self, learners: Collection[str], course: Course, as_of: date, known_on: date
    ) -> dict[str, list[tuple[Kind, int]]]:
        """Return what single learners add to the counts of the course at the end of a day, as then known.

        For few people; the counts of all are `counts_on`. Who stood nowhere is absent.
        """
        if not learners:
            return {}
        with self.reading() as connection:
            lives = lives_on(connection, learners, course, known_on)
        found = {
            learner: [
                (kind, n) for kind, n in counts(contributions(life), as_of).items() if kind.module == COURSE
            ]
            for learner, life in lives.items()
        }
        return {learner: kinds for learner, kinds in found.items() if kinds}

    def checkpoint(self) -> int:
        """Make the checkpoints that are due and return how many; may be called at any time.

        Each is summed up beside the writers, who on SQLite wait only while its rows are put in.
        """
        made = 0
        while self._make_next(self._last_over()):
            made += 1
        return made

    def settled(self, day: date) -> bool:
        """Say whether a day is over: what was true and known at its end can change no more."""
        return day <= self._last_over()

    def _last_over(self) -> date:
        return day_of(self.clock() - _WAIT) - timedelta(days=1)

    def _make_next(self, over: date) -> bool:
        """Make the first checkpoint that is due up to a day; say whether there was one."""
        with self.drafting() as connection:
            then = _known(connection)
            due = _due(then.last, then.first, over)
            if not due:
                return False
            connection.execute(text("DROP TABLE IF EXISTS fresh_sum"))
            _sums.create(connection)
            _sum_up(connection, then.last, due[0])
            with self.writing_from(connection):
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                # Days that are over stay as they are, unless everything was counted anew meanwhile.
                if _known(connection) == then:
                    connection.execute(insert(completion_checkpoint).from_select(_SUMS, select(_sums)))
                    middles = [at for at in _ats(connection) if not month_end(at) and at != due[0]]
                    gone = completion_checkpoint.c.at.in_(middles)
                    connection.execute(delete(completion_checkpoint).where(gone))
                _sums.drop(connection)
        return True

    def rebuild(self, course: Course, on_learner: Callable[[str], None] | None = None) -> RebuildReport:
        """Replay every event into progress, then every life into figures; see `Records.rebuild`."""
        report = super().rebuild(course, on_learner)
        return replace(report, figures_changed=self.recount(course))

    def recount(self, course: Course) -> int:
        """Make the changes what stays and progress say; return how many sums were wrong.

        One transaction: who reaches something meanwhile waits. Changes of erased people stay as they are.
        """
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE completion_change IN SHARE ROW EXCLUSIVE MODE"))
            _fresh.create(connection)
            last = ""
            while chunk := _learners_after(connection, last):
                _replay(connection, chunk, course)
                last = chunk[-1]
            wrong = _wrong(connection)
            if wrong:
                forget_masks(connection)
                connection.execute(delete(completion_checkpoint))
                connection.execute(delete(completion_change).where(~completion_change.c.kept))
                connection.execute(insert(completion_change).from_select(_FRESH, select(_fresh)))
                upsert(connection, meta, [{"key": _RECOUNTED, "value": secrets.token_hex(8)}])
            _fresh.drop(connection)
            connection.execute(delete(meta).where(meta.c.key == "uncounted"))
        return wrong


def _where(module: str | None, paths: Collection[str] | None) -> Callable[[Table], ColumnElement[bool]]:
    """Return the condition that a row of either table belongs to a module and to these units."""

    def where(table: Table) -> ColumnElement[bool]:
        of_module = table.c.module == module if module is not None else table.c.module != COURSE
        mine = [] if paths is None else [table.c.unit.in_(select(unit.c.id).where(under(list(paths))))]
        return and_(of_module, *mine)

    return where


def _cut(by: Collection[Dimension], paths: Collection[str] | None, level: int | None) -> Dimension | None:
    """Return which cut of the checkpoints has what is asked for; None where only the changes have."""
    attributes = [name for name in _ATTRIBUTES if name in by]
    whole = paths is None or not any(SEPARATOR in path for path in paths)
    if not attributes:
        # A cut by an attribute is by instansi too, and far shorter than that by unit.
        return "jenis" if whole and (level == 1 or "unit" not in by) else "unit"
    return attributes[0] if len(attributes) == 1 and whole and ("unit" not in by or level == 1) else None


def _of_cut(cut: Dimension) -> ColumnElement[bool]:
    """Return the condition that a checkpoint's row belongs to a cut: what it sums over is empty there."""
    point = completion_checkpoint.c
    return and_(*((point[name] != "") if name == cut else (point[name] == "") for name in _ATTRIBUTES))


def _ancestors(level: int) -> CTE:
    """Return each unit (`id`) beside the one above it of a level, `top`; who stands higher is its own."""
    child = unit.alias("child")
    top = select(unit.c.id, unit.c.id.label("top"), literal(1).label("depth")).where(unit.c.parent.is_(None))
    above = top.cte("above", recursive=True)
    own = case((above.c.depth < level, child.c.id), else_=above.c.top)
    return above.union_all(
        select(child.c.id, own, above.c.depth + 1).select_from(
            above.join(child, child.c.parent == above.c.id)
        )
    )


def _since(connection: Connection, asked: _Asked) -> date | None:
    """Return the day of the checkpoint to begin from; None where there is none to use."""
    at = completion_checkpoint.c.at
    newest = select(func.max(at)).where(at <= min(asked.as_of, asked.known_on))
    return None if asked.cut is None else connection.scalar(newest)


def _parts(asked: _Asked, since: date | None) -> list[Select[Any]]:
    """Return the queries whose rows, together, sum to the counts."""
    changed, point = completion_change.c, completion_checkpoint.c
    rows = select(*(changed[name] for name in asked.columns), changed.delta.label("n"))
    rows = rows.where(asked.where(completion_change), changed.recorded <= asked.known_on)
    if since is None or asked.cut is None:
        return [rows.where(changed.day <= asked.as_of)]
    stood = select(*(point[name] for name in asked.columns), point.count.label("n"))
    stood = stood.where(asked.where(completion_checkpoint), point.at == since, _of_cut(asked.cut))
    return [
        stood,
        rows.where(changed.day > since, changed.day <= asked.as_of),
        rows.where(LATE, changed.recorded > since, changed.day <= since),
    ]


def _known(connection: Connection) -> _Known:
    """Return from where the next checkpoint is summed up."""
    last = connection.scalar(select(func.max(completion_checkpoint.c.at)))
    first = last or connection.scalar(select(func.min(completion_change.c.recorded)))
    return _Known(last, first, connection.scalar(select(meta.c.value).where(meta.c.key == _RECOUNTED)))


def _ats(connection: Connection) -> list[date]:
    return list(connection.scalars(select(completion_checkpoint.c.at).distinct()))


def _due(last: date | None, first: date | None, over: date) -> list[date]:
    """Return the days that get a checkpoint: ends of months, and the last day where that is long ago."""
    if first is None:
        return []
    days = []
    end = end_of_month(first)
    while end <= over:
        if last is None or end > last:
            days.append(end)
        end = end_of_month(end + timedelta(days=1))
    newest = days[-1] if days else first
    return [*days, over] if over - newest >= _MIDDLE else days


def _sum_up(connection: Connection, last: date | None, at: date) -> None:
    """Put the checkpoint of a day beside the others, in every cut, from the one before it."""
    changed, point = completion_change.c, completion_checkpoint.c
    modules = _modules(connection)
    for cut in ("unit", *_ATTRIBUTES):
        rows = _changes(cut).where(changed.module.in_(modules), changed.recorded <= at)
        parts = [rows.where(changed.day <= at)]
        if last is not None:
            stood = select(*(point[name] for name in _WHAT), point.count.label("n"))
            parts = [
                stood.where(point.at == last, _of_cut(cut)),
                rows.where(changed.day > last, changed.day <= at),
                rows.where(LATE, changed.recorded > last, changed.day <= last),
            ]
        every = union_all(*parts).subquery()
        keys = [every.c[name] for name in _WHAT]
        total = func.sum(every.c.n)
        summed = select(literal(at, Date), *keys, total).group_by(*keys).having(total != 0).order_by(*keys)
        connection.execute(insert(_sums).from_select(_SUMS, summed))


def _modules(connection: Connection) -> list[str]:
    """Return every module there are changes of: named, so that the index by module and day can be used."""
    found: list[str] = []
    column = completion_change.c.module
    following = connection.scalar(select(func.min(column)))
    while following is not None:
        found.append(following)
        following = connection.scalar(select(func.min(column)).where(column > following))
    return found


def _changes(cut: Dimension) -> Select[Any]:
    """Return the changes as a cut has them: nothing of the other attributes, and of its own by instansi."""
    changed = completion_change.c
    values: dict[str, ColumnElement[Any]] = {name: changed[name] for name in _WHAT}
    values |= {name: literal("") for name in _ATTRIBUTES if name != cut}
    source: FromClause = completion_change
    if cut != "unit":
        above = _ancestors(1)
        source = completion_change.join(above, above.c.id == changed.unit)
        values["unit"] = above.c.top
    named = (value.label(name) for name, value in values.items())
    return select(*named, changed.delta.label("n")).select_from(source)


def _learners_after(connection: Connection, last: str) -> Sequence[str]:
    query = select(account.c.learner).where(account.c.learner > last).order_by(account.c.learner)
    return connection.scalars(query.limit(_CHUNK)).all()


def _replay(connection: Connection, learners: Sequence[str], course: Course) -> None:
    """Write the changes of some learners beside those of everybody else."""
    stays = known_stays(connection, learners)
    reached: dict[str, list[Progress]] = {}
    for row in connection.execute(select(progress).where(progress.c.learner.in_(learners))):
        reached.setdefault(row.learner, []).append(to_progress(row))
    rows: list[tuple[object, ...]] = []
    for learner, own in stays.items():
        found = history(own, milestones(reached.get(learner, ()), course))
        rows += [_row(key, known, number) for (known, key), number in found.items() if number]
    fill(connection, _fresh, _FRESH, rows)


def _row(key: Key, known: date, number: int) -> tuple[object, ...]:
    said = key._asdict()
    return (key.day, known, *(said[name] for name in _WHAT), number, False)


def _wrong(connection: Connection) -> int:
    """Return how many sums of a day, known on a day, differ between the old changes and the new ones."""
    changed = completion_change.c
    old = select(*(changed[name] for name in _ROW), (-changed.delta).label("n")).where(~changed.kept)
    new = select(*(_fresh.c[name] for name in _ROW), _fresh.c.delta.label("n"))
    both = union_all(old, new).subquery()
    keys = [both.c[name] for name in _ROW]
    sums = select(*keys).group_by(*keys).having(func.sum(both.c.n) != 0).subquery()
    return connection.scalar(select(func.count()).select_from(sums)) or 0
