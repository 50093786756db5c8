"""What was said of rates near their line

Why: A lead is told once that a rate is about to fall below its line.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_table(
        "ratealarm",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("danger", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "rate", "until"),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("ratealarm")
