"""What trainers gave back of a quiz: marks, points by criterion, comments."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published",
        sa.Column("learner", sa.String(32), sa.ForeignKey("account.learner"), primary_key=True),
        sa.Column("root", sa.String(160), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
