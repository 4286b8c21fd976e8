"""What people typed stands beside its event; opened attempts are found by time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed",
        sa.Column(
            "learner", sa.String(32), sa.ForeignKey("account.learner"), primary_key=True, nullable=False
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    opened = sa.text("verb = 'opened'")
    op.create_index(
        "ix_event_opened", "event", ["root", "received_at"], sqlite_where=opened, postgresql_where=opened
    )
