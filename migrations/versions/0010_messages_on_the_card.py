"""Which messages somebody put on a ticket's card

Why: what matters in a long conversation shall be seen without reading all of it
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pinned", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_column("pinned")
