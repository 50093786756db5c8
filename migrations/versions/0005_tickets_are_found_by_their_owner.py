"""Tickets are found by who claimed them

Why: a name that becomes known, or changes, is drawn on the cards of the tickets its bearer holds
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ASSIGNED = sa.text("assignee_id IS NOT NULL")


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            "ticket_assignee",
            ["assignee_workspace_id", "assignee_id", "state"],
            unique=False,
            sqlite_where=ASSIGNED,
            postgresql_where=ASSIGNED,
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ticket_assignee", sqlite_where=ASSIGNED, postgresql_where=ASSIGNED)
