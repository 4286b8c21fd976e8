"""The tables as the newest schema has them (`migrations/` says how a store gets there).

A person's NIP, name and password stand in `account` alone; everything else knows a random learner id.
`event` and `audit` are append-only: triggers refuse UPDATE and DELETE, but of audit rows older than a year.
Of who was erased (`persons.py`) an account without NIP and name stays, for the record to belong to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Executable,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite


class Moment(TypeDecorator[datetime]):
    """An instant: aware, UTC, to the microsecond, the same on SQLite and PostgreSQL.

    Binding a naive datetime raises ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the driver takes: UTC, without a zone where the database knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData()


def _learner(**options: Any) -> Column[str]:
    return Column("learner", String(32), ForeignKey("account.learner"), nullable=False, **options)


meta = Table(
    "meta", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False)
)

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, ForeignKey("unit.id"), index=True),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("zone", String(4)),
    Column("code", Text, index=True),
)

account = Table(
    "account",
    metadata,
    Column("learner", String(32), primary_key=True),
    Column("nip", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text),
    Column("created_at", Moment, nullable=False),
    Column("erased_at", Moment),
)

# `scope` names the instansi of a file, `counts` what it changed, `digest` is its SHA-256.
roster_import = Table(
    "roster_import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", Text),
)

# `start` is the first day, `end` the first day no longer (null: still there); known from the day `recorded`
# until the day `retracted` (null: still held for true). `origin` and `retracted_by` are imports that said so.
placement = Table(
    "placement",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner(index=True),
    Column("unit", Integer, ForeignKey("unit.id"), nullable=False, index=True),
    Column("jabatan", Text, nullable=False),
    Column("post_class", String(80), nullable=False),
    Column("jenis", String(8), nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date),
    Column("recorded", Date, nullable=False),
    Column("retracted", Date),
    Column("origin", Integer, index=True),
    Column("retracted_by", Integer, index=True),
)
CURRENT = and_(placement.c.end.is_(None), placement.c.retracted.is_(None))
"""The placement where somebody stands now."""
Index(
    "ux_placement_current", placement.c.learner, unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
)

