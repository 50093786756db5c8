"""A day is counted as it stood at its end

Why: What went on since is found by when it did, and waits that were let go by until when they lasted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

GONE_ON = sa.text("what IN ('reopened', 'merged')")


def upgrade() -> None:
    """Go to this schema."""
    columns = ["at", "shop_id", "ticket_id"]
    op.create_index("history_gone_on", "history", columns, sqlite_where=GONE_ON, postgresql_where=GONE_ON)
    op.create_table(
        "letgo",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shop.id"],
        ),
        sa.PrimaryKeyConstraint("shop_id", "ticket_id", "since", "until"),
    )
    op.create_index("let_go_until", "letgo", ["until", "shop_id", "since"])


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("letgo")
    op.drop_index("history_gone_on", "history")
