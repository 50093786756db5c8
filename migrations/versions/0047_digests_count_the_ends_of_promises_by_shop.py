"""Digests count the ends of promises by shop, and what histories say without fetching it

Why: of each kind and shop it is then one walk through nothing else
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

KEPT, BROKEN = sa.text("state = 'met'"), sa.text("breached_at IS NOT NULL AND ended_at IS NOT NULL")
TOLD = sa.text("what IN ('lint', 'macro', 'sent_anyway')")
Made = tuple[str, str, list[str], sa.TextClause]
OLD: tuple[Made, ...] = (
    ("clock_kept", "clock", ["met_at", "shop_id", "metric"], KEPT),
    ("clock_broken", "clock", ["breached_at", "shop_id", "metric", "ended_at", "ticket_id"], BROKEN),
    ("history_told", "history", ["shop_id", "at"], TOLD),
)
NEW: tuple[Made, ...] = (
    ("clock_kept", "clock", ["metric", "shop_id", "met_at"], KEPT),
    ("clock_broken", "clock", ["metric", "shop_id", "breached_at", "ended_at", "ticket_id"], BROKEN),
)
SAID: dict[str, Made] = {  # PostgreSQL keeps no JSON in an index
    "sqlite": ("history_said", "history", ["shop_id", "what", "at", "facts"], TOLD),
    "postgresql": ("history_told", "history", ["shop_id", "what", "at"], TOLD),
}


def upgrade() -> None:
    """Go to this schema."""
    _exchange(OLD, (*NEW, SAID[op.get_bind().dialect.name]))


def downgrade() -> None:
    """Go back to the one before."""
    _exchange((*NEW, SAID[op.get_bind().dialect.name]), OLD)


def _exchange(these: tuple[Made, ...], those: tuple[Made, ...]) -> None:
    for name, table, _columns, _where in these:
        op.drop_index(name, table)
    for name, table, columns, where in those:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
