"""Threads are found by their head alone, and a press is kept to be answered

Why: on Discord a head's id names its thread, and only who pressed lately can be answered unseen by others
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trigger", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("trigger_thread_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("triggered_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("thread_external")
        batch_op.create_index("thread_external", ["workspace_id", "external_id", "channel_id"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index("thread_external")
        batch_op.create_index("thread_external", ["workspace_id", "channel_id", "external_id"], unique=False)
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("triggered_at")
        batch_op.drop_column("trigger_thread_id")
        batch_op.drop_column("trigger")
