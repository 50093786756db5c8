"""A clock that would never speak is found at once

Why: an auditor looks for what did not happen
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(
            "clock_silent",
            ["shop_id"],
            unique=False,
            sqlite_where=sa.text("state = 'running' AND next_alarm_at IS NULL"),
            postgresql_where=sa.text("state = 'running' AND next_alarm_at IS NULL"),
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(
            "clock_silent",
            sqlite_where=sa.text("state = 'running' AND next_alarm_at IS NULL"),
            postgresql_where=sa.text("state = 'running' AND next_alarm_at IS NULL"),
        )
