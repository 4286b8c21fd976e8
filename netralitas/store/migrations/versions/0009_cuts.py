"""Checkpoints of completion figures by unit and by each attribute, instead of by all at once."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_unit_parent", "unit", ["parent"])
    # They follow from the changes and are made anew.
    op.execute("DELETE FROM completion_checkpoint")
