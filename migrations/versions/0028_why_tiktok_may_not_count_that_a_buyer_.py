"""Why TikTok may not count that a buyer waits

Why: its own clock does not run then
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("clockrecord", schema=None) as batch_op:
        batch_op.add_column(sa.Column("excuse", sa.String(), nullable=True))

    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holiday_from", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("holiday_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.drop_column("holiday_until")
        batch_op.drop_column("holiday_from")

    with op.batch_alter_table("clockrecord", schema=None) as batch_op:
        batch_op.drop_column("excuse")
