"""The shifts people know of

Why: whoever plans by them is told when somebody changes them
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("rotationwatch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("foreseen", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("rotationwatch", schema=None) as batch_op:
        batch_op.drop_column("foreseen")
