"""The roster over time, imports by name, and the changes completion figures are made of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CURRENT = sa.text('"end" IS NULL AND retracted IS NULL')
LATE = sa.text("recorded > day")


def upgrade() -> None:
    op.create_index("ix_unit_code", "unit", ["code"])
    _imports()
    _placements()
    _completion()
    # What was recorded before there were changes has to be counted once: `rebuild` takes this away.
    op.execute("INSERT INTO meta (key, value) SELECT 'uncounted', '1' WHERE EXISTS (SELECT 1 FROM placement)")


def _imports() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.Text),
    )


def _placements() -> None:
    op.add_column("placement", sa.Column("recorded", sa.Date))
    op.add_column("placement", sa.Column("retracted", sa.Date))
    op.add_column("placement", sa.Column("origin", sa.Integer))
    op.add_column("placement", sa.Column("retracted_by", sa.Integer))
    op.execute("UPDATE placement SET recorded = start")
    # A stay that ended was known as open until its last day, and as ended from then on.
    op.drop_index("ux_placement_current", "placement")
    op.execute(
        "INSERT INTO placement (learner, unit, jabatan, post_class, jenis, start, recorded, retracted) "
        'SELECT learner, unit, jabatan, post_class, jenis, start, start, "end" FROM placement '
        'WHERE "end" > start'
    )
    op.execute('UPDATE placement SET recorded = "end" WHERE "end" IS NOT NULL')
    with op.batch_alter_table("placement") as table:
        table.alter_column("recorded", nullable=False)
    for name in ("origin", "retracted_by"):
        op.create_index(f"ix_placement_{name}", "placement", [name])
    op.create_index(
        "ux_placement_current",
        "placement",
        ["learner"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )


def _completion() -> None:
    op.create_table(
        "completion_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("recorded", sa.Date, nullable=False),
        *_what(key=False),
        sa.Column("delta", sa.Integer, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
    )
    op.create_index("ix_completion_change_day", "completion_change", ["module", "day"])
    op.create_index(
        "ix_completion_change_late",
        "completion_change",
        ["module", "recorded"],
        sqlite_where=LATE,
        postgresql_where=LATE,
    )
    op.create_table(
        "completion_checkpoint",
        sa.Column("at", sa.Date, primary_key=True),
        *_what(key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _what(*, key: bool) -> tuple[sa.Column[object], ...]:
    """The columns both tables have: in the order of the checkpoint's key."""
    return (
        sa.Column("module", sa.String(80), primary_key=key, nullable=False),
        sa.Column("unit", sa.Integer, primary_key=key, nullable=False, autoincrement=False),
        sa.Column("post_class", sa.String(80), primary_key=key, nullable=False),
        sa.Column("jenis", sa.String(8), primary_key=key, nullable=False),
        sa.Column("state", sa.String(16), primary_key=key, nullable=False),
        sa.Column("rule", sa.Text, primary_key=key, nullable=False),
    )
