"""Addresses at which calendars read who is on call

Why: whoever knows one reads a rotation, so of its secret only a digest is kept
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "oncallfeed",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("rotation", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
        ),
        sa.PrimaryKeyConstraint("workspace_id", "rotation", "agent_id"),
        sa.UniqueConstraint("digest"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("oncallfeed")
