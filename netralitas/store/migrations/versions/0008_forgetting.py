"""People can be erased, and the audit log loses what is older than a year and past its term."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("erased_at", sa.DateTime(timezone=True)))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_delete")
        op.execute(
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
            "WHEN OLD.at > datetime('now', '-365 days') "
            "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        )
        return
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION netralitas_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW "
        "WHEN (OLD.at > now() - interval '365 days') EXECUTE FUNCTION netralitas_append_only()"
    )
