"""How a learner wants pages shown and what they were told; reports of items; corrections asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _learner(*, key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "learner", sa.String(32), sa.ForeignKey("account.learner"), primary_key=key, nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "preference",
        _learner(key=True),
        sa.Column("display", sa.String(80), nullable=False),
        sa.Column("notice", sa.String(40)),
        sa.Column("noticed_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "item_report",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("object", sa.String(160), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String(32)),
    )
    op.create_index("ix_item_report_learner", "item_report", ["learner"])
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer, primary_key=True),
        _learner(),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.String(32)),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("ix_correction_learner", "correction", ["learner"])
