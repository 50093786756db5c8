"""People have left

Why: Whoever had a role in desk.toml stayed on call after they had left the workspace.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_left", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("has_left")