# What `tally.changes` gave, nothing of a person in it: true from `day` on, known from `recorded` on. `kept`
# rows belong to people who are erased by now, so nothing they could be made from is left.
completion_change = Table(
    "completion_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("recorded", Date, nullable=False),
    Column("unit", Integer, nullable=False),
    Column("post_class", String(80), nullable=False),
    Column("jenis", String(8), nullable=False),
    Column("module", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rule", Text, nullable=False),
    Column("delta", Integer, nullable=False),
    Column("kept", Boolean, nullable=False),
)
LATE = completion_change.c.recorded > completion_change.c.day
"""Changes that became known after their day."""
Index("ix_completion_change_day", completion_change.c.module, completion_change.c.day)
Index(
    "ix_completion_change_late",
    completion_change.c.module,
    completion_change.c.recorded,
    sqlite_where=LATE,
    postgresql_where=LATE,
)

# The changes up to the end of the day `at` and known by then, summed: what later figures begin from. By unit,
# then both attributes are empty; and by each attribute, then `unit` is the instansi and the other is empty.
completion_checkpoint = Table(
    "completion_checkpoint",
    metadata,
    Column("at", Date, primary_key=True),
    Column("module", String(80), primary_key=True),
    Column("unit", Integer, primary_key=True, autoincrement=False),
    Column("post_class", String(80), primary_key=True),
    Column("jenis", String(8), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

activation_code = Table(
    "activation_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    _learner(index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("issued_by", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _learner(index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

role = Table(
    "role",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner(),
    Column("role", String(16), nullable=False),
    Column("unit", Integer, ForeignKey("unit.id")),
    Column("granted_at", Moment, nullable=False),
    Column("granted_by", Text, nullable=False),
)
Index("ux_role", role.c.learner, role.c.role, role.c.unit, unique=True)
# A unique index takes nulls for different, so the role over everything needs its own.
Index(
    "ux_role_everywhere",
    role.c.learner,
    role.c.role,
    unique=True,
    sqlite_where=role.c.unit.is_(None),
    postgresql_where=role.c.unit.is_(None),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", String(80), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# Named after the fields of `record.Event`; `root` is its quiz or scenario.
event = Table(
    "event",
    metadata,
    _learner(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(36), nullable=False),
    Column("site", String(40), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("given_at", Moment),
    Column("session", String(40), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("object", String(160), nullable=False),
    Column("root", String(160), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("revision", String(16), nullable=False),
    Column("result", JSON, nullable=False),
    Column("chain", String(64), nullable=False),
    UniqueConstraint("learner", "id", name="ux_event_id"),
)
Index("ix_event_attempt", event.c.learner, event.c.root, event.c.attempt, event.c.seq)
OPENED = text("verb = 'opened'")
"""The events one looks for by time, as both databases ask for it: without a parameter."""
Index(
    "ix_event_opened",
    event.c.root,
    event.c.received_at,
    sqlite_where=OPENED,
    postgresql_where=OPENED,
)

# What people typed; the event has its digest. The one table of the record whose rows may go.
typed = Table(
    "typed",
    metadata,
    _learner(primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
    Column("text", Text, nullable=False),
)

progress = Table(
    "progress",
    metadata,
    _learner(primary_key=True),
    Column("module", String(80), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("started_at", Moment),
    Column("completed_at", Moment),
    Column("rule_version", Text),
    Column("mark", Integer),
    Column("state", JSON, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    _learner(primary_key=True),
    Column("root", String(160), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

# What trainers gave back, one row a learner and quiz (`published.Published`).
published = Table(
    "published",
    metadata,
    _learner(primary_key=True),
    Column("root", String(160), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)


# `display` is what the cookie of the same name holds; `notice` names the privacy notice that was read.
preference = Table(
    "preference",
    metadata,
    _learner(primary_key=True),
    Column("display", String(80), nullable=False),
    Column("notice", String(40)),
    Column("noticed_at", Moment),
)

# What a learner says of an item, and of the data kept of them: `closed_at` is null while it is open.
item_report = Table(
    "item_report",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner(index=True),
    Column("object", String(160), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(32)),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner(index=True),
    Column("field", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(32)),
    Column("answer", Text, nullable=False),
)

# People who are taught together. A name may be changed (the audit keeps the old one); `removed_at` is null
# while it stands, and so is a member's.
cohort = Table(
    "cohort",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(32), nullable=False),
    Column("removed_at", Moment),
    Column("removed_by", String(32)),
)
cohort_member = Table(
    "cohort_member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cohort", Integer, ForeignKey("cohort.id"), nullable=False),
    _learner(index=True),
    Column("added_at", Moment, nullable=False),
    Column("added_by", String(32), nullable=False),
    Column("removed_at", Moment),
    Column("removed_by", String(32)),
)
IN = cohort_member.c.removed_at.is_(None)
"""Who is in a cohort now."""
Index(
    "ux_cohort_member",
    cohort_member.c.cohort,
    cohort_member.c.learner,
    unique=True,
    sqlite_where=IN,
    postgresql_where=IN,
)

# What was said of a unit with all under it, of a cohort, or of one learner: one of the three is not null.
# Nothing is overwritten: the newest row counts, and without a `day` it takes the deadline away.
deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit", Integer, ForeignKey("unit.id"), index=True),
    Column("cohort", Integer, ForeignKey("cohort.id"), index=True),
    Column("learner", String(32), ForeignKey("account.learner"), index=True),
    Column("day", Date),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
)

# What the shared tables of a month leave empty: of each group, units and attributes alike, which measures.
mask = Table(
    "mask",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("month", Date, nullable=False),
    Column("basis", String(64), nullable=False),
    UniqueConstraint("month", "basis", name="ux_mask"),
)
mask_group = Table(
    "mask_group",
    metadata,
    Column("mask", Integer, ForeignKey("mask.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("measures", Text, nullable=False),
    Column("small", Boolean, nullable=False),
)

# The report of a month as it was issued, of a unit's path ('' for everybody), and the bytes of each form.
issued_report = Table(
    "issued_report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("month", Date, nullable=False),
    Column("unit", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("total", JSON, nullable=False),
    UniqueConstraint("month", "unit", name="ux_issued_report"),
)
issued_file = Table(
    "issued_file",
    metadata,
    Column("report", Integer, ForeignKey("issued_report.id"), primary_key=True),
    Column("form", String(8), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What trainers say to a cohort; shown to who is in it until they have read it or it is withdrawn.
message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cohort", Integer, ForeignKey("cohort.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", String(32), nullable=False),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(32)),
)
message_read = Table(
    "message_read",
    metadata,
    Column("message", Integer, ForeignKey("message.id"), primary_key=True),
    _learner(primary_key=True),
    Column("at", Moment, nullable=False),
)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, or overwrite those whose primary key stands already. Each row has every column."""
    if not rows:
        return
    dialect = connection.dialect.name
    told = list(rows) if dialect == "sqlite" else {"rows": json.dumps(rows, default=datetime.isoformat)}
    connection.execute(_upsert(table, dialect), told)


def added(
    connection: Connection, table: Table, values: Mapping[str, Any], *, unless: Sequence[str]
) -> int | None:
    """Insert a row and return its number; None where one with the same columns `unless` stands already."""
    statement = _insert(table, connection.dialect.name).values(**values)
    new = statement.on_conflict_do_nothing(index_elements=list(unless)).returning(table.c.id)
    number: int | None = connection.scalar(new)
    return number


@cache
def _upsert(table: Table, dialect: str) -> Executable:
    statement = _insert(table, dialect)
    if dialect == "postgresql":
        # All rows as one value: a statement for each would cost more than its writing.
        whole: Any = literal_column(f'CAST(NULL AS "{table.name}")')
        rows = func.json_populate_recordset(whole, cast(bindparam("rows", type_=Text), JSON))
        columns = rows.table_valued(*table.c.keys()).c
        statement = statement.from_select(table.c.keys(), select(*columns))
    changed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)  # type: ignore[no-any-return]


def _insert(table: Table, dialect: str) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
