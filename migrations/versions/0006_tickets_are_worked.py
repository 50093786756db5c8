"""Tickets are worked

Why: the team says what a ticket is about, how much it matters, who shall see to it and when it comes back
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SNOOZED = sa.text("snoozed_until IS NOT NULL")


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked_at", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("priority", sa.String(), server_default="normal", nullable=False))
        batch_op.add_column(sa.Column("language", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("tags", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("team", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("snoozed_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("no_reply_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(), nullable=True))
        batch_op.create_index(
            "ticket_snoozed", ["snoozed_until"], unique=False, sqlite_where=SNOOZED, postgresql_where=SNOOZED
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ticket_snoozed", sqlite_where=SNOOZED, postgresql_where=SNOOZED)
        batch_op.drop_column("merged_into")
        batch_op.drop_column("no_reply_at")
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("snoozed_until")
        batch_op.drop_column("team")
        batch_op.drop_column("tags")
        batch_op.drop_column("language")
        batch_op.drop_column("priority")
        batch_op.drop_column("level")

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.drop_column("blocked_at")

    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("languages")
