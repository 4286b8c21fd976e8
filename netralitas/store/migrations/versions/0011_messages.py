"""Messages to cohorts, who has read them, and the audit by its subject."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cohort", sa.Integer, sa.ForeignKey("cohort.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.String(32)),
    )
    op.create_index("ix_message_cohort", "message", ["cohort"])
    op.create_table(
        "message_read",
        sa.Column("message", sa.Integer, sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("learner", sa.String(32), sa.ForeignKey("account.learner"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
