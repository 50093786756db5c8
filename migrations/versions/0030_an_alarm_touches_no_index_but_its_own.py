"""An alarm touches no index but its own

Why: of very many at one instant, each writes little more than what it says
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
BY_STATE, OPEN = sa.text("state IN ('running', 'breached')"), sa.text("state IN ('running', 'paused', 'breached')")
RUNS = sa.text("running_since IS NOT NULL")


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("clock_calendar", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index("clock_due", sqlite_where=BY_STATE, postgresql_where=BY_STATE)
        batch_op.create_index("clock_due", ["due_at"], unique=False, sqlite_where=RUNS, postgresql_where=RUNS)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index("clock_due", sqlite_where=RUNS, postgresql_where=RUNS)
        batch_op.create_index("clock_due", ["due_at"], unique=False, sqlite_where=BY_STATE, postgresql_where=BY_STATE)
        batch_op.create_index("clock_calendar", ["calendar"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN)
