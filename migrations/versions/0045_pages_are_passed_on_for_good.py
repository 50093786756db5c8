"""Pages are passed on for good

Why: Whoever passed a page on was called again as soon as anybody's shift changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("passed")
