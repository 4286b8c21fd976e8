"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _learner(*, key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "learner", sa.String(32), sa.ForeignKey("account.learner"), primary_key=key, nullable=False
    )


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    _people()
    _access()
    _record()


def _people() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("unit.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False, unique=True),
        sa.Column("zone", sa.String(4)),
        sa.Column("code", sa.Text),
    )
    op.create_table(
        "account",
        sa.Column("learner", sa.String(32), primary_key=True),
        sa.Column("nip", sa.String(80), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        _moment("created_at"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("unit", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("jabatan", sa.Text, nullable=False),
        sa.Column("post_class", sa.String(80), nullable=False),
        sa.Column("jenis", sa.String(8), nullable=False),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date),
    )
    op.create_index("ix_placement_learner", "placement", ["learner"])
    op.create_index("ix_placement_unit", "placement", ["unit"])
    _unique_where("ux_placement_current", "placement", ["learner"], '"end" IS NULL')


def _access() -> None:
    op.create_table(
        "activation_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        _learner(),
        _moment("expires_at"),
        _moment("used_at", null=True),
        sa.Column("issued_by", sa.Text, nullable=False),
        _moment("issued_at"),
    )
    op.create_index("ix_activation_code_learner", "activation_code", ["learner"])
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _learner(),
        _moment("created_at"),
        _moment("seen_at"),
        _moment("expires_at"),
        _moment("ended_at", null=True),
    )
    op.create_index("ix_session_learner", "session", ["learner"])
    op.create_table(
        "role",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("unit", sa.Integer, sa.ForeignKey("unit.id")),
        _moment("granted_at"),
        sa.Column("granted_by", sa.Text, nullable=False),
    )
    op.create_index("ux_role", "role", ["learner", "role", "unit"], unique=True)
    _unique_where("ux_role_everywhere", "role", ["learner", "role"], "unit IS NULL")
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _moment("at"),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("act", sa.String(80), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )


def _record() -> None:
    op.create_table(
        "event",
        _learner(key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        _moment("received_at"),
        _moment("given_at", null=True),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("verb", sa.String(16), nullable=False),
        sa.Column("object", sa.String(160), nullable=False),
        sa.Column("root", sa.String(160), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("revision", sa.String(16), nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.UniqueConstraint("learner", "id", name="ux_event_id"),
    )
    op.create_index("ix_event_attempt", "event", ["learner", "root", "attempt", "seq"])
    op.create_table(
        "progress",
        _learner(key=True),
        sa.Column("module", sa.String(80), primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        _moment("started_at", null=True),
        _moment("completed_at", null=True),
        sa.Column("rule_version", sa.Text),
        sa.Column("mark", sa.Integer),
        sa.Column("state", sa.JSON, nullable=False),
    )
    op.create_table(
        "draft",
        _learner(key=True),
        sa.Column("root", sa.String(160), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        _moment("at"),
    )


def _unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
