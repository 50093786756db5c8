"""Leads write rules in the chat

Why: a draft is kept while it is tried, and who put a version in place is told
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "ruledraft",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sample", sa.String(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "agent_id", "name"),
    )
    with op.batch_alter_table("rulebook", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_workspace", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("made_by", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("rulebook", schema=None) as batch_op:
        batch_op.drop_column("made_by")
        batch_op.drop_column("made_by_workspace")

    op.drop_table("ruledraft")
