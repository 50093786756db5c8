"""A route may let buyers speak under their own names

Why: where the platform can show it, the team sees at a glance who speaks; off unless the desk asks for it
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.add_column(sa.Column("buyer_identity", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.drop_column("buyer_identity")
