"""Routes may be for some tickets only

Why: a team splits its work by market, language and what the buyer needs
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.add_column(sa.Column("markets", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("languages", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("levels", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.drop_column("levels")
        batch_op.drop_column("languages")
        batch_op.drop_column("markets")
