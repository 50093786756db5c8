"""Digests count without fetching rows

Why: what buyers wrote, and how promises ended, is counted by indexes of just that
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ASKED = sa.text(
    "author = 'buyer' AND visible AND kind NOT IN ('ALLOCATED_SERVICE', 'BUYER_ENTER_FROM_ORDER', "
    "'BUYER_ENTER_FROM_PRODUCT', 'BUYER_ENTER_FROM_TRANSFER', 'NOTIFICATION')"
)
KEPT, BROKEN = sa.text("state = 'met'"), sa.text("breached_at IS NOT NULL AND ended_at IS NOT NULL")
BY = {
    "message_asked": ("message", ["shop_id", "said_at", "ticket_id"], ASKED),
    "ticket_told": ("ticket", ["shop_id", "id", "kind", "level", "language", "conversation_id"], None),
    "clock_kept": ("clock", ["met_at", "shop_id", "metric"], KEPT),
    "clock_broken": ("clock", ["breached_at", "shop_id", "metric", "ended_at", "ticket_id"], BROKEN),
}


def upgrade() -> None:
    """Go to this schema."""
    for name, (table, columns, where) in BY.items():
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Go back to the one before."""
    for name, (table, _, _) in BY.items():
        op.drop_index(name, table)
