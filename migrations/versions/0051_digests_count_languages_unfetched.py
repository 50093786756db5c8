"""Digests count languages without fetching conversations

Why: of a month of a large desk these are 200,000 rows, looked up one by one
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    op.create_index("conversation_spoken", "conversation", ["shop_id", "id", "language"])


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_index("conversation_spoken", "conversation")
