"""Cohorts, who is in them, and deadlines of units, cohorts and single learners."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN = sa.text("removed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.String(32)),
    )
    op.create_table(
        "cohort_member",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cohort", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False),
        sa.Column("learner", sa.String(32), sa.ForeignKey("account.learner"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.String(32)),
    )
    op.create_index("ix_cohort_member_learner", "cohort_member", ["learner"])
    op.create_index(
        "ux_cohort_member",
        "cohort_member",
        ["cohort", "learner"],
        unique=True,
        sqlite_where=IN,
        postgresql_where=IN,
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", sa.Integer, sa.ForeignKey("unit.id")),
        sa.Column("cohort", sa.Integer, sa.ForeignKey("cohort.id")),
        sa.Column("learner", sa.String(32), sa.ForeignKey("account.learner")),
        sa.Column("day", sa.Date),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
    )
    for name in ("unit", "cohort", "learner"):
        op.create_index(f"ix_deadline_{name}", "deadline", [name])
