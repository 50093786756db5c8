"""Resolved tickets are found by their time

Why: Digests tell how long those of a day took.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

HANDLED = sa.text("resolved_at IS NOT NULL AND merged_into IS NULL")


def upgrade() -> None:
    """Go to this schema."""
    columns = ["resolved_at", "shop_id", "opened_at"]
    op.create_index("ticket_resolved", "ticket", columns, sqlite_where=HANDLED, postgresql_where=HANDLED)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_index("ticket_resolved", "ticket")
