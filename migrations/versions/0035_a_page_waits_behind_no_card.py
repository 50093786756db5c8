"""A page waits behind no card

Why: Redrawn cards and pages share Slack's pace of changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("pace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spare_at", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE pace SET spare_at = open_at")
    with op.batch_alter_table("pace", schema=None) as batch_op:
        batch_op.alter_column("spare_at", server_default=None)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("pace", schema=None) as batch_op:
        batch_op.drop_column("spare_at")
