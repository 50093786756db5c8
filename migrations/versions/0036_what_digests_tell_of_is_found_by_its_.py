"""What digests tell of is found by its time

Why: History grows fastest of all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(
            "history_told",
            ["shop_id", "at"],
            unique=False,
            sqlite_where=sa.text("what IN ('lint', 'macro', 'sent_anyway')"),
            postgresql_where=sa.text("what IN ('lint', 'macro', 'sent_anyway')"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(
            "history_told",
            sqlite_where=sa.text("what IN ('lint', 'macro', 'sent_anyway')"),
            postgresql_where=sa.text("what IN ('lint', 'macro', 'sent_anyway')"),
        )
