"""Answers that nobody has decided on are found at once

Why: each message of a buyer asks for those of its conversation, and a conversation may be long
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state IN ('waiting', 'failed')")


def upgrade() -> None:
    """Go to this schema."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "message_unsettled",
            ["shop_id", "conversation_id", "said_at", "id"],
            unique=False,
            sqlite_where=UNSETTLED,
            postgresql_where=UNSETTLED,
        )


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("message_unsettled", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
