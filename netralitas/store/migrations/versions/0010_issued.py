"""Monthly reports as they were issued: their figures, and the bytes of every form."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_report",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("total", sa.JSON, nullable=False),
        sa.UniqueConstraint("month", "unit", name="ux_issued_report"),
    )
    op.create_table(
        "issued_file",
        sa.Column("report", sa.Integer, sa.ForeignKey("issued_report.id"), primary_key=True),
        sa.Column("form", sa.String(8), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
