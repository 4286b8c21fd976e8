"""Masks of shared tables, by month."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mask",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.UniqueConstraint("month", "basis", name="ux_mask"),
    )
    op.create_table(
        "mask_group",
        sa.Column("mask", sa.Integer, sa.ForeignKey("mask.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("measures", sa.Text, nullable=False),
        sa.Column("small", sa.Boolean, nullable=False),
    )
