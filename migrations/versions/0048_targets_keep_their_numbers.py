"""Targets keep their numbers

Why: A service level may have several targets of one metric, and their clocks are known by which of them each is. By the
order in which they are written, the clocks of one would go on as another's when somebody changes that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("numbers", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.drop_column("numbers")
