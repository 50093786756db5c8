"""Notifications are kept before they are taken in

Why: they are acknowledged when they are kept, and taken in a moment later in the order of their place
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_index(
            "inbox_received",
            ["source", "place"],
            unique=False,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )


def downgrade() -> None:
    """Go back to the one before; what waits to be taken in waits for a person there."""
    op.execute("UPDATE inbox SET state = 'failed', fault = 'not taken in' WHERE state = 'received'")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "inbox_received", sqlite_where=sa.text("state = 'received'"), postgresql_where=sa.text("state = 'received'")
        )
        batch_op.drop_column("place")
